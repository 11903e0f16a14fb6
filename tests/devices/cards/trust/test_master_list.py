"""Master lists: who may sign one, what is taken from it, and that nothing changed in it passes (Doc 9303-12, 8)."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.cards.trust.master_list import LARGEST_LIST, MasterList, open_master_list
from devices.cards.trust.refusal import ImportRefused
from tests.devices.cards import issuing
from tests.devices.cards.conftest import Country
from tests.devices.cards.issuing import NOW
from tests.devices.cards.trust import making
from tests.devices.cards.trust.making import SIGNED_AT, ListMaker

UNPARSABLE = bytes.fromhex("3082000A02010102010202010300")


def opened(maker: ListMaker, data: bytes) -> MasterList:
    return open_master_list(data, maker.authority.der, NOW)


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)


def test_a_list_is_read_under_its_authority_and_under_its_signer(germany: ListMaker, jordan: Country) -> None:
    data = germany.make([jordan.authority.der, germany.authority.der, jordan.authority.der])
    for pinned in (germany.authority.der, germany.signer.der, pem(germany.signer.der)):
        found = open_master_list(data, pinned, NOW)
        assert (found.source, found.signed_at) == ("DE", SIGNED_AT)
        assert [one.dump() for one in found.certificates] == [jordan.authority.der, germany.authority.der]


def test_openssl_verifies_the_lists_that_these_tests_make(germany: ListMaker, tmp_path: Path, jordan: Country) -> None:
    (tmp_path / "list.ml").write_bytes(germany.make([jordan.authority.der]))
    (tmp_path / "csca.pem").write_bytes(pem(germany.authority.der))
    command = (
        "openssl cms -verify -inform DER -in list.ml -CAfile csca.pem -purpose any -binary -out content -no_check_time"
    )
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert jordan.authority.der in (tmp_path / "content").read_bytes()


def test_a_certificate_that_does_not_parse_is_reported_and_hides_no_other(germany: ListMaker, jordan: Country) -> None:
    found = opened(germany, germany.make([UNPARSABLE, jordan.authority.der]))
    assert [one.dump() for one in found.certificates] == [jordan.authority.der]
    assert [one.reason for one in found.rejected] == ["does not parse"]


def test_an_authority_beside_the_signer_need_not_parse(germany: ListMaker, jordan: Country) -> None:
    """The authority's certificate should be in the CMS (Doc 9303-12, 8.1); it is not what is pinned."""
    data = germany.make([jordan.authority.der], beside=[jordan.authority.der])
    where = data.rindex(jordan.authority.der)
    broken = data[: where + 20] + bytes(60) + data[where + 80 :]
    assert opened(germany, broken).source == "DE"


def test_another_countrys_list_is_refused(germany: ListMaker, netherlands: ListMaker, jordan: Country) -> None:
    data = netherlands.make([jordan.authority.der])
    for pinned in (germany.authority.der, germany.signer.der):
        with pytest.raises(ImportRefused, match="not signed by the given signer"):
            open_master_list(data, pinned, NOW)


def test_an_impostor_with_the_signers_name_is_refused(germany: ListMaker, jordan: Country) -> None:
    impostor = making.make_list_maker()
    for pinned in (germany.authority.der, germany.signer.der):
        with pytest.raises(ImportRefused, match="not signed by the given signer"):
            open_master_list(impostor.make([jordan.authority.der]), pinned, NOW)


@pytest.mark.parametrize("purpose", [None, "2.23.136.1.1.8"])
def test_a_signer_of_documents_may_not_sign_lists(jordan: Country, purpose: str | None) -> None:
    maker = making.make_list_maker("JO", purpose)
    with pytest.raises(ImportRefused, match="may not sign master lists"):
        open_master_list(maker.make([jordan.authority.der]), maker.authority.der, NOW)


def test_a_signer_whose_time_is_over_is_refused(germany: ListMaker, jordan: Country) -> None:
    signer = making.make_special_signer(germany.authority, "DE", "2.23.136.1.1.3", years=1)
    with pytest.raises(ImportRefused, match="not valid then, or is not now"):
        opened(germany, ListMaker(germany.authority, signer).make([jordan.authority.der]))


def test_a_list_from_the_future_is_refused(germany: ListMaker, jordan: Country) -> None:
    """It would make every later list look older, and the clock wrong until then."""
    with pytest.raises(ImportRefused, match="yet to come"):
        opened(germany, germany.make([jordan.authority.der], NOW + datetime.timedelta(hours=1)))


def test_a_list_without_its_signing_time_is_refused(germany: ListMaker, jordan: Country) -> None:
    with pytest.raises(ImportRefused, match="not a CSCA master list"):
        opened(germany, germany.make([jordan.authority.der], None))


def test_sha1_never_signs_a_list(germany: ListMaker, jordan: Country) -> None:
    with pytest.raises(ImportRefused, match="cannot be checked here: hash sha1"):
        opened(germany, germany.make([jordan.authority.der], hash_name="sha1"))


def test_what_is_no_list_is_refused(germany: ListMaker, jordan: Country) -> None:
    security_object = germany.make([jordan.authority.der], content_type="2.23.136.1.1.1")
    later_version = germany.make([jordan.authority.der], version=1)
    for data in (b"", b"nonsense", jordan.authority.der, security_object, germany.make([]), later_version):
        with pytest.raises(ImportRefused, match="not a CSCA master list"):
            opened(germany, data)
    with pytest.raises(ImportRefused, match="too large"):
        opened(germany, bytes(LARGEST_LIST + 1))
    with pytest.raises(ImportRefused, match="not one certificate"):
        open_master_list(germany.make([jordan.authority.der]), b"nonsense", NOW)


@pytest.fixture(scope="module")
def small_list(germany: ListMaker) -> bytes:
    return germany.make([issuing.make_authority().der])


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_flipped_bit_of_a_list_changes_what_it_says(
    germany: ListMaker, small_list: bytes, data: st.DataObject
) -> None:
    """Some bits are under no signature (versions, outer headers). Of the content, the signed attributes and
    the signature none passes; and whatever passes says the same."""
    place = data.draw(st.integers(0, len(small_list) * 8 - 1))
    flipped = bytearray(small_list)
    flipped[place // 8] ^= 1 << place % 8
    original = opened(germany, small_list)
    try:
        found = opened(germany, bytes(flipped))
    except ImportRefused:
        return
    content = small_list.index(original.certificates[0].dump())
    attributes = small_list.rindex(bytes.fromhex("06092A864886F70D010903"))  # contentType, the first that is signed
    assert not content <= place // 8 < content + len(original.certificates[0].dump())
    assert place // 8 < attributes
    assert [one.dump() for one in found.certificates] == [one.dump() for one in original.certificates]
    assert (found.source, found.signed_at, found.signer) == (original.source, original.signed_at, original.signer)
