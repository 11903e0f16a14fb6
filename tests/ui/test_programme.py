"""What a tour lives is what was asked for: a name that no round has, or an answer that no step takes, is told."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from tests.e2e.conftest import ROOT, run_main
from ui.commands import USED_WRONGLY
from ui.commands.parser import make_parser
from ui.tour.programme import WHOLE, NoSuchRound, every_service
from ui.tour.rounds import MORNINGS, ROUNDS
from ui.tour.service_round import NoSuchAnswer, Wishes, check_answers

SERVICES = load(ROOT / "assets" / "services").services


def test_only_the_rounds_of_that_name_are_lived() -> None:
    chosen = WHOLE.only(("basket", "counter*"))
    assert [entry.name for entry in chosen.rounds] == ["basket"]
    assert [entry.name for entry in chosen.mornings] == ["counter", "counter-english"]
    assert not chosen.whole
    assert {"basket", "counter"} < {entry.name for entry in (*ROUNDS, *MORNINGS)}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("onlin", "No round of this tour is named 'onlin'. Perhaps online, online-english, online-small is meant"),
        ("certificat-printed", "Perhaps certificate-printed, certificate-printed-english"),
        (
            "zzz*",
            "No round of this tour is named 'zzz*'. There are online, own-fine, line-cut-before-enquiry and others",
        ),
    ],
)
def test_a_name_that_matches_nothing_is_told_with_those_like_it(name: str, told: str) -> None:
    with pytest.raises(NoSuchRound) as raised:
        WHOLE.only(("basket", name))
    assert told in str(raised.value)


def test_a_service_is_named_with_its_language() -> None:
    with pytest.raises(NoSuchRound, match=r"Perhaps post.box-en is meant"):
        every_service(SERVICES, Wishes("en")).only(("post.box",))


def test_an_answer_that_no_step_takes_is_told() -> None:
    check_answers(SERVICES, {"years": "2", "size": "large"})
    with pytest.raises(NoSuchAnswer, match=r"size has no option 'huge'. It has: small, medium, large"):
        check_answers(SERVICES, {"size": "huge"})
    with pytest.raises(NoSuchAnswer, match=r"No step is named 'sise'. There are: .*size"):
        check_answers(SERVICES, {"sise": "large"})


def _nothing(_arguments: argparse.Namespace) -> int:
    return 0


def test_an_answer_is_written_with_its_step() -> None:
    names = "run demo tour card queue receipt catalogue report diagnose keys staff intake"
    parser = make_parser(dict.fromkeys(names.split(), _nothing), ROOT)
    arguments = parser.parse_args(["tour", "--answer", "size=large", "--answer", "owner=a=b"])
    assert arguments.answer == [("size", "large"), ("owner", "a=b")]
    with pytest.raises(SystemExit):
        parser.parse_args(["tour", "--answer", "large"])


def test_the_command_stops_with_status_2_and_leaves_an_earlier_tour_alone(tmp_path: Path) -> None:
    (tmp_path / "tour.json").write_text("{}")
    done = run_main("tour", "--only", "basket", "no-such-round", "--out", str(tmp_path))
    assert done.returncode == USED_WRONGLY
    assert "No round of this tour is named 'no-such-round'" in done.stderr
    assert (tmp_path / "tour.json").exists()
