"""`python -m devices.virtual.issuer --out DIR`: the sample cards and their trust anchors, made if not there."""

from __future__ import annotations

import argparse
from pathlib import Path

from devices.virtual.issuer import issue


def main() -> None:
    parser = argparse.ArgumentParser(prog="devices.virtual.issuer", description=__doc__)
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="gets anchors/, lists/, crls/, cards/ and laboratory/"
    )
    issue(parser.parse_args().out)


if __name__ == "__main__":
    main()
