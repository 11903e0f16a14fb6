"""A terminal to look at: checks with chosen answers, and fakes of register, printer and delivery behind their ports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from kiosk.diagnostics import (
    DAYS,
    MINUTES,
    OFFLINE_SERVES,
    Check,
    Examination,
    Finding,
    Group,
    Health,
    Measured,
    StepFound,
    at_least,
    at_most,
    counted,
    gigabytes,
    joined,
    milliseconds,
    seconds,
    told,
)
from kiosk.facts import Fact, own_versions, settings_in_force
from kiosk.line_history import LineHistory
from kiosk.offline import Bound, Use
from kiosk.receipt import PrintState
from kiosk.report import Report
from kiosk.settings import load
from kiosk.staff import (
    TRIES,
    Refusal,
    Role,
    SignInRefused,
    StaffAct,
    StaffMember,
    StaffNote,
    wipe,
)
from kiosk.technician import PrinterTest, QueueEntry, QueueHealth
from kiosk.wire import Words
from ui.technician.parts import TechnicianParts

NOW = datetime(2026, 11, 23, 7, 46, 8, tzinfo=UTC)
OFFICE = Words(ar="الكرك", en="Karak")
PIN = b"402917"
SAMER = StaffMember(id="samer", name=Words(ar="سامر العبادي", en="Samer Abbadi"), role=Role.TECHNICIAN)
HUDA = StaffMember(id="huda", name=Words(ar="هدى الكركي", en="Huda Karaki"), role=Role.SUPERVISOR)
RANA = StaffMember(id="rana", name=Words(ar="رنا المومني", en="Rana Momani"), role=Role.CLERK)
ROOT = Path(__file__).resolve().parents[3]


class StillClock:
    def now(self) -> datetime:
        return NOW


def good(arabic: str, english: str, limit: Words | None = None, **values: object) -> Measured:
    return Measured(health=Health.GOOD, value=told(arabic, english, **values), limit=limit)


def sample_measured() -> dict[str, Measured]:
    """A terminal without a line: one check failed, two need a look."""
    step = StepFound
    return {
        "card_service": good("تعمل، {n}\u00a0م.ث", "running, {n}\u00a0ms", Words(ar="تعمل", en="running"), n=3),
        "card_reader": good(
            "قارئ واحد، {r}",
            "1 reader, {r}",
            Words(ar="موصول ومعرّف", en="seen on USB and by driver"),
            r="Example 00 00",
        ),
        "test_card": good(
            "الاسم بعد {n}\u00a0ث، أصلية",
            "name after {n} s, genuine",
            told("{n}\u00a0ث", "within {n}\u00a0s", n="1.50"),
            n="0.84",
        ),
        "scanner": good(
            "{n}\u00a0م.ث", "{n}\u00a0ms", told("يرد خلال {n}\u00a0ث", "answers within {n}\u00a0s", n="1.0"), n=1
        ),
        "printer": good("جاهزة، {n}\u00a0م.ث", "ready, {n}\u00a0ms", Words(ar="جاهزة", en="ready"), n=12),
        "paper": Measured(
            health=Health.WARNING,
            value=Words(ar="قارب على الانتهاء", en="running low"),
            limit=Words(ar="لا نقص", en="no shortage"),
            next_step=Words(ar="جهّز لفة ورق جديدة", en="Have a new roll of paper at hand"),
        ),
        "payment_terminal": good("يرد، {n}\u00a0م.ث", "answers, {n}\u00a0ms", Words(ar="يرد", en="answers"), n=9),
        "gateway": Measured(
            health=Health.BAD,
            value=told("لا رد خلال {n}\u00a0ث", "no answer in {n}\u00a0s", n="5.0"),
            limit=told("الرد خلال {n}\u00a0ث", "answer within {n}\u00a0s", n="5.0"),
            meaning=OFFLINE_SERVES,
            next_step=Words(
                ar="افحص الموجّه. إن كان سليمًا فاتصل بمكتب الشبكات واذكر الوقت",
                en="Check the router. If it is well, call the network desk and name the time",
            ),
            steps=(
                step(
                    title=Words(ar="الكابل", en="Cable"),
                    health=Health.GOOD,
                    value=told("موصول ({n})", "link up ({n})", n="eth0"),
                ),
                step(title=Words(ar="العثور على الاسم", en="Name found"), health=Health.GOOD, value=milliseconds(12)),
                step(
                    title=Words(ar="الاتصال", en="Connection"),
                    health=Health.BAD,
                    value=told("لا رد خلال {n}\u00a0ث", "no answer in {n}\u00a0s", n="5.0"),
                ),
                *(
                    step(title=title, health=Health.NOT_REACHED, value=Words(ar="لم نصل إليها", en="not reached"))
                    for title in (
                        Words(ar="القناة الآمنة", en="Secure channel"),
                        Words(ar="الرد", en="Answer"),
                        Words(ar="توقيع المركز", en="Centre's signature"),
                    )
                ),
            ),
            code="L01",
        ),
        "clock": Measured(
            health=Health.WARNING,
            value=Words(ar="لا يُعرف دون اتصال", en="not known without a line"),
            limit=at_most(seconds(60, 0)),
            next_step=Words(ar="أعِد الفحص حين يعود الاتصال", en="Check again when the line is back"),
        ),
        "authority": Measured(
            health=Health.GOOD,
            value=told("بقي {d}", "{d} left", d=counted(212, *DAYS)),
            limit=at_least(counted(30, *DAYS)),
        ),
        "ledger": good(
            "{n} قيدًا، دون انقطاع", "{n} entries, no gap", Words(ar="لا انقطاع", en="no gap, all signed"), n="18,204"
        ),
        "waiting": Measured(
            health=Health.GOOD,
            value=told("{n}، الأقدم {age}", "{n}, oldest {age}", n=4, age=counted(8, *MINUTES)),
            limit=told("الأقدم {age}", "oldest {age}", age=at_most(counted(10, *MINUTES))),
        ),
        "unresolved": good("لا شيء", "none", Words(ar="لا شيء", en="none")),
        "disk": Measured(health=Health.GOOD, value=gigabytes(41_700_000_000), limit=at_least(gigabytes(500_000_000))),
        "keys": good("موجودة، لمستخدم الجهاز وحده", "present, for this user only"),
        "trust": Measured(
            health=Health.GOOD,
            value=joined(told("{n} شهادات", "{n} anchors", n=3), told("منذ {n} يومًا", "{n} days old", n=19)),
            limit=at_most(counted(90, *DAYS)),
        ),
        "services": good("خدمة واحدة", "1 service", Words(ar="تُحمَّل كلها", en="all of them loaded")),
        "texts": good("العربية والإنجليزية", "Arabic and English", Words(ar="كاملة", en="complete")),
        "fonts": good("{n}", "{n}", Words(ar="كاملة", en="complete"), n="IBM Plex Sans Arabic"),
        "power": good("كهرباء الشبكة", "mains", Words(ar="كهرباء الشبكة", en="mains")),
    }


_TITLES = {
    "card_service": (Group.CARD, "خدمة البطاقات", "Card service"),
    "card_reader": (Group.CARD, "القارئ", "Reader"),
    "test_card": (Group.CARD, "بطاقة الفحص", "Test card"),
    "scanner": (Group.CARD, "ماسح البطاقة", "Card scanner"),
    "printer": (Group.PRINTING, "طابعة الإيصالات", "Receipt printer"),
    "paper": (Group.PRINTING, "الورق", "Paper"),
    "payment_terminal": (Group.PRINTING, "جهاز الدفع", "Payment terminal"),
    "gateway": (Group.NETWORK, "بوابة المركز", "Gateway"),
    "clock": (Group.NETWORK, "فرق الساعة", "Clock difference"),
    "authority": (Group.NETWORK, "شهادة البوابة", "Gateway's authority"),
    "ledger": (Group.LEDGER, "تسلسل السجل", "Ledger chain"),
    "waiting": (Group.LEDGER, "بانتظار التسليم", "Waiting to be delivered"),
    "unresolved": (Group.LEDGER, "لم تُحسم بعد", "Unresolved"),
    "disk": (Group.LEDGER, "المساحة الحرة", "Free disk"),
    "keys": (Group.DATA, "مفاتيح الجهاز", "Terminal keys"),
    "trust": (Group.DATA, "بيانات الثقة", "Trust data"),
    "services": (Group.DATA, "الخدمات", "Services"),
    "texts": (Group.DATA, "النصوص", "Texts"),
    "fonts": (Group.DATA, "الخطوط", "Fonts"),
    "power": (Group.MACHINE, "الكهرباء", "Power"),
}


def sample_checks(runs: dict[str, Callable[[], Measured]] | None = None) -> tuple[Check, ...]:
    """The checks of a terminal under their own names; `runs` replaces what some of them do."""
    answers, runs = sample_measured(), runs or {}
    return tuple(
        Check(
            id=name,
            group=group,
            title=Words(ar=arabic, en=english),
            run=runs.get(name, partial(answers.__getitem__, name)),
        )
        for name, (group, arabic, english) in _TITLES.items()
    )


class Register:
    """`kiosk.staff.StaffRegister`, as far as signing in and the journal go; one PIN for everybody."""

    def __init__(self) -> None:
        self.notes: list[StaffNote] = []
        self.wrong = 0

    def members(self) -> tuple[StaffMember, ...]:
        return (HUDA, RANA, SAMER)

    def sign_in(self, staff_id: str, pin: bytearray) -> StaffMember:
        fits = bytes(pin) == PIN
        wipe(pin)
        if self.wrong >= TRIES:
            raise SignInRefused(Refusal.LOCKED, locked_until=NOW + timedelta(minutes=5))
        if not fits:
            self.wrong += 1
            if self.wrong == TRIES:
                raise SignInRefused(Refusal.LOCKED, locked_until=NOW + timedelta(minutes=5))
            raise SignInRefused(Refusal.UNKNOWN_OR_WRONG, tries_left=TRIES - self.wrong)
        self.wrong = 0
        return next(member for member in self.members() if member.id == staff_id)

    def note(self, by: StaffMember, act: StaffAct, detail: str = "") -> None:
        self.notes.append(StaffNote(sequence=len(self.notes) + 1, at=NOW, staff=by.id, act=act, detail=detail))

    def acts(self, limit: int) -> tuple[StaffNote, ...]:
        return tuple(reversed(self.notes))[:limit]

    def unlock(self, staff_id: str, by: StaffMember) -> None: ...
    def add(self, member: StaffMember, pin: bytearray, by: StaffMember) -> None: ...
    def change_pin(self, staff_id: str, pin: bytearray, by: StaffMember) -> None: ...
    def set_active(self, staff_id: str, by: StaffMember, *, active: bool) -> None: ...
    def locked(self) -> dict[str, datetime]:
        return {}


class Printer:
    def __init__(self) -> None:
        self.pages: list[PrinterTest] = []
        self.slips: list[Report] = []

    def print_test_page(self, page: PrinterTest) -> PrintState:
        self.pages.append(page)
        return PrintState.CONFIRMED

    def print_self_test(self, report: Report, office: Words) -> PrintState:
        self.slips.append(report)
        return PrintState.CONFIRMED


class Delivery:
    def __init__(self) -> None:
        self.asked = 0

    def health(self) -> QueueHealth:
        return QueueHealth(
            line_is_up=False,
            waiting=4,
            oldest_waiting_at=NOW - timedelta(minutes=8),
            sent_unknown=1,
            needs_attention=1,
            prepared=0,
            prints_unconfirmed=0,
            trouble="no_line",
            last_answer_at=NOW - timedelta(minutes=12),
            next_try_at=NOW + timedelta(seconds=22),
            offline=(Use("", Bound.COUNT, 412, 500), Use("", Bound.SUM, 4_100_000, 10_000_000)),
            entries=tuple(
                QueueEntry(
                    reference=f"KRK3-{number:06}",
                    state=state,
                    since=NOW - timedelta(minutes=8 - place),
                    attempts=4 - place if state != "committed" else 0,
                    why="no_line" if state != "needs_attention" else "",
                )
                for place, (number, state) in enumerate(
                    (
                        (478, "needs_attention"),
                        (479, "sent"),
                        (480, "committed"),
                        (481, "committed"),
                        (482, "committed"),
                    )
                )
            ),
        )

    def deliver_now(self) -> None:
        self.asked += 1


def sample_history() -> LineHistory:
    history = LineHistory()
    for hours, up in ((23.5, True), (16.4, False), (15.5, True), (8.0, False), (7.9, True), (0.2, False)):
        history.note(NOW - timedelta(hours=hours), up=up)
    return history


def sample_report(findings: tuple[Finding, ...]) -> Report:
    settings = load(ROOT / "assets" / "deployment" / "terminal.toml")
    return Report(
        terminal="KRK3",
        made_at=NOW,
        findings=findings,
        settings=settings_in_force(settings),
        versions=(*own_versions(), Fact(name="SQLite", value="3.53.4"), Fact(name="pcscd", value="1.9.9")),
    )


def sample_parts(folder: Path, *, checks: tuple[Check, ...] | None = None) -> TechnicianParts:
    return TechnicianParts(
        terminal="KRK3",
        office=OFFICE,
        clock=StillClock(),
        examination=Examination(checks or sample_checks(), StillClock()),
        report=sample_report,
        register=Register(),
        printer=Printer(),
        delivery=Delivery(),
        line=sample_history(),
        state=folder,
    )
