"""A planted person leaves nothing at a whole kiosk: not in widgets, objects, clipboard, logs, pictures or files."""

from __future__ import annotations

import dataclasses
import gc
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from kiosk.events import Cancelled, CardRemoved, LinesPicked, ReaderLost, TimedOut
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import Portrait
from kiosk.scene import State
from kiosk.visit import Parts
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.kiosk.parts import MARKER_NAME, MARKER_NUMBER, ScriptedClock
from tests.kiosk.parts import Stage as Scripted
from tests.ui.visitor import Come, Visitor, come, scripted, time

__all__ = ["come", "scripted", "time"]

PLATE_KEYS, PLATE = "7766554", "77-66554"
PLANTED = (*MARKER_NAME.split(), MARKER_NUMBER, "Planted", PLATE, "66554")
FACE = Portrait(8, 8, b"PLANTED FACE OF 8 x 8 PIXELS...." * 6)


@pytest.fixture
def state_folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def parts(scripted: Scripted, state_folder: Path, tmp_path: Path) -> Iterator[Parts]:
    """Scripted parts with a real ledger on disk, which keeps half-done requests too."""
    issue(tmp_path / "keys", "KRK3")
    keys = load_terminal(tmp_path / "keys" / "terminal")
    state_folder.mkdir()
    file = state_folder / "ledger.db"
    ledger = SqlLedger(file, terminal="KRK3", keys=keys, clock=ScriptedClock(), verify_url="https://verify.test/r")
    scripted.reader.face, scripted.delivery.up = FACE, False
    given = scripted.visit.parts
    yield dataclasses.replace(
        given,
        settlement=dataclasses.replace(given.settlement, ledger=ledger),
        parking=dataclasses.replace(given.parking, cases=ledger.parked),
    )
    ledger.close()


def _type_plate(visitor: Visitor) -> None:
    visitor.go_to_plate()
    for digit in PLATE_KEYS:
        visitor.press(f"key:{digit}")


def _pay(visitor: Visitor) -> None:
    _type_plate(visitor)
    visitor.press("main")
    visitor.reach(State.QUOTE)
    visitor.kiosk.receive(LinesPicked(("F0",)))
    visitor.press("main")
    visitor.reach(State.DONE)


def _paid_and_ended(visitor: Visitor) -> None:
    _pay(visitor)
    visitor.press("end")
    visitor.kiosk.receive(CardRemoved())


def _left_at_the_plate(visitor: Visitor) -> None:
    _type_plate(visitor)
    visitor.time.pass_seconds(90 + 45)
    visitor.kiosk.receive(CardRemoved())


def _left_at_the_amount(visitor: Visitor) -> None:
    _type_plate(visitor)
    visitor.press("main")
    visitor.reach(State.QUOTE)
    visitor.time.pass_seconds(90 + 45)
    visitor.kiosk.receive(CardRemoved())


def _pulled_and_gone(visitor: Visitor) -> None:
    _type_plate(visitor)
    visitor.kiosk.receive(CardRemoved())
    visitor.time.pass_seconds(45)


def _reader_lost(visitor: Visitor) -> None:
    _type_plate(visitor)
    visitor.kiosk.receive(ReaderLost(ServiceFailure(Failure.READER_LOST)))
    visitor.kiosk.receive(CardRemoved())
    visitor.kiosk.receive(TimedOut())


def _help_and_end(visitor: Visitor) -> None:
    _type_plate(visitor)
    visitor.press("help")
    visitor.kiosk.receive(Cancelled())
    visitor.kiosk.receive(CardRemoved())


def _searched(visitor: Visitor) -> None:
    """What somebody looks for may be their own number."""
    visitor.begin()
    visitor.press("search")
    visitor.press("key:digits")
    for digit in PLATE_KEYS[2:]:
        visitor.press(f"key:{digit}")
    visitor.kiosk.receive(Cancelled())
    visitor.kiosk.receive(CardRemoved())


WAYS: Mapping[str, Callable[[Visitor], None]] = {
    "paid": _paid_and_ended,
    "left at the plate": _left_at_the_plate,
    "left at the amount": _left_at_the_amount,
    "pulled": _pulled_and_gone,
    "reader lost": _reader_lost,
    "help": _help_and_end,
    "searched": _searched,
}


def _settle() -> None:
    """What was thrown away is freed, as in the event loop."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def _let_work_end(visitor: Visitor) -> None:
    """All that was handed to the four threads before is over."""
    together = threading.Barrier(5)
    for _ in range(4):
        visitor.kiosk._background.do(lambda: _meet(together))
    _meet(together)


def _meet(others: threading.Barrier) -> None:
    others.wait(10)


def _words_of(thing: QObject) -> Iterator[str]:
    yield thing.objectName()
    if isinstance(thing, QWidget):
        yield thing.windowTitle()
        yield from (thing.toolTip(), thing.statusTip(), thing.whatsThis())
        yield from (thing.accessibleName(), thing.accessibleDescription())
        for getter in ("text", "placeholderText", "shown_text", "draft"):
            told = getattr(thing, getter, None)
            if callable(told):
                yield str(told())


def found_on_screen() -> list[str]:
    every: list[QObject] = []
    for widget in QApplication.allWidgets():
        every += [widget, *widget.findChildren(QObject)]
    words = [f"{type(thing).__name__}: {text}" for thing in every for text in _words_of(thing) if _planted(text)]
    fields = [thing for thing in every if isinstance(thing, QLineEdit | QTextEdit | QPlainTextEdit)]
    for field in fields:
        undo = field.isUndoAvailable() if isinstance(field, QLineEdit) else field.document().isUndoAvailable()
        words += [f"{type(field).__name__} can undo"] if undo else []
    clipboard = QApplication.clipboard()
    modes = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
    return words + [text for mode in modes if _planted(text := clipboard.text(mode))]


def _planted(text: str) -> bool:
    plain = "".join(letter for letter in text if letter not in "\u2066\u2067\u2069")
    return any(planted in plain for planted in PLANTED)


def found_in_objects(visitor: Visitor) -> list[str]:
    """Everything that the kiosk still refers to, keys of pictures kept for reuse among it; not its parts."""
    kiosk = visitor.kiosk
    seen = {id(kiosk.visit.parts), id(kiosk.visit.services)}
    ahead: list[object] = [kiosk.__dict__, kiosk.window.__dict__, kiosk.visit.__dict__, kiosk._background.__dict__]
    found = []
    while ahead:
        thing = ahead.pop()
        if id(thing) in seen or isinstance(thing, type | ModuleType | FunctionType):
            continue
        seen.add(id(thing))
        if isinstance(thing, str) and _planted(thing):
            found.append(thing)
        if isinstance(thing, Portrait):
            found.append("the face")
        ahead.extend(gc.get_referents(thing))
        ahead.extend(vars(thing).values() if isinstance(thing, QObject) else ())
    return found


def found_in_files(folder: Path) -> list[str]:
    files = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    forms = [planted.encode(coding) for planted in PLANTED for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    return [name for name, content in files.items() if any(form in content for form in forms)]


def _words(visitor: Visitor) -> list[str]:
    things = [visitor.kiosk.window, *visitor.kiosk.window.findChildren(QObject)]
    return sorted(text for thing in things for text in _words_of(thing) if text)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_the_person_stays(
    way: str,
    come: Come,
    parts: Parts,
    state_folder: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = come(parts)
    _settle()
    untouched = _words(visitor)
    WAYS[way](visitor)
    visitor.reach(State.IDLE)
    for _ in range(3):  # what one piece of work leads to may be another
        _let_work_end(visitor)
        _settle()
    assert found_on_screen() == []
    assert found_in_objects(visitor) == []
    assert found_in_files(state_folder) == []
    assert not any(_planted(told) for told in (caplog.text, *capfd.readouterr()))
    assert _words(visitor) == untouched, "the next person finds another page than this one did"


def test_the_search_finds_what_is_there(come: Come, parts: Parts, tmp_path: Path) -> None:
    visitor = come(parts)
    _type_plate(visitor)
    visitor.reach(State.STEPS)
    assert found_in_objects(visitor)
    visitor.press("main")
    visitor.reach(State.QUOTE)
    visitor.kiosk.receive(LinesPicked(("F0",)))
    assert any(PLATE in text for text in found_on_screen())
    assert "the face" in found_in_objects(visitor)
    QApplication.clipboard().setText(MARKER_NUMBER)
    assert MARKER_NUMBER in found_on_screen()
    QApplication.clipboard().clear()
    (tmp_path / "left").write_text(MARKER_NAME)
    assert "left" in found_in_files(tmp_path)
