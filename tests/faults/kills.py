"""Kills the program again and again, and after every restart asks ledger, payment terminal and intake to agree.

    python -m tests.faults.kills [--rounds 1000] [--seed N] [--folder DIR]

prints one line for each kill and a summary; status 1 if anything disagreed. The seed decides every choice and every
moment; where exactly a kill lands is the machine's to say, so the summary counts what was met.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from devices.virtual.stage import Stage
from kiosk.settings import load
from kiosk.transaction import TransactionState
from offline_queue.desk import QueueDesk
from tests.faults.agreement import Facts, disagreements, moment, read_facts
from tests.faults.logs import personal
from tests.faults.plan import LINE_MS, LONG_LINE_MS, PERSON_MS, START, Plan, draw
from tests.faults.program import PATIENCE_SECONDS, ROOT, Program, ProgramEnded

KEYS = ROOT / "build" / "demo" / "keys"
CARDS = ROOT / "build" / "demo" / "cards"
CARD = "salma"
PLATE_CODE, FIRST_PLATE = "77", 40_000  # a fine for each number: traffic_fines.toml
WHOLE_CHECK = 10
"""Rounds between two looks at the whole chain and the drained intake; the rest is compared in every round."""

AT_REST, RECOVERY = "nobody served", "start-up and recovery"
MUST_MEET = (
    "PREPARED, bank not asked",
    "AUTHORISED",
    "CAPTURED",
    "COMMITTED, not delivered",
    "receipt not printed",
)
"""How the names of `agreement.moment` begin."""


@dataclasses.dataclass(slots=True)
class Account:
    """What a campaign met and what did not agree."""

    seed: int
    kills: int = 0
    seconds: float = 0.0
    met: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    problems: list[str] = dataclasses.field(default_factory=list)
    after: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def count(self, beginning: str) -> int:
        """The kills that met a moment whose name begins so."""
        return sum(count for name, count in self.met.items() if name.startswith(beginning))

    def summary(self) -> str:
        met = "; ".join(f"{count} {name}" for name, count in self.met.most_common())
        after = ", ".join(f"{count} {name}" for name, count in self.after.most_common())
        return (
            f"{self.kills} kills in {self.seconds:.0f} s, seed {self.seed}: {len(self.problems)} disagreements. "
            f"Met: {met}. After the restarts: {after or 'nothing'}."
        )


def missed(accounts: Sequence[Account], times: int) -> list[str]:
    """The moments of MUST_MEET that these campaigns together met less often."""
    return [name for name in MUST_MEET if sum(account.count(name) for account in accounts) < times]


class Campaign:
    """Many rounds on one stage. Each restart is also the start of the next round's visit."""

    def __init__(self, stage: Stage, folder: Path, seed: int, tell: Callable[[str], None]) -> None:
        self._stage = stage
        self._log = folder / "program.log"
        self._desk = QueueDesk(load(stage.settings_file))
        self._chance = random.Random(seed)
        self._tell = tell
        self._rounds = 0
        self._begun_at = 0
        self._card_is_in = False
        self.account = Account(seed)

    def run(self, kills: int) -> None:
        """So many more."""
        self._run_until(lambda: self.account.kills >= self._begun_at + kills)

    def run_until(self, enough: Callable[[], bool], most: int) -> None:
        """As many more as that takes, but at most so many."""
        self._run_until(lambda: enough() or self.account.kills >= self._begun_at + most)

    def _run_until(self, enough: Callable[[], bool]) -> None:
        """At its end everything is delivered and looked at as a whole."""
        began, self._begun_at = time.monotonic(), self.account.kills
        self._stage.payment_mode(f"delay {PERSON_MS}")
        program = self._start()
        try:
            self._rest(program)
            while not enough():
                program = self._round(program, draw(self._chance))
            self._check_whole()
            self._note(personal(self._log.parent, CARDS / "cards" / CARD, f"{PLATE_CODE}-{FIRST_PLATE // 1000}"))
        except ProgramEnded as ended:
            self._note([f"the program ended by itself: {ended}"])
        finally:
            program.kill()
        self.account.seconds += time.monotonic() - began

    # -- one round

    def _round(self, program: Program, plan: Plan) -> Program:
        """From a program at rest to the next one at rest."""
        self._rounds += 1
        before = self._facts()
        if plan.stretch is START:
            self._kill(program, AT_REST, "")
            program = self._start()
            program.wait_for(START.line)
        else:
            self._visit(program, plan)
        time.sleep(plan.delay)  # the random moment itself: nothing is waited for
        around = f" ({plan.payment}, line {plan.line}, {1000 * plan.delay:.0f} ms after {plan.stretch.name})"
        after = self._kill(program, RECOVERY if plan.stretch is START else "", around, before)
        program = self._restart(plan, after)
        self._rest(program)
        self._compare(before)
        return program

    def _visit(self, program: Program, plan: Plan) -> None:
        self._stage.payment_mode(plan.payment)
        self._stage.payment_mode(f"lag {plan.lag_ms}")
        self._stage.insert_card(CARD)
        self._card_is_in = True
        program.tell(f"visit {PLATE_CODE} {FIRST_PLATE + self._rounds}")
        if plan.stretch.line == "at choosing_service":
            program.wait_for(plan.stretch.line)
            return
        program.wait_for("ready")
        self._set_line(plan)
        program.tell("pay")
        program.wait_for(plan.stretch.line, "at failed", "at done", count=plan.stretch.count)

    def _set_line(self, plan: Plan) -> None:
        if plan.line == "slow":
            self._stage.slow_line(LINE_MS)
        elif plan.line == "stalled":
            self._stage.slow_line(LONG_LINE_MS)
        elif plan.line == "cut":
            self._stage.cut_line()
        elif plan.line == "answers lost":
            self._stage.cut_answers()

    # -- the end, and what follows

    def _kill(self, program: Program, met: str, around: str, before: Facts | None = None) -> Facts:
        """`met` where it is known; otherwise it is read from what is left, beside what was there `before`."""
        if not program.kill():
            raise ProgramEnded(f"before kill {self.account.kills + 1}")
        self.account.kills += 1
        after = self._facts()
        met = met or moment(after, before or after)
        self.account.met[met] += 1
        self._tell(f"kill {self.account.kills}: {met}{around}")
        return after

    def _restart(self, plan: Plan, after: Facts) -> Program:
        """A program that is about to be at rest, with everything around it well again; perhaps killed once more."""
        half_done = {row.transaction_id for row in after.rows if row.state is TransactionState.PREPARED}
        if self._card_is_in and not plan.card_stays:
            self._pull_card()
        if half_done and plan.restart != "well":
            self._stage.payment_mode("silent" if plan.restart == "silent terminal" else plan.payment)
            with self._start() as program:
                program.wait_for("open")
                if plan.restart == "silent terminal":
                    self._compare_listed(half_done)
                time.sleep(plan.restart_seconds)  # the random moment itself
                self._kill(program, RECOVERY, f" ({plan.restart})")
        self._stage.payment_mode("approve")
        self._stage.payment_mode("lag 0")
        self._stage.slow_line(0)
        self._stage.restore_line()
        program = self._start()
        if self._card_is_in:  # it was in the reader all the time, and is read before recovery has its moment
            program.tell("leave")
            program.wait_for("over")
            self._pull_card()
        return program

    def _start(self) -> Program:
        return Program(self._stage.settings_file, self._stage.environment, self._log)

    def _rest(self, program: Program) -> None:
        program.wait_for("rested")

    def _pull_card(self) -> None:
        self._stage.pull_card()
        self._card_is_in = False

    # -- what must hold

    def _facts(self) -> Facts:
        return read_facts(self._desk, self._stage)

    def _compare(self, before: Facts) -> None:
        facts = self._facts()
        self._note(disagreements(facts, settled=True, drained=False))
        earlier = {row.transaction_id for row in before.rows}
        for row in facts.rows:
            if row.transaction_id not in earlier:
                self.account.after["voided" if row.receipt_number is None else "committed"] += 1
        if self._rounds % WHOLE_CHECK == 0:
            self._check_whole()

    def _compare_listed(self, half_done: set[UUID]) -> None:
        """While the payment terminal is silent, nothing is decided and everything undecided is on the list."""
        self._note(disagreements(self._facts(), settled=False, drained=False))
        listed = {item.ids.transaction for item in self._desk.status().unresolved if item.receipt_number is None}
        if listed != half_done:
            self._note([f"half done are {half_done}, and `queue status` lists {listed}"])

    def _check_whole(self) -> None:
        """The line is up: everything arrives, the chain is whole, and both sides hold the same."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._desk.status().waiting and time.monotonic() < deadline:
            time.sleep(0.05)  # another process delivers: asked again, up to a deadline
        self._note(disagreements(self._facts(), settled=True, drained=True))
        gateway = self._desk.gateway()
        try:
            found = self._desk.verify(gateway)
        finally:
            gateway.close()
        self._note([f"the ledger is not whole: {problem}" for problem in found.problems])
        if found.centre is None or not found.centre.same:
            self._note([f"ledger and centre differ: {found.centre}"])

    def _note(self, problems: list[str]) -> None:
        """Each is told once: what does not agree now does not agree later either."""
        for problem in problems:
            if problem not in self.account.problems:
                self.account.problems.append(problem)
                self._tell(f"DISAGREEMENT after kill {self.account.kills}: {problem}")


@contextlib.contextmanager
def open_campaign(folder: Path, seed: int, tell: Callable[[str], None]) -> Iterator[Campaign]:
    intake = [sys.executable, "-m", "offline_queue.intake", "--keys", str(KEYS)]
    with Stage(folder, intake, keys=KEYS, cards=CARDS) as stage:
        yield Campaign(stage, folder, seed, tell)


def main() -> int:
    arguments = argparse.ArgumentParser(description="Kills the program and compares what is left.")
    arguments.add_argument("--rounds", type=int, default=1000, help="kills")
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    arguments.add_argument("--folder", type=Path, help="where everything lives (default: a temporary one)")
    chosen = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="kills-") as temporary,
        open_campaign(chosen.folder or Path(temporary), chosen.seed, _print) as campaign,
    ):
        campaign.run(chosen.rounds)
        _print(campaign.account.summary())
        return 1 if campaign.account.problems else 0


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
