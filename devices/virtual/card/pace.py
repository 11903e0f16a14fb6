"""The chip's side of PACE with generic mapping over elliptic curves (ICAO Doc 9303-11, 4.4)."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

from devices.virtual.card import ciphers
from devices.virtual.card.ciphers import AUTHENTICATION, ENCRYPTION, PASSWORD, Suite
from devices.virtual.card.curves import CURVES, Curve, Point
from devices.virtual.card.secure_messaging import Channel
from devices.virtual.card.tlv import Malformed, encode, objects

# id-PACE-ECDH-GM (0.4.0.127.0.7.2.2.4.2); the cipher follows in one byte.
GENERIC_MAPPING = bytes.fromhex("04007F000702020402")
SUITES = {1: ciphers.TRIPLE_DES, 2: ciphers.AES_128, 3: ciphers.AES_192, 4: ciphers.AES_256}
ZONE, NUMBER = 1, 2
SEQUENCE, SET, OBJECT_IDENTIFIER, INTEGER = 0x30, 0x31, 0x06, 0x02
AUTHENTICATION_DATA, PUBLIC_KEY = 0x7C, 0x7F49
NONCE, MAP, AGREE, TOKEN = 0x80, 0x81, 0x83, 0x85  # what the terminal sends; the chip answers under the next tag
NONCE_BYTES = 16
WRONG_TOKEN, WRONG_DATA, WRONG_OBJECTS, NO_PASSWORD = 0x6300, 0x6A80, 0x6A87, 0x6A88


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
    curve: Curve


def zone_password(lines: tuple[str, str, str]) -> bytes:
    """The whole SHA-1 of what Basic Access Control takes from a TD1 zone (9.7.3)."""
    information = lines[0][5:15] + lines[1][0:7] + lines[1][8:15]
    return hashlib.sha1(information.encode("ascii"), usedforsecurity=False).digest()


def ways_of(card_access: bytes) -> tuple[Way, ...]:
    """What EF.CardAccess offers and this chip can do. Raises Malformed."""
    found: list[Way] = []
    for tag, value in objects(dict(objects(card_access)).get(SET, b"")):
        parts = list(objects(value)) if tag == SEQUENCE else []
        if [kind for kind, _ in parts] != [OBJECT_IDENTIFIER, INTEGER, INTEGER]:
            continue
        protocol, parameters = parts[0][1], int.from_bytes(parts[2][1], "big")
        if protocol[:-1] == GENERIC_MAPPING and protocol[-1] in SUITES and parameters in CURVES:
            found.append(Way(protocol, SUITES[protocol[-1]], parameters, CURVES[parameters]))
    return tuple(found)


class Protocol:
    """One run, from MSE:SET AT to the tokens. `random` gives a number below its argument, and is given by tests."""

    def __init__(self, way: Way, password: bytes, random: Callable[[int], int] = secrets.randbelow) -> None:
        self._way = way
        self._key = way.suite.derive(password, PASSWORD)
        self._random = random
        self._steps = iter((self._give_nonce, self._map, self._agree, self._prove))
        self._nonce = 0
        self._generator: Point = None
        self._terminal: Point = None
        self._own: Point = None
        self._session = b"", b""
        self.channel: Channel | None = None
        """Open after the last step."""

    def step(self, data: bytes) -> bytes:
        """Answers one GENERAL AUTHENTICATE. Raises Refused, after which this run is over."""
        try:
            ((tag, inner),) = objects(data)
            row = dict(objects(inner))
        except (Malformed, ValueError):
            raise Refused(WRONG_DATA) from None
        if tag != AUTHENTICATION_DATA:
            raise Refused(WRONG_DATA)
        answer_tag, value = next(self._steps)(row)
        return encode(AUTHENTICATION_DATA, encode(answer_tag, value))

    def _give_nonce(self, row: Mapping[int, bytes]) -> tuple[int, bytes]:
        if row:
            raise Refused(WRONG_DATA)
        nonce = self._random(2 ** (8 * NONCE_BYTES)).to_bytes(NONCE_BYTES, "big")
        self._nonce = int.from_bytes(nonce, "big")
        return NONCE, self._way.suite.encrypt(self._key, nonce)

    def _map(self, row: Mapping[int, bytes]) -> tuple[int, bytes]:
        curve, terminal = self._way.curve, self._point(row, MAP)
        private = self._private()
        shared = curve.multiply(private, terminal)
        self._generator = curve.add(curve.multiply(self._nonce, curve.generator), shared)
        if self._generator is None:
            raise Refused(WRONG_DATA)
        return MAP + 1, curve.encode(curve.multiply(private, curve.generator))

    def _agree(self, row: Mapping[int, bytes]) -> tuple[int, bytes]:
        curve, suite = self._way.curve, self._way.suite
        self._terminal = self._point(row, AGREE)
        private = self._private()
        self._own = curve.multiply(private, self._generator)
        shared = curve.multiply(private, self._terminal)
        if shared is None or self._terminal == self._own:
            raise Refused(WRONG_DATA)
        seed = shared[0].to_bytes(curve.size, "big")
        self._session = suite.derive(seed, ENCRYPTION), suite.derive(seed, AUTHENTICATION)
        return AGREE + 1, curve.encode(self._own)

    def _prove(self, row: Mapping[int, bytes]) -> tuple[int, bytes]:
        if not hmac.compare_digest(row.get(TOKEN, b""), self._token(self._own)):
            raise Refused(WRONG_TOKEN)
        self.channel = Channel(*self._session, 0, self._way.suite)
        return TOKEN + 1, self._token(self._terminal)

    def _token(self, public: Point) -> bytes:
        key = encode(OBJECT_IDENTIFIER, self._way.protocol) + encode(0x86, self._way.curve.encode(public))
        return self._way.suite.token(self._session[1], encode(PUBLIC_KEY, key))

    def _point(self, row: Mapping[int, bytes], tag: int) -> Point:
        point = self._way.curve.decode(row.get(tag, b""))
        if point is None:
            raise Refused(WRONG_DATA)
        return point

    def _private(self) -> int:
        return self._random(self._way.curve.order - 1) + 1


def choose(ways: tuple[Way, ...], passwords: Mapping[int, bytes], data: bytes) -> Protocol:
    """What MSE:SET AT starts (4.4.4.1): 80 the protocol, 83 which password, 84 which curve. Raises Refused."""
    try:
        row = dict(objects(data))
    except Malformed:
        raise Refused(WRONG_DATA) from None
    if row.get(0x83, b"")[:-1] or not row.get(0x83) or not row.keys() <= {0x80, 0x83, 0x84}:
        raise Refused(WRONG_OBJECTS)
    named = [way for way in ways if way.protocol == row.get(0x80)]
    if 0x84 in row:
        named = [way for way in named if bytes([way.parameters]) == row[0x84]]
    if len(named) != 1:
        raise Refused(WRONG_OBJECTS)  # unknown, or more than one curve and none chosen
    if row[0x83][0] not in passwords:
        raise Refused(NO_PASSWORD)
    return Protocol(named[0], passwords[row[0x83][0]])
