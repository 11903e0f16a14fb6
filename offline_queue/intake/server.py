"""Runs the intake: opens its keys and its database and serves HTTPS until it is told to stop."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from litestar import Litestar
from sqlalchemy import Engine

from kiosk.catalogue import Service
from kiosk.catalogue.files import load
from offline_queue.intake.agencies import (
    Agency,
    amman,
    companies,
    customs,
    generic,
    justice,
    licensing,
    post,
    residence,
    sanad,
    sandbox,
    social_security,
    tax,
    traffic,
    treasury,
)
from offline_queue.intake.agencies.issuing import IssuesDocuments, IssuingAgency
from offline_queue.intake.application import application
from offline_queue.intake.callers import Callers
from offline_queue.intake.centre import Centre
from offline_queue.intake.database import open_database
from offline_queue.intake.followed import Register
from offline_queue.intake.following import Follower, Following
from offline_queue.intake.help_calls import HelpCalls
from offline_queue.intake.messages import SandboxMessages, Teller
from offline_queue.intake.my_requests import MyRequests
from offline_queue.intake.offices import load_offices
from offline_queue.intake.store import Store
from offline_queue.intake.terminal_keys import TerminalKeys
from offline_queue.intake.uptake import UptakeRecords
from offline_queue.keys import KeyMistake, load_receipt_key, load_trust

SECONDS_TO_FINISH = 5
SECONDS_KEPT_OPEN = 60  # a new TLS connection costs a slow line more than a kept one costs the centre


SERVICES: Final = Path(__file__).resolve().parents[2] / "assets" / "services"
SANDBOXES: Final[tuple[sandbox.Rules, ...]] = (
    post.RULES,
    tax.RULES,
    companies.RULES,
    amman.RULES,
    social_security.RULES,
    licensing.RULES,
    treasury.RULES,
    customs.RULES,
    residence.RULES,
    sanad.RULES,
)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`keys` is a folder as `issue_keys` makes it. Port 0 takes a free one. `services` is the catalogue as published,
    by whose tariffs prices are checked; `sandbox` is how the agencies behave that have no word of their own here."""

    keys: Path
    database: Path
    port: int
    host: str = "127.0.0.1"
    traffic: traffic.Behaviour = traffic.Behaviour()
    justice: justice.Behaviour = justice.Behaviour()
    sandbox: sandbox.Behaviour = sandbox.Behaviour()
    services: Path = SERVICES
    follow_seconds: float = 5.0
    """How often the agencies are asked what became of requests."""


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class IntakeServer:
    """One running intake. `run` blocks until `stop` is called from anywhere, or SIGTERM or SIGINT comes."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = _wall_clock) -> None:
        """Listens at once, so that `port` is known; answers when `run` is called. Raises KeyMistake, OSError."""
        keys = settings.keys
        centre_key = _private_key(keys / "centre" / "centre.key")
        agency_keys = _agency_keys(keys)
        first = load_trust(keys / "trust").ledgers
        offices = load_offices(keys / "trust")
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        with contextlib.ExitStack() as opened:
            self._socket = opened.enter_context(socket.create_server((settings.host, settings.port), family=family))
            self.port: int = self._socket.getsockname()[1]
            engine = open_database(settings.database)
            opened.callback(engine.dispose)
            terminals = TerminalKeys(engine, first)
            agencies = _agencies(engine, agency_keys, settings)
            centre = Centre(store=Store(engine), agencies=agencies, terminals=terminals, now=now)
            help_calls = HelpCalls(engine, offices, now)
            register = Register(engine)
            teller = Teller(engine, SandboxMessages(engine, now), now)
            self.following = Following(register, agencies, teller, now)
            my_requests = MyRequests(register, self.following, now)
            self._follower = Follower(self.following, settings.follow_seconds)
            opened.callback(self._follower.close)
            uptake = UptakeRecords(engine, now)
            handler = application(centre, help_calls, uptake, my_requests, callers=Callers(terminals), key=centre_key)
            self._server = uvicorn.Server(_config(keys, handler))
            self._opened = opened.pop_all()

    def run(self) -> None:
        with self._opened:
            self._follower.start()
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        self._server.should_exit = True


@contextlib.contextmanager
def open_centre(keys: Path, database: Path, now: Callable[[], datetime] = _wall_clock) -> Iterator[Centre]:
    """The intake's database without its HTTP, beside a running intake or alone. Raises KeyMistake, OSError."""
    agency_keys = _agency_keys(keys)
    first = load_trust(keys / "trust").ledgers
    engine = open_database(database)
    try:
        agencies = _agencies(engine, agency_keys, Settings(keys=keys, database=database, port=0))
        yield Centre(store=Store(engine), agencies=agencies, terminals=TerminalKeys(engine, first), now=now)
    finally:
        engine.dispose()


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _AgencyKeys:
    """`quotes` by agency, and `documents` by those that issue some, for the codes on them."""

    quotes: Mapping[str, Ed25519PrivateKey]
    documents: Mapping[str, ec.EllipticCurvePrivateKey]


def _agency_keys(keys: Path) -> _AgencyKeys:
    """Raises KeyMistake."""
    folder, names = keys / "agency", (traffic.AGENCY, justice.AGENCY, *(rules.agency for rules in SANDBOXES))
    quotes = {name: _private_key(folder / f"{name}.key") for name in names}
    issuing = (justice.AGENCY, *(rules.agency for rules in SANDBOXES if isinstance(rules, IssuesDocuments)))
    return _AgencyKeys(quotes, {name: load_receipt_key(folder / f"{name}-document.key")[0] for name in issuing})


def _agencies(engine: Engine, keys: _AgencyKeys, settings: Settings) -> dict[str, Agency]:
    """What a broken service file leaves out is out here too: its agency has no such service then."""
    published: dict[str, Service] = {service.id: service for service in load(settings.services).services}
    quotes, documents = keys.quotes, keys.documents

    def sandboxed(rules: sandbox.Rules) -> Agency:
        name, behaviour = rules.agency, settings.sandbox
        if isinstance(rules, IssuesDocuments):
            return IssuingAgency(engine, quotes[name], rules, published, behaviour, document_key=documents[name])
        return sandbox.SandboxAgency(engine, quotes[name], rules, published, behaviour)

    return {
        traffic.AGENCY: traffic.TrafficAgency(engine, quotes[traffic.AGENCY], settings.traffic),
        justice.AGENCY: justice.JusticeAgency(
            engine, quotes[justice.AGENCY], documents[justice.AGENCY], settings.justice
        ),
        **{rules.agency: sandboxed(rules) for rules in SANDBOXES},
        **{
            rules.agency: sandbox.SandboxAgency(engine, key, rules, published, settings.sandbox)
            for rules, key in _without_rules(published.values(), settings.keys)
        },
    }


def _without_rules(published: Iterable[Service], keys: Path) -> Iterator[tuple[sandbox.Rules, Ed25519PrivateKey]]:
    """Agencies of the catalogue that nobody has written rules for: each is played, where it has a key to sign with."""
    services = tuple(published)
    written = {traffic.AGENCY, justice.AGENCY, *(rules.agency for rules in SANDBOXES)}
    for name in sorted({service.agency for service in services} - written):
        if (key := keys / "agency" / f"{name}.key").exists():
            yield generic.Generic(name, services), _private_key(key)


def serve(settings: Settings, ready: Callable[[int], None]) -> None:
    """Serves until SIGTERM or SIGINT; `ready` is told the port once connections are taken.

    While it serves, uvicorn handles these signals itself and raises them again at the end; ours stand before and after.
    """
    server = IntakeServer(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    ready(server.port)
    server.run()


def _config(keys: Path, handler: Litestar) -> uvicorn.Config:
    """TLS by the test authority's certificate; no access log and no log of uvicorn's own set-up. Raises KeyMistake."""
    certificate, key = keys / "tls" / "server.pem", keys / "tls" / "server.key"
    config = uvicorn.Config(
        handler,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        ssl_context_factory=_tls,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=SECONDS_KEPT_OPEN,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    try:
        config.load()
    except OSError:  # also ssl.SSLError: neither names the file
        raise KeyMistake(f"{certificate}, {key}: a certificate chain and its key in PEM belong here") from None
    return config


def _tls(_of: uvicorn.Config, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = make()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _private_key(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise KeyMistake(f"{file}: an Ed25519 private key belongs here") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMistake(f"{file}: an Ed25519 private key belongs here")
    return key
