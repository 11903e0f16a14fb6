"""An errand at the kiosk, whatever the service: its questions answered in order, what is due paid, the paper taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.forms import AGREED
from ui.tour.visits import Visitor

Answer = Callable[[Visitor], None]


def choose(option: str) -> Answer:
    """On whichever page of the options it stands."""

    def answer(visitor: Visitor) -> None:
        while visitor.hand.see(f"option:{option}") is None and visitor.turn():
            pass
        visitor.hand.touch(f"option:{option}")

    return answer


def agree() -> Answer:
    return choose(AGREED)


def digits(typed: str) -> Answer:
    """On the keypad, in place of what is proposed; a point is a key too."""
    return lambda visitor: visitor.hand.type_digits(typed)


def keep() -> Answer:
    """What the agency knows stands there already."""
    return lambda _visitor: None


def scan() -> Answer:
    """One page lies in the scanner; what came of it is looked at."""

    def answer(visitor: Visitor) -> None:
        visitor.hand.touch("main")
        visitor.hand.wait_until(lambda: visitor.hand.see("scan_again") is not None, "the page to be scanned")

    return answer


def plate(code: str, number: str) -> Answer:
    def answer(visitor: Visitor) -> None:
        visitor.hand.type_digits(code)
        visitor.hand.touch("field:number")
        visitor.hand.type_digits(number)

    return answer


def words(typed: str) -> Answer:
    """Key by key on the screen's keyboard, as far as it has the letter where it stands; Done gives the page back."""

    def answer(visitor: Visitor) -> None:
        for letter in typed:
            if visitor.hand.see(f"key:{letter}") is not None:
                visitor.hand.touch(f"key:{letter}")
            else:
                _type_key(_field(visitor), letter)
        visitor.note("typed")
        visitor.hand.touch("key:done")

    return answer


def _type_key(field: QWidget, letter: str) -> None:
    """On a real keyboard. QTest's own keys know ASCII alone."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def _field(visitor: Visitor) -> QWidget:
    field = visitor.hand.see("field:text")
    assert field is not None, "no field for words is shown"
    return field


@dataclasses.dataclass(frozen=True, slots=True)
class Errand:
    """`answers` are those to the questions that come, each a pair of the picture's name and what is done there.
    `segment` is chosen first where the service is not for citizens."""

    service: str
    answers: tuple[tuple[str, Answer], ...]
    card: str = "salma"
    english: bool = False
    segment: str = ""


def run(visitor: Visitor, errand: Errand) -> None:
    """From the idle page to the paper and back; the ledger and the centre agree on it in the end."""
    ask(visitor, errand)
    settle(visitor)


def ask(visitor: Visitor, errand: Errand) -> None:
    """Up to the page on which everything is checked."""
    visitor.greet(errand.card, english=errand.english)
    ask_for(visitor, errand)


def ask_for(visitor: Visitor, errand: Errand) -> None:
    """The same from the page on which services are chosen."""
    answer_questions(visitor, errand)
    if visitor.hand.wait_for_page("quote", "check_answers") == "quote":
        visitor.note("quote")
        visitor.hand.touch("main")
    visitor.arrive("check_answers")


def answer_questions(visitor: Visitor, errand: Errand) -> None:
    """From the page on which services are chosen to whatever comes of the answers."""
    if errand.segment:
        visitor.hand.touch(f"segment:{errand.segment}")
        visitor.note(f"for-{errand.segment}")
    visitor.open_service(errand.service)
    visitor.hand.touch("main")
    for name, answer in errand.answers:
        visitor.hand.wait_for_page("steps")
        visitor.note(name)
        answer(visitor)
        visitor.note(f"{name}-answered")
        go_on(visitor)


def take_way_out(visitor: Visitor, question: str) -> None:
    """From a refusal to the first question of the service that settles what stands in the way."""
    visitor.hand.touch("way_out")
    visitor.arrive("start_card", step="the-way-out")
    visitor.hand.touch("main")
    visitor.arrive("steps", step=question)


def go_on(visitor: Visitor) -> None:
    """The next question is another page, even where it looks alike."""
    before = visitor.hand.see("page:steps")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("page:steps") is not before, "the page after this question")


def settle(visitor: Visitor) -> None:
    """Paid, printed, left and delivered."""
    visitor.pay()
    visitor.leave()
    visitor.wait_for_delivery()
