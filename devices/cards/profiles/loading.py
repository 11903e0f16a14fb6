"""Reads profiles from their files, refuses what is wrong with them, and finds the one for a card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import msgspec

from devices.cards.mrz import Kind
from devices.cards.profiles.profile import Profile
from devices.cards.profiles.rules import mistakes_of_rules
from devices.cards.profiles.shape import Mistake, mistakes_of_shape
from kiosk.set_up import SetUpMistake


class ProfileMistake(SetUpMistake):
    """The profiles of a folder cannot be used; the text names every file, key and remedy, a line each."""


class ProfileUnreadable(SetUpMistake):
    """The file is not there or may not be read."""


def check_profile(file: Path) -> tuple[Profile | None, tuple[Mistake, ...]]:
    """The profile, if nothing is wrong with it, and otherwise every mistake. Raises ProfileUnreadable."""
    try:
        raw = msgspec.toml.decode(file.read_bytes())
    except OSError as error:
        raise ProfileUnreadable(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, (Mistake("", f"is not TOML: {error}"),)
    if mistakes := tuple(mistakes_of_shape(raw, Profile)):
        return None, mistakes
    profile = msgspec.convert(raw, Profile)
    mistakes = tuple(mistakes_of_rules(profile, file.stem))
    return (None if mistakes else profile), mistakes


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Every profile in `folder`, in the order of the file names. Raises ProfileMistake if one is wrong: without it, a
    card could be taken for one of another kind."""
    profiles: list[Profile] = []
    told: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            profile, mistakes = check_profile(file)
        except ProfileUnreadable as unreadable:
            told.append(str(unreadable))
            continue
        told.extend(f"{file.name}: {mistake.key}: {mistake.message}" for mistake in mistakes)
        if profile is not None:
            profiles.append(profile)
    told.extend(_ambiguities(profiles))
    if not profiles and not told:
        told.append(f"{folder}: has no profile; one file <id>.toml for each kind of card belongs there")
    if told:
        raise ProfileMistake("\n".join(told))
    return tuple(profiles)


def _ambiguities(profiles: Iterable[Profile]) -> Iterator[str]:
    """Two masks that are equally specific and may match one card: which profile wins would be left to chance."""
    for one, other in combinations(profiles, 2):
        for mask in one.atrs:
            if any(mask.overlaps(against) and mask.bits == against.bits for against in other.atrs):
                yield f"{other.id}.toml: atrs: means the same cards as {one.id}.toml; make one mask more specific"


def profile_for(profiles: Iterable[Profile], atr: bytes) -> Profile | None:
    """The profile whose mask knows most of that answer to reset; None for a card that no profile knows by it."""
    best = max(profiles, key=lambda profile: profile.specificity(atr), default=None)
    return best if best is not None and best.specificity(atr) > 0 else None


def generic_for(profiles: Iterable[Profile], kind: Kind) -> Profile | None:
    """The generic profile of documents of that size, which DG1 or the print has told."""
    return next((p for p in profiles if p.is_generic and p.document is not None and p.document.kind == kind), None)
