"""The child process of `module`: one question to a PKCS#11 module, then its end, with the PIN and the module's quirks.

It is started by its path with Python's isolated mode; so it imports nothing of this project. A question on stdin is
eight fields, each after its length in two bytes: the verb, the module's path, the reader's name, the key's id and label
and the certificate's label, each empty where the profile does not tell it, and for `sign` the certificate and what is
to be signed; then the PIN, which is last, so that it is read into a buffer of its own. The answer on stdout is fields
of the same form: an outcome and what belongs to it. Nothing is written anywhere else: what a module says in words may
hold what it was told.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from collections.abc import Iterator
from typing import NamedTuple

import pkcs11
from pkcs11 import exceptions
from pkcs11.constants import Attribute, ObjectClass, TokenFlag
from pkcs11.mechanisms import KeyType, Mechanism
from pkcs11.types import PROTECTED_AUTH, SignMixin

VERB, MODULE, READER, KEY_ID, KEY_LABEL, CERTIFICATE_LABEL, CERTIFICATE, MESSAGE = range(8)
LARGEST_FIELD = 8_192
MOST_OBJECTS = 32
MEMORY_BYTES = 1024 * 1024 * 1024
SLOT_DESCRIPTION_BYTES = 64  # CK_SLOT_INFO (PKCS #11 v2.40, 3.2): longer names of readers are cut
PR_SET_DUMPABLE = 4
REFUSALS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.PinIncorrect, "pin-wrong"),
    (exceptions.PinLenRange, "pin-refused"),
    (exceptions.PinInvalid, "pin-refused"),
    (exceptions.PinLocked, "pin-blocked"),
    (exceptions.UserPinNotInitialized, "pin-never-set"),
)
_STDIN, _STDOUT = 0, 1


class Ended(Exception):
    """The question has its answer: an outcome in one word."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Named(NamedTuple):
    """What the profile says of key and certificate, each empty where it says nothing."""

    key_id: bytes
    key_label: str
    certificate_label: str

    def certificates(self) -> dict[Attribute, object]:
        """What is looked for. A certificate has the CKA_ID of its key (PKCS #11 v2.40, 4.6.3)."""
        chosen: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.CERTIFICATE}
        if self.certificate_label:
            chosen[Attribute.LABEL] = self.certificate_label
        elif self.key_id:
            chosen[Attribute.ID] = self.key_id
        return chosen

    def keys(self, identifier: bytes) -> dict[Attribute, object]:
        """`identifier` is the certificate's, and tells the key where the profile does not."""
        chosen: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
        if self.key_label:
            chosen[Attribute.LABEL] = self.key_label
        if self.key_id or not self.key_label:
            chosen[Attribute.ID] = self.key_id or identifier
        return chosen


def confine() -> None:
    """No memory dump, no file written (a module that keeps a log would keep the PIN in it), and no look inside by
    others of the same user (prctl(2), PR_SET_DUMPABLE)."""
    for limit, value in {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_AS: MEMORY_BYTES,
    }.items():
        resource.setrlimit(limit, (value, value))
    if ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError("prctl")


def read_exactly(size: int) -> bytearray:
    """Unbuffered, so that no copy stays in a buffer of Python's. Raises EOFError."""
    data = bytearray(size)
    with memoryview(data) as view:
        done = 0
        while done < size:
            read = os.readv(_STDIN, [view[done:]])
            if not read:
                raise EOFError
            done += read
    return data


def read_field() -> bytearray:
    size = int.from_bytes(read_exactly(2), "big")
    if size > LARGEST_FIELD:
        raise EOFError
    return read_exactly(size)


def tell(*fields: bytes) -> None:
    answer = b"".join(len(field).to_bytes(2, "big") + field for field in fields)
    with os.fdopen(_STDOUT, "wb") as stdout:
        stdout.write(answer)


def tokens_in(module: str, reader: str) -> list[pkcs11.Token]:
    """What the module finds in that reader: a card has one token for each of its PINs. Empty slots are left out."""
    found = []
    for slot in pkcs11.lib(module).get_slots(token_present=True):
        if slot.slot_description.strip() == reader[:SLOT_DESCRIPTION_BYTES].strip():
            with contextlib.suppress(exceptions.TokenNotPresent, exceptions.TokenNotRecognised):
                found.append(slot.get_token())
    return found


def certificates_of(session: pkcs11.Session, named: Named) -> Iterator[tuple[bytes, bytes]]:
    """Value and CKA_ID of each that may be meant; objects with an empty value are left out, as some modules list them
    (github.com/web-eid/libelectronic-id/pull/167)."""
    for number, thing in enumerate(session.get_objects(named.certificates())):
        if number >= MOST_OBJECTS:
            return
        with contextlib.suppress(exceptions.AttributeTypeInvalid, exceptions.AttributeSensitive):
            if 0 < len(value := bytes(thing[Attribute.VALUE])) <= LARGEST_FIELD:
                yield value, bytes(thing[Attribute.ID])


def list_certificates(tokens: list[pkcs11.Token], named: Named) -> None:
    """`found`, then the certificates."""
    if not tokens:
        raise Ended("no-token")
    fields = []
    for token in tokens:
        with token.open() as session:
            fields += [value for value, _ in certificates_of(session, named)]
    tell(b"found", *fields)


def sign(tokens: list[pkcs11.Token], named: Named, certificate: bytes, message: bytes, pin: bytearray) -> None:
    """`signed` and the signature. The PIN goes only to the token that holds this very certificate; an empty one is not
    sent: it stands for the reader's own keys."""
    token, identifier = key_of(tokens, named, certificate)
    flags = token.flags
    if TokenFlag.USER_PIN_LOCKED in flags:
        raise Ended("pin-blocked")
    if TokenFlag.LOGIN_REQUIRED in flags and TokenFlag.USER_PIN_INITIALIZED not in flags:
        raise Ended("pin-never-set")
    if not pin and TokenFlag.PROTECTED_AUTHENTICATION_PATH not in flags:
        raise Ended("pin-missing")
    # python-pkcs11 takes the PIN as `str` only, which cannot be wiped: that copy, and those that it and the module
    # make, go when this process does, right after its answer.
    given = pin.decode("ascii") if pin else None
    session = token.open(user_pin=PROTECTED_AUTH if given is None else given)
    keys = session.get_objects(named.keys(identifier))
    key = next((key for key in keys if isinstance(key, SignMixin) and key.key_type is KeyType.RSA), None)
    if key is None:
        raise Ended("no-key")
    # A key that attests its holder's will wants the same PIN once more, after it was found right (CKA_ALWAYS_
    # AUTHENTICATE): no second try is used. At the reader's own keys the module asks by itself.
    again = given if key[Attribute.ALWAYS_AUTHENTICATE] else None
    tell(b"signed", key.sign(message, mechanism=Mechanism.RSA_PKCS, pin=again))


def key_of(tokens: list[pkcs11.Token], named: Named, certificate: bytes) -> tuple[pkcs11.Token, bytes]:
    for token in tokens:
        with token.open() as session:
            for value, identifier in certificates_of(session, named):
                if value == certificate:
                    return token, identifier
    raise Ended("no-token")


def answer() -> None:
    fields = [bytes(read_field()) for _ in range(8)]
    named = Named(fields[KEY_ID], fields[KEY_LABEL].decode(), fields[CERTIFICATE_LABEL].decode())
    tokens = tokens_in(os.fsdecode(fields[MODULE]), fields[READER].decode())
    if fields[VERB] == b"certificates":
        list_certificates(tokens, named)
        return
    pin = read_field()
    try:
        sign(tokens, named, fields[CERTIFICATE], fields[MESSAGE], pin)
    finally:
        pin[:] = bytes(len(pin))


def outcome_of(error: BaseException) -> str:
    """One word; never the error's text."""
    if isinstance(error, Ended):
        return error.outcome
    return next((word for kind, word in REFUSALS if isinstance(error, kind)), f"failed {type(error).__name__}")


def main() -> None:
    confine()
    try:
        answer()
    except Exception as error:  # the child's one boundary: whatever the module does, the parent gets one word
        tell(outcome_of(error).encode("ascii"))


if __name__ == "__main__":
    main()
    os._exit(0)  # without the module's own end, in which some of them hang
