"""How long one page gives way to the next: built, laid out and painted by software, every page after every other."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from kiosk.scene import Scene
from tests.benchmarks.figures import Figure, percentile
from tests.ui.samples import FIRST_PAGES
from tests.ui.samples_second import SECOND_PAGES
from ui.garbage import ScreenThreadCollector, keep_for_good
from ui.look import Presentation
from ui.preview import FULL_HD, preview_window

ROUNDS = 8
SEED = 20261126
GOAL_MS = 16.0


def measure() -> Iterator[Figure]:
    application = QApplication.instance() or QApplication(["benchmark"])
    collector = ScreenThreadCollector(application)
    keep_for_good()  # as a terminal does before its first visit
    scenes = {**FIRST_PAGES, **SECOND_PAGES}
    took = {(language, name): list[float]() for language in ("ar", "en") for name in scenes}
    worked: list[float] = []
    for language in ("ar", "en"):
        for name, milliseconds, at_work in _changes(scenes, language):
            took[language, name].append(milliseconds)
            worked.append(at_work)
    collector.deleteLater()
    every = [each for measured in took.values() for each in measured]
    slowest = max(took, key=lambda page: percentile(took[page], 50))
    yield Figure(
        name="page_change_p99_ms",
        value=percentile(every, 99),
        unit="ms",
        goal=GOAL_MS,
        how=f"1920x1080, software, {len(scenes)} scenes in both languages, {len(every)} changes in random order after "
        f"one of each: from show_scene until everything is painted and the old page is gone; p50 "
        f"{percentile(every, 50):.1f}, max {max(every):.1f}; slowest page {'/'.join(slowest)} "
        f"{percentile(took[slowest], 50):.1f}; of processor time alone p50 {percentile(worked, 50):.1f}, p99 "
        f"{percentile(worked, 99):.1f}",
    )


def _changes(scenes: dict[str, Scene], language: str) -> Iterator[tuple[str, float, float]]:
    """Names, and milliseconds by the clock and of this thread's work."""
    window = preview_window(scenes["idle"], FULL_HD, Presentation(language))
    window.show()
    order = random.Random(SEED)
    names = list(scenes)
    for turn in range(1 + ROUNDS):
        order.shuffle(names)
        for name in names:
            began, idle = time.perf_counter(), time.thread_time()
            window.show_scene(scenes[name])
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if turn:  # the first time, icons and pictures are drawn; a terminal shows them all within minutes
                yield name, (time.perf_counter() - began) * 1000, (time.thread_time() - idle) * 1000
    window.close()
    window.deleteLater()
