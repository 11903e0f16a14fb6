"""The parts of the signing page, each a widget built from the same few facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.signing import PinState, SigningScene
from ui.look import Look, Role
from ui.pages.digits import beside_field, keypad_width
from ui.pages.picture_page import PictureSides
from ui.pages.pin_entry import are_few, length_words, mistake_words, secret_keypad, tries_words, warning
from ui.pages.question import is_tight
from ui.pages.signing_request import request_rows
from ui.widgets.busy import BusyDots
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.picture import Icon
from ui.widgets.pin_field import PinField
from ui.widgets.put_right import PutRight
from ui.widgets.scenery import Emblem
from ui.widgets.text import Text

_LOW_MM = 220.0


def is_low(look: Look) -> bool:
    """The panel has no room for a field over the keypad, nor for all the words over the field."""
    return look.panel.height_mm < _LOW_MM


def _is_tight(look: Look) -> bool:
    return is_tight(look) or is_low(look)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """`mistake` is a message id, "" for none; `margins` are the page's; `lead` takes the person to the field, `read` is
    called when all of what is signed has been shown."""

    look: Look
    signing: SigningScene
    mistake: str
    margins: QMargins
    lead: Callable[[], None]
    read: Callable[[], None]

    @property
    def pin(self) -> PinState:
        assert self.signing.pin is not None
        return self.signing.pin

    @property
    def wrong(self) -> str:
        """The words of the mistake."""
        return mistake_words(self.mistake, self.pin, self.look.texts) if self.mistake else ""


def working(shown: Shown) -> QWidget:
    """The card is asked, or it signs; with a reader that has keys of its own, the person types there meanwhile."""
    look, texts, signing = shown.look, shown.look.texts, shown.signing
    sides = PictureSides(look, shown.margins)
    if not signing.working or signing.pin is None:
        title, advice = texts("Asking your card"), texts("Leave it in")
    elif signing.at_reader:
        title = texts("Type the PIN on the reader's keys")
        advice = texts("Confirm it there. Do not take the card out")
    else:
        title, advice = texts("Your card is signing"), texts("Do not take it out of the reader")
    sides.words.addWidget(Text(look, title, role="display"))
    sides.words.addWidget(Text(look, advice, role="title", strong=False))
    sides.words.addSpacing(look.px(look.tokens.space.l))
    sides.words.addWidget(BusyDots(look), 0, Qt.AlignmentFlag.AlignLeading)
    sides.show_picture(CardPicture(look, CardState.READING))
    return sides


def last_try(shown: Shown) -> QWidget:
    """What a block means, before the try that could bring it."""
    look, texts = shown.look, shown.look.texts
    sides = PictureSides(look, shown.margins)
    if shown.mistake:
        line = row(look, Icon(look, "circle-alert", colour="error", millimetres=look.icon_mm * 1.3))
        line.addWidget(Text(look, shown.wrong, strong=True, colour="error"), 1)
        sides.words.addLayout(line)
    sides.words.addWidget(Text(look, texts("One try is left"), role="display"))
    role: Role = "body" if _is_tight(look) else "title"
    for words in (
        texts("If the PIN does not match now, it is blocked, and this card cannot sign"),
        texts("{office} unblocks it. This terminal cannot", office=texts.of(shown.pin.rules.unblocked_at)),
        texts("If you are not sure, touch Back: no try is used"),
    ):
        sides.words.addWidget(Text(look, words, role=role, strong=False))
    sides.show_picture(Emblem(look, "lock"))
    return sides


def request(shown: Shown) -> QWidget:
    """What is signed, on all of the page."""
    look = shown.look
    place, stack = _place(shown)
    _add_request(stack, shown)
    if shown.signing.at_reader:
        if are_few(shown.pin):
            known = _is_tight(look) and shown.mistake  # whoever was there once knows the way
            told = "" if known else _at_reader(look)
            stack.addWidget(Notice(look, "warning", tries_words(shown.pin, look.texts), told))
        else:
            stack.addWidget(Notice(look, "information", _at_reader(look), icon="keyboard"))
    return place


def pin(shown: Shown, field: PinField) -> QWidget:
    """The PIN alone, after what is signed was read."""
    look, texts = shown.look, shown.look.texts
    place, stack = _place(shown)
    line = _two_columns(stack, look)
    leading = column(look, gap_mm=look.tokens.space.s)
    tight = _is_tight(look)
    if shown.mistake:
        leading.addWidget(PutRight(look, shown.wrong, shown.lead))
    role: Role = "title" if tight and shown.mistake else "display"
    leading.addWidget(Text(look, texts("Enter your PIN"), role=role))
    if not (tight and (shown.mistake or are_few(shown.pin))):
        document = texts.of(shown.signing.application.title)
        leading.addWidget(Text(look, texts("To sign {document}", document=document), colour="ink2"))
        leading.addWidget(Text(look, length_words(shown.pin.rules, texts), colour="ink2"))
    leading.addWidget(field)
    field.set_mistaken(bool(shown.mistake))
    leading.addLayout(_tries(shown))
    leading.addStretch(1)
    line.addLayout(leading, 1)
    line.addLayout(column(look, secret_keypad(look, field)))
    return place


def both(shown: Shown, field: PinField | None) -> QWidget:
    """What is signed at the leading side, the PIN at the trailing side; without `field` it is typed at the reader."""
    look = shown.look
    place, stack = _place(shown)
    line = _two_columns(stack, look)
    leading = column(look, gap_mm=look.tokens.space.m if look.wide else look.tokens.space.s)
    _add_request(leading, shown)
    if are_few(shown.pin):
        leading.addWidget(warning(look, shown.pin))
    elif look.wide:
        promise = look.texts("The PIN goes to your card only and is kept nowhere")
        leading.addWidget(Notice(look, "information", promise, icon="shield-check"))
    line.addLayout(leading, 1)
    trailing = _reader_keys(shown) if field is None else _entry(shown, field)
    line.addLayout(trailing)
    return place


def _place(shown: Shown) -> tuple[QWidget, QVBoxLayout]:
    place = QWidget()
    place.setLayoutDirection(shown.look.direction)
    stack = QVBoxLayout(place)
    stack.setContentsMargins(shown.margins)
    stack.setSpacing(shown.look.px(shown.look.tokens.space.s))
    return place, stack


def _two_columns(stack: QVBoxLayout, look: Look) -> QHBoxLayout:
    line = row(look, gap_mm=look.tokens.space.xl if look.wide else look.tokens.space.l)
    stack.addLayout(line, 1)
    return line


def _add_request(stack: QVBoxLayout, shown: Shown) -> None:
    look, texts = shown.look, shown.look.texts
    if shown.mistake:
        lead = shown.lead if not shown.signing.at_reader else None
        stack.addWidget(PutRight(look, shown.wrong, lead))
    stack.addWidget(Text(look, texts("This is what you sign"), role="display" if look.wide else "title"))
    rows = PagedColumn(look, request_rows(look, shown.signing.application), gap_mm=0.0)
    # Queued: while the rows are still being arranged, nothing else of the window may be.
    rows.shown_all.connect(shown.read, Qt.ConnectionType.QueuedConnection)
    stack.addWidget(rows, 1)
    if look.wide:
        rows.setMaximumHeight(rows.sizeHint().height())
        stack.addStretch()  # only what the rows leave


def _entry(shown: Shown, field: PinField) -> QVBoxLayout:
    """The field under its name, with the tries that are left at the other end of that line, and the keypad."""
    look = shown.look
    whole = column(look, gap_mm=look.tokens.space.s)
    whole.addLayout(_over_field(shown))
    whole.addWidget(field)
    field.set_mistaken(bool(shown.mistake))
    if shown.mistake:
        whole.addLayout(beside_field(look, shown.wrong))
    keypad = secret_keypad(look, field)
    field.setFixedWidth(keypad_width(look))
    whole.addSpacing(look.px(look.tokens.space.s if look.wide else look.tokens.space.xs))
    whole.addWidget(keypad, 1)
    return whole


def _over_field(shown: Shown) -> QHBoxLayout:
    """How long a PIN is stands there where it has room."""
    look, texts = shown.look, shown.look.texts
    name = Text(look, texts("PIN"), strong=True, wrap=False)
    length = Text(look, length_words(shown.pin.rules, texts), colour="ink2", wrap=False)
    tries = Text(look, tries_words(shown.pin, texts), colour="ink2", wrap=False)
    line = row(look, name, gap_mm=look.tokens.space.s)
    gaps = 3 * look.px(look.tokens.space.s)
    if sum(each.sizeHint().width() for each in (name, length, tries)) + gaps <= keypad_width(look):
        line.addWidget(length)
    line.addStretch(1)
    line.addWidget(tries)
    return line


def _tries(shown: Shown) -> QVBoxLayout:
    """Under the field: what is to be put right, and the tries; the whole warning where there is room for it."""
    look, texts = shown.look, shown.look.texts
    lines = column(look, gap_mm=look.tokens.space.s)
    if shown.mistake and not _is_tight(look):
        lines.addLayout(beside_field(look, shown.wrong))
    if are_few(shown.pin):
        lines.addWidget(warning(look, shown.pin))
    elif words := tries_words(shown.pin, texts):
        lines.addWidget(Text(look, words, colour="ink2"))
    return lines


def _reader_keys(shown: Shown) -> QVBoxLayout:
    look = shown.look
    whole = column(look, gap_mm=look.tokens.space.m)
    whole.addStretch(1)
    whole.addWidget(Emblem(look, "keyboard", widest_mm=80.0), 3)
    words = Text(look, _at_reader(look), role="title" if look.wide else "action", strong=False, centred=True)
    words.setFixedWidth(keypad_width(look))
    whole.addWidget(words)
    if tries := tries_words(shown.pin, look.texts):
        whole.addWidget(Text(look, tries, colour="ink2", centred=True))
    whole.addStretch(2)
    return whole


def _at_reader(look: Look) -> str:
    return look.texts("Touch the button, then type the PIN on the reader's keys")
