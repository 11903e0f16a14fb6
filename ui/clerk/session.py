"""Who is signed in at the counter: the sign-in page, the lock, and who may open what somebody else left."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from kiosk.staff import Role, SignInRefused, StaffAct, StaffMember, StaffRegister
from kiosk.texts import message
from ui.clerk.desk import Ask
from ui.look import Look
from ui.staff.sign_in import SignIn, SignInPage

SIGN_IN = message("Sign in")
LOCKED = message("The screen is locked")
KEPT = message("What was typed is kept. The same clerk or a supervisor goes on; for another clerk it is saved first")
NOT_SAVED = message("The register of staff cannot be read or written now")
NO_COUNTER = message("A technician does not serve at the counter")
NOT_YOURS = message("Money is moving: only the same clerk or a supervisor can open this now")
NOT_PARKED = message("What was typed could not be saved: only the same clerk or a supervisor can open this")


class Door(enum.Enum):
    SIGNED_OUT = "signed_out"
    OPEN = "open"
    LOCKED = "locked"


class Session:
    """`opened(member)` is called when somebody has come in; `hand_over(member)` when another clerk wants to take over
    a locked screen, and answers the message id of why not, or "" where it is being prepared: then `let_in` follows.
    `show` puts the page of the door on the screen."""

    def __init__(
        self,
        register: StaffRegister,
        ask: Ask,
        *,
        show: Callable[[Callable[[Look], SignInPage]], None],
        opened: Callable[[StaffMember], None],
        hand_over: Callable[[StaffMember], str],
        open_technician: Callable[[StaffMember], None] | None = None,
    ) -> None:
        self._register, self._ask, self._show = register, ask, show
        self._opened, self._hand_over, self._open_technician = opened, hand_over, open_technician
        self._members: tuple[StaffMember, ...] = ()
        self.door = Door.SIGNED_OUT
        self.member: StaffMember | None = None

    def sign_out(self) -> None:
        """Journalled, and the sign-in page comes."""
        register, member = self._register, self.member
        if member is not None:
            self._ask(lambda: register.note(member, StaffAct.SIGNED_OUT), _nothing)
        self.member, self.door = None, Door.SIGNED_OUT
        self.ask_in()

    def lock(self) -> None:
        register, member = self._register, self.member
        if self.door is not Door.OPEN or member is None:
            return
        self.door = Door.LOCKED
        self._ask(lambda: register.note(member, StaffAct.LEFT_ALONE), _nothing)
        self._page(chosen=member.id)
        self.ask_in(chosen=member.id)

    def ask_in(self, chosen: str = "") -> None:
        """The page of the door, with the names as the register has them now."""
        self._page(chosen=chosen)

        def then(answer: Any) -> None:
            if isinstance(answer, Exception):
                self._page(chosen=chosen, told=NOT_SAVED)
            elif answer != self._members:
                self._members = answer
                self._page(chosen=chosen)

        self._ask(self._register.members, then)

    def let_in(self, member: StaffMember) -> None:
        self.member, self.door = member, Door.OPEN
        self._opened(member)

    def refuse(self, told: str) -> None:
        """The door stays as it is; why, as a message id."""
        self._page(chosen=self.member.id if self.member else "", told=told)

    def _page(
        self, *, chosen: str, refused: SignInRefused | None = None, told: str = "", checking: bool = False
    ) -> None:
        locked = self.door is Door.LOCKED
        shown = SignIn(
            self._members,
            LOCKED if locked else SIGN_IN,
            KEPT if locked else "",
            chosen=chosen,
            refused=refused,
            told=told,
            checking=checking,
        )
        if self.door is not Door.OPEN:
            self._show(lambda look: SignInPage(look, shown, self._try))

    def _try(self, staff_id: str, pin: bytearray) -> None:
        register = self._register
        self._page(chosen=staff_id, checking=True)
        self._ask(lambda: register.sign_in(staff_id, pin), lambda answer: self._tried(staff_id, answer))

    def _tried(self, staff_id: str, answer: Any) -> None:
        if isinstance(answer, SignInRefused):
            self._page(chosen=staff_id, refused=answer)
        elif not isinstance(answer, StaffMember):
            self._page(chosen=staff_id, told=NOT_SAVED)
        elif answer.role is Role.TECHNICIAN:
            self._let_technician(answer)
        elif self.door is Door.LOCKED and self.member is not None and not _may_open(answer, self.member):
            told = self._hand_over(answer)
            if told:
                self.refuse(told)
        else:
            self.let_in(answer)

    def _let_technician(self, member: StaffMember) -> None:
        if self._open_technician is None or self.door is Door.LOCKED:
            self.refuse(NO_COUNTER)
        else:
            self._open_technician(member)


def _may_open(who: StaffMember, left: StaffMember) -> bool:
    return who.id == left.id or who.role is Role.SUPERVISOR


def _nothing(_answer: object) -> None:
    return None
