"""The technician's window: sign-in, the page, and the times after which it dims, signs out, or gives way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

from kiosk.staff import StaffAct, StaffMember
from kiosk.texts import LEGAL_TIME, Texts
from ui.look import Look, Panel, Presentation
from ui.staff.page import StaffPage
from ui.staff.sign_in import ROLE_TEXTS
from ui.staff.strip import Pill, StripFacts
from ui.staff.window import StaffWindow, throw_away
from ui.technician.checks_page import ChecksPage
from ui.technician.dark import Dark
from ui.technician.errands import Run
from ui.technician.facts_page import FactsPage
from ui.technician.leaving import Leaving
from ui.technician.letters import pressed_letter
from ui.technician.parts import TechnicianParts
from ui.technician.queue_page import QueuePage
from ui.technician.sections import Section
from ui.technician.session import Session
from ui.technician.sign_in_page import TechnicianSignIn
from ui.theme import Tokens

DIM_SECONDS: Final = 120.0
LEAVE_SECONDS: Final = 900.0
"""Without a key so long, whoever signed in is signed out and the terminal serves again."""
SIGN_IN_SECONDS: Final = 60.0
"""An opened sign-in page that nobody uses must not keep people from being served."""

_TICK_MS: Final = 1000
_PAGES: Final[Mapping[Section, type[ChecksPage | QueuePage | FactsPage]]] = {
    Section.QUEUE: QueuePage,
    Section.SETTINGS: FactsPage,
    Section.VERSIONS: FactsPage,
}


class TechnicianWindow(StaffWindow):
    """`open()` once; it closes itself, and is thrown away by whoever made it when `left` says so.

    `run` does blocking work away from the screen; `monotonic` gives seconds.

    Signals:
        left(): the terminal may serve again.
    """

    left = Signal()

    def __init__(
        self,
        tokens: Tokens,
        panel: Panel,
        texts: Mapping[str, Texts],
        parts: TechnicianParts,
        run: Run,
        *,
        presentation: Presentation | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(tokens, panel, texts, parts.office, presentation=presentation, mode=parts.mode)
        self.session = Session(parts, run)
        self._parts = parts
        self._monotonic = monotonic
        self._used_at = monotonic()
        self._shown: Section | None = None
        self._dark: Dark | None = None
        self._has_left = False
        self._leaving = Leaving(back_to_service=self.leave, sign_out=self._sign_out)
        self.setObjectName("technician")
        self.used.connect(self._note_use)
        self.session.entered.connect(self._entered)
        self.session.changed.connect(self._changed)
        self._ticks = QTimer(self)
        self._ticks.timeout.connect(self.tick)

    def open(self) -> None:
        self.session.begin()
        self._show_sign_in()
        self._ticks.start(_TICK_MS)
        self._show_strip()

    def enter(self, member: StaffMember) -> None:
        """Without the sign-in page: who it is was proven elsewhere."""
        self.session.enter(member)

    @Slot()
    def leave(self) -> None:
        """Signs out and gives the terminal back."""
        self._leave(StaffAct.SIGNED_OUT)

    @Slot()
    def tick(self) -> None:
        """Once a second: the strip's clock, and what happens to a page that nobody uses."""
        idle = self._monotonic() - self._used_at
        self._show_strip()
        if self.session.member is None:
            if idle >= SIGN_IN_SECONDS and not self.session.checking:
                self.leave()
        elif idle >= LEAVE_SECONDS:
            self._leave(StaffAct.LEFT_ALONE)
        elif idle >= DIM_SECONDS:
            self._dim()
        else:
            self.session.keep_up()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave(StaffAct.SIGNED_OUT)
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = pressed_letter(event)
        acts = (*self.page.bar(), *self.page.acts())
        act = next((act.act for act in acts if letter and act.key == letter and act.act is not None), None)
        if act is not None:
            act()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._dark is not None:
            self._dark.setGeometry(self.rect())

    def line_changed(self) -> None:
        """The strip's pill; the history has it already."""
        self._show_strip()

    # -- pages

    def _show_sign_in(self) -> None:
        self._shown = None
        self.show_page(lambda look: TechnicianSignIn(look, self.session, self._leaving))

    def _show_section(self) -> None:
        self._shown = self.session.section
        self.show_page(self._make_section)

    def _make_section(self, look: Look) -> StaffPage:
        return _PAGES.get(self.session.section, ChecksPage)(look, self.session, self._leaving)

    @Slot()
    def _entered(self) -> None:
        if self.session.member is None:
            self._show_sign_in()
        else:
            self.session.run_all()
            self._show_section()
        self._show_strip()

    @Slot()
    def _changed(self) -> None:
        QTimer.singleShot(0, self, self._surround_focus)  # the marked row may stand elsewhere now
        if self.session.member is not None and self._shown is not self.session.section:
            self._show_section()

    def _sign_out(self) -> None:
        self.session.sign_out()
        self._show_sign_in()
        self._show_strip()

    def _leave(self, act: StaffAct) -> None:
        if self._has_left:
            return
        self._has_left = True
        self._ticks.stop()
        self.session.sign_out(act)
        self.left.emit()

    # -- time

    @Slot()
    def _note_use(self) -> None:
        self._used_at = self._monotonic()

    def _dim(self) -> None:
        if self._dark is None:
            self._dark = Dark(self.look, self)
            self._dark.woken.connect(self._wake)
            self._dark.show()
            self._dark.raise_()
            self._dark.setFocus(Qt.FocusReason.OtherFocusReason)
        self._dark.wander()

    @Slot()
    def _wake(self) -> None:
        self._note_use()
        if self._dark is not None:
            throw_away(self._dark)
            self._dark = None
        self.setFocus()

    def _show_strip(self) -> None:
        texts, session, now = self.look.texts, self.session, self._parts.clock.now()
        member = session.member
        figures = [(texts("Terminal"), texts.isolated(self._parts.terminal))]
        if member is not None and session.since is not None:
            figures.append((texts("Since"), texts("{time}, every act is recorded", time=texts.time(session.since))))
        figures.append((texts("For the public"), texts("Out of service")))
        role = texts(ROLE_TEXTS[member.role]) if member else ""
        person = texts("{name} · {role}", name=texts.of(member.name), role=role) if member else ""
        when = (f"{now.astimezone(LEGAL_TIME):%H:%M}", texts.date(now))
        self.show_facts(StripFacts(person=person, figures=tuple(figures), pills=self._line_pill(), when=when))

    def _line_pill(self) -> tuple[Pill, ...]:
        texts, history = self.look.texts, self._parts.line
        since = history.down_since()
        if since is not None:
            minutes = max(0, int((self._parts.clock.now() - since).total_seconds() // 60))
            return (Pill(texts("Offline for {n} min", n=str(minutes)), "warn", "cloud-off"),)
        return (Pill(texts("Online"), "ok", "wifi"),) if history.is_known() else ()


def make_beside(look: Look, parts: TechnicianParts, run: Run) -> TechnicianWindow:
    """A window for the panel and in the language of the one that `look` is of; the usual size and contrast."""
    texts = {"ar": Texts("ar"), "en": Texts("en")}
    language = Presentation(look.presentation.language)
    return TechnicianWindow(look.tokens, look.panel, texts, parts, run, presentation=language)
