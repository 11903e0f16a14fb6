"""For every test: screens are drawn offscreen, whoever starts pytest and wherever; no log holds anything personal, and
several workers together are as strict as one process."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.log_privacy", "tests.workers"]
