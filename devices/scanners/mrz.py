"""The scanner in the reader's mouth: reads the machine-readable zone that is printed on the card.

The chip opens only to who can see the card: the key of Basic Access Control is made from this zone (ICAO Doc 9303-11,
4.3), so it is read from the print before the chip is asked.

PROVISIONAL. The scanner that the terminals will have is not chosen; its protocol will be its maker's. This one holds
the place: over TCP the kiosk sends `READ` and a line feed; the scanner answers with the lines of a zone (A-Z, 0-9 and
<; three of 30 characters for TD1, two of 36 for TD2, two of 44 for TD3: Doc 9303-5, 9303-6 and 9303-4), each ended by a
line feed, and an empty line; or with the empty line alone when it sees no document.
"""

from __future__ import annotations

import re
import socket
import time

SECONDS = 1.0
"""For the whole exchange."""

_LONGEST = 3 * 31 + 1
_ZONE = re.compile(rb"((?:[A-Z0-9<]{30}\n){3}|(?:[A-Z0-9<]{36}\n){2}|(?:[A-Z0-9<]{44}\n){2})\n")


class MrzScanner:
    def __init__(self, host: str, port: int, seconds: float = SECONDS) -> None:
        self._address = (host, port)
        self._seconds = seconds

    def read(self) -> str | None:
        """The lines of the document now presented, a line feed between them; None for no document, no scanner, or
        anything that is not a zone of the three sizes. Check digits are the card reader's matter."""
        until = time.monotonic() + self._seconds
        received = b""
        try:
            with socket.create_connection(self._address, timeout=self._seconds) as connection:
                connection.sendall(b"READ\n")
                while len(received) <= _LONGEST and not received.endswith(b"\n\n") and received != b"\n":
                    connection.settimeout(max(0.001, until - time.monotonic()))
                    more = connection.recv(_LONGEST + 1)
                    if not more:
                        return None
                    received += more
        except OSError:
            return None
        zone = _ZONE.fullmatch(received)
        return zone[1].decode("ascii").rstrip("\n") if zone else None
