"""The chip's side of PACE, with generic and with chip authentication mapping (ICAO Doc 9303-11, 4.4)."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from devices.virtual.card import status
from devices.virtual.card.basic_access import access_information
from devices.virtual.card.ciphers import AUTHENTICATION, ENCRYPTION, PASSWORD, SUITES, Suite, pad
from devices.virtual.card.curves import Curve
from devices.virtual.card.groups import GROUPS, Group, Random, private_key
from devices.virtual.card.residues import Residues
from devices.virtual.card.secure_messaging import Channel
from devices.virtual.card.tlv import Malformed, encode, objects

# id-PACE (0.4.0.127.0.7.2.2.4); the mapping and the cipher follow in one byte each (9.2.3).
PACE = bytes.fromhex("04007F0007020204")
GENERIC_RESIDUES, GENERIC_CURVE, CHIP_AUTHENTICATION = 1, 2, 6
MAPPINGS: Mapping[int, tuple[type[Curve | Residues], tuple[int, ...]]] = {
    GENERIC_RESIDUES: (Residues, (1, 2, 3, 4)),
    GENERIC_CURVE: (Curve, (1, 2, 3, 4)),
    CHIP_AUTHENTICATION: (Curve, (2, 3, 4)),
}
"""The group and the ciphers of each mapping."""
ZONE, NUMBER = 1, 2
SEQUENCE, SET, OBJECT_IDENTIFIER, INTEGER = 0x30, 0x31, 0x06, 0x02
AUTHENTICATION_DATA, PUBLIC_KEY, PUBLIC_RESIDUE, PUBLIC_POINT = 0x7C, 0x7F49, 0x84, 0x86
NONCE, MAP, AGREE, TOKEN = 0x80, 0x81, 0x83, 0x85  # what the terminal sends; the chip answers under the next tag
CHIP_DATA = 0x8A
NONCE_BYTES = 16
ALL_ONES = 2**128 - 1
"""The block that is encrypted to the initial vector of the chip authentication data (4.4.3.5.4)."""


class Refused(Exception):
    """The chip does not go on: `status` says why, and the protocol begins anew."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """One PACEInfo of EF.CardAccess."""

    protocol: bytes
    suite: Suite
    parameters: int
    group: Group

    @property
    def proves_chip(self) -> bool:
        return self.protocol[-2] == CHIP_AUTHENTICATION


def zone_password(lines: tuple[str, ...]) -> bytes:
    """The whole SHA-1 of what Basic Access Control takes from a zone (9.7.3)."""
    return hashlib.sha1(access_information(lines), usedforsecurity=False).digest()


def ways_of(card_access: bytes) -> tuple[Way, ...]:
    """What EF.CardAccess offers and this chip can do. Raises Malformed."""
    found: list[Way] = []
    for tag, value in objects(dict(objects(card_access)).get(SET, b"")):
        parts = list(objects(value)) if tag == SEQUENCE else []
        if [kind for kind, _ in parts] != [OBJECT_IDENTIFIER, INTEGER, INTEGER]:
            continue
        protocol, parameters = parts[0][1], int.from_bytes(parts[2][1], "big")
        if protocol[:-2] == PACE and _fits(protocol, parameters):
            found.append(Way(protocol, SUITES[protocol[-1]], parameters, GROUPS[parameters]))
    return tuple(found)


def _fits(protocol: bytes, parameters: int) -> bool:
    """Whether there is such a group and cipher, and both go with the mapping (9.2.3)."""
    mapping, cipher = protocol[-2:]
    kind, ciphers = MAPPINGS.get(mapping, (Curve, ()))
    return isinstance(GROUPS.get(parameters), kind) and cipher in ciphers


class Protocol:
    """One run, from MSE:SET AT to the tokens. `random` gives a number below its argument, and is given by tests.

    `static` is the chip's private key for a way that proves the chip, zero for the others.
    """

    def __init__(self, way: Way, password: bytes, random: Random = secrets.randbelow, *, static: int = 0) -> None:
        self._way = way
        self._group = way.group
        self._key = way.suite.derive(password, PASSWORD)
        self._random = random
        self._static = static
        self._steps = iter((self._give_nonce, self._map, self._agree, self._prove))
        self._nonce = 0
        self._mapping_key = 0
        self._generator: Any = None
        self._terminal = b""
        self._own = b""
        self._session = b"", b""
        self.channel: Channel | None = None
        """Open after the last step."""

    def step(self, data: bytes) -> bytes:
        """Answers one GENERAL AUTHENTICATE. Raises Refused, after which this run is over."""
        try:
            ((tag, inner),) = objects(data)
            row = dict(objects(inner))
        except (Malformed, ValueError):
            raise Refused(status.WRONG_DATA) from None
        if tag != AUTHENTICATION_DATA:
            raise Refused(status.WRONG_DATA)
        return encode(AUTHENTICATION_DATA, next(self._steps)(row))

    def _give_nonce(self, row: Mapping[int, bytes]) -> bytes:
        if row:
            raise Refused(status.WRONG_DATA)
        nonce = self._random(2 ** (8 * NONCE_BYTES)).to_bytes(NONCE_BYTES, "big")
        self._nonce = int.from_bytes(nonce, "big")
        return encode(NONCE, self._way.suite.encrypt(self._key, nonce))

    def _map(self, row: Mapping[int, bytes]) -> bytes:
        """The generic mapping, which that of chip authentication shares (4.4.3.3.1 and .3)."""
        group, terminal = self._group, self._public(row.get(MAP, b""))
        self._mapping_key = private_key(group, self._random)
        shared = group.multiply(self._mapping_key, terminal)
        self._generator = group.add(group.multiply(self._nonce, group.generator), shared)
        if self._generator is None:
            raise Refused(status.WRONG_DATA)
        return encode(MAP + 1, group.encode(group.multiply(self._mapping_key, group.generator)))

    def _agree(self, row: Mapping[int, bytes]) -> bytes:
        group, suite = self._group, self._way.suite
        self._terminal = row.get(AGREE, b"")
        terminal, private = self._public(self._terminal), private_key(group, self._random)
        own, shared = group.multiply(private, self._generator), group.multiply(private, terminal)
        if shared is None or terminal == own:
            raise Refused(status.WRONG_DATA)
        seed = group.secret(shared)
        self._own = group.encode(own)
        self._session = suite.derive(seed, ENCRYPTION), suite.derive(seed, AUTHENTICATION)
        return encode(AGREE + 1, self._own)

    def _prove(self, row: Mapping[int, bytes]) -> bytes:
        if not hmac.compare_digest(row.get(TOKEN, b""), self._token(self._own)):
            raise Refused(status.WRONG_KEYS)
        self.channel = Channel(*self._session, 0, self._way.suite)
        proof = self._chip_data() if self._way.proves_chip else b""
        return encode(TOKEN + 1, self._token(self._terminal)) + proof

    def _token(self, public: bytes) -> bytes:
        """Over the public key as it travelled (4.4.3.4)."""
        value = encode(PUBLIC_POINT if isinstance(self._group, Curve) else PUBLIC_RESIDUE, public)
        key = encode(OBJECT_IDENTIFIER, self._way.protocol) + value
        return self._way.suite.token(self._session[1], encode(PUBLIC_KEY, key))

    def _chip_data(self) -> bytes:
        """What turns the static public key into that of the mapping: only the chip can know it (4.4.3.5)."""
        order = self._group.order
        data = pow(self._static, -1, order) * self._mapping_key % order
        blocks = pad(data.to_bytes((order.bit_length() + 7) // 8, "big"), self._way.suite.block)
        return encode(CHIP_DATA, self._way.suite.encrypt(self._session[0], blocks, ALL_ONES))

    def _public(self, data: bytes) -> Any:
        element = self._group.decode(data)
        if element is None:
            raise Refused(status.WRONG_DATA)
        return element


def choose(
    ways: tuple[Way, ...], passwords: Mapping[int, bytes], data: bytes, keys: Mapping[int, int] | None = None
) -> Protocol:
    """What MSE:SET AT starts (4.4.4.1): 80 the protocol, 83 which password, 84 which domain parameters.

    `keys` are the chip's static private keys by the id of their domain parameters. Raises Refused.
    """
    try:
        row = dict(objects(data))
    except Malformed:
        raise Refused(status.WRONG_DATA) from None
    if row.get(0x83, b"")[:-1] or not row.get(0x83) or not row.keys() <= {0x80, 0x83, 0x84}:
        raise Refused(status.WRONG_OBJECTS)
    named = [way for way in ways if way.protocol == row.get(0x80)]
    if 0x84 in row:
        named = [way for way in named if bytes([way.parameters]) == row[0x84]]
    if len(named) != 1:
        raise Refused(status.WRONG_OBJECTS)  # unknown, or more than one group and none chosen
    (way,) = named
    static = (keys or {}).get(way.parameters, 0)
    if row[0x83][0] not in passwords or (way.proves_chip and not static):
        raise Refused(status.NO_SUCH_KEY)
    return Protocol(way, passwords[row[0x83][0]], static=static)
