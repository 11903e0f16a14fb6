"""What every question page begins with: the service, and how far its questions have come."""

from __future__ import annotations

from kiosk.scene import Scene
from ui.look import Look
from ui.widgets.progress import Progress

_LARGE = 2  # the place of L among the text sizes


def progress(scene: Scene, look: Look) -> Progress:
    """The service's name alone where the number of questions could still change."""
    words = look.texts.of(scene.service.title) if scene.service else ""
    if scene.step_count:
        words = look.texts(
            "{service}: question {number} of {count}",
            service=words,
            number=scene.step_number,
            count=scene.step_count,
        )
    return Progress(look, words, scene.step_number, scene.step_count)


def is_tight(look: Look) -> bool:
    """Large text on a panel that is not wide: what only helps gives way to what is asked."""
    return not look.wide and look.presentation.text_size.place >= _LARGE
