"""The technician's checks of the card service, the reader, and the card inside."""

from __future__ import annotations

from collections.abc import Callable

from devices.cards.reader import ReaderState
from kiosk.diagnostics import Check, Health, Measured
from kiosk.failures import FAILURES, ServiceFailure
from kiosk.identity import AccessNumberWanted, CardReading
from kiosk.wire import Words


def service(state: Callable[[], ReaderState]) -> Check:
    def run() -> Measured:
        seen = state()
        if not seen.service_is_up:
            return Measured(
                health=Health.BAD,
                value="the card service does not run",
                next_step=Words(ar="شغّل خدمة البطاقات pcscd", en="Start the card service, pcscd"),
            )
        if not seen.readers:
            return Measured(
                health=Health.BAD,
                value="the card service runs, no allowed reader",
                next_step=Words(
                    ar="صِل القارئ، وافحص اسمه في الإعدادات",
                    en="Connect the reader, and compare its name with the settings",
                ),
            )
        return Measured(health=Health.GOOD, value=", ".join(seen.readers))

    return Check(id="card_reader", title=Words(ar="قارئ البطاقات", en="Card reader"), run=run)


def card(state: Callable[[], ReaderState], read: Callable[[], CardReading]) -> Check:
    """Reads the card that is inside, if there is one; tells how, never whose."""

    def run() -> Measured:
        if not state().card_is_present:
            return Measured(
                health=Health.WARNING,
                value="no card inside, nothing was read",
                next_step=Words(ar="أدخل بطاقة ثم أعِد الفحص", en="Insert a card, then check again"),
            )
        try:
            reading = read()
        except AccessNumberWanted:
            return Measured(
                health=Health.WARNING,
                value="the card answers; it opens with the number printed on it, which was not asked for",
                next_step=Words(
                    ar="جرّب main.py card read --ask-access-number", en="Try main.py card read --ask-access-number"
                ),
            )
        except ServiceFailure as failure:
            text = FAILURES[failure.failure]
            return Measured(
                health=Health.BAD,
                value=f"{text.title} ({failure.failure.value})",
                next_step=Words(ar="جرّب بطاقة أخرى", en="Try another card"),
            )
        cost = reading.cost
        return Measured(
            health=Health.GOOD,
            value=f"{reading.verdict.value}, {reading.access}, {cost.commands} commands, {cost.milliseconds} ms",
        )

    return Check(id="card", title=Words(ar="فحص البطاقة", en="Card test"), run=run)
