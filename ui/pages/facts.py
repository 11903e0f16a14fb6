"""What the agency has on file, told beside a question: nobody types what is known already."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kiosk.catalogue import Step
from kiosk.scene import Scene
from ui.fact_words import told
from ui.look import Look
from ui.widgets.layouts import column
from ui.widgets.surface import Surface
from ui.widgets.text import Text


def facts_box(look: Look, scene: Scene, step: Step) -> QWidget | None:
    """The facts that the step shows, as far as they are known; None where there are none."""
    known = [fact for name in step.shows for fact in scene.facts if fact.id == name]
    if not known:
        return None
    texts = look.texts
    box = Surface(look, "information", padding_mm=look.tokens.space.m)
    lines = column(look, gap_mm=look.tokens.space.xs)
    if look.wide and scene.service is not None:
        agency = texts("On file with {agency}", agency=texts.of(scene.service.agency_name))
        lines.addWidget(Text(look, agency, colour="ink2"))
    for fact in known:
        lines.addWidget(Text(look, told(fact, texts), strong=True))
    box.rows.addLayout(lines)
    return box
