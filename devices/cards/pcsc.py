"""Everything this program says to PC/SC, through pyscard's low level; used by one thread.

pyscard's own monitors end for ever when the card service restarts (https://github.com/LudovicRousseau/pyscard/issues/153),
so the loop around these calls is ours.
"""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable, Mapping
from typing import Any

from smartcard import scard
from smartcard.Exceptions import SmartcardException
from smartcard.pcsc.PCSCExceptions import BaseSCardException

from devices.cards import tlv
from devices.cards.apdu import EXTENDED_LARGEST, SHORT_LARGEST
from devices.cards.exchange import WireBroken
from kiosk.failures import Failure, ServiceFailure

_SERVICE = frozenset(
    {
        scard.SCARD_E_NO_SERVICE,
        scard.SCARD_E_SERVICE_STOPPED,
        scard.SCARD_E_INVALID_HANDLE,
        scard.SCARD_F_COMM_ERROR,
        scard.SCARD_F_INTERNAL_ERROR,
        scard.SCARD_F_UNKNOWN_ERROR,
    }
)
_FAILURES: dict[int, Failure] = {
    **dict.fromkeys(_SERVICE, Failure.CARD_SERVICE_DOWN),
    scard.SCARD_E_NO_READERS_AVAILABLE: Failure.NO_READER,
    scard.SCARD_E_UNKNOWN_READER: Failure.READER_LOST,
    scard.SCARD_E_READER_UNAVAILABLE: Failure.READER_LOST,
    scard.SCARD_E_SHARING_VIOLATION: Failure.CARD_BUSY,
    scard.SCARD_W_RESET_CARD: Failure.CARD_BUSY,  # another program powered the card up anew
    scard.SCARD_W_REMOVED_CARD: Failure.CARD_REMOVED,
    scard.SCARD_E_NO_SMARTCARD: Failure.CARD_REMOVED,
    scard.SCARD_W_UNRESPONSIVE_CARD: Failure.CARD_MUTE,
    scard.SCARD_W_UNPOWERED_CARD: Failure.CARD_MUTE,
    scard.SCARD_W_UNSUPPORTED_CARD: Failure.CARD_MUTE,
    scard.SCARD_E_PROTO_MISMATCH: Failure.CARD_MUTE,
    scard.SCARD_E_TIMEOUT: Failure.CARD_TIMEOUT,
}
_SETTLE_SECONDS = 1.0
"""pcscd looks at a slot every 0.4 s, so the cause of a failed command may show this much later."""

_BUSY_TRIES = 5
_BUSY_SECONDS = 0.2
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_FEATURES_CODE = scard.SCARD_CTL_CODE(3400)
_FEATURE_PROPERTIES = 0x12
_PROPERTY_APDU_SIZE = 0x0A


@dataclasses.dataclass(frozen=True, slots=True)
class Slot:
    """One reader as last seen. `changes` is the service's count of insertions and removals (event state >> 16)."""

    reader: str
    state: int = scard.SCARD_STATE_UNAWARE
    atr: bytes = b""

    @property
    def has_card(self) -> bool:
        return bool(self.state & scard.SCARD_STATE_PRESENT)

    @property
    def is_gone(self) -> bool:
        return bool(self.state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE))

    @property
    def is_in_use(self) -> bool:
        """By whichever program."""
        return bool(self.state & (scard.SCARD_STATE_INUSE | scard.SCARD_STATE_EXCLUSIVE))

    @property
    def changes(self) -> int:
        return self.state >> 16

    def holds_same_card(self, earlier: Slot) -> bool:
        return self.has_card and self.changes == earlier.changes


class CardService:
    """A context of the card service, made when needed and dropped as soon as a call says that it is dead.

    SCardIsValidContext is not asked: it stays good after a restart (https://github.com/bluetech/pcsc-rust/issues/21).
    """

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed
        self._context: int | None = None
        self._left: Slot | None = None

    def slots(self, known: tuple[Slot, ...]) -> tuple[Slot, ...]:
        """The allowed readers that there are now, each as known if it is known. Raises ServiceFailure."""
        code, names = _call(scard.SCardListReaders, self._established(), [])
        if code == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        self._require(code)
        before = {slot.reader: slot for slot in known}
        return tuple(before.get(name, Slot(name)) for name in names if name.startswith(self._allowed))

    def wait(self, known: tuple[Slot, ...], seconds: float) -> tuple[Slot, ...]:
        """The slots as they are when one of them differs from what is known, or when `seconds` are over. Readers that
        are gone are left out. Raises ServiceFailure."""
        asked = [(slot.reader, slot.state) for slot in known]
        code, states = _call(scard.SCardGetStatusChange, self._established(), round(seconds * 1000), asked)
        if code == scard.SCARD_E_TIMEOUT:
            return known
        if code in {scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE}:
            return ()
        self._require(code)
        # The CHANGED bit must not be handed back as known: it would end the next wait at once.
        seen = (Slot(name, state & ~scard.SCARD_STATE_CHANGED, bytes(atr)) for name, state, atr in states)
        return tuple(slot for slot in seen if not slot.is_gone)

    def fault_of(self, slot: Slot, seconds: float) -> Failure | None:
        """CARD_REMOVED or READER_LOST as soon as the card that was in the slot is not there any more; None if it still
        is after `seconds`. Raises ServiceFailure."""
        end = time.monotonic() + seconds
        now: tuple[Slot, ...] = (slot,)
        while True:
            # Ends early also where only the use of the card changed, as by our own connection.
            now = self.wait(now, max(end - time.monotonic(), 0))
            if not now:
                return Failure.READER_LOST
            if not now[0].holds_same_card(slot):
                return Failure.CARD_REMOVED
            if time.monotonic() >= end:
                return None

    def connect(self, slot: Slot, pause: Callable[[float], object]) -> CardWire:
        """Powers the card up, for us alone. Raises ServiceFailure: CARD_BUSY, CARD_MUTE, CARD_REMOVED and others."""
        for _ in range(_BUSY_TRIES):
            code, *connected = self._connect(slot)
            if code != scard.SCARD_E_SHARING_VIOLATION:
                break
            pause(_BUSY_SECONDS)
        self._require(code, Failure.CARD_MUTE)
        handle, protocol = connected
        wire = CardWire(self, slot, handle, protocol)
        if self._left is not None and slot.reader == self._left.reader and slot.holds_same_card(self._left):
            _power_anew(wire)
        return wire

    def _connect(self, slot: Slot) -> tuple[int, *tuple[Any, ...]]:
        """SCardConnect does not come back while another program has a transaction on the card (pcsc-lite waits for its
        end); so a card that is in use is not asked for, which would be refused anyway."""
        # Asked as if nothing were known: a change of use alone ends no wait.
        now = self.wait((Slot(slot.reader),), 0)
        if now and now[0].is_in_use:
            return (scard.SCARD_E_SHARING_VIOLATION,)
        return _call(scard.SCardConnect, self._established(), slot.reader, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS)

    def leave(self, slot: Slot) -> None:
        """The card in this slot was left as it is; it is powered anew before it is used again."""
        self._left = slot

    def close(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            _call(scard.SCardReleaseContext, context)

    def _established(self) -> int:
        if self._context is None:
            code, *context = _call(scard.SCardEstablishContext, scard.SCARD_SCOPE_USER)
            if code != scard.SCARD_S_SUCCESS:
                raise ServiceFailure(Failure.CARD_SERVICE_DOWN)
            self._context = context[0]
        return self._context

    def _require(self, code: int, otherwise: Failure = Failure.CARD_SERVICE_DOWN) -> None:
        if code in _SERVICE:
            self.close()
        if code != scard.SCARD_S_SUCCESS:
            raise ServiceFailure(_FAILURES.get(code, otherwise))


class CardWire:
    """One powered card: `devices.cards.exchange.Wire` over PC/SC."""

    def __init__(self, service: CardService, slot: Slot, handle: int, protocol: int) -> None:
        self._service = service
        self._slot = slot
        self._handle = handle
        self._protocol = protocol

    @functools.cached_property
    def reader_limit(self) -> int:
        """dwMaxAPDUDataSize (PC/SC part 10, 2.6.14). A driver that does not state it, as vpcd's, is tried: a command
        that it does not carry is followed by a shorter one."""
        try:
            properties = tlv.parse(self._control(self.features().get(_FEATURE_PROPERTIES, 0)))
        except tlv.MalformedData:
            return SHORT_LARGEST
        stated = tlv.find(properties, _PROPERTY_APDU_SIZE)
        return EXTENDED_LARGEST if stated is None else int.from_bytes(stated, "little")

    def transmit(self, command: bytes) -> bytes:
        pci = scard.SCARD_PCI_T1 if self._protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        code, answer = _call(scard.SCardTransmit, self._handle, pci, list(command))
        # vpcd reports success without a byte where the card was pulled out under the command.
        if code == scard.SCARD_S_SUCCESS and len(answer) >= 2:
            return bytes(answer)
        if code in _FAILURES:
            raise ServiceFailure(_FAILURES[code])
        # "Not transacted" is said of a card just taken out as of a command that a reader cannot carry.
        if fault := self._service.fault_of(self._slot, seconds=_SETTLE_SECONDS):
            raise ServiceFailure(fault)
        raise WireBroken(f"PC/SC {code & 0xFFFFFFFF:08X}")

    def reconnect(self) -> None:
        code, *protocol = _call(
            scard.SCardReconnect, self._handle, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS, scard.SCARD_UNPOWER_CARD
        )
        if code != scard.SCARD_S_SUCCESS:
            raise ServiceFailure(_FAILURES.get(code, Failure.CARD_MUTE))
        self._protocol = protocol[0]

    def disconnect(self) -> None:
        """Lets the card go. pcscd powers it down by itself seconds later; before it is used again it is powered anew.

        It is not powered down here, because it may just have been pulled out: pcscd, failing to power it down, calls
        the slot empty before its own look at the slot does, and then overlooks a card that is back before that look
        (seen in 1.9.9: winscard.c, SCardDisconnect, and the look every 0.4 s of eventhandler.c).
        """
        _call(scard.SCardDisconnect, self._handle, scard.SCARD_LEAVE_CARD)
        self._service.leave(self._slot)

    def features(self) -> Mapping[int, int]:
        """The control code of each feature by its tag (PC/SC part 10, 2.2); empty where the driver does not tell."""
        try:
            stated = tlv.parse(self._control(_FEATURES_CODE))
        except tlv.MalformedData:
            return {}
        return {entry.tag: int.from_bytes(entry.value, "big") for entry in stated}

    def _control(self, code: int) -> bytes:
        if not code:
            return b""
        result, *answer = _call(scard.SCardControl, self._handle, code, [])
        return bytes(answer[0]) if result == scard.SCARD_S_SUCCESS else b""


def _power_anew(wire: CardWire) -> None:
    """Where that fails the card is let go: while a connection that nobody knows of is open, every card is in use."""
    try:
        wire.reconnect()
    except ServiceFailure:
        wire.disconnect()
        raise


def _call(function: Callable[..., Any], *arguments: object) -> tuple[int, *tuple[Any, ...]]:
    """The return code and what follows it. pyscard has two unrelated trees of exceptions beside return codes; either
    means that the call could not be made at all."""
    try:
        result = function(*arguments)
    except (SmartcardException, BaseSCardException, scard.error) as error:
        raise ServiceFailure(Failure.CARD_SERVICE_DOWN) from error
    return tuple(result) if isinstance(result, list | tuple) else (result,)


def list_readers() -> tuple[str, ...]:
    """Every reader that the card service serves, allowed or not, asked on a context of its own; for diagnosis, on any
    thread. Raises ServiceFailure(CARD_SERVICE_DOWN)."""
    service = CardService(("",))
    try:
        return tuple(slot.reader for slot in service.slots(()))
    finally:
        service.close()
