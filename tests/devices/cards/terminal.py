"""The card reader in a process of its own, told by lines: the PC/SC library reads its socket's path once per process.

    python -m tests.devices.cards.terminal ANCHORS [READER-PREFIX]

Each line on stdin (`read MRZ-FILE`, `picture MRZ-FILE`, `state`, `quit`) is answered by one line of JSON with an
`answer`; events are lines of JSON with an `event`.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path

from devices.cards.reader import SmartCards
from kiosk.events import Event, ReaderLost
from kiosk.failures import ServiceFailure
from kiosk.identity import CardReading


class WallClock:
    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC)


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def tell(event: Event) -> None:
    say(event=event.failure.failure.name if isinstance(event, ReaderLost) else type(event).__name__)


def answer_for(work: Callable[[], object]) -> dict[str, object]:
    try:
        return {"found": work()}
    except ServiceFailure as failure:
        return {"failure": failure.failure.name, "values": failure.values}


def describe(reading: CardReading) -> dict[str, object]:
    identity = reading.identity
    return {
        "name_arabic": identity.name_arabic,
        "name_latin": identity.name_latin,
        "national_number": identity.national_number,
        "birth_date": str(identity.birth_date),
        "verdict": reading.verdict,
        "commands": reading.cost.commands,
        "bytes_sent": reading.cost.bytes_sent,
        "bytes_received": reading.cost.bytes_received,
    }


def begin_of(picture: bytes) -> str:
    return picture[:4].hex()


def main() -> None:
    printed: list[str | None] = [None]
    prefix = sys.argv[2] if len(sys.argv) > 2 else "Virtual PCD"
    cards = SmartCards((prefix,), Path(sys.argv[1]), lambda: printed[0], WallClock())
    cards.start(tell)
    for line in sys.stdin:
        verb, _, file = line.strip().partition(" ")
        printed[0] = Path(file).read_text(encoding="ascii") if file else None
        if verb == "read":
            say(answer=answer_for(lambda: describe(cards.read())))
        elif verb == "picture":
            say(answer=answer_for(lambda: begin_of(cards.read_picture())))
        elif verb == "state":
            state = cards.state()
            say(answer=[state.service_is_up, len(state.readers), state.card_is_present, state.atr])
        else:
            break
    cards.close()


if __name__ == "__main__":
    main()
