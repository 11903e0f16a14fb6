"""Each guarantee, the change to the program that would break it, and the check that notices.

    python -m tests.faults.mutations

writes the table into docs/reliability.md. `tests/faults/test_mutations.py` runs every row both ways: the check passes
on the program as it is, and on the changed program says exactly what the row promises.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.faults.guarantees import at_the_centre, changes, on_disk, on_the_way
from tests.faults.guarantees.bench import Bench
from tests.faults.guarantees.changes import Change
from tests.faults.recording import ROOT

DOCUMENT: Final = ROOT / "docs" / "reliability.md"
HEADING: Final = "## Each guarantee, and the change that its test catches"
_NEXT: Final = "\n## "


@dataclasses.dataclass(frozen=True, slots=True)
class Mutation:
    """`guarantee` and `change` in words; `caught` is what the check says of the changed program."""

    guarantee: str
    change: str
    caught: str
    check: Callable[[Bench], None]
    make: Change


MUTATIONS: Final = (
    Mutation(
        "A power cut takes back nothing that was acknowledged",
        "`synchronous=NORMAL`: no sync for each commit",
        "acknowledged work is gone after a power cut",
        on_disk.what_was_acknowledged_survives_a_power_cut,
        changes.less_synced,
    ),
    Mutation(
        "A receipt number is never given twice",
        "the ledger's UNIQUE index on numbers left out",
        "a second entry took a receipt number that was given",
        on_disk.a_number_is_never_given_twice,
        changes.without("CREATE UNIQUE INDEX entries_number"),
    ),
    Mutation(
        "Receipt numbers have no gap",
        "the number comes from a counter outside the transaction",
        "the first receipt has the number KRK3-000002",
        on_disk.a_commit_that_fails_uses_up_no_number,
        changes.number_from_a_counter,
    ),
    Mutation(
        "Paying twice is paying once",
        "a commit does not look whether it is made already",
        "the second press was not answered as the first",
        on_disk.committing_twice_is_committing_once,
        changes.commit_written_again,
    ),
    Mutation(
        "No commit without the money",
        "the payment's state is not looked at",
        "committed while the money was only held",
        on_disk.nothing_is_committed_without_its_money,
        changes.money_not_looked_at,
    ),
    Mutation(
        "No content leaves before the centre has signed for it",
        "retention does not ask for the proof",
        "the content left, and no signature of the centre covers it",
        on_disk.no_content_leaves_without_the_centres_signature,
        changes.proof_not_asked,
    ),
    Mutation(
        "What was written is never changed",
        "the trigger against UPDATE left out",
        "the file took: UPDATE entries SET signature = x'00'",
        on_disk.what_was_written_is_never_changed,
        changes.without("CREATE TRIGGER entries_no_update"),
    ),
    Mutation(
        "What was written is never deleted",
        "the trigger against DELETE left out",
        "the file took: DELETE FROM entries WHERE sequence = 3",
        on_disk.what_was_written_is_never_changed,
        changes.without("CREATE TRIGGER entries_no_delete"),
    ),
    Mutation(
        "Every entry names the hash of the one before",
        "entries are written without it, and the trigger left out",
        "entry 2: does not follow entry 1",
        on_disk.every_entry_names_the_one_before,
        changes.chain_not_linked,
    ),
    Mutation(
        "The first decision stands",
        "a later answer is written over it",
        "a refusal was overwritten by accepted",
        on_disk.the_first_decision_stands,
        changes.later_decision_wins,
    ),
    Mutation(
        "Paper says only what the ledger says",
        "the outcome is not compared with the state",
        "a receipt says accepted, and nobody has accepted it",
        on_disk.paper_says_only_what_the_ledger_says,
        changes.paper_not_compared,
    ),
    Mutation(
        "What the program settles by itself carries no person's mark",
        "recovery writes as the citizen",
        "what recovery committed is under the name of the citizen",
        on_disk.what_the_program_settles_carries_no_persons_mark,
        changes.person_named,
    ),
    Mutation(
        "A correction is made by two people",
        "that they are two is not looked at",
        "one person asked for a refund and approved it",
        on_disk.a_correction_is_made_by_two_people,
        changes.one_person_is_two,
    ),
    Mutation(
        "Nothing personal can be read in the file",
        "the file's key is not set",
        "a person's name can be read in the file",
        on_disk.nothing_personal_lies_open_in_the_file,
        changes.key_not_set,
    ),
    Mutation(
        "One program writes",
        "the lock on the ledger is not taken",
        "a second program opened the same ledger to write",
        on_disk.one_program_writes,
        changes.lock_not_taken,
    ),
    Mutation(
        "Recovery asks the bank and never guesses",
        "what was being paid is voided at the start",
        "the bank has 42500 fils, and the transaction is voided",
        on_the_way.recovery_asks_and_never_guesses,
        changes.bank_not_asked,
    ),
    Mutation(
        "The offline limit is asked before money moves",
        "it is not asked",
        "60.001 dinars were taken without a line, and 60 may be",
        on_the_way.the_offline_limit_is_asked,
        changes.limit_not_asked,
    ),
    Mutation(
        "A transaction keeps its id for ever",
        "a new id on retry, signed and consistent",
        "other bytes went the second time",
        on_the_way.a_lost_answer_delivers_once_and_the_same_bytes,
        changes.new_id_on_retry,
    ),
    Mutation(
        "The signed bytes are never encoded again",
        "the body is encoded again on retry",
        "other bytes went the second time",
        on_the_way.a_lost_answer_delivers_once_and_the_same_bytes,
        changes.body_encoded_again,
    ),
    Mutation(
        "Only the centre's signature decides",
        "an answer counts without it",
        "a forged answer made it accepted",
        on_the_way.an_answer_without_the_centres_signature_decides_nothing,
        changes.signature_not_checked,
    ),
    Mutation(
        "An answer decides only what its question sent",
        "the ids are not compared with the batch's",
        "an answer to another question made it accepted",
        on_the_way.an_answer_decides_only_what_was_sent_with_its_question,
        changes.question_not_compared,
    ),
    Mutation(
        "Sending is a lease that ends",
        "it never ends",
        "the lease never ends",
        on_the_way.an_attempt_without_an_end_is_made_again,
        changes.lease_for_ever,
    ),
    Mutation(
        "A start ends the leases of the run before",
        "it leaves them",
        "nothing is sent after the start",
        on_the_way.a_start_sends_on_at_once,
        changes.leases_outlive_start,
    ),
    Mutation(
        "A clock that is set back holds nothing",
        "a moment far ahead is believed",
        "it waits until the clock is there again",
        on_the_way.a_clock_set_back_holds_nothing,
        changes.clock_believed,
    ),
    Mutation(
        "No silence ever gives an item up",
        "after five attempts it is not sent any more",
        "after four hours without a line it is sent for ever",
        on_the_way.no_silence_gives_up,
        changes.given_up_after_five,
    ),
    Mutation(
        "A bad item holds no other",
        "a batch that brings no answer is not halved",
        "9 wait behind one bad item",
        on_the_way.a_bad_item_holds_no_other,
        changes.batch_not_halved,
    ),
    Mutation(
        "Terminals do not come back in step",
        "pauses without jitter",
        "20 terminals come back at 1 moment(s)",
        on_the_way.terminals_do_not_come_back_in_step,
        changes.no_jitter,
    ),
    Mutation(
        "The centre's wish for a pause is kept",
        "`Retry-After` is not read",
        "asked 10 times within the pause",
        on_the_way.a_wish_for_a_pause_is_kept,
        changes.wish_not_read,
    ),
    Mutation(
        "The centre takes each number of a terminal once",
        "its UNIQUE constraints left out",
        "another transaction under the same number was accepted",
        at_the_centre.a_number_comes_once,
        changes.numbers_not_unique,
    ),
    Mutation(
        "An id stands for its bytes",
        "the bytes are not compared",
        "other bytes under the same id were duplicate",
        at_the_centre.an_id_stands_for_its_bytes,
        changes.bytes_not_compared,
    ),
    Mutation(
        "The centre takes only what the terminal signed",
        "the entry's signature is not checked",
        "an entry signed by somebody else was accepted",
        at_the_centre.only_the_terminals_own_entries_are_taken,
        changes.entry_not_proven,
    ),
    Mutation(
        "An agency is made to do a thing once",
        "the decision that stands is not looked up",
        "the agency was made to do it 2 times",
        at_the_centre.what_was_decided_is_the_answer_for_ever,
        changes.decision_forgotten,
    ),
)


def table() -> str:
    """The section of the document, as Markdown."""
    rows = "".join(f"| {row.guarantee} | {row.change} | {row.caught} |\n" for row in MUTATIONS)
    return (
        f"{HEADING}\n\n"
        "Made by `python -m tests.faults.mutations`. A test that cannot fail proves nothing, so\n"
        "`tests/faults/test_mutations.py` makes each of these changes to the program and has the check say what\n"
        "stands in the last column; without the change the same check passes.\n\n"
        f"| guarantee | the change | what the check says then |\n|---|---|---|\n{rows}"
    )


def written_into(document: str) -> str:
    """The document with its section as `table` has it now."""
    before, heading, rest = document.partition(HEADING)
    _, following, after = rest.partition(_NEXT)
    before = before if heading else f"{before.rstrip()}\n\n"
    return before + table() + following + after if following else before + table()


def main(document: Path = DOCUMENT) -> None:
    document.write_text(written_into(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
