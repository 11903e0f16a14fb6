"""The cutter is fair: libraries that sync each put survive it, those that do not are found out."""

from __future__ import annotations

import random

import pytest

from tests.faults.other_queues import LIBRARIES, survives

CUTS = 60
DO_NOT_SYNC = {"litequeue", "persist_queue_file"}


@pytest.mark.parametrize("name", LIBRARIES)
def test_what_was_put_survives_where_each_put_is_synced(name: str) -> None:
    account = survives(name, CUTS, random.getrandbits(32))
    if name in DO_NOT_SYNC:
        assert account.lost > CUTS // 2
    else:
        assert account.failed == []
