"""The sandbox's stand-in: a service whose agency nobody has written rules for is answered from quote to reference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from kiosk import forms
from kiosk.catalogue.files import load
from kiosk.texts import LEGAL_TIME
from kiosk.wire import QUOTE_CONTEXT, Enquiry, Quote, Signed
from offline_queue.intake.agencies import Refusal
from offline_queue.intake.agencies.generic import AMOUNTS_FILS, Generic
from offline_queue.intake.agencies.sandbox import Behaviour, SandboxAgency
from offline_queue.intake.database import open_database
from offline_queue.intake.issue_keys import issue, issue_agencies
from offline_queue.intake.server import IntakeServer, Settings
from offline_queue.keys import load_trust
from tests.offline_queue.intake.agencies import NOW, PERSON, SERVICES, Desk
from tests.offline_queue.intake.parts import Line, Terminal, opened, private_key, serving

PUBLISHED = {service.id: service for service in load(SERVICES).services}
LOOKUPS = [(name, lookup.id) for name, service in PUBLISHED.items() for lookup in service.lookups]


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    """Plays Jordan Post, as if its rules were not written."""
    desk = Desk(engine, keys, Generic("post", ()))
    desk.rules = Generic("post", desk.published.values())
    desk.agency = SandboxAgency(engine, desk.key, desk.rules, desk.published, Behaviour())
    return desk


def test_what_follows_the_tariff_is_accepted_once(desk: Desk) -> None:
    agreed = desk.priced("post.box", {"box": "1234", "size": "medium", "years": "2"})
    assert desk.settle(agreed) == desk.settle(agreed) == "POS-2026-000001"


def test_another_amount_than_the_tariff_says_is_refused_here_too(desk: Desk) -> None:
    agreed = desk.priced("post.box", {"box": "1234", "size": "medium", "years": "2"})
    assert desk.settle(msgspec.structs.replace(agreed, answers={**agreed.answers, "years": "3"})) == "AMOUNT_DIFFERS"


def test_what_is_looked_up_answers_the_step_that_uses_it_and_says_that_it_is_invented(desk: Desk) -> None:
    answer = desk.ask("post.box", {"box": "1234", "national_number": PERSON}, "box")
    assert isinstance(answer, Quote)
    assert [fact.id for fact in answer.facts] == ["size", "paid_until"]
    assert all("Invented" in fact.title.en for fact in answer.facts)


@pytest.mark.parametrize(("name", "lookup"), LOOKUPS)
def test_every_service_can_go_on_from_what_it_invents(engine: Engine, keys: Path, name: str, lookup: str) -> None:
    service = PUBLISHED[name]
    key = private_key(keys / "agency" / f"{service.agency}.key")
    agency = SandboxAgency(engine, key, Generic(service.agency, PUBLISHED.values()), PUBLISHED, Behaviour())
    answer = agency.enquire(Enquiry(terminal="KRK3", service=name, fields={}, lookup=lookup), NOW)
    assert isinstance(answer, Signed)
    facts = {fact.id: fact.value for fact in opened(answer, QUOTE_CONTEXT, key.public_key(), Quote).facts}
    known = forms.Known(NOW.astimezone(LEGAL_TIME).date(), facts)
    for step in service.steps:
        if value := facts.get(step.prefill):
            assert isinstance(forms.check(step, value, known), forms.Accepted), step.id
        if step.options_by in facts:
            assert forms.offered(step, facts) == step.options
        least, most = forms.bounds(step, known)
        assert least is None or most is None or least <= most


@pytest.mark.parametrize(("name", "lines"), [("justice.non_conviction", 1), ("tax.balance", 2)])
def test_where_an_agency_would_state_what_is_due_an_invented_amount_is_due(
    engine: Engine, keys: Path, name: str, lines: int
) -> None:
    agency = PUBLISHED[name].agency
    key = private_key(keys / "agency" / f"{agency}.key")
    played = SandboxAgency(engine, key, Generic(agency, PUBLISHED.values()), PUBLISHED, Behaviour())
    signed = played.enquire(Enquiry(terminal="KRK3", service=name, fields={}), NOW)
    assert not isinstance(signed, Refusal)
    quote = opened(signed, QUOTE_CONTEXT, key.public_key(), Quote)
    assert [line.amount_fils for line in quote.lines] == list(AMOUNTS_FILS[:lines])
    assert quote.provisional


def test_the_intake_plays_an_agency_without_rules_that_has_a_key(tmp_path: Path) -> None:
    services, keys = tmp_path / "services", tmp_path / "keys"
    for agency, text in {"library": "library.card", "museum": "museum.visit"}.items():
        (services / agency).mkdir(parents=True)
        box = (SERVICES / "post" / "box.toml").read_text(encoding="utf-8")
        box = box.replace('"post.box"', f'"{text}"').replace('agency = "post"', f'agency = "{agency}"')
        (services / agency / f"{text.partition('.')[2]}.toml").write_text(box, encoding="utf-8")
    issue(keys)
    before = {file: file.read_bytes() for file in keys.rglob("*") if file.is_file()}
    issue_agencies(keys, ("library", "post"))
    assert {file: file.read_bytes() for file in before} == before
    assert "library" in load_trust(keys / "trust").agencies
    settings = Settings(keys=keys, database=tmp_path / "intake.db", port=0, services=services)
    with serving(IntakeServer(settings)) as server:
        terminal = Terminal(keys, Line(keys, server.port))
        known, unknown = (terminal.enquire(service) for service in ("library.card", "museum.visit"))
    assert known.quote is not None
    assert unknown.quote is None
    assert unknown.refusal_code == "AGENCY_UNKNOWN"
