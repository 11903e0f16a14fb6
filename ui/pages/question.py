"""What every question page begins with: the service, and how far its questions have come."""

from __future__ import annotations

from kiosk.scene import Scene
from ui.look import Look
from ui.widgets.progress import Progress


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
