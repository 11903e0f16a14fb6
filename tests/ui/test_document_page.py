"""The page of a document: whole at every size, and what it shows and sends."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.events import Answered, Event, PageDropped, ScanStopped, ScanWanted
from kiosk.scene import Scene
from kiosk.texts import without_isolates
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples_documents import DOCUMENT_PAGES
from ui.look import Panel, Presentation
from ui.pages.document import DocumentPage
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize, ThemeName
from ui.widgets.sheet_picture import SheetPicture
from ui.window import Window

PANELS = {"1920x1080": FULL_HD, "1024x768": SMALL}


def press(window: Window, name: str) -> None:
    found = next((each for each in window.findChildren(QWidget, name) if each.isVisibleTo(window)), None)
    assert found is not None, f"nothing is named {name}"
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def page_of(window: Window) -> DocumentPage:
    (page,) = window.findChildren(DocumentPage)
    return page


def has(window: Window, name: str) -> bool:
    return any(each.isVisibleTo(window) for each in window.findChildren(QWidget, name))


@pytest.mark.parametrize("size", list(TextSize), ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
@pytest.mark.parametrize("scene", DOCUMENT_PAGES.values(), ids=DOCUMENT_PAGES.keys())
def test_nothing_is_cut_nameless_small_or_overlapping(
    stage: Stage, scene: Scene, panel: Panel, language: str, size: TextSize
) -> None:
    assert checks.faults(stage.window(scene, panel, Presentation(language, size))) == []


@pytest.mark.parametrize("theme", [ThemeName.HIGH_CONTRAST_DARK, ThemeName.HIGH_CONTRAST_LIGHT], ids=str)
@pytest.mark.parametrize("scene", DOCUMENT_PAGES.values(), ids=DOCUMENT_PAGES.keys())
def test_the_high_contrasts_hold_too(stage: Stage, scene: Scene, theme: ThemeName) -> None:
    assert checks.faults(stage.window(scene, SMALL, Presentation("ar", TextSize.L, theme))) == []


@pytest.mark.parametrize(
    ("scene", "name", "sent"),
    [
        ("document", "main", ScanWanted("lease")),
        ("document-optional", "without", Answered("lease", "")),
        ("document-scanning", "stop_scan", ScanStopped()),
        ("document-page", "main", Answered("lease", "")),
        ("document-pages", "scan_again", ScanWanted("lease", instead_of=2)),
        ("document-pages", "add_page", ScanWanted("lease")),
        ("document-pages", "remove_page", PageDropped("lease", 2)),
    ],
)
def test_each_button_sends_its_event(stage: Stage, scene: str, name: str, sent: Event) -> None:
    window = stage.window(DOCUMENT_PAGES[scene])
    press(window, name)
    assert stage.sent == [sent]


def test_what_is_done_is_done_to_the_page_that_is_shown(stage: Stage) -> None:
    window = stage.window(DOCUMENT_PAGES["document-pages"])
    press(window, "previous")
    press(window, "scan_again")
    assert stage.sent == [ScanWanted("lease", instead_of=1)]
    shown = [each.accessibleName() for each in window.findChildren(SheetPicture) if each.isVisibleTo(window)]
    assert [without_isolates(name) for name in shown] == ["الصفحة 2 من 3"]


def test_no_page_is_added_beyond_what_the_question_takes(stage: Stage) -> None:
    assert has(stage.window(DOCUMENT_PAGES["document-pages"]), "add_page")
    assert not has(stage.window(DOCUMENT_PAGES["document-full"]), "add_page")


@pytest.mark.parametrize(
    ("scene", "sent"), [("document", [ScanWanted("lease")]), ("document-page", [Answered("lease", "")])]
)
def test_enter_does_what_the_main_button_does(stage: Stage, scene: str, sent: list[Event]) -> None:
    QTest.keyClick(page_of(stage.window(DOCUMENT_PAGES[scene])), Qt.Key.Key_Return)
    assert stage.sent == sent


def test_while_a_page_is_scanned_enter_does_nothing(stage: Stage) -> None:
    QTest.keyClick(page_of(stage.window(DOCUMENT_PAGES["document-scanning"])), Qt.Key.Key_Return)
    assert stage.sent == []
