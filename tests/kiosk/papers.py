"""A service that asks for a paper, a scanner that does what it is told, and a visit that has both."""

from __future__ import annotations

import dataclasses
import hashlib
import threading

import msgspec

from kiosk.catalogue import Step
from kiosk.documents import ScannedPage
from kiosk.events import Answered, CardInserted, ServiceChosen, Started
from kiosk.failures import Failure, ServiceFailure
from kiosk.wire import Words
from tests.kiosk.parts import SERVICES, Stage

LEASE = Step(
    id="lease",
    kind="document",
    title=Words(ar="صورة عن عقد الإيجار", en="The lease contract"),
    label=Words(ar="عقد الإيجار", en="Lease contract"),
    most=2,
)
_FINES = next(service for service in SERVICES if service.id == "traffic.fines")
WITH_PAPER = msgspec.structs.replace(_FINES, steps=(*_FINES.steps, LEASE))


def page(content: bytes) -> ScannedPage:
    return ScannedPage(content, hashlib.sha256(content).hexdigest())


class ScriptedScanner:
    """Gives `page 1`, `page 2` and so on, each as its bytes say."""

    def __init__(self) -> None:
        self.scans = 0
        self.failure: Failure | None = None
        self.stops: list[threading.Event] = []

    def scan(self, stop: threading.Event) -> ScannedPage:
        self.stops.append(stop)
        if self.failure is not None:
            raise ServiceFailure(self.failure)
        self.scans += 1
        return page(b"page %d" % self.scans)


class PaperStage(Stage):
    """`Stage`, whose fines want a lease contract too."""

    def __init__(self, *, assisted: bool = False, has_scanner: bool = True) -> None:
        super().__init__(assisted=assisted)
        self.scanner = ScriptedScanner()
        self.visit.services = (WITH_PAPER,)
        self.visit.parts = dataclasses.replace(self.visit.parts, scanner=self.scanner if has_scanner else None)

    def at_paper(self) -> PaperStage:
        """Where the paper is asked for, in self-service."""
        self.feed(CardInserted()).work()
        self.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))
        self.feed(Answered("plate", "12-34567"))
        return self


def pages(stage: Stage) -> list[bytes]:
    return [kept.jpeg for kept in stage.visit.scene().papers.of("lease")]
