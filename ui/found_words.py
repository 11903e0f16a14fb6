"""What is said where a search offers nothing, to a person and to a clerk."""

from __future__ import annotations

from typing import Final

from kiosk.texts import message

NO_SUCH_SERVICE: Final = message("No such service. Try a shorter word")
ONLY_BY_CARD: Final = message("This service needs the national smart card")
