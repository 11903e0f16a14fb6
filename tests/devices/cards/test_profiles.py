"""Card profiles: those that ship, every mistake with its key and remedy, and which one a card gets."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.mrz import Kind
from devices.cards.profiles import (
    Profile,
    ProfileMistake,
    ProfileUnreadable,
    check_profile,
    generic_for,
    load_profiles,
    profile_for,
)
from devices.cards.profiles.rules import mistakes_of_rules
from devices.cards.profiles.shape import mistakes_of_shape
from devices.virtual.issuer.documents import NATIONAL_CARD_ATR, OTHER_CARD_ATR

CARDS = Path(__file__).parents[3] / "assets" / "cards"
GOOD = """
id = "good"
title = { ar = "بطاقة", en = "Card" }
provisional = false
sources = ["the issuer"]

[[atrs]]
value = "3B8001"
mask = "FFFFFF"

[[applications]]
aid = "A0000002471001"
kind = "emrtd"

[[applications]]
aid = "A000000077010800070000FE00000100"
kind = "ias-ecc"

[access]
order = ["pace-can", "bac"]

[document]
kind = "TD1"
before_name = [11, 1]
chip_proof = "when_signed"

[identity]
name_arabic = ["dg11.name"]

[identity.national_number]
sources = ["mrz.optional_upper"]
pattern = "[0-9]{10}"
issuing_states = ["JOR"]

[pin]
reference = 1
length_least = 4
length_most = 6
unblocked_at = { ar = "المكتب", en = "The office" }

[signing]
module = "opensc-pkcs11.so"
key_label = "SIGN"
mechanism = "SHA256_RSA_PKCS"
"""


def mistakes(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "good.toml").write_text(text, encoding="utf-8")
    profile, found = check_profile(folder / "good.toml")
    assert (profile is None) == bool(found)
    return [(mistake.key, mistake.message) for mistake in found]


def test_those_that_ship_load() -> None:
    shipped = {profile.id: profile for profile in load_profiles(CARDS)}
    assert set(shipped) == {"icao-eid", "icao-eid-td2", "icao-passport", "jordan-eid", "pkcs15"}
    for profile in shipped.values():
        groups = (*profile.document.before_name, *profile.document.after_name) if profile.document else ()
        assert not {3, 4} & set(groups)
        assert not profile.access.bac_after_pace_failure
    assert shipped["jordan-eid"].provisional
    assert shipped["jordan-eid"].pin is None
    assert shipped["jordan-eid"].signing is None


def test_the_shipped_profile_of_each_card() -> None:
    shipped = load_profiles(CARDS)
    known = profile_for(shipped, NATIONAL_CARD_ATR)
    assert known is not None
    assert known.id == "jordan-eid"
    assert profile_for(shipped, OTHER_CARD_ATR) is None
    generic = [generic_for(shipped, kind) for kind in Kind]
    assert [profile.id for profile in generic if profile] == ["icao-eid", "icao-eid-td2", "icao-passport"]


def test_a_whole_profile_has_no_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ('id = "good"', 'id = "other"', "id", "'good'"),
        ('id = "good"', 'id = "Good Card"', "id", "small letters"),
        ('en = "Card" }', 'en = " " }', "title.en", "empty"),
        (', en = "Card" }', "}", "title.en", "missing"),
        ("provisional = false", "", "provisional", "true or false"),
        ("provisional = false", 'provisional = "no"', "provisional", "true or false"),
        ("sources = [", "source = [", "source", "write sources"),
        ('["the issuer"]', "[]", "sources", "where the values are from"),
        ('"FFFFFF"', '"FFFF"', "atrs[0].mask", "as long as"),
        ('"FFFFFF"', '"000000"', "atrs[0].mask", "generic"),
        ('"FFFFFF"', '"FFFF00"', "atrs[0].value", "as 0"),
        ('"3B8001"', '"3b8001"', "atrs[0].value", "capital"),
        ('"A0000002471001"', '"A000"', "applications[0].aid", "5 to 16 bytes"),
        ('kind = "emrtd"', 'kind = "epassport"', "applications[0].kind", "epassport"),
        ('kind = "emrtd"', 'kind = "pkcs15"', "applications", "emrtd"),
        ('["pace-can", "bac"]', '["bac", "pace-can"]', "access.order", "behind"),
        ('["pace-can", "bac"]', '["plain", "bac"]', "access.order", "last"),
        ('["pace-can", "bac"]', '["bac", "bac"]', "access.order", "once"),
        ('["pace-can", "bac"]', '["pace"]', "access.order", '"pace-can"'),
        ('"bac"]', '"bac"]\nbac_after_pace_failure = true', "access.reason", "say why"),
        (
            '"bac"]',
            ']\nbac_after_pace_failure = true\nreason = "one lot of cards"',
            "access.bac_after_pace_failure",
            "needs PACE and BAC",
        ),
        ("[11, 1]", "[11, 1, 3]", "document.before_name", "never read"),
        ("[11, 1]", "[11, 1]\nafter_name = [2, 4]", "document.after_name", "never read"),
        ("[11, 1]", "[11, 1]\nafter_name = [11]", "document.before_name and after_name", "once"),
        ("[11, 1]", "[11]", "document.before_name", "DG1"),
        ("[11, 1]", "[1, 17]", "document.before_name", "1 to 16"),
        ("[11, 1]", "[1]", "identity.name_arabic", "name 11"),
        ('"when_signed"', '"required"', "document.chip_proof", "DG14 or DG15"),
        ('"when_signed"', '"never"', "document.chip_proof", "required"),
        ('"mrz.optional_upper"', '"mrz.personal_number"', "identity.national_number.sources", "TD1 zone has"),
        ("[0-9]{10}", "[0-9", "identity.national_number.pattern", "as [0-9]{10}"),
        ("[0-9]{10}", "[0-9]*", "identity.national_number.pattern", "empty"),
        ('["JOR"]', '["jor"]', "identity.national_number.issuing_states", '"JOR"'),
        ("length_least = 4", "length_least = 8", "pin.length_least", "length_most"),
        ("length_least = 4", "length_least = 0", "pin.length_least", "4 to 12"),
        ("length_least = 4", 'length_least = 4\npuk = "12345678"', "pin.puk", "leave it out"),
        ("length_most = 6", "length_most = 13", "pin.length_most", "4 to 12"),
        ("reference = 1\n", "", "pin.reference", "0 to 31"),
        ("reference = 1", "reference = 32", "pin.reference", "0 to 31"),
        ('en = "The office"', 'en = ""', "pin.unblocked_at.en", "empty"),
        ('"opensc-pkcs11.so"', '"lib/evil.so"', "signing.module", "without a folder"),
        ('kind = "ias-ecc"', 'kind = "emrtd"', "applications", "the one that signs"),
        ('"SHA256_RSA_PKCS"', '"ECDSA"', "signing.mechanism", "SHA256_RSA_PKCS"),
    ],
)
def test_each_mistake_names_its_key_and_its_remedy(tmp_path: Path, old: str, new: str, key: str, told: str) -> None:
    assert [True for found, message in mistakes(tmp_path, (old, new)) if found == key and told in message]


def test_tables_that_do_not_belong_together(tmp_path: Path) -> None:
    start, end = GOOD.index("[document]"), GOOD.index("[identity]")
    without_document = dict(mistakes(tmp_path, (GOOD[start:end], "")))
    assert set(without_document) == {"access.order", "identity"}
    start, end = GOOD.index("[pin]"), GOOD.index("[signing]")
    assert [key for key, _ in mistakes(tmp_path, (GOOD[start:end], ""))] == ["pin"]


def test_all_mistakes_come_in_one_run(tmp_path: Path) -> None:
    by_shape = mistakes(
        tmp_path, ("provisional = false", ""), ('"3B8001"', "7"), ("length_most = 6", ""), ("[access]", "[acess]")
    )
    assert {key for key, _ in by_shape} == {"provisional", "atrs[0].value", "pin.length_most", "acess", "access"}
    by_rule = mistakes(tmp_path, ("[11, 1]", "[3]"), ("length_least = 4", "length_least = 8"), ('"FFFFFF"', '"FFFF"'))
    assert {key for key, _ in by_rule} >= {"document.before_name", "pin.length_least", "atrs[0].mask"}


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.just([]), st.just({}), st.just([{}])
)


@given(data=st.data(), value=VALUES)
def test_a_table_without_mistakes_of_shape_is_decoded(data: st.DataObject, value: object) -> None:
    """One node of the whole file is replaced or joined by something else: there are mistakes, or there is a profile."""
    raw = msgspec.toml.decode(GOOD)
    node = raw
    while isinstance(node, dict | list) and node:
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        place = data.draw(st.sampled_from(places))
        if not isinstance(node[place], dict | list) or data.draw(st.booleans()):
            node[place] = value
            break
        node = node[place]
    if not list(mistakes_of_shape(raw, Profile)):
        list(mistakes_of_rules(msgspec.convert(raw, Profile), "good"))


@pytest.mark.parametrize(
    ("old", "new", "told"), [("[[applications]]", "[applications]", "array"), ("[access]", "[[access]]", "object")]
)
def test_one_table_is_not_a_list_of_tables(tmp_path: Path, old: str, new: str, told: str) -> None:
    one_application = ('[[applications]]\naid = "A000000077010800070000FE00000100"\nkind = "ias-ecc"\n', "")
    found = mistakes(tmp_path, one_application, (old, new))
    assert [True for key, message in found if key == new.strip("[]") and told in message]


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe", b"id = 1\nid = 2"])
def test_what_is_not_toml_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "good.toml").write_bytes(content)
    profile, found = check_profile(tmp_path / "good.toml")
    assert profile is None
    assert "TOML" in found[0].message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProfileUnreadable, match="cannot be read"):
        check_profile(tmp_path / "none.toml")


def test_the_most_specific_mask_wins(tmp_path: Path) -> None:
    write(tmp_path, "family", "3B8000", "FFFF00")
    write(tmp_path, "member", "3B8001", "FFFFFF")
    for profiles in (load_profiles(tmp_path), load_profiles(tmp_path)[::-1]):
        found = [profile_for(profiles, bytes.fromhex(atr)) for atr in ("3B8001", "3B8002", "3B9001", "3B800100", "")]
        assert [profile.id if profile else "" for profile in found] == ["member", "family", "", "", ""]


def test_two_profiles_for_the_same_cards_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "one", "3B8000", "FFFF00")
    write(tmp_path, "other", "3B0001", "FF00FF")
    with pytest.raises(ProfileMistake, match=r"other\.toml: atrs: .* one\.toml"):
        load_profiles(tmp_path)
    write(tmp_path, "other", "3C0001", "FF00FF")
    assert len(load_profiles(tmp_path)) == 2


def test_one_wrong_profile_refuses_all_and_names_every_mistake(tmp_path: Path) -> None:
    write(tmp_path, "one", "3B8000", "FFFF00")
    (tmp_path / "two.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "three.toml").write_text("id = 3", encoding="utf-8")
    with pytest.raises(ProfileMistake) as refused:
        load_profiles(tmp_path)
    lines = str(refused.value).splitlines()
    assert "two.toml: id: is 'good'; it must be the file's own name, 'two'" in lines
    assert [line for line in lines if line.startswith("three.toml: title: is missing")]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileMistake, match="no profile"):
        load_profiles(tmp_path)


def write(folder: Path, name: str, value: str, mask: str) -> None:
    text = GOOD.replace('"good"', f'"{name}"').replace('"3B8001"', f'"{value}"').replace('"FFFFFF"', f'"{mask}"')
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
