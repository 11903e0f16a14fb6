"""The shell of the staff's screens: strip, one page, key bar; it hears every key and gives it to the page's acts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.mode import Mode
from kiosk.texts import Texts
from kiosk.wire import Words
from ui.icons import Artwork
from ui.look import Look, Panel, Presentation, build_look
from ui.staff.key_bar import KeyBar
from ui.staff.keys import KeyAct, act_for
from ui.staff.page import StaffPage
from ui.staff.strip import Strip, StripFacts
from ui.theme import TextSize, ThemeName, Tokens
from ui.widgets.focus_ring import FocusRing
from ui.widgets.mode_mark import watermark_over

MakePage = Callable[[Look], StaffPage]

_USED = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})


class StaffWindow(QWidget):
    """`StaffWindow(tokens, panel, texts, office)`, then `show_page(make)`: `make` builds the page for a look, and is
    called again when the language, the text size or the contrast is switched (Shift with F1, F2, F3).

    What a person typed must survive that: keep it outside the page. The focus ring is always visible.

    Signals:
        used(): a key or the mouse, in this window; how long ago that was decides when the screen locks.
    """

    used = Signal()

    def __init__(
        self,
        tokens: Tokens,
        panel: Panel,
        texts: Mapping[str, Texts],
        office: Words,
        *,
        presentation: Presentation | None = None,
        mode: Mode = Mode.SERVICE,
    ) -> None:
        super().__init__()
        self._mode = mode
        self._tokens, self._panel, self._texts, self._office = tokens, panel, texts, office
        self._artwork = Artwork()
        self._looks: dict[Presentation, Look] = {}
        self._facts = StripFacts()
        self._make: MakePage = StaffPage
        self.setObjectName("staff")
        self.resize(panel.width, panel.height)
        self._look = self._look_for(presentation or Presentation())
        self._apply_look()
        self._strip = self._new_strip()
        self._ring = FocusRing(self._look, self)
        self._watermark = watermark_over(self, self._look, mode)
        self._page = StaffPage(self._look)
        self._page.setParent(self)
        self._bar = KeyBar(self._look, (), self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    @property
    def look(self) -> Look:
        return self._look

    @property
    def page(self) -> StaffPage:
        return self._page

    def show_page(self, make: MakePage, *, keep_focus: bool = False) -> None:
        """Throws the page away and shows what `make` builds. `keep_focus`: typing goes on where it was, as far as the
        new page has that place too."""
        self._make = make
        self._build_page(keep_focus=keep_focus)

    def show_facts(self, facts: StripFacts) -> None:
        """What the strip says."""
        if facts != self._facts:
            self._facts = facts
            self._renew_strip()

    @Slot()
    def switch_language(self) -> None:
        other = "en" if self._look.presentation.language == "ar" else "ar"
        self._present(dataclasses.replace(self._look.presentation, language=other))

    def switch_text_size(self) -> None:
        sizes = tuple(TextSize)
        following = sizes[(self._look.presentation.text_size.place + 1) % len(sizes)]
        self._present(dataclasses.replace(self._look.presentation, text_size=following))

    def switch_contrast(self) -> None:
        themes = tuple(ThemeName)
        following = themes[(themes.index(self._look.presentation.theme) + 1) % len(themes)]
        self._present(dataclasses.replace(self._look.presentation, theme=following))

    def own_acts(self) -> tuple[KeyAct, ...]:
        """What the window itself does, on every page: for the page that lists the keys."""
        texts = self._look.texts
        return (
            KeyAct("Shift+F1", texts("The other language"), self.switch_language),
            KeyAct("Shift+F2", texts("Text size"), self.switch_text_size),
            KeyAct("Shift+F3", texts("Contrast"), self.switch_contrast),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        native = self.windowHandle()
        if native is not None:
            native.installEventFilter(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The application and the native window outlive this one: neither may call what is being thrown away."""
        app, native = QApplication.instance(), self.windowHandle()
        if isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_moved)
        if native is not None:
            native.removeEventFilter(self)
        super().closeEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _USED:
            self.used.emit()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the widget with the focus did not take for itself."""
        act = act_for(event, (*self._page.acts(), *self._page.bar(), *self.own_acts()))
        if act is not None:
            act()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.colour("ground"))
        painter.end()

    def _present(self, presentation: Presentation) -> None:
        self._look = self._look_for(presentation)
        self._apply_look()
        throw_away(self._ring)
        self._ring = FocusRing(self._look, self)
        if self._watermark is not None:
            throw_away(self._watermark)
        self._watermark = watermark_over(self, self._look, self._mode)
        self._renew_strip()
        self._build_page(keep_focus=True)

    def _look_for(self, presentation: Presentation) -> Look:
        if presentation not in self._looks:
            texts = self._texts[presentation.language]
            self._looks[presentation] = build_look(
                self._tokens, self._panel, presentation, texts, self._artwork, motion=False, side="staff"
            )
        return self._looks[presentation]

    def _apply_look(self) -> None:
        self.setPalette(self._look.palette)
        self.setLayoutDirection(self._look.direction)

    def _new_strip(self) -> Strip:
        strip = Strip(self._look, self._office, self._facts, self, mode=self._mode)
        strip.language.when_pressed(self.switch_language)
        strip.show()
        return strip

    def _renew_strip(self) -> None:
        old, self._strip = self._strip, self._new_strip()
        throw_away(old)
        self._arrange()

    def _build_page(self, *, keep_focus: bool) -> None:
        focused = QApplication.focusWidget()
        place = focused.objectName() if keep_focus and focused is not None and self.isAncestorOf(focused) else ""
        old, self._page = self._page, self._make(self._look)
        self._page.setParent(self)
        self._page.acts_changed.connect(self._renew_bar)
        throw_away(old)
        self._renew_bar()
        self._page.show()
        wanted = self._page.findChild(QWidget, place) if place else None
        if wanted is None or not wanted.isEnabled() or not wanted.isVisibleTo(self):
            wanted = self._page.first_focus()
        (wanted or self).setFocus()  # the window itself where nothing is to be typed: keys reach it all the same
        QTimer.singleShot(0, self, self._surround_focus)  # once everything has its place

    @Slot()
    def _renew_bar(self) -> None:
        throw_away(self._bar)
        self._bar = KeyBar(self._look, self._page.bar(), self)
        self._bar.show()
        self._arrange()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self._surround_focus()

    @Slot()
    def _surround_focus(self) -> None:
        focused = QApplication.focusWidget()
        inside = focused is not None and focused is not self and self.isAncestorOf(focused)
        self._ring.surround(focused if inside else None)

    def _arrange(self) -> None:
        width, height = self.width(), self.height()
        top, bottom = self._strip.height(), self._bar.height_at(width)
        self._strip.fit(width)
        self._strip.setGeometry(0, 0, width, top)
        self._page.setGeometry(0, top, width, height - top - bottom)
        self._bar.setGeometry(0, height - bottom, width, bottom)
        self._surround_focus()


def throw_away(widget: QWidget) -> None:
    """Gone from the window at once, so that nothing of it can be found or pressed; freed when Qt is idle."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
