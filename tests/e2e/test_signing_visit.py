"""A whole visit that is signed with the card: what was on the screen is what was signed, and it reaches the agency."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("signing")
    lived = subprocess.run(
        [sys.executable, "-m", "tests.e2e.signing_visit", str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert lived.returncode == 0, lived.stderr[-3000:]
    return folder, json.loads(lived.stdout)


def test_a_wrong_pin_costs_one_try_and_the_right_one_signs(visit: tuple[Path, dict[str, Any]]) -> None:
    _, told = visit
    assert told["tries_after_the_wrong_one"] == 2
    assert told["outcome"] == "accepted"


def test_what_the_ledger_holds_is_signed_by_the_holder(visit: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = visit
    said = subprocess.run(
        ["pdfsig", "-nocert", str(folder / "signed.pdf")], capture_output=True, text=True, timeout=20, check=False
    ).stdout
    assert said.count("Signature is Valid.") == 1
    assert "Total document signed" in said


def test_what_is_signed_names_the_request_and_the_holder(visit: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = visit
    document = pypdfium2.PdfDocument(folder / "signed.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    for words in ("Traffic fines", "Salma Khaled Alyasmeen", "9912004821"):
        assert words in text
