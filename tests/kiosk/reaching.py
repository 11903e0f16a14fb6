"""Looks for personal data in everything that a visit still refers to."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType

from tests.kiosk.parts import Stage


def reaches(stage: Stage, markers: tuple[str, ...]) -> bool:
    """Follows every reference from the visit, but for its parts (the ledger keeps what the law asks)."""
    visit = stage.visit
    outside = {id(visit.parts), id(stage), id(stage.scenes), id(stage.pending)}
    outside |= {id(visit._run), id(visit._show), id(visit.services), id(stage.signer)}
    seen: set[int] = set(outside)
    ahead: list[object] = list(visit.__dict__.values())
    while ahead:
        found = ahead.pop()
        if id(found) in seen or isinstance(found, type | ModuleType | FunctionType):
            continue
        seen.add(id(found))
        if isinstance(found, str) and any(marker in found for marker in markers):
            return True
        if isinstance(found, bytes | bytearray) and any(marker.encode() in found for marker in markers):
            return True
        ahead.extend(gc.get_referents(found))
    return False
