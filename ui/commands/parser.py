"""The command line: names, options and help of every command; what each does is handed in."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from kiosk.staff import Role

Act = Callable[[argparse.Namespace], int]

_SETTINGS_HELP = "the terminal's settings (default: $KIOSK_SETTINGS, else the last demonstration's)"
_JSON_HELP = "for machines"
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
        return _reading(add(name, told, *what))

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
    toured.add_argument(
        "--only", metavar="NAME", nargs="+", default=(), help="lives only the rounds of these names; * is any text"
    )
    toured.add_argument("--all-services", action="store_true", help="every service of the catalogue once, and no more")
    toured.add_argument("--lang", choices=("ar", "en"), default="ar", help="of --all-services")
    toured.add_argument("--small", action="store_true", help="of --all-services: on the small panel, 1024 x 768")
    toured.add_argument(
        "--text-size",
        choices=("standard", "largest"),
        default="standard",
        help="of --all-services: from the start card on",
    )
    toured.add_argument(
        "--answer",
        type=_answer,
        action="append",
        default=[],
        metavar="STEP=ANSWER",
        help="of --all-services: instead of the first option, or the least; may be given several times",
    )
    _add_card(add("card", "what is in the reader, and is it genuine? Whose cards are believed here?"))
    whats = ("status", "list", "attention", "verify", "sync")
    add_reading("queue", "the ledger and what waits in it", *whats).add_argument(
        "--rebuild",
        action="store_true",
        help="verify: make anew what does not say what the entries say (the terminal's program must be stopped)",
    )
    add_reading("receipt", "is this receipt genuine?", "verify").add_argument(
        "receipt", help="the text of its code, or the printed PDF"
    )
    _add_catalogue(add("catalogue", "the services as data: every mistake, a list, and a new file"))
    add_reading("diagnose", "the technician's checks")
    _add_report(add_reading("report", "how the services were used, for the people who answer for them", "uptake"))
    _add_keys(add_reading("keys", "a key of this terminal is renewed; two people answer for it by their PINs", "renew"))
    _add_staff(add_reading("staff", "who may sign in at the counter", *_STAFF_ACTS))
    served = add("intake", "the reference server", "serve")
    served.add_argument("rest", nargs=argparse.REMAINDER, help="its own arguments, e.g. --help")
    return parser


def _reading(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """A command that reads the terminal's settings."""
    given = os.environ.get("KIOSK_SETTINGS")
    command.add_argument("--settings", type=Path, default=Path(given) if given else None, help=_SETTINGS_HELP)
    command.add_argument("--json", action="store_true", help=_JSON_HELP)
    command.add_argument("--training", action="store_true", help=_TRAINING_HELP)
    return command


def _answer(text: str) -> tuple[str, str]:
    step, between, answer = text.partition("=")
    if not (step and between and answer):
        raise argparse.ArgumentTypeError(f"{text!r}: write STEP=ANSWER, such as kind=lost")
    return step, answer


def _add_card(command: argparse.ArgumentParser) -> None:
    """`read`, `watch` and `sign` are about the card inside, `profile` about the file that describes a kind of cards,
    `trust` about whose cards are believed."""
    whats = command.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, told in (("read", "read and prove it, once"), ("watch", "tell of every card that comes and goes")):
        reading = _reading(whats.add_parser(name, help=told, description=told))
        reading.add_argument("--show-personal", action="store_true", help="name and national number too")
        reading.add_argument(
            "--ask-access-number", action="store_true", help="for a card that opens with the six digits printed on it"
        )
    told = "a PDF signed with the key of the card inside; its PIN is asked for"
    signing = _reading(whats.add_parser("sign", help=told, description=told))
    signing.add_argument("source", type=Path, metavar="IN", help="the PDF that is signed")
    signing.add_argument("target", type=Path, metavar="OUT", help="what it becomes; a file that is there stays")
    signing.add_argument("--last-try", action="store_true", help="use the only try that the PIN has left")
    told = "every mistake in a card profile, in one run"
    profile = whats.add_parser("profile", help=told, description=told)
    profile.add_argument("how", choices=["check"])
    profile.add_argument("file", type=Path, metavar="FILE", help="such as assets/cards/jordan-eid.toml")
    profile.add_argument("--json", action="store_true", help=_JSON_HELP)
    _add_trust(whats.add_parser("trust", help="which countries' cards are believed, and how a new list comes in"))


def _add_catalogue(command: argparse.ArgumentParser) -> None:
    whats = command.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, told in (
        ("check", "every mistake in every file, in one run; and what is provisional"),
        ("list", "services, agencies, and the tariffs of today"),
        ("price", "what a service costs by its tariff, after every combination of answers"),
        ("new", "a new service's file, with marks where something is to be filled in"),
    ):
        act = whats.add_parser(name, help=told, description=told)
        act.add_argument("--folder", type=Path, metavar="DIR", help="of the services (default: those that ship)")
        if name == "new":
            act.add_argument("id", metavar="AGENCY.SERVICE", help="such as library.card")
            act.add_argument("--like", default="", metavar="ID", help="a service that it resembles, such as post.box")
        else:
            act.add_argument("--json", action="store_true", help=_JSON_HELP)
        if name == "price":
            _add_price(act)


def _add_price(command: argparse.ArgumentParser) -> None:
    command.add_argument("service", metavar="SERVICE", help="such as post.box")
    command.add_argument("--day", type=date.fromisoformat, metavar="DATE", help="2026-01-31 (default: today)")
    command.add_argument("--channel", choices=("kiosk", "counter"), help="alone, or with a clerk (default: both)")
    command.add_argument(
        "--answers", type=_answer, nargs="+", default=[], metavar="STEP=ANSWER", help="only after these answers"
    )


def _add_trust(command: argparse.ArgumentParser) -> None:
    acts = command.add_subparsers(dest="act_on_trust", required=True, metavar="ACT")
    _reading(acts.add_parser("list", help="countries, on whose word, since when, and until when revocation counts"))
    taken = _reading(acts.add_parser("import", help="a CSCA master list; two people answer for it by their PINs"))
    taken.add_argument("file", type=Path, help="the list as it was published (CMS)")
    taken.add_argument("--signer", type=Path, required=True, help="the certificate of its signer, or its authority's")
    taken.add_argument("--by", nargs=2, required=True, metavar="ID", help="two members of staff, e.g. hani 118")
    taken.add_argument("--pin-stdin", action="store_true", help="their PINs are two lines of standard input")
    revoked = _reading(acts.add_parser("crl", help="a country's revocation list, signed by its authority"))
    revoked.add_argument("file", type=Path, help="the list as it was published (DER or PEM)")


def _add_report(command: argparse.ArgumentParser) -> None:
    """Days are written 2026-01-31. Without `--centre` it is about this terminal alone."""
    command.add_argument(
        "--from", dest="first", type=date.fromisoformat, required=True, metavar="DATE", help="2026-01-31"
    )
    command.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DATE", help="included")
    command.add_argument(
        "--centre", type=Path, metavar="FILE", help="the intake's database, instead of this terminal's"
    )
    command.add_argument("--csv", type=Path, metavar="FILE", help="a line for each month, office, channel and service")
    command.add_argument("--html", type=Path, metavar="FILE", help="one page with charts, in Arabic and English")


def _add_keys(command: argparse.ArgumentParser) -> None:
    """While the kiosk does not run."""
    command.add_argument("key", choices=["ledger", "receipt", "database"])
    command.add_argument("--by", nargs=2, required=True, metavar="ID", help="two members of staff, e.g. hani 118")
    command.add_argument("--pin-stdin", action="store_true", help="their PINs are two lines of standard input")


def _add_staff(command: argparse.ArgumentParser) -> None:
    """`list` and `acts` are about everybody; the others about one, and while the kiosk does not run."""
    command.add_argument("id", nargs="?", default="", help="what the member types to sign in, e.g. rana")
    command.add_argument("--role", default="", choices=[role.value for role in Role], help="of a new member")
    command.add_argument("--name-ar", default="", help="of a new member, in Arabic")
    command.add_argument("--name-en", default="", help="of a new member, in Latin letters")
    command.add_argument("--pin-stdin", action="store_true", help="the PIN is one line of standard input")
