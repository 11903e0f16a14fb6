"""Who a card names: what its data groups state, put where its profile says that it stands."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator

from devices.cards.data_groups import PersonalDetails
from devices.cards.mrz import Mrz
from devices.cards.profiles import NameSource, NumberRule, Profile
from kiosk.identity import Identity

_NUMBER_LARGEST = 40
_PASSPORT = "P"
"""With which the code of every passport begins (Doc 9303-4, 4.2.2.1)."""


def identity_of(profile: Profile, zone: Mrz, details: PersonalDetails, now: datetime.datetime) -> Identity:
    """The person, from contents that are proven. `national_number` is empty where the document has none, and where its
    issuer is another state than the one whose number it is: the caller decides what to do for such a person.
    Raises MalformedData."""
    rule = profile.identity
    return Identity(
        national_number=_national_number(rule.national_number, zone, details) if rule else "",
        document_number=zone.document_number,
        name_arabic=_first_in("ARABIC", rule.name_arabic, zone, details) if rule else "",
        name_latin=(_first_in("LATIN", rule.name_latin, zone, details) if rule else "") or zone.latin_name(),
        birth_date=_birth_date(zone, details, now.date()),
        expiry_date=zone.expiry_date(),
        issuing_state=zone.issuing_state,
        is_passport=zone.document_code.startswith(_PASSPORT),
    )


def _national_number(rule: NumberRule | None, zone: Mrz, details: PersonalDetails) -> str:
    if rule is None or zone.issuing_state not in rule.issuing_states:
        return ""
    places = {
        "dg11.personal_number": details.personal_number,
        "mrz.optional_upper": zone.optional_upper,
        "mrz.optional_middle": zone.optional_middle,
        "mrz.optional_lower": zone.optional_lower,
        "mrz.personal_number": zone.personal_number,
    }
    pattern = re.compile(rule.pattern)
    found = (places[source] for source in rule.sources if len(places[source]) <= _NUMBER_LARGEST)
    return next((number for number in found if pattern.fullmatch(number)), "")


def _first_in(script: str, sources: tuple[NameSource, ...], zone: Mrz, details: PersonalDetails) -> str:
    """The first name of that script; one that the zone may have truncated, only where nothing tells the whole."""
    return next((name for name in _names(sources, zone, details) if _is_written_in(script, name)), "")


def _is_written_in(script: str, name: str) -> bool:
    """Whether all letters of `name`, one at least, are of that script as Unicode names it: ARABIC, LATIN."""
    letters = [c for c in name if c.isalpha()]
    return bool(letters) and all(unicodedata.name(c, "").startswith(script) for c in letters)


def _names(sources: tuple[NameSource, ...], zone: Mrz, details: PersonalDetails) -> Iterator[str]:
    for source in sources:
        match source:
            case "dg11.name":
                yield details.name
            case "dg11.other_names":
                yield from details.other_names
            case "mrz.name":
                if not zone.name_may_be_truncated:
                    yield zone.latin_name()


def _birth_date(zone: Mrz, details: PersonalDetails, today: datetime.date) -> datetime.date | None:
    """DG11 tells the century, and the parts that the zone leaves unknown; where the two differ, the zone counts, which
    was compared with the print."""
    known = details.birth_date
    if known and all(mark in {"<", digit} for mark, digit in zip(zone.birth, f"{known:%y%m%d}", strict=True)):
        return known
    return zone.birth_date(today)
