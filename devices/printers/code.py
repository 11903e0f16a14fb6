"""The receipt's code as a QR symbol (ISO/IEC 18004) in whole dots."""

from __future__ import annotations

from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from devices.printers.sheet import PRINTABLE, WIDTH, Part, Sheet

QUIET_MODULES: Final = 4
_DOTS_PER_MODULE: Final = (7, 6, 5)


def qr_code(text: str) -> Part:
    """`address#CODE`: the address as bytes, the base32 after it in the denser alphanumeric mode.

    Raises ValueError where it would outgrow the paper.
    """
    modules = _modules(text)
    side = len(modules)
    fitting = [dots for dots in _DOTS_PER_MODULE if (side + 2 * QUIET_MODULES) * dots <= PRINTABLE]
    if not fitting:
        raise ValueError(f"a code of {side} modules is wider than the paper")
    dots = fitting[0]
    left, quiet = (WIDTH - side * dots) // 2, QUIET_MODULES * dots

    def draw(sheet: Sheet, top: int) -> None:
        sheet.boxes(
            [
                (left + x * dots, top + quiet + y * dots, length * dots, dots)
                for y, line in enumerate(modules)
                for x, length in _black_stretches(line)
            ]
        )

    return Part(side * dots + 2 * quiet, draw)


def _modules(text: str) -> list[list[bool]]:
    address, mark, rest = text.partition("#")
    symbol = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    symbol.add_data(QRData((address + mark).encode(), MODE_8BIT_BYTE), optimize=0)
    if rest:
        symbol.add_data(QRData(rest.encode(), MODE_ALPHA_NUM), optimize=0)
    symbol.make(fit=True)
    modules: list[list[bool]] = symbol.get_matrix()
    return modules


def _black_stretches(line: list[bool]) -> list[tuple[int, int]]:
    """Where black begins in one row of modules, and for how many."""
    found: list[tuple[int, int]] = []
    for x, black in enumerate(line):
        if black and x and line[x - 1]:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif black:
            found.append((x, 1))
    return found
