"""Proves a chip that ran PACE with the chip authentication mapping (ICAO Doc 9303-11, 4.4.3.5)."""

from __future__ import annotations

import dataclasses
import hmac
from collections.abc import Iterable

from devices.cards import ciphers
from devices.cards.chip_keys import ChipKey, ChipNotProven
from devices.cards.ciphers import SessionKeys
from devices.cards.groups import Group
from devices.cards.tlv import MalformedData

_LARGEST_CRYPTOGRAM = 80
_MINUS_ONE = (1 << 128) - 1


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ChipMapping:
    """What the chip gave: its public key of the mapping, and the factor that leads there from its static one."""

    group: Group
    public_key: bytes
    factor: int

    @classmethod
    def decrypt(cls, group: Group, public_key: bytes, keys: SessionKeys, cryptogram: bytes) -> ChipMapping:
        """The initial vector is the number -1, encrypted: as if it were the counter of secure messaging. Raises
        MalformedData."""
        block = keys.suite.block
        if not cryptogram or len(cryptogram) % block or len(cryptogram) > _LARGEST_CRYPTOGRAM:
            raise MalformedData("chip authentication data")
        factor = ciphers.unpad(keys.suite.decrypt(keys.encryption, _MINUS_ONE, cryptogram), block)
        if not factor:
            raise MalformedData("chip authentication data")
        return cls(group, public_key, int.from_bytes(factor, "big"))

    def prove(self, signed: Iterable[ChipKey]) -> None:
        """`signed` are the keys of EF.CardSecurity, whose signature and signer the caller believes. Raises
        ChipNotProven where none of them leads to what this chip mapped with."""
        if not 0 < self.factor < self.group.order:
            raise ChipNotProven("chip authentication data out of range")
        for key in signed:
            if key.group == self.group and hmac.compare_digest(
                self.group.multiply(self.factor, key.public_key), self.public_key
            ):
                return
        raise ChipNotProven("mapped with another key than the signed one")
