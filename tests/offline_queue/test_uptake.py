"""What is counted lies in the encrypted ledger, within bounds, and reaches the real intake once, over real HTTPS."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from kiosk.clock import SystemClock
from kiosk.failures import ServiceFailure
from kiosk.feedback import Satisfaction
from kiosk.settings import Gateway
from kiosk.uptake import Channel, Outcome, Uptake
from kiosk.wire import UptakeAnswer, UptakeBatch
from offline_queue import answers, uptake, uptake_post
from offline_queue.centre import NoAnswer, Silence
from offline_queue.database import open_reader
from offline_queue.gateway import HttpsGateway
from offline_queue.intake.uptake import read_uptake
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.uptake import KEPT_DAYS, load_uptake
from offline_queue.uptake_post import UptakePost
from tests.faults.proxy import Proxy
from tests.offline_queue.intake.parts import running
from tests.offline_queue.parts import NOW, TERMINAL, sell

TODAY = SystemClock().now().date()
RECORD = Uptake(
    record=uuid4(),
    day=TODAY,
    hour=11,
    terminal=TERMINAL,
    office_ar="الكرك",
    office_en="Karak",
    channel=Channel.SELF_SERVICE,
    service="traffic.fines",
    language="ar",
    outcome=Outcome.FINISHED,
    page="done",
    seconds=120,
    taps=6,
    characters=0,
    pages=7,
    satisfaction=Satisfaction.GOOD,
)


def used(day: date = TODAY) -> Uptake:
    return msgspec.structs.replace(RECORD, record=uuid4(), day=day)


def held(ledger: SqlLedger) -> set[UUID]:
    return {record.record for record in ledger._database.read(load_uptake)}


@dataclasses.dataclass
class ScriptedCentre:
    """Holds what it is sent; `silent` for so many questions, `refuses` what it names."""

    silent: int = 0
    refuses: frozenset[UUID] = frozenset()
    sent: list[tuple[UUID, ...]] = dataclasses.field(default_factory=list)

    def deliver_uptake(self, records: tuple[Uptake, ...]) -> UptakeAnswer:
        ids = tuple(record.record for record in records)
        self.sent.append(ids)
        if self.silent:
            self.silent -= 1
            raise NoAnswer(Silence.NO_LINE)
        taken, refused = tuple(one for one in ids if one not in self.refuses), tuple(self.refuses.intersection(ids))
        return UptakeAnswer(terminal=TERMINAL, answered_at=NOW, held=taken, refused=refused)


# ---------------------------------------------------------------- in the terminal's file


def test_a_record_is_kept_once_and_read_beside_the_running_program(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    ledger.uptake.keep(RECORD)
    ledger.uptake.keep(RECORD)
    with contextlib.closing(open_reader(ledger_file, terminal_keys.database)) as reader:
        assert load_uptake(reader) == (RECORD,)


def test_what_is_too_old_leaves_whether_it_was_delivered_or_not(ledger: SqlLedger) -> None:
    old, fits, new = (used(TODAY - timedelta(days=days)) for days in (KEPT_DAYS + 1, KEPT_DAYS, 0))
    for record in (old, fits, new):
        ledger.uptake.keep(record)
    assert held(ledger) == {fits.record, new.record}


def test_above_the_bound_the_oldest_of_what_was_delivered_leaves_first(
    ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uptake, "KEPT_ROWS", 3)
    records = [used(TODAY - timedelta(days=days)) for days in (3, 2, 1, 0, 0)]
    for record in records[:3]:
        ledger.uptake.keep(record)
    ledger.uptake.settle([records[1].record])
    ledger.uptake.keep(records[3])
    assert held(ledger) == {records[at].record for at in (0, 2, 3)}
    ledger.uptake.keep(records[4])
    assert held(ledger) == {records[at].record for at in (2, 3, 4)}


def test_what_is_counted_is_no_entry_of_the_chain(ledger: SqlLedger) -> None:
    def entries() -> int:
        return int(ledger._database.read(lambda it: it.execute("SELECT count(*) FROM entries").fetchone()[0]))

    sell(ledger)
    before = entries()
    ledger.uptake.keep(RECORD)
    assert entries() == before
    assert ledger.chain_holds()


def test_the_rows_say_nothing_of_the_order_in_which_people_came(ledger: SqlLedger) -> None:
    """Beside the ledger's own order they would tell whose visit was whose."""
    came = [used() for _ in range(40)]
    for record in came:
        ledger.uptake.keep(record)
    kept = [record.record for record in ledger._database.read(load_uptake)]
    assert kept == sorted(record.record for record in came)
    columns = ledger._database.read(lambda it: [row[1] for row in it.execute("PRAGMA table_info(uptake)")])
    assert columns == ["record", "day", "delivered", "content"]
    with pytest.raises(ServiceFailure):  # there is no such column
        ledger._database.read(lambda it: it.execute("SELECT rowid FROM uptake").fetchone())


def test_a_record_of_a_later_release_is_left_alone(ledger: SqlLedger) -> None:
    content = msgspec.json.encode({**msgspec.to_builtins(RECORD), "outcome": "carried_on"})

    def write(connection: object) -> None:
        connection.execute(  # type: ignore[attr-defined]  # the ledger's own connection
            "INSERT INTO uptake (record, day, content) VALUES (?, ?, ?)", (str(uuid4()), TODAY.isoformat(), content)
        )

    ledger._database.write(write)
    ledger.uptake.keep(RECORD)
    assert ledger.uptake.waiting(10) == (RECORD,)


# ---------------------------------------------------------------- the post


Post = Callable[..., UptakePost]


@pytest.fixture
def post(ledger: SqlLedger) -> Iterator[Post]:
    def make(centre: ScriptedCentre, may_send: Callable[[], bool] = lambda: True) -> UptakePost:
        return UptakePost(ledger.uptake, centre, may_send, every=3600)

    return make  # type: ignore[return-value]  # a fixture without an end


def test_silence_loses_nothing_and_the_same_ids_go_again(ledger: SqlLedger, post: Post) -> None:
    centre = ScriptedCentre(silent=1)
    ledger.uptake.keep(RECORD)
    sender = post(centre)
    sender.deliver()
    assert ledger.uptake.waiting(10) == (RECORD,)
    sender.deliver()
    assert ledger.uptake.waiting(10) == ()
    assert centre.sent == [(RECORD.record,)] * 2
    assert held(ledger) == {RECORD.record}, "the terminal's own report still needs it"


def test_what_the_centre_will_never_take_is_not_sent_again(ledger: SqlLedger, post: Post) -> None:
    other = used()
    for record in (RECORD, other):
        ledger.uptake.keep(record)
    centre = ScriptedCentre(refuses=frozenset({other.record}))
    sender = post(centre)
    sender.deliver()
    sender.deliver()
    assert len(centre.sent) == 1


def test_nothing_is_sent_while_somebody_is_served(
    ledger: SqlLedger, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops between two batches too: whoever comes finds the line free."""
    monkeypatch.setattr(uptake_post, "AT_ONCE", 2)
    for _ in range(6):
        ledger.uptake.keep(used())
    centre = ScriptedCentre()
    post(centre, lambda: len(centre.sent) < 2).deliver()
    assert [len(batch) for batch in centre.sent] == [2, 2]


def test_an_answer_that_settles_nothing_is_not_asked_for_without_end(ledger: SqlLedger, post: Post) -> None:
    class Deaf(ScriptedCentre):
        def deliver_uptake(self, records: tuple[Uptake, ...]) -> UptakeAnswer:
            self.sent.append(tuple(record.record for record in records))
            return UptakeAnswer(terminal=TERMINAL, answered_at=NOW, held=())

    centre = Deaf()
    ledger.uptake.keep(RECORD)
    post(centre).deliver()
    assert len(centre.sent) == 1


def test_what_was_handed_in_is_written_before_the_program_ends(ledger: SqlLedger, post: Post) -> None:
    records = [used() for _ in range(20)]
    sender = post(ScriptedCentre())
    sender.start()
    for record in records:
        sender.keep(record)
    sender.close()
    assert held(ledger) == {record.record for record in records}


def test_an_answer_to_something_else_settles_nothing() -> None:
    batch = UptakeBatch(terminal=TERMINAL, records=(RECORD,))
    for answer in (
        UptakeAnswer(terminal="KRK9", answered_at=NOW, held=(RECORD.record,)),
        UptakeAnswer(terminal=TERMINAL, answered_at=NOW, held=(uuid4(),)),
    ):
        with pytest.raises(NoAnswer):
            answers.check_uptake(answer, batch)


# ---------------------------------------------------------------- to the real intake


def test_it_reaches_the_centre_once_over_a_line_that_fails(
    ledger: SqlLedger, key_folder: Path, terminal_keys: TerminalKeys, trust: Trust, tmp_path: Path
) -> None:
    """The centre has taken it and the answer is lost: it goes again, and is held once."""
    database, records = tmp_path / "intake.db", [used() for _ in range(120)]
    for record in records:
        ledger.uptake.keep(record)
    with running(key_folder, database) as server, contextlib.closing(Proxy(server.port)) as relay:
        settings = Gateway(
            url=f"https://localhost:{relay.port}", authority=key_folder / "tls" / "authority.pem", timeout_seconds=30.0
        )
        with contextlib.closing(
            HttpsGateway(settings, terminal=TERMINAL, key=terminal_keys.ledger, trust=trust, clock=SystemClock())
        ) as gateway:
            gateway.deliver_uptake(ledger.uptake.waiting(50))  # as if nobody had heard the answer
            UptakePost(ledger.uptake, gateway, lambda: True).deliver()
    assert ledger.uptake.waiting(200) == ()
    arrived = read_uptake(database, TODAY, TODAY)
    assert sorted(record.record for record in arrived) == sorted(record.record for record in records)
    assert RECORD.office_ar in {record.office_ar for record in arrived}
    assert read_uptake(database, TODAY + timedelta(days=1), TODAY + timedelta(days=9)) == ()
