"""Everything pulled out of the real program at every step: the child that does it and tells what came of it.

    python -m tests.faults.pulled FOLDER outside|money

runs the real kiosk on a hidden screen among the virtual parts, and prints one line of JSON for each case: its name, the
page and failure that the person met, what is said of the money, how many transactions the case has committed, and how
many papers came out. After the last case a line `{"disagreements": [...]}` compares ledger, payment terminal, intake
and paper.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
from PySide6.QtCore import QTimer

import main
from devices.virtual.stage import Stage
from kiosk.events import PowerLost
from kiosk.scene import Scene, State
from kiosk.settings import load
from kiosk.terminal import Terminal
from kiosk.transaction import PaymentState
from offline_queue.desk import QueueDesk
from offline_queue.ledger import SqlLedger
from tests.faults.agreement import disagreements, read_facts
from ui.app import Kiosk
from ui.look import Panel
from ui.running import first_window
from ui.serving import open_kiosk
from ui.start import start_qt
from ui.tour.hand import Hand

PANEL = Panel(1024, 768, 15.0)
PATIENCE_SECONDS = 60.0
PERSON_SECONDS = 3.0
"""How long the payment terminal waits for a person here: a late bank must not take a minute and a half."""


@dataclasses.dataclass(slots=True)
class Bench:
    """The program under test, the world around it, and a hand on its screen."""

    stage: Stage
    terminal: Terminal
    kiosk: Kiosk
    hand: Hand
    plates: int = 0
    waiting_for: State | None = None
    deed: Callable[[], object] | None = None

    def new_plate(self) -> str:
        """One that owes a fine nobody has paid."""
        self.plates += 1
        return str(1000 + self.plates)

    def when(self, state: State, deed: Callable[[], object]) -> None:
        """`deed` is done as soon as that page is shown, once."""
        self.waiting_for, self.deed = state, deed

    def shown(self, scene: Scene) -> None:
        if self.deed is not None and scene.state is self.waiting_for:
            QTimer.singleShot(0, self.deed)
            self.deed = None


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """`moment` is the page on which `pull` is done; `mend` puts the world right again before the next case."""

    name: str
    moment: State
    pull: Callable[[Bench], object]
    ends_at: str
    mend: Callable[[Bench], object] = lambda _bench: None


def _fill_disk(bench: Bench) -> None:
    """The ledger's file may not grow by one page more: every write is refused as on a full disk (SQLITE_FULL)."""
    pages = _ledger(bench)._database.read(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    _execute(bench, f"PRAGMA max_page_count = {pages}")


def _lock_disk_while_the_bank_answers(bench: Bench) -> None:
    """The money is held, and then the file system takes no more writes, as Linux does after a disk's fault. (On a full
    disk a short entry may still find room in its page; that the file is refused must not depend on it.)"""
    payments = bench.terminal.payments
    authorise = payments.authorise

    def held_and_locked(payment: UUID, amount_fils: int) -> PaymentState:
        state = authorise(payment, amount_fils)
        _execute(bench, "PRAGMA query_only = ON")
        payments.authorise = authorise  # type: ignore[method-assign]  # once
        return state

    payments.authorise = held_and_locked  # type: ignore[method-assign]  # the bank itself stays real


def _free_disk(bench: Bench) -> None:
    _execute(bench, "PRAGMA query_only = OFF")
    _execute(bench, "PRAGMA max_page_count = 1073741823")


def _execute(bench: Bench, pragma: str) -> None:
    """On the ledger's one writing connection."""
    database = _ledger(bench)._database
    database._lane.call(lambda: database._connection.execute(pragma))


def _ledger(bench: Bench) -> SqlLedger:
    ledger = bench.terminal.ledger
    assert isinstance(ledger, SqlLedger)
    return ledger


WORKING = (State.CHOOSING_SERVICE, State.START_CARD, State.STEPS, State.QUOTE, State.CHECK_ANSWERS)


def _pull_card(bench: Bench) -> None:
    bench.stage.pull_card()


def _stop_cards(bench: Bench) -> None:
    bench.stage.stop_card_service()


def _start_cards(bench: Bench) -> None:
    bench.stage.start_card_service()


def _cut_line(bench: Bench) -> None:
    bench.stage.cut_line()


def _cut_answers(bench: Bench) -> None:
    bench.stage.cut_answers()


def _restore_line(bench: Bench) -> None:
    bench.stage.restore_line()


def _power(minutes: int | None) -> Callable[[Bench], object]:
    return lambda bench: bench.kiosk.post(PowerLost(minutes))


def _payment(mode: str) -> Callable[[Bench], object]:
    return lambda bench: bench.stage.payment_mode(mode)


def _printer(fault: str | None) -> Callable[[Bench], object]:
    return lambda bench: bench.stage.printer_fault(fault)


OUTSIDE = (
    *(Case(f"card@{state}", state, _pull_card, "card_removed") for state in WORKING),
    Case("card@paying", State.PAYING, _pull_card, "done"),
    Case("card@receipt", State.RECEIPT, _pull_card, "done"),
    *(
        Case(f"pcscd@{state}", state, _stop_cards, "failed", _start_cards)
        for state in (State.CHOOSING_SERVICE, State.STEPS, State.CHECK_ANSWERS)
    ),
    Case("pcscd@paying", State.PAYING, _stop_cards, "done", _start_cards),
    Case("line@steps", State.STEPS, _cut_line, "failed", _restore_line),
    Case("line@quote", State.QUOTE, _cut_line, "failed", _restore_line),
    Case("line@check_answers", State.CHECK_ANSWERS, _cut_line, "failed", _restore_line),
    Case("line@paying", State.PAYING, _cut_line, "done", _restore_line),
    Case("answers@paying", State.PAYING, _cut_answers, "done", _restore_line),
    Case("power@steps", State.STEPS, _power(12), "failed"),
    Case("power@check_answers", State.CHECK_ANSWERS, _power(None), "failed"),
    Case("power@paying", State.PAYING, _power(12), "done"),
)
MONEY = (
    Case("bank-declines", State.CHECK_ANSWERS, _payment("decline"), "failed", _payment("approve")),
    Case("bank-drops", State.CHECK_ANSWERS, _payment("drop"), "done", _payment("approve")),
    Case("bank-late", State.CHECK_ANSWERS, _payment("late"), "done", _payment("approve")),
    Case("bank-silent", State.CHECK_ANSWERS, _payment("silent"), "failed", _payment("approve")),
    Case("paper-out", State.PAYING, _printer("media-empty"), "done", _printer(None)),
    Case("cover-open", State.PAYING, _printer("cover-open"), "done", _printer(None)),
    Case("paper-jam", State.PAYING, _printer("media-jam"), "done", _printer(None)),
    Case("disk-full@check_answers", State.CHECK_ANSWERS, _fill_disk, "failed", _free_disk),
    Case("disk-locked@paying", State.CHECK_ANSWERS, _lock_disk_while_the_bank_answers, "failed", _free_disk),
)


def _walk(bench: Bench, case: Case) -> str:
    """Lives a visit up to its end, or to where the pull leads it; the page at the end."""
    hand, end = bench.hand, case.ends_at
    bench.when(case.moment, lambda: case.pull(bench))

    def goes_on(page: str, act: Callable[[], object]) -> bool:
        """Whether that page came; then `act` is done on it."""
        hand.wait_for_page(page, end)
        if hand.page() != page or (case.moment.value == page and _leads_away(case)):
            return False
        act()
        return True

    bench.stage.insert_card("salma")
    walk = (
        ("choosing_service", lambda: hand.touch("service:traffic.fines")),
        ("start_card", lambda: hand.touch("main")),
        ("steps", lambda: _answer(bench)),
        ("quote", lambda: hand.touch("main")),
        ("check_answers", lambda: hand.touch("main")),
    )
    for page, act in walk:
        if not goes_on(page, act):
            break
    return hand.wait_for_page(end)


def _leads_away(case: Case) -> bool:
    """Whether the page goes by itself after the pull; on any other the person presses on."""
    return case.name.partition("@")[0] in {"card", "pcscd", "power"} or case.name in {
        "line@quote",
        "line@check_answers",
    }


def _answer(bench: Bench) -> None:
    hand = bench.hand
    hand.touch("option:vehicle")
    hand.touch("main")
    hand.wait_until(lambda: hand.see("field:code") is not None, "the plate's question")
    hand.type_digits("77")
    hand.touch("field:number")
    hand.type_digits(bench.new_plate())
    hand.touch("main")


def _leave(bench: Bench) -> None:
    """Back to the idle page, whatever the case has left on the screen."""
    hand = bench.hand
    if hand.page() not in {"idle", "take_card"}:
        hand.wait_until(lambda: hand.see("end") is not None or hand.page() == "idle", "a way out")
        if hand.see("end") is not None:
            hand.touch("end")
    hand.wait_for_page("take_card", "idle")
    bench.stage.pull_card()
    hand.wait_for_page("idle")
    hand.wait_until(lambda: bench.kiosk.visit.reader_failure is None, "the reader to be back")


def _told(bench: Bench, case: Case, page: str, before: tuple[int, int, int]) -> dict[str, object]:
    scene = bench.kiosk.visit.scene()
    committed, papers, parked = _counts(bench)
    failure = scene.failure or scene.print_failure
    return {
        "case": case.name,
        "page": page,
        "failure": failure.failure.value if failure else "",
        "money": scene.money.value,
        "outcome": scene.receipt.outcome.value if scene.receipt else "",
        "committed": committed - before[0],
        "papers": papers - before[1],
        "parked": parked - before[2],
    }


def _counts(bench: Bench) -> tuple[int, int, int]:
    status = QueueDesk(bench.terminal.settings).status()
    committed = status.waiting + status.accepted + status.needs_attention
    return committed, len(bench.stage.printed()), len(bench.terminal.ledger.parked.all())


def run(folder: Path, cases: tuple[Case, ...]) -> None:
    start_qt()
    with main.open_stage(folder) as stage:
        settings = load(stage.settings_file)
        payment = msgspec.structs.replace(settings.payment, person_seconds=PERSON_SECONDS)
        settings = msgspec.structs.replace(settings, payment=payment)
        services = main.load_services(settings)
        with main.open_terminal(settings, services) as terminal:
            kiosk = open_kiosk(terminal, first_window(settings, services, PANEL, motion=False))
            kiosk.window.show()
            bench = Bench(stage, terminal, kiosk, Hand(kiosk.window, PATIENCE_SECONDS))
            show = kiosk.window.show_scene

            def show_and_tell(scene: Scene) -> None:
                show(scene)
                bench.shown(scene)

            kiosk.window.show_scene = show_and_tell  # type: ignore[method-assign]  # listens, and shows as ever
            for case in cases:
                before = _counts(bench)
                page = _walk(bench, case)
                bench.hand.let_pass(300)  # a slip or a kept request follows the page
                say(_told(bench, case, page, before))
                case.mend(bench)
                _leave(bench)
            _settle(bench)
            facts = read_facts(QueueDesk(settings), stage)
            say({"disagreements": disagreements(facts, settled=True, drained=True)})
            kiosk.close()


def _settle(bench: Bench) -> None:
    """Recovery and delivery have all they need: nothing is half done, and nothing waits."""
    desk = QueueDesk(bench.terminal.settings)

    def settled() -> bool:
        status = desk.status()
        if status.prepared:
            bench.terminal.resolve_unfinished()
        return status.prepared == 0 and status.waiting == 0

    bench.terminal.sync.wake()
    bench.hand.wait_until(settled, "everything to be settled and delivered")


def say(told: dict[str, object]) -> None:
    os.write(1, (json.dumps(told) + "\n").encode())


if __name__ == "__main__":
    run(Path(sys.argv[1]), OUTSIDE if sys.argv[2] == "outside" else MONEY)
