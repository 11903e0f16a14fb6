"""What the tour saw: pictures, papers, what was signed, and `tour.json` with all steps and each errand's ease."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtGui import QImage, QPixmap

from kiosk.uptake import Uptake
from ui.tour.stalls import Stall


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How easy one errand of one visit was: what the program itself counted of it, up to its end."""

    visit: str
    service: str
    channel: str
    language: str
    outcome: str
    taps: int
    characters: int
    pages: int
    seconds: int


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """The states of all transactions, by id, in the terminal's ledger and at the intake."""

    ledger: Mapping[str, str]
    intake: Mapping[str, str]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of one visit. `seconds` counts from the start of the tour."""

    visit: str
    step: str
    page: str
    seconds: float
    picture: str
    ledger: Mapping[str, str]
    intake: Mapping[str, str]


def clear(folder: Path) -> None:
    """An earlier tour's state would answer for this one; only what a tour makes is ever removed."""
    for made in ("pictures", "failures", "receipts", "applications", "terminal"):
        shutil.rmtree(folder / made, ignore_errors=True)
    (folder / "tour.json").unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def encode(pixels: bytes, width: int, height: int, file: str) -> bool:
    """Writes one picture as PNG. `pixels` is 32 bits each, rows without gaps."""
    return QImage(pixels, width, height, width * 4, QImage.Format.Format_RGB32).save(file)


_STDOUT: Final = 1


def stand_alone() -> None:
    """In the process that encodes: it ends with the tour, however that ended, and holds nothing that the tour writes
    to: whoever reads the tour's words to their end would wait for it."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), _STDOUT)
    threading.Thread(target=_end_with_the_tour, name="parent", daemon=True).start()


def _end_with_the_tour() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Diary:
    """Writes into one folder, which holds no other tour.

    Pictures are encoded in a process of their own: Qt's encoder keeps Python's lock, and would hold up the screen.
    """

    def __init__(self, folder: Path, observe: Callable[[], Observed]) -> None:
        (folder / "pictures").mkdir(parents=True)
        (folder / "receipts").mkdir()
        (folder / "applications").mkdir()
        self.folder = folder
        self.receipts = folder / "receipts"
        self.applications = folder / "applications"
        self.steps: list[Step] = []
        self.without_value: list[int] = []
        self.measures: list[Measured] = []
        self._observe = observe
        self._began = time.monotonic()
        self._encoder = ProcessPoolExecutor(
            max_workers=1, mp_context=multiprocessing.get_context("spawn"), initializer=stand_alone
        )
        self._encoding: list[Future[bool]] = []

    def note(self, visit: str, step: str, page: str, picture: QPixmap | None) -> None:
        name = ""
        if picture is not None:
            name = f"pictures/{len(self.steps):03d}-{visit}-{step}.png"
            self._encode(picture.toImage(), self.folder / name)
        seen = self._observe()
        self.steps.append(
            Step(
                visit=visit,
                step=step,
                page=page,
                seconds=round(time.monotonic() - self._began, 3),
                picture=name,
                ledger=seen.ledger,
                intake=seen.intake,
            )
        )

    def measure(self, visit: str, counted: Sequence[Uptake]) -> None:
        """What was counted of one visit, in the order in which its errands ended."""
        self.measures += [
            Measured(
                visit=visit,
                service=one.service,
                channel=one.channel,
                language=one.language,
                outcome=one.outcome,
                taps=one.taps,
                characters=one.characters,
                pages=one.pages,
                seconds=one.seconds,
            )
            for one in counted
        ]

    def keep(self, folder: str, name: str, image: QImage) -> None:
        """A picture beside the visits, in a folder of its own."""
        (self.folder / folder).mkdir(exist_ok=True)
        self._encode(image, self.folder / folder / f"{name}.png")

    def _encode(self, picture: QImage, file: Path) -> None:
        image = picture.convertToFormat(QImage.Format.Format_RGB32)
        pixels = bytes(image.constBits())
        self._encoding.append(self._encoder.submit(encode, pixels, image.width(), image.height(), str(file)))

    def finish(self, problem: str, stalls: Sequence[Stall] = (), longest: float | None = None) -> None:
        """Writes `tour.json`; `problem` is empty when every visit went as it should. `longest` is the longest that the
        screen did not answer in seconds, where that was watched; `stalls` say after which step it was felt."""
        written = [picture.result() for picture in self._encoding]
        if not all(written):
            problem = problem or "a picture could not be written"
        self._encoder.shutdown()
        told = {
            "problem": problem,
            "steps": msgspec.to_builtins(self.steps),
            "measures": msgspec.to_builtins(self.measures),
        }
        if longest is not None:
            told |= {"longest_stall_ms": round(longest * 1000, 1), "stalls": [self._place(stall) for stall in stalls]}
        (self.folder / "tour.json").write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")

    def _place(self, stall: Stall) -> dict[str, object]:
        before = [step for step in self.steps if self._began + step.seconds <= stall.at]
        after = f"{before[-1].visit}: {before[-1].step}" if before else "the start"
        return {"after": after, "seconds": round(stall.at - self._began, 3), "ms": round(stall.seconds * 1000, 1)}
