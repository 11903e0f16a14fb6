"""The sandbox Jordan Post: whose box is whose, until when each is paid, and that nobody renews another's.

Every rule is provisional: Jordan Post's own are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Final

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.sandbox import Offer
from offline_queue.intake.agencies.sandbox_checks import person_asked

LONGEST_YEARS: Final = 5
"""So far ahead a box may be paid."""

_BOX: Final = "box"


class Box(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rented box. `holder_ending` is how the holder's number ends; "" where any will do. A `blocked` one is to be
    settled at the office first."""

    number: str
    size: str
    paid_until: date
    holder_ending: str = ""
    blocked: bool = False


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The boxes of `post.toml`, and what any other number is."""

    boxes: tuple[Box, ...]
    others: Box


class Post:
    agency: Final = "post"
    prefix: Final = "PBX"
    refusals: Mapping[str, Words] = {
        "BOX_OF_ANOTHER": Words(ar="هذا الصندوق مسجل باسم شخص آخر", en="This box is rented by somebody else"),
        "BOX_BLOCKED": Words(ar="هذا الصندوق موقوف: راجع مكتبه", en="This box is blocked: ask at its office"),
        "SIZE_DIFFERS": Words(ar="حجم الصندوق لا يطابق العقد", en="The size is not that of the contract"),
        "TOO_FAR_AHEAD": Words(ar="الصندوق مدفوع لسنوات قادمة", en="The box is paid for years ahead already"),
    }

    def __init__(self, known: OnFile) -> None:
        self._known = known

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        box = self._box(book, enquiry.fields.get("box", ""))
        if code := _refused(box, person_asked(enquiry.fields)):
            return code
        size = Fact(id="size", title=Words(ar="حجم الصندوق", en="Size"), value=box.size)
        until = Fact(
            id="paid_until",
            title=Words(ar="مدفوع حتى", en="Paid until"),
            value=box.paid_until.isoformat(),
            words=Words(ar=f"{box.paid_until:%d/%m/%Y}", en=f"{box.paid_until:%d/%m/%Y}"),
        )
        return (size, until)

    def offer(self, _enquiry: Enquiry, _book: Book, /) -> Offer | str:
        return "SERVICE_UNKNOWN"  # what is due follows from the tariff

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """As the file is now, which a terminal without a line could not see."""
        box = self._box(book, agreement.answers["box"])
        if code := _refused(box, agreement.on_behalf_of or agreement.national_number):
            return code
        if agreement.answers["size"] != box.size:
            return "SIZE_DIFFERS"
        ahead = _renewed(box, agreement).paid_until.year - agreement.agreed_at.astimezone(LEGAL_TIME).year
        return "TOO_FAR_AHEAD" if ahead > LONGEST_YEARS else ""

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        box = self._box(book, agreement.answers["box"])
        book.write(_BOX, box.number, _renewed(box, agreement))

    def _box(self, book: Book, number: str) -> Box:
        first = next((box for box in self._known.boxes if box.number == number), None)
        first = first or msgspec.structs.replace(self._known.others, number=number)
        return book.read(_BOX, number, Box) or first


def _refused(box: Box, holder: str) -> str:
    if box.holder_ending and not holder.endswith(box.holder_ending):
        return "BOX_OF_ANOTHER"
    return "BOX_BLOCKED" if box.blocked else ""


def _renewed(box: Box, agreement: Agreement) -> Box:
    """Nobody pays for less by paying late."""
    return msgspec.structs.replace(box, paid_until=renewed_until(box.paid_until, int(agreement.answers["years"])))


def renewed_until(last: date, years: int) -> date:
    """So many years from the day on which it ran out."""
    day = 28 if (last.month, last.day) == (2, 29) else last.day
    return last.replace(year=last.year + years, day=day)


def _on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "post.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Post(_on_file())
