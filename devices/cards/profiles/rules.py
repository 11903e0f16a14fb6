"""What must hold inside one profile beyond the shape of its tables; each mistake with its remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from devices.cards.profiles.profile import DocumentRule, IdentityRule, NumberRule, PinRule, Profile
from devices.cards.profiles.shape import Mistake

_BIOMETRIC = (3, 4)
_CHIP_PROOF = {14, 15}
_PLACES = {
    "TD1": {"mrz.optional_upper", "mrz.optional_middle"},
    "TD2": {"mrz.optional_lower"},
    "TD3": {"mrz.personal_number"},
}


def mistakes_of_rules(profile: Profile, file_stem: str) -> Iterator[Mistake]:
    if profile.id != file_stem:
        yield Mistake("id", f"is {profile.id!r}; it must be the file's own name, {file_stem!r}")
    for language, words in (("ar", profile.title.ar), ("en", profile.title.en)):
        if not words.strip():
            yield Mistake(f"title.{language}", "is empty; staff read it")
    yield from _of_atrs(profile)
    yield from _of_access(profile)
    if profile.document is not None:
        yield from _of_document(profile, profile.document)
    if profile.identity is not None:
        yield from _of_identity(profile.document, profile.identity)
    if profile.pin is not None:
        yield from _of_pin(profile.pin)
    if profile.signing is not None:
        yield from _of_signing(profile)


def _of_atrs(profile: Profile) -> Iterator[Mistake]:
    for place, atr in enumerate(profile.atrs):
        if len(atr.mask) != len(atr.value):
            yield Mistake(f"atrs[{place}].mask", "is not as long as the value; give one byte of mask for each byte")
        elif atr.bits == 0:
            yield Mistake(f"atrs[{place}].mask", "looks at no bit; leave the entry out to make the profile generic")
        elif int(atr.value, 16) & ~int(atr.mask, 16):
            yield Mistake(f"atrs[{place}].value", "has bits that the mask leaves out; write them as 0")


def _of_access(profile: Profile) -> Iterator[Mistake]:
    rule, order = profile.access, profile.access.order
    yield from _of_repeated("access.order", order)
    by_pace = [place for place, mode in enumerate(order) if mode.startswith("pace")]
    if "bac" in order and any(place > order.index("bac") for place in by_pace):
        yield Mistake("access.order", 'has "bac" before PACE; put it behind, the chip prefers PACE (Doc 9303-11, 4.2)')
    if "plain" in order and order[-1] != "plain":
        yield Mistake("access.order", 'has "plain" before a protected access; put it last')
    if rule.bac_after_pace_failure and not (by_pace and "bac" in order):
        yield Mistake("access.bac_after_pace_failure", "needs PACE and BAC in access.order; add them or leave it out")
    if rule.bac_after_pace_failure and not rule.reason.strip():
        yield Mistake("access.reason", "is empty; say why a failed PACE may be followed by the weaker BAC")
    if profile.document is None and set(order) - {"plain"}:
        yield Mistake("access.order", 'opens a document, and there is none; write ["plain"] or add [document]')


def _of_document(profile: Profile, rule: DocumentRule) -> Iterator[Mistake]:
    groups = (*rule.before_name, *rule.after_name)
    for table, numbers in (("before_name", rule.before_name), ("after_name", rule.after_name)):
        for number in _BIOMETRIC:
            if number in numbers:
                yield Mistake(
                    f"document.{table}", f"names DG{number}; fingerprints and irises are never read here, leave it out"
                )
    yield from _of_repeated("document.before_name and after_name", groups)
    if 1 not in rule.before_name:
        yield Mistake("document.before_name", "lacks 1; the name and the validity stand in DG1")
    if rule.chip_proof == "required" and not _CHIP_PROOF & set(groups):
        yield Mistake("document.chip_proof", "is required and has nothing to prove with; read DG14 or DG15")
    if not any(application.kind == "emrtd" for application in profile.applications):
        yield Mistake("applications", 'lack one of kind "emrtd"; a document stands in it')


def _of_identity(document: DocumentRule | None, rule: IdentityRule) -> Iterator[Mistake]:
    if document is None:
        yield Mistake("identity", "has no document to come from; add [document] or leave it out")
        return
    number = rule.national_number
    sources = {"name_arabic": rule.name_arabic, "name_latin": rule.name_latin}
    for key, places in {**sources, "national_number.sources": number.sources if number else ()}.items():
        yield from _of_repeated(f"identity.{key}", places)
        if any(place.startswith("dg11.") for place in places) and 11 not in document.before_name:
            yield Mistake(f"identity.{key}", "uses DG11; name 11 in document.before_name")
    if number is not None:
        yield from _of_number(document, number)


def _of_number(document: DocumentRule, rule: NumberRule) -> Iterator[Mistake]:
    for place in rule.sources:
        if place.startswith("mrz.") and place not in _PLACES[document.kind]:
            known = ", ".join(sorted(_PLACES[document.kind]))
            yield Mistake("identity.national_number.sources", f"has {place!r}; a {document.kind} zone has {known}")
    try:
        matches_empty = re.compile(rule.pattern).fullmatch("") is not None
    except re.error as error:
        yield Mistake("identity.national_number.pattern", f"is no regular expression: {error}; as [0-9]{{10}}")
        return
    if matches_empty:
        yield Mistake("identity.national_number.pattern", "matches an empty number; say how long it is, as [0-9]{10}")


def _of_pin(rule: PinRule) -> Iterator[Mistake]:
    if rule.length_least > rule.length_most:
        yield Mistake("pin.length_least", f"is more than length_most, {rule.length_most}; change one of them")
    for language, words in (("ar", rule.unblocked_at.ar), ("en", rule.unblocked_at.en)):
        if not words.strip():
            yield Mistake(f"pin.unblocked_at.{language}", "is empty; say who unblocks a PIN, people are told")


def _of_signing(profile: Profile) -> Iterator[Mistake]:
    if all(application.kind == "emrtd" for application in profile.applications):
        yield Mistake("applications", 'lack the one that signs; add it, of kind "pkcs15" or "ias-ecc"')
    if profile.pin is None:
        yield Mistake("pin", "is missing; a key that signs is opened by a PIN, add [pin]")


def _of_repeated(key: str, values: tuple[object, ...]) -> Iterator[Mistake]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Mistake(key, f"has {value!r} {count} times; once is enough")
