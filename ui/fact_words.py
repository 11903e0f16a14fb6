"""What an agency has on file, as a person reads it: beside a question, on a quote, and on the clerk's form."""

from __future__ import annotations

from datetime import date

from kiosk.catalogue import Step
from kiosk.forms import Known, bounds
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


def bounds_text(step: Step, scene: Scene, texts: Texts) -> str:
    """Between what an amount or a number must lie, where a person cannot know it; "" where there is nothing to say."""
    if step.kind not in {"amount", "number"} or not (step.least_by or step.most_by):
        return ""
    known = Known(date.min, {fact.id: fact.value for fact in scene.facts})
    least, most = (None if bound is None else _written(step, bound, texts) for bound in bounds(step, known))
    if least is not None and most is not None:
        return texts("From {least} to {most}", least=least, most=most)
    if most is not None:
        return texts("At most {most}", most=most)
    return texts("At least {least}", least=least) if least is not None else ""


def _written(step: Step, value: int, texts: Texts) -> str:
    return texts.amount(value) if step.kind == "amount" else str(value)
