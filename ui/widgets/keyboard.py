"""The on-screen keyboard: Arabic, English and marks; it types key events into a field, as a real keyboard would."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.texts import Language
from ui.look import Look, Role
from ui.widgets.button import Button, ButtonKind
from ui.widgets.key_layouts import ARABIC_NAMES, LETTERS, MARK_NAMES, MARKS, Order

_LEAST_KEY_MM = 14.0
_BED_MM = 6.0  # between the bed's edges and the keys
_TIGHT_BED_MM = 2.2
_OWN_NAMES: dict[Language, str] = {"ar": "العربية", "en": "English"}
_ORDER_WORDS: dict[Language, str] = {"ar": "أ ب ت", "en": "A B C"}


@dataclasses.dataclass(frozen=True, slots=True)
class KeyboardBar:
    """What a page says instead of its bottom bar while somebody types: the `field` that gets the key events (any
    widget that takes them, as `ui.widgets.text_field.TextField`), and what Done does. `language` is that of the first
    letters; the screen's, where it is not given."""

    field: QWidget
    done: Callable[[], object]
    language: Language | None = None


class Keyboard(QWidget):
    """`Keyboard(look, KeyboardBar(field, done))` takes the place of the bottom bar and is as high as it needs.

    Each key sends a press and a release to the field, which keeps the focus; a real keyboard types beside it. Keys are
    named `key:س`, `key:space`, `key:delete`, `key:done`, `key:digits` and back `key:letters`, `key:language`,
    `key:order` (typing or alphabetical) and `key:capital`, which holds for one letter. Rows stand alike in both
    languages of the screen: a keyboard is never mirrored. Nothing needs a key to be held, and nothing pops up.
    """

    def __init__(self, look: Look, bar: KeyboardBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._bar = bar
        self._language: Language = bar.language or look.texts.language
        self._order: Order = "typing"
        self._capital = False
        self._digits = False
        self.setObjectName("keyboard")
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bed = look.px(_BED_MM if look.wide else _TIGHT_BED_MM)
        self._role: Role = "title" if look.wide else "action"
        stack = QVBoxLayout(self)
        stack.setContentsMargins(look.page_margin - look.px(2.0), self._bed, look.page_margin - look.px(2.0), self._bed)
        self._stack = stack
        self._plane: QWidget | None = None
        self._show_plane()
        self.setFixedHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        gap = self._gap()
        return QSize(self._look.panel.width, 4 * self._key_height() + 3 * gap + 2 * self._bed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.colour("sunken"))
        hair = round(self._look.stroke(self._look.tokens.line.hair))
        painter.fillRect(0, 0, self.width(), hair, self._look.colour("line"))
        painter.end()

    # -- the planes

    def _show_plane(self) -> None:
        """All four rows anew: the keys of the old plane are gone at once, and nothing of them can be pressed."""
        if self._plane is not None:
            self._plane.hide()
            self._plane.setParent(None)
            self._plane.deleteLater()
        self._plane = QWidget()
        self._plane.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        rows = QVBoxLayout(self._plane)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(self._gap())
        for row in self._rows():
            rows.addLayout(row, 1)
        self._stack.addWidget(self._plane)
        self._plane.show()

    def _rows(self) -> Iterator[QHBoxLayout]:
        if self._digits:
            for marks in MARKS:
                yield self._row([self._letter(mark) for mark in marks])
        else:
            first, second, third = LETTERS[self._language, self._order]
            yield self._row([self._letter(letter) for letter in first])
            yield self._row([self._letter(letter) for letter in second], beside=len(first) - len(second))
            last = [self._letter(letter) for letter in third]
            if self._language == "en":
                last = [self._capital_key(), *last, self._letter("."), self._letter("-")]
            yield self._row(last)
        yield self._last_row()

    def _row(self, keys: list[Button], *, beside: int = 0) -> QHBoxLayout:
        """Keys of one width; `beside` is how many keys fewer they are than those of the row above."""
        row = QHBoxLayout()
        row.setSpacing(self._gap())
        if beside:
            row.addStretch(beside)
        for key in keys:
            row.addWidget(key, 2)
        if beside:
            row.addStretch(beside)
        return row

    def _last_row(self) -> QHBoxLayout:
        texts = self._look.texts
        turn = self._turn(
            "ABC" if self._language == "en" else "أ ب ج", "letters", texts("Letters"), self._turn_to_letters
        )
        if not self._digits:
            turn = self._turn("123", "digits", texts("Digits and marks"), self._turn_to_digits)
        other: Language = "en" if self._language == "ar" else "ar"
        language = self._turn(
            _OWN_NAMES[other],
            "language",
            _OWN_NAMES[other],
            self._switch_language,
            icon="globe" if self._look.medium else "",
        )
        row = QHBoxLayout()
        row.setSpacing(self._gap())
        row.addWidget(turn, 10)
        row.addWidget(language, 14)
        if not self._digits:
            row.addWidget(self._order_key(), 12)
        row.addWidget(self._turn(texts("Space"), "space", texts("Space"), partial(self._type, " ")), 48)
        row.addWidget(self._turn("", "delete", texts("Delete"), self._erase, icon="delete"), 12)
        row.addWidget(self._done_key(), 20)
        return row

    # -- the keys

    def _letter(self, letter: str) -> Button:
        shown = letter.upper() if self._capital else letter
        name = ARABIC_NAMES.get(letter, shown)
        if letter in MARK_NAMES:
            name = self._look.texts(MARK_NAMES[letter])
        return self._key(shown, letter, name, partial(self._type_letter, shown), kind=ButtonKind.KEY, role=self._role)

    def _turn(self, words: str, name: str, accessible: str, press: Callable[[], None], icon: str = "") -> Button:
        return self._key(words, name, accessible, press, kind=ButtonKind.SOFT_KEY, icon=icon)

    def _order_key(self) -> Button:
        words = _ORDER_WORDS[self._language]
        texts = self._look.texts
        name = texts("Letters in alphabetical order") if self._order == "typing" else texts("Letters as on a keyboard")
        if self._order == "alphabet":
            words = LETTERS[self._language, "typing"][0][:3]
            words = " ".join(reversed(words)) if self._language == "ar" else " ".join(words.upper())
        return self._turn(words, "order", name, self._switch_order)

    def _capital_key(self) -> Button:
        kind = ButtonKind.PRIMARY if self._capital else ButtonKind.SOFT_KEY
        return self._key("Aa", "capital", self._look.texts("Capital letter"), self._switch_capital, kind=kind)

    def _done_key(self) -> Button:
        done = self._look.texts("Done")
        return self._key(done, "done", done, self._done, kind=ButtonKind.PRIMARY, icon="check", role="action")

    def _key(
        self,
        words: str,
        name: str,
        accessible: str,
        press: Callable[[], None],
        *,
        kind: ButtonKind,
        icon: str = "",
        role: Role = "body",
    ) -> Button:
        key = Button(
            self._look,
            words,
            name=f"key:{name}",
            kind=kind,
            icon=icon,
            accessible=accessible,
            role=role,
            height_mm=_LEAST_KEY_MM,
            least_width_mm=_LEAST_KEY_MM,
        )
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        key.when_pressed(press)
        return key

    def _gap(self) -> int:
        tokens = self._look.tokens
        return self._look.px(tokens.size.letter_gap if self._look.wide else tokens.space.target_gap)

    def _key_height(self) -> int:
        """The preferred height on a wide panel; elsewhere what finger and letter need: the page needs the rest."""
        look = self._look
        letter = look.line_height(self._role) + look.px(0.6) + look.ledge
        return max(look.px(look.tokens.size.letter_key[1] if look.wide else _LEAST_KEY_MM), letter)

    # -- what they do

    def _type_letter(self, letter: str) -> None:
        self._type(letter)
        if self._capital:
            self._switch_capital()

    def _type(self, character: str) -> None:
        self._send(ord(character.upper()), character)

    def _erase(self) -> None:
        self._send(Qt.Key.Key_Backspace, "")

    def _send(self, key: int, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self._bar.field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))

    def _done(self) -> None:
        self._bar.done()

    @Slot()
    def _turn_to_digits(self) -> None:
        self._digits = True
        self._show_plane()

    @Slot()
    def _turn_to_letters(self) -> None:
        self._digits = False
        self._show_plane()

    @Slot()
    def _switch_language(self) -> None:
        self._language = "en" if self._language == "ar" else "ar"
        self._digits = self._capital = False
        self._show_plane()

    @Slot()
    def _switch_order(self) -> None:
        self._order = "alphabet" if self._order == "typing" else "typing"
        self._show_plane()

    @Slot()
    def _switch_capital(self) -> None:
        self._capital = not self._capital
        self._show_plane()
