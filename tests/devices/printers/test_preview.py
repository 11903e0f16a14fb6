"""The code is read back from the dots, whatever else on the paper looks like a code."""

from __future__ import annotations

import io

from reportlab.graphics.barcode import code128, qr
from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas

from devices.printers.preview import read_code

TEXT = "https://receipts.example/v#2KCETIQBEYCEJROAFH7KAWCPV"


def _paper(*, with_qr: bool, with_bars: bool) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(226, 400))
    if with_qr:
        drawing = Drawing(140, 140)
        drawing.add(qr.QrCodeWidget(TEXT, barWidth=140, barHeight=140))
        drawing.drawOn(canvas, 40, 180)
    if with_bars:
        code128.Code128("KRK3-000001", barWidth=1.2, barHeight=40).drawOn(canvas, 0, 60)
    canvas.save()
    return file.getvalue()


def test_a_line_code_beside_it_does_not_hide_the_code() -> None:
    assert read_code(_paper(with_qr=True, with_bars=True)) == TEXT


def test_a_paper_without_a_code_has_none() -> None:
    assert read_code(_paper(with_qr=False, with_bars=True)) is None
