"""Which page shows which state of a visit. A new page is one file here and one line in this table."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.scene import State
from ui.pages.page import Page

PAGES: Mapping[State, type[Page]] = dict.fromkeys(State, Page)

HELP: type[Page] = Page
