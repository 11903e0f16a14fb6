"""The ways on from a transaction that the agency refused, step by step; every act here once, pages and keys call them.

Nothing is decided by one press: what moves money asks for its reason, for the clerk's own PIN, and for a supervisor's.
The id of what will be written is made when the way is chosen, so that a second press can never do it twice.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import uuid6

from kiosk.catalogue import Service
from kiosk.corrections import Attention, Correcting, Objection, Proof, Reason
from kiosk.events import CorrectedSent, CorrectionOpened
from kiosk.failures import FAILURES, ServiceFailure
from kiosk.receipt import RecentReceipt
from kiosk.refunds import Answer, Outcome
from kiosk.scene import State
from kiosk.staff import Role, SignInRefused, StaffAct, StaffMember, StaffMistake
from kiosk.texts import message
from kiosk.transaction import Agreement, PaymentMethod
from ui.clerk.sheet import Over

if TYPE_CHECKING:
    from ui.clerk.desk import Desk, Tools

NOT_ALLOWED = message("This needs another person, or a PIN that was just entered")


class Step(enum.Enum):
    """Where it stands; each has its card in `ui.clerk.attention_cards`."""

    WAYS = "ways"
    REASON = "reason"
    OBJECTION = "objection"
    OWN_PIN = "own_pin"
    SUPERVISOR = "supervisor"
    HAND_OUT = "hand_out"
    UNKNOWN = "unknown"
    CORRECTED = "corrected"  # a receipt that was taken back already
    WORKING = "working"
    ANSWERED = "answered"


class Way(enum.Enum):
    REFUND = "refund"
    CORRECT = "correct"
    DISPUTE = "dispute"


class AttentionDesk:
    """`item` is what is open, or `receipt` one that was taken back. `refused` is why the last PIN did not count."""

    def __init__(self, desk: Desk, tools: Tools) -> None:
        self._desk, self._tools = desk, tools
        self._forget()

    def _forget(self) -> None:
        self.item: Attention | None = None
        self.receipt: RecentReceipt | None = None
        self.step = Step.WAYS
        self.way = Way.REFUND
        self.reason = Reason.REFUSED
        self.objection = Objection.NOT_REFUSABLE
        self.supervisors: tuple[StaffMember, ...] = ()
        self.chosen = 0
        self.refused: SignInRefused | None = None
        self.answer: Answer | None = None
        self._id = uuid6.uuid7()
        self._requested: Proof | None = None

    # -- opening and leaving

    def open(self, item: Attention) -> None:
        self._forget()
        self.item = item
        if item.refund is not None:
            self.step = Step.HAND_OUT if item.method is PaymentMethod.CASH else Step.UNKNOWN
        self._show()

    def open_corrected(self, receipt: RecentReceipt) -> None:
        self._forget()
        self.receipt, self.step = receipt, Step.CORRECTED
        self._show()

    def leave(self) -> None:
        """Whatever was begun here is not; what is agreed to stays so, on disk."""
        self._forget()
        if self._desk.sheet.over is Over.ATTENTION:
            self._desk.sheet.over = Over.NOTHING

    # -- the ways

    def explain(self) -> None:
        item, member, note = self.item, self._desk.member, self._id
        if item is not None and member is not None and self.step is Step.WAYS:
            self._do(lambda: self._tools.refunds.explain(item, note, member), f"{item.receipt_number} explained")

    def want_refund(self) -> None:
        if self.item is not None and not self.item.correction and self.step is Step.WAYS:
            self.way = Way.REFUND
            self._go(Step.REASON)

    def can_correct(self) -> bool:
        """Not what was signed: it was signed for those answers. Nor what the service's file no longer knows."""
        service = self._service()
        return service is not None and service.signature == "none" and not self._is_correction()

    def was_signed(self) -> bool:
        """With the holder's card, which has to be here again for other answers."""
        service = self._service()
        return service is not None and service.signature == "card" and not self._is_correction()

    def _service(self) -> Service | None:
        item = self.item
        return next((one for one in self._desk.services if item and one.id == item.service), None)

    def _is_correction(self) -> bool:
        return self.item is not None and self.item.correction

    def want_correct(self) -> None:
        """Opens the service as it was filled then."""
        item = self.item
        if item is None or self.step is not Step.WAYS or not self.can_correct():
            return
        number, records, begun = item.receipt_number, self._tools.records, self._id
        self._go(Step.WORKING)

        def then(answer: Any) -> None:
            if begun != self._id:
                return
            if not isinstance(answer, Agreement):
                self._fail(answer)
                return
            self.leave()
            self._desk.send(CorrectionOpened(Correcting(answer, number)))

        self._desk.ask(lambda: records.agreement_of(number), then)

    def can_send(self) -> bool:
        """The corrected form is asked about, and costs what was paid."""
        scene = self._desk.scene
        if scene.correcting is None or scene.state is not State.CHECK_ANSWERS or self._desk.filling.changed():
            return False
        return scene.total_fils == scene.correcting.agreement.total_fils

    def may_be_sent_now(self) -> bool:
        """And nobody is being asked why, or for a PIN, already."""
        return self.can_send() and self._desk.sheet.over is not Over.ATTENTION

    def want_to_send(self) -> None:
        """F8 in a form that is corrected: why, and who answers for it."""
        if self.may_be_sent_now():
            self._forget()
            self.way, self.step = Way.CORRECT, Step.REASON
            self._show()

    def want_dispute(self) -> None:
        if self.step in {Step.WAYS, Step.CORRECTED}:
            self.way = Way.DISPUTE
            self._go(Step.OBJECTION)

    def give_reason(self, reason: Reason) -> None:
        if self.step is Step.REASON:
            self.reason = reason
            self._go(Step.OWN_PIN)

    def give_objection(self, objection: Objection) -> None:
        if self.step is Step.OBJECTION:
            self.objection = objection
            self._ask_supervisor()

    def print_slip(self) -> None:
        """The correction's, again."""
        receipt = self.receipt
        if receipt is not None and self.step is Step.CORRECTED:
            self._do(
                lambda: self._tools.refunds.print_again(receipt.transaction), f"{receipt.receipt_number} slip again"
            )

    def print_receipt(self) -> None:
        if self.receipt is not None and self.step is Step.CORRECTED:
            number = self.receipt.receipt_number
            self.leave()
            self._desk.office.reprint(number)

    # -- the people

    def choose(self, step: int) -> None:
        """The supervisor before or after in the list."""
        if self.supervisors and self.step is Step.SUPERVISOR:
            self.chosen = (self.chosen + step) % len(self.supervisors)
            self.refused = None
            self._desk.renew()

    def who(self) -> StaffMember | None:
        """Whose PIN is asked for."""
        if self.step is Step.OWN_PIN:
            return self._desk.member
        return self.supervisors[self.chosen] if self.supervisors else None

    def show_pin(self, pin: bytearray) -> None:
        """Wiped by whoever compares it."""
        who, asked = self.who(), self.step
        if who is None or asked not in {Step.OWN_PIN, Step.SUPERVISOR}:
            pin[:] = bytes(len(pin))
            return
        corrections, begun = self._tools.refunds.corrections, self._id
        self._go(Step.WORKING)

        def then(answer: Any) -> None:
            if begun != self._id:
                return
            if isinstance(answer, SignInRefused):
                self.refused = answer
                self._go(asked)
            elif isinstance(answer, Exception):
                self._fail(answer)
            elif asked is Step.OWN_PIN:
                self._requested = answer
                self._ask_supervisor()
            else:
                self._decide(answer)

        self._desk.ask(lambda: corrections.prove(who.id, pin), then)

    def _ask_supervisor(self) -> None:
        """Another person than the one who asks; to dispute, the supervisor at the counter may be the one."""
        own = self._desk.member.id if self._desk.member is not None and self.way is not Way.DISPUTE else ""

        def then(answer: Any) -> None:
            if isinstance(answer, Exception):
                self._fail(answer)
                return
            self.supervisors = tuple(
                one for one in answer if one.active and one.role is Role.SUPERVISOR and one.id != own
            )
            self.refused = None
            self._go(Step.SUPERVISOR)

        self._desk.ask(self._tools.register.members, then)

    def _decide(self, approved: Proof) -> None:
        refunds, identifier, item = self._tools.refunds, self._id, self.item
        if self.way is Way.DISPUTE:
            objection, number = self.objection, self._disputed_number()
            self._do(lambda: refunds.dispute(self._disputed(), identifier, objection, approved), f"{number} disputed")
        elif self.way is Way.CORRECT and self._requested is not None:
            sent = CorrectedSent(identifier, self.reason, self._requested, approved)
            correcting = self._desk.scene.correcting
            self.leave()
            if correcting is not None:
                self._desk.note(StaffAct.DECIDED_PAYMENT, f"{correcting.receipt_number} sent corrected")
            self._desk.send(sent)
        elif item is not None and self._requested is not None:
            requested, reason = self._requested, self.reason
            self._do(
                lambda: refunds.refund(item, identifier, reason, requested=requested, approved=approved),
                f"{item.receipt_number} refund agreed",
            )

    def _disputed(self) -> Any:
        """The transaction: what was refused, or the correction of what was taken back."""
        if self.item is not None:
            return self.item.ids.transaction
        assert self.receipt is not None
        done = self._tools.refunds.corrections.corrected(self.receipt.transaction)
        assert done is not None
        return done.reversal.ids.transaction

    def _disputed_number(self) -> str:
        return self.item.receipt_number if self.item else self.receipt.receipt_number if self.receipt else ""

    # -- the money

    def handed_out(self) -> None:
        item = self.item
        if item is not None and self.step is Step.HAND_OUT:
            self._do(lambda: self._tools.refunds.handed_out(item), f"{item.receipt_number} handed out")

    def not_handed_out(self) -> None:
        item, member = self.item, self._desk.member
        if item is not None and member is not None and self.step is Step.HAND_OUT:
            self._do(lambda: self._tools.refunds.not_handed_out(item, member), f"{item.receipt_number} called off")

    def ask_again(self) -> None:
        """The payment terminal, of a refund that nobody knows of yet."""
        item = self.item
        if item is not None and self.step is Step.UNKNOWN:
            self._do(lambda: self._tools.refunds.give_back(item), f"{item.receipt_number} asked again")

    def print_correction(self, correcting: Correcting) -> None:
        """The slip of what was just sent corrected, beside the new receipt."""
        refunds, transaction = self._tools.refunds, correcting.agreement.ids.transaction

        def then(answer: Any) -> None:
            failure = answer if isinstance(answer, ServiceFailure) else getattr(answer, "print_failure", None)
            if failure is not None:
                self._desk.tell(FAILURES[failure.failure].title)

        self._desk.ask(lambda: refunds.print_again(transaction), then)

    # -- what came of it

    def _do(self, work: Callable[[], Answer | None], noted: str) -> None:
        self._go(Step.WORKING)
        begun = self._id

        def then(answer: Any) -> None:
            if begun != self._id:  # left meanwhile, for something else: the list says what became of it
                self._desk.office.look_up_attention()
                return
            if isinstance(answer, Exception) or answer is None:
                self._fail(answer)
                return
            self.answer = answer
            steps = {Outcome.HAND_OUT: Step.HAND_OUT, Outcome.UNKNOWN: Step.UNKNOWN}
            self._desk.note(StaffAct.DECIDED_PAYMENT, noted)
            self._go(steps.get(answer.outcome, Step.ANSWERED))
            self._desk.office.look_up_attention()

        self._desk.ask(work, then)

    def _fail(self, why: Exception | None) -> None:
        """Nothing of it is done, or it is agreed and can be seen to again."""
        self.leave()
        if isinstance(why, ServiceFailure):
            self._desk.tell(FAILURES[why.failure].title)
        else:
            self._desk.tell(NOT_ALLOWED if isinstance(why, StaffMistake) else NOT_FOUND)
        self._desk.office.look_up_attention()

    def _go(self, step: Step) -> None:
        self.step = step
        if step in {Step.OWN_PIN, Step.SUPERVISOR}:
            self._desk.focus = "pin"
        if step is not Step.WORKING or self._desk.sheet.over is Over.ATTENTION:
            self._desk.renew()

    def _show(self) -> None:
        self._desk.told = ""
        self._desk.sheet.over = Over.ATTENTION
        self._desk.renew()


NOT_FOUND = message("Nothing was found to do this with")
