"""Draws the pages that lie in the virtual scanner: invented papers, each marked SPECIMEN, with nothing of a person."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_FONTS: Final = Path(__file__).resolve().parents[2] / "assets" / "fonts"
_WIDTH, _HEIGHT = 1654, 2339
"""A4 at 200 dots per inch."""

_INK, _FAINT, _PAPER = (40, 44, 52), (150, 156, 166), (250, 249, 245)
TITLES: Final = ("EMPLOYER'S LETTER", "LETTER OF CONSENT", "MEDICAL REPORT")
_COLOURS: Final = ((28, 78, 140), (20, 110, 90), (150, 40, 60))


def draw(number: int) -> Image.Image:
    """The page of that number; they come round again."""
    title, colour = TITLES[number % len(TITLES)], _COLOURS[number % len(TITLES)]
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, _WIDTH, 36), fill=colour)
    pen.text((_WIDTH / 2, 200), title, fill=_INK, font=_font(72), anchor="mm")
    pen.text((_WIDTH / 2, 290), "An invented paper for demonstration", fill=_FAINT, font=_font(36), anchor="mm")
    _lines(pen, number)
    _stamp(image, colour)
    _mark(image)
    return image


def encoded(number: int, kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    draw(number).save(stream, kind, quality=90)
    return stream.getvalue()


def _lines(pen: ImageDraw.ImageDraw, number: int) -> None:
    """Words that nobody reads, as bars; each page's own."""
    top = 420
    for line in range(27):
        length = 1254 - (line * 137 + number * 211) % 420 * (line % 3 == 2)
        pen.rounded_rectangle((200, top, 200 + length, top + 16), 8, fill=_FAINT)
        top += 52 if line % 6 != 5 else 96
    pen.line((200, 2060, 760, 2060), fill=_INK, width=3)
    pen.text((200, 2080), "Signature", fill=_FAINT, font=_font(32))


def _stamp(image: Image.Image, colour: tuple[int, int, int]) -> None:
    pen = ImageDraw.Draw(image)
    for radius, width in ((170, 9), (130, 4)):
        pen.ellipse((1240 - radius, 1990 - radius, 1240 + radius, 1990 + radius), outline=colour, width=width)
    pen.text((1240, 1990), "SPECIMEN", fill=colour, font=_font(44), anchor="mm")


def _mark(image: Image.Image) -> None:
    """Across the whole page, so that no part of it passes for a real one."""
    mark = Image.new("RGBA", (1900, 420), (0, 0, 0, 0))
    ImageDraw.Draw(mark).text((950, 210), "SPECIMEN", fill=(170, 30, 40, 70), font=_font(330), anchor="mm")
    turned = mark.rotate(52, expand=True, resample=Image.Resampling.BICUBIC)
    image.paste(turned, ((_WIDTH - turned.width) // 2, (_HEIGHT - turned.height) // 2), turned)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / "IBMPlexSansArabic-SemiBold.ttf"), size)
