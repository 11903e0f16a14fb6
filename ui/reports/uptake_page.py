"""How the services are used, as one page for the people who answer for the programme: Arabic, then the same in English.

One file that needs nothing else: type, charts and style are inside it, and there is no script. It prints on A4.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import Final, TypeVar

from kiosk.catalogue import Catalogue
from kiosk.feedback import Satisfaction
from kiosk.texts import Texts
from kiosk.uptake_report import FEWEST, Stop, Tally, UptakeReport
from ui.feedback_words import REASON_TEXTS, SATISFACTION_TEXTS
from ui.reports.charts import Column, Part, bar, columns
from ui.reports.style import PALETTE_NAMES, STYLE
from ui.reports.uptake_words import CHANNEL_TEXTS, OUTCOME_TEXTS, page_name, service_name
from ui.theme import ASSETS, ThemeName, load_tokens

Key = TypeVar("Key", bound=str)

_MOST_STOPS: Final = 8
_ROWS_ON_A_PAGE: Final = 15
_NOTHING: Final = "\u2013"
_FONTS: Final = ((400, "IBMPlexSansArabic-Regular.ttf"), (600, "IBMPlexSansArabic-SemiBold.ttf"))


def uptake_page(report: UptakeReport, catalogue: Catalogue) -> str:
    both = "".join(_Half(report, catalogue, Texts(language)).html() for language in ("ar", "en"))
    title = " · ".join(Texts(language)("How the services are used") for language in ("ar", "en"))
    return (
        '<!DOCTYPE html>\n<html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_fonts()}{_palette()}{STYLE}</style></head><body>{both}</body></html>\n"
    )


class _Half:
    """The report in one language."""

    def __init__(self, report: UptakeReport, catalogue: Catalogue, texts: Texts) -> None:
        self._report, self._catalogue, self._texts = report, catalogue, texts
        self._mirrored = texts.language == "ar"

    def html(self) -> str:
        direction = "rtl" if self._mirrored else "ltr"
        parts = (self._head(), self._figures(), self._months(), *self._tables(), *self._people(), self._notes())
        return f'<article lang="{self._texts.language}" dir="{direction}">{"".join(parts)}</article>'

    def _head(self) -> str:
        texts, report = self._texts, self._report
        period = texts("From {first} to {last}", first=texts.date(report.first), last=texts.date(report.last))
        slogan, title = texts("My government at my service"), texts("How the services are used")
        return (
            f'<header>{_mark()}<div><p class="slogan">{escape(slogan)}</p>'
            f'<h1>{escape(title)}</h1><p class="period">{escape(period)}</p></div></header>'
        )

    def _figures(self) -> str:
        texts, total = self._texts, self._report.total
        satisfied = self._percent(total.satisfied_percent)
        answered = _NOTHING if total.rated is None else self._number(total.rated)
        how_long = texts("minutes and seconds, from the card to the receipt")
        cards = (
            (texts("Errands begun"), self._number(total.started), ""),
            (texts("Finished"), self._percent(total.finished_percent), self._number(total.finished)),
            (
                texts("Usual time"),
                self._time(total.seconds),
                how_long,
            ),
            (texts("Satisfied"), satisfied, texts("of {n} who answered", n=answered)),
        )
        shown = "".join(
            f'<div class="card"><p>{escape(name)}</p><b>{escape(figure)}</b><p class="more">{escape(more)}</p></div>'
            for name, figure, more in cards
        )
        return f'<div class="cards">{shown}</div>'

    def _months(self) -> str:
        texts = self._texts
        if not self._report.months:
            nothing = texts("Nothing was counted in these days")
            return f'<p class="note">{escape(nothing)}</p>'
        bars = [
            Column(f"{month[5:]}/{month[:4]}", self._plain(tally.started), _outcome_parts(tally))
            for month, tally in self._report.months.items()
        ]
        return self._part(texts("Month by month"), self._legend() + columns(bars, texts("Month by month")))

    def _tables(self) -> Iterator[str]:
        texts, report, catalogue = self._texts, self._report, self._catalogue
        yield self._table(texts("By service"), report.services, lambda service: service_name(service, catalogue, texts))
        yield self._table(texts("By office"), report.offices, lambda name: texts.of(report.office_names[name]))
        yield self._table(texts("By channel"), report.channels, lambda channel: texts(CHANNEL_TEXTS[channel]))

    def _table(self, title: str, tallies: Mapping[Key, Tally], name: Callable[[Key], str]) -> str:
        texts = self._texts
        if not tallies:
            return ""
        most = max(tally.started for tally in tallies.values())
        heads = ("", texts("Begun"), "", texts("Finished"), texts("Usual time"), texts("Satisfied"))
        rows = "".join(self._line(name(key), tally, most) for key, tally in tallies.items())
        table = f"<table><thead><tr>{_cells(heads, 'th')}</tr></thead><tbody>{rows}</tbody></table>"
        return self._part(title, table, breaks=len(tallies) > _ROWS_ON_A_PAGE)

    def _line(self, name: str, tally: Tally, most: int) -> str:
        chart = bar(_outcome_parts(tally), most, self._outcomes_in_words(tally), mirrored=self._mirrored)
        figures = (
            self._percent(tally.finished_percent),
            self._time(tally.seconds),
            self._percent(tally.satisfied_percent),
        )
        began = escape(self._number(tally.started))
        return (
            f'<tr><td class="name">{escape(name)}</td><td>{began}</td><td class="chart">{chart}</td>'
            f"{_cells(figures)}</tr>"
        )

    def _people(self) -> Iterator[str]:
        """Where they stopped, how they found it, and why they were not content."""
        texts, report = self._texts, self._report
        stops = [(self._place(stop), stop.people) for stop in report.stops[:_MOST_STOPS]]
        yield self._counts(texts("Where people stopped"), stops, "left")
        yield '<div class="pair">'
        if report.total.ratings is not None:
            ratings = report.total.ratings
            answers = [(texts(SATISFACTION_TEXTS[answer]), ratings.get(answer, 0)) for answer in Satisfaction]
            yield self._counts(texts("How the service was"), answers, "rated")
        reasons = [(texts(REASON_TEXTS[reason]), people) for reason, people in report.reasons.items()]
        yield self._counts(texts("What was not good"), reasons, "failed")
        yield "</div>"

    def _counts(self, title: str, counted: list[tuple[str, int]], colour: str) -> str:
        if not counted:
            return ""
        most = max(people for _, people in counted)
        rows = "".join(
            f'<tr><td class="name long">{escape(name)}</td><td>{escape(self._number(people))}</td><td class="chart">'
            f"{bar((Part(people, colour),), most, f'{name}: {people}', mirrored=self._mirrored)}</td></tr>"
            for name, people in counted
        )
        return self._part(title, f'<table class="counts"><tbody>{rows}</tbody></table>')

    def _notes(self) -> str:
        texts = self._texts
        notes = (
            texts("An errand is one service in one visit, from the card to its end."),
            texts("Times are of errands that were finished; half of them took less."),
            texts("Satisfied are those who touched one of the two best of five faces. Nobody has to answer."),
            texts(
                "Nothing here tells who somebody is. A dash stands where fewer than {n} people are behind a figure.",
                n=FEWEST,
            ),
        )
        return f"<footer>{''.join(f'<p>{escape(note)}</p>' for note in notes)}</footer>"

    def _part(self, title: str, content: str, *, breaks: bool = False) -> str:
        """On paper a part stays together, unless it is longer than a page (`breaks`)."""
        kind = ' class="breaks"' if breaks else ""
        return f"<section{kind}><h2>{escape(title)}</h2>{content}</section>"

    def _legend(self) -> str:
        items = (
            f'<span><i class="{outcome.value}"></i>{escape(self._texts(text))}</span>'
            for outcome, text in OUTCOME_TEXTS.items()
        )
        return f'<p class="legend">{"".join(items)}</p>'

    def _outcomes_in_words(self, tally: Tally) -> str:
        counted = ((text, tally.outcomes.get(outcome, 0)) for outcome, text in OUTCOME_TEXTS.items())
        return "; ".join(f"{self._texts(text)}: {people}" for text, people in counted)

    def _place(self, stop: Stop) -> str:
        service = service_name(stop.service, self._catalogue, self._texts)
        return f"{service} · {page_name(stop.service, stop.page, self._catalogue, self._texts)}"

    def _plain(self, number: int) -> str:
        return f"{number:,}"

    def _number(self, number: int) -> str:
        return self._texts.isolated(self._plain(number))

    def _percent(self, percent: int | None) -> str:
        return _NOTHING if percent is None else self._texts.isolated(f"{percent}%")

    def _time(self, seconds: int | None) -> str:
        return _NOTHING if seconds is None else self._texts.isolated(f"{seconds // 60}:{seconds % 60:02d}")


def _outcome_parts(tally: Tally) -> tuple[Part, ...]:
    return tuple(Part(tally.outcomes.get(outcome, 0), outcome.value) for outcome in OUTCOME_TEXTS)


def _cells(fields: Iterable[str], kind: str = "td") -> str:
    return "".join(f"<{kind}>{escape(field)}</{kind}>" for field in fields)


def _mark() -> str:
    """The file's own picture, without what stands before it."""
    text = (ASSETS / "art" / "mark.svg").read_text(encoding="utf-8")
    return text[text.index("<svg") :].replace("<svg", '<svg class="mark" aria-hidden="true"', 1)


def _palette() -> str:
    light = load_tokens().theme[ThemeName.LIGHT]
    return ":root{" + "".join(f"--{name.replace('_', '-')}:{light[name]};" for name in PALETTE_NAMES) + "}"


def _fonts() -> str:
    """Inside the page, so that it looks the same wherever it is opened."""
    faces = []
    for weight, name in _FONTS:
        content = base64.b64encode((ASSETS / "fonts" / name).read_bytes()).decode()
        faces.append(f"@font-face{{font-family:Plex;font-weight:{weight};src:url(data:font/ttf;base64,{content})}}")
    return "".join(faces)
