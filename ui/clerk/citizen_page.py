"""What the citizen's screen shows at one moment: for whom, what and how much, and the two answers to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.counter import Capacity, Consent
from kiosk.events import ConsentGiven, Event, Rated
from kiosk.failures import FAILURES, MONEY_TEXTS, Money
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.mode import Mode
from kiosk.scene import Scene, State
from kiosk.transaction import PaymentMethod
from kiosk.wire import Words
from kiosk.words import amount_in_words
from ui.clerk.citizen_signing import CitizenSigning
from ui.clerk.words import CORRECTED, METHOD_TEXTS, due_words, subject_words
from ui.fact_words import said
from ui.failure_words import failure_values
from ui.feedback_words import REASON_TEXTS
from ui.line_words import counted_more
from ui.look import Look
from ui.person_words import take_words
from ui.widgets.amount_card import widest_role
from ui.widgets.answer_row import AnswerRow
from ui.widgets.button import Button, ButtonKind, Pressable
from ui.widgets.joined_row import JoinedRow
from ui.widgets.layouts import column, row
from ui.widgets.mode_mark import ModeLabel
from ui.widgets.notice import Notice
from ui.widgets.painting import Box, paint_box
from ui.widgets.rating import Faces, reason_question, unexplained
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_WORKING = frozenset({State.CHOOSING_SERVICE, State.START_CARD, State.STEPS, State.ENQUIRING, State.QUOTE})
_AFTER = frozenset({State.COMMITTED, State.DELIVERY_AWAITED, State.RECEIPT, State.DONE})
_LINES_SHOWN = 5


class CitizenPage(QWidget):
    """Built from one scene and thrown away with it, as the pages of self-service are. `switch_language` is the screen's
    own act."""

    def __init__(
        self,
        look: Look,
        scene: Scene,
        office: Words,
        send: Callable[[Event], None],
        switch_language: Callable[[], None],
        *,
        mode: Mode = Mode.SERVICE,
    ) -> None:
        super().__init__()
        self._mode = mode
        self.look, self._scene, self._office, self._send = look, scene, office, send
        self._switch_language = switch_language
        self.setObjectName(f"display:{scene.state.value}")
        self.setLayoutDirection(look.direction)
        stack = QVBoxLayout(self)
        margin = look.page_margin
        stack.setContentsMargins(margin, look.px(6.0), margin, look.px(6.0))
        stack.setSpacing(look.px(look.tokens.space.m))
        self._head_line = self._head()
        stack.addLayout(self._head_line)
        self._fill(stack)
        for button in self.findChildren(Pressable):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # touched only: the keyboard is the clerk's

    def _head(self) -> QHBoxLayout:
        look, texts = self.look, self.look.texts
        line = row(look, _Mark(look), gap_mm=4.0)
        if self._mode is not Mode.SERVICE:
            line.addWidget(ModeLabel(look, self._mode, short=True))
        line.addWidget(Text(look, texts("{office} Post service centre", office=texts.of(self._office)), strong=True), 1)
        other = "English" if look.presentation.language == "ar" else "العربية"
        language = Button(look, other, name="language", kind=ButtonKind.TOOL, icon="globe")
        language.when_pressed(self._switch_language)
        line.addWidget(language)
        return line

    def _fill(self, stack: QVBoxLayout) -> None:
        state = self._scene.state
        if self._scene.correcting is not None and state in {State.CHECK_ANSWERS, State.PAYING}:
            self._say(stack, self.look.texts(CORRECTED), self.look.texts("Nothing is paid again"))
        elif state in {State.CHECK_ANSWERS, State.BASKET}:
            self._check(stack)
        elif state is State.SIGNING:
            self._signing(stack)
        elif state is State.PAYING:
            self._paying(stack)
        elif state in _AFTER:
            self._paid(stack)
        elif state is State.FAILED:
            self._failed(stack)
        elif state is State.PARKED and self._scene.parked is not None:
            self._parked(stack)
        elif state is State.IDENTIFYING:
            self._say(stack, self.look.texts("Reading your card"), self.look.texts("Leave it in"))
        elif state in _WORKING:
            self._working(stack)
        elif state is State.TAKE_CARD:
            self._say(stack, take_words(self._scene, self.look.texts), "")
        else:
            self._nobody(stack)

    def _say(self, stack: QVBoxLayout, title: str, text: str) -> None:
        look = self.look
        stack.addStretch(1)
        stack.addWidget(Text(look, title, role="display", centred=True))
        if text:
            stack.addWidget(Text(look, text, role="title", strong=False, centred=True, colour="ink2"))
        stack.addStretch(2)

    def _nobody(self, stack: QVBoxLayout) -> None:
        look = self.look
        stack.addStretch(1)
        stack.addWidget(_Mark(look, height_mm=46.0), 0, Qt.AlignmentFlag.AlignHCenter)
        stack.addSpacing(look.px(6.0))
        title = look.texts("My government at my service")
        stack.addWidget(Text(look, title, role="display", centred=True))
        stack.addStretch(2)

    def _working(self, stack: QVBoxLayout) -> None:
        texts, scene = self.look.texts, self._scene
        name = scene.identity.first_name(texts.language) if scene.identity else ""
        title = texts("Welcome, {name}", name=name) if name else texts("Welcome")
        service = texts.of(scene.service.title) if scene.service else ""
        self._say(stack, title, service)

    def _check(self, stack: QVBoxLayout) -> None:
        look, texts, scene = self.look, self.look.texts, self._scene
        given = scene.consent is not Consent.NONE
        free = scene.method is PaymentMethod.NONE
        agreed = texts("You agreed to this request") if free else texts("You agreed to this amount")
        title = agreed if given else texts("Do you agree to this?")
        stack.addWidget(Text(look, title, role="display" if look.wide else "title"))
        both = row(look, gap_mm=look.tokens.space.xl)
        rows = column(look, *self._rows(), gap_mm=0.0)
        rows.addStretch(1)
        both.addLayout(rows, 3)
        both.addLayout(self._amount(), 2)
        stack.addLayout(both, 1)
        if given:
            paid = texts("You can still say no until it is paid")
            stack.addWidget(Notice(look, "success", texts("You can still say no until it is sent") if free else paid))
        line = row(look)
        refuse = Button(look, texts("No"), name="refuse", icon="x")
        refuse.when_pressed(lambda: self._send(ConsentGiven(Consent.NONE)))
        line.addWidget(refuse)
        line.addStretch(1)
        if not given:
            agree = Button(
                look,
                texts("I agree") if free else texts("I agree to {amount}", amount=due_words(scene, texts)),
                name="agree",
                kind=ButtonKind.PRIMARY,
                icon="check",
                least_width_mm=96.0 if look.wide else None,
            )
            agree.when_pressed(lambda: self._send(ConsentGiven(Consent.SCREEN)))
            line.addWidget(agree)
        stack.addLayout(line)

    def _rows(self) -> list[JoinedRow]:
        look, texts, scene = self.look, self.look.texts, self._scene
        rows: list[JoinedRow] = []
        if scene.identity is not None:
            name = scene.identity.full_name(texts.language)
            shown = name or texts.masked(scene.identity.number)
            rows.append(AnswerRow(look, texts("Name"), shown))
        if scene.behalf.capacity is not Capacity.SELF:
            other = texts("National number {number}", number=texts.masked(scene.behalf.number))
            rows.append(AnswerRow(look, texts("On behalf of"), other))
        if scene.service is None:
            rows += [self._item(entry) for entry in scene.basket]
        elif scene.method is PaymentMethod.NONE:
            rows.append(AnswerRow(look, texts("Service"), texts.of(scene.service.title)))
        lines = [line for line in (scene.quote.lines if scene.quote else ()) if line.id in scene.picked]
        shown_lines = lines if len(lines) <= _LINES_SHOWN else lines[: _LINES_SHOWN - 1]
        rows += [_line(look, texts.of(line.title), texts.amount(line.amount_fils)) for line in shown_lines]
        if rest := lines[len(shown_lines) :]:
            more = counted_more(scene.service, len(rest), texts)
            rows.append(_line(look, more, texts.amount(sum(line.amount_fils for line in rest))))
        told = scene.quote.facts if scene.quote else ()
        rows.extend(AnswerRow(look, texts.of(fact.title), said(fact, texts)) for fact in told)
        if scene.method is not PaymentMethod.NONE:
            rows.append(AnswerRow(look, texts("Paid by"), texts(METHOD_TEXTS[scene.method])))
        for at, one in enumerate(rows):
            one.show_ends(first=at == 0, last=at == len(rows) - 1)
        return rows

    def _item(self, entry: Scene) -> JoinedRow:
        texts = self.look.texts
        title = texts.of(entry.service.title) if entry.service else ""
        return _line(self.look, title, due_words(entry, texts))

    def _amount(self) -> QVBoxLayout:
        """In the same frame as on the clerk's screen."""
        look, texts, scene = self.look, self.look.texts, self._scene
        amount = due_words(scene, texts)
        frame = _Frame(look)
        words = frame.words
        words.addWidget(Text(look, texts("Amount"), colour="ink2"))
        shown = Text(look, amount, role=widest_role(look, amount, look.panel.width // 4), wrap=False)
        shown.setObjectName("amount")
        words.addWidget(shown)
        if scene.total_fils:
            words.addWidget(Text(look, amount_in_words(scene.total_fils, texts.language), colour="ink2"))
        words.addWidget(Text(look, subject_words(scene, texts), colour="ink2"))
        whole = column(look, frame)
        whole.addStretch(1)
        return whole

    def _large(self, stack: QVBoxLayout, title: str, amount: str, text: str) -> None:
        look = self.look
        stack.addStretch(1)
        stack.addWidget(Text(look, title, role="title", strong=False, centred=True, colour="ink2"))
        shown = Text(look, amount, role="figure", centred=True, wrap=False)
        shown.setObjectName("amount")
        stack.addWidget(shown)
        if text:
            stack.addWidget(Text(look, text, role="title", centred=True))
        stack.addStretch(2)

    def _signing(self, stack: QVBoxLayout) -> None:
        """Over the whole width: it has its own margins, and its bar stands at the lower edge."""
        margins = stack.contentsMargins()
        self._head_line.setContentsMargins(margins.left(), 0, margins.right(), 0)
        stack.setContentsMargins(0, margins.top(), 0, 0)
        stack.setSpacing(0)
        stack.addWidget(CitizenSigning(self.look, self._scene, self._send), 1)

    def _paying(self, stack: QVBoxLayout) -> None:
        texts, scene = self.look.texts, self._scene
        if scene.method is PaymentMethod.NONE:
            self._say(stack, texts("Your request is being recorded"), "")
            return
        cash = scene.method is PaymentMethod.CASH
        told = texts("The cash is being recorded") if cash else texts("Use the payment terminal")
        self._large(stack, texts("Amount due"), texts.amount(scene.total_fils), told)

    def _paid(self, stack: QVBoxLayout) -> None:
        look, texts, scene = self.look, self.look.texts, self._scene
        done = scene.state is State.DONE
        if (unhappy := unexplained(scene)) is not None:
            self._reason(stack, unhappy)
            return
        free = scene.method is PaymentMethod.NONE
        title = texts("Your request is recorded") if free else texts("Paid and recorded")
        self._large(stack, title, due_words(scene, texts), self._paper(done=done))
        if scene.method is PaymentMethod.CASH and scene.tendered_fils:
            change = texts.amount(scene.tendered_fils - scene.total_fils)
            received = texts("Received: {amount}", amount=texts.amount(scene.tendered_fils))
            panel = Surface(look, "success")
            panel.rows.addWidget(
                Text(
                    look, texts("Your change: {amount}", amount=change), role="display", colour="success", centred=True
                )
            )
            panel.rows.addWidget(Text(look, received, centred=True))
            stack.addWidget(panel)
        if done:  # the citizen says how the service was, not the clerk, whose screen has no such control
            cash = scene.method is PaymentMethod.CASH
            faces = Faces(look, scene.satisfaction, self._send, in_line=cash)
            stack.addWidget(faces, 0, Qt.AlignmentFlag.AlignHCenter)

    def _reason(self, stack: QVBoxLayout, satisfaction: Satisfaction) -> None:
        look = self.look
        stack.addLayout(reason_question(look, satisfaction, self._send), 1)
        without = Button(look, look.texts(REASON_TEXTS[WhyUnhappy.NOT_SAID]), name="without_reason")
        without.when_pressed(lambda: self._send(Rated(satisfaction, WhyUnhappy.NOT_SAID)))
        stack.addWidget(without, 0, Qt.AlignmentFlag.AlignTrailing)

    def _paper(self, *, done: bool) -> str:
        texts = self.look.texts
        if not done:
            return texts("Your receipt comes next")
        return texts("Take your receipt") if self._scene.print_state else texts("The clerk sees to your receipt")

    def _failed(self, stack: QVBoxLayout) -> None:
        """What happened and what is true of the money; what is to be done, the clerk says."""
        texts, scene = self.look.texts, self._scene
        if scene.failure is None:
            return
        title = texts(FAILURES[scene.failure.failure].title, **failure_values(scene.failure, scene, texts))
        shows_money = scene.identity is not None or scene.money is not Money.NOTHING
        money = texts(MONEY_TEXTS[scene.money], amount=texts.amount(scene.total_fils)) if shows_money else ""
        self._say(stack, title, money)

    def _parked(self, stack: QVBoxLayout) -> None:
        texts, scene = self.look.texts, self._scene
        assert scene.parked is not None
        until = texts("Finish it by {date}", date=texts.date(scene.parked.until))
        self._say(stack, texts("The request is saved: reference {reference}", reference=scene.parked.reference), until)


def _line(look: Look, words: str, amount: str) -> JoinedRow:
    """One line of the quote; the amounts end at one edge."""
    line = JoinedRow(look, least_height_mm=look.tokens.size.tool)
    line.line.addWidget(Text(look, words), 1)
    line.line.addWidget(Text(look, amount, strong=True, wrap=False))
    return line


class _Frame(QWidget):
    """A thick outline around the amount."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.words = QVBoxLayout(self)
        side = look.px(6.0)
        self.words.setContentsMargins(side, look.px(4.0), side, look.px(5.0))
        self.words.setSpacing(look.px(1.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        box = Box(look.colour("surface"), look.colour("ink"), look.px(1.6), look.card_radius)
        paint_box(painter, QRectF(self.rect()), box)
        painter.end()


class _Mark(QWidget):
    def __init__(self, look: Look, height_mm: float | None = None) -> None:
        super().__init__()
        height = look.px(look.tokens.size.mark_height if height_mm is None else height_mm)
        self._picture: QPixmap = look.artwork.picture("mark", QSize(round(height * 56 / 44), height))
        self.setFixedSize(self._picture.size())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.drawPixmap(QRectF(self.rect()).topLeft().toPoint(), self._picture)
        painter.end()
