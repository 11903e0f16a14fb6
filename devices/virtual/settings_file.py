"""Writes the settings files of the terminals that a stage is built around."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

Value = str | int | float | bool | list[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the terminal finds what it talks to. `keys` is as offline_queue.intake.issue_keys makes it, `cards` as
    devices.virtual.issuer does; `own` is the folder of `keys` with its secrets, `reader` the name of its reader; at an
    `assisted` one a clerk serves."""

    terminal: str
    own: str
    reader: str
    assisted: bool
    keys: Path
    cards: Path
    state: Path
    gateway_port: int
    scanner_port: int
    document_scanner_port: int
    payment_port: int
    printer_url: str


def settings_text(around: Surroundings) -> str:
    """The file's content (kiosk.settings.Settings); the office is invented, the verification page stands on a domain
    that is reserved for examples (RFC 2606)."""
    return _toml(
        {
            "terminal": {
                "id": around.terminal,
                "office.ar": "الكرك",
                "office.en": "Karak",
                "diagonal_inches": 19.0,
                "demonstration": True,
            },
            "folders": {
                "state": str(around.state),
                "keys": str(around.keys / around.own),
                "trust": str(around.keys / "trust"),
            },
            "gateway": {
                "url": f"https://localhost:{around.gateway_port}",
                "authority": str(around.keys / "tls" / "authority.pem"),
            },
            "card": {"readers": [around.reader], "anchors": str(around.cards / "anchors")},
            "scanner": {"host": "127.0.0.1", "port": around.scanner_port},
            "document_scanner": {"url": f"http://127.0.0.1:{around.document_scanner_port}/eSCL"},
            "payment": {"host": "127.0.0.1", "port": around.payment_port},
            "printer": {"url": around.printer_url},
            "counter": {"assisted": around.assisted},
            "receipts": {"verify_url": "https://receipts.example/v"},
        }
    )


def _toml(sections: Mapping[str, Mapping[str, Value]]) -> str:
    """TOML 1.0 writes these kinds of values as JSON does."""
    return "\n".join(
        "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())])
        + "\n"
        for name, values in sections.items()
    )
