"""A scanner in software: shows, to whoever asks over TCP, the machine-readable zone of the card that was presented.

It runs on a thread and not as a process of its own, so that the zone, which is personal, is handed over in memory.
"""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Sequence


class _Conversation(socketserver.StreamRequestHandler):
    server: VirtualMrzScanner
    timeout = 5

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            if self.rfile.readline(16) == b"READ\n":
                self.wfile.write("".join(line + "\n" for line in (*self.server.lines, "")).encode("ascii"))


class VirtualMrzScanner(socketserver.ThreadingTCPServer):
    """Listens on a free port of the loopback from the start; `close` ends it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.lines: tuple[str, ...] = ()
        self.port: int = self.server_address[1]
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="mrz-scanner", daemon=True)
        self._thread.start()

    def show(self, lines: Sequence[str] = ()) -> None:
        """From now on this zone is seen; without lines, no card."""
        self.lines = tuple(lines)

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
