"""Which office a terminal stands in is the centre's own file; what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline_queue.intake.offices import NoOffice, load_offices
from offline_queue.keys import KeyMistake


def test_colleagues_are_the_terminals_of_one_office(tmp_path: Path) -> None:
    (tmp_path / "offices.toml").write_text('KRK3 = "karak"\nAMM1 = "amman"\nKRK1 = "karak"\n')
    offices = load_offices(tmp_path)
    assert offices.colleagues("KRK1") == ("KRK3", "KRK1")
    assert offices.colleagues("AMM1") == ("AMM1",)
    with pytest.raises(NoOffice):
        offices.colleagues("KRK2")


def test_without_the_file_nobody_has_an_office_and_staff_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    offices = load_offices(tmp_path)
    assert "offices.toml: missing" in caplog.text
    with pytest.raises(NoOffice):
        offices.colleagues("KRK3")


@pytest.mark.parametrize("content", [b"KRK3", b"KRK3 = 3", b'KRK3 = ""', b'[KRK3]\noffice = "karak"', b"\xff"])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "offices.toml").write_bytes(content)
    with pytest.raises(KeyMistake, match=r"offices\.toml"):
        load_offices(tmp_path)
