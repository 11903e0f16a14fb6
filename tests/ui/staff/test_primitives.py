"""What the staff's screens are made of: keys by name, a PIN that is never text, tables that page and never cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.staff import Refusal, Role, SignInRefused, StaffMember
from kiosk.texts import Texts
from kiosk.wire import Words
from tests.ui.clerk.parts import MOMENT
from tests.ui.samples import OFFICE
from tests.ui.staff.checks import faults
from tests.ui.windows import take_away
from ui.clerk.session import KEPT, LOCKED, NOT_PARKED, SIGN_IN
from ui.icons import Artwork
from ui.look import Look, Panel, Presentation, build_look
from ui.preview import FULL_HD
from ui.staff.keys import KeyAct, act_for, key_name
from ui.staff.sign_in import SignIn, SignInPage, refusal_words
from ui.staff.table import Cell, Column, Row, Table
from ui.staff.window import StaffWindow
from ui.theme import TextSize, Tokens
from ui.widgets.pin_field import PinField

MEMBERS = (
    StaffMember(id="huda", name=Words(ar="هدى الزعتر", en="Huda Alzatar"), role=Role.SUPERVISOR),
    StaffMember(id="rana", name=Words(ar="رنا الأقحوان", en="Rana Aluqhuwan"), role=Role.CLERK),
)

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def look(tokens: Tokens, texts: dict[str, Texts], artwork: Artwork) -> Look:
    return build_look(tokens, FULL_HD, Presentation(), texts["ar"], artwork, motion=False, side="staff")


@pytest.fixture
def window(tokens: Tokens, texts: dict[str, Texts], artwork: Artwork) -> Iterator[StaffWindow]:
    made = StaffWindow(tokens, FULL_HD, texts, OFFICE)
    made.show()
    yield made
    take_away(made)


def pressed(key: int, modifiers: Qt.KeyboardModifier = NONE, text: str = "", *, again: bool = False) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, again)


@pytest.mark.parametrize(
    ("key", "modifiers", "name"),
    [
        (Qt.Key.Key_F8, NONE, "F8"),
        (Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier, "Ctrl+F12"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "Enter"),
        (Qt.Key.Key_7, Qt.KeyboardModifier.KeypadModifier, "7"),
        (0x0667, NONE, "7"),  # Arabic-Indic seven, as an Arabic layout sends it
        (Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier, "Alt+1"),
        (Qt.Key.Key_A, NONE, ""),
    ],
)
def test_a_key_has_the_name_on_its_cap(key: int, modifiers: Qt.KeyboardModifier, name: str) -> None:
    assert key_name(pressed(key, modifiers)) == name


def test_a_key_that_is_held_down_acts_once() -> None:
    done: list[str] = []
    acts = (KeyAct("F8", "", lambda: done.append("cash")),)
    act = act_for(pressed(Qt.Key.Key_F8), acts)
    assert act is not None
    assert act_for(pressed(Qt.Key.Key_F8, again=True), acts) is None


def test_a_pin_is_handed_over_once_and_wiped(look: Look, qapp: QApplication) -> None:
    field = PinField(look, accessible="PIN")
    buffer = field._digits
    for key in (Qt.Key.Key_4, 0x0662, Qt.Key.Key_9, Qt.Key.Key_Backspace, Qt.Key.Key_7):
        QApplication.sendEvent(field, pressed(key))
    assert field.length() == 3
    pin = field.take()
    assert (bytes(pin), bytes(buffer), field.length()) == (b"427", bytes(12), 0)
    for _ in range(20):
        QApplication.sendEvent(field, pressed(Qt.Key.Key_5))
    assert (field.length(), len(buffer)) == (12, 12)
    assert field._digits is buffer


def test_signing_in_needs_no_mouse(window: StaffWindow) -> None:
    tried: list[tuple[str, bytes]] = []
    window.show_page(
        lambda look: SignInPage(look, SignIn(MEMBERS, "Sign in"), lambda who, pin: tried.append((who, bytes(pin))))
    )
    focused = QApplication.focusWidget()
    assert isinstance(focused, PinField)
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert tried == []  # without a PIN nothing is tried
    QTest.keyClick(focused, Qt.Key.Key_Down)
    QTest.keyClicks(focused, "271828")
    QTest.keyClick(focused, Qt.Key.Key_Return)
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert tried == [("rana", b"271828")]


def test_a_refusal_never_says_which_of_the_two_was_wrong(texts: dict[str, Texts]) -> None:
    title, advice = refusal_words(SignInRefused(Refusal.UNKNOWN_OR_WRONG, tries_left=3), texts["en"])
    assert (title, advice) == ("Name or PIN does not match", "Tries left: 3.")


def test_a_switch_of_language_builds_the_page_again_and_keeps_the_focus(window: StaffWindow) -> None:
    window.show_page(lambda look: SignInPage(look, SignIn(MEMBERS, "Sign in"), lambda _who, _pin: None))
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert window.look.presentation.language == "en"
    again = QApplication.focusWidget()
    assert again is not focused
    assert isinstance(again, PinField)


def table_of(look: Look, count: int, ticked: list[str]) -> Table:
    columns = (Column("Number"), Column("Fine", wraps=True), Column("Place", leaves=1), Column("Amount", numbers=True))
    rows = tuple(
        Row(
            f"L{at}",
            (Cell(f"M-{at:04d}"), Cell("Speeding on a long road"), Cell("University Street"), Cell("20.000")),
            ticked=True,
            press=lambda at=at: ticked.append(f"L{at}"),  # type: ignore[misc]  # the default binds the row
        )
        for at in range(count)
    )
    return Table(look, columns, rows, name="line", rows_shown=5)


def test_number_keys_tick_the_rows_of_the_page_that_is_shown(look: Look) -> None:
    ticked: list[str] = []
    table = table_of(look, 7, ticked)
    table.resize(900, 400)
    by_key = {act.key: act.act for act in table.acts()}
    assert set(by_key) == {"1", "2", "3", "4", "5", "PgUp", "PgDn"}
    for key in ("2", "PgDn"):
        act = by_key[key]
        assert act is not None
        act()
    again = {act.key: act.act for act in table.acts()}
    assert set(again) == {"1", "2", "PgUp", "PgDn"}
    first = again["1"]
    assert first is not None
    first()
    assert ticked == ["L1", "L5"]


def test_a_column_leaves_before_anything_is_cut(look: Look) -> None:
    table = table_of(look, 3, [])
    table.resize(1200, 300)
    wide = table._fitted(1200)
    narrow = table._fitted(520)
    assert all(wide)
    assert narrow[2] == 0
    assert all(narrow[at] for at in (0, 1, 3))


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("size", [TextSize.M, TextSize.XL])
@pytest.mark.parametrize("panel", [FULL_HD, Panel(1366, 768, 18.5), Panel(1366, 768, 15.6)])
def test_the_sign_in_page_has_no_fault(
    panel: Panel, size: TextSize, language: str, tokens: Tokens, texts: dict[str, Texts], artwork: Artwork
) -> None:
    many = tuple(
        StaffMember(id=f"clerk{at}", name=Words(ar=f"رنا الأقحوان {at}", en=f"Rana Aluqhuwan {at}"), role=Role.CLERK)
        for at in range(20)
    )
    shown = (
        SignIn((), SIGN_IN),
        SignIn(MEMBERS, SIGN_IN, refused=SignInRefused(Refusal.UNKNOWN_OR_WRONG, tries_left=3)),
        SignIn(many, SIGN_IN, chosen="clerk19", refused=SignInRefused(Refusal.LOCKED, locked_until=MOMENT)),
        SignIn(many, LOCKED, KEPT, chosen="clerk9", told=NOT_PARKED),
        SignIn(MEMBERS, LOCKED, KEPT, checking=True),
    )
    found = []
    for one in shown:
        window = StaffWindow(tokens, panel, texts, OFFICE, presentation=Presentation(language, size))
        window.show()
        window.show_page(lambda look, one=one: SignInPage(look, one, lambda _who, _pin: None))  # type: ignore[misc]  # bound at once
        QApplication.processEvents()
        found += [f"{one.title}: {fault}" for fault in faults(window)]
        take_away(window)
    assert found == []
