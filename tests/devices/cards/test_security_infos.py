"""SecurityInfos: which offers are understood, which of them is preferred, and what is refused with its reason."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import curves, residues, tlv
from devices.cards.ciphers import AES_128, AES_256, TRIPLE_DES
from devices.cards.groups import STANDARDIZED
from devices.cards.security_infos import Mapping, SecurityInfos, parse_security_infos
from devices.cards.tlv import MalformedData
from tests.devices.cards.test_pace import pace_info

KEY = ec.derive_private_key(7, ec.SECP256R1()).public_key()
POINT = KEY.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
NAMED = KEY.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
DH_PUBLIC_NUMBER, DH_KEY_AGREEMENT = "06072A8648CE3E0201", "06092A864886F70D010301"


def integer(number: int) -> bytes:
    return tlv.encode(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def sequence(*parts: bytes) -> bytes:
    return tlv.encode(0x30, b"".join(parts))


def info(protocol: str, *data: bytes) -> bytes:
    return sequence(tlv.encode(0x06, bytes.fromhex("04007F00070202" + protocol)), *data)


def parse(*infos: bytes) -> SecurityInfos:
    return parse_security_infos(tlv.encode(0x31, b"".join(infos)))


def standardized(parameter_id: int, bits: bytes) -> bytes:
    algorithm = sequence(bytes.fromhex("060704007F00070102"), integer(parameter_id))
    return sequence(algorithm, tlv.encode(0x03, b"\x00" + bits))


def residue_key(algorithm: str, parameters: residues.ResidueParameters, *, public: int = 0, g: int = 0) -> bytes:
    order = (integer(parameters.order),) if algorithm == DH_PUBLIC_NUMBER else ()
    stated = sequence(integer(parameters.prime), integer(g or parameters.generator), *order)
    bits = integer(public or pow(parameters.generator, 5, parameters.prime))
    return sequence(sequence(bytes.fromhex(algorithm), stated), tlv.encode(0x03, b"\x00" + bits))


def explicit(parameters: curves.DomainParameters, point: bytes, *, b: int | None = None, cofactor: int = 1) -> bytes:
    """The key as ICAO wants it (9.5.2); `b` falsifies one parameter."""
    size = (parameters.prime.bit_length() + 7) // 8
    base = b"\x04" + b"".join(number.to_bytes(size, "big") for number in parameters.generator)
    coefficients = (parameters.a, parameters.b if b is None else b)
    stated = sequence(
        integer(1),
        sequence(bytes.fromhex("06072A8648CE3D0101"), integer(parameters.prime)),
        sequence(*(tlv.encode(0x04, each.to_bytes(size, "big")) for each in coefficients)),
        tlv.encode(0x04, base),
        integer(parameters.order),
        integer(cofactor),
    )
    return sequence(sequence(bytes.fromhex("06072A8648CE3D0201"), stated), tlv.encode(0x03, b"\x00" + point))


@pytest.mark.parametrize(
    "ranking",
    [
        # cipher, parameter id, mapping; the best first
        [(2, 12, 6), (2, 12, 2), (1, 12, 2)],
        [(4, 18, 2), (4, 15, 2), (2, 12, 6), (4, 12, 2)],
        [(2, 13, 2), (2, 1, 1), (2, 0, 1)],
        [(3, 15, 6), (4, 15, 2)],
        [(1, 12, 2), (4, 0, 1)],
    ],
)
def test_what_is_preferred(ranking: list[tuple[int, int, int]]) -> None:
    for offered in (ranking, ranking[::-1]):
        offers = parse(*(pace_info(*each) for each in offered)).offers
        assert [(each.protocol[-1], each.parameter_id, each.mapping) for each in offers] == ranking


def test_every_standardized_parameter_is_known() -> None:
    for parameter_id, group in STANDARDIZED.items():
        (offer,) = parse(pace_info(2, parameter_id, 1 if parameter_id < 3 else 2)).offers
        assert (offer.group, offer.parameter_id) == (group, parameter_id)


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (pace_info(mapping=4), "PACE: mapping 4 with cipher 2"),
        (pace_info(mapping=3, curve=0), "PACE: mapping 3 with cipher 2"),
        (pace_info(cipher=1, mapping=6), "PACE: mapping 6 with cipher 1"),
        (pace_info(cipher=5), "PACE: mapping 2 with cipher 5"),
        (pace_info(curve=8), "PACE: domain parameters 8 for mapping 2"),
        (pace_info(curve=9), "PACE: domain parameters 9 for mapping 2"),
        (pace_info(curve=32), "PACE: domain parameters 32 for mapping 2"),
        (pace_info(curve=0), "PACE: domain parameters 0 for mapping 2"),
        (pace_info(mapping=1), "PACE: domain parameters 13 for mapping 1"),
        (info("040202", integer(1), integer(13)), "PACE: not of version 2 with standardized parameters"),
        (info("040202", integer(2)), "PACE: not of version 2 with standardized parameters"),
    ],
)
def test_pace_that_is_refused_says_why(refused: bytes, reason: str) -> None:
    infos = parse(refused, pace_info())
    assert infos.refusals == (reason,)
    assert infos.pace_infos == 2
    assert len(infos.offers) == 1


def test_explicit_domain_parameters_are_never_computed_on() -> None:
    """PACEDomainParameterInfo, with the very curve that would be known by its id."""
    algorithm = tlv.parse(tlv.parse_one(explicit(curves.BRAINPOOLP256R1, POINT), 0x30).value)[0].raw
    infos = parse(info("0402", algorithm, integer(32)), pace_info(curve=32))
    assert infos.offers == ()
    assert infos.pace_infos == 1
    assert set(infos.refusals) == {"PACE: explicit domain parameters", "PACE: domain parameters 32 for mapping 2"}


@pytest.mark.parametrize(
    ("kind", "key", "parameter_id"),
    [
        ("02", NAMED, 12),
        ("02", explicit(curves.SECP256R1, POINT), 12),
        ("02", standardized(12, POINT), 12),
        ("01", residue_key(DH_PUBLIC_NUMBER, residues.MODP_2048_256), 2),
        ("01", residue_key(DH_KEY_AGREEMENT, residues.MODP_2048_224), 1),
        ("01", standardized(0, integer(residues.MODP_1024_160.generator)), 0),
    ],
)
def test_chip_keys_in_every_form(kind: str, key: bytes, parameter_id: int) -> None:
    infos = parse(info("01" + kind, key, integer(5)))
    (found,) = infos.chip_keys
    assert found.group == STANDARDIZED[parameter_id]
    assert found.group.accept(found.public_key) == found.public_key
    assert found.key_id == 5
    # No word on the cipher: Triple DES.
    (offer,) = infos.chip_authentication
    assert (offer.suite, offer.key_id, offer.protocol.hex()) == (TRIPLE_DES, 5, "04007f0007020203" + kind + "01")


@pytest.mark.parametrize(
    ("kind", "key", "reason"),
    [
        ("02", explicit(curves.SECP256R1, POINT, b=5), "curve"),
        ("02", explicit(curves.SECP256R1, POINT, cofactor=4), "curve"),
        ("02", explicit(curves.BRAINPOOLP256R1, POINT), "point not on the curve"),
        ("02", standardized(8, POINT), "group"),
        ("01", residue_key(DH_PUBLIC_NUMBER, residues.MODP_2048_256, g=2), "group"),
        ("01", residue_key(DH_PUBLIC_NUMBER, residues.MODP_2048_256, public=2), "not a residue of this group"),
        ("01", residue_key(DH_KEY_AGREEMENT, residues.MODP_1024_160, public=1), "not a residue of this group"),
        ("01", NAMED, "key of another kind than stated"),
        ("02", sequence(sequence(bytes.fromhex("06092A864886F70D010101")), b"\x03\x01\x00"), "key without its group"),
        ("02", sequence(sequence(bytes.fromhex("06072A8648CE3D0201")), b"\x03\x01\x00"), "key without its curve"),
        ("02", integer(5), "expected the one data object 30"),
    ],
)
def test_chip_keys_that_are_refused(kind: str, key: bytes, reason: str) -> None:
    infos = parse(info("01" + kind, key))
    assert (infos.chip_keys, infos.chip_authentication) == ((), ())
    assert infos.refusals == (f"chip authentication: {reason}",)


def test_each_way_of_chip_authentication_has_its_key() -> None:
    """Two keys told apart by their ids, and the strongest cipher first."""
    other = explicit(curves.BRAINPOOLP256R1, STANDARDIZED[13].generator)
    infos = parse(
        info("0102", NAMED, integer(1)),
        info("0102", other, integer(0xC3)),
        info("030202", integer(1), integer(0xC3)),
        info("030204", integer(1), integer(1)),
        info("030202", integer(2), integer(1)),
        info("030203", integer(1), integer(9)),
    )
    assert [(offer.suite, offer.key.group, offer.key_id) for offer in infos.chip_authentication] == [
        (AES_256, STANDARDIZED[12], 1),
        (AES_128, STANDARDIZED[13], 0xC3),
    ]
    assert infos.refusals == (
        "chip authentication: not of version 1, or of an unknown cipher",
        "chip authentication: no one key for it",
    )


def test_an_id_that_is_left_out_in_one_place_is_no_hindrance() -> None:
    (offer,) = parse(info("0102", NAMED), info("030202", integer(1), integer(7))).chip_authentication
    assert offer.key_id == 7
    (offer,) = parse(info("0102", NAMED, integer(7)), info("030202", integer(1))).chip_authentication
    assert offer.key_id is None


@pytest.mark.parametrize(
    ("algorithm", "hash_name"),
    [
        ("04007F00070101040102", "sha224"),
        ("04007F00070101040103", "sha256"),
        ("04007F00070101040104", "sha384"),
        ("04007F00070101040105", "sha512"),
        ("2A8648CE3D040303", "sha384"),
        ("04007F00070101040101", None),
        ("04007F00070101040106", None),
    ],
)
def test_the_hash_of_active_authentication(algorithm: str, hash_name: str | None) -> None:
    stated = sequence(bytes.fromhex("0606678108010105"), integer(1), tlv.encode(0x06, bytes.fromhex(algorithm)))
    assert parse(stated).signature_hash == hash_name
    assert parse(pace_info()).signature_hash is None


@pytest.mark.parametrize(
    "file", [b"", b"\x30\x00", b"\x31\x02\x02\x00", b"\x31\x02\x30\x00", b"\x31\x04\x30\x02\x02\x00"]
)
def test_what_are_no_security_infos(file: bytes) -> None:
    with pytest.raises(MalformedData):
        parse_security_infos(file)


@given(st.lists(st.binary(max_size=40), max_size=4), st.sampled_from(["0102", "0101", "030202", "040202", "0402"]))
def test_hostile_entries_are_malformed_or_refused(parts: list[bytes], protocol: str) -> None:
    for tag in (0x02, 0x30):
        try:
            infos = parse(info(protocol, *(tlv.encode(tag, part) for part in parts)))
        except MalformedData:
            continue
        assert infos.chip_keys == ()
        assert all(offer.mapping is Mapping.GENERIC_ON_CURVES for offer in infos.offers)
