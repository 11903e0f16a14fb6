"""Keeps PySide from reading the source of every module that is imported after it, and from holding it in memory.

PySide looks for its own name in each module's text, for a switch (`from __feature__ import`) that nothing here uses;
`inspect` and `linecache` then keep the text as long as the process lives: some 500 files and 15 MB. There is no setting
against it (PYSIDE-2029; how it works is told in https://github.com/pyzo/pyzo/pull/851).
"""

from __future__ import annotations

import sys

import PySide6.QtCore  # noqa: F401 -- it installs the look

_LOOK = "shibokensupport.feature"
_USES_PYSIDE = "_mod_uses_pyside"


def leave_unread() -> None:
    """To be called before whatever else is imported. Where another PySide has no such look, nothing is changed."""
    look = sys.modules.get(_LOOK)
    if hasattr(look, _USES_PYSIDE):
        setattr(look, _USES_PYSIDE, _never)


def _never(_module: object) -> bool:
    return False
