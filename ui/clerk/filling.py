"""Filling the form of a service: for whom it is, every field at once, and the question to the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import forms
from kiosk.catalogue import Option, Step
from kiosk.counter import Behalf, Capacity
from kiosk.events import BehalfStated, FormFilled
from kiosk.scene import State
from kiosk.shown_answers import as_typed
from kiosk.texts import LEGAL_TIME

if TYPE_CHECKING:
    from ui.clerk.desk import Desk


class Filling:
    """The form's part of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def choose_capacity(self, capacity: Capacity) -> None:
        self._desk.sheet.choose_capacity(capacity)
        self._desk.focus = "other_number" if capacity is not Capacity.SELF else ""
        if self._desk.sheet.behalf() != self._desk.scene.behalf:
            self._desk.send(BehalfStated(self._desk.sheet.behalf()))
        self._desk.renew()

    def take_behalf(self, behalf: Behalf) -> None:
        """As the visit has it: a request that was kept comes back with the person it is for."""
        sheet = self._desk.sheet
        if behalf.capacity is not Capacity.PAYER and behalf != sheet.behalf():
            sheet.capacity, sheet.other_number, sheet.other_document = behalf.capacity, behalf.number, behalf.document

    def may_serve_as(self, capacity: Capacity) -> bool:
        """By the service's own rule; before a service is chosen, everything may be stated."""
        service = self._desk.scene.service
        if capacity is Capacity.SELF or service is None:
            return True
        return service.for_others is not None and capacity in service.for_others.assisted

    def text(self, step: Step) -> str:
        """What stands in that field: as typed, as kept, or the first of the choices."""
        scene = self._desk.scene
        known = (
            {one.id: as_typed(one, value) for one, value in scene.answers} | dict(scene.form) | self._desk.sheet.form
        )
        open_to = [option.id for option in self.options(step)]
        typed = known.get(step.id, open_to[0] if open_to else "")
        return open_to[0] if typed and open_to and typed not in open_to else typed

    def options(self, step: Step) -> tuple[Option, ...]:
        """Those that are open to the person who is served."""
        return forms.offered(step, {fact.id: fact.value for fact in self._desk.scene.facts})

    def steps(self) -> tuple[Step, ...]:
        """The fields that apply to what is chosen now."""
        service = self._desk.scene.service
        if service is None:
            return ()
        texts: dict[str, str] = {}
        for step in service.steps:
            if step in forms.applicable(service.steps, texts):
                texts[step.id] = self.text(step)
        return forms.applicable(service.steps, texts)

    def fill(self, step: str, text: str) -> None:
        self._desk.sheet.form[step] = text

    def choose(self, step: str, option: str) -> None:
        """Other fields may apply now."""
        self._desk.sheet.form[step] = option
        self._desk.renew()

    def changed(self) -> bool:
        """Whether what is typed is not what was asked about."""
        asked = {step.id: value for step, value in self._desk.scene.answers}
        typed: dict[str, str] = {}
        known = forms.Known(self._desk.now().astimezone(LEGAL_TIME).date())
        for step in self.steps():
            checked = forms.check(step, self._said(step), known)
            typed[step.id] = checked.value if isinstance(checked, forms.Accepted) else ""
        return typed != asked or self._behalf_changed()

    def _said(self, step: Step) -> str:
        """What counts as the answer: of a document its pages (see `kiosk.case.Case.said`)."""
        if step.kind != "document":
            return self.text(step)
        count = len(self._desk.scene.papers.of(step.id))
        return str(count) if count else ""

    def _behalf_changed(self) -> bool:
        stated = self._desk.scene.behalf
        return stated.capacity is not Capacity.PAYER and self._desk.sheet.behalf() != stated

    def enquire(self) -> None:
        if self._desk.scene.state not in {State.STEPS, State.QUOTE, State.CHECK_ANSWERS}:
            return
        texts = tuple((step.id, self.text(step)) for step in self.steps())
        if self._behalf_changed():
            self._desk.send(BehalfStated(self._desk.sheet.behalf()))
        self._desk.sheet.table_page = 0
        self._desk.send(FormFilled(texts))
