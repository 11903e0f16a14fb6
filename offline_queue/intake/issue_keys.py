"""Makes the test keys and certificates of three terminals, their centre and its sandbox agency, each once.

A kiosk and the counter of the same office can call each other; the third stands in another office.

Nothing here is for a real office: there, every private key is made where it is used and never leaves that place.
The certificates are made with `cryptography`, which the product needs anyway, so that a demonstration needs no
development library.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import ipaddress
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.wire import CENTRE_KEY, agency_key_id, ledger_key_id
from offline_queue.intake.offices import OFFICES_FILE

TERMINAL = re.compile(r"[A-Z0-9]{2,12}")
LIFETIME = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)

KIOSK, COUNTER, ELSEWHERE = "KRK3", "KRK1", "AMM1"
OFFICES = {"terminal": "karak", "counter": "karak", "elsewhere": "amman"}
"""The folder of each terminal's secrets, and the office that it stands in."""

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


class KeysMistake(Exception):
    """The folder cannot be used for this terminal; the text says why."""


def issue(folder: Path, terminal: str = KIOSK, counter: str = COUNTER, elsewhere: str = ELSEWHERE) -> None:
    """Makes what is missing below `folder`; a private key that exists is never replaced. A folder of an earlier release
    is completed in the same way.

    `terminal/` (the kiosk's), `counter/`, `elsewhere/`, `centre/`, `agency/` and `tls/` hold secrets and are closed to
    others; `trust/` holds the public keys, each written again from its private key when it is missing, and says which
    terminal stands in which office. Certificates are made anew when they are about to expire. Raises KeysMistake when
    the folder already belongs to other terminals.
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
    agency = _private_key(folder / "agency" / "traffic.key", ed25519.Ed25519PrivateKey.generate)
    _publish(trust / f"{agency_key_id('traffic')}.pem", agency)
    _certify(folder / "tls")


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


def _write(file: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and synced."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        written.replace(file)
    finally:
        written.unlink(missing_ok=True)


def _keep(file: Path, make: Callable[[], bytes]) -> bytes:
    if not file.exists():
        _write(file, make(), 0o600)
    return file.read_bytes()


def _private_key(file: Path, generate: Callable[[], PrivateKey]) -> PrivateKey:
    pem = _keep(file, lambda: _private_pem(generate()))
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise KeysMistake(f"{file} is no private key in PEM") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
        raise KeysMistake(f"{file} is a key of another kind")
    return key


def _private_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public_pem(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _publish(file: Path, key: PrivateKey) -> None:
    """A public key follows its private key."""
    _follow(file, _public_pem(key))


def _follow(file: Path, content: bytes) -> None:
    if not file.exists() or file.read_bytes() != content:
        _write(file, content, 0o644)


# ---------------------------------------------------------------- TLS


def _certify(folder: Path) -> None:
    """A test authority and one server certificate by it. The authority's key is thrown away once it has signed, so
    that nobody can make another certificate that the terminal would believe; renewal therefore makes both anew."""
    if _certificates_hold(folder):
        return
    authority_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key)
    server = _server(server_key, authority, authority_key)
    chain = server.public_bytes(serialization.Encoding.PEM) + authority.public_bytes(serialization.Encoding.PEM)
    _write(folder / "server.key", _private_pem(server_key), 0o600)
    _write(folder / "server.pem", chain, 0o644)
    _write(folder / "authority.pem", authority.public_bytes(serialization.Encoding.PEM), 0o644)


def _certificates_hold(folder: Path) -> bool:
    """Whether all three files are there, belong together, and stay valid for a while."""
    try:
        authority = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
        server = x509.load_pem_x509_certificates((folder / "server.pem").read_bytes())[0]
        key = serialization.load_pem_private_key((folder / "server.key").read_bytes(), password=None)
        server.verify_directly_issued_by(authority)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    now = datetime.now(UTC)
    certificates = (authority, server)
    return key.public_key() == server.public_key() and all(
        one.not_valid_before_utc <= now and now + RENEW_BEFORE < one.not_valid_after_utc for one in certificates
    )


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority, for demonstration only")])
    return (
        _certificate(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _certificate(subject, authority.subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


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
