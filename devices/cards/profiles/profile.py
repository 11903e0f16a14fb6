"""What a profile holds: one frozen type for each table of its file. The descriptions are told with every mistake."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kiosk.wire import Words

AccessMode = Literal["pace-can", "pace-mrz", "bac", "plain"]
NumberSource = Literal[
    "dg11.personal_number", "mrz.optional_upper", "mrz.optional_middle", "mrz.optional_lower", "mrz.personal_number"
]
NameSource = Literal["dg11.name", "dg11.other_names", "mrz.name"]
# Only what `devices.cards.signing` honours. ECDSA is not: it chooses certificates with RSA keys, has the card pad, and
# checks what comes by RSASSA-PKCS1-v1_5 alone; the virtual card, which would prove the rest, has an RSA key too.
Mechanism = Literal["SHA256_RSA_PKCS"]

_Atr = Annotated[str, Meta(pattern=r"\A([0-9A-F]{2}){2,33}\Z", description="2 to 33 bytes in hex, capital letters")]
_DataGroup = Annotated[int, Meta(ge=1, le=16, description="the number of a data group, 1 to 16")]
_PinLength = Annotated[int, Meta(ge=4, le=12, description="a number of digits, 4 to 12 (ISO 9564-1)")]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the file."""


class AtrMask(_Table, frozen=True, kw_only=True):
    """Which answers to reset are meant: of this length, and equal to `value` wherever `mask` has a bit."""

    value: _Atr
    mask: _Atr

    def matches(self, atr: bytes) -> bool:
        value, mask = bytes.fromhex(self.value), bytes.fromhex(self.mask)
        return len(atr) == len(value) and all((a ^ v) & m == 0 for a, v, m in zip(atr, value, mask, strict=True))

    def overlaps(self, other: AtrMask) -> bool:
        """Whether one answer to reset could be meant by both."""
        if len(self.value) != len(other.value):
            return False
        value, mask = int(self.value, 16), int(self.mask, 16)
        return (value ^ int(other.value, 16)) & mask & int(other.mask, 16) == 0

    @property
    def bits(self) -> int:
        """How many bits it looks at: the more, the more specific."""
        return int(self.mask, 16).bit_count()


class Application(_Table, frozen=True, kw_only=True):
    """One application to select by its AID (ISO/IEC 7816-4, 12.2.3), and how its data are laid out."""

    aid: Annotated[str, Meta(pattern=r"\A([0-9A-F]{2}){5,16}\Z", description="5 to 16 bytes in hex, capital letters")]
    kind: Literal["emrtd", "ias-ecc", "pkcs15"]


class AccessRule(_Table, frozen=True, kw_only=True):
    """How the chip is opened, best first. PACE that fails is followed by BAC only where the profile says so, with its
    reason: who can disturb PACE could otherwise choose the weaker protocol."""

    order: Annotated[
        tuple[AccessMode, ...], Meta(min_length=1, description='one or more of "pace-can", "pace-mrz", "bac", "plain"')
    ]
    bac_after_pace_failure: bool = False
    reason: str = ""


class DocumentRule(_Table, frozen=True, kw_only=True):
    """A travel document's size and files. Of the groups named, only those are read that the issuer signed."""

    kind: Annotated[Literal["TD1", "TD2", "TD3"], Meta(description='"TD1", "TD2" or "TD3"')]
    before_name: Annotated[tuple[_DataGroup, ...], Meta(description="numbers of data groups, 1 to 16")]
    after_name: Annotated[tuple[_DataGroup, ...], Meta(description="numbers of data groups, 1 to 16")] = ()
    chip_proof: Annotated[
        Literal["required", "when_signed"], Meta(description='"required", or "when_signed" for "if DG14 or DG15 exist"')
    ]


class NumberRule(_Table, frozen=True, kw_only=True):
    """Where the national number may stand, best place first, and what it looks like whole. Documents of other issuing
    states than these (Doc 9303-3, section 5) have none."""

    sources: Annotated[tuple[NumberSource, ...], Meta(min_length=1, description="places such as dg11.personal_number")]
    pattern: Annotated[str, Meta(min_length=1, max_length=80, description="a regular expression of 1 to 80 characters")]
    issuing_states: Annotated[
        tuple[Annotated[str, Meta(pattern=r"\A[A-Z]{1,3}\Z")], ...],
        Meta(min_length=1, description='codes of up to three letters, as "JOR"'),
    ]


class IdentityRule(_Table, frozen=True, kw_only=True):
    """Where names and number stand, best place first. Of each script the first name that is written in it is taken."""

    name_arabic: Annotated[tuple[NameSource, ...], Meta(description="of dg11.name, dg11.other_names, mrz.name")] = ()
    name_latin: Annotated[tuple[NameSource, ...], Meta(description="of dg11.name, dg11.other_names, mrz.name")] = ()
    national_number: NumberRule | None = None


class PinRule(_Table, frozen=True, kw_only=True):
    """The PIN of the signing key: its reference in the application (ISO/IEC 7816-4, 7.5.1: the low bits of P2), and
    what the keypad allows. The card itself says how many tries are left. `may_be_unset`: cards of this kind were issued
    without a PIN; where another says so, the log tells. A kiosk unblocks nothing: `unblocked_at` says who does, and
    there is no place for a PUK here."""

    reference: Annotated[int, Meta(ge=0, le=31, description="the reference of the PIN, 0 to 31")]
    length_least: _PinLength
    length_most: _PinLength
    may_be_unset: bool = False
    unblocked_at: Words


class SigningRule(_Table, frozen=True, kw_only=True):
    """The key that signs, as a PKCS#11 module shows it; found by its label, its id, or both. Where neither is given it
    is the one that has the certificate's id, and where nothing says which certificate, its usage tells."""

    module: Annotated[
        str,
        Meta(
            pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]*\.so\Z",
            description="a file name without a folder, as a-pkcs11.so",
        ),
    ]
    key_label: str = ""
    key_id: Annotated[str, Meta(pattern=r"\A([0-9A-F]{2}){0,32}\Z", description="hex, capital letters")] = ""
    certificate_label: str = ""
    mechanism: Annotated[Mechanism, Meta(description='"SHA256_RSA_PKCS"')]


class Profile(_Table, frozen=True, kw_only=True):
    """One kind of card. Without `atrs` it is generic: for cards that only their applications tell of.

    What is not public is `provisional`; `sources` says where each value is from, or what it waits for. Without
    `document` the card holds no ICAO document; without `pin` or `signing` it is not asked for a PIN or signs nothing.
    """

    id: Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z", description="small letters, digits and hyphens")]
    title: Words
    provisional: Annotated[bool, Meta(description="true or false")]
    sources: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...], Meta(min_length=1, description="where the values are from")
    ]
    atrs: tuple[AtrMask, ...] = ()
    applications: Annotated[
        tuple[Application, ...], Meta(min_length=1, description="[[applications]], in the order they are tried")
    ]
    access: AccessRule
    largest_read: Annotated[int, Meta(ge=112, le=65_536, description="bytes of one READ BINARY, 112 to 65536")] = 65_536
    document: DocumentRule | None = None
    identity: IdentityRule | None = None
    pin: PinRule | None = None
    signing: SigningRule | None = None

    @property
    def is_generic(self) -> bool:
        return not self.atrs

    def specificity(self, atr: bytes) -> int:
        """The bits in which this profile knows that answer to reset; 0 where it does not know it."""
        return max((mask.bits for mask in self.atrs if mask.matches(atr)), default=0)
