"""For every test: screens are drawn offscreen, whoever starts pytest and wherever."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
