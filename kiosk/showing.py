"""The scene that stands for a case in a state: what pages are built from, and everything that they may know."""

from __future__ import annotations

from kiosk.case import Case
from kiosk.catalogue import Service, Step
from kiosk.front import NOTHING_SHOWN, Front, segment_of
from kiosk.scene import Scene, State


def scene_of(case: Case, state: State, visit: int, front: Front, seconds: int) -> Scene:
    steps, told = case.steps(), case.ready()[0] if case.ready() else case
    certain = _questions_are_certain(case)
    beyond = 0 if case.pays_whole() else 1  # where there is something to choose, the quote is a question too
    count = len(steps) + beyond if certain and len(steps) + beyond > 1 else 0  # one alone is not counted
    offered = tuple(service for service in front.services if case.may_have(service))
    there = {service.id for service in offered}
    return Scene(
        state=state,
        visit=visit,
        identity=case.identity,
        services=offered,
        withheld=tuple(service for service in front.services if service.id not in there),
        bundles=tuple(bundle for bundle in front.bundles if there.issuperset(bundle.services)),
        search=front.search,
        promoted=front.promoted if state is State.IDLE else (),
        segment=case.segment or segment_of(case.identity),
        bundle=next((bundle for bundle in front.bundles if bundle.id == case.bundle), None),
        bundle_done=(*case.bundle_done, *(entry.service.id for entry in case.basket if entry.service)),
        service=case.service,
        step=(step := case.step()),
        step_number=count if state is State.QUOTE else case.position + 1,
        step_count=count,
        typed=case.typed,
        proposed=case.to_begin_with(step) if step else "",
        mistake=case.mistake,
        answers=_answered(case),
        papers=case.papers,
        facts=tuple(case.facts.values()),
        quote=case.quote,
        picked=case.picked,
        total_fils=case.total_fils(),
        line_was_up=case.line_was_up,
        failure=case.failure,
        way_out=_way_out(case, front.services),
        money=case.money,
        stopped_at=case.stopped_at,
        seconds=seconds,
        commitment=told.commitment,
        outcome=told.outcome,
        receipt=case.receipt,
        print_state=told.print_state,
        print_failure=case.print_failure,
        copies=case.copies,
        satisfaction=case.satisfaction,
        reason=case.reason,
        method=case.paid_by(),
        portrait=case.portrait,
        offers=case.offers,
        parked=case.parked,
        slip_printed=case.slip_printed,
        identified_by=case.identified_by,
        document_seen=case.document_seen,
        behalf=case.for_whom(),
        consent=case.consent,
        form=tuple(case.form.items()),
        mistakes=tuple(case.mistakes.items()),
        tendered_fils=case.tendered_fils,
        correcting=case.correcting,
        signing=case.signing if state is State.SIGNING else None,
        signature_due=case.signature_is_due(),
        requests=case.requests,
        request=case.opened_request(),
        printing=case.printing,
        paper=case.paper,
        may_be_told=case.may_be_told(),
        notify_phone=case.notify_phone,
        ids=case.ids,
        basket=tuple(scene_of(entry, state, visit, NOTHING_SHOWN, 0) for entry in case.basket),
    )


def _questions_are_certain(case: Case) -> bool:
    """Whether no answer that is still to come decides about another question."""
    open_ones = {step.id for step in case.steps() if step.id not in case.answers}
    steps = case.service.steps if case.service else ()
    return not any(open_ones & {*step.when, *step.unless} for step in steps)


def _way_out(case: Case, services: tuple[Service, ...]) -> Service | None:
    wanted = case.failure.way_out if case.failure else ""
    return next((service for service in services if service.id == wanted), None)


def _answered(case: Case) -> tuple[tuple[Step, str], ...]:
    return tuple((step, case.answers[step.id]) for step in case.steps() if step.id in case.answers)
