"""Checks signatures by keys from document issuers: RSA (PKCS #1 and PSS) and ECDSA, with named or spelt-out curves."""

from __future__ import annotations

from typing import Any

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from devices.cards.curves import CURVES
from devices.cards.explicit_curves import read_explicit
from devices.cards.tlv import MalformedData

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""SHA-1 is missing on purpose: forged pairs of messages with the same SHA-1 exist. It counts only where a caller says
`accept_sha1`, for the documents of a country that signed so before it knew."""

_SHA1 = hashes.SHA1()  # noqa: S303  # only behind `accept_sha1`
_SMALLEST_RSA, _LARGEST_RSA = 2_048, 8_192  # bits of the modulus; published lists have up to 6,144
_LARGEST_EXPONENT = 1 << 32  # 65,537 nearly everywhere; a huge one only costs time
_TRAILERS = frozenset({"trailer_field_bc"})  # the only one there is (RFC 4055, 3.1)
_LONGEST_NAME = 60  # characters that are told of what is not known: an object identifier of a card may be very long
_LONGEST_SALT = 64  # bytes: as long as the longest hash


class CannotCheck(Exception):
    """An algorithm, key or curve that is not supported here, or too weak; the text names it."""


class SignatureWrong(Exception):
    """The signature is not by that key over those bytes."""


def digest(name: str, data: bytes, *, accept_sha1: bool = False) -> bytes:
    """Raises CannotCheck."""
    context = hashes.Hash(hash_named(name, accept_sha1=accept_sha1))
    context.update(data)
    return context.finalize()


def hash_named(name: str, *, accept_sha1: bool = False) -> hashes.HashAlgorithm:
    """Raises CannotCheck."""
    if name == "sha1" and accept_sha1:
        return _SHA1
    if name not in HASHES:
        raise CannotCheck(f"hash {name[:_LONGEST_NAME]}")
    return HASHES[name]


def check(
    key: keys.PublicKeyInfo,
    algorithm: algos.SignedDigestAlgorithm,
    hash_name: str,
    signature: bytes,
    data: bytes,
    *,
    accept_sha1: bool = False,
) -> None:
    """`hash_name` counts where the algorithm names no hash. Raises SignatureWrong, CannotCheck, MalformedData."""
    try:
        _check(key, algorithm, hash_name, signature, data, accept_sha1=accept_sha1)
    except InvalidSignature as error:
        raise SignatureWrong from error
    except UnsupportedAlgorithm as error:
        raise CannotCheck("signature") from error
    except (SignatureWrong, CannotCheck, MalformedData):
        raise
    except Exception as error:  # asn1crypto parses late, and raises many kinds on hostile input; none of them may pass
        raise MalformedData("signature") from error


def _check(
    key: keys.PublicKeyInfo,
    algorithm: algos.SignedDigestAlgorithm,
    hash_name: str,
    signature: bytes,
    data: bytes,
    *,
    accept_sha1: bool,
) -> None:
    kind = _kind(algorithm)
    public = load_key(key)
    if kind == "ecdsa" and isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, data, ec.ECDSA(_hash_of(algorithm, hash_name, accept_sha1)))
    elif kind == "rsassa_pkcs1v15" and isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, data, padding.PKCS1v15(), _hash_of(algorithm, hash_name, accept_sha1))
    elif kind == "rsassa_pss" and isinstance(public, rsa.RSAPublicKey):
        mask, main, salt = _pss(algorithm["parameters"], accept_sha1)
        public.verify(signature, data, padding.PSS(padding.MGF1(mask), salt), main)
    else:
        raise CannotCheck(f"signature {kind}")


def _kind(algorithm: algos.SignedDigestAlgorithm) -> str:
    try:
        return str(algorithm.signature_algo)
    except ValueError as error:  # an object identifier without a name
        raise CannotCheck("signature of an unknown kind") from error


def _hash_of(algorithm: algos.SignedDigestAlgorithm, otherwise: str, accept_sha1: bool) -> hashes.HashAlgorithm:
    # `rsaEncryption` and `ecPublicKey` name no hash; the CMS digest algorithm then applies (RFC 5652, 5.4).
    try:
        named = algorithm.hash_algo
    except ValueError:
        named = otherwise
    return hash_named(named, accept_sha1=accept_sha1)


def _pss(parameters: Any, accept_sha1: bool) -> tuple[hashes.HashAlgorithm, hashes.HashAlgorithm, int]:
    """Hash of the mask, hash of the message, length of the salt (RFC 4055, 3.1). What is left out there is SHA-1."""
    try:
        mask_function, salt = parameters["mask_gen_algorithm"], parameters["salt_length"].native
        mask_name, trailer = mask_function["parameters"]["algorithm"].native, parameters["trailer_field"].native
        main_name = parameters["hash_algorithm"]["algorithm"].native
    except (ValueError, TypeError, KeyError) as error:
        raise MalformedData("PSS parameters") from error
    if mask_function["algorithm"].native != "mgf1":
        raise CannotCheck("mask generation")
    if trailer not in _TRAILERS or not 0 <= salt <= _LONGEST_SALT:
        raise CannotCheck("PSS parameters")
    return hash_named(mask_name, accept_sha1=accept_sha1), hash_named(main_name, accept_sha1=accept_sha1), salt


def load_key(key: keys.PublicKeyInfo) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    """Raises CannotCheck, MalformedData."""
    try:
        # RSASSA-PSS keys (RFC 4055) are plain RSA keys under another identifier.
        if key.algorithm in {"rsa", "rsassa_pss"}:
            return _load_rsa(key)
        if key.algorithm == "ec":
            return _load_ec(key)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise MalformedData("public key") from error
    except UnsupportedAlgorithm as error:
        raise CannotCheck("curve") from error
    raise CannotCheck(f"key {key.algorithm[:_LONGEST_NAME]}")


def _load_rsa(key: keys.PublicKeyInfo) -> rsa.RSAPublicKey:
    """Sizes are looked at before anything is computed with them."""
    numbers = key["public_key"].parsed
    modulus, exponent = numbers["modulus"].native, numbers["public_exponent"].native
    if modulus.bit_length() < _SMALLEST_RSA:
        raise CannotCheck("RSA key too short")
    if modulus.bit_length() > _LARGEST_RSA:
        raise CannotCheck("RSA key too long")
    if not 3 <= exponent < _LARGEST_EXPONENT or exponent % 2 == 0 or modulus % 2 == 0:
        raise CannotCheck("RSA exponent")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _load_ec(key: keys.PublicKeyInfo) -> ec.EllipticCurvePublicKey:
    parameters = key["algorithm"]["parameters"]
    point = key["public_key"].native
    if parameters.name == "specified":
        return ec.EllipticCurvePublicKey.from_encoded_point(_recognise(parameters.chosen), point)
    if parameters.name != "named":
        raise CannotCheck("curve")  # implied by the authority: nothing says which
    loaded = serialization.load_der_public_key(key.dump())
    if not isinstance(loaded, ec.EllipticCurvePublicKey) or loaded.curve.key_size < HASHES["sha224"].digest_size * 8:
        raise CannotCheck("curve")
    return loaded


def _recognise(spelt_out: keys.SpecifiedECDomain) -> ec.EllipticCurve:
    """The listed curve whose every parameter is the one spelt out. Raises CannotCheck."""
    stated = read_explicit(spelt_out)
    for parameters, curve in CURVES:
        if parameters == stated:
            return curve
    raise CannotCheck("curve")
