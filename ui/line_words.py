"""How the lines of a quote are counted: fines, or the fees of a request; every page says it in the same words."""

from __future__ import annotations

from kiosk.catalogue import Service
from kiosk.texts import Texts


def counted(service: Service | None, count: int, texts: Texts) -> str:
    """`3 fines`, `2 fees`."""
    if service is not None and service.pays_whole:
        return texts.plural("{n} fee", "{n} fees", count)
    return texts.plural("{n} fine", "{n} fines", count)


def counted_more(service: Service | None, count: int, texts: Texts) -> str:
    """`2 more fines`: those that found no room."""
    if service is not None and service.pays_whole:
        return texts.plural("{n} more fee", "{n} more fees", count)
    return texts.plural("{n} more fine", "{n} more fines", count)
