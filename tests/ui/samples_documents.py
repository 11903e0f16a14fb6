"""Scenes of a document that is scanned: before, meanwhile, looked at, and not read; of invented papers."""

from __future__ import annotations

import dataclasses
from functools import cache

from devices.virtual.specimen_pages import draw
from kiosk import forms
from kiosk.catalogue import Step
from kiosk.documents import Papers, Preview, ScannedPage
from kiosk.failures import Failure, ServiceFailure
from kiosk.scene import Scene, State
from kiosk.wire import Words
from tests.ui.samples import known

LEASE = Step(
    id="lease",
    kind="document",
    title=Words(ar="صورة عن عقد الإيجار", en="The lease contract"),
    label=Words(ar="عقد الإيجار", en="Lease contract"),
    hint=Words(ar="كل صفحة عليها توقيع.", en="Every page with a signature on it."),
    most=4,
)


@cache
def page(number: int) -> ScannedPage:
    image = draw(number)
    image.thumbnail((640, 905))
    return ScannedPage(b"", "", Preview(image.width, image.height, image.tobytes()))


def _scene(papers: Papers, **changes: object) -> Scene:
    return known(State.STEPS, step=LEASE, step_number=2, step_count=4, seconds=90, papers=papers, **changes)


def scanned(count: int) -> Papers:
    papers = Papers()
    for number in range(count):
        papers = papers.with_page(LEASE.id, page(number))
    return papers


def _not_read(failure: Failure) -> Papers:
    return scanned(0).begun(LEASE.id).not_read(ServiceFailure(failure))


_WITHOUT_PICTURE = Papers().with_page(LEASE.id, ScannedPage(b"", ""))

DOCUMENT_PAGES: dict[str, Scene] = {
    "document": _scene(Papers()),
    "document-optional": dataclasses.replace(
        _scene(Papers()),
        step=Step(id="lease", kind="document", title=LEASE.title, label=LEASE.label, optional=True, most=1),
    ),
    "document-scanning": _scene(Papers().begun(LEASE.id)),
    "document-page": _scene(scanned(1)),
    "document-pages": _scene(scanned(3)),
    "document-full": _scene(scanned(4)),
    "document-no-paper": _scene(_not_read(Failure.SCANNER_NO_PAPER)),
    "document-again": _scene(
        scanned(2).begun(LEASE.id).not_read(ServiceFailure(Failure.PAGE_UNREADABLE)),
    ),
    "document-missing": _scene(Papers(), mistake=forms.ADD_PAGES),
    "document-kept-before": _scene(_WITHOUT_PICTURE),
}
