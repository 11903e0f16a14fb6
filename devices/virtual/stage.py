"""Everything a demonstration needs around the terminal, each part in its own process: started, worked, and ended."""

from __future__ import annotations

import contextlib
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.virtual.mrz_scanner import VirtualMrzScanner
from devices.virtual.part import Part, PartFailed
from devices.virtual.pcsc import ServiceUnavailable, VirtualReaderService
from devices.virtual.printer import VirtualPrinter
from devices.virtual.settings_file import Surroundings, settings_text

PERSON_MILLISECONDS = 600
"""How long the person at the card terminal takes, unless told otherwise: long enough for the page to be seen."""

SWAP_SECONDS = 0.6
"""A hand is not faster; and pcscd looks at a slot every 0.4 s only, so that it would not see a faster swap."""

CARD_MILLISECONDS = 50
"""What one command to the card takes, about as with a contactless chip and its link, so that reading can be seen."""


class Stage:
    """A `kiosk.demonstration.Demonstration`, to be used as a context manager; everything lives and logs in `folder`.

    `intake_command` starts the centre's intake; `--database` and `--port` are added here. `keys` is a folder as
    offline_queue.intake.issue_keys makes it, `cards` one as devices.virtual.issuer makes it. What an earlier stage left
    in `folder` is taken up again: ledger, payments and the centre belong together.

    Raises PartFailed, which names the part and its log; whatever had been started has ended then.
    """

    def __init__(
        self, folder: Path, intake_command: Sequence[str], *, keys: Path, cards: Path, terminal: str = "KRK3"
    ) -> None:
        self._folder = folder.resolve()
        self._keys = keys.resolve()
        self._cards = cards.resolve()
        self._terminal = terminal
        self._intake_command = tuple(intake_command)
        self.settings_file = self._folder / "terminal.toml"
        self.intake_database = self._folder / "intake.db"
        self._running = contextlib.ExitStack()
        self._card_is_in = False

    # -- start and end

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        starts = (self._start_cards, self._start_payment, self._start_printer, self._start_centre)
        try:
            with ThreadPoolExecutor(len(starts)) as side_by_side:
                started = [side_by_side.submit(start) for start in starts]
            for start in started:
                start.result()
            self._write_settings()
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def _start_cards(self) -> None:
        self._scanner = VirtualMrzScanner()
        self._running.callback(self._scanner.close)
        self._service = VirtualReaderService()  # in a temporary folder: a socket's path must be short
        self._running.callback(self._service.close)
        try:
            self._service.start()
        except ServiceUnavailable as error:
            raise PartFailed(f"card service: {error}") from error
        self._card = self._part("card", "devices.virtual.card", "--port", str(self._service.ports[0]))
        self._tell(self._card, "remove")

    def _start_payment(self) -> None:
        state = self._folder / "payments.jsonl"
        self._payment = self._part("payment-terminal", "devices.virtual.payment_terminal", "--state", str(state))
        self._payment.ready()
        self._payment.tell(f"delay {PERSON_MILLISECONDS}")

    def _start_printer(self) -> None:
        self._printer = VirtualPrinter(self._folder / "printer")
        self._printer.start()
        self._running.callback(self._printer.close)

    def _start_centre(self) -> None:
        command = (*self._intake_command, "--database", str(self.intake_database), "--port", "0")
        intake = Part("intake", command, self._folder / "intake.log", commands=False)
        intake.start()
        self._running.callback(intake.stop)
        self._line = self._part("line", "devices.virtual.line", "--to", f"127.0.0.1:{intake.ready()}")
        self._line.ready()

    def _part(self, name: str, module: str, *arguments: str) -> Part:
        part = Part(name, (sys.executable, "-m", module, *arguments), self._folder / f"{name}.log")
        part.start()
        self._running.callback(part.stop)
        return part

    def _write_settings(self) -> None:
        around = Surroundings(
            terminal=self._terminal,
            keys=self._keys,
            cards=self._cards,
            state=self._folder / "state",
            gateway_port=self._line.port,
            scanner_port=self._scanner.port,
            payment_port=self._payment.port,
            printer_url=self._printer.url,
        )
        self.settings_file.write_text(settings_text(around), encoding="utf-8")

    @property
    def environment(self) -> Mapping[str, str]:
        """What the terminal's process must have in its environment to find the private card service."""
        return self._service.environment

    # -- the world, as kiosk.demonstration.Demonstration says

    def cards(self) -> tuple[str, ...]:
        return tuple(sorted(folder.name for folder in (self._cards / "cards").iterdir() if folder.is_dir()))

    def insert_card(self, name: str) -> None:
        if name not in self.cards():
            raise ValueError(f"{name!r} is none of {', '.join(self.cards())}")
        folder = self._cards / "cards" / name
        if self._card_is_in:
            self.pull_card()
            time.sleep(SWAP_SECONDS)
        printed = folder / "mrz.txt"
        self._scanner.show(printed.read_text(encoding="ascii").split() if printed.is_file() else ())
        self._tell(self._card, f"insert {shlex.quote(str(folder))}")
        self._card_is_in = True

    def pull_card(self) -> None:
        self._tell(self._card, "remove")
        self._scanner.show()
        self._card_is_in = False

    def cut_line(self) -> None:
        self._tell(self._line, "cut")

    def restore_line(self) -> None:
        self._tell(self._line, "restore")

    def cut_answers(self) -> None:
        self._tell(self._line, "cut-answers")

    def payment_mode(self, mode: str) -> None:
        self._tell(self._payment, mode)

    def printer_fault(self, name: str | None) -> None:
        self._printer.set_fault(name)

    def printed(self) -> list[Path]:
        return self._printer.printed()

    def stop_card_service(self) -> None:
        self._service.kill()
        self._card_is_in = False

    def start_card_service(self) -> None:
        self._service.restart()

    def _tell(self, part: Part, command: str) -> None:
        answer = part.tell(command)
        if answer != "ok":
            raise PartFailed(f"{part.name} answered {answer!r} to {command!r}")
