"""Kinds of cards as data: what `assets/cards/<id>.toml` says of a kind, checked when it is loaded."""

from devices.cards.profiles.choice import ProfileChoice
from devices.cards.profiles.loading import (
    ProfileMistake,
    ProfileUnreadable,
    check_profile,
    generic_for,
    load_profiles,
    profile_for,
)
from devices.cards.profiles.profile import (
    AccessRule,
    Application,
    AtrMask,
    DocumentRule,
    IdentityRule,
    NameSource,
    NumberRule,
    NumberSource,
    PinRule,
    Profile,
    SigningRule,
)
from devices.cards.profiles.shape import Mistake

__all__ = [
    "AccessRule",
    "Application",
    "AtrMask",
    "DocumentRule",
    "IdentityRule",
    "Mistake",
    "NameSource",
    "NumberRule",
    "NumberSource",
    "PinRule",
    "Profile",
    "ProfileChoice",
    "ProfileMistake",
    "ProfileUnreadable",
    "SigningRule",
    "check_profile",
    "generic_for",
    "load_profiles",
    "profile_for",
]
