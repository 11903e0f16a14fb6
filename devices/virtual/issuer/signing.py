"""The keys of authorities and signers: ECDSA, RSA by PKCS #1, RSA by PSS (ICAO Doc 9303-12, 4.1.6)."""

from __future__ import annotations

import dataclasses

from asn1crypto import algos
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

EXPONENT, MODULUS_BITS = 65537, 2048
SALT_BYTES = 32  # as long as the hash (RFC 4055, 3.1)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Key:
    """With SHA-256 throughout. `pss` is for RSA only."""

    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    pss: bool = False

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.private.sign(data, self.rsa_padding or padding.PKCS1v15(), hashes.SHA256())

    @property
    def rsa_padding(self) -> padding.PSS | None:
        """None for all but PSS."""
        return padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES) if self.pss else None

    @property
    def algorithm(self) -> algos.SignedDigestAlgorithm:
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
        if not self.pss:
            return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
        sha256 = {"algorithm": "sha256"}
        parameters = {
            "hash_algorithm": sha256,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": sha256},
            "salt_length": SALT_BYTES,
        }
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


def curve_key(curve: ec.EllipticCurve | None = None) -> Key:
    """On P-256 unless told otherwise."""
    return Key(ec.generate_private_key(curve or ec.SECP256R1()))


def residue_key(*, pss: bool = False) -> Key:
    return Key(rsa.generate_private_key(EXPONENT, MODULUS_BITS), pss)
