"""Acts and the keys that do them: one name for each key, as its cap shows it, whatever layout the keyboard has."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui.widgets.digit_keys import digit_of

_NAMED = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_PageUp: "PgUp",
    Qt.Key.Key_PageDown: "PgDn",
    Qt.Key.Key_Up: "↑",
    Qt.Key.Key_Down: "↓",
}
_MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl+"),
    (Qt.KeyboardModifier.AltModifier, "Alt+"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift+"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class KeyAct:
    """One act of a page. `key` is what the cap shows: `F8`, `Enter`, `Alt+1`, `3`. Without `act` the key keeps its
    place and does nothing now. `name` is the object name of its button; "" where the page draws none in the bar."""

    key: str
    words: str
    act: Callable[[], object] | None = None
    name: str = ""


def key_name(event: QKeyEvent) -> str:
    """The cap of the key that was pressed, with its modifiers: no letters, which an Arabic layout moves; "" for what
    is no act's key. Digits of any script and of the number pad are the same digit."""
    key = event.key()
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
        name = f"F{key - Qt.Key.Key_F1 + 1}"
    elif (digit := digit_of(key)) is not None:
        name = str(digit)
    else:
        name = _NAMED.get(Qt.Key(key), "") if key in _NAMED else ""
    if not name:
        return ""
    return "".join(words for modifier, words in _MODIFIERS if event.modifiers() & modifier) + name


def act_for(event: QKeyEvent, acts: Iterable[KeyAct]) -> Callable[[], object] | None:
    """What that key does now. A key that is held down acts once."""
    if event.isAutoRepeat():
        return None
    name = key_name(event)
    return next((act.act for act in acts if name and act.key == name and act.act is not None), None)
