"""What every section of the technician's page stands in: the sections with their keys, the line of what was done, and
the keys that work everywhere."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.diagnostics import Health
from ui.look import Look
from ui.staff.keys import KeyAct
from ui.staff.page import StaffPage
from ui.technician.leaving import Leaving
from ui.technician.section_button import SectionButton
from ui.technician.sections import TITLES, Section
from ui.technician.session import Session, Told
from ui.technician.signs import RUNNING, SIGNS
from ui.widgets.layouts import row
from ui.widgets.picture import Icon
from ui.widgets.text import Text

_SECTIONS_MM = 48.0
_SECTIONS_SMALL_MM = 42.0


class Frame(StaffPage):
    """Subclasses fill `self.main`, and say in `refresh` what has changed."""

    def __init__(self, look: Look, session: Session, leaving: Leaving) -> None:
        super().__init__(look, margin_mm=0.0)
        self.session = session
        self.section = session.section
        self._leaving = leaving
        self._told_now: Told | None = None
        self._refreshing = False
        self.setObjectName(f"page:technician:{session.section.name.lower()}")
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._sections())
        centre = QVBoxLayout()
        edge = look.px(4.0)
        centre.setContentsMargins(edge, look.px(3.0), edge, look.px(2.0))
        centre.setSpacing(look.px(2.4))
        self.main = QVBoxLayout()
        self.main.setSpacing(look.px(2.4))
        centre.addLayout(self.main, 1)
        self._line = QVBoxLayout()
        centre.addLayout(self._line)
        across.addLayout(centre, 1)
        self.side = QVBoxLayout()
        across.addLayout(self.side)
        self.content.addLayout(across, 1)
        session.changed.connect(self._changed)
        self._show_told()

    def refresh(self) -> None:
        """Shows what the session has now."""

    def first_focus(self) -> QWidget | None:
        return self.findChild(SectionButton, f"section:{self.section.value}")

    def bar(self) -> tuple[KeyAct, ...]:
        texts, session, leaving = self.look.texts, self.session, self._leaving
        idle = not session.busy
        return (
            KeyAct("A", texts("Run all"), session.run_all),
            KeyAct("C", texts("Card test"), session.test_card),
            KeyAct("P", texts("Print test page"), session.print_test_page if idle else None),
            KeyAct("L", texts("Print slip"), session.print_self_test if idle else None),
            KeyAct("S", texts("Save report"), session.save_report if idle else None),
            KeyAct("F12", texts("Back to service"), leaving.back_to_service),
            KeyAct("Esc", texts("Sign out"), leaving.sign_out),
        )

    def acts(self) -> tuple[KeyAct, ...]:
        texts = self.look.texts
        return tuple(
            KeyAct(str(section.value), texts(TITLES[section]), partial(self.session.show, section))
            for section in Section
        )

    def _sections(self) -> QWidget:
        look = self.look
        side = _Side(look)
        stack = QVBoxLayout(side)
        edge = look.px(2.2)
        stack.setContentsMargins(edge, look.px(2.6), edge, look.px(2.6))
        stack.setSpacing(look.px(0.8))
        for section in Section:
            button = SectionButton(look, section)
            button.setChecked(section is self.session.section)
            button.when_pressed(partial(self.session.show, section))
            stack.addWidget(button)
        stack.addStretch(1)
        if not look.largest:
            stack.addWidget(Text(look, look.texts("The screen dims after 2 minutes without a key."), colour="ink2"))
            side.setFixedWidth(look.px(_SECTIONS_MM if look.wide else _SECTIONS_SMALL_MM))
        return side

    @Slot()
    def _changed(self) -> None:
        """Findings come in bursts: the page is put right once for all of them."""
        if not self._refreshing:
            self._refreshing = True
            QTimer.singleShot(0, self, self._put_right)

    @Slot()
    def _put_right(self) -> None:
        self._refreshing = False
        # A page that the window has thrown away has nothing to show any more.
        if self.session.section is not self.section or self.session.member is None or self.parent() is None:
            return
        self.refresh()
        if self.session.told is not self._told_now:
            self._show_told()
            self.acts_changed.emit()

    def _show_told(self) -> None:
        """One line above the keys: what the last act came to; else what holds of every report."""
        look, texts = self.look, self.look.texts
        while (item := self._line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self._told_now = told = self.session.told
        if told is None:
            self._line.addWidget(Text(look, texts("Reports hold no personal data."), colour="ink2"))
            return
        sign = RUNNING if told.health is Health.NOT_REACHED else SIGNS[told.health]
        holder = QWidget()
        holder.setObjectName("told")
        holder.setAccessibleName(texts(told.text, what=told.what))
        holder.setLayoutDirection(look.direction)
        line = row(look, Icon(look, sign.icon, colour=sign.colour), gap_mm=1.6)
        line.addWidget(Text(look, texts(told.text, what=told.what), strong=True), 1, Qt.AlignmentFlag.AlignVCenter)
        holder.setLayout(line)
        self._line.addWidget(holder)


class _Side(QWidget):
    """The ground of the sections' column, with a hair line towards the page."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setLayoutDirection(look.direction)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.colour("surface"))
        hair = look.px(look.tokens.line.hair)
        left = 0 if look.right_to_left else self.width() - hair
        painter.fillRect(left, 0, hair, self.height(), look.colour("line"))
        painter.end()
