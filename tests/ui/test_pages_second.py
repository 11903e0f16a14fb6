"""The pages from the first question to the receipt: whole at every size, and what they show, keep and send."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from kiosk import forms
from kiosk.events import (
    AnotherService,
    Answered,
    Back,
    Cancelled,
    ChangeWanted,
    Confirmed,
    CopyWanted,
    Event,
    LinesPicked,
)
from kiosk.receipt import ReceiptOutcome
from kiosk.scene import Scene, State
from kiosk.texts import without_isolates
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples import FIRST_PAGES
from tests.ui.samples_basket import BASKET_PAGES
from tests.ui.samples_due import DUE_PAGES, DUES
from tests.ui.samples_second import SECOND_PAGES, WRONG_PLATE, done, quoted
from ui.look import Panel, Presentation
from ui.pages.why_amount import WhyAmountPage
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize, ThemeName
from ui.widgets.answer_row import AnswerRow
from ui.widgets.text import Text
from ui.window import Window

PANELS = {"1920x1080": FULL_HD, "1024x768": SMALL}


def press(window: Window, name: str) -> None:
    found = next((each for each in window.findChildren(QWidget, name) if each.isVisibleTo(window)), None)
    assert found is not None, f"nothing is named {name}"
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def names(window: Window, prefix: str) -> list[str]:
    return [each.objectName() for each in checks.visible(window) if each.objectName().startswith(prefix)]


def shown_words(window: Window) -> str:
    texts = (each.text() for each in checks.visible(window) if isinstance(each, Text | QAbstractButton))
    return without_isolates("\n".join(texts)).replace("\u00a0", " ")


# ---------------------------------------------------------------- every page


@pytest.mark.parametrize("size", [TextSize.M, TextSize.XL], ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
@pytest.mark.parametrize("scene", SECOND_PAGES.values(), ids=SECOND_PAGES.keys())
def test_nothing_is_cut_nameless_small_or_overlapping(
    stage: Stage, scene: Scene, panel: Panel, language: str, size: TextSize
) -> None:
    window = stage.window(scene, panel, Presentation(language, size))
    assert checks.faults(window) == []
    assert "{" not in shown_words(window)


@pytest.mark.parametrize("size", [TextSize.S, TextSize.L], ids=str)
@pytest.mark.parametrize("theme", [ThemeName.HIGH_CONTRAST_DARK, ThemeName.HIGH_CONTRAST_LIGHT], ids=str)
@pytest.mark.parametrize("scene", SECOND_PAGES.values(), ids=SECOND_PAGES.keys())
def test_the_other_sizes_and_themes_hold_too(stage: Stage, scene: Scene, theme: ThemeName, size: TextSize) -> None:
    assert checks.faults(stage.window(scene, SMALL, Presentation("ar", size, theme))) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("scene", ["quote", "quote-many", "check", "check-priced"])
def test_why_this_amount_fits_at_the_largest_size(stage: Stage, scene: str, language: str) -> None:
    window = stage.window(SECOND_PAGES[scene], SMALL, Presentation(language, TextSize.XL))
    press(window, "why")
    assert isinstance(window.page, WhyAmountPage)
    assert checks.faults(window) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("state", list(State), ids=lambda state: state.value)
def test_help_has_words_for_every_state_and_closes_again(stage: Stage, state: State, language: str) -> None:
    samples = (*FIRST_PAGES.values(), *SECOND_PAGES.values(), *BASKET_PAGES.values())
    scenes = {scene.state: scene for scene in samples}
    window = stage.window(scenes[state], SMALL, Presentation(language, TextSize.XL))
    page = type(window.page)
    window.show_help()
    assert checks.faults(window) == []
    press(window, "close")
    assert type(window.page) is page
    assert stage.sent == []


# ---------------------------------------------------------------- questions


def test_a_choice_is_sent_by_continue_and_not_by_touching_it(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["choice"])
    press(window, "option:vehicle")
    assert stage.sent == []
    press(window, "main")
    assert stage.sent == [Answered("search_by", "vehicle")]


def test_continue_without_an_answer_is_sent_too_so_that_it_can_be_explained(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["choice"])
    press(window, "main")
    assert stage.sent == [Answered("search_by", "")]


def test_a_typed_plate_is_sent_as_code_and_number(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["plate"])
    press(window, "key:clear")
    for digit in "1234567":
        press(window, f"key:{digit}")
    press(window, "main")
    assert stage.sent == [Answered("plate", "12-34567")]


def test_enter_goes_on(stage: Stage) -> None:
    QTest.keyClick(stage.window(SECOND_PAGES["plate"]).page, Qt.Key.Key_Return)
    assert stage.sent == [Answered("plate", "12-345")]


def test_touching_a_field_types_there(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["plate"])
    press(window, "field:code")
    press(window, "key:delete")
    press(window, "key:9")
    assert window.page.draft() == "19-345"


@pytest.mark.parametrize("name", ["plate", "choice"])
def test_a_switch_of_language_keeps_what_was_typed_or_chosen(stage: Stage, name: str) -> None:
    window = stage.window(SECOND_PAGES[name])
    press(window, "key:6" if name == "plate" else "option:mine")
    before = window.page.draft()
    window.switch_language()
    assert window.page.draft() == before
    assert before in {"12-3456", "mine"}


def test_what_is_to_be_put_right_has_the_focus_and_stands_under_the_field_too(stage: Stage) -> None:
    window = stage.window(WRONG_PLATE, presentation=Presentation("en"))
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "put_right"
    assert shown_words(window).count(forms.ENTER_NUMBER) == 2
    press(window, "put_right")
    assert (QApplication.focusWidget() or window).objectName() == "plate"


def test_bars_of_progress_only_where_the_number_of_questions_is_certain(stage: Stage) -> None:
    words = Presentation("en")
    assert "question 2 of 3" in shown_words(stage.window(SECOND_PAGES["plate"], presentation=words))
    assert "question" not in shown_words(stage.window(SECOND_PAGES["choice"], presentation=words))


# ---------------------------------------------------------------- the quote


def test_everything_payable_is_ticked_and_sent_in_the_agencys_order(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["quote"], presentation=Presentation("en"))
    assert "Continue with 3 fines" in shown_words(window)
    assert "42.500 JD" in shown_words(window)
    press(window, "main")
    assert stage.sent == [LinesPicked(("L1", "L2", "L3"))]


def test_a_line_can_be_left_out_and_the_sum_follows(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["quote"], presentation=Presentation("en"))
    press(window, "line:L2")
    assert "Continue with 2 fines" in shown_words(window)
    assert "thirty dinars" in shown_words(window)
    press(window, "main")
    assert stage.sent == [LinesPicked(("L1", "L3"))]


def test_what_is_at_court_cannot_be_ticked_and_says_why(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["quote"], presentation=Presentation("en"))
    court = window.findChild(QAbstractButton, "line:L4")
    assert court is not None
    assert not court.isEnabled()
    assert "At court" in court.accessibleName()


def test_continue_with_nothing_ticked_says_what_to_do(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["quote"], presentation=Presentation("en"))
    press(window, "select_all")
    press(window, "main")
    assert stage.sent == []
    assert "Choose at least one fine" in shown_words(window)
    assert checks.faults(window) == []
    press(window, "select_all")
    assert "Choose at least one fine" not in shown_words(window)
    press(window, "main")
    assert stage.sent == [LinesPicked(("L1", "L2", "L3"))]


def test_a_switch_of_language_keeps_the_ticks(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["quote"])
    press(window, "line:L1")
    window.switch_language()
    press(window, "main")
    assert stage.sent == [LinesPicked(("L2", "L3"))]


def test_ticks_survive_asking_why(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["quote"], presentation=Presentation("en"))
    press(window, "line:L1")
    press(window, "why")
    assert "22.500" in shown_words(window)
    assert "Speeding" not in shown_words(window)
    press(window, "close")
    press(window, "main")
    assert stage.sent == [LinesPicked(("L2", "L3"))]


def test_a_long_quote_is_paged_and_ticks_on_other_pages_count(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["quote-many"])
    first = names(window, "line:")
    press(window, first[0])
    press(window, "next")
    second = names(window, "line:")
    assert second
    assert not set(first) & set(second)
    press(window, "main")
    (sent,) = stage.sent
    assert isinstance(sent, LinesPicked)
    assert len(sent.lines) == 8
    assert first[0].removeprefix("line:") not in sent.lines


@pytest.mark.parametrize("name", ["quote-none", "quote-court", "fee-none", "due-none", "due-elsewhere"])
def test_nothing_to_pay_leads_to_another_service(stage: Stage, name: str) -> None:
    window = stage.window(SECOND_PAGES[name])
    assert names(window, "main") == []
    press(window, "another_service")
    assert stage.sent == [AnotherService()]


def test_amounts_that_are_due_are_never_called_fines(stage: Stage) -> None:
    """And are told by what was asked about, with why one of them is more."""
    english = Presentation("en")
    said = shown_words(stage.window(DUE_PAGES["due"], presentation=english))
    assert "Which amounts do you want to pay now?" in said
    assert "3 amounts, 2 payable here · Company national number: 200012345" in said
    assert "Continue with 2 amounts" in said
    assert "With a late surcharge of 4.000 JD" in said
    checked = shown_words(stage.window(DUE_PAGES["due-check"], presentation=english))
    assert "2 amounts of 3" in checked
    help_page = stage.window(DUE_PAGES["due"], presentation=english)
    help_page.show_help()
    assert "Touch an amount to pay it now" in shown_words(help_page)
    assert "fine" not in (said + checked + shown_words(help_page)).lower()


def test_where_nothing_is_due_the_agencys_credit_is_told(stage: Stage) -> None:
    said = shown_words(stage.window(DUE_PAGES["due-none"], presentation=Presentation("en")))
    assert "Nothing is due" in said
    assert "Credit in your favour: 64.250 JD" in said


def test_done_names_the_service_where_amounts_were_due(stage: Stage) -> None:
    paid = dataclasses.replace(done(ReceiptOutcome.ACCEPTED), service=DUES)
    said = shown_words(stage.window(paid, presentation=Presentation("en")))
    assert "42.500 JD was paid: Renew company licences" in said


# ---------------------------------------------------------------- checking and paying


def test_the_pay_button_names_act_and_amount(stage: Stage) -> None:
    for up, words in ((True, "Pay 42.500 JD and send the request"), (False, "Pay 42.500 JD and save the request")):
        scene = quoted(State.CHECK_ANSWERS, line_was_up=up)
        assert words in shown_words(stage.window(scene, presentation=Presentation("en")))


def test_a_request_that_is_to_be_signed_says_so_before_the_pin_is_asked_for(stage: Stage) -> None:
    """A PIN after a button that says "Pay" would pass for the bank card's."""
    said = shown_words(stage.window(SECOND_PAGES["check-fee"], presentation=Presentation("en")))
    assert "Sign, then pay 6.500 JD" in said
    assert "First you sign with your smart card" in said
    signed = dataclasses.replace(SECOND_PAGES["check-fee"], signature_due=False)
    assert "Pay 6.500 JD and send the request" in shown_words(stage.window(signed, presentation=Presentation("en")))


def test_a_fee_has_no_lines_to_change(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["check-fee"])
    assert names(window, "change:") == ["change:purpose", "change:delivery", "change:address"]
    assert [words for words in ("رسم الشهادة", "رسم التوصيل بالبريد") if words not in shown_words(window)] == []


def test_a_done_request_is_told_as_one_and_not_as_fines(stage: Stage) -> None:
    said = shown_words(stage.window(SECOND_PAGES["done-requested"], presentation=Presentation("en")))
    assert "6.500 JD was paid for the request: Non-conviction certificate" in said
    assert "Paid and requested" in said
    assert "fine" not in said


def test_confirming_is_sent_once_however_often_it_is_pressed(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["check"])
    for _ in range(3):
        press(window, "main")
    assert stage.sent == [Confirmed()]


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("change:search_by", ChangeWanted("search_by")),
        ("change:plate", ChangeWanted("plate")),
        ("change:lines", ChangeWanted("")),
        ("back", Back()),
        ("end", Cancelled()),
    ],
)
def test_every_answer_can_be_changed(stage: Stage, name: str, event: Event) -> None:
    press(stage.window(SECOND_PAGES["check"]), name)
    assert stage.sent == [event]


def test_the_name_is_the_cards_and_cannot_be_changed(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["check"])
    assert "سلمى خالد الياسمين" in shown_words(window)
    assert "من البطاقة" in shown_words(window)
    assert names(window, "change:") == ["change:search_by", "change:plate", "change:lines"]


@pytest.mark.parametrize("size", [TextSize.M, TextSize.XL], ids=str)
def test_the_amount_stands_in_words_on_the_check_page(stage: Stage, size: TextSize) -> None:
    window = stage.window(SECOND_PAGES["check"], SMALL, Presentation("ar", size))
    while "next" in names(window, "next") and "اثنان وأربعون" not in shown_words(window):
        press(window, "next")
    assert "اثنان وأربعون دينارًا وخمسمئة فلس" in shown_words(window)


def test_paying_can_be_cancelled_and_names_the_amount(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["paying"], presentation=Presentation("en"))
    assert "42.500 JD" in shown_words(window)
    assert "Cancel the payment" in shown_words(window)
    press(window, "end")
    assert stage.sent == [Cancelled()]


@pytest.mark.parametrize("name", ["committed", "delivery", "receipt"])
def test_after_the_payment_there_is_nothing_to_press_but_the_amount_to_read(stage: Stage, name: str) -> None:
    window = stage.window(SECOND_PAGES[name], presentation=Presentation("en"))
    assert "42.500 JD was paid" in shown_words(window)
    assert [each for each in ("end", "back", "main") if names(window, each)] == []


# ---------------------------------------------------------------- done


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("done-accepted", ["Paid and accepted", "Delivered and accepted", "TD-2026-118204", "Your receipt is ready"]),
        ("done-awaiting", ["Paid, and your transaction is saved", "Taken offline", "Awaiting delivery"]),
        ("done-slow-centre", ["Paid, and your transaction is saved", "Awaiting delivery"]),
        ("done-attention", ["refunds it", "The fine was paid before", "Did it come out?"]),
        ("done-not-printed", ["The paper has run out", "Get your receipt at any window"]),
        ("done-copied", ["Copies printed: 2"]),
    ],
)
def test_every_ending_says_what_is_true(stage: Stage, name: str, words: list[str]) -> None:
    said = shown_words(stage.window(SECOND_PAGES[name], presentation=Presentation("en")))
    assert [each for each in (*words, "42.500 JD", "KRK3-000482") if each not in said] == []


def test_a_centre_that_only_answers_late_is_not_called_offline(stage: Stage) -> None:
    scene = done(ReceiptOutcome.AWAITING_DELIVERY, line_was_up=True)
    assert "offline" not in shown_words(stage.window(scene, presentation=Presentation("en"))).lower().replace(
        "online", ""
    )


@pytest.mark.parametrize(
    ("name", "event"), [("copy", CopyWanted()), ("another_service", AnotherService()), ("end", Cancelled())]
)
def test_the_ways_on_from_the_end(stage: Stage, name: str, event: Event) -> None:
    press(stage.window(SECOND_PAGES["done-awaiting"]), name)
    assert stage.sent == [event]


def test_each_page_of_answers_is_a_whole_card(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["check"], SMALL, Presentation("en", TextSize.XL))
    rows = [each for each in checks.visible(window) if isinstance(each, AnswerRow)]
    assert 1 < len(rows) < len(window.findChildren(AnswerRow)), "this page must not show all the answers"
    outline = window.look.colour("line")
    round_below = []
    for entry in rows:
        image = entry.grab().toImage()
        round_below.append(image.pixelColor(0, image.height() - 1) != outline)
    assert round_below == [False] * (len(rows) - 1) + [True]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_amounts_under_one_another_end_at_one_edge(stage: Stage, language: str) -> None:
    window = stage.window(quoted(State.CHECK_ANSWERS, picked=("L1", "L4")), FULL_HD, Presentation(language))
    shown = [each for each in checks.visible(window) if isinstance(each, Text)]
    edges = set()
    for each in shown:
        if without_isolates(each.text()) in {"20.000", "100.000"}:
            needed = each.sizeHint().width()
            edges.add(each.geometry().right() if language == "ar" else each.x() + needed)
    assert len(edges) == 1


def test_what_the_agency_goes_by_is_told_before_anything_is_paid(stage: Stage) -> None:
    """Until when, for which vehicle and by which class; nothing of it can be changed."""
    window = stage.window(SECOND_PAGES["facts-check"], presentation=Presentation("en"))
    said = shown_words(window)
    for words in ("Renewed until", "14/12/2027", "Off-road car, 2025", "Value up to 25,000 JD"):
        assert words in said
    assert set(names(window, "change:")) == {"change:plate"}


def test_with_large_text_options_are_seen_beside_one_another_before_their_hints(stage: Stage) -> None:
    """One option alone on a page would seem to be the only one; on a large panel each keeps its hint."""
    scene = SECOND_PAGES["choice"]
    assert scene.step is not None
    every = [f"option:{option.id}" for option in scene.step.options]
    hints = [option.hint.ar for option in scene.step.options if option.hint]
    small = stage.window(scene, SMALL, Presentation("ar", TextSize.XL))
    assert names(small, "option:") == every
    assert [hint for hint in hints if hint in shown_words(small)] == []
    large = stage.window(scene, FULL_HD, Presentation("ar", TextSize.XL))
    assert [hint for hint in hints if hint not in shown_words(large)] == []
