"""What a demonstration can do to the world around the terminal: the Protocol behind the panel and the tour."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Demonstration(Protocol):
    """The virtual parts, seen from the hand that plays the world. Calls are quick; each returns when it is done.

    Anything that cannot be done is a defect of the demonstration, never of the terminal, and raises as it comes.
    """

    def cards(self) -> tuple[str, ...]:
        """The names of the cards that may be inserted."""

    def insert_card(self, name: str) -> None:
        """Presents that card to the scanner and puts it into the reader; one that was there is pulled first."""

    def pull_card(self) -> None: ...

    def access_number(self, name: str) -> str:
        """The six digits printed on that card; "" for a card that has none."""

    def card_pin(self, name: str) -> str:
        """The PIN with which that card signs; "" for a card that does not. Who holds a real card knows it by heart."""

    def cut_line(self) -> None:
        """Connections to the centre are reset, and so is every new one."""

    def restore_line(self) -> None: ...

    def cut_answers(self) -> None:
        """What the terminal sends arrives and is committed; what the centre answers is lost."""

    def payment_mode(self, mode: str) -> None:
        """What the person at the card terminal does next: `approve`, `decline`, `wait` (until `present` or `cancel` is
        given here), `late`, `drop`, `silent`; and `delay MS`."""

    def printer_fault(self, name: str | None) -> None:
        """`media-empty`, `cover-open`, `media-jam`, or None for a printer that is well."""

    def printed(self) -> list[Path]:
        """The pages that came out of the printer, as PDF files, the oldest first."""

    def scanner_fault(self, name: str) -> None:
        """What is wrong with the document scanner: `no-paper`, `jam`, `cover`, `busy`, `silent`, `rubbish`, `drop`, or
        `well`; and `page N`, the paper that lies in it."""

    def stop_card_service(self) -> None:
        """PC/SC goes away, as when its service crashed."""

    def start_card_service(self) -> None: ...


class Office(Demonstration, Protocol):
    """A demonstration with a counter beside the kiosk: another terminal with its own id, keys, ledger and reader."""

    @property
    def settings_file(self) -> Path:
        """The kiosk's."""

    def open_counter(self) -> Path:
        """The counter's settings; its reader is there from then on."""

    def insert_card_at_counter(self, name: str) -> None: ...

    def pull_card_at_counter(self) -> None: ...
