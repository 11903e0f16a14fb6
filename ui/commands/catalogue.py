"""`catalogue check` and `catalogue list`: the services, and every mistake in their files in one run."""

from __future__ import annotations

import msgspec

from kiosk.catalogue import Catalogue
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.output import print_columns, print_json


def check(catalogue: Catalogue, *, as_json: bool) -> int:
    """Lists the mistakes, and which services rest on provisional facts."""
    provisional = [service.id for service in catalogue.services if service.provisional]
    if as_json:
        print_json(
            {
                "services": [service.id for service in catalogue.services],
                "provisional": provisional,
                "mistakes": [{"file": mistake.file, "message": mistake.message} for mistake in catalogue.mistakes],
            }
        )
    else:
        for mistake in catalogue.mistakes:
            print(f"{mistake.file}: {mistake.message}")
        print(f"{len(catalogue.services)} services, {len(catalogue.mistakes)} mistakes")
        if provisional:
            print(f"provisional, for the sandbox only: {', '.join(provisional)}")
    return FOUND_SOMETHING_WRONG if catalogue.mistakes or not catalogue.services else FOUND_NOTHING_WRONG


def list_services(catalogue: Catalogue, *, as_json: bool) -> int:
    if as_json:
        print_json(msgspec.to_builtins(catalogue.services))
    else:
        print_columns([(service.id, service.title.en, service.agency_name.en) for service in catalogue.services])
    return FOUND_NOTHING_WRONG
