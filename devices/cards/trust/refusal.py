"""The one way in which an import into the trust store fails."""

from __future__ import annotations


class ImportRefused(Exception):
    """What was brought is not taken, and the store is as it was; the text says why, for who brought it."""
