"""The counter's page: the office at the leading side, the visit in the middle, the money at the trailing side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.scene import Scene, State
from ui.clerk import keys, told
from ui.clerk.attention_cards import AttentionCard
from ui.clerk.basket_card import BasketCard
from ui.clerk.desk import FORM, FREE, Desk
from ui.clerk.document_card import DocumentCard
from ui.clerk.finder import Finder
from ui.clerk.keys_page import KeysCard
from ui.clerk.money_column import MoneyColumn
from ui.clerk.new_person import NewPerson
from ui.clerk.office_column import OfficeColumn
from ui.clerk.person_card import PersonCard
from ui.clerk.requests_card import RequestsCard
from ui.clerk.sheet import Over
from ui.clerk.signing import CitizenSigns
from ui.clerk.visit_form import VisitForm
from ui.look import Look
from ui.staff.flow import Flow
from ui.staff.key_bar import KeyBar
from ui.staff.key_button import KeyButton
from ui.staff.keys import KeyAct
from ui.staff.page import StaffPage, height_at, is_tight
from ui.widgets.notice import Notice
from ui.widgets.text import Text

_ROOMY_MM = 380.0
_LEADING_PART, _LEADING_PART_FREE, _TRAILING_PART = 0.19, 0.36, 0.26

_TOLD: dict[State, Callable[[Look, Desk], QWidget]] = {
    State.IDLE: told.free,
    State.TAKE_CARD: told.take_card,
    State.IDENTIFYING: told.busy,
    State.ACCESS_NUMBER: told.access_number,
    State.CARD_REMOVED: told.card_removed,
    State.PAYING: told.busy,
    State.COMMITTED: told.busy,
    State.DELIVERY_AWAITED: told.busy,
    State.RECEIPT: told.busy,
    State.DONE: told.done,
    State.PARKED: told.parked,
    State.FAILED: told.failed,
}


class CounterPage(StaffPage):
    """Built anew for every scene; `take_face` alone changes it where it stands."""

    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__(look, margin_mm=0.0)
        self._desk = desk
        self.setObjectName(f"page:{desk.scene.state.value}")
        self._person: PersonCard | None = None
        self._form: VisitForm | None = None
        self._finder: Finder | None = None
        self._signing: CitizenSigns | None = None
        self._attention: AttentionCard | None = None
        self._document: DocumentCard | None = None
        self._requests: RequestsCard | None = None
        self._basket: BasketCard | None = None
        self._above: list[QWidget] = []
        self._room = self._height_of_page()
        self._width = look.panel.width
        line = QHBoxLayout()
        line.setSpacing(0)
        self.content.addLayout(line, 1)
        self._office = self._office_column()
        middle = QWidget()
        self._middle = QVBoxLayout(middle)
        side = look.px(4.4 if self._office is not None else 3.0)
        self._middle.setContentsMargins(side, look.px(3.4), side, look.px(2.6))
        self._middle.setSpacing(look.px(2.6))
        self._money = self._money_column()
        for part in (self._office, middle, self._money):
            if part is not None:
                line.addWidget(part, 1 if part is middle else 0)
        self._width -= 2 * side
        self._fill_middle()

    def take_face(self, scene: Scene) -> None:
        if self._person is not None and scene.portrait is not None:
            self._person.show_face(scene.portrait)

    def is_taking_a_pin(self) -> bool:
        """Whether some digits of a PIN are typed, which are nowhere but in this page."""
        return any(part is not None and part.is_typing() for part in (self._signing, self._attention))

    def bar(self) -> tuple[KeyAct, ...]:
        texts = self.look.texts
        enter = self._enter()
        words = texts("Enquire") if self._wants_enquiry() else texts("Continue")
        if self._document is not None:
            words = self._document.enter_words
        return keys.bar(self._desk, texts, enter, enter_words=words)

    def acts(self) -> tuple[KeyAct, ...]:
        texts = self.look.texts
        acts: list[KeyAct] = [KeyAct("Ctrl+F12", texts("Sign out"), partial(self._desk.sign_out, at_once=True))]
        if self._desk.sheet.over is Over.CASH:
            settle = self._desk.office.settle
            acts += [KeyAct("1", "", partial(settle, kept=True)), KeyAct("2", "", partial(settle, kept=False))]
            return tuple(acts)
        # The digits are one's alone.
        lists = self._attention or self._document or self._requests or self._basket or self._office
        for part in (self._person, self._form, self._money, lists):
            if part is not None:
                acts += part.acts()
        return tuple(acts)

    def first_focus(self) -> QWidget | None:
        desk = self._desk
        wanted, desk.focus = desk.focus, ""
        names = [wanted] if wanted else []
        if desk.sheet.over is Over.FINDER or desk.scene.state is State.CHOOSING_SERVICE:
            names.append("search")
        if desk.sheet.over is Over.NEW_PERSON:
            names += ["national_number"]
        if self._form is not None:
            names.append(self._form.first())
        # No end, no cancelling, no answer about cash: whoever presses Enter once too often must not have pressed those.
        names += ["access_number", "pin", "main", "continue", "way_out", "change", "try_again"]
        names += ["begin:new", "begin:read"]
        for name in names:
            found = self.findChild(QWidget, name)
            if found is not None and found.isEnabled():
                return found
        return None

    # -- the middle

    def _fill_middle(self) -> None:
        look, desk = self.look, self._desk
        state = desk.scene.state
        if desk.told:
            self._put_above(Notice(look, "information", look.texts(desk.told)))
        if desk.scene.identity is not None and state not in FREE:
            self._person = PersonCard(look, desk, stating=state in FORM or state is State.CHOOSING_SERVICE)
            self._put_above(self._person)
        over = self._over()
        if over is not None:
            self._middle.addWidget(over, 1 if over is self._document else 0)
            self._middle.addStretch(0 if over is self._document else 1)
        elif state in FORM:
            self._form = VisitForm(look, desk, self._middle_room(), self._width)
            self._middle.addWidget(self._form, 1)
        elif state is State.BASKET:
            self._basket = BasketCard(look, desk)
            self._middle.addWidget(self._basket, 1)
        elif state is State.SIGNING:
            self._signing = CitizenSigns(look, desk)
            self._middle.addWidget(self._signing)
            self._middle.addStretch(1)
        elif state in _TOLD:
            self._middle.addWidget(_TOLD[state](look, desk))
            self._middle.addStretch(1)
        else:
            self._choose()

    def _put_above(self, widget: QWidget) -> None:
        """What stands over the part that takes what is left."""
        self._middle.addWidget(widget)
        self._above.append(widget)

    def _over(self) -> QWidget | None:
        look, desk = self.look, self._desk
        over: QWidget | None = None
        match desk.sheet.over:
            case Over.FINDER:
                over = self._finder = Finder(look, desk, rows_shown=self._rows_found())
            case Over.NEW_PERSON:
                over = NewPerson(look, desk)
            case Over.KEYS:
                over = KeysCard(look, self._other_keys() if is_tight(look) else (*self.bar(), *self._other_keys()))
            case Over.CASH:
                over = told.cash_in_doubt(look, desk)
            case Over.ATTENTION:
                over = self._attention = AttentionCard(look, desk)
            case Over.REQUESTS:
                over = self._requests = RequestsCard(look, desk, self._middle_room(), self._width)
            case Over.DOCUMENT:
                over = self._document = self._document_card()
        return over

    def _document_card(self) -> DocumentCard | None:
        """Of the paper that was opened, while the form takes it."""
        desk = self._desk
        opened = (step for step in desk.filling.steps() if step.id == desk.sheet.paper and desk.scene.state in FORM)
        step = next(opened, None)
        return None if step is None else DocumentCard(self.look, desk, step)

    def _choose(self) -> None:
        look, desk, texts = self.look, self._desk, self.look.texts
        for offer in desk.scene.offers[:1]:
            service = next((one for one in desk.services if one.id == offer.service), None)
            title = texts.of(service.title) if service else offer.service
            said = texts("Saved {date}: {service}", date=texts.date(offer.parked_at), service=title)
            button = KeyButton(look, texts("Continue it"), "F10", name="offer", icon="bookmark")
            button.when_pressed(partial(desk.resume, offer.reference))
            self._put_above(Flow(look, (Text(look, said, strong=True), button), gap_mm=3.0))
        self._finder = Finder(look, desk, rows_shown=self._rows_found())
        self._middle.addWidget(self._finder)
        self._middle.addStretch(1)

    def _rows_found(self) -> int:
        look = self.look
        row_height = max(look.px(look.tokens.size.staff.table_row), look.line_height("body") + look.px(1.4))
        return max(1, min(9, (self._middle_room() - look.px(31.0)) // row_height))

    # -- room

    def _height_of_page(self) -> int:
        """Pixels between strip and key bar; what the bar needs depends on its words."""
        look = self.look
        bar = KeyBar(look, keys.bar(self._desk, look.texts, None, enter_words=look.texts("Continue")))
        height = bar.height_at(look.panel.width)
        bar.deleteLater()
        return look.panel.height - look.px(look.tokens.size.staff.strip) - height

    def _office_column(self) -> OfficeColumn | None:
        """Where there is little room, only while nobody is served."""
        look = self.look
        roomy = look.panel.width_mm >= _ROOMY_MM and not look.largest
        if not roomy and self._desk.scene.state not in FREE:
            return None
        share = round(look.panel.width * (_LEADING_PART if roomy else _LEADING_PART_FREE))
        width = min(look.px(look.tokens.size.staff.queue_column), share) if roomy else share
        column = OfficeColumn(look, self._desk, self._room, width)
        column.setFixedWidth(width)
        self._width -= width
        return column

    def _money_column(self) -> MoneyColumn | None:
        """Nobody is served: no money. What does not fit is said in fewer words."""
        look = self.look
        if self._desk.scene.state in FREE:
            return None
        wanted = min(look.px(look.tokens.size.staff.pay_column), round(look.panel.width * _TRAILING_PART))
        column = MoneyColumn(look, self._desk, compact=False)
        width = max(wanted, column.minimumSizeHint().width())
        if height_at(column, width) > self._room:
            column.deleteLater()
            column = MoneyColumn(look, self._desk, compact=True)
            width = max(wanted, column.minimumSizeHint().width())
        column.setFixedWidth(width)
        self._width -= width
        return column

    def _middle_room(self) -> int:
        """Pixels that are left in the middle under what stands there already."""
        margins = self._middle.contentsMargins()
        taken = sum(height_at(widget, self._width) + self._middle.spacing() for widget in self._above)
        return self._room - margins.top() - margins.bottom() - taken

    # -- Enter

    def _wants_enquiry(self) -> bool:
        state = self._desk.scene.state
        asking = state is State.STEPS or (state in {State.QUOTE, State.CHECK_ANSWERS} and self._desk.filling.changed())
        return asking and self._desk.sheet.over is Over.NOTHING

    def _enter(self) -> Callable[[], object] | None:
        desk, state = self._desk, self._desk.scene.state
        if desk.sheet.over is Over.NEW_PERSON:
            return desk.type_person
        asked = self._attention or self._signing or self._document or self._requests
        if asked is not None:
            return asked.enter
        if desk.sheet.over is not Over.NOTHING or state is State.CHOOSING_SERVICE:
            return self._finder.take if self._finder is not None else None
        if state is State.ACCESS_NUMBER:
            return desk.type_access_number
        if state is State.FAILED:
            return desk.first_way()
        return self._go_on if state in FORM | {State.BASKET} and state is not State.ENQUIRING else None

    def _go_on(self) -> None:
        """The agency is asked where something changed; else typing goes to what is still missing for the payment."""
        if self._wants_enquiry():
            self._desk.filling.enquire()
            return
        place = self._money.next_place() if self._money is not None else None
        if place is not None:
            place.setFocus()

    def _other_keys(self) -> tuple[KeyAct, ...]:
        texts = self.look.texts
        return (
            KeyAct("Alt+0", texts("Show the whole number: written into the journal")),
            KeyAct("Alt+1", texts("The person is here")),
            KeyAct("Alt+2", texts("Proxy")),
            KeyAct("Alt+3", texts("Parent or guardian")),
            KeyAct("1-9", texts("Tick a line, or take a row of the list")),
            KeyAct("Ctrl+1-9", texts("Leave a service out of the basket")),
            KeyAct("Alt+4", texts("The pages of a document")),
            KeyAct("Alt+5", texts("Choose all lines")),
            KeyAct("Alt+6-9", texts("What was handed over")),
            KeyAct("PgUp PgDn", texts("Turn the pages of a table")),
            KeyAct("Shift+F1", texts("The other language")),
            KeyAct("Shift+F2", texts("Text size")),
            KeyAct("Shift+F3", texts("Contrast")),
            KeyAct("Ctrl+F12", texts("Sign out")),
        )
