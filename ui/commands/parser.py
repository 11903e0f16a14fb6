"""The command line: names, options and help of every command; what each does is handed in."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.staff import Role

Act = Callable[[argparse.Namespace], int]

_SETTINGS_HELP = "the terminal's settings (default: $KIOSK_SETTINGS, else the last demonstration's)"
_TRAINING_HELP = "nothing is paid or sent: training's own ledger and keys, below the state folder"
_STAFF_ACTS = ("list", "acts", "add", "pin", "unlock", "activate", "deactivate")


def make_parser(acts: Mapping[str, Act], build: Path) -> argparse.ArgumentParser:
    """`acts` by command name; each gets the parsed arguments and answers with the exit status."""
    parser = argparse.ArgumentParser(prog="main.py", description="The service-centre terminal of a post office.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, told: str, *what: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=told, description=told)
        command.set_defaults(act=acts[name])
        if what:
            command.add_argument("what", choices=what)
        return command

    def add_reading(name: str, told: str, *what: str) -> argparse.ArgumentParser:
        command = add(name, told, *what)
        given = os.environ.get("KIOSK_SETTINGS")
        command.add_argument("--settings", type=Path, default=Path(given) if given else None, help=_SETTINGS_HELP)
        command.add_argument("--json", action="store_true", help="for machines")
        command.add_argument("--training", action="store_true", help=_TRAINING_HELP)
        return command

    add_reading("run", "the kiosk, full screen")
    shown = add("demo", "the kiosk with virtual parts, and a panel to play the world")
    shown.add_argument("--out", type=Path, default=build / "demo", help="where its state lives")
    shown.add_argument("--training", action="store_true", help=_TRAINING_HELP)
    shown.add_argument("--assisted", action="store_true", help="the counter where a clerk serves, instead of the kiosk")
    toured = add("tour", "whole visits by input events, with pictures and receipts")
    toured.add_argument("--out", type=Path, default=build / "tour", help="where pictures, receipts and tour.json go")
    toured.add_argument(
        "--without-pictures", action="store_true", help="watch instead how late the screen ever answers"
    )
    card = add_reading("card", "what is in the reader, is it genuine, and its signature", "read", "watch", "sign")
    card.add_argument(
        "files", type=Path, nargs="*", metavar="PDF", help="of `sign`: what is signed, and what it becomes"
    )
    card.add_argument("--last-try", action="store_true", help="of `sign`: use the only try that the PIN has left")
    card.add_argument("--show-personal", action="store_true", help="name and national number too")
    card.add_argument(
        "--ask-access-number", action="store_true", help="for a card that opens with the six digits printed on it"
    )
    add_reading("queue", "the ledger and what waits in it", "status", "list", "verify")
    add_reading("receipt", "is this receipt genuine?", "verify").add_argument(
        "receipt", help="the text of its code, or the printed PDF"
    )
    add_reading("catalogue", "the services", "check", "list")
    add_reading("diagnose", "the technician's checks")
    _add_staff(add_reading("staff", "who may sign in at the counter", *_STAFF_ACTS))
    served = add("intake", "the reference server", "serve")
    served.add_argument("rest", nargs=argparse.REMAINDER, help="its own arguments, e.g. --help")
    return parser


def _add_staff(command: argparse.ArgumentParser) -> None:
    """`list` and `acts` are about everybody; the others about one, and while the kiosk does not run."""
    command.add_argument("id", nargs="?", default="", help="what the member types to sign in, e.g. rana")
    command.add_argument("--role", default="", choices=[role.value for role in Role], help="of a new member")
    command.add_argument("--name-ar", default="", help="of a new member, in Arabic")
    command.add_argument("--name-en", default="", help="of a new member, in Latin letters")
    command.add_argument("--pin-stdin", action="store_true", help="the PIN is one line of standard input")
