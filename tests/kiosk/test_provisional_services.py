"""What nobody has confirmed stays out of service; the technician is told of that, and of every file with a mistake."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest

from kiosk import data_checks
from kiosk.catalogue import Catalogue, Mistake
from kiosk.catalogue.files import load
from kiosk.diagnostics import Health, Measured
from kiosk.mode import Mode
from kiosk.texts import without_isolates

SHIPPED = load(Path(__file__).parents[2] / "assets" / "services")
BOX = SHIPPED.service("post.box")
CONFIRMED = msgspec.structs.replace(BOX, id="post.confirmed", provisional=False)
ONE_OF_EACH = Catalogue((BOX, CONFIRMED), ())
BROKEN = Mistake("post/broken.toml", "steps.box.kind", "is nothing", "Write another")


def examined(catalogue: Catalogue, mode: Mode) -> Measured:
    services, *_ = data_checks.checks(lambda: catalogue, mode)
    return services.run()


def said(measured: Measured) -> str:
    return without_isolates(measured.value.en)


@pytest.mark.parametrize("mode", [Mode.DEMONSTRATION, Mode.TRAINING])
def test_a_demonstration_and_training_have_every_service(mode: Mode) -> None:
    assert ONE_OF_EACH.for_mode(mode) == ONE_OF_EACH
    assert examined(ONE_OF_EACH, mode).health is Health.GOOD


def test_in_service_only_what_is_confirmed_is_offered() -> None:
    found = ONE_OF_EACH.for_mode(Mode.SERVICE)
    assert (found.services, found.kept_out) == ((CONFIRMED,), (BOX,))


def test_the_technician_is_told_what_is_kept_out_and_what_to_do() -> None:
    found = examined(ONE_OF_EACH, Mode.SERVICE)
    assert (found.health, said(found)) == (Health.WARNING, "1 loaded, 1 provisional")
    assert [(without_isolates(step.value.en), step.health) for step in found.steps] == [("1: post.box", Health.WARNING)]
    assert found.next_step is not None
    assert "provisional = false" in found.next_step.en


def test_a_terminal_in_service_that_has_nothing_to_offer_is_not_well() -> None:
    """As today, while no fee is confirmed."""
    assert examined(SHIPPED, Mode.SERVICE).health is Health.BAD
    assert examined(Catalogue((), ()), Mode.DEMONSTRATION).health is Health.BAD


def test_a_broken_file_is_named_with_its_key_and_its_remedy_beside_what_is_kept_out() -> None:
    found = examined(dataclasses.replace(ONE_OF_EACH, mistakes=(BROKEN,)), Mode.SERVICE)
    assert (found.health, found.code) == (Health.WARNING, "T04")
    first, second = found.steps
    assert (first.title.en, first.value.en) == (BROKEN.file, "steps.box.kind: is nothing. Write another")
    assert without_isolates(second.value.en) == "1: post.box"


def test_of_many_mistakes_the_first_are_named_and_the_others_counted() -> None:
    """A page has no room for all of them; `catalogue check` has."""
    found = examined(dataclasses.replace(SHIPPED, mistakes=(BROKEN,) * 9), Mode.SERVICE)
    *named, more, kept_out = found.steps
    assert [step.title.en for step in named] == [BROKEN.file] * 3
    assert without_isolates(more.value.en) == "6 more: run `catalogue check`"
    assert without_isolates(kept_out.value.en).startswith(f"{len(SHIPPED.services)}: traffic.fines, ")
