"""A private PC/SC service: pcscd with a virtual reader of two slots, beside whatever service the machine runs.

Debian's pcscd keeps its socket in /run/pcscd and cannot be told otherwise, while its clients can
(PCSCLITE_CSOCK_NAME). So pcscd runs in a mount namespace of its own, in which a private folder stands at /run.
The virtual reader listens on every network interface, not only on loopback (vpcd.c, opensock): never on a terminal
in service.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.virtual.tether import Tether

DAEMONS = (Path("/usr/sbin/pcscd"), Path("/usr/bin/pcscd"), Path("/usr/local/sbin/pcscd"))
DRIVER = "pcsc/drivers/serial/libifdvpcd.so"
LIBRARIES = (Path("/usr/lib"), Path("/usr/local/lib"))
# Below Linux's ephemeral ports (ip(7), ip_local_port_range), so that no outgoing connection takes them in between.
FIRST_PORT, LAST_PORT = 20_000, 32_000
ATTEMPTS = 5
READY_SECONDS, END_SECONDS = 10.0, 5.0
LONGEST_SOCKET_PATH = 107  # unix(7), sun_path without its final zero
IN_OWN_MOUNTS = 'mount --bind "$1" /run && exec "$2" --foreground --error --config "$3"'
READER = """\
FRIENDLYNAME "{name}"
DEVICENAME   /dev/null:0x{port:X}
LIBPATH      {driver}
CHANNELID    0x{port:X}
"""

FRIENDLY_NAME = "Virtual PCD"
READERS = (f"{FRIENDLY_NAME} 00 00", f"{FRIENDLY_NAME} 00 01")
"""The slots' names, as pcscd makes them of the driver's friendly name."""


class ServiceUnavailable(Exception):
    """The service cannot run here; the text says what is missing or what it said."""


class VirtualReaderService:
    """One pcscd with the two READERS; a card takes the one of `ports` that stands in the same place.

    `environment` is what PC/SC clients need. The client library reads it once in its life: a process that has spoken
    to one service cannot speak to another. A service in the same `folder` is the same one for them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` may exist and is then left; otherwise a temporary one is made and removed. Its path is short: the
        socket's may not exceed 107 bytes."""
        self._given = folder
        self._folder = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._tether: Tether | None = None
        self.ports = (0, 0)
        self.environment: dict[str, str] = {}

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Comes back when clients can connect and both slots listen. Raises ServiceUnavailable."""
        daemon = find_daemon()
        self._folder = (self._given or Path(tempfile.mkdtemp(prefix="pcsc-"))).resolve()
        address = self._socket_path()
        if len(os.fsencode(address)) > LONGEST_SOCKET_PATH:
            raise ServiceUnavailable(f"the folder's path is too long for a socket: {self._folder}")
        address.parent.mkdir(parents=True, exist_ok=True)
        self.environment = {"PCSCLITE_CSOCK_NAME": str(address)}
        try:
            for _ in range(ATTEMPTS):
                port = _free_pair()
                self.ports = (port, port + 1)
                self._configure(FRIENDLY_NAME)
                if self._run(daemon):
                    return
        except BaseException:
            self.close()
            raise
        said = self._log().read_text(errors="replace").strip()[-500:]
        self.close()
        raise ServiceUnavailable(f"pcscd does not get ready: {said or 'it says nothing'}")

    def restart(self, friendly_name: str = FRIENDLY_NAME) -> None:
        """Kills the service as a crash would, and starts it anew on the same socket and ports. Cards in it are gone.
        With another name, another reader stands where READERS were.

        Raises ServiceUnavailable.
        """
        self.kill()
        self._configure(friendly_name)
        if not self._run(find_daemon()):
            raise ServiceUnavailable("pcscd does not get ready again")

    def kill(self) -> None:
        """Ends the service without a farewell; its folder, socket path and ports stay for `restart`."""
        self._end(kindly=False)

    def close(self) -> None:
        """Ends the service. Harmless on one that has ended or never started."""
        self._end(kindly=True)
        if self._given is None and self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _configure(self, name: str) -> None:
        text = READER.format(name=name, port=self.ports[0], driver=find_driver())
        self._configuration().write_text(text, encoding="ascii")

    def _run(self, daemon: Path) -> bool:
        """Starts the daemon; whether it got ready. One that did not is ended."""
        address = self._socket_path()
        # A crashed daemon leaves both; pcscd gives way to any living process that its old number belongs to now.
        for leftover in (address, address.with_name("pcscd.pid")):
            leftover.unlink(missing_ok=True)
        # Without root's rights a user namespace of one's own gives the right to mount in it (user_namespaces(7)).
        namespaces = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
        command = ["unshare", *namespaces, "sh", "-c", IN_OWN_MOUNTS, "sh"]
        with self._log().open("wb") as log:
            self._process = subprocess.Popen(
                [*command, str(self._folder / "run"), str(daemon), str(self._configuration())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._tether = Tether(self._process.pid)
        # The daemon sets its readers up before it opens its socket: once that answers, the ports are decided.
        if self._answers(self._process, address) and _listens(self._process.pid, self.ports):
            return True
        self._end(kindly=True)
        return False

    def _answers(self, process: subprocess.Popen[bytes], address: Path) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                client.connect(str(address))
                return True
            time.sleep(0.01)  # a socket that is not there yet tells nobody when it comes: asked again, up to a deadline
        return False

    def _end(self, *, kindly: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if kindly:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
        process.kill()
        process.wait()
        if self._tether is not None:
            self._tether.cut()

    def _socket_path(self) -> Path:
        return self._folder / "run" / "pcscd" / "pcscd.comm"

    def _configuration(self) -> Path:
        return self._folder / "reader.conf"

    def _log(self) -> Path:
        return self._folder / "pcscd.log"


def find_daemon() -> Path:
    """Raises ServiceUnavailable."""
    for place in DAEMONS:
        if place.is_file():
            return place
    raise ServiceUnavailable("pcscd is not installed here: apt-get install pcscd")


def find_driver() -> Path:
    """The virtual reader's driver for pcscd. Raises ServiceUnavailable."""
    for library in LIBRARIES:
        for place in (library / DRIVER, *library.glob(f"*-linux-gnu/{DRIVER}")):
            if place.is_file():
                return place
    raise ServiceUnavailable("the virtual reader is not installed here: apt-get install vsmartcard-vpcd")


def _free_pair() -> int:
    """The first of two neighbouring free ports."""
    while True:
        first = random.randrange(FIRST_PORT, LAST_PORT, 2)
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as two:
            one.bind(("", first))
            two.bind(("", first + 1))
            return first


def _listens(pid: int, ports: tuple[int, ...]) -> bool:
    """Whether this very process listens on all the ports (proc(5), /proc/net/tcp: state 0A, address, inode)."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:])
    inodes = {int(row[1].rsplit(":", 1)[1], 16): row[9] for row in rows if row[3] == "0A"}
    held = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed in between, as that of our own first connection
            held.add(str(descriptor.readlink()))
    return all(f"socket:[{inodes.get(port)}]" in held for port in ports)
