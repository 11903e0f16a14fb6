"""Training's centre and keys: what is asked for comes about, everything is signed, and nothing fits the service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.failures import Failure, ServiceFailure
from kiosk.help import HelpState
from kiosk.receipt import Receipt, ReceiptOutcome
from kiosk.settings import Folders, Settings, SettingsMistake, load
from kiosk.training import DECLINED_FILS, TRAINING_ID, UNANSWERED_FILS, Case, case_of
from kiosk.transaction import TransactionState
from kiosk.wire import Enquiry
from offline_queue.answers import open_quote
from offline_queue.database import DatabaseUnusable
from offline_queue.desk import QueueDesk
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import KeyMistake, load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.receipt_code import verify
from offline_queue.signed_code import Reason
from offline_queue.training import NobodyToCall, TrainingCentre
from offline_queue.training_keys import for_training, load_centre, make_keys
from tests.offline_queue.parts import FACTS, VERIFY_URL, SetClock, sell

EXAMPLE = Path(__file__).parents[2] / "assets" / "deployment" / "terminal.toml"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A terminal in service, with its own keys and an empty state folder."""
    issue(tmp_path / "issued", "KRK3")
    folders = Folders(
        state=tmp_path / "state", keys=tmp_path / "issued" / "terminal", trust=tmp_path / "issued" / "trust"
    )
    folders.state.mkdir()
    return msgspec.structs.replace(load(EXAMPLE), folders=folders)


@pytest.fixture
def trained(settings: Settings) -> Settings:
    own = for_training(settings)
    make_keys(own.folders)
    return own


def _open(settings: Settings, file: Path | None = None, keys: Path | None = None) -> SqlLedger:
    return SqlLedger(
        file or settings.folders.state / "ledger.db",
        terminal=settings.terminal.id,
        keys=load_terminal(keys or settings.folders.keys),
        clock=SetClock(),
        verify_url=VERIFY_URL,
    )


@pytest.fixture
def ledger(trained: Settings) -> Iterator[SqlLedger]:
    opened = _open(trained)
    yield opened
    opened.close()


@pytest.fixture
def told() -> list[tuple[bool, int]]:
    return []


@pytest.fixture
def centre(ledger: SqlLedger, trained: Settings, told: list[tuple[bool, int]]) -> TrainingCentre:
    return TrainingCentre(ledger, load_centre(trained.folders.keys), SetClock(), lambda *now: told.append(now))


def _enquiry(plate: str) -> Enquiry:
    return Enquiry(terminal=TRAINING_ID, service="traffic.fines", fields={"plate": plate})


# ---------------------------------------------------------------- what a trainee brings about


@pytest.mark.parametrize(
    ("fields", "case"),
    [
        ({"plate": "12-34567"}, Case.FINES),
        ({"plate": "12-34500"}, Case.NONE),
        ({"plate": "12-3", "owner": "9990000099"}, Case.FINES),
        ({"plate": "1-13", "owner": "9990000099"}, Case.DECLINED),
        ({"plate": "1-3"}, Case.DECLINED),
        ({"national_number": "9990000099"}, Case.REFUSED),
        ({}, Case.FINES),
    ],
)
def test_the_last_two_digits_decide(fields: dict[str, str], case: Case) -> None:
    assert case_of(fields) is case


@pytest.mark.parametrize(
    ("plate", "payable"),
    [
        ("12-34567", (20_000, 12_500)),
        ("12-34500", ()),
        ("12-34513", (DECLINED_FILS,)),
        ("12-34514", (UNANSWERED_FILS,)),
        ("12-34515", (20_000, 12_500)),
    ],
)
def test_fines_are_quoted_and_signed_by_trainings_own_agency(
    centre: TrainingCentre, trained: Settings, settings: Settings, plate: str, payable: tuple[int, ...]
) -> None:
    quote, signed = centre.enquire(_enquiry(plate), "traffic")
    assert tuple(line.amount_fils for line in quote.lines if line.payable) == payable
    agency = load_centre(trained.folders.keys).agency.public_key()
    assert open_quote(signed, agency, "traffic", _enquiry(plate)) == quote
    with pytest.raises(ServiceFailure):
        open_quote(signed, load_trust(settings.folders.trust).agencies["traffic"], "traffic", _enquiry(plate))


def test_a_lookup_is_answered_without_a_fact(centre: TrainingCentre) -> None:
    """A trainee then types what an agency would have told."""
    enquiry = Enquiry(terminal=TRAINING_ID, service="post.box", fields={"box": "1234"}, lookup="box")
    quote, _ = centre.enquire(enquiry, "post")
    assert (quote.lookup, quote.facts, quote.lines) == ("box", (), ())


@pytest.mark.parametrize(
    ("plate", "failure"),
    [
        ("12-34597", Failure.AGENCY_UNREACHABLE),
        ("12-34598", Failure.AGENCY_SILENT),
        ("12-34599", Failure.AGENCY_REFUSED),
    ],
)
def test_an_agency_fails_on_demand(centre: TrainingCentre, plate: str, failure: Failure) -> None:
    with pytest.raises(ServiceFailure) as raised:
        centre.enquire(_enquiry(plate), "traffic")
    assert raised.value.failure is failure
    assert (raised.value.words_ar == "") == (failure is not Failure.AGENCY_REFUSED)


def test_a_transaction_is_answered_here_and_its_proof_holds(
    centre: TrainingCentre, ledger: SqlLedger, trained: Settings
) -> None:
    ids = sell(ledger)
    assert centre.wait_for_answer(ids.transaction, 5).state is TransactionState.ACCEPTED
    found = QueueDesk(trained).verify()
    assert found.problems == ()


def test_the_line_is_lost_on_demand_and_back_with_the_next_enquiry(
    centre: TrainingCentre, told: list[tuple[bool, int]]
) -> None:
    assert centre.line_is_up()
    centre.enquire(_enquiry("12-34515"), "traffic")
    assert not centre.line_is_up()
    centre.enquire(_enquiry("12-34567"), "traffic")
    assert centre.line_is_up()
    assert [up for up, _ in told] == [True, False, True]
    assert {waiting for _, waiting in told} == {0}, "nothing is ever being sent"


def test_a_call_for_help_says_that_it_reaches_nobody() -> None:
    desk = NobodyToCall()
    call = desk.call("steps")
    assert desk.state(call) is HelpState.UNREACHABLE
    desk.withdraw(call)


# ---------------------------------------------------------------- keys and files of its own


def test_it_has_a_folder_a_name_and_keys_of_its_own(trained: Settings, settings: Settings) -> None:
    assert trained.folders.state == settings.folders.state / "training"
    assert trained.terminal.id == TRAINING_ID
    made = {file.read_bytes() for file in trained.folders.keys.iterdir()}
    service = {file.read_bytes() for file in settings.folders.keys.iterdir()}
    assert len(made) == 6
    assert not made & service
    published = {file.read_bytes() for file in trained.folders.trust.iterdir()}
    assert not published & {file.read_bytes() for file in settings.folders.trust.iterdir()}
    for secret in trained.folders.keys.iterdir():
        assert secret.stat().st_mode & 0o077 == 0


def test_keys_are_made_once_and_completed_after_a_power_cut(trained: Settings) -> None:
    before = {file.name: file.read_bytes() for file in trained.folders.keys.iterdir()}
    (trained.folders.trust / "centre.pem").unlink()
    make_keys(trained.folders)
    assert {file.name: file.read_bytes() for file in trained.folders.keys.iterdir()} == before
    centre = load_centre(trained.folders.keys).centre.public_key()
    assert load_trust(trained.folders.trust).centre.public_bytes_raw() == centre.public_bytes_raw()


def test_a_state_folder_that_cannot_be_written_is_told(settings: Settings) -> None:
    (settings.folders.state / "training").write_text("in the way")
    with pytest.raises(KeyMistake):
        make_keys(for_training(settings).folders)


def test_neither_ledger_opens_with_the_others_keys(settings: Settings, trained: Settings) -> None:
    for one in (settings, trained):
        opened = _open(one)
        sell(opened)
        opened.close()
    for one, other in ((settings, trained), (trained, settings)):
        with pytest.raises(DatabaseUnusable):
            _open(other, file=one.folders.state / "ledger.db")
        with pytest.raises(DatabaseUnusable):
            _open(one, keys=other.folders.keys)


def test_the_name_is_kept_for_training(tmp_path: Path) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text(EXAMPLE.read_text().replace('id = "KRK3"', f'id = "{TRAINING_ID}"'))
    with pytest.raises(SettingsMistake, match="training"):
        load(file)


# ---------------------------------------------------------------- its receipts


def _receipt(ledger: SqlLedger) -> Receipt:
    ids = sell(ledger)
    return ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)


def test_a_receipt_of_training_is_never_genuine_whoever_checks_it(
    ledger: SqlLedger, trained: Settings, settings: Settings
) -> None:
    receipt = _receipt(ledger)
    assert receipt.number == "TRAINING-000001"
    for trust in (settings.folders.trust, trained.folders.trust):
        found = verify(receipt.code, trust)
        assert not found.genuine
        assert found.reason is Reason.TRAINING


def test_a_stranger_who_names_training_is_told_the_same_and_garbage_is_not(ledger: SqlLedger, tmp_path: Path) -> None:
    url, _, code = _receipt(ledger).code.partition("#")
    (tmp_path / "trust").mkdir()
    assert verify(f"{url}#{code[:-9]}AAAAAAAAA", tmp_path / "trust").reason in {Reason.TRAINING, Reason.NOT_A_CODE}
    assert verify(f"{url}#AAAA", tmp_path / "trust").reason is Reason.NOT_A_CODE
