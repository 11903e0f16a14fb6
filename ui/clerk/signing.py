"""What the clerk sees while the citizen signs.

The PIN is the citizen's alone: it is typed on the citizen's screen or on the reader's keys, and only where the counter
has neither, on the clerk's keyboard, turned round.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.signing import SigningScene
from ui.clerk.desk import Desk
from ui.clerk.told import Told
from ui.look import Look
from ui.pages.pin_entry import TOO_SHORT, are_few, mistake_words, tries_words, warning
from ui.widgets.pin_field import PinField
from ui.widgets.text import Text


class CitizenSigns(Told):
    """`enter` is what the key Enter does, None where the clerk has nothing to do."""

    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__(look, "id-card", "primary", look.texts("The citizen is signing"))
        assert desk.scene.signing is not None
        self._desk = desk
        self._field: PinField | None = None
        self._too_short: Text | None = None
        self.enter: Callable[[], object] | None = None
        signing = desk.scene.signing
        if signing.working or signing.pin is None:
            self._say_that_the_card_works(signing)
            return
        if signing.mistake:
            self.notice("error", mistake_words(signing.mistake, signing.pin, look.texts))
        if are_few(signing.pin):
            self.rows.addWidget(warning(look, signing.pin))
        else:
            self.say(tries_words(signing.pin, look.texts), colour="ink2")
        if desk.second_screen:
            self.say(look.texts("It is done on the citizen's screen. Look away while the PIN is typed"))
        else:
            self._ask_here(signing)

    def is_typing(self) -> bool:
        """Whether digits stand in the field: what builds the page anew would lose some, and the rest cost a try."""
        return self._field is not None and self._field.length() > 0

    def _say_that_the_card_works(self, signing: SigningScene) -> None:
        texts = self.look.texts
        if signing.pin is not None and signing.at_reader:
            self.say(texts("The citizen types the PIN on the reader's keys. Look away"))
        else:
            self.say(texts("Asking the card") if signing.pin is None else texts("The card is signing"))
        self.say(texts("Leave it in the reader"), colour="ink2")

    def _ask_here(self, signing: SigningScene) -> None:
        """Without a screen of their own people hear what they sign."""
        texts, desk, application = self.look.texts, self._desk, signing.application
        assert signing.pin is not None
        said = [texts.of(application.title)]
        said += [f"{texts.of(label)}: {texts.isolated(texts.of(value))}" for label, value in application.rows]
        self.say(texts("Read out what is signed: {request}", request=" · ".join(said)))
        if signing.pin.tries == 1 and not signing.last_try_agreed:
            self._way(texts("The citizen agrees to the last try"), desk.agree_to_last_try)
        elif signing.at_reader:
            self.say(texts("The citizen types the PIN on the reader's keys. Look away"))
            self._way(texts("Sign with the card"), lambda: desk.sign(bytearray()))
        else:
            self.say(texts("Turn the keyboard to the citizen, and look away while the PIN is typed"))
            self._field = PinField(self.look, accessible=texts("PIN"), longest=signing.pin.rules.most_digits)
            self.rows.addWidget(self._field)
            self._too_short = Text(self.look, mistake_words(TOO_SHORT, signing.pin, texts), strong=True, colour="error")
            self._too_short.hide()
            self.rows.addWidget(self._too_short)
            self._way(texts("Sign with the card"), self._sign)

    def _way(self, words: str, act: Callable[[], object]) -> None:
        self.enter = act
        self.ways((words, "Enter", "main", act))

    def _sign(self) -> None:
        assert self._field is not None
        assert self._too_short is not None
        signing = self._desk.scene.signing
        assert signing is not None
        assert signing.pin is not None
        short = self._field.length() < signing.pin.rules.fewest_digits
        self._field.set_mistaken(short)
        self._too_short.setVisible(short)
        if not short:
            self._desk.sign(self._field.take())
