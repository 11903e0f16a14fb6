"""What is said where a search offers nothing, to a person and to a clerk."""

from __future__ import annotations

from typing import Final

from kiosk.catalogue import Service
from kiosk.texts import message

NO_SUCH_SERVICE: Final = message("No such service. Try a shorter word")
_BY_CARD: Final = message("This service needs the national smart card")
_BY_PASSPORT: Final = message("This service is for non-Jordanians, with a passport")


def nothing_offered(found: tuple[Service, ...]) -> str:
    """The message id; `found` are the services that were meant, which the person's document does not open."""
    if not found:
        return NO_SUCH_SERVICE
    return _BY_CARD if "national" in found[0].cards else _BY_PASSPORT
