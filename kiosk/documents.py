"""Papers that a person attaches to a request: pages scanned during the visit, and what of them is agreed to."""

from __future__ import annotations

import dataclasses
from typing import Final

from kiosk.catalogue import Step
from kiosk.failures import Failure, ServiceFailure
from kiosk.transaction import Agreement, AttachedDocument
from kiosk.wire import LARGEST_REQUEST_BYTES, encode_canonical

LARGEST_PAGE_BYTES: Final = 128 * 1024
"""Of one page as it is kept: A4 in colour at 150 dots per inch is legible with that, and six of them with a signed
application still fit the largest request (`kiosk.wire.LARGEST_REQUEST_BYTES`)."""

MOST_PAGES: Final = 6
"""Of one request, over all its documents."""

LARGEST_AROUND_BYTES: Final = 8 * 1024
"""Of what stands around an agreement in a request: the signed entry, the ids, the names of the fields."""

PAGE_TYPE: Final = "image/jpeg"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """A page small enough for a screen, decoded: rows of RGB, 8 bits each, without gaps."""

    width: int
    height: int
    pixels: bytes

    def __repr__(self) -> str:
        return f"Preview({self.width} x {self.height})"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ScannedPage:
    """A page as it is kept, at most LARGEST_PAGE_BYTES of JPEG. One that came with a request that is sent anew has no
    preview: nothing decodes it here a second time."""

    jpeg: bytes
    sha256: str
    preview: Preview | None = None

    def __repr__(self) -> str:
        return f"ScannedPage({len(self.jpeg)} bytes)"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Papers:
    """Every page of a visit, by the step that asked for it. `scanning` is the step whose page is being read now;
    `failure` is what kept the last one of `failed` from being read."""

    pages: tuple[tuple[str, tuple[ScannedPage, ...]], ...] = ()
    scanning: str = ""
    failed: str = ""
    failure: ServiceFailure | None = None

    def __repr__(self) -> str:
        return f"Papers({self.count()} pages)"

    def of(self, step: str) -> tuple[ScannedPage, ...]:
        return dict(self.pages).get(step, ())

    def count(self) -> int:
        return sum(len(pages) for _, pages in self.pages)

    def room(self, step: Step) -> int:
        """How many pages may still be added there."""
        return max(0, min((step.most or MOST_PAGES) - len(self.of(step.id)), MOST_PAGES - self.count()))

    def begun(self, step: str) -> Papers:
        return Papers(self.pages, scanning=step)

    def at_rest(self) -> Papers:
        return Papers(self.pages)

    def not_read(self, failure: ServiceFailure) -> Papers:
        return Papers(self.pages, failed=self.scanning, failure=failure)

    def with_page(self, step: str, page: ScannedPage, instead_of: int | None = None) -> Papers:
        """At the end, or where page number `instead_of` (from 0) stood, if there is such a one."""
        pages = list(self.of(step))
        if instead_of is not None and instead_of < len(pages):
            pages[instead_of] = page
        else:
            pages.append(page)
        return self._with(step, tuple(pages))

    def without(self, step: str, number: int) -> Papers:
        """Page `number` (from 0) is dropped."""
        pages = self.of(step)
        return self._with(step, pages[:number] + pages[number + 1 :])

    def _with(self, step: str, pages: tuple[ScannedPage, ...]) -> Papers:
        others = tuple((other, kept) for other, kept in self.pages if other != step)
        return Papers((*others, (step, pages)) if pages else others)

    def attached(self, steps: tuple[Step, ...]) -> tuple[AttachedDocument, ...]:
        """The pages of those steps, in their order."""
        return tuple(
            AttachedDocument(step=step.id, media_type=PAGE_TYPE, sha256=page.sha256, content=page.jpeg)
            for step in steps
            if step.kind == "document"
            for page in self.of(step.id)
        )


NO_PAPERS: Final = Papers()


def papers_of(documents: tuple[AttachedDocument, ...]) -> Papers:
    """The pages of a request that is sent anew."""
    papers = Papers()
    for document in documents:
        papers = papers.with_page(document.step, ScannedPage(document.content, document.sha256))
    return papers


def require_deliverable(agreement: Agreement) -> None:
    """Before anybody pays: the body travels as base64 in one request. Raises REQUEST_TOO_LARGE."""
    travelling = -(-len(encode_canonical(agreement)) // 3) * 4
    if travelling + LARGEST_AROUND_BYTES > LARGEST_REQUEST_BYTES:
        raise ServiceFailure(Failure.REQUEST_TOO_LARGE)
