"""Reads every file of the card in the reader in one session and says what that cost, for the benchmarks.

    python -m tests.devices.cards.whole [MRZ-FILE] [--by ACCESS] [--largest-read N] [--known] [--prove]

in an environment where PC/SC finds the card's service (`VirtualReaderService.environment`); the access number, if any,
is a line on stdin. `--by` and `--largest-read` say what the card's profile knows of such cards, so that nothing has to
be found out: that they open by this access alone, and how much they give at once. `--known` says that such cards were
seen before, none of them with PACE. With `--prove` the chip then proves itself, in every way that its files state.

Prints one line of JSON: `access`, `commands`, `bytes_sent`, `bytes_received`, `milliseconds`, `cpu_milliseconds` (of
this process, from the first command on), all of the files alone, and `proofs`: of each way its commands and
milliseconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from devices.cards import active_authentication, chip_authentication, data_groups
from devices.cards.access import Access
from devices.cards.data_groups import DG14, DG15, SECURITY_OBJECT_FILE
from devices.cards.exchange import Exchange, Wire
from devices.cards.files import Files, first_step
from devices.cards.pcsc import CardService
from devices.cards.printed import Printed
from devices.cards.profiles import Profile, ProfileChoice, load_profiles
from devices.cards.security_object import open_security_object
from devices.diagnosis import PROFILES
from kiosk.identity import ReadingCost

COMMON_FILE = 0x1E
LOOK_SECONDS = 2.0
Proofs = dict[str, tuple[int, int]]


class Whole:
    """One card, opened once."""

    def __init__(self, wire: Wire, printed: Printed, profile: Profile, *, seems_without_pace: bool) -> None:
        self._exchange = Exchange(wire)
        self._access = Access(self._exchange, printed, profile, seems_without_pace=seems_without_pace)
        start = first_step(min(wire.reader_limit, profile.largest_read))
        self._files = Files(self._access.open, self._exchange.reconnect, start)
        self._read: dict[int, bytes] = {}

    def read(self) -> dict[str, object]:
        """All files that the security object lists, that object and EF.COM."""
        cpu = time.process_time()
        security_object = self._files.read(SECURITY_OBJECT_FILE)
        listed = open_security_object(security_object).hashes
        self._read = {number: self._files.read(number) for number in (COMMON_FILE, *listed)}
        cost = self._exchange.cost()
        return {
            "access": self._access.used,
            "commands": cost.commands,
            "bytes_sent": cost.bytes_sent,
            "bytes_received": cost.bytes_received,
            "milliseconds": cost.milliseconds,
            "cpu_milliseconds": round((time.process_time() - cpu) * 1000, 1),
        }

    def prove(self) -> Proofs:
        """Active authentication first: chip authentication ends the channel. Raises what they raise."""
        protocols = data_groups.parse_protocols(self._read[DG14]) if DG14 in self._read else None
        proofs: Proofs = {}
        if DG15 in self._read:
            key, stated = self._read[DG15], protocols.signature_hash if protocols else None
            proofs["active authentication"] = self._cost_of(
                lambda: active_authentication.prove(self._files.channel(), key, stated)
            )
        if protocols is not None and protocols.chip_authentication:
            offer = protocols.chip_authentication[0]
            proofs["chip authentication"] = self._cost_of(
                lambda: self._files.move_to(
                    chip_authentication.authenticate(self._exchange, self._files.channel(), offer)
                )
            )
        return proofs

    def close(self) -> None:
        self._files.close()

    def _cost_of(self, work: Callable[[], object]) -> tuple[int, int]:
        before = self._exchange.cost()
        work()
        after: ReadingCost = self._exchange.cost()
        return after.commands - before.commands, after.milliseconds - before.milliseconds


def what_is_known(profile: Profile, access: str | None, largest_read: int | None) -> Profile:
    """The profile of a kind of card that always opens so, and gives so much at once."""
    if access is not None:
        rule = msgspec.convert({"order": (access,)}, type(profile.access))
        profile = msgspec.structs.replace(profile, access=rule)
    if largest_read is not None:
        profile = msgspec.structs.replace(profile, largest_read=largest_read)
    return profile


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("zone", nargs="?", type=Path)
    parser.add_argument("--by")
    parser.add_argument("--largest-read", type=int)
    parser.add_argument("--known", action="store_true")
    parser.add_argument("--prove", action="store_true")
    chosen = parser.parse_args()
    lines = chosen.zone.read_text(encoding="ascii") if chosen.zone else None
    printed = Printed.seen(lines, "" if sys.stdin.isatty() else sys.stdin.readline().strip())
    service = CardService(("",))
    slots = service.wait(service.slots(()), LOOK_SECONDS)
    while not (full := [slot for slot in slots if slot.has_card]):
        slots = service.wait(slots, LOOK_SECONDS)
    guessed = ProfileChoice(load_profiles(PROFILES), b"").before_reading(printed.zone.kind if printed.zone else None)
    assert guessed is not None
    wire = service.connect(full[0], time.sleep)
    try:
        wire.reconnect()  # the process before this one has left the card as it was
        profile = what_is_known(guessed, chosen.by, chosen.largest_read)
        whole = Whole(wire, printed, profile, seems_without_pace=chosen.known)
        figures = whole.read()
        figures["proofs"] = whole.prove() if chosen.prove else {}
        whole.close()
    finally:
        wire.disconnect()
    sys.stdout.write(json.dumps(figures) + "\n")
    service.close()


if __name__ == "__main__":
    main()
