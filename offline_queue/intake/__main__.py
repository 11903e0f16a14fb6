"""`python -m offline_queue.intake`: the reference intake as a process of its own."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from offline_queue.intake.agencies import justice, sandbox
from offline_queue.intake.agencies.traffic import Behaviour
from offline_queue.intake.server import Settings, serve
from offline_queue.keys import KeyMistake


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m offline_queue.intake",
        description="The centre's intake with sandbox agencies behind it. Prints `listening on PORT` when it answers.",
    )
    parser.add_argument("--keys", type=Path, required=True, metavar="DIR", help="keys, as issue_keys makes them")
    parser.add_argument("--database", type=Path, required=True, metavar="FILE", help="made when it is missing")
    parser.add_argument("--port", type=int, required=True, metavar="N", help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    played = parser.add_argument_group("the sandbox agencies")
    played.add_argument("--quote-seconds", type=float, default=900.0, help="how long a quote holds (900)")
    played.add_argument("--traffic-silent", action="store_true", help="it never answers")
    played.add_argument("--traffic-slow-seconds", type=float, default=0.0, help="it answers late")
    played.add_argument("--request-seconds", type=float, default=120.0, help="how long a request is open (120)")
    return parser


def main() -> int:
    """Status 0 after SIGTERM or SIGINT, 2 when it cannot start."""
    chosen = arguments().parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("intake").setLevel(logging.INFO)
    settings = Settings(
        keys=chosen.keys,
        database=chosen.database,
        host=chosen.host,
        port=chosen.port,
        traffic=Behaviour(
            quote_seconds=chosen.quote_seconds,
            silent=chosen.traffic_silent,
            slow_seconds=chosen.traffic_slow_seconds,
        ),
        justice=justice.Behaviour(open_seconds=chosen.request_seconds),
        sandbox=sandbox.Behaviour(request_seconds=chosen.request_seconds),
    )
    try:
        serve(settings, _announce)
    except (KeyMistake, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except DatabaseError as error:
        sys.stderr.write(f"{chosen.database}: {error.orig}\n")
        return 2
    return 0


def _announce(port: int) -> None:
    sys.stdout.write(f"listening on {port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
