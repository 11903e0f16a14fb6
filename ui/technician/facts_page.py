"""Settings in force, and versions with the staff's journal: tables that only tell."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from kiosk.facts import Fact
from kiosk.staff import StaffAct, StaffNote
from kiosk.texts import LEGAL_TIME, message
from ui.look import Look
from ui.staff.keys import KeyAct
from ui.staff.table import Cell, Column
from ui.technician.checks_page import show_pager
from ui.technician.frame import Frame
from ui.technician.grid import Grid, GridRow
from ui.technician.leaving import Leaving
from ui.technician.sections import TITLES, Section
from ui.technician.session import Session
from ui.widgets.layouts import column, row
from ui.widgets.text import Text

ACT_TEXTS = {
    StaffAct.SIGNED_IN: message("signed in"),
    StaffAct.LOCKED: message("was locked after wrong tries"),
    StaffAct.UNLOCKED: message("opened the lock of"),
    StaffAct.ADDED: message("added"),
    StaffAct.PIN_CHANGED: message("changed the PIN of"),
    StaffAct.ACTIVATED: message("took back into service"),
    StaffAct.DEACTIVATED: message("took out of service"),
    StaffAct.SIGNED_OUT: message("signed out"),
    StaffAct.LEFT_ALONE: message("left the screen alone; it locked"),
    StaffAct.REVEALED_NUMBER: message("uncovered a number"),
    StaffAct.OPENED_TECHNICIAN_PAGE: message("opened the technician's page"),
    StaffAct.PRINTED_COPY: message("printed a copy"),
    StaffAct.PRINTED_TEST_PAGE: message("printed a test"),
    StaffAct.TESTED_CARD: message("tested a card"),
    StaffAct.RAN_CHECKS: message("ran checks"),
    StaffAct.SAVED_REPORT: message("saved a report"),
    StaffAct.DELIVERED_NOW: message("asked the centre at once"),
    StaffAct.PARKED_CASE: message("saved a request"),
    StaffAct.TOOK_PARKED_CASE: message("took up a saved request"),
    StaffAct.DECIDED_PAYMENT: message("decided a payment"),
    StaffAct.ANSWERED_HELP: message("answered a call for help"),
    StaffAct.IMPORTED_TRUST: message("answered for new trust data"),
    StaffAct.RENEWED_KEY: message("answered for a new key"),
}


class FactsPage(Frame):
    """PgUp and PgDn look through what does not fit."""

    def __init__(self, look: Look, session: Session, leaving: Leaving) -> None:
        super().__init__(look, session, leaving)
        texts = look.texts
        self._pages = QVBoxLayout()
        if self.section is Section.SETTINGS:
            head = row(look, Text(look, texts(TITLES[self.section]), role="strong", wrap=False))
            head.addStretch(1)
            head.addLayout(self._pages)
            self.main.addLayout(head)
            self.grids = [self._settings()]
            self.main.addWidget(self.grids[0], 1)
        else:
            self.grids = [self._versions(), self._journal()]
            across = row(look, gap_mm=4.0)
            for grid, title, part in zip(
                self.grids, (TITLES[self.section], message("Staff's log")), (2, 3), strict=True
            ):
                across.addLayout(
                    column(look, Text(look, texts(title), role="strong", wrap=False), grid, gap_mm=2.4), part
                )
            self.main.addLayout(across, 1)
            self.main.addLayout(self._pages)
        self.grids[-1].paged.connect(self._show_pager)
        self.refresh()

    def acts(self) -> tuple[KeyAct, ...]:
        texts, grid = self.look.texts, self.grids[-1]
        return (
            *super().acts(),
            KeyAct("PgUp", texts("Previous"), lambda: grid.turn(-1)),
            KeyAct("PgDn", texts("Next"), lambda: grid.turn(1)),
        )

    def refresh(self) -> None:
        report = self.session.report
        if self.section is Section.SETTINGS:
            self.grids[0].set_rows(tuple(map(self._setting, report.settings)) if report else ())
        else:
            self.grids[0].set_rows(tuple(map(self._version, report.versions)) if report else ())
            self.grids[1].set_rows(tuple(map(self._act, self.session.acts)))

    def _settings(self) -> Grid:
        texts = self.look.texts
        columns = (Column(texts("Setting")), Column(texts("Value"), wraps=True), Column(texts("Set by")))
        return Grid(self.look, columns, name="setting")

    def _versions(self) -> Grid:
        texts = self.look.texts
        return Grid(self.look, (Column(texts("Part")), Column(texts("Version"), wraps=True)), name="version")

    def _journal(self) -> Grid:
        texts = self.look.texts
        columns = (Column(texts("At")), Column(texts("Who"), leaves=1), Column(texts("Did"), wraps=True))
        return Grid(self.look, columns, name="act")

    def _setting(self, fact: Fact) -> GridRow:
        texts = self.look.texts
        by = texts("default") if fact.is_default else texts("settings file")
        value = texts.isolated(fact.value.replace("/", "/\u200b"))
        cells = (Cell(texts.isolated(fact.name)), Cell(value, strong=True), Cell(by, colour="ink2"))
        return GridRow(fact.name, cells)

    def _version(self, fact: Fact) -> GridRow:
        texts = self.look.texts
        return GridRow(fact.name, (Cell(texts.isolated(fact.name)), Cell(texts.isolated(fact.value), strong=True)))

    def _act(self, note: StaffNote) -> GridRow:
        texts = self.look.texts
        at = note.at.astimezone(LEGAL_TIME)
        did = texts(ACT_TEXTS[note.act])
        if note.detail:
            did = f"{did}: {texts.isolated(note.detail)}"
        when = texts.isolated(f"{at:%d/%m %H:%M:%S}")
        return GridRow(str(note.sequence), (Cell(when, colour="ink2"), Cell(texts.isolated(note.staff)), Cell(did)))

    def _show_pager(self) -> None:
        show_pager(self.look, self._pages, self.grids[-1])
