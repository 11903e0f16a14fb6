"""The technician's pages on both panels and in both languages: nothing cut, every act with its key, by keys alone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk import data_checks
from kiosk.catalogue import Catalogue, Mistake
from kiosk.catalogue.files import load
from kiosk.diagnostics import Check, Health, Measured, StepFound, same, told
from kiosk.mode import Mode
from kiosk.staff import StaffAct
from kiosk.texts import without_isolates
from tests.ui.samples import ASSETS
from tests.ui.technician import rules
from tests.ui.technician.conftest import Open, press, settle, sign_in, type_pin
from tests.ui.technician.parts import (
    PIN,
    Delivery,
    Printer,
    Register,
    sample_checks,
    sample_measured,
    sample_parts,
)
from ui.look import Panel
from ui.preview import FULL_HD, SMALL
from ui.staff.key_button import KeyButton
from ui.technician.parts import TechnicianParts
from ui.technician.sections import Section
from ui.technician.sign_in_page import TechnicianSignIn
from ui.technician.window import TechnicianWindow
from ui.theme import TextSize
from ui.widgets.text import Text

LAYOUTS = pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
LANGUAGES = pytest.mark.parametrize("language", ["ar", "en"])
KEY = {section: getattr(Qt.Key, f"Key_{section.value}") for section in Section}


def shown(window: TechnicianWindow) -> str:
    """Every word on the page, as a screen reader has it."""
    names = [widget.accessibleName() for widget in rules.visible(window)]
    texts = [widget.text() for widget in rules.visible(window) if isinstance(widget, Text)]
    return without_isolates("\n".join([*names, *texts]))


def touch(window: TechnicianWindow, name: str) -> None:
    found = window.findChild(QWidget, name)
    assert found is not None
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    settle()


def register(parts: TechnicianParts) -> Register:
    assert isinstance(parts.register, Register)
    return parts.register


@LAYOUTS
@LANGUAGES
def test_the_sign_in_page_keeps_the_rules(open_window: Open, language: str, panel: Panel) -> None:
    assert rules.faults(open_window(language, panel)) == []


@LAYOUTS
@LANGUAGES
@pytest.mark.parametrize("section", list(Section), ids=lambda section: section.name.lower())
def test_every_section_keeps_the_rules(open_window: Open, language: str, panel: Panel, section: Section) -> None:
    window = open_window(language, panel)
    sign_in(window)
    press(window, KEY[section])
    assert window.page.objectName() == f"page:technician:{section.name.lower()}"
    assert rules.faults(window) == []


@LAYOUTS
@LANGUAGES
@pytest.mark.parametrize("size", [TextSize.L, TextSize.XL])
def test_larger_text_leaves_things_out_and_cuts_nothing(
    open_window: Open, language: str, panel: Panel, size: TextSize
) -> None:
    window = open_window(language, panel)
    sign_in(window)
    while window.look.presentation.text_size is not size:
        press(window, Qt.Key.Key_F2, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert rules.faults(window) == []
    words = shown(window)
    assert "Check the router." in words  # the next step stays, in both languages
    assert "افحص الموجّه." in words


@LANGUAGES
def test_every_check_has_room_for_its_detail_on_the_small_panel(open_window: Open, language: str) -> None:
    window = open_window(language, SMALL)
    sign_in(window)
    for check in window.session.parts.examination.checks:
        window.session.choose(check.id)
        settle()
        assert rules.faults(window) == [], check.id


def test_every_act_shows_its_key(open_window: Open) -> None:
    window = open_window("en")
    sign_in(window)
    drawn = {widget.key for widget in rules.visible(window) if isinstance(widget, KeyButton)}
    assert drawn == {act.key for act in window.page.bar()} | {"R"}
    assert {"A", "C", "P", "L", "S", "F12", "Esc"} < drawn


def test_a_failed_row_never_hides_the_others(open_window: Open, tmp_path: Path) -> None:
    def die() -> Measured:
        raise OSError

    checks = sample_checks({"card_service": die, "gateway": die})
    window = open_window("en", parts=sample_parts(tmp_path, checks=checks))
    sign_in(window)
    assert len(window.session.findings) == len(checks)
    assert "Failed: 2" in shown(window)


def test_the_first_that_failed_is_shown_without_being_asked_for(open_window: Open) -> None:
    window = open_window("en")
    sign_in(window)
    words = shown(window)
    assert "no answer in 5.0\u00a0s" in words
    assert "Check the router." in words
    assert "افحص الموجّه." in words


def test_the_arrows_mark_and_r_runs_again(open_window: Open, tmp_path: Path) -> None:
    times: list[int] = []

    def count() -> Measured:
        times.append(1)
        return sample_measured()["clock"]

    window = open_window("en", parts=sample_parts(tmp_path, checks=sample_checks({"clock": count})))
    sign_in(window)
    press(window, Qt.Key.Key_Down)
    chosen = window.session.chosen_check()
    assert chosen is not None
    assert chosen.id == "clock"
    press(window, Qt.Key.Key_R)
    assert len(times) == 2


def test_letters_are_the_same_caps_on_an_arabic_layout(open_window: Open, parts: TechnicianParts) -> None:
    window = open_window()
    sign_in(window)
    printer = parts.printer
    assert isinstance(printer, Printer)
    plain = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, 0x062D, plain, "ح"))  # an Arabic layout's P
    settle()
    assert len(printer.pages) == 1


def test_a_page_with_many_rows_is_paged_not_scrolled(open_window: Open) -> None:
    window = open_window("en", SMALL)
    sign_in(window)
    assert "Page 1 of 2" in shown(window)
    assert window.findChild(QWidget, "check:power") is None
    press(window, Qt.Key.Key_PageDown)
    assert window.findChild(QWidget, "check:power") is not None
    assert rules.faults(window) == []


def test_the_mark_takes_its_page_along(open_window: Open) -> None:
    window = open_window("en", SMALL)
    sign_in(window)
    press(window, *[Qt.Key.Key_Down] * 30)
    assert window.findChild(QWidget, "check:power") is not None


def test_a_longer_list_of_steps_still_fits(open_window: Open, tmp_path: Path) -> None:
    def many() -> Measured:
        steps = tuple(
            StepFound(title=same(f"traffic/service-{n}.toml"), health=Health.BAD, value=same("step 'x' is a choice"))
            for n in range(3)
        )
        return Measured(health=Health.WARNING, value=told("{n}", "{n}", n=3), steps=steps)

    window = open_window("ar", parts=sample_parts(tmp_path, checks=sample_checks({"services": many})))
    sign_in(window)
    press(window, KEY[Section.SERVICES])
    assert "service-2" in shown(window)
    assert rules.faults(window) == []


def test_the_switch_of_language_keeps_section_and_findings(open_window: Open) -> None:
    window = open_window("ar")
    sign_in(window)
    press(window, KEY[Section.NETWORK])
    press(window, Qt.Key.Key_F1, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert window.page.objectName() == "page:technician:network"
    assert "212 days left" in shown(window)


# ---------------------------------------------------------------- acts


def test_every_act_is_journaled_under_the_name_that_signed_in(open_window: Open, parts: TechnicianParts) -> None:
    window = open_window()
    sign_in(window)
    press(window, Qt.Key.Key_C, Qt.Key.Key_P, Qt.Key.Key_L, Qt.Key.Key_S, KEY[Section.QUEUE], Qt.Key.Key_N)
    press(window, Qt.Key.Key_A, Qt.Key.Key_Escape)
    notes = register(parts).notes
    assert [note.act for note in notes] == [
        StaffAct.OPENED_TECHNICIAN_PAGE,
        StaffAct.RAN_CHECKS,
        StaffAct.TESTED_CARD,
        StaffAct.PRINTED_TEST_PAGE,
        StaffAct.PRINTED_TEST_PAGE,
        StaffAct.SAVED_REPORT,
        StaffAct.DELIVERED_NOW,
        StaffAct.RAN_CHECKS,
        StaffAct.SIGNED_OUT,
    ]
    assert {note.staff for note in notes} == {"samer"}


def test_a_test_page_a_slip_and_a_report_are_made(open_window: Open, parts: TechnicianParts, tmp_path: Path) -> None:
    window = open_window("en")
    sign_in(window)
    press(window, Qt.Key.Key_P)
    assert "The page is printed" in shown(window)
    press(window, Qt.Key.Key_L, Qt.Key.Key_S)
    printer = parts.printer
    assert isinstance(printer, Printer)
    assert printer.pages[0].terminal == "KRK3"
    assert len(printer.slips[0].findings) == len(parts.examination.checks)
    (file,) = (tmp_path / "reports").iterdir()
    assert f"The report is saved: {file.name}" in shown(window)


def test_an_act_that_dies_does_not_leave_the_page_waiting(open_window: Open, parts: TechnicianParts) -> None:
    window = open_window("en")
    sign_in(window)

    def die(*_: object) -> None:
        raise RuntimeError

    parts.printer.print_test_page = die  # type: ignore[method-assign,assignment]  # a printer with a defect
    press(window, Qt.Key.Key_P)
    assert "This could not be done" in shown(window)
    assert not window.session.busy


def test_delivery_is_told_and_hurried(open_window: Open, parts: TechnicianParts) -> None:
    window = open_window("en")
    sign_in(window)
    press(window, KEY[Section.QUEUE])
    words = shown(window)
    for told_there in (
        "Offline, service continues (no line)",
        "4 · the oldest 8 min",
        "KRK3-000478",
        "10:34:08",
        "10:46:30",
    ):
        assert told_there in words
    press(window, Qt.Key.Key_N)
    delivery = parts.delivery
    assert isinstance(delivery, Delivery)
    assert delivery.asked == 1


def test_what_stands_there_does_not_grow_old(open_window: Open, parts: TechnicianParts) -> None:
    window = open_window("en")
    sign_in(window)
    press(window, KEY[Section.QUEUE])
    later = msgspec.structs.replace(parts.delivery.health(), waiting=9)
    parts.delivery.health = lambda: later  # type: ignore[method-assign]  # delivery has gone on
    window.tick()
    settle()
    assert "9 · the oldest 8 min" in shown(window)


def test_settings_say_what_is_default(open_window: Open) -> None:
    window = open_window("en")
    sign_in(window)
    press(window, KEY[Section.SETTINGS])
    words = shown(window).replace("\u200b", "")
    assert "gateway.timeout_seconds, 5.0, default" in words
    assert "folders.keys, /etc/kiosk/keys, settings file" in words


def test_versions_and_the_journal_stand_side_by_side(open_window: Open) -> None:
    window = open_window("en")
    sign_in(window)
    press(window, KEY[Section.VERSIONS])
    words = shown(window)
    assert "pcscd, 1.9.9" in words
    assert "samer, ran checks: all" in words


# ---------------------------------------------------------------- signing in


def test_only_those_who_may_are_offered(open_window: Open) -> None:
    window = open_window("en")
    names = [widget.objectName() for widget in rules.visible(window) if widget.objectName().startswith("member:")]
    assert names == ["member:huda", "member:samer"]


def test_a_wrong_pin_says_how_many_tries_are_left(open_window: Open) -> None:
    window = open_window("en")
    press(window, Qt.Key.Key_Down)
    type_pin(window, b"111111")
    assert isinstance(window.page, TechnicianSignIn)
    assert "Tries left: 4" in shown(window)
    assert window.session.member is None
    assert window.session.findings == {}
    assert window.page.chosen() == "samer"  # whoever mistyped tries again


def test_five_wrong_ones_lock_the_name_and_the_right_one_does_not_help(open_window: Open) -> None:
    window = open_window("en")
    for _ in range(5):
        type_pin(window, b"111111")
    assert "locked until 10:51" in shown(window)
    type_pin(window, PIN)
    assert window.session.member is None
    assert rules.faults(window) == []


def test_a_clerk_who_knows_the_pin_is_turned_away(open_window: Open, parts: TechnicianParts) -> None:
    """The list offers no clerk; whoever gets past it is no further."""
    window = open_window("en")
    window.session.sign_in("rana", bytearray(PIN))
    settle()
    assert window.session.member is None
    assert register(parts).notes == []
    assert "for technicians and supervisors" in shown(window)


def test_digits_can_be_touched(open_window: Open) -> None:
    window = open_window("en")
    for digit in PIN.decode():
        touch(window, f"digit:{digit}")
    touch(window, "main")
    assert window.session.member is not None
    assert window.session.member.id == "huda"


def test_signing_out_leaves_nothing_for_the_next(open_window: Open) -> None:
    window = open_window("en")
    sign_in(window)
    press(window, Qt.Key.Key_Escape)
    assert isinstance(window.page, TechnicianSignIn)
    session = window.session
    assert (session.member, session.findings, session.acts, session.told) == (None, {}, (), None)


def _titles(checks: tuple[Check, ...]) -> list[str]:
    return [check.title.en for check in checks]


def test_the_devices_and_the_network_have_their_own_sections(open_window: Open) -> None:
    window = open_window("en")
    sign_in(window)
    press(window, KEY[Section.DEVICES])
    assert _titles(window.session.listed())[:3] == ["Card service", "Reader", "Test card"]
    press(window, KEY[Section.NETWORK])
    assert _titles(window.session.listed()) == ["Gateway", "Clock difference", "Gateway's authority"]
    press(window, KEY[Section.TRUST])
    assert _titles(window.session.listed()) == ["Gateway's authority", "Terminal keys", "Trust data"]


@LAYOUTS
@LANGUAGES
def test_services_that_are_kept_out_of_service_fit_with_a_broken_file(
    open_window: Open, tmp_path: Path, panel: Panel, language: str
) -> None:
    shipped = load(ASSETS / "services")
    broken = Mistake("post/box.toml", "steps.size.prefill", "'colour' is a fact of no lookup", "Name one of the facts")
    found = Catalogue(shipped.services, (broken,) * 5)
    services, *_ = data_checks.checks(lambda: found, Mode.SERVICE)
    checks = sample_checks({"services": services.run})
    window = open_window(language, panel, parts=sample_parts(tmp_path, checks=checks))
    sign_in(window)
    press(window, KEY[Section.SERVICES])
    assert "post/box.toml" in shown(window)
    assert rules.faults(window) == []
