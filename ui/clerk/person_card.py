"""Who is served: face, name, masked number and how it is known; and for whom it is done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.acts.counter import BEHALF
from kiosk.counter import BEHALF_DOCUMENTS, Capacity, DocumentSeen
from kiosk.identity import Portrait
from ui.clerk.desk import FORM, Desk
from ui.clerk.words import CAPACITY_TEXTS, DOCUMENT_TEXTS, identified_words
from ui.look import Look
from ui.person_words import number_words
from ui.staff.chooser import Chooser, ChooserField
from ui.staff.entry import Field
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.staff.page import is_tight
from ui.staff.segments import Segment, Segments
from ui.widgets.layouts import column, row
from ui.widgets.portrait import PortraitFrame
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_CAPACITIES = (Capacity.SELF, Capacity.PROXY, Capacity.PARENT)
_FACE_MM = 18.0


class Badge(QWidget):
    """A tinted word with its icon, which cannot be pressed."""

    def __init__(self, look: Look, words: str, *, icon: str, colour: str = "success") -> None:
        super().__init__()
        self._look, self._words, self._icon, self._colour = look, words, icon, colour
        self.setFont(look.font("body", strong=True))
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look, metrics = self._look, QFontMetricsF(self.font())
        width = round(metrics.horizontalAdvance(self._words)) + 2 + look.px(look.icon_mm + 1.4 + 2 * 2.2)
        return QSize(width, max(look.px(6.0), round(metrics.height()) + look.px(0.6)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(f"{self._colour}_soft"))
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        pixmap = look.icon(self._icon, look.icon_mm, self._colour)
        padding = look.px(2.2)
        left = self.width() - padding - pixmap.width() if look.right_to_left else padding
        painter.drawPixmap(round(left), round((self.height() - pixmap.height()) / 2), pixmap)
        taken = padding + pixmap.width() + look.px(1.4)
        place = QRectF(self.rect()).adjusted(
            padding if look.right_to_left else taken, 0, -taken if look.right_to_left else -padding, 0
        )
        painter.setFont(self.font())
        painter.setPen(look.colour(self._colour))
        painter.setLayoutDirection(look.direction)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, self._words)
        painter.end()


class PersonCard(Surface):
    """`show_face` takes the portrait, which comes after the name."""

    def __init__(self, look: Look, desk: Desk, *, stating: bool) -> None:
        """`stating`: for whom it is can still be said."""
        super().__init__(look, padding_mm=2.6)
        self._desk = desk
        self._stating = stating and desk.scene.behalf.capacity is not Capacity.PAYER
        self.widen_sides()
        self._face = PortraitFrame(look, desk.scene.portrait, height_mm=_FACE_MM)
        line = row(look, gap_mm=3.4)
        if is_tight(look):
            self._face.hide()
        else:
            line.addWidget(self._face)
        parts: tuple[QWidget, ...] = (self._who(), self._behalf())
        line.addWidget(Flow(look, parts, gap_mm=4.0, stretch=True), 1)
        self.rows.addLayout(line)
        if self._stating and desk.sheet.capacity is not Capacity.SELF:
            self.rows.addWidget(self._other())

    def show_face(self, portrait: Portrait) -> None:
        self._face.show_face(portrait)

    def acts(self) -> tuple[KeyAct, ...]:
        texts = self.look.texts
        acts = [KeyAct("Alt+0", texts("Show"), self._desk.reveal)]
        if self._stating:
            acts += [
                KeyAct(
                    f"Alt+{at}", texts(CAPACITY_TEXTS[capacity]), partial(self._desk.filling.choose_capacity, capacity)
                )
                for at, capacity in enumerate(_CAPACITIES, start=1)
                if self._desk.filling.may_serve_as(capacity)
            ]
        return tuple(acts)

    def _who(self) -> QWidget:
        look, texts, scene = self.look, self.look.texts, self._desk.scene
        assert scene.identity is not None
        whole = QWidget()
        name = scene.identity.full_name(texts.language) or texts("Name not given")
        stack = column(look, Text(look, name, role="strong"), gap_mm=1.0)
        said = number_words(scene.identity.number, texts, whole=self._desk.sheet.revealed)
        told = Text(look, said, colour="ink2", wrap=False)
        told.setObjectName("national_number")
        words = texts("Hide") if self._desk.sheet.revealed else texts("Show")
        reveal = KeyButton(look, words, "Alt+0", name="reveal", kind=KeyButtonKind.QUIET, icon="eye")
        reveal.when_pressed(self._desk.reveal)
        badge = Badge(look, identified_words(scene, texts), icon="shield-check")
        stack.addWidget(Flow(look, (told, reveal, badge), gap_mm=3.0))
        whole.setLayout(stack)
        return whole

    def _behalf(self) -> QWidget:
        look, texts, desk = self.look, self.look.texts, self._desk
        whole = QWidget()
        stack = column(look, gap_mm=1.0)
        whole.setLayout(stack)
        if not self._stating:
            capacity = desk.scene.behalf.capacity
            stack.addWidget(Text(look, texts(CAPACITY_TEXTS[capacity]), strong=True))
            if desk.scene.behalf.number:
                number = texts.masked(desk.scene.behalf.number)
                stack.addWidget(Text(look, texts("For national number {number}", number=number), colour="ink2"))
            return whole
        segments = tuple(
            Segment(
                capacity.value,
                texts(CAPACITY_TEXTS[capacity]),
                f"Alt+{at}",
                allowed=desk.filling.may_serve_as(capacity),
            )
            for at, capacity in enumerate(_CAPACITIES, start=1)
        )
        if not is_tight(look):
            stack.addWidget(Text(look, texts("For whom"), colour="ink2", wrap=False))
        stack.addWidget(Segments(look, "behalf", segments, desk.sheet.capacity.value, self._choose))
        return whole

    def _choose(self, capacity: str) -> None:
        self._desk.filling.choose_capacity(Capacity(capacity))

    def _other(self) -> QWidget:
        """The other person's number, and the paper that shows who may act."""
        look, texts, sheet = self.look, self.look.texts, self._desk.sheet
        mistake = dict(self._desk.scene.mistakes).get(BEHALF, "") if self._desk.scene.state in FORM else ""
        number = Field(
            look,
            texts("The other person's national number"),
            name="other_number",
            text=sheet.other_number,
            hint=texts("10 digits"),
            mistake=texts(mistake) if mistake else "",
            numbers=True,
            characters=16,
        )
        number.when_edited(self._type_number)
        papers = BEHALF_DOCUMENTS[sheet.capacity]
        options = tuple((paper.value, texts(DOCUMENT_TEXTS[paper])) for paper in papers)
        label = texts("Document seen")
        chooser = Chooser(
            look,
            options,
            sheet.other_document.value,
            name="other_document",
            accessible=label,
            choose=self._choose_document,
        )
        return Flow(look, (number, ChooserField(look, label, chooser)), gap_mm=3.4)

    def _type_number(self, text: str) -> None:
        self._desk.sheet.other_number = text

    def _choose_document(self, document: str) -> None:
        self._desk.sheet.other_document = DocumentSeen(document)
