"""Another program that uses the card, in its own process, told by lines, each answered by `ok` or a PC/SC code in hex.

`hold READER exclusive|shared|transaction` connects, the last with a transaction begun; `release` lets the card go.
"""

from __future__ import annotations

import sys

from smartcard import scard

PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


class Holder:
    def __init__(self) -> None:
        _, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        self._card: int | None = None

    def obey(self, line: str) -> str:
        verb, _, rest = line.partition(" ")
        if verb == "release":
            assert self._card is not None
            return _said(scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD))
        reader, _, way = rest.rpartition(" ")
        share = scard.SCARD_SHARE_EXCLUSIVE if way == "exclusive" else scard.SCARD_SHARE_SHARED
        code, self._card, _ = scard.SCardConnect(self._context, reader, share, PROTOCOLS)
        if code == scard.SCARD_S_SUCCESS and way == "transaction":
            code = scard.SCardBeginTransaction(self._card)
        return _said(code)


def _said(code: int) -> str:
    return "ok" if code == scard.SCARD_S_SUCCESS else f"{code & 0xFFFFFFFF:08X}"


def main() -> None:
    holder = Holder()
    for line in sys.stdin:
        sys.stdout.write(holder.obey(line.strip()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
