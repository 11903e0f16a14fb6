"""Everything a demonstration needs around the terminal, each part in its own process: started, worked, and ended."""

from __future__ import annotations

import contextlib
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devices.virtual.mouth import Mouth
from devices.virtual.mrz_scanner import VirtualMrzScanner
from devices.virtual.part import Part, PartFailed
from devices.virtual.pcsc import READERS, ServiceUnavailable, VirtualReaderService
from devices.virtual.printer import VirtualPrinter
from devices.virtual.settings_file import Surroundings, settings_text

PERSON_MILLISECONDS = 600
"""How long the person at the card terminal takes, unless told otherwise: long enough for the page to be seen."""


PAGE_MILLISECONDS = 1500
"""How long the scanner takes for a page, as a quick real one."""


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
        self.counter_settings_file = self._folder / "counter.toml"
        self._counter_mouth: Mouth | None = None

    # -- start and end

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        starts = (
            self._start_cards,
            self._start_payment,
            self._start_printer,
            self._start_scanner,
            self._start_centre,
        )
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
        self._service = VirtualReaderService()  # in a temporary folder: a socket's path must be short
        self._running.callback(self._service.close)
        try:
            self._service.start()
        except ServiceUnavailable as error:
            raise PartFailed(f"card service: {error}") from error
        self._mouth = self._open_mouth("card", self._service.ports[0])

    def _open_mouth(self, name: str, port: int) -> Mouth:
        scanner = VirtualMrzScanner()
        self._running.callback(scanner.close)
        mouth = Mouth(self._part(name, "devices.virtual.card", "--port", str(port)), scanner)
        mouth.pull()
        return mouth

    def _start_payment(self) -> None:
        state = self._folder / "payments.jsonl"
        self._payment = self._part("payment-terminal", "devices.virtual.payment_terminal", "--state", str(state))
        self._payment.ready()
        self._payment.tell(f"delay {PERSON_MILLISECONDS}")

    def _start_printer(self) -> None:
        self._printer = VirtualPrinter(self._folder / "printer")
        self._printer.start()
        self._running.callback(self._printer.close)

    def _start_scanner(self) -> None:
        self._scanner = self._part("document-scanner", "devices.virtual.scanner")
        self._scanner.ready()
        self._scanner.tell(f"slow {PAGE_MILLISECONDS}")

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
        around = self._around(self._terminal, "terminal", READERS[0], self._folder / "state", self._mouth)
        self.settings_file.write_text(settings_text(around), encoding="utf-8")

    def _around(self, terminal: str, own: str, reader: str, state: Path, mouth: Mouth) -> Surroundings:
        return Surroundings(
            terminal=terminal,
            own=own,
            reader=reader,
            assisted=mouth is self._counter_mouth,
            keys=self._keys,
            cards=self._cards,
            state=state,
            gateway_port=self._line.port,
            scanner_port=mouth.scanner_port,
            document_scanner_port=self._scanner.port,
            payment_port=self._payment.port,
            printer_url=self._printer.url,
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """What the terminal's process must have in its environment to find the private card service."""
        return self._service.environment

    # -- the world, as kiosk.demonstration.Demonstration says

    def cards(self) -> tuple[str, ...]:
        return tuple(sorted(folder.name for folder in (self._cards / "cards").iterdir() if folder.is_dir()))

    def insert_card(self, name: str) -> None:
        self._mouth.insert(self._card_folder(name))

    def insert_folder(self, card: Path) -> None:
        """A card that is none of the demonstration's, as the laboratory's."""
        self._mouth.insert(card)

    def access_number(self, name: str) -> str:
        printed = self._card_folder(name) / "can.txt"
        return printed.read_text(encoding="ascii").strip() if printed.exists() else ""

    def card_pin(self, name: str) -> str:
        signing = self._card_folder(name) / "pkcs15" / "signing.toml"
        return str(tomllib.loads(signing.read_text(encoding="ascii"))["pin"]) if signing.exists() else ""

    def pull_card(self) -> None:
        self._mouth.pull()

    def _card_folder(self, name: str) -> Path:
        if name not in self.cards():
            raise ValueError(f"{name!r} is none of {', '.join(self.cards())}")
        return self._cards / "cards" / name

    def cut_line(self) -> None:
        self._line.obey("cut")

    def restore_line(self) -> None:
        self._line.obey("restore")

    def slow_line(self, milliseconds: int) -> None:
        """Everything on the line is that much late, in each direction; 0 for a quick one."""
        self._line.obey(f"latency {milliseconds}")

    def cut_answers(self) -> None:
        self._line.obey("cut-answers")

    def payment_mode(self, mode: str) -> None:
        self._payment.obey(mode)

    def payments(self) -> list[dict[str, Any]]:
        """What the payment terminal knows of every payment: `payment`, `amount_fils`, `state`, `moves`."""
        known: list[dict[str, Any]] = json.loads(self._payment.tell("list"))
        return known

    def printer_fault(self, name: str | None) -> None:
        self._printer.set_fault(name)

    def printed(self) -> list[Path]:
        return self._printer.printed()

    def scanner_fault(self, name: str) -> None:
        self._scanner.obey(name)

    def scanned(self) -> dict[str, int]:
        """What the document scanner knows: `jobs`, `pages`, `cancelled`."""
        known: dict[str, int] = json.loads(self._scanner.tell("list"))
        return known

    def stop_card_service(self) -> None:
        self._service.kill()
        self._mouth.lose_card()
        if self._counter_mouth is not None:
            self._counter_mouth.lose_card()

    def start_card_service(self) -> None:
        self._service.restart()

    # -- a second terminal at the counter

    def open_counter(self, terminal: str = "KRK1") -> Path:
        """Sets the counter up beside the kiosk, once, and gives its settings file: the same office, centre, line,
        printer and payment terminal; its own id, keys, ledger and reader."""
        if self._counter_mouth is None:
            self._counter_mouth = self._open_mouth("counter-card", self._service.ports[1])
        state = self._folder / "counter-state"
        around = self._around(terminal, "counter", READERS[1], state, self._counter_mouth)
        self.counter_settings_file.write_text(settings_text(around), encoding="utf-8")
        return self.counter_settings_file

    def insert_card_at_counter(self, name: str) -> None:
        self._at_counter().insert(self._card_folder(name))

    def pull_card_at_counter(self) -> None:
        self._at_counter().pull()

    def _at_counter(self) -> Mouth:
        if self._counter_mouth is None:
            raise ValueError("the counter is not open")
        return self._counter_mouth
