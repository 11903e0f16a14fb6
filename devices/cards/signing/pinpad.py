"""Says whether a reader has keys of its own for the PIN, and may be trusted with it (PC/SC part 10, 2.6)."""

from __future__ import annotations

from collections.abc import Collection

VERIFY_PIN_DIRECT = 0x06
"""FEATURE_VERIFY_PIN_DIRECT: the PIN goes from the reader's keys to the card and never through this computer."""

LIARS = ("OMNIKEY CardMan 3x21", "OMNIKEY 3x21", "OMNIKEY AG CardMan 3121", "OMNIKEY CardMan 6121", "OMNIKEY 6121")
"""Readers that state the feature and have no keys (github.com/OpenSC/OpenSC/pull/1438 and
github.com/open-eid/DigiDoc4-Client/pull/298), by a part of their name."""


def has_own_keys(reader: str, features: Collection[int]) -> bool:
    """`features` are the tags that the reader's driver states; none where it was not asked or did not answer."""
    return VERIFY_PIN_DIRECT in features and not any(liar.lower() in reader.lower() for liar in LIARS)
