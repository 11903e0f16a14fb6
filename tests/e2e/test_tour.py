"""The tour is the end-to-end test: real card path, real HTTPS, real ledger, real printer, input events only."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from devices.virtual.issuer import people
from tests.e2e.conftest import Toured, run_main

pytestmark = [pytest.mark.timeout(960), pytest.mark.long(seconds=240)]  # the first test waits for the whole tour

NOT_PAID = ("payment-refused", "payment-silent", "payment-cancelled-english")
"""The visits whose transaction was begun and voided."""

GIVEN_BACK = ("given-back", "given-back-english")
"""The visits whose transaction the agency refused, and the counter took back."""

TAKEN_OFFLINE = 5
"""The receipts that a cut line let wait: of a fine, a post box, a statement, and of the two of a basket."""


@pytest.fixture(scope="module")
def steps(toured: Toured) -> list[dict[str, Any]]:
    assert toured.status == 0, toured.printed[-3000:]
    told = json.loads((toured.folder / "tour.json").read_text())
    assert told["problem"] == ""
    found: list[dict[str, Any]] = told["steps"]
    return found


def test_every_visit_was_lived(steps: list[dict[str, Any]]) -> None:
    """Each named thing of the terminal, in both languages, for citizen, clerk, technician and trainee."""
    visits = {step["visit"] for step in steps}
    assert visits >= {
        "online",
        "online-english",
        "line-cut-after-quote",
        "line-cut-before-enquiry",
        "card-pulled",
        "for-somebody-else",
        "own-fine",
        "certificate-requested",
        "tax-balance",
        "tax-balance-business-english",
        "tax-credit-english",
        "tax-clearance",
        "company-licences",
        "social-security-join",
        "social-security-pay-english",
        "social-security-change",
        "social-security-stop-english",
        "social-security-insured",
        "social-security-statement",
        "social-security-statement-no-line-english",
        "vehicle-licence",
        "vehicle-licence-fines-first-english",
        "vehicle-licence-not-inspected",
        "customs-parcel",
        "customs-parcel-duty-english",
        "customs-parcel-number-misread",
        "customs-declaration",
        "customs-declaration-by-number-english",
        "customs-declaration-inspection",
        "customs-declaration-released-english",
        "residence-permit",
        "residence-permit-once-english",
        "passport-kept",
        "passport-taken-up-english",
        "sanad-registration",
        "sanad-registration-english",
        "sanad-active",
        "treasury-voucher",
        "treasury-voucher-once-english",
        "certificate-printed",
        "certificate-printed-english",
        "statement-printed-english",
        "clearance-printed",
        "permit-printed",
        "basket",
        "basket-no-line-english",
        "basket-one-by-one-english",
        "amman-licence",
        "amman-licence-free-english",
        "amman-arrears-english",
        "amman-arrears-first",
        "opens-with-its-number",
        "kept-and-taken-up",
        "help-is-called",
        "left-alone",
        "card-service-stops",
        "agency-refuses",
        "cover-open",
        "paper-jam",
        "technician",
        "technician-english",
        "training",
        "training-english",
        "counter",
        "counter-english",
        *GIVEN_BACK,
        *NOT_PAID,
    }


def test_every_page_that_waits_for_a_person_was_seen(steps: list[dict[str, Any]]) -> None:
    """Pages that only show work (reading, sending) may be gone before a hand looks up; tests/ui draws them."""
    pages = {step["page"] for step in steps}
    assert pages >= {
        "idle",
        "access_number",
        "choosing_service",
        "start_card",
        "steps",
        "quote",
        "check_answers",
        "notify_phone",
        "my_requests",
        "my_request",
        "basket",
        "signing",
        "paying",
        "done",
        "card_removed",
        "time_warning",
        "parked",
        "failed",
        "take_card",
        "technician",
    }


def test_each_picture_is_there(toured: Toured, steps: list[dict[str, Any]]) -> None:
    named = [step["picture"] for step in steps if step["picture"]]
    assert len(named) > 80
    assert all((toured.folder / name).stat().st_size > 2000 for name in named)


def test_what_was_taken_offline_was_delivered_when_the_line_returned(steps: list[dict[str, Any]]) -> None:
    visit = [step for step in steps if step["visit"] == "line-cut-after-quote"]
    done = next(step for step in visit if step["step"] == "done")
    waiting = [key for key, state in done["ledger"].items() if state == "committed"]
    assert len(waiting) == 1
    assert waiting[0] not in done["intake"]
    assert visit[-1]["ledger"][waiting[0]] == "accepted"
    assert visit[-1]["intake"][waiting[0]] == "accepted"


def test_a_wrong_pin_signs_nothing_and_the_right_one_does(steps: list[dict[str, Any]]) -> None:
    visit = {step["step"]: step for step in steps if step["visit"] == "certificate-requested"}
    assert visit["pin-does-not-match"]["page"] == "signing"
    assert visit["pin-does-not-match"]["ledger"] == visit["idle"]["ledger"]
    (requested,) = visit["delivered"]["ledger"].keys() - visit["idle"]["ledger"].keys()
    assert visit["delivered"]["intake"][requested] == "accepted"


def test_what_was_requested_is_signed_by_its_holder_and_names_the_request(toured: Toured) -> None:
    """By the signature checker of Poppler, which is not ours; and as it is read out of the PDF."""
    (application,) = (toured.folder / "applications").glob("*.pdf")
    said = subprocess.run(
        ["pdfsig", "-nocert", str(application)], capture_output=True, text=True, timeout=20, check=False
    ).stdout
    assert said.count("Signature is Valid.") == 1
    assert "Total document signed" in said
    document = pypdfium2.PdfDocument(application)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    wanted = ("Request: Non-conviction certificate", "Travel or a visa", "Salma Khaled Alyasmeen", "9912004821")
    assert [words for words in wanted if words not in " ".join(text.split())] == []


def test_a_basket_is_one_movement_of_money_and_each_service_is_delivered(
    toured: Toured, steps: list[dict[str, Any]]
) -> None:
    """Paid at once, with a line and without; and one after the other, in one basket all the same."""
    listed = json.loads(toured.run("queue", "list", "--json").stdout)
    numbers = {item["transaction"]: item["receipt_number"] for item in listed}
    for visit in ("basket", "basket-no-line-english", "basket-one-by-one-english"):
        seen = [step for step in steps if step["visit"] == visit]
        bought = seen[-1]["ledger"].keys() - seen[0]["ledger"].keys()
        assert len({numbers[key] for key in bought}) == 2
        assert {seen[-1]["intake"][key] for key in bought} == {"accepted"}


def test_a_line_cut_before_the_enquiry_wrote_nothing(steps: list[dict[str, Any]]) -> None:
    visit = [step for step in steps if step["visit"] == "line-cut-before-enquiry"]
    assert visit[0]["ledger"] == visit[-1]["ledger"]


def test_ledger_and_intake_end_with_the_same_ids(steps: list[dict[str, Any]]) -> None:
    ledger, intake = steps[-1]["ledger"], steps[-1]["intake"]
    delivered = {key: state for key, state in ledger.items() if state != "voided"}
    assert delivered == intake
    assert len(ledger) - len(delivered) == len(NOT_PAID)
    assert sorted(state for state in intake.values() if state != "accepted") == ["reversed"] * len(GIVEN_BACK)


@pytest.mark.parametrize("visit", GIVEN_BACK)
def test_what_the_agency_refused_was_given_back_and_the_centre_knows(
    visit: str, toured: Toured, steps: list[dict[str, Any]]
) -> None:
    """What was seen step by step, the ledger's own list and the centre say the same of one transaction."""
    seen = {step["step"]: step for step in steps if step["visit"] == visit}
    (sold,) = seen["receipt-awaits-delivery"]["ledger"].keys() - seen["nobody-served"]["ledger"].keys()
    assert sold not in seen["receipt-awaits-delivery"]["intake"]
    assert (seen["told-of-the-refusal"]["ledger"][sold], seen["told-of-the-refusal"]["intake"][sold]) == (
        "needs_attention",
        "rejected",
    )
    assert (seen["nothing-to-settle"]["ledger"][sold], seen["nothing-to-settle"]["intake"][sold]) == (
        "reversed",
        "reversed",
    )
    (correction,) = seen["nothing-to-settle"]["intake"].keys() - seen["told-of-the-refusal"]["intake"].keys()
    listed = json.loads(run_main("queue", "list", "--json", "--settings", str(toured.counter)).stdout)
    items = {item["transaction"]: item for item in listed}
    assert (items[correction]["kind"], items[correction]["state"]) == ("reversal", "accepted")
    assert items[correction]["receipt_number"] == f"{items[sold]['receipt_number']}-C1"
    assert items[correction]["amount_fils"] == -items[sold]["amount_fils"]


def test_the_queues_of_both_terminals_verify_against_the_intake(toured: Toured, steps: list[dict[str, Any]]) -> None:
    """The self-service terminal and the counter: each sound by itself, and together all that the intake holds."""
    held = 0
    for settings in (toured.settings, toured.counter):
        verified = run_main("queue", "verify", "--json", "--settings", str(settings))
        assert verified.returncode == 0, verified.stderr
        told = json.loads(verified.stdout)
        assert (told["sound"], told["problems"]) == (True, [])
        assert told["centre"] == {"messages": told["messages"], "held": told["messages"], "same": True}
        held += told["messages"]
    assert held == len(steps[-1]["intake"])


def test_a_stopped_terminal_delivers_by_a_command(toured: Toured) -> None:
    synced = json.loads(toured.run("queue", "sync", "--json").stdout)
    assert synced == {"answered": 0, "waiting": 0, "line_is_up": False, "trouble": ""}


def test_status_and_list_tell_the_same(toured: Toured) -> None:
    status = json.loads(toured.run("queue", "status", "--json").stdout)
    listed = json.loads(toured.run("queue", "list", "--json").stdout)
    assert status["accepted"] == len(listed) > 0
    assert [item["receipt_number"] for item in listed] == [f"KRK3-{number:06d}" for number in range(1, len(listed) + 1)]


def test_every_receipt_verifies_and_no_changed_character_does(toured: Toured, steps: list[dict[str, Any]]) -> None:
    """The other papers, slips and tests and training, are never taken for receipts."""
    outcomes: dict[str, str] = {}
    documents: list[str] = []
    refused: list[str] = []
    for paper in sorted((toured.folder / "receipts").glob("*.pdf")):
        verified = toured.run("receipt", "verify", str(paper), "--json")
        if verified.returncode == 0:
            told = json.loads(verified.stdout)
            if "outcome" in told:
                outcomes[told["transaction"]] = told["outcome"]
            else:
                documents.append(told["agency"])
        else:
            refused.append(verified.stderr)
    # Beside the receipts, the slips of what was issued.
    assert sorted(documents) == [
        "justice",
        "justice",
        "residence",
        "social_security",
        "tax",
    ]  # the slips of what was issued
    assert outcomes.keys() < steps[-1]["intake"].keys()
    assert len(outcomes) + len(GIVEN_BACK) == len(steps[-1]["intake"])  # a correction's paper is a slip
    offline = TAKEN_OFFLINE + len(GIVEN_BACK)
    assert sorted(outcomes.values()) == ["accepted"] * (len(outcomes) - offline) + ["awaiting_delivery"] * offline
    assert all("NOT GENUINE" in said for said in refused)
    assert sum("training" in said for said in refused) == 2
    forged = toured.run("receipt", "verify", "https://verify.example/r#AAAA")
    assert forged.returncode == 1
    assert "NOT GENUINE" in forged.stderr


def test_each_errand_was_counted_as_it_was_lived(toured: Toured) -> None:
    """The programme's measure: a known citizen pays one fine with six touches, and types nothing."""
    measures = json.loads((toured.folder / "tour.json").read_text())["measures"]
    (shortest,) = [one for one in measures if one["visit"] == "own-fine"]
    counted = {name: shortest[name] for name in ("service", "outcome", "language", "taps", "characters", "pages")}
    assert counted == {
        "service": "traffic.fines",
        "outcome": "finished",
        "language": "ar",
        "taps": 6,
        "characters": 0,
        "pages": 7,
    }
    assert {one["channel"] for one in measures} == {"self_service", "assisted"}
    assert {one["outcome"] for one in measures} == {"finished", "left", "failed", "kept"}
    assert not [one for one in measures if one["visit"].startswith("training")], "practice is nobody's use"


def test_what_was_counted_reached_the_centre_and_is_reported_there(toured: Toured, tmp_path: Path) -> None:
    """The last few may still wait: nobody holds up the end of a program for them."""
    measures = json.loads((toured.folder / "tour.json").read_text())["measures"]
    days = ("--from", "2020-01-01", "--to", "2099-12-31")
    whole = run_main(
        "report",
        "uptake",
        *days,
        "--centre",
        str(toured.folder / "terminal" / "intake.db"),
        "--csv",
        str(tmp_path / "c"),
    )
    assert whole.returncode == 0, whole.stderr
    at_centre = int(whole.stdout.split()[0])
    assert len(measures) / 2 < at_centre <= len(measures)
    own = toured.run("report", "uptake", *days, "--html", str(tmp_path / "own.html"))
    assert own.returncode == 0, own.stderr
    alone = [one for one in measures if one["channel"] == "self_service"]
    assert own.stdout.startswith(f"{len(alone)} errands begun"), own.stdout
    assert "كيف تُستخدم الخدمات" in (tmp_path / "own.html").read_text(encoding="utf-8")


def test_no_log_holds_anything_personal(toured: Toured) -> None:
    """Everything that the tour printed with every log on, and the logs of all its parts, searched for what it knows."""
    planted = ["12-34567", "60718", "18-27001", "9990001112", "IDJOR", "P<UTO", "<<<", *_of_the_cards()]
    logs = "\n".join(file.read_text(errors="replace") for file in (toured.folder / "terminal").rglob("*.log"))
    told = toured.printed + logs
    assert "devices.cards" in told, "the card path's own log is not even on: this test would prove nothing"
    assert [text for text in planted if text in told] == []


def _of_the_cards() -> list[str]:
    """Everything that tells who somebody is, of all whose cards are put in."""
    today = datetime.now(UTC).date()
    found: list[str] = []
    cards = (people.salma_card, people.omar_card, people.layla_card, people.karim_card, people.elena_passport)
    for card in (issued(today) for issued in cards):
        person = card.person
        names = f"{person.surname_latin} {person.given_names_latin} {person.surname_arabic} {person.given_names_arabic}"
        found += [person.national_number, card.document_number, card.access_number]
        found += [spelt for name in names.split() for spelt in (name, name.title())]
    return [text for text in found if text]
