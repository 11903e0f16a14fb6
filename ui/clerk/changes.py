"""What is changed in a request that is sent corrected, in words: the old and the new beside each other."""

from __future__ import annotations

from kiosk.scene import Scene
from kiosk.texts import Texts


def changes(scene: Scene, texts: Texts) -> tuple[str, ...]:
    """One line for each answer that is another, and one for the lines that are paid where those are others."""
    if scene.correcting is None or scene.service is None:
        return ()
    old, new = scene.correcting.agreement, {step.id: value for step, value in scene.answers}
    said = [
        _change(texts.of(step.label), old.answers.get(step.id, ""), new.get(step.id, ""), texts)
        for step in scene.service.steps
        if old.answers.get(step.id, "") != new.get(step.id, "") and step.kind != "choice"
    ]
    paid = tuple(line.id for line in old.lines)
    if paid != scene.picked:
        said.append(_change(texts("Paid lines"), ", ".join(paid), ", ".join(scene.picked), texts))
    return tuple(said)


def _change(label: str, old: str, new: str, texts: Texts) -> str:
    nothing = "\u2013"
    return texts("{what}: {old} becomes {new}", what=label, old=old or nothing, new=new or nothing)
