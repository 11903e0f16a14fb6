"""Every guarantee has a change that breaks it, and a check that turns red by it."""

from __future__ import annotations

import pytest

from tests.faults.guarantees.bench import Bench, Caught
from tests.faults.mutations import DOCUMENT, MUTATIONS, Mutation, written_into
from tests.faults.power_cuts import KEYS, memory_folder

each = pytest.mark.parametrize("mutation", MUTATIONS, ids=[row.change for row in MUTATIONS])


@each
def test_the_check_passes_and_the_changed_program_turns_it_red(mutation: Mutation) -> None:
    with memory_folder() as folder:
        mutation.check(Bench(folder, KEYS))
    with memory_folder() as folder:
        bench = Bench(folder, KEYS)
        with mutation.make(bench), pytest.raises(Caught) as caught:
            mutation.check(bench)
    assert str(caught.value) == mutation.caught


def test_the_document_has_the_table_as_the_command_writes_it() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == written_into(document)
    assert written_into("# Title\n").count(MUTATIONS[0].guarantee) == 1
