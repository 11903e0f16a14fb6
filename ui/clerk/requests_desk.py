"""What became of a person's earlier requests, at the counter: by the proven card, or by a paper and the number said.

Without the card a clerk sees one request, and only with a paper of it: nobody's affairs are listed by typing a number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kiosk import forms
from kiosk.following import Following
from kiosk.my_requests import Asker, DocumentPaper, Request
from kiosk.staff import StaffAct
from kiosk.texts import message
from kiosk.typed import plain
from kiosk.wire import Words
from ui.clerk.sheet import Over

if TYPE_CHECKING:
    from ui.clerk.desk import Desk

TYPE_PAPER = message("Type the number on the receipt, or the request's")
NOT_FOUND = message("No request has these two numbers. Compare them with the paper")
UNREACHABLE = message("The centre does not answer now. Try again in a few minutes")

_LONGEST = 40


class RequestsDesk:
    """`holder` gives the national number of the card that is in the reader and proven, "" without one. `found` is None
    until somebody was asked about; `mistakes` are message ids by field."""

    def __init__(self, desk: Desk, following: Following | None, holder: Callable[[], str]) -> None:
        self._desk, self._following, self._holder = desk, following, holder
        self._forget()

    def _forget(self) -> None:
        self.paper = self.number = self.told = ""
        self.mistakes: dict[str, str] = {}
        self.found: tuple[Request, ...] | None = None
        self.printed: DocumentPaper | None = None
        self.working = False
        self._by: Asker | None = None
        self._asked = object()

    def is_there(self) -> bool:
        return self._following is not None

    def open(self) -> None:
        """With a proven card its person's requests come at once."""
        self._forget()
        self._desk.told = ""
        self._desk.sheet.over = Over.REQUESTS
        if number := self._holder():
            self._ask(Asker(national_number=number))
        else:
            self._desk.focus = "paper"
            self._desk.renew()

    def leave(self) -> None:
        self._forget()
        if self._desk.sheet.over is Over.REQUESTS:
            self._desk.sheet.over = Over.NOTHING

    def by_card(self) -> bool:
        return self._by is not None and not self._by.paper

    def look_up(self) -> None:
        """Both numbers, as they are typed: digits of any script, small letters."""
        if self.working:
            return
        checked = forms.person_number(self.number)
        paper = plain(self.paper[:_LONGEST]).replace(" ", "")
        self.mistakes = {} if paper else {"paper": TYPE_PAPER}
        if isinstance(checked, forms.Wrong):
            self.mistakes["holder_number"] = checked.message
            self._desk.renew()
        elif self.mistakes:
            self._desk.renew()
        else:
            self._ask(Asker(national_number=checked.value, paper=paper))

    def print(self, request: Request) -> None:
        """Its document; noted in the journal by the document's own number."""
        following, by, begun = self._following, self._by, self._asked
        if following is None or by is None or self.working or not request.document:
            return
        self.working, self.printed = True, None
        self._desk.note(StaffAct.PRINTED_COPY, f"document {request.reference}")
        title = next((one.title for one in self._desk.services if one.id == request.service), None)
        service = title or Words(ar=request.service, en=request.service)

        def then(answer: Any) -> None:
            if begun is not self._asked:
                return
            self.working = False
            self.printed = answer if isinstance(answer, DocumentPaper) else None
            self.told = "" if self.printed is not None else UNREACHABLE
            self._desk.renew()

        self._desk.renew()
        self._desk.ask(lambda: following.paper(by, request, service), then)

    def _ask(self, by: Asker) -> None:
        following, begun = self._following, object()
        if following is None:
            return
        self._by, self._asked, self.working, self.told = by, begun, True, ""

        def then(answer: Any) -> None:
            if begun is not self._asked:  # left meanwhile, or another person's
                return
            self.working = False
            if isinstance(answer, Exception):
                self.found, self.told = None, UNREACHABLE
            else:
                self.found = answer
                self.told = NOT_FOUND if by.paper and not answer else ""
            self._desk.renew()

        self._desk.renew()
        self._desk.ask(lambda: following.desk.requests_of(by), then)
