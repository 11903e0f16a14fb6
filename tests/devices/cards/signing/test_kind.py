"""Which profile a card signs by, and that its module, key and certificate are those that the profile names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.cards.exchange import Exchange
from devices.cards.profiles import Profile, load_profiles
from devices.cards.signing.kind import kind_of
from devices.diagnosis import PROFILES
from devices.virtual.issuer.documents import NATIONAL_CARD_ATR, OTHER_CARD_ATR
from tests.devices.cards.signing.conftest import PIN, Desk, Signer
from tests.devices.cards.signing.plain_card import PlainCard
from tests.devices.cards.signing.test_signing import SIGN

FIRST, SECOND = "F276A288BCFBA69D34F31001", "A000000063504B43532D3135"
BY_ATR = f'[[atrs]]\nvalue = "{NATIONAL_CARD_ATR.hex().upper()}"\nmask = "{"FF" * len(NATIONAL_CARD_ATR)}"\n'
SIGNS = """
[pin]
reference = 1
length_least = 6
length_most = 8
unblocked_at = { ar = "المكتب", en = "The office" }

[signing]
module = "opensc-pkcs11.so"
mechanism = "SHA256_RSA_PKCS"
"""


def write(folder: Path, name: str, *, aid: str = FIRST, atr: str = "", signs: str = SIGNS) -> None:
    (folder / f"{name}.toml").write_text(
        f'id = "{name}"\ntitle = {{ ar = "بطاقة", en = "Card" }}\nprovisional = false\nsources = ["a test"]\n'
        f'{atr}\n[[applications]]\naid = "{aid}"\nkind = "pkcs15"\n\n[access]\norder = ["plain"]\n{signs}',
        encoding="utf-8",
    )


def chosen(profiles: tuple[Profile, ...], atr: bytes, aid: str) -> str:
    kind = kind_of(profiles, atr, Exchange(PlainCard(aid, "63C3")))
    return kind.profile if kind else ""


def test_the_answer_to_reset_goes_before_the_application(tmp_path: Path) -> None:
    write(tmp_path, "a-generic")
    write(tmp_path, "known", aid=SECOND, atr=BY_ATR)
    profiles = load_profiles(tmp_path)
    assert chosen(profiles, NATIONAL_CARD_ATR, FIRST) == "known"
    assert chosen(profiles, OTHER_CARD_ATR, FIRST) == "a-generic"
    assert chosen(profiles, OTHER_CARD_ATR, SECOND) == ""  # the profile of another answer to reset is no guess


def test_of_generic_profiles_the_first_file_whose_application_is_there(tmp_path: Path) -> None:
    write(tmp_path, "a", aid=SECOND)
    write(tmp_path, "b", signs="")
    write(tmp_path, "c")
    write(tmp_path, "d")
    assert chosen(load_profiles(tmp_path), OTHER_CARD_ATR, FIRST) == "c"


@pytest.mark.parametrize(
    ("atr", "aid", "profile"),
    [
        (NATIONAL_CARD_ATR, FIRST, "pkcs15"),  # its own profile says nothing of signing
        (OTHER_CARD_ATR, SECOND, "pkcs15"),
        (NATIONAL_CARD_ATR, "A0000002471001", ""),
    ],
)
def test_the_shipped_profiles(atr: bytes, aid: str, profile: str) -> None:
    assert chosen(load_profiles(PROFILES), atr, aid) == profile


# ---------------------------------------------------------------- through OpenSC, with a virtual card


@pytest.fixture
def described(desk: Desk, salma: Path, tmp_path: Path) -> Iterator[Callable[[str], Signer]]:
    """A terminal that knows Salma's card by a profile of the test's own, whose last lines are given."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    opened: list[Signer] = []

    def make(named: str) -> Signer:
        desk.insert(salma)
        write(folder, "described", atr=BY_ATR, signs=SIGNS + named)
        opened.append(Signer(desk.environment, "--profiles", str(folder)))
        return opened[-1]

    yield make
    for signer in opened:
        signer.close()


@pytest.mark.parametrize(
    "named",
    [
        'key_id = "01"\n',
        'key_label = "Signature"\n',
        'certificate_label = "Signature"\n',
        'key_id = "01"\nkey_label = "Signature"\ncertificate_label = "Signature"\n',
    ],
)
def test_key_and_certificate_by_their_names(described: Callable[[str], Signer], named: str) -> None:
    signer = described(named)
    assert signer.ask("profile") == {"found": "described"}
    assert "found" in signer.ask(SIGN, PIN)


@pytest.mark.parametrize("named", ['key_id = "02"\n', 'certificate_label = "Authentication"\n'])
def test_a_card_without_that_certificate_is_refused_before_a_pin_is_shown(
    described: Callable[[str], Signer], named: str
) -> None:
    signer = described(named)
    assert signer.ask("certificate") == {"failure": "NO_SIGNING_KEY", "values": {}}
    assert signer.ask(SIGN, "111111") == {"failure": "NO_SIGNING_KEY", "values": {}}
    assert signer.ask("state") == {"found": ["ready", 3]}


def test_a_key_of_another_name_does_not_sign(described: Callable[[str], Signer]) -> None:
    signer = described('key_label = "Authentication"\n')
    assert signer.ask(SIGN, PIN) == {"failure": "NO_SIGNING_KEY", "values": {}}


def test_a_pin_that_the_profile_does_not_allow_is_not_shown(described: Callable[[str], Signer]) -> None:
    signer = described("")
    for typed in ("48291", "482915482"):
        assert signer.ask(SIGN, typed) == {"failure": "PIN_WRONG", "values": {"tries": "3"}}
