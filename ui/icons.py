"""Icons and drawn pictures from SVG files, painted once for each size and colour and then kept as pixmaps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from ui.theme import ASSETS

# Icons that point along the reading direction; they are named for left-to-right. Everything else never mirrors.
MIRRORED = frozenset({"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out"})

# Drawn for this project, beside the line icons of Lucide.
_OWN_ICONS = frozenset({"traffic-light"})

_INSTEAD = "info"

# Pictures drawn so many times larger and then reduced: shapes that touch would show a seam at fractions of a pixel.
_FINER = {"card": 4, "reader": 2, "printer": 3}


class Artwork:
    """Every picture file that the screens use, with the pixmaps already made from them.

    One object lives as long as the window; sizes are in device pixels.
    """

    def __init__(self, folder: Path = ASSETS) -> None:
        self._folder = folder
        self._pixmaps: dict[tuple[str, int, int, int, bool], QPixmap] = {}
        self._renderers: dict[str, QSvgRenderer] = {}

    def icon(self, name: str, size: int, colour: QColor, *, right_to_left: bool = False) -> QPixmap:
        """The line icon `name` in one colour, mirrored where it points along the reading direction."""
        mirrored = right_to_left and name in MIRRORED
        key = (name, size, size, colour.rgba(), mirrored)
        if key not in self._pixmaps:
            pixmap = self._rendered(self._icon_renderer(name, colour), QSize(size, size))
            self._pixmaps[key] = pixmap.transformed(QTransform().scale(-1, 1)) if mirrored else pixmap
        return self._pixmaps[key]

    def picture(self, name: str, size: QSize) -> QPixmap:
        """The drawn picture `art/<name>.svg`, scaled to fill `size` whatever its proportions."""
        key = (name, size.width(), size.height(), 0, False)
        if key not in self._pixmaps:
            fine = self._rendered(self.renderer(name), size * _FINER.get(name, 1))
            smooth = Qt.TransformationMode.SmoothTransformation
            self._pixmaps[key] = fine.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return self._pixmaps[key]

    def renderer(self, name: str) -> QSvgRenderer:
        """For pictures that are put together by a painter."""
        if name not in self._renderers:
            renderer = QSvgRenderer(str(self._folder / "art" / f"{name}.svg"))
            renderer.setAspectRatioMode(Qt.AspectRatioMode.IgnoreAspectRatio)
            self._renderers[name] = renderer
        return self._renderers[name]

    def kept(self, name: str, size: QSize, mark: int) -> QPixmap | None:
        """A pixmap that a widget painted itself and asked to be kept, told apart by `mark`."""
        return self._pixmaps.get((name, size.width(), size.height(), mark, False))

    def keep(self, name: str, pixmap: QPixmap, mark: int) -> None:
        self._pixmaps[(name, pixmap.width(), pixmap.height(), mark, False)] = pixmap

    def _icon_renderer(self, name: str, colour: QColor) -> QSvgRenderer:
        folder = self._folder / ("art" if name in _OWN_ICONS else "icons")
        file = folder / f"{name}.svg"
        if not file.is_file():  # a service's file may name any icon; a missing one must not stop a visit
            file = self._folder / "icons" / f"{_INSTEAD}.svg"
        source = file.read_text(encoding="utf-8")
        return QSvgRenderer(QByteArray(source.replace("currentColor", colour.name()).encode()))

    @staticmethod
    def _rendered(renderer: QSvgRenderer, size: QSize) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
        painter.end()
        return pixmap
