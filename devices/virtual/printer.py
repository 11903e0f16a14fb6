"""A receipt printer in software: `ippeveprinter`, the reference IPP printer of CUPS, on the loopback address.

It runs in a process of its own and speaks real IPP. Its "print head" is a small script that lets each page out into a
folder, or holds it while a fault is set. `ippeveprinter` insists on a system bus, even when it is told to announce
itself to nobody, so it gets a private one; nothing of the machine's own bus is touched.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from devices.virtual.part import PartFailed
from devices.virtual.tether import Tether

FAULTS: Final = ("media-empty", "cover-open", "media-jam")

_START_SECONDS: Final = 10.0
_END_SECONDS: Final = 3.0
_ASK_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.02
_STARTS: Final = 5
_CONTROL: Final = "virtual-printer-fault"
_SYSTEM_FOLDERS: Final = "/usr/sbin:/usr/bin:/sbin:/bin"

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

# A line "STATE: +reason" or "STATE: -reason" on its stderr changes what the printer says of itself. The printer starts
# no job while it reports a fault, so whoever reports one stays until it is over: a page, or else a job of our own.
_HEAD = """#!/bin/sh
set -eu
told= held=
while fault=$(cat {fault}); [ -n "$fault$told" ]; do
    if [ "$fault" != "$told" ]; then
        [ -z "$told" ] || echo "STATE: -$told" >&2
        [ -z "$fault" ] || echo "STATE: +$fault" >&2
        told=$fault held=yes
    fi
    sleep 0.05
done
cancelled() {{
    [ "$held" ] || return 1
    {ipptool} -c -d job="$IPP_JOB_ID" "$(cat {address})" {job_test} | grep -q processing-to-stop-point
}}
if [ "$IPP_JOB_NAME" != {control} ] && ! cancelled; then
    page={printed}/$(printf %06d $(($(ls {printed} | wc -l) + 1))).pdf
    cp -- "$1" "$page.part"
    mv -- "$page.part" "$page"
fi
"""

_SET_FAULT = """{{
OPERATION Print-Job
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR name job-name {control}
ATTR mimeMediaType document-format application/pdf
FILE "{document}"
STATUS successful-ok
}}
"""

_STATE = """{
OPERATION Get-Printer-Attributes
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR keyword requested-attributes printer-state,printer-state-reasons
STATUS successful-ok
DISPLAY printer-state
DISPLAY printer-state-reasons
}
"""

_JOB = """{
OPERATION Get-Job-Attributes
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR integer job-id $job
ATTR keyword requested-attributes job-state-reasons
STATUS successful-ok
DISPLAY job-state-reasons
}
"""


class VirtualPrinter:
    """Prints into `folder`; `start` and `close`, or a `with` block. Raises PartFailed when it cannot."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._printed = self._folder / "printed"
        self._fault = self._folder / "fault"
        self._address = self._folder / "address"
        self._log = self._folder / "printer.log"
        self._bus_folder = ""
        self._processes: list[subprocess.Popen[bytes]] = []
        self._tethers: dict[int, Tether] = {}
        self.url = ""

    def start(self) -> None:
        """Comes back when the printer answers at `url`."""
        programs = {name: _program(name) for name in ("ippeveprinter", "ipptool", "dbus-daemon")}
        for folder in (self._folder, self._printed, self._folder / "spool"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fault.write_text("")
        self._write_scripts()
        try:
            address = self._start_bus(programs["dbus-daemon"])
            self._start_printer(programs["ippeveprinter"], address)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends both processes, by their ids; harmless when they have ended. What was printed stays."""
        while self._processes:
            process = self._processes.pop()
            for way in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, way)  # its print head too
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_END_SECONDS)
                    break
            self._tethers.pop(process.pid).cut()
        if self._bus_folder:
            shutil.rmtree(self._bus_folder, ignore_errors=True)
            self._bus_folder = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def printed(self) -> list[Path]:
        """The pages that came out, as PDF files, the oldest first."""
        return sorted(self._printed.glob("*.pdf"))

    def set_fault(self, name: str | None) -> None:
        """Makes the printer report one of FAULTS and hold every page, or (None) go on. Back when it reports it."""
        self.hold(name)
        self._until(lambda: self._reports(name), f"does not report {name or 'that all is well'}")

    def hold(self, name: str | None) -> None:
        """The same for a fault that comes up only while a page is being printed: nothing is reported before."""
        if name is not None and name not in FAULTS:
            raise ValueError(f"{name!r} is none of {', '.join(FAULTS)}")
        self._fault.write_text(name or "")

    def process_ids(self) -> tuple[int, ...]:
        """Of the bus and of the printer; each leads a process group of its own."""
        return tuple(process.pid for process in self._processes)

    def _reports(self, name: str | None) -> bool:
        """Whether the printer says so; a fault that nobody reports yet is given a job that does."""
        said = self._ipptool("state.test")
        if all((fault in said) == (fault == name) for fault in FAULTS) and (name or "idle" in said):
            return True
        if name:
            self._ipptool("fault.test")
        return False

    def _ipptool(self, test: str) -> str:
        command = [_program("ipptool"), "-c", "-T", "3", self.url, str(self._folder / test)]
        try:
            answer = subprocess.run(
                command, capture_output=True, text=True, timeout=_ASK_SECONDS, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            return ""
        return answer.stdout

    def _write_scripts(self) -> None:
        head, job_test = self._folder / "print-head", self._folder / "job.test"
        paths = {"fault": self._fault, "printed": self._printed, "job_test": job_test, "address": self._address}
        quoted = {name: shlex.quote(str(path)) for name, path in paths.items()} | {"ipptool": _program("ipptool")}
        head.write_text(_HEAD.format(control=_CONTROL, **quoted))
        head.chmod(0o700)
        state_test = self._folder / "state.test"
        state_test.write_text(_STATE)
        job_test.write_text(_JOB)
        (self._folder / "fault.test").write_text(_SET_FAULT.format(control=_CONTROL, document=state_test))

    def _start_bus(self, program: str) -> str:
        """A Unix socket's path is short (108 bytes), so it lies in a folder of its own; its address."""
        self._bus_folder = tempfile.mkdtemp(prefix="kiosk-bus-")
        path = Path(self._bus_folder, "bus")
        configuration = Path(self._bus_folder, "bus.conf")
        configuration.write_text(_BUS.format(socket=path))
        process = self._run([program, f"--config-file={configuration}", "--nofork", "--nopidfile"], {})
        self._until(path.is_socket, "has no bus", process)
        return f"unix:path={path}"

    def _start_printer(self, program: str, bus: str) -> None:
        for last in (False,) * (_STARTS - 1) + (True,):
            port = _free_port()
            self.url = f"ipp://127.0.0.1:{port}/ipp/print"
            self._address.write_text(self.url)
            command = [program, "-n", "localhost", "-p", str(port), "-r", "off", "--no-web-forms"]
            command += ["-f", "application/pdf", "-d", str(self._folder / "spool")]
            command += ["-c", str(self._folder / "print-head"), "Receipt printer"]
            process = self._run(command, {"DBUS_SYSTEM_BUS_ADDRESS": bus, "LC_ALL": "C.UTF-8"})
            try:
                self._until(lambda: "idle" in self._ipptool("state.test"), "does not answer", process)
            except PartFailed:
                if last or process.poll() is None:
                    raise
                self._tethers.pop(process.pid).cut()
                self._processes.remove(process)  # another program took that port in between
            else:
                return

    def _run(self, command: Sequence[str], more: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | more,
                start_new_session=True,  # Ctrl+C is for the program, which ends its parts in their order
            )
        self._processes.append(process)
        self._tethers[process.pid] = Tether(process.pid)
        return process

    def _until(self, true: Callable[[], bool], otherwise: str, process: subprocess.Popen[bytes] | None = None) -> None:
        until = time.monotonic() + _START_SECONDS
        while not true():
            if (process and process.poll() is not None) or time.monotonic() > until:
                raise PartFailed(f"the virtual printer {otherwise}; see {self._log}")
            time.sleep(_POLL_SECONDS)  # a program that starts tells nobody when it listens: up to a deadline


def _program(name: str) -> str:
    """Debian keeps the reference printer in /usr/sbin, which a user's PATH leaves out."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SYSTEM_FOLDERS}")
    if path is None:
        package = "dbus" if name == "dbus-daemon" else "cups-ipp-utils"
        raise PartFailed(f"the virtual printer needs {name}: install it with `apt-get install {package}`")
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
