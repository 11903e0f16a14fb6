"""Makes the test keys and certificates of three terminals, their centre and its sandbox agencies, each once.

A kiosk and the counter of the same office can call each other; the third stands in another office.

Nothing here is for a real office: there, every private key is made where it is used and never leaves that place.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519

from kiosk.wire import CENTRE_KEY, RECOVERY_KEY, agency_key_id, ledger_key_id
from offline_queue.document_code import document_key_id
from offline_queue.intake.issue_certificates import certify
from offline_queue.intake.issued_files import PrivateKey, private_pem, write_whole
from offline_queue.intake.offices import OFFICES_FILE

TERMINAL = re.compile(r"[A-Z0-9]{2,12}")

KIOSK, COUNTER, ELSEWHERE = "KRK3", "KRK1", "AMM1"
OFFICES = {"terminal": "karak", "counter": "karak", "elsewhere": "amman"}
"""The folder of each terminal's secrets, and the office that it stands in."""
AGENCIES = (
    "amman",
    "companies",
    "customs",
    "justice",
    "licensing",
    "post",
    "residence",
    "sanad",
    "social_security",
    "tax",
    "traffic",
    "treasury",
)
"""Of the services that ship."""
ISSUING_AGENCIES = ("justice", "residence", "social_security", "tax")
"""Those that issue documents, and sign the code on them."""


class KeysMistake(Exception):
    """The folder cannot be used for this terminal; the text says why."""


def issue(folder: Path, terminal: str = KIOSK, counter: str = COUNTER, elsewhere: str = ELSEWHERE) -> None:
    """Makes what is missing below `folder`; a private key that exists is never replaced. A folder of an earlier release
    is completed in the same way.

    `terminal/` (the kiosk's), `counter/`, `elsewhere/`, `centre/`, `agency/` and `tls/` hold secrets and are closed to
    others, the key that terminals seal to in `centre/` alone; `trust/` holds the public keys, each written again from
    its private key when it is missing, and says which terminal stands in which office. Certificates are made anew when
    they are about to expire. Raises KeysMistake when the folder already belongs to other terminals.
    """
    terminals = dict(zip(OFFICES, (terminal, counter, elsewhere), strict=True))
    for name in terminals.values():
        if not TERMINAL.fullmatch(name):
            raise KeysMistake(f"{name!r} is no terminal: two to twelve capital letters and digits")
    if len(set(terminals.values())) != len(terminals):
        raise KeysMistake(f"three terminals have three names, not {', '.join(terminals.values())}")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(folder):
        _issue(folder, terminals)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two set-ups may run at once, and what one makes must fit the other's; the second waits for the first."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _issue(folder: Path, terminals: Mapping[str, str]) -> None:
    for name in (*terminals, "centre", "agency", "tls", "trust"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    trust = folder / "trust"
    for own, terminal in terminals.items():
        _terminal(folder / own, trust, terminal)
    stations = "".join(f'{terminal} = "{OFFICES[own]}"\n' for own, terminal in terminals.items())
    _follow(trust / OFFICES_FILE, stations.encode("ascii"))
    centre = _private_key(folder / "centre" / "centre.key", ed25519.Ed25519PrivateKey.generate)
    _publish(trust / f"{CENTRE_KEY}.pem", centre)
    for name in AGENCIES:
        _agency(folder, name)
    for name in ISSUING_AGENCIES:
        document = _private_key(folder / "agency" / f"{name}-document.key", _p256)
        _publish(trust / f"{document_key_id(name)}.pem", document)
    recovery = _private_key(folder / "centre" / "recovery.key", x25519.X25519PrivateKey.generate)
    _publish(trust / f"{RECOVERY_KEY}.pem", recovery)
    certify(folder / "tls")


def _agency(folder: Path, name: str) -> None:
    agency = _private_key(folder / "agency" / f"{name}.key", ed25519.Ed25519PrivateKey.generate)
    _publish(folder / "trust" / f"{agency_key_id(name)}.pem", agency)


def issue_agencies(folder: Path, names: Iterable[str]) -> None:
    """Keys for agencies of services that were added here, so that the sandbox can play them; those that have a key
    keep it. `folder` is one that `issue` has made."""
    missing = [name for name in names if not (folder / "agency" / f"{name}.key").exists()]
    if missing and folder.is_dir():
        with _alone_in(folder):
            for name in missing:
                _agency(folder, name)


def _terminal(own: Path, trust: Path, terminal: str) -> None:
    ledger = _private_key(own / "ledger.key", ed25519.Ed25519PrivateKey.generate)
    _refuse_second_terminal(trust, terminal, ledger)
    _publish(trust / f"{ledger_key_id(terminal)}.pem", ledger)
    receipt = _private_key(own / "receipt.key", _p256)
    _publish(trust / f"receipt-{terminal}.pem", receipt)
    for name in ("database.key", "holder.key"):
        _keep(own / name, lambda: secrets.token_bytes(32))


def _p256() -> PrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _refuse_second_terminal(trust: Path, terminal: str, ledger: PrivateKey) -> None:
    """Two terminals with one key could speak for each other."""
    for file in trust.glob(f"{ledger_key_id('*')}.pem"):
        if file.name != f"{ledger_key_id(terminal)}.pem" and file.read_bytes() == _public_pem(ledger):
            raise KeysMistake(f"{trust.parent} holds the keys of another terminal: {file.stem}")


# ---------------------------------------------------------------- files


def _keep(file: Path, make: Callable[[], bytes]) -> bytes:
    if not file.exists():
        write_whole(file, make(), 0o600)
    return file.read_bytes()


def _private_key(file: Path, generate: Callable[[], PrivateKey]) -> PrivateKey:
    pem = _keep(file, lambda: private_pem(generate()))
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise KeysMistake(f"{file} is no private key in PEM") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey | x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey):
        raise KeysMistake(f"{file} is a key of another kind")
    return key


def _public_pem(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _publish(file: Path, key: PrivateKey) -> None:
    """A public key follows its private key."""
    _follow(file, _public_pem(key))


def _follow(file: Path, content: bytes) -> None:
    if not file.exists() or file.read_bytes() != content:
        write_whole(file, content, 0o644)


def main() -> int:
    """Status 0, or 2 when the folder or the terminal's id cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m offline_queue.intake.issue_keys", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of the keys")
    parser.add_argument("--terminal", default=KIOSK, metavar="ID", help=f"the kiosk's id ({KIOSK})")
    parser.add_argument("--counter", default=COUNTER, metavar="ID", help=f"the same office's counter ({COUNTER})")
    parser.add_argument("--elsewhere", default=ELSEWHERE, metavar="ID", help=f"in another office ({ELSEWHERE})")
    chosen = parser.parse_args()
    try:
        issue(chosen.out, chosen.terminal, chosen.counter, chosen.elsewhere)
    except KeysMistake as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
