"""Checks signatures by keys from document issuers: RSA (PKCS #1 and PSS) and ECDSA, with named or spelt-out curves."""

from __future__ import annotations

from typing import Any

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from devices.cards.curves import CURVES
from devices.cards.explicit_curves import read_explicit

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""SHA-1 is missing on purpose: forged pairs of messages with the same SHA-1 exist."""

_SMALLEST_RSA = 2048


class CannotCheck(Exception):
    """An algorithm, key or curve that is not supported here, or too weak; the text names it."""


class SignatureWrong(Exception):
    """The signature is not by that key over those bytes."""


def digest(name: str, data: bytes) -> bytes:
    """Raises CannotCheck."""
    context = hashes.Hash(hash_named(name))
    context.update(data)
    return context.finalize()


def hash_named(name: str) -> hashes.HashAlgorithm:
    if name not in HASHES:
        raise CannotCheck(f"hash {name}")
    return HASHES[name]


def check(
    key: keys.PublicKeyInfo, algorithm: algos.SignedDigestAlgorithm, hash_name: str, signature: bytes, data: bytes
) -> None:
    """`hash_name` counts where the algorithm itself names no hash. Raises SignatureWrong, CannotCheck, ValueError."""
    kind = algorithm.signature_algo
    public = load_key(key)
    try:
        if kind == "ecdsa" and isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(_hash_of(algorithm, hash_name)))
        elif kind == "rsassa_pkcs1v15" and isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), _hash_of(algorithm, hash_name))
        elif kind == "rsassa_pss" and isinstance(public, rsa.RSAPublicKey):
            mask, main, salt = _pss(algorithm["parameters"])
            public.verify(signature, data, padding.PSS(padding.MGF1(mask), salt), main)
        else:
            raise CannotCheck(f"signature {kind}")
    except InvalidSignature as error:
        raise SignatureWrong from error


def _hash_of(algorithm: algos.SignedDigestAlgorithm, otherwise: str) -> hashes.HashAlgorithm:
    # `rsaEncryption` and `ecPublicKey` name no hash; the CMS digest algorithm then applies (RFC 5652, 5.4).
    try:
        return hash_named(algorithm.hash_algo)
    except ValueError:
        return hash_named(otherwise)


def _pss(parameters: Any) -> tuple[hashes.HashAlgorithm, hashes.HashAlgorithm, int]:
    """Hash of the mask, hash of the message, length of the salt (RFC 4055, 3.1)."""
    if parameters["mask_gen_algorithm"]["algorithm"].native != "mgf1":
        raise CannotCheck("mask generation")
    mask = hash_named(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native)
    return mask, hash_named(parameters["hash_algorithm"]["algorithm"].native), parameters["salt_length"].native


def load_key(key: keys.PublicKeyInfo) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    """Raises CannotCheck, ValueError."""
    if key.algorithm == "ec":
        return _load_ec(key)
    # RSASSA-PSS keys (RFC 4055) are plain RSA keys under another identifier.
    if key.algorithm not in {"rsa", "rsassa_pss"}:
        raise CannotCheck(f"key {key.algorithm}")
    numbers = key["public_key"].parsed
    public = rsa.RSAPublicNumbers(numbers["public_exponent"].native, numbers["modulus"].native).public_key()
    if public.key_size < _SMALLEST_RSA:
        raise CannotCheck("RSA key too short")
    return public


def _load_ec(key: keys.PublicKeyInfo) -> ec.EllipticCurvePublicKey:
    parameters = key["algorithm"]["parameters"]
    point = key["public_key"].native
    if parameters.name == "specified":
        return ec.EllipticCurvePublicKey.from_encoded_point(_recognise(parameters.chosen), point)
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
