"""One visit whose service wants the holder's signature, on the real program and real parts: the child that lives it.

    python -m tests.e2e.signing_visit FOLDER

makes a catalogue whose traffic fines want a signature, as no shipped service does yet, and signs with the card `salma`:
once with a wrong PIN, then with the right one. Pictures of the pages go to FOLDER, the signed application, as it stands
in the ledger, to FOLDER/signed.pdf. Prints one line of JSON.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import main
from devices.virtual.stage import Stage
from kiosk.settings import load
from kiosk.signing import SigningScene
from ui.app import Kiosk
from ui.look import Panel
from ui.start import start_qt
from ui.tour.hand import Hand

PANEL = Panel(1920, 1080, 21.5)
PATIENCE_SECONDS = 60.0
PIN, WRONG_PIN = "482915", "482916"
"""Of the sample card, made for demonstrations (devices/virtual/issuer)."""


def signing_catalogue(folder: Path) -> Path:
    shutil.copytree(main.SERVICES, folder)
    for file in folder.glob("*/*.toml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace("\nprovisional = true\n", '\nprovisional = true\nsignature = "card"\n', 1), "utf-8"
        )
    return folder


class Visitor:
    """A hand on the screen, and the program behind it."""

    def __init__(self, folder: Path, stage: Stage, kiosk: Kiosk) -> None:
        self._folder = folder
        self._stage = stage
        self._kiosk = kiosk
        self._hand = Hand(kiosk.window, PATIENCE_SECONDS)

    def sign(self) -> dict[str, object]:
        self._reach_signature()
        self._picture("asked")
        self._read_on()
        self._type(WRONG_PIN)
        self._hand.wait_until(lambda: bool(self._signing().mistake), "the card to say that the PIN does not match")
        self._picture("wrong")
        mistaken = self._signing()
        self._type(PIN)
        self._hand.wait_for_page("done")
        self._picture("done")
        scene = self._kiosk.visit.scene()
        assert scene.commitment is not None
        assert scene.outcome is not None
        return {
            "tries_after_the_wrong_one": mistaken.pin.tries if mistaken.pin else None,
            "receipt": scene.commitment.receipt_number,
            "outcome": scene.outcome.state.value,
        }

    def _reach_signature(self) -> None:
        hand = self._hand
        self._stage.insert_card("salma")
        hand.wait_for_page("choosing_service")
        hand.touch("service:traffic.fines")
        hand.wait_for_page("start_card")
        hand.touch("main")
        hand.touch("option:mine")
        hand.touch("main")
        for page in ("quote", "check_answers"):
            hand.wait_for_page(page)
            hand.touch("main")
        hand.wait_for_page("signing")
        hand.wait_until(lambda: not self._signing().working, "the card to say how its PIN stands")

    def _read_on(self) -> None:
        """To the last page of what is signed: before, the button sleeps."""
        while (button := self._hand.see("next")) is not None and button.isEnabled():
            self._hand.touch("next")

    def _signing(self) -> SigningScene:
        signing = self._kiosk.visit.scene().signing
        assert signing is not None
        return signing

    def _type(self, pin: str) -> None:
        self._hand.type_digits(pin)
        self._hand.touch("main")

    def _picture(self, name: str) -> None:
        self._hand.let_pass(50)
        self._hand.window.grab().save(str(self._folder / f"{name}.png"))


def run(folder: Path) -> None:
    main.SERVICES = signing_catalogue(folder / "services")
    start_qt()
    with main.open_stage(folder / "stage") as stage:
        settings = load(stage.settings_file)
        with main.open_terminal(settings) as terminal:
            kiosk = main._open_kiosk(terminal, main._first_window(settings, PANEL, motion=False))
            kiosk.window.show()
            told = Visitor(folder, stage, kiosk).sign()
            agreement = terminal.ledger.agreement_of(str(told["receipt"]))
            assert agreement is not None
            (folder / "signed.pdf").write_bytes(agreement.signed_application)
            sys.stdout.write(json.dumps(told) + "\n")
            kiosk.close()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
