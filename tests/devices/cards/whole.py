"""Reads every file of the card in the reader in one session and says what that cost, for the benchmarks.

    python -m tests.devices.cards.whole [MRZ-FILE [known-without-pace]]

in an environment where PC/SC finds the card's service (`VirtualReaderService.environment`); the access number, if any,
is a line on stdin. The last argument says that cards of this kind were seen before, none of them with PACE.

Prints one line of JSON: `access`, `commands`, `bytes_sent`, `bytes_received`, `milliseconds`, `cpu_milliseconds` (of
this process, from the first command on).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from devices.cards.access import Access, Printed
from devices.cards.data_groups import SECURITY_OBJECT_FILE
from devices.cards.exchange import Exchange, Wire
from devices.cards.files import Files, first_step
from devices.cards.pcsc import CardService
from devices.cards.profiles import ProfileChoice, load_profiles
from devices.cards.security_object import open_security_object
from devices.diagnosis import PROFILES

COMMON_FILE = 0x1E
LOOK_SECONDS = 2.0


def read_whole(wire: Wire, printed: Printed, *, seems_without_pace: bool) -> tuple[dict[int, bytes], dict[str, object]]:
    """Files by short EF identifier, and the figures."""
    exchange = Exchange(wire)
    profile = ProfileChoice(load_profiles(PROFILES), b"").before_reading(printed.zone.kind if printed.zone else None)
    assert profile is not None
    access = Access(exchange, printed, profile, seems_without_pace=seems_without_pace)
    files = Files(access.open, exchange.reconnect, first_step(wire.reader_limit))
    cpu = time.process_time()
    security_object = files.read(SECURITY_OBJECT_FILE)
    listed = open_security_object(security_object).hashes
    read = {SECURITY_OBJECT_FILE: security_object} | {number: files.read(number) for number in (COMMON_FILE, *listed)}
    cost = exchange.cost()
    files.close()
    return read, {
        "access": access.used,
        "commands": cost.commands,
        "bytes_sent": cost.bytes_sent,
        "bytes_received": cost.bytes_received,
        "milliseconds": cost.milliseconds,
        "cpu_milliseconds": round((time.process_time() - cpu) * 1000, 1),
    }


def main() -> None:
    file, known = (*sys.argv[1:], "", "")[:2]
    lines = Path(file).read_text(encoding="ascii") if file else None
    printed = Printed.seen(lines, "" if sys.stdin.isatty() else sys.stdin.readline().strip())
    service = CardService(("",))
    slots = service.wait(service.slots(()), LOOK_SECONDS)
    while not (full := [slot for slot in slots if slot.has_card]):
        slots = service.wait(slots, LOOK_SECONDS)
    wire = service.connect(full[0], time.sleep)
    try:
        _, figures = read_whole(wire, printed, seems_without_pace=known == "known-without-pace")
    finally:
        wire.disconnect()
    sys.stdout.write(json.dumps(figures) + "\n")
    service.close()


if __name__ == "__main__":
    main()
