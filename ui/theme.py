"""The design tokens: lengths in millimetres, type scale and colours, read once from `assets/themes/tokens.toml`."""

from __future__ import annotations

import enum
from pathlib import Path

import msgspec

ASSETS = Path(__file__).resolve().parents[1] / "assets"
TOKENS_FILE = ASSETS / "themes" / "tokens.toml"


class TextSize(enum.StrEnum):
    """The four text sizes of every screen; M is the default."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"

    @property
    def place(self) -> int:
        """0 for S up to 3 for XL: the place in a role's scale."""
        return tuple(TextSize).index(self)


class ThemeName(enum.StrEnum):
    LIGHT = "light"
    HIGH_CONTRAST_DARK = "high_contrast_dark"
    HIGH_CONTRAST_LIGHT = "high_contrast_light"


class FontTokens(msgspec.Struct, frozen=True):
    """`cap_em` is the height of a capital, `line_em` of a natural line, both as parts of the font's pixel size."""

    families: tuple[str, ...]
    cap_em: float
    line_em: float
    weight_text: int
    weight_strong: int


class CitizenType(msgspec.Struct, frozen=True):
    """Cap heights in millimetres for S, M, L and XL."""

    body: tuple[float, float, float, float]
    action: tuple[float, float, float, float]
    title: tuple[float, float, float, float]
    display: tuple[float, float, float, float]
    figure: tuple[float, float, float, float]
    hero: tuple[float, float, float, float]


class StaffType(msgspec.Struct, frozen=True):
    """The same for the screens of clerk and technician."""

    body: tuple[float, float, float, float]
    key_hint: tuple[float, float, float, float]
    strong: tuple[float, float, float, float]
    figure: tuple[float, float, float, float]


class TypeTokens(msgspec.Struct, frozen=True):
    citizen: CitizenType
    staff: StaffType


class Space(msgspec.Struct, frozen=True):
    xs: float
    s: float
    m: float
    l: float  # noqa: E741 - the token's own name
    xl: float
    xxl: float
    page_margin: float
    page_margin_small: float
    target_gap: float


class Radius(msgspec.Struct, frozen=True):
    control: float
    button: float
    card: float
    staff_control: float
    staff_card: float


class Line(msgspec.Struct, frozen=True):
    hair: float
    control: float
    field: float
    selected: float
    focus: float
    focus_gap: float
    ledge: float
    high_contrast: float


class StaffSize(msgspec.Struct, frozen=True):
    strip: float
    key_bar: float
    control: float
    table_row: float
    table_row_grouped: float
    queue_column: float
    pay_column: float


class Size(msgspec.Struct, frozen=True):
    target_min: float
    tool: float
    primary: float
    secondary: float
    field: float
    plate_field: float
    keypad_key: tuple[float, float]
    keypad_gap: float
    letter_key: tuple[float, float]
    letter_gap: float
    checkbox: float
    radio: float
    icon: float
    icon_tile: float
    portrait: tuple[float, float]
    tile_min: tuple[float, float]
    choice_row: float
    answer_row: float
    top_bar: float
    bottom_bar: float
    top_bar_compact: float
    bottom_bar_compact: float
    crow_band: float
    mark_height: float
    staff: StaffSize


class Layout(msgspec.Struct, frozen=True):
    wide_from: float
    medium_from: float


class Motion(msgspec.Struct, frozen=True):
    card_step: int
    card_pause: int
    receipt_slide: int
    countdown_tick: int


class Tokens(msgspec.Struct, frozen=True):
    """The whole file, as far as screens use it. `theme` and `art` give colours as `#RRGGBB`."""

    version: int
    font: FontTokens
    type: TypeTokens
    space: Space
    radius: Radius
    line: Line
    size: Size
    layout: Layout
    motion: Motion
    theme: dict[ThemeName, dict[str, str]]
    art: dict[str, str]


def load_tokens(file: Path = TOKENS_FILE) -> Tokens:
    """Raises OSError or msgspec.DecodeError: without its tokens the program cannot draw."""
    return msgspec.toml.decode(file.read_bytes(), type=Tokens)
