"""`report uptake`: how the services were used, as CSV for machines and as one page for people."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from kiosk.catalogue import Catalogue
from kiosk.uptake import Uptake
from kiosk.uptake_report import sum_up
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG, USED_WRONGLY
from ui.reports.uptake_csv import uptake_csv
from ui.reports.uptake_page import uptake_page


def run(
    arguments: argparse.Namespace,
    own: Callable[[], Iterable[Uptake]],
    at_centre: Callable[[Path, date, date], Iterable[Uptake]],
    catalogue: Catalogue,
) -> int:
    """`own` are this terminal's records. Where nothing was counted, the files are written all the same."""
    first, last = arguments.first, arguments.last
    if arguments.csv is None and arguments.html is None:
        print("Say where the report goes: --csv FILE, --html FILE, or both", file=sys.stderr)
        return USED_WRONGLY
    records = own() if arguments.centre is None else at_centre(arguments.centre, first, last)
    report = sum_up(records, first, last)
    try:
        if arguments.csv is not None:
            arguments.csv.write_bytes(uptake_csv(report))
        if arguments.html is not None:
            arguments.html.write_text(uptake_page(report, catalogue), encoding="utf-8")
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return USED_WRONGLY
    total = report.total
    print(f"{total.started} errands begun, {total.finished} finished, from {first} to {last}")
    return FOUND_NOTHING_WRONG if total.started else FOUND_SOMETHING_WRONG
