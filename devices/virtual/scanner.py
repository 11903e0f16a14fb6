"""An office scanner in software, its own process: speaks eSCL over HTTP, and does on stdin what goes wrong with one.

    python -m devices.virtual.scanner --port 0

prints `listening on PORT`; the protocol's root is http://127.0.0.1:PORT/eSCL. It has a feeder, with `--glass` a glass
too, with `--camera` a camera that looks down at the sheet instead. Each line on stdin is answered by one line, `ok` or
what it asked for:

    page N        page N lies in the feeder (how it starts, with page 0); after it was scanned the next one
    no-paper      the feeder is empty
    jam           paper is stuck in the feeder
    cover         the feeder's cover is open
    busy          somebody else scans
    silent        accepts connections and answers nothing
    slow MS       how long a page takes
    rubbish       sends bytes that are no picture
    huge          sends a picture that never ends
    bomb          sends a small picture that says it is 60,000 dots wide
    drop          breaks the connection in the middle of a picture
    well          nothing is wrong any more
    list          one line of JSON: {"jobs": …, "pages": …, "cancelled": …}
    quit          ends; so does the end of stdin

The pages are those of devices.virtual.specimen_pages.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from devices.virtual.specimen_pages import encoded

FAULTS: Final = ("no-paper", "jam", "cover", "busy", "silent", "rubbish", "huge", "bomb", "drop", "well")
_FEEDER: Final = {"no-paper": "ScannerAdfEmpty", "jam": "ScannerAdfJam", "cover": "ScannerAdfHatchOpen"}
_NAMESPACES: Final = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_INPUT: Final = (
    "<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>"
    "<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>4200</scan:MaxHeight>"
    "<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes>"
    "<scan:ColorMode>BlackAndWhite1</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode>"
    "<scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>"
    "<scan:DocumentFormats><pwg:DocumentFormat>application/pdf</pwg:DocumentFormat>"
    "<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats>"
    "<scan:SupportedResolutions><scan:DiscreteResolutions>"
    + "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dots}</scan:XResolution>"
        f"<scan:YResolution>{dots}</scan:YResolution></scan:DiscreteResolution>"
        for dots in (75, 100, 150, 200, 300, 600)
    )
    + "</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
)
_WANTED: Final = re.compile(rb"<(?:\w+:)?InputSource>\s*(\w+)\s*</")


class Machine:
    """The paper, the jobs, and what is wrong."""

    def __init__(self, *, glass: bool = False, camera: bool = False) -> None:
        self.glass, self.camera = glass, camera
        self.fault = "well"
        self.page = 0
        self.seconds = 0.0
        self.jobs: dict[str, int] = {}  # by id: how many pages it has given
        self.from_feeder = True  # the job that is open
        self.opened = self.given = self.cancelled = 0
        self.changed = threading.Condition()

    def obey(self, command: str) -> str:
        with self.changed:
            match command.split():
                case [fault] if fault in FAULTS:
                    self.fault = fault
                case ["page", number] if number.isdecimal():
                    self.page, self.fault = int(number), "well"
                case ["slow", milliseconds] if milliseconds.isdecimal():
                    self.seconds = int(milliseconds) / 1000
                case ["list"]:
                    return json.dumps({"jobs": self.opened, "pages": self.given, "cancelled": self.cancelled})
                case _:
                    return "unknown"
            self.changed.notify_all()
        return "ok"

    def capabilities(self) -> str:
        platen = (
            f"<scan:Platen><scan:PlatenInputCaps>{_INPUT}</scan:PlatenInputCaps></scan:Platen>" if self.glass else ""
        )
        return (
            f"{_HEAD}<scan:ScannerCapabilities {_NAMESPACES}><pwg:Version>2.63</pwg:Version>"
            "<pwg:MakeAndModel>Invented Feeder 1</pwg:MakeAndModel><pwg:SerialNumber>SPECIMEN</pwg:SerialNumber>"
            f"{platen}{self._without_glass()}</scan:ScannerCapabilities>"
        )

    def _without_glass(self) -> str:
        if self.camera:
            return f"<scan:Camera><scan:CameraInputCaps>{_INPUT}</scan:CameraInputCaps></scan:Camera>"
        return (
            f"<scan:Adf><scan:AdfSimplexInputCaps>{_INPUT}</scan:AdfSimplexInputCaps>"
            "<scan:FeederCapacity>20</scan:FeederCapacity></scan:Adf>"
        )

    def status(self) -> str:
        is_busy = self.fault == "busy" or bool(self.jobs)
        stopped = not self.camera and self.fault in {"jam", "cover"}
        state = "Stopped" if stopped else "Processing" if is_busy else "Idle"
        feeder = _FEEDER.get(self.fault, "ScannerAdfLoaded")
        of_feeder = "" if self.camera else f"<scan:AdfState>{feeder}</scan:AdfState>"
        return (
            f"{_HEAD}<scan:ScannerStatus {_NAMESPACES}><pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State>"
            f"{of_feeder}</scan:ScannerStatus>"
        )

    def takes_from(self, source: bytes) -> bool:
        return source in {b"Camera" if self.camera else b"Feeder", b"Platen" if self.glass else b""}

    def open_job(self, *, from_feeder: bool) -> str:
        self.from_feeder = from_feeder
        job = str(uuid.uuid4())
        self.jobs[job] = 0
        self.opened += 1
        return job

    def end_job(self, job: str) -> bool:
        with self.changed:
            given = self.jobs.pop(job, None)
            self.cancelled += given == 0
            self.changed.notify_all()
            return given is not None

    def take_page(self, job: str) -> bytes | None:
        """After as long as a page takes; None where there is none, or the job is cancelled meanwhile."""
        with self.changed:
            self.changed.wait_for(lambda: job not in self.jobs, self.seconds)
            if job not in self.jobs or self.jobs[job] or (self.from_feeder and self.fault in _FEEDER):
                return None
            self.jobs[job] += 1
            self.given += 1
            picture = encoded(self.page)
            self.page += 1
            return picture


class Conversation(BaseHTTPRequestHandler):
    """One connection."""

    server: Scanner
    timeout = 60

    def do_GET(self) -> None:
        machine = self.server.machine
        if self._is_mute():
            return
        if self.path == "/eSCL/ScannerCapabilities":
            self._say(200, machine.capabilities().encode())
        elif self.path == "/eSCL/ScannerStatus":
            self._say(200, machine.status().encode())
        elif self.path.startswith("/eSCL/ScanJobs/") and self.path.endswith("/NextDocument"):
            self._give(self.path.split("/")[3])
        else:
            self._say(404)

    def do_POST(self) -> None:
        if self._is_mute():
            return
        asked = _WANTED.search(self.rfile.read(min(int(self.headers.get("Content-Length", "0")), 65_536)))
        machine = self.server.machine
        from_feeder = asked is not None and asked[1] == b"Feeder"
        if machine.fault == "busy" or machine.jobs:
            self._say(503)
        elif asked is None or not machine.takes_from(asked[1]):
            self._say(400)
        elif from_feeder and machine.fault in _FEEDER:
            self._say(409)
        else:
            self._say(201, location=f"http://scanner.invalid/eSCL/ScanJobs/{machine.open_job(from_feeder=from_feeder)}")

    def do_DELETE(self) -> None:
        if not self._is_mute():
            self._say(200 if self.server.machine.end_job(self.path.rpartition("/")[2]) else 404)

    def log_message(self, *_: object) -> None:
        """What is scanned here is nobody's, but a log of it would be a habit."""

    def _is_mute(self) -> bool:
        machine = self.server.machine
        with machine.changed:
            if machine.fault == "silent":
                self.close_connection = True
                machine.changed.wait_for(lambda: machine.fault != "silent", 60)
                return True
        return False

    def _give(self, job: str) -> None:
        machine = self.server.machine
        picture = machine.take_page(job)
        if picture is None:
            self._say(404)
            return
        match machine.fault:
            case "rubbish":
                self._say(200, bytes(range(256)) * 40, kind="image/jpeg")
            case "bomb":
                self._say(200, _bomb(picture), kind="image/jpeg")
            case "huge":
                self._flood(picture)
            case "drop":
                self._say(200, picture[: len(picture) // 2], kind="image/jpeg", length=len(picture))
                self.close_connection = True
            case _:
                self._say(200, picture, kind="image/jpeg")

    def _say(
        self,
        status: int,
        content: bytes = b"",
        *,
        kind: str = "text/xml",
        location: str = "",
        length: int | None = None,
    ) -> None:
        self.send_response_only(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(content)

    def _flood(self, picture: bytes) -> None:
        """Until the other side hangs up."""
        self.send_response_only(200)
        self.send_header("Content-Type", "image/jpeg")
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(picture)


def _bomb(picture: bytes) -> bytes:
    """The frame header of a baseline JPEG (ITU-T T.81, B.2.2) states another size."""
    at = picture.index(b"\xff\xc0")
    return picture[: at + 5] + (60_000).to_bytes(2, "big") * 2 + picture[at + 9 :]


class Scanner(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, machine: Machine) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.machine = machine


def main() -> None:
    arguments = argparse.ArgumentParser(description="A document scanner that can fail.")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--glass", action="store_true")
    arguments.add_argument("--camera", action="store_true")
    chosen = arguments.parse_args()
    machine = Machine(glass=chosen.glass, camera=chosen.camera)
    server = Scanner(chosen.port, machine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"listening on {server.server_address[1]}", flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        print(machine.obey(line), flush=True)
    server.server_close()


if __name__ == "__main__":
    main()
