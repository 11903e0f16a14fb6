"""The card reader in a process of its own, told by lines: the PC/SC library reads its socket's path once per process.

    python -m tests.devices.cards.terminal ANCHORS [READER-PREFIX]

Each line on stdin (`read [MRZ-FILE]`, `complete [MRZ-FILE]`, `state`, `cpu`, `quit`) is answered by one line of JSON
with an `answer`; events are lines of JSON with an `event`. `cpu` asks for the processor's time of this process so far,
in milliseconds. `number [DIGITS]`, which is not answered, is what the person types from then on.
"""

from __future__ import annotations

import datetime
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from devices.cards.profiles import load_profiles
from devices.cards.reader import SmartCards
from devices.cards.trust.store import Policy, read_trust
from devices.diagnosis import PROFILES
from kiosk.events import Event, ReaderLost
from kiosk.failures import ServiceFailure
from kiosk.identity import AccessNumberWanted, CardDenied, CardReading, CompletedReading, Portrait


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
        proven = {"verdict": failure.verdict, "reasons": failure.reasons} if isinstance(failure, CardDenied) else {}
        return {"failure": failure.failure.name, "values": failure.values, **proven}
    except AccessNumberWanted:
        return {"raised": "AccessNumberWanted"}


def describe(reading: CardReading) -> dict[str, object]:
    identity = reading.identity
    return {
        "name_arabic": identity.name_arabic,
        "name_latin": identity.name_latin,
        "national_number": identity.national_number,
        "number": identity.number,
        "birth_date": str(identity.birth_date),
        "verdict": reading.verdict,
        "access": reading.access,
        "commands": reading.cost.commands,
        "bytes_sent": reading.cost.bytes_sent,
        "bytes_received": reading.cost.bytes_received,
        "milliseconds": reading.cost.milliseconds,
    }


def describe_rest(rest: CompletedReading) -> dict[str, object]:
    return {
        "verdict": rest.verdict,
        "reasons": rest.reasons,
        "portrait": describe_portrait(rest.portrait),
        "commands": rest.cost.commands,
        "bytes_sent": rest.cost.bytes_sent,
        "bytes_received": rest.cost.bytes_received,
        "milliseconds": rest.cost.milliseconds,
        "phases": [[phase.name, phase.commands, phase.milliseconds] for phase in rest.cost.phases],
    }


def describe_portrait(portrait: Portrait | None) -> dict[str, object] | None:
    if portrait is None:
        return None
    forehead = 3 * (portrait.height // 3 * portrait.width + portrait.width // 2)
    return {
        "size": [portrait.width, portrait.height],
        "bytes": len(portrait.pixels),
        "forehead": list(portrait.pixels[forehead : forehead + 3]),
    }


def main() -> None:
    printed: list[str | None] = [None]
    prefix = sys.argv[2] if len(sys.argv) > 2 else "Virtual PCD"
    believed = read_trust(Path(sys.argv[1]), Policy())
    cards = SmartCards((prefix,), load_profiles(PROFILES), believed, lambda: printed[0], WallClock())
    cards.start(tell)
    typed = [""]
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        if verb == "number":
            typed[0] = rest
            continue
        printed[0] = Path(rest).read_text(encoding="ascii") if rest else None
        if verb == "read":
            say(answer=answer_for(lambda: describe(cards.read(typed[0]))))
        elif verb == "complete":
            say(answer=answer_for(lambda: describe_rest(cards.complete(typed[0]))))
        elif verb == "cpu":
            say(answer=time.process_time() * 1000)
        elif verb == "state":
            state = cards.state()
            say(answer=[state.service_is_up, len(state.readers), state.card_is_present, state.atr])
        else:
            break
    cards.close()


if __name__ == "__main__":
    main()
