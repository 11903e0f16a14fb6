"""Every virtual card gets the verdict that the page of verdicts promises, and for that reason."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from devices.cards.trust.imports import offer_list, take_list
from devices.cards.trust.master_list import open_master_list
from devices.cards.trust.store import Policy, Trust, read_trust
from devices.virtual.card.chip import Limits
from tests.devices.cards.sample_cards import Outcome, Sample, believed, read
from tests.devices.cards.verdicts import DOCUMENT

_ROWS = [line.split(" | ") for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
PROMISED = {card.removeprefix("| "): (verdict, access, why.removesuffix(" |")) for card, verdict, access, why in _ROWS}
SILENT = {"cards/mute"}  # it never answers: the card service says so, and there is none here


@pytest.fixture(scope="session")
def trust(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return believed(issued, tmp_path_factory.mktemp("trust"))


def told(outcome: Outcome) -> tuple[str, str, str]:
    if not outcome.verdict:
        return "not read", "", outcome.failure
    return outcome.verdict, outcome.access if outcome.verdict == "genuine" else "", "; ".join(outcome.reasons)


def test_every_card_has_its_line(issued: Path) -> None:
    cards = {f"{kind}/{card.name}" for kind in ("cards", "laboratory") for card in (issued / kind).iterdir()}
    assert cards == PROMISED.keys()


@pytest.mark.parametrize("card", sorted(PROMISED.keys() - SILENT))
def test_the_verdict_is_the_promised_one(issued: Path, trust: Trust, card: str) -> None:
    assert told(read(Sample(issued / card), trust)) == PROMISED[card]


def test_no_card_of_the_laboratory_that_has_a_fault_is_genuine() -> None:
    """`unlisted_dg2` is: its face is not signed, and not shown."""
    genuine = {card for card, (verdict, _, _) in PROMISED.items() if verdict == "genuine"}
    faulty = {"clone", "removed", "changed", "signer", "differs", "wrong", "short_sod", "other_sod", "tampered"}
    assert not {card for card in genuine if any(word in card for word in faulty)}


def test_a_new_generation_is_believed_with_the_list_that_brings_it(issued: Path, tmp_path: Path) -> None:
    card, lists = Sample(issued / "laboratory" / "next_generation"), issued / "lists"
    assert read(card, believed(issued, tmp_path)).verdict == "not_checkable"
    now = datetime.datetime.now(datetime.UTC)
    opened = open_master_list((lists / "second.ml").read_bytes(), (lists / "signer.pem").read_bytes(), now)
    take_list(tmp_path, offer_list(tmp_path, opened, Policy()), ("hani", "118"), now)
    assert read(card, read_trust(tmp_path, Policy())).verdict == "genuine"


def test_where_revocation_must_be_known_a_missing_list_is_no_pass(issued: Path, tmp_path: Path, trust: Trust) -> None:
    salma = Sample(issued / "cards" / "salma")
    assert read(salma, trust).verdict == "genuine"
    without = Trust(anchors=trust.anchors, policy=Policy(revocation_required=True))
    assert read(salma, without) == Outcome("not_checkable", ("revocation not known: no list",))


@pytest.mark.parametrize("card", ["salma", "karim"])
@pytest.mark.parametrize("limits", [Limits(short_only=True), Limits(largest_read=112), Limits(largest_read=1_000)])
def test_chips_that_give_little_at_once_are_read_whole(issued: Path, trust: Trust, card: str, limits: Limits) -> None:
    assert read(Sample(issued / "cards" / card), trust, limits).verdict == "genuine"


@pytest.mark.parametrize("card", ["aa_rsa", "aa_ecdsa", "ca_ecdh", "ca_ecdh_3des", "cam", "cam_apart", "passport"])
def test_chips_prove_themselves_by_short_commands_too(issued: Path, trust: Trust, card: str) -> None:
    """But for an RSA signature of 2,048 bits, which fits no short answer under protection."""
    outcome = read(Sample(issued / "laboratory" / card), trust, Limits(short_only=True))
    long_signature = card in {"aa_rsa", "passport"}
    assert outcome.verdict == ("not_checkable" if long_signature else "genuine")
    assert outcome.reasons[-1].startswith("chip not proven: signature" if long_signature else "chip proven by")


LONG_KEYS = ["aa_rsa", "ca_dh", "ca_dh_3des"]


@pytest.mark.parametrize("card", LONG_KEYS)
def test_a_card_that_takes_no_long_key_is_no_pass(issued: Path, trust: Trust, card: str) -> None:
    """A copy could say so too; and it is not called one."""
    outcome = read(Sample(issued / "laboratory" / card), trust, Limits(short_only=True))
    assert outcome.verdict == "not_checkable"
    assert "too long for this card" in outcome.reasons[-1]


@pytest.mark.parametrize("card", LONG_KEYS)
def test_a_card_that_takes_long_files_has_no_excuse_of_length(issued: Path, trust: Trust, card: str) -> None:
    outcome = read(Sample(issued / "laboratory" / card), trust, refuses={0x22, 0x86, 0x88})
    assert outcome.verdict == "cloned"


@pytest.mark.parametrize("card", LONG_KEYS)
def test_a_short_reader_is_nothing_against_the_card(issued: Path, trust: Trust, card: str) -> None:
    outcome = read(Sample(issued / "laboratory" / card), trust, reader_limit=256)
    assert outcome.verdict == "genuine"
    assert "too long for this reader" in outcome.reasons[-1]


def test_one_way_that_proves_the_chip_is_enough(issued: Path, trust: Trust) -> None:
    """It has chip and active authentication, and refuses the key of the first by its length."""
    outcome = read(Sample(issued / "laboratory" / "ca_dh_and_aa"), trust, refuses={0x86})
    assert (outcome.verdict, outcome.reasons[-1]) == ("genuine", "chip proven by active authentication")
