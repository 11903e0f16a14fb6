"""Judges what a power cut has left of a ledger: opened by the production code, looked through, and worked on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from sqlite_utils import Database

from offline_queue.database import open_reader
from offline_queue.issuing import receipt_number
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.verify import verify
from tests.faults.ledger_life import Acknowledged
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, SetClock, sell

LEDGER: Final = Path("state") / "ledger.db"
"""Within the recorded folder: the program makes the folder of its file itself."""

LOST: Final = "LOST"
"""How a problem begins that says that acknowledged work is gone."""

_NO_BODY: Final = "SELECT count(*) FROM entries WHERE body_hash <> '' AND body_hash NOT IN (SELECT hash FROM bodies)"

_IN_BASKET: Final = 3
"""As many as `ledger_life` sells together; all others are alone in theirs."""

_BASKETS: Final = (
    "SELECT basket, count(*), count(DISTINCT state) FROM transactions GROUP BY basket "
    f"HAVING count(DISTINCT state) > 1 OR count(*) NOT IN (1, {_IN_BASKET})"
)


class LedgerJudge:
    """Knows what the whole recorded life wrote; is asked about one image after another."""

    def __init__(self, keys: Path, whole: Path) -> None:
        """`whole` is the recorded folder at the end of the recording."""
        self._keys = load_terminal(keys / "terminal")
        self._trust = load_trust(keys / "trust")
        with contextlib.closing(open_reader(whole / LEDGER, self._keys.database)) as reader:
            self._written = _hashes(reader)

    def __call__(self, image: Path, said: Sequence[bytes]) -> list[str]:
        """What is wrong with the image, where `said` had been acknowledged before the cut."""
        try:
            problems = list(self._at_work(image, [msgspec.json.decode(line, type=Acknowledged) for line in said]))
            return problems + list(self._verified(image))
        except Exception as error:  # whatever a broken image makes of the program is its verdict
            return [f"{LOST if said else 'UNUSABLE'}: {type(error).__name__}: {error}"]

    def _at_work(self, image: Path, said: list[Acknowledged]) -> Iterator[str]:
        ledger = SqlLedger(image / LEDGER, terminal=TERMINAL, keys=self._keys, clock=SetClock(), verify_url=VERIFY_URL)
        with contextlib.closing(ledger):
            found = ledger._database.read(_hashes)
            if found != self._written[: len(found)]:
                yield "what survived is no beginning of what was written"
            yield from ledger._database.read(_torn_baskets)
            if said:
                yield from _kept(ledger, found, said)
            yield from _goes_on(ledger, {word.number for word in said if word.call == "commit"})

    def _verified(self, image: Path) -> Iterator[str]:
        with contextlib.closing(open_reader(image / LEDGER, self._keys.database)) as reader:
            found = verify(reader, TERMINAL, self._trust.ledgers[TERMINAL], self._trust.centre)
            yield from (f"{problem.place}: {problem.what}" for problem in found.problems)
            if missing := reader.execute(_NO_BODY).fetchone()[0]:
                yield f"the bodies of {missing} entries are missing"


def _kept(ledger: SqlLedger, found: list[str], said: list[Acknowledged]) -> Iterator[str]:
    """Each entry names the hash of the one before it and of its body, so the last one's hash is the whole content."""
    last = said[-1]
    if len(found) < last.entries or found[last.entries - 1] != last.last_hash:
        yield f"{LOST}: {last.entries} entries were acknowledged, {len(found)} are there"
        return
    for word in said:
        receipt = ledger.reprint_of(word.number) if word.code else None
        if word.code and (receipt is None or receipt.code != word.code):
            yield f"{LOST}: receipt {word.number} is not the one that was handed out"


def _goes_on(ledger: SqlLedger, given: set[str]) -> Iterator[str]:
    """One more sale gets the next number, which nobody has."""
    before = ledger.recent(1)
    count = int(before[0].receipt_number.rpartition("-")[2]) if before else 0
    sell(ledger)
    number = ledger.recent(1)[0].receipt_number
    if number in given or number != receipt_number(TERMINAL, count + 1):
        yield f"receipt number {number} was given twice, or one was left out"


def _torn_baskets(connection: Database) -> list[str]:
    """What is paid by one movement of money is in one state, whole."""
    states = connection.execute(_BASKETS).fetchall()
    return [f"basket {basket} is torn: {count} of {_IN_BASKET}, {kinds} states" for basket, count, kinds in states]


def _hashes(connection: Database) -> list[str]:
    return [str(row[0]) for row in connection.execute("SELECT hash FROM entries ORDER BY sequence")]
