"""How the screens look at one moment: sizes in pixels, fonts, colours, texts and direction in one frozen bundle."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette, QPixmap

from kiosk.texts import Texts
from ui.icons import Artwork
from ui.theme import TextSize, ThemeName, Tokens

MILLIMETRES_PER_INCH = 25.4

Role = Literal["body", "action", "title", "display", "figure", "hero", "strong", "key_hint"]
_STRONG_ROLES = frozenset({"action", "title", "display", "figure", "hero", "strong", "key_hint"})

Side = Literal["citizen", "staff"]
"""On which side of the counter a screen stands. A citizen's has the roles body, action, title, display, figure and
hero; a member of staff's, which is read from nearer and all day, body, strong, figure and key_hint."""


@dataclasses.dataclass(frozen=True, slots=True)
class Panel:
    """A screen as it is built in: its pixels and its diagonal, from which every size on it follows."""

    width: int
    height: int
    diagonal_inches: float

    @property
    def pixels_per_mm(self) -> float:
        diagonal: float = (self.width**2 + self.height**2) ** 0.5
        return diagonal / (self.diagonal_inches * MILLIMETRES_PER_INCH)

    @property
    def width_mm(self) -> float:
        return self.width / self.pixels_per_mm

    @property
    def height_mm(self) -> float:
        return self.height / self.pixels_per_mm


@dataclasses.dataclass(frozen=True, slots=True)
class Presentation:
    """What a person may switch at any time, and what goes back to its default when the visit ends."""

    language: str = "ar"
    text_size: TextSize = TextSize.M
    theme: ThemeName = ThemeName.LIGHT


@dataclasses.dataclass(frozen=True)
class Look:
    """Built once for each presentation and panel by `build_look`; pages and widgets only read it.

    `motion` False gives still pictures. Colours and fonts are asked for by the names in the tokens. `side` says whose
    type scale, radii and insets these are.
    """

    tokens: Tokens
    panel: Panel
    presentation: Presentation
    texts: Texts
    artwork: Artwork
    motion: bool
    fonts: Mapping[tuple[str, bool], QFont]
    colours: Mapping[str, QColor]
    palette: QPalette
    side: Side = "citizen"
    _measured: dict[str, int] = dataclasses.field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, what: str, measure: Callable[[], int]) -> int:
        """Pixels that are the same on every page of this look, measured when first asked for. Never of a text that is
        a person's: it would be kept."""
        if what not in self._measured:
            self._measured[what] = measure()
        return self._measured[what]

    def px(self, millimetres: float) -> int:
        """Whole pixels, at least one."""
        return max(1, round(millimetres * self._pixels_per_mm))

    @functools.cached_property
    def _pixels_per_mm(self) -> float:
        """Asked for hundreds of times by every page."""
        return self.panel.pixels_per_mm

    def font(self, role: Role, *, strong: bool | None = None) -> QFont:
        """The font of a role. Everything above body is strong (weight 600) unless told otherwise."""
        return self.fonts[role, role in _STRONG_ROLES if strong is None else strong]

    def line_height(self, role: Role) -> int:
        """Pixels of one natural line of that role."""
        return round(QFontMetricsF(self.font(role)).height())

    def text_width(self, text: str, role: Role, *, strong: bool | None = None) -> int:
        """Pixels of `text` on one line."""
        return round(QFontMetricsF(self.font(role, strong=strong)).horizontalAdvance(text)) + 1

    def colour(self, name: str) -> QColor:
        """A colour of the theme, or of the art where the theme has none of that name."""
        return self.colours[name]

    def icon(self, name: str, millimetres: float, colour: str) -> QPixmap:
        return self.artwork.icon(
            name,
            self.px(millimetres),
            self.colour(colour),
            right_to_left=self.direction is Qt.LayoutDirection.RightToLeft,
        )

    @functools.cached_property
    def direction(self) -> Qt.LayoutDirection:
        if self.presentation.language == "ar":
            return Qt.LayoutDirection.RightToLeft
        return Qt.LayoutDirection.LeftToRight

    @property
    def right_to_left(self) -> bool:
        return self.direction is Qt.LayoutDirection.RightToLeft

    @property
    def high_contrast(self) -> bool:
        return self.presentation.theme is not ThemeName.LIGHT

    @property
    def largest(self) -> bool:
        """Very large text: one column, no decoration, short words in the bars."""
        return self.presentation.text_size is TextSize.XL

    @property
    def wide(self) -> bool:
        """Room for two columns, the question leading and keypad or sum trailing."""
        return self.panel.width_mm >= self.tokens.layout.wide_from and not self.largest

    @property
    def medium(self) -> bool:
        return self.panel.width_mm >= self.tokens.layout.medium_from and not self.largest

    @property
    def ample(self) -> bool:
        """Room for a table's label beside its value, and for a second way beside the main button."""
        return self.wide or (self.medium and self.presentation.text_size.place <= TextSize.M.place)

    @property
    def tile_columns(self) -> int:
        """Three columns of tiles on a wide panel, two on a medium one; one fewer at L, one at XL."""
        if self.largest or not self.medium:
            return 1
        columns = 3 if self.wide else 2
        return columns - 1 if self.presentation.text_size is TextSize.L else columns

    @property
    def icon_mm(self) -> float:
        """Line icons grow with the text they stand beside."""
        place = self.presentation.text_size.place
        if self.side == "staff":
            return 1.8 * self.tokens.type.staff.body[place]
        return max(self.tokens.size.icon, 1.5 * self.tokens.type.citizen.body[place])

    @property
    def page_margin(self) -> int:
        narrow = self.panel.width_mm < 320
        return self.px(self.tokens.space.page_margin_small if narrow else self.tokens.space.page_margin)

    @property
    def inset(self) -> int:
        """Pixels between a card's outline and what stands at its sides: text never touches its frame."""
        if self.side == "staff":
            return self.px(3.4)
        return self.px(7.0 if self.wide else 5.0 if not self.largest else 4.0)

    @property
    def card_radius(self) -> int:
        """Pixels."""
        radius = self.tokens.radius
        return self.px(radius.staff_card if self.side == "staff" else radius.card)

    @property
    def control_radius(self) -> int:
        """Pixels, of fields and small controls."""
        radius = self.tokens.radius
        return self.px(radius.staff_control if self.side == "staff" else radius.control)

    @property
    def outline(self) -> float:
        """Pixels of a control's outline."""
        return self.stroke(self.tokens.line.control)

    def stroke(self, millimetres: float) -> float:
        """Pixels of an outline; in high contrast never thinner than the high-contrast outline."""
        if self.high_contrast:
            millimetres = max(millimetres, self.tokens.line.high_contrast)
        return float(self.px(millimetres))

    @property
    def ledge(self) -> int:
        """Pixels of the solid lower edge of what can be pressed; none in high contrast."""
        return 0 if self.high_contrast else self.px(self.tokens.line.ledge)


def build_look(
    tokens: Tokens,
    panel: Panel,
    presentation: Presentation,
    texts: Texts,
    artwork: Artwork,
    *,
    motion: bool = True,
    side: Side = "citizen",
) -> Look:
    colours = {name: QColor(value) for name, value in (tokens.art | tokens.theme[presentation.theme]).items()}
    return Look(
        tokens=tokens,
        panel=panel,
        presentation=presentation,
        texts=texts,
        artwork=artwork,
        motion=motion,
        fonts=_fonts(tokens, panel, presentation.text_size, side),
        colours=colours,
        palette=_palette(colours),
        side=side,
    )


def _fonts(tokens: Tokens, panel: Panel, size: TextSize, side: Side) -> dict[tuple[str, bool], QFont]:
    fonts: dict[tuple[str, bool], QFont] = {}
    scale = tokens.type.staff if side == "staff" else tokens.type.citizen
    for role in scale.__struct_fields__:
        cap_mm = getattr(scale, role)[size.place]
        for strong in (False, True):
            font = QFont()
            font.setFamilies(tokens.font.families)
            font.setPixelSize(round(cap_mm * panel.pixels_per_mm / tokens.font.cap_em))
            font.setWeight(QFont.Weight(tokens.font.weight_strong if strong else tokens.font.weight_text))
            fonts[role, strong] = font
    return fonts


def _palette(colours: Mapping[str, QColor]) -> QPalette:
    palette = QPalette()
    for role, name in {
        QPalette.ColorRole.Window: "ground",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.PlaceholderText: "ink2",
        QPalette.ColorRole.Highlight: "primary",
        QPalette.ColorRole.HighlightedText: "on_primary",
    }.items():
        palette.setColor(role, colours[name])
    return palette
