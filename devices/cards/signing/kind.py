"""How the card in the reader signs: by the profile that knows its answer to reset, or one whose application it has."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from devices.cards.apdu import Command
from devices.cards.exchange import Exchange
from devices.cards.profiles import PinRule, Profile, SigningRule, profile_for


@dataclasses.dataclass(frozen=True, slots=True)
class SigningKind:
    """What one profile says of signing. `applications` are the AIDs, in the order they are tried."""

    profile: str
    applications: tuple[bytes, ...]
    pin: PinRule
    signing: SigningRule

    def select(self, exchange: Exchange) -> bool:
        """Selects the first of the applications that the card has. Raises WireBroken, ServiceFailure."""
        return any(exchange.send(Command(0x00, 0xA4, 0x04, 0x0C, aid)).is_good for aid in self.applications)


def kind_of(profiles: Iterable[Profile], atr: bytes, exchange: Exchange) -> SigningKind | None:
    """For a card that was just powered up; None for one that no profile knows to sign.

    A profile that knows the answer to reset and has no `[signing]` says nothing of it: a generic one may know the
    application. Raises WireBroken, ServiceFailure.
    """
    known = profile_for(profiles := tuple(profiles), atr)
    if known is not None and (kind := _kind(known)) is not None:
        return kind
    generic = (_kind(profile) for profile in profiles if profile.is_generic)
    return next((kind for kind in generic if kind is not None and kind.select(exchange)), None)


def _kind(profile: Profile) -> SigningKind | None:
    if profile.pin is None or profile.signing is None:
        return None
    applications = tuple(bytes.fromhex(entry.aid) for entry in profile.applications if entry.kind != "emrtd")
    return SigningKind(profile.id, applications, profile.pin, profile.signing)
