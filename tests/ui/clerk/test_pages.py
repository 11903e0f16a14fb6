"""Every page of the counter, on every panel and in both languages: nothing is cut, and every act has its key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from kiosk.events import FormFilled
from kiosk.offline import Bound, Use
from kiosk.texts import Texts, without_isolates
from tests.ui import checks
from tests.ui.clerk.pages import FINES, PAGES, TYPED, desk_at
from tests.ui.samples import OFFICE
from tests.ui.staff.checks import faults
from tests.ui.windows import take_away
from ui.clerk.citizen_display import CitizenDisplay
from ui.clerk.desk import Desk
from ui.clerk.page import CounterPage
from ui.look import Panel, Presentation
from ui.preview import FULL_HD
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.offline_words import waiting_words
from ui.staff.strip import Pill, StripFacts
from ui.staff.table_row import RowView
from ui.staff.window import StaffWindow
from ui.theme import TextSize, Tokens
from ui.widgets.text import Text

SMALL = Panel(1366, 768, 18.5)
LAPTOP = Panel(1366, 768, 15.6)
PANELS = [
    (FULL_HD, TextSize.M),
    (FULL_HD, TextSize.XL),
    (FULL_HD, TextSize.S),
    (SMALL, TextSize.M),
    (SMALL, TextSize.L),
    (SMALL, TextSize.XL),
    (LAPTOP, TextSize.M),
]

pytestmark = [pytest.mark.usefixtures("qapp", "artwork"), pytest.mark.long(seconds=30)]


def window_of(
    desk: Desk,
    tokens: Tokens,
    texts: dict[str, Texts],
    panel: Panel = FULL_HD,
    presentation: Presentation | None = None,
) -> StaffWindow:
    window = StaffWindow(tokens, panel, texts, OFFICE, presentation=presentation)
    words = window.look.texts
    person = words.of(desk.member.name) if desk.member else ""
    pills = (
        Pill(words.plural("{n} call for help", "{n} calls for help", 2), "warn", "bell-ring", "F6"),
        Pill(words("Refused: {n}", n=2), "warn", "triangle-alert", "F11", is_said_below=True),
        Pill(waiting_words(412, (Use("", Bound.COUNT, 412, 500),), words), "warn", "cloud-upload"),
        Pill(words("Offline, service continues"), "warn", "cloud-off"),
    )
    window.show_facts(StripFacts(person=person, pills=pills, when=("10:46", "23/11/2026")))
    window.show()
    window.activateWindow()
    window.show_page(lambda look: CounterPage(look, desk))
    for _ in range(3):
        QApplication.processEvents()
    return window


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("due", ("Profession licence 2027", "2 amounts · Company national number: 200012345")),
        ("credit", ("There is nothing to pay", "Credit in your favour: 64.250 JD")),
        ("on-file", ("Paid until: 31/12/2026",)),
    ],
)
def test_what_is_due_and_on_file_is_told_in_words_of_its_own(
    page: str, words: tuple[str, ...], tokens: Tokens, texts: dict[str, Texts]
) -> None:
    window = window_of(PAGES[page](), tokens, texts, presentation=Presentation("en"))
    told = [each.text() for each in window.findChildren(Text)]
    told += [each.accessibleName() for each in window.findChildren(RowView)]
    said = without_isolates("\n".join(told)).replace("\u00a0", " ")
    take_away(window)
    assert [one for one in words if one not in said] == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("panel", "size"), PANELS)
def test_no_page_has_a_fault(
    panel: Panel, size: TextSize, language: str, tokens: Tokens, texts: dict[str, Texts]
) -> None:
    found = []
    for name, make in PAGES.items():
        window = window_of(make(), tokens, texts, panel, Presentation(language, size))
        found += [f"{name}: {fault}" for fault in faults(window)]
        take_away(window)
    assert found == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", [Panel(1280, 800, 15.6), FULL_HD, Panel(1024, 768, 12.1)])
def test_no_page_of_the_citizens_screen_has_a_fault(
    panel: Panel, language: str, tokens: Tokens, texts: dict[str, Texts]
) -> None:
    found = []
    for name, make in PAGES.items():
        display = CitizenDisplay(tokens, panel, texts, OFFICE, lambda _event: None)
        display.show()
        if language == "en":
            display.switch_language()
        display._scene = make().scene
        display._build()
        QApplication.processEvents()
        found += [f"{name}: {fault}" for fault in (*checks.cut(display), *checks.overlapping(display))]
        take_away(display)
    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_at_most_one_button_is_filled(name: str, tokens: Tokens, texts: dict[str, Texts]) -> None:
    window = window_of(PAGES[name](), tokens, texts)
    filled = [
        button.objectName()
        for button in window.findChildren(KeyButton)
        if button.kind is KeyButtonKind.PRIMARY and button.isVisibleTo(window)
    ]
    assert len(filled) <= 1, filled
    take_away(window)


@pytest.mark.parametrize("name", PAGES)
def test_every_act_shows_its_key(name: str, tokens: Tokens, texts: dict[str, Texts]) -> None:
    """What can be pressed with the mouse is done by a key of the page, or by Enter where the focus can go."""
    window = window_of(PAGES[name](), tokens, texts)
    keys = {act.key for act in (*window.page.acts(), *window.page.bar()) if act.act is not None}
    for button in window.findChildren(KeyButton):
        if button.isVisibleTo(window) and button.isEnabled() and button.key:
            assert button.key in keys or button.objectName() == "resume_typed", button.objectName()
    take_away(window)


@pytest.mark.parametrize("name", ["free-saved", "form-parent-wrong", "check-cash", "done"])
def test_tab_goes_round_the_page_and_the_ring_shows_where(name: str, tokens: Tokens, texts: dict[str, Texts]) -> None:
    window = window_of(PAGES[name](), tokens, texts)
    native = window.windowHandle()
    assert native is not None
    wanted = {
        widget.objectName()
        for widget in checks.visible(window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
    }
    reached = set()
    for _ in range(2 * len(wanted)):
        QTest.keyClick(native, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused.objectName())
        assert window._ring.isVisible()
        assert window._ring.geometry().contains(checks.rectangle(window, focused.objectName()) or window.rect())
    assert reached == wanted
    take_away(window)


def amount_on(window: QWidget) -> str:
    return next(
        without_isolates(text.text())
        for text in window.findChildren(Text)
        if text.objectName() == "amount" and text.isVisibleTo(window)
    )


@pytest.mark.parametrize("name", ["check-cash", "check-card", "check-proxy", "check-many", "paying", "receipt", "done"])
def test_the_amount_is_the_same_on_both_screens(name: str, tokens: Tokens, texts: dict[str, Texts]) -> None:
    desk = PAGES[name]()
    window = window_of(desk, tokens, texts)
    display = CitizenDisplay(tokens, SMALL, texts, OFFICE, lambda _event: None)
    display.show()
    display.show_scene(desk.scene)
    assert amount_on(window) == amount_on(display)
    assert amount_on(window) == without_isolates(texts["ar"].amount(desk.scene.total_fils))
    take_away(window, display)


def test_a_scanned_paper_is_no_changed_field_and_enter_goes_on_with_the_form() -> None:
    """Else nothing that wants a paper could be paid at the counter, and Enter would open the paper again."""
    desk = PAGES["paper-check"]()
    assert not desk.filling.changed()
    desk = PAGES["paper-page"]()
    desk.close_over()
    assert desk.focus == "enquire"


def test_the_field_says_between_what_an_amount_may_lie(tokens: Tokens, texts: dict[str, Texts]) -> None:
    """As the citizen's page does: a clerk need not try it out."""
    window = window_of(PAGES["wage"](), tokens, texts, presentation=Presentation("en"))
    entry = next(one for one in window.findChildren(QLineEdit) if one.objectName() == "step:wage")
    assert without_isolates(entry.placeholderText()) == "From 290.000\xa0JD to 1,200.000\xa0JD"
    take_away(window)


def test_a_clerk_is_told_why_a_foreigner_cannot_have_a_service(tokens: Tokens, texts: dict[str, Texts]) -> None:
    window = window_of(PAGES["passport-not-offered"](), tokens, texts, presentation=Presentation("en"))
    shown = [one.text() for one in window.findChildren(Text) if one.isVisibleTo(window)]
    assert "This service needs the national smart card" in shown
    assert any(one.startswith("Passport ") and without_isolates(one).endswith("1203") for one in shown)
    take_away(window)


def test_a_payer_is_not_told_where_another_person_was(tokens: Tokens, texts: dict[str, Texts]) -> None:
    form = FormFilled((("search_by", "other"), ("owner", "9990001112"), ("plate", "12-34567")))
    window = window_of(desk_at(TYPED, FINES, form), tokens, texts)
    told = " ".join(widget.accessibleName() for widget in checks.visible(window))
    assert "20.000" in told
    assert "شارع الجامعة" not in told
    assert "03/11/2026" not in told
    take_away(window)


def test_a_fee_is_told_and_there_is_nothing_to_tick(tokens: Tokens, texts: dict[str, Texts]) -> None:
    for name, ticks in (("check-fee", False), ("check-card", True)):
        window = window_of(PAGES[name](), tokens, texts)
        rows = [row for row in window.findChildren(RowView) if row.isVisible()]
        assert len(rows) > 1
        assert any(row.isCheckable() and row.isEnabled() for row in rows) is ticks
        assert bool(window.findChildren(QWidget, "all")) is ticks
        take_away(window)
