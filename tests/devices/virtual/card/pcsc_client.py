"""A PC/SC client in its own process: the client library remembers one service's address for its whole life.

Each line is answered by one: `readers`; `wait empty|present|mute` gives the answer to reset; `connect`; `send HEX`.
"""

from __future__ import annotations

import sys
from typing import Any

from smartcard import scard

READER = "Virtual PCD 00 00"
SECONDS = 10
STATES = {
    "empty": scard.SCARD_STATE_EMPTY,
    "present": scard.SCARD_STATE_PRESENT,
    "mute": scard.SCARD_STATE_MUTE,
}


def good(result: Any) -> Any:
    """What a call gave beside its code, if that is one of success."""
    code, *rest = result
    if code != scard.SCARD_S_SUCCESS:
        raise SystemExit(scard.SCardGetErrorMessage(code))
    return rest[0] if len(rest) == 1 else rest


def wait(context: Any, wanted: int) -> str:
    state = scard.SCARD_STATE_UNAWARE
    while True:
        ((_, state, atr),) = good(scard.SCardGetStatusChange(context, SECONDS * 1000, [(READER, state)]))
        if state & wanted:
            return f"atr {bytes(atr).hex()}"


def say(answer: str) -> None:
    sys.stdout.write(answer + "\n")
    sys.stdout.flush()


def main() -> None:
    context = good(scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
    card = None
    for line in sys.stdin:
        match line.split():
            case ["readers"]:
                say("|".join(good(scard.SCardListReaders(context, []))))
            case ["wait", state]:
                say(wait(context, STATES[state]))
            case ["connect"]:
                share, protocol = scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1
                card, _ = good(scard.SCardConnect(context, READER, share, protocol))
                say("ok")
            case ["send", command]:
                answer = good(scard.SCardTransmit(card, scard.SCARD_PCI_T1, list(bytes.fromhex(command))))
                say(bytes(answer).hex())


if __name__ == "__main__":
    main()
