"""`diagnose`: the technician's checks, one line each as soon as it is known, with the next step under what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.diagnostics import Check, Finding, Health, examine
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.output import print_json

_SIGNS = {Health.GOOD: "ok     ", Health.WARNING: "look   ", Health.BAD: "MEND   "}


def diagnose(checks: Iterable[Check], *, as_json: bool) -> int:
    findings = []
    for finding in examine(checks):
        findings.append(finding)
        if not as_json:
            _tell(finding)
    if as_json:
        print_json(findings)
    bad = any(finding.measured.health is Health.BAD for finding in findings)
    return FOUND_SOMETHING_WRONG if bad else FOUND_NOTHING_WRONG


def _tell(finding: Finding) -> None:
    measured = finding.measured
    limit = f"  (limit: {measured.limit})" if measured.limit else ""
    print(f"{_SIGNS[measured.health]}{finding.title.en}: {measured.value}{limit}  [{finding.milliseconds} ms]")
    if measured.health is not Health.GOOD and measured.next_step is not None:
        print(f"       {measured.next_step.en}")
        print(f"       {measured.next_step.ar}")
