"""What an agency has on file, as a person reads it: beside a question, on a quote, and on the clerk's form."""

from __future__ import annotations

from kiosk.scene import Scene
from kiosk.texts import Texts
from kiosk.wire import Fact


def said(fact: Fact, texts: Texts) -> str:
    return texts.of(fact.words) if fact.words is not None else fact.value


def told(fact: Fact, texts: Texts) -> str:
    """`Paid until: 31/12/2026`."""
    return texts("{label}: {value}", label=texts.of(fact.title), value=said(fact, texts))


def shown_facts(scene: Scene) -> tuple[Fact, ...]:
    """All that the service's questions show, where they stand on one page."""
    shows = {name for step in (scene.service.steps if scene.service else ()) for name in step.shows}
    return tuple(fact for fact in scene.facts if fact.id in shows)
