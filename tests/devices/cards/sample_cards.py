"""The issuer's sample cards, each behind a wire of its own in memory: the virtual chip without the card service."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping
from pathlib import Path

from devices.cards.authenticity import NotProven
from devices.cards.document import Document
from devices.cards.exchange import Exchange
from devices.cards.printed import Printed
from devices.cards.trust.imports import take_newer_revocations
from devices.cards.trust.store import Policy, Trust, read_trust
from devices.virtual.card.chip import Chip, Limits
from devices.virtual.card.files import load
from kiosk.failures import ServiceFailure
from tests.devices.cards.opening import choice


@dataclasses.dataclass(frozen=True)
class Sample:
    """One folder of the issuer: `cards/<name>` or `laboratory/<name>`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    def printed(self) -> Printed:
        """What a person can show of it: its zone, or where that is worn off, its number."""
        zone, number = self.folder / "mrz.txt", self.folder / "can.txt"
        if zone.exists():
            return Printed.seen(zone.read_text(encoding="ascii"))
        return Printed.seen(None, number.read_text(encoding="ascii").strip() if number.exists() else "")


class ChipWire:
    """`devices.cards.exchange.Wire` to a virtual chip in this process. Protected commands whose instruction is one of
    `refuses` do not reach it: it seems to say that their length does not suit it."""

    def __init__(
        self,
        folder: Path,
        limits: Limits | None = None,
        files: Mapping[int, bytes] | None = None,
        *,
        reader_limit: int = 65_536,
        refuses: Collection[int] = (),
    ) -> None:
        """`files`, by identifier, stand in for the card's own."""
        self.reader_limit = reader_limit
        self.refuses = refuses
        content = load(folder)
        self.content = dataclasses.replace(content, files={**content.files, **(files or {})})
        self._chip = Chip(self.content, limits or Limits())
        self.commands = 0

    def transmit(self, command: bytes) -> bytes:
        self.commands += 1
        if command[0] & 0x0C and command[1] in self.refuses:
            return b"\x67\x00"
        return self._chip.answer(command)

    def reconnect(self) -> None:
        self._chip.reset()


@dataclasses.dataclass(frozen=True)
class Outcome:
    """As `card read --json` tells it; `verdict` and `access` are empty where a card is not read at all."""

    verdict: str
    reasons: tuple[str, ...]
    access: str = ""
    failure: str = ""


def believed(issued: Path, folder: Path, policy: Policy = Policy(), *, anchors: str = "*.pem") -> Trust:  # noqa: B008  # frozen
    """The issuer's authorities, in a store in `folder` with their revocation lists imported."""
    for file in (issued / "anchors").glob(anchors):
        (folder / file.name).write_bytes(file.read_bytes())
    take_newer_revocations(folder, (issued / "crls").glob("*.crl"), policy, datetime.datetime.now(datetime.UTC))
    return read_trust(folder, policy)


def read(
    sample: Sample,
    trust: Trust,
    limits: Limits | None = None,
    *,
    reader_limit: int = 65_536,
    refuses: Collection[int] = (),
) -> Outcome:
    """Reads all of it, as a terminal does."""
    wire = ChipWire(sample.folder, limits, reader_limit=reader_limit, refuses=refuses)
    now = datetime.datetime.now(datetime.UTC)
    access = ""
    try:
        document = Document(Exchange(wire), sample.printed(), choice(wire.content.atr), trust)
        access = document.read(now).access
        rest = document.complete(now)
    except NotProven as not_proven:
        return Outcome(not_proven.proof.verdict.value, not_proven.proof.reasons, access)
    except ServiceFailure as failure:
        return Outcome("", (), access, failure.failure.name)
    return Outcome(rest.verdict.value, rest.reasons, access)
