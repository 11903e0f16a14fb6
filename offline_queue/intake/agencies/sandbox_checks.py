"""What every agency looks at before its own rules: that an agreement follows its quote, or the published tariff."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.catalogue import FROM_CARD, Service
from kiosk.fees import Channel, in_force, price
from kiosk.transaction import Agreement
from kiosk.wire import Quote, Words

COMMON_REFUSALS: Mapping[str, Words] = {
    "SERVICE_UNKNOWN": Words(ar="هذه الخدمة ليست لدى هذه الجهة", en="This agency has no such service"),
    "QUOTE_UNPROVEN": Words(ar="كشف المبلغ ليس من هذه الجهة", en="The quote does not come from this agency"),
    "QUOTE_OF_ANOTHER": Words(ar="كشف المبلغ لشخص آخر أو لطلب آخر", en="The quote was made for another request"),
    "QUOTE_EXPIRED": Words(
        ar="انتهت مدة كشف المبلغ قبل الموافقة عليه", en="The quote had run out before it was agreed to"
    ),
    "AMOUNT_DIFFERS": Words(ar="المبلغ لا يطابق المبلغ المستحق", en="The amount does not match what is due"),
    "TARIFF_UNKNOWN": Words(ar="لا تعرفة نافذة في ذلك اليوم", en="No tariff was in force on that day"),
    "NOT_SIGNED": Words(ar="الطلب دون توقيع صاحبه", en="The request does not have its holder's signature"),
    "NOT_REFUSED": Words(ar="هذه المعاملة مقبولة لدى الجهة", en="This transaction stands as accepted"),
}


def person_asked(fields: Mapping[str, str]) -> str:
    """By what the person is known whom an enquiry is about: the national number, or a foreigner's passport; or ""."""
    return fields.get("national_number") or fields.get("passport", "")


def objection_to_quote(agreement: Agreement, quote: Quote, service: Service) -> str:
    """The code of a refusal, or "". The time that counts is when the person agreed, as the terminal signed it: a
    delivery may come days later."""
    quoted = {line.id: line.amount_fils for line in quote.lines if line.payable}
    agreed = {line.id: line.amount_fils for line in agreement.lines}
    whole = not service.pays_whole or agreed.keys() == quoted.keys()
    wrong = {
        "SERVICE_UNKNOWN": agreement.service != quote.service,
        "QUOTE_OF_ANOTHER": bool(quote.lookup) or _is_of_another(agreement, quote),
        "QUOTE_EXPIRED": agreement.agreed_at > quote.expires_at,
        "AMOUNT_DIFFERS": not whole or agreed.items() - quoted.items() or not _adds_up(agreement),
    }
    return next((code for code, is_so in wrong.items() if is_so), "")


def _is_of_another(agreement: Agreement, quote: Quote) -> bool:
    whose = agreement.on_behalf_of or agreement.national_number
    if (person_asked(quote.fields) or whose) not in {whose, agreement.national_number}:
        return True
    asked = {name: value for name, value in quote.fields.items() if name not in FROM_CARD}
    return bool(asked.items() - agreement.answers.items())


def objection_to_price(agreement: Agreement, service: Service) -> str:
    """As `objection_to_quote`, where the published tariff of that day says what is due."""
    tariff = in_force(service.tariffs, agreement.agreed_at)
    if tariff is None or tariff.id != agreement.tariff:
        return "TARIFF_UNKNOWN"
    channel: Channel = "counter" if agreement.served_by else "kiosk"
    try:
        due = price(tariff, agreement.answers, agreement.agreed_at, channel)
    except (KeyError, ValueError):  # an answer that the price depends on is missing, or is no number
        return "AMOUNT_DIFFERS"
    agreed = [(line.id, line.amount_fils) for line in agreement.lines]
    as_due = agreed == [(fee.id, fee.amount_fils) for fee in due.fees]
    return "" if as_due and _adds_up(agreement) else "AMOUNT_DIFFERS"


def _adds_up(agreement: Agreement) -> bool:
    ids = [line.id for line in agreement.lines]
    return len(set(ids)) == len(ids) and agreement.total_fils == sum(line.amount_fils for line in agreement.lines)
