"""Signing with the card: what is signed is read beside the PIN, or before it where both have no room at once."""

from __future__ import annotations

import enum
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kiosk.events import LastTryAgreed, PinTyped
from kiosk.scene import Scene
from kiosk.signing import PinCondition, SigningScene
from ui.look import Look
from ui.pages import signing_parts as parts
from ui.pages.page import Page, Send
from ui.pages.pin_entry import TOO_SHORT
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.pin_field import PinField


class Part(enum.Enum):
    """What the page shows. REQUEST and PIN follow one another where there is no room for BOTH; what is to be put right
    stands on PIN, unless the panel is wide."""

    WORKING = "working"
    LAST_TRY = "last_try"
    REQUEST = "request"
    PIN = "pin"
    BOTH = "both"


class SigningPage(Page):
    """One signature for one PIN, and none before all of what is signed was shown. Whatever builds the page anew (a
    switch of language, help, a card that was taken out) asks for both again: the digits of the PIN are in the field
    alone, and never in a scene."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        assert scene.signing is not None
        self._signing = scene.signing
        self._mistake = scene.signing.mistake
        # Who has something to put right has been at the end of it before.
        self._read = bool(self._mistake)
        self._awake = False
        self._margins = self.content.contentsMargins()
        self._field: PinField | None = None
        self._sent = False
        self._whole: QWidget | None = None
        self._part = _part_for(scene.signing, look, self._mistake)
        self._build()

    def bottom_bar(self) -> BottomBar:
        texts = self.look.texts
        match self._part:
            case Part.WORKING:
                return BottomBar()
            case Part.LAST_TRY:
                return BottomBar(main=BarButton(texts("Use my last try"), self._agree), back=True)
            case Part.REQUEST if not self._signing.at_reader:
                turn = partial(self._turn, Part.PIN)
                go_on = BarButton(texts("Continue"), turn, arrow="arrow-right", again=True, enabled=self._read)
                return BottomBar(main=go_on, back=True)
        sign = BarButton(texts("Sign with my card"), self._sign, icon="id-card", again=True, enabled=self._can_sign())
        if self._part is not Part.PIN:
            return BottomBar(main=sign, back=True)
        icon = "" if self.look.largest else "arrow-left"
        return BottomBar(
            main=sign, leading=(BarButton(texts("Back"), partial(self._turn, Part.REQUEST), name="back", icon=icon),)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and Enter work wherever the focus is."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._enter()
        elif self._field is None or not self._field.take_key(event):
            super().keyPressEvent(event)

    # -- what people do

    def _enter(self) -> None:
        if self._part in (Part.PIN, Part.BOTH):
            self._sign()

    @Slot()
    def _agree(self) -> None:
        self.send(LastTryAgreed())

    @Slot()
    def _sign(self) -> None:
        """A PIN that is too short stays here: an empty one would stand for the reader's own keys. The button sleeps
        meanwhile; the key Enter never does, and is told why."""
        if self._sent or not self._read:
            return
        if self._field is None:
            self._hand_over(bytearray())
        elif not self._is_long_enough():
            self._mistake = TOO_SHORT
            self._turn(_part_for(self._signing, self.look, self._mistake))
        else:
            self._hand_over(self._field.take())

    def _can_sign(self) -> bool:
        return not self._sent and self._read and self._is_long_enough()

    def _is_long_enough(self) -> bool:
        """Also where it is typed at the reader's own keys."""
        pin = self._signing.pin
        return self._field is None or (pin is not None and self._field.length() >= pin.rules.fewest_digits)

    @Slot()
    def _whole_request_shown(self) -> None:
        self._read = True
        self.bar_changed.emit()

    @Slot()
    def _wake(self) -> None:
        """The bar is built anew only where its button wakes or falls asleep."""
        if self._awake is not self._can_sign():
            self._awake = not self._awake
            self.bar_changed.emit()

    def _hand_over(self, pin: bytearray) -> None:
        self._sent = True
        self.bar_changed.emit()
        self.send(PinTyped(pin))

    def _turn(self, part: Part) -> None:
        self._part = part
        self._build()
        self.bar_changed.emit()

    @Slot()
    def _lead(self) -> None:
        if self._field is not None:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- what is shown

    def _build(self) -> None:
        if self._whole is not None:
            self._whole.hide()  # which wipes the field
            self._whole.setParent(None)
            self._whole.deleteLater()
        types_here = self._part in (Part.PIN, Part.BOTH) and not self._signing.at_reader
        self._field = self._new_field() if types_here else None
        self._whole = self._new_part()
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.addWidget(self._whole)
        if not self._mistake:
            self._lead()

    def _new_field(self) -> PinField:
        assert self._signing.pin is not None
        field = PinField(self.look, accessible=self.look.texts("PIN"), longest=self._signing.pin.rules.most_digits)
        field.changed.connect(self._wake)
        return field

    def _new_part(self) -> QWidget:
        shown = parts.Shown(
            self.look, self._signing, self._mistake, self._margins, self._lead, self._whole_request_shown
        )
        match self._part:
            case Part.WORKING:
                return parts.working(shown)
            case Part.LAST_TRY:
                return parts.last_try(shown)
            case Part.REQUEST:
                return parts.request(shown)
            case Part.PIN:
                assert self._field is not None
                return parts.pin(shown, self._field)
            case Part.BOTH:
                return parts.both(shown, self._field)


def _part_for(signing: SigningScene, look: Look, mistake: str) -> Part:
    """A PIN that is blocked or was never set has a page of its own: what comes before it is only waited for here."""
    pin = signing.pin
    if signing.working or pin is None or pin.condition in (PinCondition.BLOCKED, PinCondition.NEVER_SET):
        return Part.WORKING
    if pin.tries == 1 and not signing.last_try_agreed:
        return Part.LAST_TRY
    if mistake and not look.wide and not signing.at_reader:
        return Part.PIN
    return Part.BOTH if look.ample and not parts.is_low(look) else Part.REQUEST
