"""The road to the centre, walked step by step, so that a technician sees where it ends.

Each step is tried only where the one before it held: name, connection, secure channel. Whether the answer that comes
out is the centre's is the gateway's to say.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kiosk.diagnostics import Health, StepFound, milliseconds, told
from kiosk.settings import Gateway
from kiosk.wire import Words

INTERFACES: Final = Path("/sys/class/net")

CABLE: Final = Words(ar="الكابل", en="Cable")
NAME: Final = Words(ar="العثور على الاسم", en="Name found")
CONNECTION: Final = Words(ar="الاتصال", en="Connection")
SECURE: Final = Words(ar="القناة الآمنة", en="Secure channel")
NOT_REACHED: Final = Words(ar="لم نصل إليها", en="not reached")

_HTTPS: Final = 443


def walk(gateway: Gateway, interfaces: Path = INTERFACES) -> tuple[StepFound, ...]:
    """The steps up to the secure channel; those after the first that failed are NOT_REACHED. Takes at most about
    twice the gateway's time-out."""
    parts = urlsplit(gateway.url)
    host, port = parts.hostname or "", parts.port or _HTTPS
    road = tuple(_road(host, port, gateway))
    ahead = (NAME, CONNECTION, SECURE)[len(road) :]
    cable = () if _is_loopback(host) else (_cable(interfaces),)
    return (*cable, *road, *map(not_reached, ahead))


def not_reached(title: Words) -> StepFound:
    return StepFound(title=title, health=Health.NOT_REACHED, value=NOT_REACHED)


def ended(steps: tuple[StepFound, ...]) -> StepFound | None:
    """The step at which the road ends, if it does. A cable that the kernel does not report ends nothing by itself."""
    return next((step for step in steps if step.health is Health.BAD and step.title is not CABLE), None)


def _cable(interfaces: Path) -> StepFound:
    up = [folder.name for folder in sorted(interfaces.glob("*")) if folder.name != "lo" and _has_carrier(folder)]
    if not up:
        return StepFound(title=CABLE, health=Health.BAD, value=Words(ar="غير موصول", en="no link"))
    return StepFound(title=CABLE, health=Health.GOOD, value=told("موصول ({name})", "link up ({name})", name=up[0]))


def _has_carrier(folder: Path) -> bool:
    """1 where a cable or a radio link is there; an interface that is switched off cannot be asked (sysfs-class-net)."""
    try:
        return (folder / "carrier").read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False


def _road(host: str, port: int, gateway: Gateway) -> Iterator[StepFound]:
    """Ends after the first step that fails."""
    began = time.monotonic()
    try:
        address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    except OSError:
        yield StepFound(title=NAME, health=Health.BAD, value=told("{name} غير معروف", "{name} is not known", name=host))
        return
    yield _good(NAME, began)
    began = time.monotonic()
    try:
        connection = socket.create_connection((address, port), timeout=gateway.timeout_seconds)
    except OSError as error:
        yield StepFound(title=CONNECTION, health=Health.BAD, value=_unconnected(error, gateway.timeout_seconds))
        return
    with contextlib.closing(connection):
        yield _good(CONNECTION, began)
        yield _secure(connection, host, gateway)


def _unconnected(error: OSError, seconds: float) -> Words:
    if isinstance(error, TimeoutError):
        return told("لا رد خلال {n}\u00a0ث", "no answer in {n}\u00a0s", n=f"{seconds:.1f}")
    if isinstance(error, ConnectionRefusedError):
        return Words(ar="رُفض الاتصال", en="refused")
    return Words(ar="لا طريق إليه", en="no way there")


def _secure(connection: socket.socket, host: str, gateway: Gateway) -> StepFound:
    began = time.monotonic()
    try:
        context = ssl.create_default_context(cafile=str(gateway.authority))
        with context.wrap_socket(connection, server_hostname=host):
            return _good(SECURE, began)
    except ssl.SSLCertVerificationError as error:
        value = told("شهادة لا نثق بها ({n})", "certificate not trusted ({n})", n=error.verify_code)
    except ssl.SSLError:
        value = Words(ar="ليست قناة آمنة", en="not a secure channel")
    except OSError:
        value = Words(ar="انقطع الاتصال", en="the connection broke")
    return StepFound(title=SECURE, health=Health.BAD, value=value)


def _good(title: Words, began: float) -> StepFound:
    return StepFound(title=title, health=Health.GOOD, value=milliseconds((time.monotonic() - began) * 1000))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
