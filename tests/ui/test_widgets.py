"""The widgets under touch and keys: they act on release inside, at once and once; texts stand where they should."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Stage
from tests.ui.samples import services
from ui.look import Look, Presentation
from ui.theme import ThemeName
from ui.widgets.bottom_bar import BarButton, BottomBar, BottomBarView, main_width
from ui.widgets.button import Button, ButtonKind
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.choice import ChoiceRow
from ui.widgets.countdown import CountdownBar
from ui.widgets.line_state import LinePill, LineState
from ui.widgets.lines import Lines
from ui.widgets.pager import PagedColumn
from ui.widgets.text import Text
from ui.widgets.tile import ServiceTile

LEFT = Qt.MouseButton.LeftButton


Stand = Callable[[QWidget], None]


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    """Puts a widget on a window, as the shell does."""
    floor = QWidget()
    qtbot.addWidget(floor)
    floor.resize(2000, 1200)

    def put(widget: QWidget) -> None:
        widget.setParent(floor)
        floor.show()
        widget.show()

    return put


def painted(widget: QWidget) -> QImage:
    """The widget on white."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    widget.render(image)
    return image


def ink_columns(image: QImage) -> tuple[int, int]:
    """The first and the last column that hold anything dark."""
    dark = [
        x for x in range(image.width()) if any(image.pixelColor(x, y).lightness() < 120 for y in range(image.height()))
    ]
    return dark[0], dark[-1]


@pytest.mark.parametrize("words", ["أدخل بطاقتك", "Insert your card", "12-34567", "KRK3-000482 رقم الإيصال"])
def test_in_arabic_every_text_stands_at_the_right(stage: Stage, stand: Stand, words: str) -> None:
    text = Text(stage.look("ar"), words)
    stand(text)
    text.resize(900, text.heightForWidth(900))
    first, last = ink_columns(painted(text))
    assert last > 880
    assert first > 400


def test_in_english_every_text_stands_at_the_left(stage: Stage, stand: Stand) -> None:
    text = Text(stage.look("en"), "العربية 12")
    stand(text)
    text.resize(900, 80)
    assert ink_columns(painted(text))[0] < 20


def test_wrapped_arabic_lines_begin_at_the_right_edge_and_stay_inside(stage: Stage, stand: Stand) -> None:
    """QPainter.drawText moves all but the last line aside by their trailing space."""
    look = stage.look("ar")
    text = Text(look, "خذ القسيمة \u2066KRK3-000482\u2069. إن دُفع المبلغ سُجّلت المعاملة أو رُدّ إلى صاحبه", role="title")
    stand(text)
    width = 700
    text.resize(width, text.heightForWidth(width))
    line_height = look.line_height("title")
    assert text.height() >= 2 * line_height
    image = painted(text)
    for number in range(2):
        first, last = ink_columns(image.copy(0, number * line_height, width, line_height))
        assert width - last < 8
        assert first >= 0
    assert Lines(text.text(), text.font(), width, look.direction).widest <= width


def test_dots_below_the_last_line_are_inside(stage: Stage, stand: Stand) -> None:
    text = Text(stage.look("ar"), "حكومتي بخدمتي فيّ ح ج", role="hero")
    stand(text)
    text.resize(text.sizeHint())
    image = painted(text)
    lowest = [image.pixelColor(x, image.height() - 1).lightness() for x in range(image.width())]
    assert min(lowest) > 200


def test_a_wrapping_text_asks_for_more_height_where_there_is_less_width(stage: Stage, stand: Stand) -> None:
    text = Text(stage.look("en"), "Your information is cleared from the screen")
    stand(text)
    whole = text.sizeHint()
    assert text.heightForWidth(whole.width()) == whole.height()
    assert text.heightForWidth(whole.width() // 2) > whole.height() * 1.8


class Pressed:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def pressed() -> Pressed:
    return Pressed()


def make_button(look: Look, act: Pressed, kind: ButtonKind = ButtonKind.PRIMARY) -> Button:
    button = Button(look, look.texts("Continue"), name="main", kind=kind, arrow="arrow-right")
    button.when_pressed(act)
    button.resize(button.sizeHint())
    return button


def test_a_button_looks_pressed_at_once_and_acts_on_release_inside(
    stage: Stage, stand: Stand, pressed: Pressed
) -> None:
    button = make_button(stage.look(), pressed)
    stand(button)
    before = painted(button)
    QTest.mousePress(button, LEFT)
    assert painted(button) != before
    down = painted(button)
    assert down.pixelColor(button.width() // 2, 0) == down.pixelColor(0, 0)  # moved down: only ground above it
    assert pressed.times == 0
    QTest.mouseRelease(button, LEFT)
    assert painted(button) == before
    assert pressed.times == 1


def test_a_finger_that_slides_off_takes_the_press_back(stage: Stage, stand: Stand, pressed: Pressed) -> None:
    button = make_button(stage.look(), pressed)
    stand(button)
    outside = QPoint(button.width() + 40, 5)
    QTest.mousePress(button, LEFT)
    QTest.mouseMove(button, outside)
    QTest.mouseRelease(button, LEFT, pos=outside)
    assert pressed.times == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_press_too(stage: Stage, stand: Stand, pressed: Pressed, key: Qt.Key) -> None:
    button = make_button(stage.look(), pressed)
    stand(button)
    QTest.keyClick(button, key)
    assert pressed.times == 1


def test_a_disabled_button_is_dashed_and_still(stage: Stage, stand: Stand, pressed: Pressed) -> None:
    button = make_button(stage.look(), pressed)
    stand(button)
    before = painted(button)
    button.setEnabled(False)
    QTest.mouseClick(button, LEFT)
    assert pressed.times == 0
    assert painted(button) != before


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_arrow_points_on_in_both_directions(stage: Stage, stand: Stand, pressed: Pressed, language: str) -> None:
    """The arrow is the last thing read: at the left in Arabic, at the right in English."""
    look = stage.look(language)
    button = make_button(look, pressed)
    stand(button)
    light = light_columns(painted(button))
    if language == "en":
        light = [button.width() - x for x in reversed(light)]
    outermost = next(before for before, after in pairwise(light) if after - before > look.px(2.0)) - light[0]
    assert 0 < outermost <= look.px(look.icon_mm * 1.12)


def light_columns(image: QImage) -> list[int]:
    middle = range(image.height() // 4, image.height() * 3 // 4)
    return [x for x in range(6, image.width() - 6) if any(image.pixelColor(x, y).lightness() > 200 for y in middle)]


def test_short_words_are_taken_only_where_the_long_ones_do_not_fit(stage: Stage, stand: Stand) -> None:
    button = Button(stage.look("en"), "Pay 42.500 JD and send the request", name="main", short="Pay 42.500 JD")
    stand(button)
    button.resize(button.sizeHint())
    assert button.shown_text() == "Pay 42.500 JD and send the request"
    button.resize(button.sizeHint().width() - 1, button.height())
    assert button.shown_text() == "Pay 42.500 JD"


def test_the_main_button_is_once_unless_its_page_stays(stage: Stage, stand: Stand) -> None:
    look = stage.look()
    once, again = Pressed(), Pressed()
    for press, stays in ((once, False), (again, True)):
        view = BottomBarView(look, BottomBar(main=BarButton("x", press, again=stays)))
        stand(view)
        view.resize(1920, view.height())
        main = view.findChild(QWidget, "main")
        assert main is not None
        assert main.width() == main_width(look)
        QTest.mouseClick(main, LEFT)
        QTest.mouseClick(main, LEFT)
    assert (once.times, again.times) == (1, 2)


def test_a_tile_is_pressed_anywhere_even_on_its_words(stage: Stage, stand: Stand, pressed: Pressed) -> None:
    tile = ServiceTile(stage.look(), services(1)[0])
    tile.when_pressed(pressed)
    stand(tile)
    tile.resize(600, 220)
    title = tile.findChildren(Text)[0]
    QTest.mouseClick(tile, LEFT, pos=title.mapTo(tile, title.rect().center()))
    QTest.mouseClick(tile, LEFT, pos=QPoint(4, 4))
    assert pressed.times == 2
    assert tile.objectName() == "service:traffic.fines"


def test_a_choice_that_is_not_available_says_why_and_cannot_be_chosen(stage: Stage, stand: Stand) -> None:
    look = stage.look("en")
    row = ChoiceRow(look, "Red light", name="line:1", several=True, unavailable="At court, not paid here")
    stand(row)
    row.resize(900, row.heightForWidth(900))
    QTest.mouseClick(row, LEFT)
    assert not row.isChecked()
    assert "At court" in row.accessibleName()


def test_a_chosen_row_differs_by_more_than_colour(stage: Stage, stand: Stand) -> None:
    row = ChoiceRow(stage.look("en"), "Bank card", name="method:bank", several=False)
    stand(row)
    row.resize(600, row.heightForWidth(600))
    before = painted(row).convertToFormat(QImage.Format.Format_Grayscale8)
    row.setChecked(True)
    assert painted(row).convertToFormat(QImage.Format.Format_Grayscale8) != before


@pytest.mark.parametrize("state", list(CardState), ids=lambda state: state.name)
def test_the_card_picture_is_the_same_in_both_languages(stage: Stage, stand: Stand, state: CardState) -> None:
    pictures = []
    for language in ("ar", "en"):
        picture = CardPicture(stage.look(language), state)
        stand(picture)
        picture.resize(300, 320)
        pictures.append(painted(picture))
    assert pictures[0] == pictures[1]


def test_the_line_says_its_state_in_words_icon_and_colour(stage: Stage, stand: Stand) -> None:
    look = stage.look("en")
    states = {
        LineState(): "Online",
        LineState(waiting=4): "Sending 4",
        LineState(up=False): "Offline, service continues",
    }
    pictures = []
    for state, words in states.items():
        pill = LinePill(look, state)
        stand(pill)
        pill.resize(pill.sizeHint())
        assert pill.accessibleName() == words
        pictures.append(painted(pill))
    assert pictures[0] != pictures[1] != pictures[2]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_countdown_bar_empties_towards_its_leading_end(stage: Stage, stand: Stand, language: str) -> None:
    look = stage.look(language)
    bar = CountdownBar(look, 40)
    stand(bar)
    bar.resize(400, bar.height())
    bar.left = 10
    image = painted(bar)
    full = [x for x in range(400) if image.pixelColor(x, image.height() // 2) == look.colour("primary")]
    assert 95 <= len(full) <= 105
    assert (full[-1] > 390) is (language == "ar")


def test_rows_that_do_not_fit_are_paged_and_none_is_lost(stage: Stage, stand: Stand) -> None:
    look = stage.look("en")
    rows: list[QWidget] = [Text(look, f"row {number}") for number in range(9)]
    column = PagedColumn(look, rows)
    stand(column)
    column.resize(900, 262)
    seen: list[str] = []
    for _ in range(20):
        seen += [row.text() for row in rows if isinstance(row, Text) and row.isVisibleTo(column)]
        for row in rows:
            assert not row.isVisibleTo(column) or column.rect().contains(row.geometry())
        following = column.findChild(Button, "next")
        foot = column.height() if following is None else following.mapTo(column, QPoint(0, 0)).y()
        assert all(row.geometry().bottom() < foot for row in rows if row.isVisibleTo(column))
        if following is None or not following.isEnabled():
            break
        QTest.mouseClick(following, LEFT)
    assert seen == [f"row {number}" for number in range(9)]


def test_none_keeps_its_references(stage: Stage, stand: Stand, pressed: Pressed) -> None:
    """PySide6 6.12.0 on Python 3.11 lost one with each signal and painter call, until the process died."""
    button = make_button(stage.look(), pressed)
    stand(button)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    before = sys.getrefcount(None)
    for _ in range(1000):
        button.clicked.emit()
        painter = QPainter(image)
        painter.fillRect(image.rect(), QColor("white"))
        painter.end()
    assert pressed.times == 1000
    assert sys.getrefcount(None) > before - 100


def test_high_contrast_marks_a_service_by_an_outline(stage: Stage, stand: Stand) -> None:
    pictures = []
    for theme in (ThemeName.LIGHT, ThemeName.HIGH_CONTRAST_LIGHT):
        tile = ServiceTile(stage.look(presentation=Presentation(theme=theme)), services(1)[0])
        stand(tile)
        tile.resize(600, 220)
        pictures.append(painted(tile))
    assert pictures[0] != pictures[1]
