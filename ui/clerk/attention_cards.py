"""The cards of a refused transaction: what the agency said, the ways on, reasons, PINs, cash, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.corrections import OBJECTIONS, REASONS, Objection, Reason
from kiosk.failures import FAILURES
from kiosk.refunds import Outcome
from kiosk.texts import message
from kiosk.transaction import PaymentMethod
from ui.clerk.attention_desk import Step, Way
from ui.clerk.changes import changes
from ui.clerk.desk import Desk
from ui.clerk.told import Told
from ui.look import Look
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.staff.sign_in import refusal_words
from ui.widgets.pin_field import PinField

PAID_BY = {
    PaymentMethod.BANK_CARD: message("Paid by bank card"),
    PaymentMethod.CASH: message("Paid in cash"),
    PaymentMethod.NONE: message("No fee"),
}

_ANSWERS = {
    Outcome.EXPLAINED: (message("It is written down that this was explained"), "information"),
    Outcome.RETURNED: (message("The money is given back, and recorded"), "success"),
    Outcome.CALLED_OFF: (message("No money went back. It stays to be settled"), "information"),
    Outcome.DISPUTED: (message("The dispute is recorded and goes to the centre"), "success"),
}


class AttentionCard(Told):
    """One step. `acts()` are its number keys, `enter` what the key Enter does, None where nothing."""

    def __init__(self, look: Look, desk: Desk) -> None:
        self._desk, self._at = desk, desk.office.attention
        icon, colour, title = _HEADS[self._at.step]
        if self._at.step is Step.ANSWERED and self._at.answer is not None:
            title = _ANSWERS[self._at.answer.outcome][0]
        super().__init__(look, icon, colour, look.texts(title))
        self.setObjectName(f"attention:{self._at.step.value}")
        self.enter: Callable[[], object] | None = None
        self._pin: PinField | None = None
        self._keys: tuple[KeyAct, ...] = ()
        _FILL[self._at.step](self)

    def acts(self) -> tuple[KeyAct, ...]:
        return self._keys

    def is_typing(self) -> bool:
        return self._pin is not None and self._pin.length() > 0

    # -- steps

    def fill_ways(self) -> None:
        texts, item, at = self.look.texts, self._at.item, self._at
        if item is None:
            return
        self._facts()
        words = item.words_ar if texts.language == "ar" else item.words_en
        self.notice("warning", texts("The agency says"), words or texts.isolated(item.code), "triangle-alert")
        if item.explained:
            self.say(texts.plural("Explained once so far", "Explained {n} times so far", item.explained), colour="ink2")
        if at.was_signed():
            self.say(texts("Signed with the holder's card. For other answers: money back, then anew with the card"))
        ways: list[tuple[str, str, Callable[[], object]]] = []
        if not item.correction:
            ways.append((texts("Explain it to the person, on paper"), "explain", at.explain))
            ways.append((texts("Give the money back"), "refund", at.want_refund))
            if at.can_correct():
                ways.append((texts("Send it corrected"), "correct", at.want_correct))
        ways.append((texts("The office disputes this"), "dispute", at.want_dispute))
        self._choices(*ways)

    def fill_reason(self) -> None:
        texts = self.look.texts
        self._facts()
        self.say(texts("It stands on the slip, and in the ledger"), colour="ink2")
        self._choices(
            *((texts.of(REASONS[one]), f"reason:{one}", partial(self._at.give_reason, one)) for one in Reason)
        )

    def fill_objection(self) -> None:
        texts = self.look.texts
        self.say(texts("A dispute moves no money. It goes to the centre with the entries"), colour="ink2")
        self._choices(
            *(
                (texts.of(OBJECTIONS[one]), f"objection:{one}", partial(self._at.give_objection, one))
                for one in Objection
            )
        )

    def fill_pin(self) -> None:
        look, texts, at = self.look, self.look.texts, self._at
        self._facts()
        if at.way is not Way.DISPUTE:
            self.say(texts("Reason: {reason}", reason=texts.of(REASONS[at.reason])), colour="ink2")
        who = at.who()
        if who is None:
            self.notice("warning", texts("No other supervisor is on the register"), icon="lock")
            return
        if at.step is Step.SUPERVISOR:
            self._names()
        else:
            self.say(texts.of(who.name))
        self._pin = PinField(look, accessible=texts("PIN"))
        self.rows.addWidget(Flow(look, (self._pin,)))
        if at.refused is not None:
            self.notice("warning", *refusal_words(at.refused, texts), icon="lock")
        self.enter = self._show_pin
        self.ways((texts("Continue"), "Enter", "main", self._show_pin))

    def fill_hand_out(self) -> None:
        texts, item = self.look.texts, self._at.item
        if item is None:
            return
        self.say(texts("Count out exactly"), colour="ink2")
        self.say(texts.amount(item.amount_fils), figure=True)
        self.say(texts("Receipt {number}", number=item.receipt_number), colour="ink2")
        self.say(texts("Two people agreed to it. It is recorded once it was handed out"))
        self._choices(
            (texts("It was handed out: print the slip"), "handed_out", self._at.handed_out),
            (texts("It was not handed out"), "not_handed_out", self._at.not_handed_out),
        )

    def fill_unknown(self) -> None:
        texts = self.look.texts
        self._facts()
        self.notice("warning", texts("Unknown, will be resolved"), icon="credit-card")
        self.say(texts("The payment terminal did not say whether the money is back. It is asked again by itself"))
        self._choices((texts("Ask the payment terminal now"), "ask_again", self._at.ask_again))

    def fill_corrected(self) -> None:
        texts, receipt = self.look.texts, self._at.receipt
        if receipt is None:
            return
        self.say(texts.amount(receipt.amount_fils), figure=True)
        self.say(texts("Receipt {number}", number=receipt.receipt_number), colour="ink2")
        self._choices(
            (texts("Print the correction slip again"), "print_slip", self._at.print_slip),
            (texts("Print a copy of the receipt"), "print_receipt", self._at.print_receipt),
            (texts("The office disputes this"), "dispute", self._at.want_dispute),
        )

    def fill_working(self) -> None:
        self.say(self.look.texts("It ends by itself: nothing is to be pressed"), colour="ink2")

    def fill_answered(self) -> None:
        texts, answer = self.look.texts, self._at.answer
        if answer is None:
            return
        if answer.number:
            self.say(texts("Reference number"), colour="ink2")
            self.say(texts.isolated(answer.number), figure=True)
        if answer.print_failure is not None:
            title = texts(FAILURES[answer.print_failure.failure].title)
            self.notice("warning", title, texts("The slip did not come out: note the reference"), "printer")
        elif answer.number:
            self.notice("information", texts("The slip is printed"), icon="printer")
        self.ways((texts("Done"), "Esc", "attention:done", self._desk.close_over))

    # -- parts of them

    def _facts(self) -> None:
        texts, item, scene = self.look.texts, self._at.item, self._desk.scene
        if scene.correcting is not None:
            self.say(texts.amount(scene.total_fils), figure=True)
            for line in changes(scene, texts):
                self.say(line)
        if item is None:
            return
        self.say(texts.amount(item.amount_fils), figure=True)
        titles = {service.id: texts.of(service.title) for service in self._desk.services}
        said = [texts("Receipt {number}", number=item.receipt_number), titles.get(item.service or "", "")]
        said += [texts(PAID_BY[item.method])] if item.method is not None else []
        self.say(" · ".join(one for one in (*said, texts.date_time(item.committed_at)) if one), colour="ink2")

    def _choices(self, *choices: tuple[str, str, Callable[[], object]]) -> None:
        """Each with its number key; none has the focus, so that Enter pressed once too often does none of them."""
        buttons: list[QWidget] = []
        for at, (words, name, act) in enumerate(choices, 1):
            button = KeyButton(self.look, words, str(at), name=f"attention:{name}")
            button.when_pressed(act)
            buttons.append(button)
        self.rows.addWidget(Flow(self.look, tuple(buttons), gap_mm=2.4))
        self._keys = tuple(KeyAct(str(at), words, act) for at, (words, _, act) in enumerate(choices, 1))

    def _names(self) -> None:
        look, at = self.look, self._at
        buttons: list[QWidget] = []
        for place, member in enumerate(at.supervisors):
            button = KeyButton(look, look.texts.of(member.name), name=f"member:{member.id}", kind=KeyButtonKind.CHOICE)
            button.setChecked(place == at.chosen)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.when_pressed(partial(at.choose, place - at.chosen))
            buttons.append(button)
        self.rows.addWidget(Flow(look, tuple(buttons), gap_mm=1.6))
        if len(at.supervisors) > 1:
            self._keys = (
                KeyAct("↑", look.texts("Previous"), partial(at.choose, -1)),
                KeyAct("↓", look.texts("Next"), partial(at.choose, 1)),
            )

    def _show_pin(self) -> None:
        if self._pin is not None and self._pin.length():
            self._at.show_pin(self._pin.take())


_HEADS: dict[Step, tuple[str, str, str]] = {
    Step.WAYS: ("triangle-alert", "warning", message("The agency did not accept it")),
    Step.REASON: ("pencil", "primary", message("Why is it corrected?")),
    Step.OBJECTION: ("pencil", "primary", message("What does the office dispute?")),
    Step.OWN_PIN: ("lock", "primary", message("Your own PIN")),
    Step.SUPERVISOR: ("lock", "primary", message("A supervisor's PIN")),
    Step.HAND_OUT: ("banknote", "warning", message("Give the cash back")),
    Step.UNKNOWN: ("credit-card", "warning", message("The refund is being checked")),
    Step.CORRECTED: ("receipt-text", "primary", message("This receipt was corrected")),
    Step.WORKING: ("refresh-cw", "primary", message("One moment")),
    Step.ANSWERED: ("circle-check", "success", ""),
}

_FILL: dict[Step, Callable[[AttentionCard], None]] = {
    Step.WAYS: AttentionCard.fill_ways,
    Step.REASON: AttentionCard.fill_reason,
    Step.OBJECTION: AttentionCard.fill_objection,
    Step.OWN_PIN: AttentionCard.fill_pin,
    Step.SUPERVISOR: AttentionCard.fill_pin,
    Step.HAND_OUT: AttentionCard.fill_hand_out,
    Step.UNKNOWN: AttentionCard.fill_unknown,
    Step.CORRECTED: AttentionCard.fill_corrected,
    Step.WORKING: AttentionCard.fill_working,
    Step.ANSWERED: AttentionCard.fill_answered,
}
