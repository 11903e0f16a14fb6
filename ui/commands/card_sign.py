"""`card sign IN OUT`: an application as PDF, signed with the key of the card in the reader.

The PIN comes from a terminal without echo, or as one line of standard input; never as an argument, which every user of
the machine can read. It is asked once, and shown to the card once.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk.failures import FAILURES, Failure, ServiceFailure
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG, USED_WRONGLY
from ui.commands.output import print_columns, print_json
from ui.commands.staff import pin_from_input

SignPdf = Callable[[bytes, bytearray], bytes]
"""Wipes the PIN. Raises ServiceFailure, and ValueError for what is no PDF that can be signed."""

_LAST_TRY: dict[str, object] = {
    "failure": "LAST_TRY",
    "title": "One try is left, and a wrong PIN blocks the card: to use it, --last-try",
}


class PinState(Protocol):
    """How the card's PIN stands; `tries` is None where it does not tell."""

    @property
    def condition(self) -> str: ...

    @property
    def tries(self) -> int | None: ...


class Card(Protocol):
    """The card in the reader; all raise ServiceFailure."""

    def profile(self) -> str: ...

    def pin_state(self) -> PinState: ...

    def pin_is_typed_at_reader(self) -> bool: ...


def sign(card: Card, sign_pdf: SignPdf, source: Path, target: Path, *, last_try: bool, as_json: bool) -> int:
    """A file that is there is never written over."""
    if target.exists():
        return _used_wrongly(f"{target} is there already")
    told: dict[str, object] = {}
    try:
        pdf, before = source.read_bytes(), card.pin_state()
        told["profile"], told["pin"], told["tries_before"] = card.profile(), before.condition, before.tries
        if before.tries == 1 and not last_try:
            told |= _LAST_TRY
        else:
            target.write_bytes(sign_pdf(pdf, _pin(card, before)))
            told["signed"] = str(target)
    except OSError as error:
        return _used_wrongly(f"{error.filename}: {error.strerror}")
    except ValueError as error:
        return _used_wrongly(f"{source} cannot be signed: {error}")
    except ServiceFailure as failure:
        told |= {
            "failure": failure.failure.name,
            "support_code": failure.failure.value,
            "title": FAILURES[failure.failure].title,
        }
    told["tries_after"] = _tries_left(card)
    if as_json:
        print_json(told)
    else:
        print_columns([(key, "not told" if value is None else str(value)) for key, value in told.items()])
    return FOUND_NOTHING_WRONG if "signed" in told else FOUND_SOMETHING_WRONG


def _pin(card: Card, state: PinState) -> bytearray:
    """Nobody is asked for the PIN of a card that takes none. Raises ServiceFailure."""
    refusals = {"blocked": Failure.PIN_BLOCKED, "never_set": Failure.PIN_NEVER_SET}
    if state.condition in refusals:
        raise ServiceFailure(refusals[state.condition])
    if card.pin_is_typed_at_reader():
        print("Type the PIN at the reader's own keys", file=sys.stderr)
        return bytearray()
    if not sys.stdin.isatty():
        return pin_from_input()
    left = "" if state.tries is None else f" ({state.tries} tries left)"
    # `getpass` gives text, which cannot be wiped: it is kept nowhere.
    return bytearray(getpass.getpass(f"PIN{left}: ").encode())


def _tries_left(card: Card) -> int | None:
    """None also where the card is not there any more."""
    try:
        return card.pin_state().tries
    except ServiceFailure:
        return None


def _used_wrongly(why: str) -> int:
    print(why, file=sys.stderr)
    return USED_WRONGLY
