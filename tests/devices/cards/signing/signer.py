"""The signing side under test in a process of its own: the PC/SC library reads its socket's path once per process.

    python -m tests.devices.cards.signing.signer READER [--seconds N] [--module FILE] [--profiles FOLDER]

Each line on stdin is answered by one line of JSON. `empty` and `present` wait until the slot is; `begin` forgets the
card; `hold` takes the card for this process alone, as it is, `tell HEX` sends it a command, `release` gives it back.
`state`, `profile`, `pad` and `certificate` ask; `sign HEX` and `pdf IN OUT [visible]` take the PIN as their next line
and are answered when they end, so that `cancel`, which is not answered, can come in between.

`holder-state` and `holder-sign OUT`, with the PIN as its next line, go by the visit's signer, which `holder-cancel`
stops.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from asn1crypto import cms
from reportlab.pdfgen.canvas import Canvas

from devices.cards.pcsc import CardService, CardWire, Slot
from devices.cards.profiles import load_profiles
from devices.cards.signing.card import SigningCard
from devices.cards.signing.holder_signer import Drawn, HolderSigner
from devices.diagnosis import PROFILES
from kiosk.clock import SystemClock
from kiosk.failures import ServiceFailure
from kiosk.ports import Signer as VisitsSigner
from kiosk.signing import Application
from kiosk.wire import Words

LOOK_SECONDS = 5.0
APPLICATION = Application(
    title=Words(ar="طلب", en="A request"),
    agency=Words(ar="جهة", en="An agency"),
    rows=((Words(ar="رقم اللوحة", en="Plate"), Words(ar="12-34567", en="12-34567")),),
    reference="7",
    stated_on=date(2026, 11, 24),
    holder_ar="سلمى",
    holder_en="Salma",
    national_number="9991112223",
)


def draw(application: Application) -> Drawn:
    drawn = io.BytesIO()
    canvas = Canvas(drawn)
    canvas.drawString(100, 700, application.title.en)
    canvas.save()
    return Drawn(drawn.getvalue(), 0, (50, 50, 250, 100))


def say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def answer_for(work: Callable[[], object]) -> None:
    try:
        say({"found": work()})
    except ServiceFailure as failure:
        say({"failure": failure.failure.name, "values": failure.values})
    except ValueError as unsuitable:
        say({"unsuitable": str(unsuitable)})


class Signer:
    """Obeys lines."""

    def __init__(self, reader: str, seconds: float, module: Path | None, profiles: Path) -> None:
        self._reader, self._seconds, self._module = reader, seconds, module
        self._profiles = load_profiles(profiles)
        self._service = CardService((reader,))
        self._held: CardWire | None = None
        self._holder: VisitsSigner = HolderSigner(self._make_card, draw)
        self._begin()

    def obey(self, line: str) -> None:
        verb, *words = line.split()
        match verb:
            case "empty" | "present":
                say(self._wait(verb == "present"))
            case "begin":
                say(self._begin())
            case "hold" | "tell" | "release":
                say(self._hold(verb, *words))
            case "state":
                answer_for(self._state)
            case "profile":
                answer_for(lambda: self._card.profile())  # noqa: PLW0108  # the card of that moment
            case "pad":
                answer_for(self._card.pin_is_typed_at_reader)
            case "certificate":
                answer_for(lambda: self._card.certificate().hex())
            case "sign":
                digest, pin = bytes.fromhex(words[0]), self._pin()
                threading.Thread(target=answer_for, args=(lambda: self._sign(digest, pin),)).start()
            case "pdf":
                source, target, *place = words
                pin = self._pin()
                answer_for(lambda: self._sign_pdf(Path(source), Path(target), pin, visible=bool(place)))
            case "cancel":
                self._card.cancel()
            case _:
                self._ask_holder(verb, *words)

    def _ask_holder(self, verb: str, *words: str) -> None:
        match verb:
            case "holder-state":
                answer_for(self._holder_state)
            case "holder-sign":
                target, pin = Path(words[0]), self._pin()
                threading.Thread(target=answer_for, args=(lambda: self._holder_sign(target, pin),)).start()
            case "holder-cancel":
                self._holder.cancel()

    def _hold(self, verb: str, command: str = "") -> str:
        if verb == "hold":
            (slot,) = self._service.wait(self._service.slots(()), 0)
            self._held = self._service.connect(slot, time.sleep)
            return "ok"
        assert self._held is not None
        if verb == "tell":
            return self._held.transmit(bytes.fromhex(command)).hex()
        self._let_go()
        return "ok"

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.disconnect()

    def _begin(self) -> str:
        self._let_go()  # a test that failed may hold it still
        self._service.close()  # the card service may have been started anew by another test
        self._card = self._make_card()
        return "ok"

    def _make_card(self) -> SigningCard:
        return SigningCard((self._reader,), SystemClock(), self._profiles, self._module, seconds=self._seconds)

    def _pin(self) -> bytearray:
        return bytearray(sys.stdin.readline().strip().encode())

    def _state(self) -> list[object]:
        state = self._card.pin_state()
        return [state.condition, state.tries]

    def _sign(self, digest: bytes, pin: bytearray) -> list[object]:
        signature = self._card.sign(digest, pin)
        return [signature.value.hex(), signature.certificate.hex(), pin == bytes(len(pin))]

    def _sign_pdf(self, source: Path, target: Path, pin: bytearray, *, visible: bool) -> bool:
        from devices.cards.signing.pades import Place, sign_pdf  # noqa: PLC0415  # as late as the program does

        place = Place(0, (50, 50, 250, 100)) if visible else None
        target.write_bytes(sign_pdf(source.read_bytes(), self._card, pin, place=place))
        return pin == bytes(len(pin))

    def _holder_state(self) -> list[object]:
        state = self._holder.pin_state()
        return [state.condition, state.tries, self._holder.pin_is_typed_at_reader()]

    def _holder_sign(self, target: Path, pin: bytearray) -> bool:
        try:
            target.write_bytes(self._holder.sign(APPLICATION, pin))
        finally:
            assert pin == bytes(len(pin))
        return True

    def _wait(self, present: bool) -> str:
        """Another test may have restarted the service: then it is asked again, on a context of its own."""
        slots: tuple[Slot, ...] = ()
        while not slots or slots[0].has_card is not present:
            slots = self._look(slots)
        return "ok"

    def _look(self, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
        try:
            return self._service.wait(slots or self._service.slots(()), LOOK_SECONDS if slots else 0)
        except ServiceFailure:
            return ()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("reader")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--module", type=Path)
    parser.add_argument("--profiles", type=Path, default=PROFILES)
    stated = parser.parse_args()
    cms.CMSAttributeType("message_digest")  # a visit has read the card's signed data before anything is signed
    signer = Signer(stated.reader, stated.seconds, stated.module, stated.profiles)
    while line := sys.stdin.readline().strip():
        signer.obey(line)


if __name__ == "__main__":
    main()
