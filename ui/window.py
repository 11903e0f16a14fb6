"""The shell: top bar, crow band, the page of the present scene, bottom bar; it keeps how things are shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.events import Back, Cancelled, Event
from kiosk.help import HelpState
from kiosk.mode import Mode
from kiosk.scene import Browsing, Scene, State
from kiosk.texts import Texts
from kiosk.wire import Words
from ui.icons import Artwork
from ui.look import Look, Panel, Presentation, build_look
from ui.pages import HELP, PAGES
from ui.pages.page import Page
from ui.theme import TextSize, ThemeName, Tokens
from ui.widgets.bottom_bar import BottomBar, BottomBarView
from ui.widgets.crow_band import CrowBand
from ui.widgets.focus_ring import FocusRing
from ui.widgets.keyboard import Keyboard, KeyboardBar
from ui.widgets.line_state import LineState
from ui.widgets.mode_mark import watermark_over
from ui.widgets.top_bar import TopBar

_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel})

_PAUSES = frozenset(
    {
        State.TIME_WARNING,
        State.CARD_REMOVED,
        State.FAILED,
        State.IDENTIFYING,
        State.ACCESS_NUMBER,
        State.ENQUIRING,
        State.START_CARD,
    }
)
"""From these a visit comes back to the page that it left: from a service's card to where it was found, too."""


class Window(QWidget):
    """`Window(tokens, panel, texts, office, send)`: `texts` by language; `send` receives what people do.

    `show_scene` shows a scene on a new page; `show_line` the state of the line. Language, text size and contrast are
    kept here for the visit and go back to their defaults on the idle page. Switching any of them builds the present
    page again from its own `kept_scene`, so nothing typed or picked is lost; nor is it over a pause.

    Signals:
        touched(): somebody touched the screen or pressed a key, whatever came of it.
    """

    touched = Signal()

    def __init__(
        self,
        tokens: Tokens,
        panel: Panel,
        texts: Mapping[str, Texts],
        office: Words,
        send: Callable[[Event], None],
        *,
        presentation: Presentation | None = None,
        motion: bool = True,
        call_help: Callable[[str], None] | None = None,
        mode: Mode = Mode.SERVICE,
    ) -> None:
        super().__init__()
        self._tokens = tokens
        self._panel = panel
        self._texts = texts
        self._office = office
        self._send = send
        self._default = presentation or Presentation()
        self._motion = motion
        self._call_help = call_help
        self._mode = mode
        self._help_state: HelpState | None = None
        self._artwork = Artwork()
        self._looks: dict[Presentation, Look] = {}
        self._line = LineState()
        self._scene = Scene(State.IDLE)
        self._given = self._scene
        self._draft: Scene | None = None
        self._browsed: tuple[Browsing, str] | None = None
        self._over: type[Page] | None = None
        self._keys_used = False
        self.setObjectName("window")
        self.resize(panel.width, panel.height)
        self._look = self._look_for(self._default)
        self._top, self._band, self._ring = self._shell()
        self._watermark = watermark_over(self, self._look, self._mode)
        self._page = self._new_page()
        self._bottom: QWidget | None = None
        self._build_bar()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    @property
    def look(self) -> Look:
        return self._look

    @property
    def page(self) -> Page:
        """The page that is shown, the one over it if there is one."""
        return self._page

    def show_scene(self, scene: Scene) -> None:
        """Throws the page away and shows this scene's, unless the page can take what little has changed. The next
        person finds every switch at its default."""
        given, self._given = self._given, scene
        if scene.state is State.FAILED and scene == given:
            return  # a silent part was asked again, and nothing new is known
        if _only_the_face_differs(scene, given):
            self._scene = dataclasses.replace(self._scene, portrait=scene.portrait)
            if self._over is None:
                self._page.show_portrait(scene.portrait)
            return
        over = _is_for_somebody_else(self._scene, scene)
        self._scene = self._browsed_again(self._with_draft(scene))
        self._over = None
        if over and self._look.presentation != self._default:
            self._keys_used = False
            self._present(self._default)
        else:
            self._build_page()

    @Slot(bool, int)
    def show_line(self, up: bool, waiting: int) -> None:
        self._line = LineState(up, waiting)
        self._top.show_line(self._line)

    @Slot()
    def show_help(self) -> None:
        """Shows the help page over the present one and calls a clerk, or takes it away again."""
        self._show_over(None if self._over is HELP else HELP)

    @Slot(str)
    def show_help_state(self, state: str) -> None:
        """What became of the call: a HelpState, "" where there is none."""
        self._help_state = HelpState(state) if state else None
        if isinstance(self._page, HELP):
            self._page.show_state(self._help_state)

    @Slot()
    def switch_language(self) -> None:
        other = "en" if self._look.presentation.language == "ar" else "ar"
        self._switch(dataclasses.replace(self._look.presentation, language=other))

    @Slot()
    def switch_text_size(self) -> None:
        sizes = tuple(TextSize)
        following = sizes[(self._look.presentation.text_size.place + 1) % len(sizes)]
        self._switch(dataclasses.replace(self._look.presentation, text_size=following))

    @Slot()
    def switch_contrast(self) -> None:
        themes = tuple(ThemeName)
        following = themes[(themes.index(self._look.presentation.theme) + 1) % len(themes)]
        self._switch(dataclasses.replace(self._look.presentation, theme=following))

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
        """Hears what comes from outside to the native window: after a key the ring shows, after a touch it does not.

        Never the application's events: each page is thousands of them, and a filter in Python took a third of its time.
        """
        if event.type() is QEvent.Type.KeyPress:
            self._keys_used = True
            self.touched.emit()
        elif event.type() in _TOUCHES:
            self._keys_used = False
            self._ring.surround(None)
            self.touched.emit()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.colour("ground"))
        painter.end()

    def _with_draft(self, scene: Scene) -> Scene:
        """What was typed or picked and not yet handed in, given back when the same visit returns to the same page."""
        pause = scene.state in _PAUSES and scene.visit == self._scene.visit
        if pause and self._scene.state not in _PAUSES:
            self._draft = self._page.kept_scene() if self._over is None else self._scene
        if pause:
            return scene
        draft, self._draft = self._draft, None
        if draft is None or _place_of(draft) != _place_of(scene):
            return scene
        return dataclasses.replace(
            scene, typed=draft.typed, picked=draft.picked, total_fils=draft.total_fils, browsing=draft.browsing
        )

    def _browsed_again(self, scene: Scene) -> Scene:
        """Back from a service's card leads to where it was found: to the same page of tiles, or to the same search."""
        left = self._scene.state
        if scene.visit != self._scene.visit or scene.state is State.IDLE:
            self._browsed = None  # what somebody looked for is theirs
        elif left is State.CHOOSING_SERVICE and scene.state is State.START_CARD:
            kept = self._page.kept_scene() if self._over is None else self._scene
            self._browsed = (kept.browsing, kept.typed)
        elif left is State.START_CARD and scene.state is State.CHOOSING_SERVICE and self._browsed is not None:
            browsing, typed = self._browsed
            self._browsed = None
            return dataclasses.replace(scene, typed=typed, browsing=browsing)
        return scene

    def _switch(self, presentation: Presentation) -> None:
        if self._over is None:
            self._scene = self._page.kept_scene()
        self._present(presentation)

    def _present(self, presentation: Presentation) -> None:
        """Everything anew in this presentation: bars, band, ring and page."""
        old = (self._top, self._band, self._ring)
        self._look = self._look_for(presentation)
        self._top, self._band, self._ring = self._shell()
        for widget in old:
            _throw_away(widget)
        if self._watermark is not None:
            _throw_away(self._watermark)
        self._watermark = watermark_over(self, self._look, self._mode)
        self._build_page()

    def _look_for(self, presentation: Presentation) -> Look:
        if presentation not in self._looks:
            self._looks[presentation] = build_look(
                self._tokens,
                self._panel,
                presentation,
                self._texts[presentation.language],
                self._artwork,
                motion=self._motion,
            )
        return self._looks[presentation]

    def _shell(self) -> tuple[TopBar, CrowBand, FocusRing]:
        self.setPalette(self._look.palette)
        self.setLayoutDirection(self._look.direction)
        top = TopBar(self._look, self._office, self, mode=self._mode)
        top.show_line(self._line)
        top.help_wanted.connect(self.show_help)
        top.language_wanted.connect(self.switch_language)
        top.text_size_wanted.connect(self.switch_text_size)
        top.contrast_wanted.connect(self.switch_contrast)
        top.show()
        return top, CrowBand(self._look, self), FocusRing(self._look, self)

    def _build_page(self) -> None:
        old = self._page
        self._page = self._new_page()
        _throw_away(old)
        self._build_bar()

    def _new_page(self) -> Page:
        kind = self._over or PAGES[self._scene.state]
        page = kind(self._scene, self._look, self._send)
        page.setParent(self)
        page.setObjectName(f"page:{self._scene.state.value}")
        page.bar_changed.connect(self._build_bar)
        page.over_wanted.connect(self._show_over)
        page.rebuild_wanted.connect(self._rebuild)
        self._ring.surround(None)
        return page

    @Slot(object)
    def _rebuild(self, scene: Scene) -> None:
        self._scene = scene
        self._build_page()

    @Slot()
    def _build_bar(self) -> None:
        if self._bottom is not None:
            _throw_away(self._bottom)
            self._bottom = None
        description = self._page.bottom_bar()
        if description is not None:
            self._bottom = self._bar_of(description)
            self._bottom.show()
        self._arrange()
        self._page.show()
        self._band.setVisible(not self._look.largest)
        self._band.raise_()

    def _bar_of(self, description: BottomBar | KeyboardBar) -> QWidget:
        if isinstance(description, KeyboardBar):
            return Keyboard(self._look, description, self)
        bar = BottomBarView(self._look, description, self)
        bar.end_pressed.connect(self._end_visit)
        bar.back_pressed.connect(self._go_back)
        return bar

    @Slot(object)
    def _show_over(self, kind: type[Page] | None) -> None:
        if self._over is None:
            self._scene = self._page.kept_scene()
        self._over = kind
        self._build_page()
        if kind is HELP:
            if self._call_help is not None:
                self._call_help(self._scene.state.value)
            self.show_help_state(self._help_state or "")

    @Slot()
    def _end_visit(self) -> None:
        self._send(Cancelled())

    @Slot()
    def _go_back(self) -> None:
        if self._over is not None:
            self._show_over(None)
        else:
            self._send(Back())

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._ring.surround(new if self._keys_used and new is not None and self.isAncestorOf(new) else None)

    def _arrange(self) -> None:
        """Bars at the edges in their own height, the page between them, the band over the page's upper edge."""
        width, height = self.width(), self.height()
        top = self._top.height()
        bottom = self._bottom.height() if self._bottom is not None else 0
        self._top.setGeometry(0, 0, width, top)
        self._band.setGeometry(0, top, width, self._band.height())
        self._page.setGeometry(0, top, width, height - top - bottom)
        if self._bottom is not None:
            self._bottom.setGeometry(0, height - bottom, width, bottom)


def _only_the_face_differs(scene: Scene, given: Scene) -> bool:
    """The portrait comes while a page is in use: nothing that was typed, and no page over it, may go for it."""
    if scene.portrait is given.portrait:
        return False
    return dataclasses.replace(scene, portrait=None) == dataclasses.replace(given, portrait=None)


def _place_of(scene: Scene) -> tuple[object, ...]:
    return scene.state, scene.visit, scene.step, scene.quote


def _is_for_somebody_else(before: Scene, scene: Scene) -> bool:
    """A new visit has begun; or a pause ended with another person's card."""
    if scene.state in {State.IDLE, State.IDENTIFYING}:
        return scene.visit != before.visit
    return None not in {before.identity, scene.identity} and before.identity != scene.identity


def _throw_away(widget: QWidget) -> None:
    """Gone from the window at once, so that nothing of it can be found or pressed; freed when Qt is idle."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
