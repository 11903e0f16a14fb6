"""Help, language, End and the main button stand in the same rectangle on every page of a panel and text size."""

from __future__ import annotations

import pytest

from kiosk.scene import State
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples import FIRST_PAGES
from tests.ui.samples_second import SECOND_PAGES
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize

ALL_PAGES = {**FIRST_PAGES, **SECOND_PAGES}
# The main button by the names it has on the pages where it does one thing in particular.
MAIN = ("main", "way_out", "change", "try_again", "more_time", "get_help", "continue")


@pytest.mark.parametrize("size", list(TextSize), ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
def test_help_language_end_and_main_never_move(stage: Stage, panel: Panel, language: str, size: TextSize) -> None:
    window = stage.window(FIRST_PAGES["idle"], panel, Presentation(language, size))
    places: dict[str, dict[tuple[int, ...], list[str]]] = {}
    for page, scene in ALL_PAGES.items():
        window.show_scene(scene)
        for name in ("help", "language", "text_size", "contrast", "end", *MAIN):
            found = checks.rectangle(window, name)
            if found is None or (name == "more_time" and scene.state is State.TIME_WARNING):
                continue  # on the warning it stands large in the middle
            slot = "main" if name in MAIN else name
            leading = found.right() if language == "ar" and slot == "end" else found.x()
            places.setdefault(slot, {}).setdefault((leading, found.y(), found.height()), []).append(page)
            if slot != "end" or scene.state not in (
                State.DONE,
                State.PAYING,
                State.PARKED,
            ):  # there End says more, and is longer
                places.setdefault(f"{slot} wide", {}).setdefault((found.width(),), []).append(page)
    moved = {slot: found for slot, found in places.items() if len(found) > 1}
    assert moved == {}
    assert {"help", "language", "text_size", "contrast", "end", "main", "end wide", "main wide"} <= places.keys()
