"""The logs of a whole test session, searched for everything personal that any sample card holds.

A plugin of pytest (`tests/conftest.py` registers it): each record that is logged is looked at as it comes, each log
file under the session's folder when the session ends. A hit fails the session, and names the file or the logger and
the kind of field, never the value. Where several workers share the tests (pytest-xdist), each looks at its own records,
and the process that hands the tests out looks at everybody's files, which lie in its folder.
"""

from __future__ import annotations

import datetime
import logging
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from devices.virtual.issuer import people

ROOT = Path(__file__).resolve().parents[1]
CARDS = ROOT / "build" / "demo" / "cards"
LOGS = re.compile(r".*\.log(\.\d+)?|.*\.(out|err)|said|complaints")
"""What parts, programs and the children of tests write, by the names that they give it. Cards are not among them."""

FOUND = "personal fields in logs"
"""Under this name a worker hands over what it found."""

SHORTEST_WORD = 4


def personal_fields(cards: Path = CARDS) -> dict[str, str]:
    """What each text would give away: of all the issuer's people, and of every card in these folders."""
    fields: dict[str, str] = {people.SALMA_PIN: "PIN"}
    for person in (each for each in vars(people).values() if isinstance(each, people.Person)):
        names = (person.surname_latin, person.given_names_latin, person.surname_arabic, person.given_names_arabic)
        for word in " ".join(names).split():
            if len(word) >= SHORTEST_WORD or not word.isascii():
                fields |= {word: "name", word.title(): "name"}
        fields[person.national_number] = "national number"
    for card in _cards(datetime.datetime.now(datetime.UTC).date()):
        fields |= {card.document_number: "document number", card.access_number: "access number"}
    for zone in cards.glob("*/*/mrz.txt"):
        fields |= dict.fromkeys(zone.read_text(encoding="ascii").split(), "machine-readable zone")
    for number in cards.glob("*/*/can.txt"):
        fields[number.read_text(encoding="ascii").strip()] = "access number"
    for signing in cards.glob("*/*/pkcs15/signing.toml"):
        fields[str(tomllib.loads(signing.read_text(encoding="ascii")).get("pin", ""))] = "PIN"
    fields.pop("", None)
    return fields


def _cards(today: datetime.date) -> Iterator[people.Card]:
    for make in (
        *(people.salma_card, people.omar_card, people.expired_card, people.layla_card, people.karim_card),
        *(people.laboratory_card, people.passport, people.utopian_card),
    ):
        yield make(today)


class Fields:
    """Finds them in a text."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = dict(fields)

    def kinds_in(self, text: str) -> set[str]:
        return {kind for field, kind in self._fields.items() if field in text and _stands_alone(field, text)}


def _stands_alone(field: str, text: str) -> bool:
    """Six digits may be a fraction of a second or a part of a hash; as a number of their own they are a secret."""
    if not field.isdecimal():
        return True
    return re.search(rf"(?<![0-9A-Za-z.,]){field}(?![0-9A-Za-z])", text) is not None


class Listener(logging.Handler):
    """Looks at every record; keeps where something was found, and of what kind."""

    def __init__(self, fields: Fields) -> None:
        super().__init__(logging.NOTSET)
        self._fields = fields
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            return  # the test's own to find: logging itself complains
        if record.exc_info and record.exc_info[1] is not None:
            text += f" {record.exc_info[1]}"
        for kind in self._fields.kinds_in(text):
            test = os.environ.get("PYTEST_CURRENT_TEST", "outside a test").partition(" ")[0]
            self.found.add(f"{record.name} logged a {kind} in {test}")


def found_in_files(folder: Path, fields: Fields) -> list[str]:
    """Every log file below, by its name in that folder, with the kinds of fields that it holds."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place) / name
            if LOGS.fullmatch(name) and file.is_file():
                kinds = fields.kinds_in(file.read_text(encoding="utf-8", errors="replace"))
                found += [f"{file.relative_to(folder)} holds a {kind}" for kind in sorted(kinds)]
    return sorted(found)


class LogPrivacy:
    """The plugin."""

    def __init__(self) -> None:
        self._fields = Fields(personal_fields())
        self._listener = Listener(self._fields)
        self._found: list[str] = []

    def pytest_sessionstart(self) -> None:
        logging.getLogger().addHandler(self._listener)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """After the last fixture has ended, so that whatever still wrote is done."""
        logging.getLogger().removeHandler(self._listener)
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[FOUND] = sorted(self._listener.found)
            return
        self._found = sorted({*self._found, *self._listener.found})
        factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]  # no public way to it outside a fixture
        self._found += found_in_files(factory.getbasetemp(), self._fields)
        if self._found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """A worker has ended; one that crashed has handed over nothing, and its test has failed."""
        self._found += getattr(node, "workeroutput", {}).get(FOUND, [])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._found:
            terminalreporter.section(FOUND)
            for line in self._found:
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LogPrivacy(), "log-privacy")
