"""What the chip asks of each of its applications, and what it is told by them."""

from __future__ import annotations

import dataclasses
import enum
from typing import Protocol

from devices.virtual.card.apdu import Command, Response
from devices.virtual.card.secure_messaging import Channel


class Instruction(enum.IntEnum):
    """The commands that more than one part of the chip knows (ISO/IEC 7816-4, table 4.2)."""

    VERIFY = 0x20
    MANAGE_SECURITY_ENVIRONMENT = 0x22
    EXTERNAL_AUTHENTICATE = 0x82
    GET_CHALLENGE = 0x84
    GENERAL_AUTHENTICATE = 0x86
    INTERNAL_AUTHENTICATE = 0x88
    SELECT = 0xA4
    READ_BINARY = 0xB0
    READ_BINARY_ODD = 0xB1


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Response):
    """An answer after which `channel` protects everything; the answer itself goes out as its command came in."""

    channel: Channel


class Application(Protocol):
    """One application of the chip. The chip has parsed the command and taken its protection off.

    `protected` says whether a command came through a secure channel. PINs shown and keys chosen are forgotten by
    `select`, which is the only way in after a reset.
    """

    @property
    def name(self) -> bytes:
        """Its identifier (AID), whole, as SELECT names it."""

    def select(self, *, protected: bool) -> Response:
        """Begins anew. Any status but 9000 leaves the chip where it was."""

    def answer(self, command: Command, *, protected: bool) -> Response:
        """Every command while it is selected, but SELECT of applications or the master file, and PACE."""
