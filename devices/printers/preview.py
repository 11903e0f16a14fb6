"""The page as the thermal head prints it (one bit per dot, 640 dots across, by PDFium), and its code read back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

_DOTS_PER_POINT: Final = 203.2 / 72
_BLACK_BELOW: Final = 128


def raster(pdf: bytes) -> Image:
    """The first page in black and white, without dithering, which would make letters ragged."""
    import pypdfium2  # noqa: PLC0415  not needed to print, only to look

    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()  # what a signature shows is a form field
    try:
        picture = document[0].render(scale=_DOTS_PER_POINT, grayscale=True).to_pil()
    finally:
        document.close()
    result: Image = picture.point(lambda grey: 255 if grey >= _BLACK_BELOW else 0).convert("1")
    return result


def rasterise(pdf: bytes) -> bytes:
    """The same as a PNG file."""
    file = io.BytesIO()
    raster(pdf).save(file, "PNG", optimize=True)
    return file.getvalue()


def read_code(pdf: bytes) -> str | None:
    """The text of the QR code on the first page, read as a phone's camera would; None where there is none."""
    import zxingcpp  # noqa: PLC0415  not needed to print, only to look

    # Only QR: lines of text and the crow band now and then pass for a linear code.
    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(raster(pdf).convert("L"), formats=wanted)
    return str(found[0].text) if len(found) == 1 else None
