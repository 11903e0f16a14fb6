"""A bank-card terminal in software, its own process: takes the payment protocol over TCP and a person's acts on stdin.

    python -m devices.virtual.payment_terminal --port 0 --state FILE

prints `listening on PORT`. Each line on stdin is answered by one line, `ok` or what it asked for:

    approve       the person presents a good card after the delay (how it starts)
    decline       the bank refuses every card
    wait          nothing happens until `present` or `cancel` is typed
    late          the bank's yes comes only after the kiosk has hung up
    drop          does what it is asked, then closes the connection without an answer (a query is still answered)
    deaf          loses every capture, void, refund and cancel on its way, and hangs up (a query is still answered)
    silent        accepts connections and answers nothing
    delay MS      how long a person takes
    lag MS        how late each question arrives, and each answer
    present       the waiting person presents a good card
    cancel        the waiting person presses the red key
    list          one line of JSON: [{"payment": …, "amount_fils": …, "state": …, "moves": …, "parts": {…}}]
    quit          ends; so does the end of stdin

`moves` counts how often money went out of the card, less how often it came back; `parts` is what came back of it by its
name, in fils. What it knows is kept in FILE, one
line of JSON for each change, so that it may be ended and started again as a real one is.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import select
import socket
import socketserver
import sys
import threading
import time
from pathlib import Path
from typing import Any

MODES = ("approve", "decline", "wait", "late", "drop", "deaf", "silent")
LINE_BYTES = 1024


class Payments:
    """What happened to every payment that was ever asked for, and what the person in front of the terminal does."""

    def __init__(self, file: Path) -> None:
        self.mode = "approve"
        self.delay_seconds = 0.0
        self.lag_seconds = 0.0
        self._changed = threading.Condition()
        self._known: dict[str, dict[str, Any]] = {}
        for line in file.read_text().splitlines() if file.exists() else ():
            with contextlib.suppress(ValueError):  # the last line of a power cut may be torn
                record = json.loads(line)
                self._known[record["payment"]] = {"parts": {}, **record}  # an older file names no parts
        self._file = file.open("a")
        self.person("cancelled")  # nobody stands there any more

    def close(self) -> None:
        self._file.close()

    def listed(self) -> str:
        with self._changed:
            return json.dumps(list(self._known.values()))

    def state(self, payment: str) -> str:
        with self._changed:
            return str(self._known[payment]["state"]) if payment in self._known else "unheard"

    def ask_person(self, payment: str, amount_fils: int) -> str:
        """Begins to wait for the person, unless this payment was asked for before."""
        with self._changed:
            record = self._known.get(payment)
            if record is None:
                self._set(payment, "waiting", amount_fils=amount_fils)
                return "waiting"
            if record["amount_fils"] not in (None, amount_fils):
                return "refused"
            return str(record["state"])

    def decided(self, payment: str, hung_up: threading.Event) -> str:
        """Waits until the person, the bank or the other side has made an end of it."""
        ready_at = time.monotonic() + self.delay_seconds
        with self._changed:
            while self._known[payment]["state"] == "waiting":
                remaining = ready_at - time.monotonic()
                if self.mode in ("wait", "silent") or (self.mode == "late" and not hung_up.is_set()):
                    self._changed.wait()
                elif remaining > 0:
                    self._changed.wait(remaining)
                else:
                    self._set(payment, "declined" if self.mode == "decline" else "authorised")
            return str(self._known[payment]["state"])

    def choose(self, mode: str) -> None:
        with self._changed:
            self.mode = mode
            self._changed.notify_all()

    def hang_up(self, hung_up: threading.Event) -> None:
        with self._changed:
            hung_up.set()
            self._changed.notify_all()

    def person(self, state: str) -> None:
        """The waiting person acts: `authorised` (presents a card) or `cancelled` (the red key)."""
        with self._changed:
            for payment, record in list(self._known.items()):
                if record["state"] == "waiting":
                    self._set(payment, state)

    def change(self, ask: str, payment: str) -> str:
        """`capture`, `void` or `cancel`; a payment that was never asked for can no longer be after the last two."""
        after = {
            ("capture", "authorised"): ("captured", 1),
            ("void", "unheard"): ("voided", 0),
            ("void", "waiting"): ("voided", 0),
            ("void", "authorised"): ("voided", 0),
            ("void", "captured"): ("refunded", -1),
            ("cancel", "unheard"): ("cancelled", 0),
            ("cancel", "waiting"): ("cancelled", 0),
        }
        with self._changed:
            now = self._known[payment]["state"] if payment in self._known else "unheard"
            if (ask, now) in after and not (now == "waiting" and self.mode == "late"):
                state, moves = after[ask, now]
                self._set(payment, state, moves=moves)
            return str(self._known[payment]["state"]) if payment in self._known else "unheard"

    def give_back(self, payment: str, part: str, amount_fils: int) -> str:
        """A part of what was captured; each part once, and never more than is here."""
        with self._changed:
            record = self._known.get(payment)
            if record is None or record["state"] not in ("captured", "refunded"):
                return "unheard" if record is None else str(record["state"])
            parts = record["parts"]
            if part in parts:
                return "refunded" if parts[part] == amount_fils else "refused"
            left = int(record["amount_fils"]) - sum(parts.values())
            if record["state"] == "refunded" or not 0 < amount_fils <= left:
                return "refused"
            self._known[payment] = {**record, "parts": {**parts, part: amount_fils}}
            whole = amount_fils == left
            self._set(payment, "refunded" if whole else "captured", moves=-1 if whole else 0)
            return "refunded"

    def _set(self, payment: str, state: str, *, amount_fils: int | None = None, moves: int = 0) -> None:
        new: dict[str, Any] = {"payment": payment, "amount_fils": amount_fils, "moves": 0, "parts": {}}
        record = self._known.get(payment, new)
        record = {**record, "state": state, "moves": record["moves"] + moves}
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._known[payment] = record
        self._changed.notify_all()


class Conversation(socketserver.StreamRequestHandler):
    """One connection: one question, its answer."""

    server: Terminal

    def handle(self) -> None:
        payments = self.server.payments
        if payments.mode == "silent":
            _wait_until_closed(self.connection)
            return
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # nonsense is answered by hanging up
            question = json.loads(self.rfile.readline(LINE_BYTES))
            ask, payment = question["ask"], str(question["payment"])
            time.sleep(payments.lag_seconds)  # the slow terminal that a test asked for
            if ask == "authorise":
                state = self._authorise(payment, int(question["amount_fils"]))
            elif ask in ("capture", "void", "cancel"):
                if payments.mode == "deaf":
                    return
                state = payments.change(ask, payment)
            elif ask == "refund":
                if payments.mode == "deaf":
                    return
                state = payments.give_back(payment, str(question["part"]), int(question["amount_fils"]))
            else:
                state = payments.state(payment)
            if payments.mode != "drop" or ask == "query":
                self._answer(payment, state)

    def _authorise(self, payment: str, amount_fils: int) -> str:
        state = self.server.payments.ask_person(payment, amount_fils)
        if state != "waiting":
            return state
        self._answer(payment, state)
        hung_up = threading.Event()
        threading.Thread(target=self._notice, args=(hung_up,), daemon=True).start()
        return self.server.payments.decided(payment, hung_up)

    def _notice(self, hung_up: threading.Event) -> None:
        _wait_until_closed(self.connection)
        self.server.payments.hang_up(hung_up)

    def _answer(self, payment: str, state: str) -> None:
        time.sleep(self.server.payments.lag_seconds)  # as above
        self.wfile.write(json.dumps({"payment": payment, "state": state}).encode() + b"\n")


class Terminal(socketserver.ThreadingTCPServer):
    """Listens on loopback only: it stands for a device on the same counter."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, payments: Payments) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.payments = payments


def obey(line: str, payments: Payments) -> str:
    """One line of stdin; what is answered."""
    match line.split():
        case [mode] if mode in MODES:
            payments.choose(mode)
        case ["delay", milliseconds] if milliseconds.isdigit():
            payments.delay_seconds = int(milliseconds) / 1000
        case ["lag", milliseconds] if milliseconds.isdigit():
            payments.lag_seconds = int(milliseconds) / 1000
        case ["present"]:
            payments.person("authorised")
        case ["cancel"]:
            payments.person("cancelled")
        case ["list"]:
            return payments.listed()
        case _:
            return "unknown"
    return "ok"


def _wait_until_closed(connection: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        while select.select([connection], [], []) and connection.recv(LINE_BYTES):
            pass


def main() -> None:
    arguments = argparse.ArgumentParser(description="A bank-card terminal in software.")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--state", type=Path, required=True)
    chosen = arguments.parse_args()
    payments = Payments(chosen.state)
    terminal = Terminal(chosen.port, payments)
    threading.Thread(target=terminal.serve_forever, daemon=True).start()
    print(f"listening on {terminal.server_address[1]}", flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        print(obey(line, payments), flush=True)
    payments.close()  # every change is on disk already; the threads and their connections end with the process


if __name__ == "__main__":
    main()
