"""One country with a document signer, and another that publishes master lists; keys are made once."""

from __future__ import annotations

import pytest

from tests.devices.cards.trust import making
from tests.devices.cards.trust.making import ListMaker


@pytest.fixture(scope="session")
def germany() -> ListMaker:
    return making.make_list_maker()


@pytest.fixture(scope="session")
def netherlands() -> ListMaker:
    return making.make_list_maker("NL")
