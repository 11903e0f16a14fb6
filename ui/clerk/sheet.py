"""What the clerk typed and opened during one visit and no scene holds; it goes with the visit."""

from __future__ import annotations

import dataclasses
import enum
from datetime import datetime

from kiosk import forms
from kiosk.corrections import Attention
from kiosk.counter import BEHALF_DOCUMENTS, MYSELF, Behalf, Capacity, DocumentSeen
from kiosk.help import OfficeCall
from kiosk.offline import Use
from kiosk.parked import Parked
from kiosk.receipt import RecentReceipt
from kiosk.unresolved import Unresolved
from ui.clerk.story import Said


class Over(enum.Enum):
    """What lies over the middle of the page."""

    NOTHING = "nothing"
    FINDER = "finder"
    NEW_PERSON = "new_person"
    KEYS = "keys"
    CASH = "cash"  # what became of cash that was on record when the program stopped
    REQUESTS = "requests"  # what became of a person's earlier ones
    ATTENTION = "attention"  # the ways on from what an agency refused
    DOCUMENT = "document"  # the pages of a paper that is attached


class Section(enum.Enum):
    """Which list of the office is open; number keys act on its rows while nobody is served."""

    SAVED = "saved"
    RECEIPTS = "receipts"
    UNRESOLVED = "unresolved"


@dataclasses.dataclass(slots=True, repr=False)
class Sheet:
    """Personal; made anew for every visit. `story` is what was done so far, and when."""

    visit: int = -1
    over: Over = Over.NOTHING
    form: dict[str, str] = dataclasses.field(default_factory=dict)
    number: str = ""
    name: str = ""
    document: DocumentSeen = DocumentSeen.NONE
    capacity: Capacity = Capacity.SELF
    other_number: str = ""
    other_document: DocumentSeen = DocumentSeen.NONE
    tendered: str = ""
    access_number: str = ""
    search: str = ""
    revealed: bool = False
    table_page: int = 0
    paper: str = ""
    paper_page: int = 0
    story: list[tuple[datetime, Said]] = dataclasses.field(default_factory=list)

    def choose_capacity(self, capacity: Capacity) -> None:
        """One paper that fits is taken for granted; of several the clerk says which was seen."""
        papers = BEHALF_DOCUMENTS.get(capacity, ())
        self.capacity = capacity
        self.other_document = papers[0] if len(papers) == 1 else DocumentSeen.NONE

    def behalf(self) -> Behalf:
        """For whom it is, as far as it was typed."""
        if self.capacity is Capacity.SELF:
            return MYSELF
        checked = forms.national_number(self.other_number)
        number = checked.value if isinstance(checked, forms.Accepted) else ""
        return Behalf(self.capacity, number, self.other_document)


@dataclasses.dataclass(frozen=True, slots=True)
class Office:
    """What waits in the office; nothing personal. `calls_heard` False: the centre does not answer, so calls of
    citizens may be missed. `chain_holds` False: something is wrong with the ledger."""

    calls: tuple[OfficeCall, ...] = ()
    calls_heard: bool = True
    chain_holds: bool = True
    parked: tuple[Parked, ...] = ()
    recent: tuple[RecentReceipt, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    offline: tuple[Use, ...] = ()
    attention: tuple[Attention, ...] = ()
    section: Section = Section.SAVED

    def unanswered(self) -> tuple[OfficeCall, ...]:
        return tuple(call for call in self.calls if not call.answered_by)
