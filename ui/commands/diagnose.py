"""`diagnose`: the technician's checks, one line each as soon as it is known, with the next step under what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.diagnostics import Examination, Finding, Health
from kiosk.facts import Fact
from kiosk.report import Report, encode
from kiosk.texts import without_isolates
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.output import print_columns

_SIGNS = {Health.GOOD: "ok     ", Health.WARNING: "look   ", Health.BAD: "MEND   ", Health.NOT_REACHED: "-      "}


def diagnose(examination: Examination, report: Callable[[tuple[Finding, ...]], Report], *, as_json: bool) -> int:
    """`report` puts the findings beside settings and versions."""
    findings = []
    for finding in examination.findings():
        findings.append(finding)
        if not as_json:
            _tell(finding)
    made = report(tuple(findings))
    if as_json:
        print(encode(made))
    else:
        print_columns([("version", fact.name, fact.value) for fact in made.versions])
        print_columns([("setting", fact.name, f"{fact.value}{_default(fact)}") for fact in made.settings])
    bad = any(finding.measured.health is Health.BAD for finding in findings)
    return FOUND_SOMETHING_WRONG if bad else FOUND_NOTHING_WRONG


def _default(fact: Fact) -> str:
    return "  (default)" if fact.is_default else ""


def _tell(finding: Finding) -> None:
    measured = finding.measured
    limit = f"  (limit: {measured.limit.en})" if measured.limit else ""
    line = f"{_SIGNS[measured.health]}{finding.title.en}: {measured.value.en}{limit}  [{finding.milliseconds} ms]"
    print(without_isolates(line))
    if measured.health is Health.GOOD:
        return
    for step in measured.steps:
        print(without_isolates(f"         {_SIGNS[step.health]}{step.title.en}: {step.value.en}"))
    if measured.next_step is not None:
        print(f"       {without_isolates(measured.next_step.en)}")
        print(f"       {without_isolates(measured.next_step.ar)}")
