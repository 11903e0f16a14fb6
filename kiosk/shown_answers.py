"""A stored answer as a person reads it, and as it would have been typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kiosk.catalogue import Step
from kiosk.money import FILS_PER_DINAR
from kiosk.texts import Texts


def shown(step: Step, value: str, texts: Texts) -> str:
    """A stored answer as a person reads it."""
    if not value:
        return texts("Not stated")
    write = _WRITTEN.get(step.kind)
    return texts.isolated(value) if write is None else write(step, value, texts)


def _option(step: Step, value: str, texts: Texts) -> str:
    return next((texts.of(option.title) for option in step.options if option.id == value), value)


def _number(step: Step, value: str, texts: Texts) -> str:
    return texts.isolated(f"{value} {texts.of(step.unit)}" if step.unit else value)


def phone_shown(stored: str) -> str:
    """07 9012 3456, as it is written in Jordan."""
    number = "0" + stored.removeprefix("+962")
    return f"{number[:2]} {number[2:6]} {number[6:]}"


def as_typed(step: Step, value: str) -> str:
    """A stored answer as it would have been typed, to be changed."""
    if not value:
        return ""
    match step.kind:
        case "date":
            return f"{date.fromisoformat(value):%d%m%Y}"
        case "amount":
            whole, rest = divmod(int(value), FILS_PER_DINAR)
            return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
        case "phone":
            return "0" + value.removeprefix("+962")
    return value


_WRITTEN: Mapping[str, Callable[[Step, str, Texts], str]] = {
    "choice": _option,
    "number": _number,
    "national_number": lambda _, value, texts: texts.masked(value),
    "date": lambda _, value, texts: texts.date(date.fromisoformat(value)),
    "amount": lambda _, value, texts: texts.amount(int(value)),
    "phone": lambda _, value, texts: texts.isolated(phone_shown(value)),
    "declaration": lambda _, _value, texts: texts("Agreed"),
    "document": lambda _, value, texts: texts.plural("{n} page", "{n} pages", int(value)),
}
