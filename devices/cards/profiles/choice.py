"""Which profile a card is read by: its answer to reset tells, or the size of the document."""

from __future__ import annotations

import dataclasses

from devices.cards.mrz import Kind
from devices.cards.profiles.loading import generic_for, profile_for
from devices.cards.profiles.profile import Profile


@dataclasses.dataclass(frozen=True, slots=True)
class ProfileChoice:
    """The profiles of this terminal, for one card."""

    profiles: tuple[Profile, ...]
    atr: bytes

    def before_reading(self, printed: Kind | None) -> Profile | None:
        """The profile that knows the answer to reset; else the generic one of the printed size, or of an identity card
        where nothing was seen. None where there is no such profile."""
        return profile_for(self.profiles, self.atr) or generic_for(self.profiles, printed or Kind.TD1)

    def after_reading(self, before: Profile, kind: Kind) -> Profile | None:
        """`before`, if it is for documents of the size that DG1 has; else, if it was a guess, the one that is."""
        if before.document is not None and before.document.kind == kind:
            return before
        return generic_for(self.profiles, kind) if before.is_generic else None
