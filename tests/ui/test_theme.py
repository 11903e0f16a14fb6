"""The tokens as they are shipped: contrast by the WCAG formula, sizes in millimetres, fonts, icons."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF

from tests.ui.conftest import Stage
from ui.icons import MIRRORED, Artwork
from ui.look import Look, Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import ASSETS, TextSize, ThemeName, Tokens

# Foreground, backgrounds: text of the design's contrast table, then what must only be seen (controls and focus).
TEXT_PAIRS = (
    ("ink", "ground surface sunken primary_soft warning_soft error_soft highlight"),
    ("ink2", "ground surface sunken primary_soft"),
    ("ink_off", "surface sunken"),
    ("on_primary", "primary primary_press success"),
    ("primary", "ground surface primary_soft"),
    ("success", "success_soft surface"),
    ("warning", "warning_soft ground"),
    ("error", "error_soft surface"),
    ("on_strip", "strip"),
    ("on_strip_2", "strip"),
    ("on_strip_ok", "strip_ok"),
    ("on_strip_warn", "strip_warn"),
)
CONTROL_PAIRS = (
    ("control", "surface ground sunken"),
    ("warning_line", "ground warning_soft"),
    ("focus", "ground surface sunken"),
)
# A few values of the design's own table, so that the formula here is checked against it.
STATED = (
    ("light", "ink", "ground", 15.40),
    ("light", "on_primary", "primary", 7.69),
    ("light", "control", "sunken", 3.42),
    ("high_contrast_dark", "ink", "highlight", 8.67),
    ("high_contrast_light", "warning_line", "ground", 6.39),
)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "front", "back", "ratio"), STATED)
def test_the_formula_gives_the_design_tables_figures(
    tokens: Tokens, theme: str, front: str, back: str, ratio: float
) -> None:
    colours = tokens.theme[ThemeName(theme)]
    assert contrast(colours[front], colours[back]) == pytest.approx(ratio, abs=0.011)


@pytest.mark.parametrize("theme", list(ThemeName), ids=str)
def test_text_can_be_read_and_controls_can_be_seen(tokens: Tokens, theme: ThemeName) -> None:
    colours = tokens.theme[theme]
    least = 4.5 if theme is ThemeName.LIGHT else 7.0
    low = [
        (front, back, round(contrast(colours[front], colours[back]), 2))
        for pairs, floor in ((TEXT_PAIRS, least), (CONTROL_PAIRS, 3.0))
        for front, backs in pairs
        for back in backs.split()
        if contrast(colours[front], colours[back]) < floor
    ]
    assert low == []


def test_every_theme_has_every_colour(tokens: Tokens) -> None:
    names = {theme: set(colours) for theme, colours in tokens.theme.items()}
    assert names.keys() == set(ThemeName)
    assert len({frozenset(colours) for colours in names.values()}) == 1


@pytest.mark.parametrize(("panel", "per_mm"), [(FULL_HD, 4.03), (SMALL, 3.36)])
def test_pixels_follow_from_the_diagonal(stage: Stage, panel: Panel, per_mm: float) -> None:
    look = stage.look(panel=panel)
    assert panel.pixels_per_mm == pytest.approx(per_mm, abs=0.01)
    assert look.px(look.tokens.size.target_min) == round(12.7 * panel.pixels_per_mm)
    assert look.px(0.01) == 1


@pytest.mark.parametrize("size", list(TextSize), ids=str)
@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
def test_a_capital_is_as_high_as_the_scale_says(stage: Stage, panel: Panel, size: TextSize) -> None:
    look = stage.look(panel=panel, presentation=Presentation("en", size))
    for role in ("body", "action", "title", "display"):
        wanted = getattr(look.tokens.type.citizen, role)[size.place]
        capital = QFontMetricsF(look.font(role)).tightBoundingRect("H").height() / panel.pixels_per_mm
        assert capital == pytest.approx(wanted, abs=0.4)


def test_both_weights_come_from_the_shipped_family(stage: Stage) -> None:
    look = stage.look()
    for strong in (False, True):
        font = QFontInfo(look.font("body", strong=strong))
        assert font.family().startswith("IBM Plex Sans Arabic")
        assert font.weight() == (600 if strong else 400)
    assert look.text_width("مركز الخدمات", "body") != look.text_width("مركز الخدمات", "body", strong=True)


def test_high_contrast_has_no_ledge_and_thick_outlines(stage: Stage) -> None:
    light = stage.look()
    dark = stage.look(presentation=Presentation(theme=ThemeName.HIGH_CONTRAST_DARK))
    assert (light.ledge, dark.ledge) == (light.px(0.9), 0)
    assert dark.outline == dark.px(dark.tokens.line.high_contrast) > light.outline


def test_arrows_mirror_and_everything_else_does_not(artwork: Artwork) -> None:
    for name in sorted(file.stem for file in (ASSETS / "icons").glob("*.svg")):
        there = artwork.icon(name, 48, QColor("#000000")).toImage()
        back = artwork.icon(name, 48, QColor("#000000"), right_to_left=True).toImage()
        assert (there != back) is (name in MIRRORED), name
    assert artwork.icon("arrow-right", 48, QColor("black"), right_to_left=True).toImage() == artwork.icon(
        "arrow-right", 48, QColor("black")
    ).toImage().flipped(Qt.Orientation.Horizontal)


def test_an_icon_is_drawn_in_the_one_colour_asked_for(artwork: Artwork) -> None:
    image = artwork.icon("check", 64, QColor("#A31621")).toImage()
    seen = {
        image.pixelColor(x, y).name() for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() == 255
    }
    assert seen == {"#a31621"}


def test_an_icon_that_is_not_there_gives_way_to_a_plain_one(artwork: Artwork) -> None:
    ink = QColor("black")
    assert artwork.icon("no-such-icon", 40, ink).toImage() == artwork.icon("info", 40, ink).toImage()


def test_pictures_are_painted_once(artwork: Artwork) -> None:
    size = QSize(192, 36)
    assert artwork.picture("panorama", size).cacheKey() == artwork.picture("panorama", size).cacheKey()


def test_a_look_knows_its_room(stage: Stage) -> None:
    def columns(panel: Panel, size: TextSize) -> int:
        look: Look = stage.look(panel=panel, presentation=Presentation(text_size=size))
        return look.tile_columns

    assert [columns(FULL_HD, size) for size in TextSize] == [3, 3, 2, 1]
    assert [columns(SMALL, size) for size in TextSize] == [2, 2, 1, 1]
