"""What a technician is doing: who it is, what was found so far, what runs now. No widgets, and no waiting.

Everything that may block is handed to `run`, and its answer comes back on the screen's thread. Every act is
written to the staff's journal; a journal that cannot be written keeps nobody from mending what is wrong.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from kiosk.diagnostics import Check, Finding, Health
from kiosk.failures import FAILURES, ServiceFailure
from kiosk.receipt import PrintState
from kiosk.report import Report, save
from kiosk.staff import Role, SignInRefused, StaffAct, StaffMember, StaffNote, StaffRegister
from kiosk.technician import PrinterTest, QueueHealth
from kiosk.texts import message
from ui.technician.errands import Run
from ui.technician.parts import TechnicianParts
from ui.technician.sections import Section, belongs

MAY_ENTER = frozenset({Role.TECHNICIAN, Role.SUPERVISOR})

_ACTS_SHOWN = 60
_CARD_CHECK = "test_card"

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What an act came to, for the line above the key bar: a message id, and what fills its place {what}."""

    text: str
    what: str = ""
    health: Health = Health.GOOD


class Session(QObject):
    """From the sign-in page to the sign-out. Attributes are read by the pages and written here only.

    Signals:
        changed(): something that the page shows is different.
        entered(): somebody has signed in, or been refused.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, parts: TechnicianParts, run: Run) -> None:
        super().__init__()
        self.parts = parts
        self._run = run
        self.members: tuple[StaffMember, ...] = ()
        self.waiting = True  # for the names
        self.member: StaffMember | None = None
        self.since: datetime | None = None
        self.refused: SignInRefused | None = None
        self.turned_away = ""
        self.tried = ""
        self.checking = False
        self.section = Section.CHECKS
        self.findings: dict[str, Finding] = {}
        self.running: set[str] = set()
        self.chosen: dict[Section, str] = {}
        self.queue: QueueHealth | None = None
        self.report: Report | None = None
        self.acts: tuple[StaffNote, ...] = ()
        self.told: Told | None = None
        self.busy = False
        self.ran_at: datetime | None = None
        self._visit = 0
        self._queue_asked = False

    # -- signing in and out

    def begin(self) -> None:
        """The names for the sign-in page."""
        self._away(partial(_may_enter, self.parts.register), self._have_members)

    def sign_in(self, staff_id: str, pin: bytearray) -> None:
        self.tried, self.checking, self.refused, self.turned_away = staff_id, True, None, ""

        self._away(partial(_sign_in, self.parts.register, staff_id, pin), self._have_member)

    def enter(self, member: StaffMember) -> None:
        """Somebody whose PIN was right, here or at the counter."""
        if member.role in MAY_ENTER:
            self.member, self.since = member, self.parts.clock.now()
            self._note(StaffAct.OPENED_TECHNICIAN_PAGE)
        else:
            self.turned_away = message("This page is for technicians and supervisors")
        self.entered.emit()

    def sign_out(self, act: StaffAct = StaffAct.SIGNED_OUT) -> None:
        """Nothing of this technician is shown to the next one."""
        self._note(act)
        self._visit += 1
        self.member = self.since = self.refused = self.told = self.report = self.queue = None
        self.findings, self.running, self.chosen, self.acts = {}, set(), {}, ()
        self.section, self.checking, self.busy, self._queue_asked = Section.CHECKS, False, False, False

    # -- what is shown

    def show(self, section: Section) -> None:
        self.section = section
        if section is Section.QUEUE:
            self._ask_queue()
        if section is Section.VERSIONS:
            self._ask_journal()
        self.changed.emit()

    def listed(self) -> tuple[Check, ...]:
        """The checks of the section that is shown."""
        return tuple(check for check in self.parts.examination.checks if belongs(check, self.section))

    def choose(self, identifier: str) -> None:
        self.chosen[self.section] = identifier
        self.changed.emit()

    def chosen_check(self) -> Check | None:
        """The one that is marked; else the first that is not well, else the first."""
        listed = self.listed()
        marked = self.chosen.get(self.section)
        wanted = [check for check in listed if check.id == marked]
        bad = [check for check in listed if self._health(check) is Health.BAD]
        late = [check for check in listed if self._health(check) is Health.WARNING]
        return next(iter((*wanted, *bad, *late, *listed)), None)

    def step(self, by: int) -> None:
        """Marks the next or the previous check of the section."""
        listed, now = self.listed(), self.chosen_check()
        if now is not None:
            place = min(max(0, listed.index(now) + by), len(listed) - 1)
            self.choose(listed[place].id)

    def _health(self, check: Check) -> Health | None:
        finding = self.findings.get(check.id)
        return None if finding is None else finding.measured.health

    # -- acts

    def run_all(self) -> None:
        self._note(StaffAct.RAN_CHECKS, "all")
        self.findings.clear()
        self.ran_at = None
        for check in self.parts.examination.checks:
            self._start(check)
        if self.report is None:
            self._away(partial(self.parts.report, ()), self._have_facts)
        self.changed.emit()

    def run_again(self) -> None:
        check = self.chosen_check()
        if check is not None and check.id not in self.running:
            self._note(StaffAct.RAN_CHECKS, check.id)
            self._start(check)
            self.changed.emit()

    def test_card(self) -> None:
        check = next((check for check in self.parts.examination.checks if check.id == _CARD_CHECK), None)
        if check is None or check.id in self.running:
            return
        self._note(StaffAct.TESTED_CARD)
        if not belongs(check, self.section):
            self.section = Section.CHECKS
        self.chosen[self.section] = check.id
        self._start(check)
        self.changed.emit()

    def print_test_page(self) -> None:
        parts = self.parts
        self._note(StaffAct.PRINTED_TEST_PAGE, "test page")
        page = PrinterTest(terminal=parts.terminal, office=parts.office, at=parts.clock.now())
        self._print(lambda: parts.printer.print_test_page(page))

    def print_self_test(self) -> None:
        parts, findings = self.parts, self.found()
        self._note(StaffAct.PRINTED_TEST_PAGE, "self-test slip")
        self._print(lambda: parts.printer.print_self_test(parts.report(findings), parts.office))

    def save_report(self) -> None:
        parts, findings = self.parts, self.found()
        self._note(StaffAct.SAVED_REPORT)

        def work() -> Told:
            try:
                file = save(parts.report(findings), parts.state)
            except OSError:
                return Told(message("The report was not saved: the disk cannot be written"), health=Health.BAD)
            return Told(message("The report is saved: {what}"), file.name)

        self._act(message("The report is being saved"), work)

    def deliver_now(self) -> None:
        parts = self.parts
        self._note(StaffAct.DELIVERED_NOW)

        def work() -> Told:
            parts.delivery.deliver_now()
            return Told(message("The centre is asked now"))

        self._act(message("The centre is asked now"), work)
        self._ask_queue()

    # -- behind them

    def _start(self, check: Check) -> None:
        self.running.add(check.id)
        self._away(partial(self.parts.examination.run, check), self._have_finding)

    def _print(self, work: Callable[[], PrintState]) -> None:
        self._act(message("The page is being printed"), partial(_printed, work))

    def _act(self, meanwhile: str, work: Callable[[], Told]) -> None:
        self.busy, self.told = True, Told(meanwhile, health=Health.NOT_REACHED)
        self._away(partial(_shielded, work), self._have_told)
        self.changed.emit()

    def keep_up(self) -> None:
        """Once a second: what stands in the delivery section does not grow old."""
        if self.section is Section.QUEUE and not self._queue_asked:
            self._ask_queue()

    def _ask_queue(self) -> None:
        self._queue_asked = True
        self._away(self.parts.delivery.health, self._have_queue)

    def _ask_journal(self) -> None:
        self._away(partial(self.parts.register.acts, _ACTS_SHOWN), self._have_acts)

    def found(self) -> tuple[Finding, ...]:
        return tuple(self.findings[check.id] for check in self.parts.examination.checks if check.id in self.findings)

    def _note(self, act: StaffAct, detail: str = "") -> None:
        member, register = self.member, self.parts.register
        if member is not None:
            self._run(lambda: register.note(member, act, detail), lambda _done: None)

    # -- what comes back, on the screen's thread

    def _away(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """`then` is dropped where somebody else has signed in since."""
        self._run(work, partial(self._hear, self._visit, then))

    def _hear(self, visit: int, then: Callable[[object], None], answer: object) -> None:
        if visit == self._visit:
            then(answer)

    def _have_members(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        self.members, self.waiting = answer, False
        self.entered.emit()

    def _have_member(self, answer: object) -> None:
        self.checking = False
        if isinstance(answer, SignInRefused):
            self.refused = answer
        elif isinstance(answer, StaffMember):
            self.enter(answer)
            return
        else:
            self.turned_away = message("The sign-in could not be recorded. Look at the disk with `main.py diagnose`")
        self.entered.emit()

    def _have_finding(self, answer: object) -> None:
        assert isinstance(answer, Finding)
        self.running.discard(answer.id)
        self.findings[answer.id] = answer
        if not self.running:
            self.ran_at = answer.at
        self.changed.emit()

    def _have_facts(self, answer: object) -> None:
        assert isinstance(answer, Report)
        self.report = answer
        self.changed.emit()

    def _have_queue(self, answer: object) -> None:
        assert isinstance(answer, QueueHealth)
        self.queue, self._queue_asked = answer, False
        self.changed.emit()

    def _have_acts(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        self.acts = answer
        self.changed.emit()

    def _have_told(self, answer: object) -> None:
        assert isinstance(answer, Told)
        self.busy, self.told = False, answer
        self.changed.emit()


# ---------------------------------------------------------------- away from the screen: no QObject here


def _may_enter(register: StaffRegister) -> tuple[StaffMember, ...]:
    return tuple(member for member in register.members() if member.role in MAY_ENTER)


def _sign_in(register: StaffRegister, staff_id: str, pin: bytearray) -> StaffMember | SignInRefused | ServiceFailure:
    try:
        return register.sign_in(staff_id, pin)
    except (SignInRefused, ServiceFailure) as refused:
        return refused


def _printed(work: Callable[[], PrintState]) -> Told:
    try:
        state = work()
    except ServiceFailure as failure:
        return Told(FAILURES[failure.failure].title, health=Health.BAD)
    if state is PrintState.CONFIRMED:
        return Told(message("The page is printed: compare it with what it says of itself"))
    return Told(message("The printer did not say whether the page came out"), health=Health.WARNING)


def _shielded(work: Callable[[], Told]) -> Told:
    try:
        return work()
    except Exception as bug:  # the page must not wait for ever for an act that has died
        log.error("a technician's act died of %s", type(bug).__name__)
        return Told(message("This could not be done"), health=Health.BAD)
