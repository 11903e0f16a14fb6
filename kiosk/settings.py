"""The settings of one terminal, read once from a TOML file and checked before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kiosk.mode import Mode
from kiosk.offline import Limits
from kiosk.set_up import SetUpMistake
from kiosk.training import TRAINING_ID
from kiosk.wire import Words


class Terminal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` stands before every receipt number and in its code, so it is short: capital letters and digits."""

    id: Annotated[str, Meta(pattern="^[A-Z0-9]{2,12}$")]
    office: Words
    diagonal_inches: float
    demonstration: bool = False
    training: bool = False

    @property
    def mode(self) -> Mode:
        """A demonstration can be trained at, and is training then."""
        if self.training:
            return Mode.TRAINING
        return Mode.DEMONSTRATION if self.demonstration else Mode.SERVICE


class Folders(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`state` holds the ledger; `keys` the terminal's secrets; `trust` the public keys that it believes."""

    state: Path
    keys: Path
    trust: Path


class Secrets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`source`: "credentials" are systemd's, encrypted on the disk in the folder `folders.keys` and bound there to this
    machine by `bound_to` (systemd-creds(1), --with-key=); "folder" is for development: files in `folders.keys`."""

    source: Literal["folder", "credentials"] = "folder"
    bound_to: Literal["tpm2", "host+tpm2", "host"] = "tpm2"


class Gateway(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The centre's intake. `authority` is the PEM file of the one certificate authority that is believed."""

    url: Annotated[str, Meta(pattern=r"^https://[^\s/?#]+(/[^\s?#]*)?$")]
    authority: Path
    timeout_seconds: float = 5.0


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Readers that may be used, by the start of their name; the folder of trust data: CSCA certificates (PEM or DER)
    put there by hand, and what `card trust import` brought.

    `revocation`: "when_known" lets a card pass whose issuer's revocation list is missing or out of date, and says so;
    "required" does not. `accept_sha1` is for the documents of countries that signed with SHA-1. Each kind of
    card names the PKCS #11 module that it signs through in its profile; a technician who has to use another names it as
    `signing_module`, and then every card signs through that one.
    """

    readers: tuple[str, ...]
    anchors: Path
    revocation: Literal["required", "when_known"] = "when_known"
    accept_sha1: bool = False
    signing_module: Path | None = None


class Scanner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The optical scanner in the reader's mouth: the key that opens a chip is made from what is printed on the card."""

    host: str
    port: int


class DocumentScanner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The scanner for papers that a request needs, by the root of its eSCL protocol; one on USB answers there through
    ipp-usb."""

    url: Annotated[str, Meta(pattern=r"^http://[^\s/?#]+/\S*$")]


class Payment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: str
    port: int
    person_seconds: float = 90.0


class Printer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The receipt printer; and that of A4 pages for issued documents, where the office has one."""

    url: Annotated[str, Meta(pattern=r"^ipp://[^\s/?#]+(/\S*)?$")]
    documents_url: Annotated[str, Meta(pattern=r"^(ipp://[^\s/?#]+(/\S*)?)?$")] = ""


class Receipts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a phone is sent by the receipt's code; the code follows after `#`.

    A longer address has no room in the code; that must not be found out when the first receipt is due.
    """

    verify_url: Annotated[str, Meta(pattern='^https?://[!"$-~]+$', max_length=50)]


class Counter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`assisted`: a clerk serves at this terminal, signed in, with a keyboard; a second screen is the citizen's."""

    assisted: bool = False
    lock_seconds: int = 120  # without a key, until the clerk's screen locks
    citizen_diagonal_inches: float = 15.6  # of the second screen, from which every size on it follows


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    terminal: Terminal
    folders: Folders
    gateway: Gateway
    card: Card
    scanner: Scanner
    payment: Payment
    printer: Printer
    receipts: Receipts
    counter: Counter = Counter()
    document_scanner: DocumentScanner | None = None
    offline: Limits = Limits(greatest_fils=500_000, count=500, sum_fils=10_000_000, hours=72)
    secrets: Secrets = Secrets()


class SettingsMistake(SetUpMistake):
    """The settings cannot be used; the text says which key of which file, and what it should be."""


def load(file: Path) -> Settings:
    """Reads `file`; relative paths in it start at its own folder. Raises SettingsMistake."""
    try:
        settings = msgspec.toml.decode(file.read_bytes(), type=Settings, dec_hook=_decode_path)
    except OSError as error:
        raise SettingsMistake(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsMistake(f"{file}: {error}") from error
    if settings.terminal.id == TRAINING_ID:
        raise SettingsMistake(f"{file}: `terminal.id` {TRAINING_ID} is kept for training: see `terminal.training`")
    base = file.resolve().parent
    return msgspec.structs.replace(
        settings,
        folders=Folders(
            state=base / settings.folders.state,
            keys=base / settings.folders.keys,
            trust=base / settings.folders.trust,
        ),
        gateway=msgspec.structs.replace(settings.gateway, authority=base / settings.gateway.authority),
        card=msgspec.structs.replace(
            settings.card,
            anchors=base / settings.card.anchors,
            signing_module=base / module if (module := settings.card.signing_module) else None,
        ),
    )


def _decode_path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError(f"{kind.__name__} cannot be read from {type(value).__name__}")
