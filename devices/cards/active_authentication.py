"""Active authentication: the chip signs a challenge with a key that no copy can have (ICAO Doc 9303-11, 6.1)."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from devices.cards import ecdsa, tlv
from devices.cards.apdu import EXTENDED_LARGEST, SHORT_LARGEST, Answer, Command, Status, is_about_length
from devices.cards.chip_keys import (
    EC_PUBLIC_KEY,
    RSA_ENCRYPTION,
    ChipNotProven,
    LengthRefused,
    ProofWithheld,
    SubjectPublicKey,
    read_curve,
    read_integer,
)
from devices.cards.chip_reasons import SIGNATURE_TOO_LONG
from devices.cards.exchange import WireBroken
from devices.cards.files import Channel
from devices.cards.message_recovery import RsaKey
from devices.cards.secure_messaging import ChannelBroken
from devices.cards.signatures import CannotCheck
from devices.cards.tlv import MalformedData
from kiosk.failures import Failure, ServiceFailure

_FILE_TAG = 0x6F
_CHALLENGE = 8
_HASHES = ("sha256", "sha384", "sha512", "sha224")
"""Those that the standard allows for ECDSA (6.1.2.3), the likeliest first."""


class _ChipKey(Protocol):
    @property
    def size(self) -> int:
        """The bytes of a whole signature, at the most that is usual."""

    def is_cut_off(self, signature: bytes) -> bool: ...

    def has_signed(self, challenge: bytes, signature: bytes) -> bool: ...


def prove(
    sender: Channel,
    public_key_file: bytes,
    hash_of_info: str | None,
    random: Callable[[int], bytes] = secrets.token_bytes,
    *,
    reader_limit: int = EXTENDED_LARGEST,
) -> None:
    """Returns where the chip has signed. `public_key_file` is DG15 as passive authentication believes it,
    `hash_of_info` what DG14 says of the hash, if anything; `reader_limit` is the largest APDU data the reader takes.

    Raises ChipNotProven where the chip refuses or another key has signed; MalformedData for the file; CannotCheck for
    keys that are not supported, and for a signature too long for this reader; LengthRefused where the chip itself does
    not give so long a one whole, ProofWithheld where none comes; ServiceFailure(CARD_MUTE) and others of the wire. What
    goes wrong in a secure channel closes it.
    """
    key = _read_key(public_key_file, hash_of_info)
    lengths = [SHORT_LARGEST] if key.size <= sender.short_read else []
    lengths += [EXTENDED_LARGEST] if reader_limit > SHORT_LARGEST else []
    if not lengths:
        raise CannotCheck(SIGNATURE_TOO_LONG)
    try:
        challenge, signature = _ask(sender, key, lengths, random)
    except LengthRefused as error:
        if len(lengths) > 1:
            raise ChipNotProven(str(error)) from error  # it fits a short answer as well
        raise
    if not key.has_signed(challenge, signature):
        raise ChipNotProven("signed by another key")


def _ask(sender: Channel, key: _ChipKey, lengths: Sequence[int], random: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """A challenge and the signature over it. One that is cut off is asked for again at extended length: some chips cut
    it without a word (https://github.com/AndyQ/NFCPassportReader/issues/223)."""
    for expected in lengths:
        challenge = random(_CHALLENGE)
        answer = _send(sender, Command(0x00, 0x88, 0x00, 0x00, data=challenge, expected=expected))
        if answer.is_good and not key.is_cut_off(answer.data):
            return challenge, answer.data
    if answer.is_good or is_about_length(answer.status):
        raise LengthRefused("signature cut off")
    raise ChipNotProven("the chip refuses to sign")


def _send(sender: Channel, command: Command) -> Answer:
    """Once more where the card states the length that it wants."""
    try:
        answer = sender.send(command)
        if answer.status >> 8 != Status.WRONG_EXPECTED:
            return answer
        return sender.send(dataclasses.replace(command, expected=answer.status & 0xFF or SHORT_LARGEST))
    except WireBroken as error:
        if command.is_extended:  # a reader that does not state its limit may be what cannot carry it
            raise ProofWithheld("signature does not come through") from error
        raise ServiceFailure(Failure.CARD_MUTE) from error
    except ChannelBroken as error:
        if error.status is not None and is_about_length(error.status):
            raise LengthRefused("signature too long for this card's channel") from error
        raise ChipNotProven("the chip refuses to sign") from error


@dataclasses.dataclass(frozen=True, slots=True)
class _RsaSigner:
    key: RsaKey

    @property
    def size(self) -> int:
        return self.key.size

    def is_cut_off(self, signature: bytes) -> bool:
        return len(signature) < self.key.size

    def has_signed(self, challenge: bytes, signature: bytes) -> bool:
        return self.key.has_signed(challenge, signature)


@dataclasses.dataclass(frozen=True, slots=True)
class _EcdsaSigner:
    """`hashes` are those that the chip may use: where DG14 does not say which, all that the standard allows
    (https://github.com/gmrtd/gmrtd/pull/477)."""

    key: ecdsa.PublicKey
    hashes: tuple[str, ...]

    @property
    def size(self) -> int:
        return self.key.signature_size

    def is_cut_off(self, signature: bytes) -> bool:
        return len(signature) < self.size and self.key.split(signature) is None

    def has_signed(self, challenge: bytes, signature: bytes) -> bool:
        parts = self.key.split(signature)
        return parts is not None and any(self.key.has_signed(name, challenge, parts) for name in self.hashes)


def _read_key(file: bytes, hash_of_info: str | None) -> _ChipKey:
    """Raises MalformedData, CannotCheck."""
    key = SubjectPublicKey.read(tlv.parse_one(file, _FILE_TAG).value)
    if key.algorithm == EC_PUBLIC_KEY:
        if hash_of_info not in {None, *_HASHES}:
            raise CannotCheck(f"hash {hash_of_info}")
        hashes = _HASHES if hash_of_info is None else (hash_of_info,)
        return _EcdsaSigner(ecdsa.PublicKey.read(read_curve(key.parameters), key.bits), hashes)
    if key.algorithm != RSA_ENCRYPTION:
        raise CannotCheck("key of another kind")
    numbers = [read_integer(entry) for entry in tlv.parse(tlv.parse_one(key.bits, 0x30).value)]
    if len(numbers) != 2:
        raise MalformedData("not an RSA key")
    signer = _RsaSigner(RsaKey(numbers[0], numbers[1]))
    signer.key.check_strength()
    return signer
