"""What staff may ask and change of the trust store of one terminal."""

from __future__ import annotations

from pathlib import Path

from devices.cards.trust.imports import Offer, offer_list, take_list, take_revocations
from devices.cards.trust.manifest import ListRecord, RevocationRecord
from devices.cards.trust.master_list import open_master_list
from devices.cards.trust.overview import Change, CountryRow, change_of, overview
from devices.cards.trust.store import Policy
from kiosk.ports import Clock


class TrustDesk:
    """Raises StoreDamaged; what brings something in raises ImportRefused too, and OSError."""

    def __init__(self, folder: Path, policy: Policy, clock: Clock) -> None:
        self._folder = folder
        self._policy = policy
        self._clock = clock

    def overview(self) -> tuple[CountryRow, ...]:
        return overview(self._folder)

    def bring(self, master_list: bytes, signer: bytes) -> BroughtList:
        """Checked whole, and nothing is taken yet. `signer` is the certificate of its signer, or its authority's."""
        opened = open_master_list(master_list, signer, self._clock.now())
        return BroughtList(self._folder, offer_list(self._folder, opened, self._policy), self._clock)

    def take_revocations(self, revocations: bytes) -> RevocationRecord:
        return take_revocations(self._folder, revocations, self._policy, self._clock.now())


class BroughtList:
    """A list before it is taken; `change` is what the two people answer for."""

    def __init__(self, folder: Path, offer: Offer, clock: Clock) -> None:
        self._folder = folder
        self._offer = offer
        self._clock = clock
        self.change: Change = change_of(offer)

    def take(self, by: tuple[str, str]) -> ListRecord:
        return take_list(self._folder, self._offer, by, self._clock.now())
