"""Invented faces, drawn at issue time from a few curves, so that no photograph of anybody is kept anywhere."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 360, 450
UNITS = 120  # the drawings are 120 units wide and 150 high
SMOOTHING = 3  # drawn so many times larger, then reduced: Pillow's shapes have no soft edges of their own
JPEG_QUALITY = 88
JPEG_2000_RATIO = 30  # how many times smaller than its pixels, about as issuers do it
CURVE_STEPS = 24
COMMENT = b"\xff\xfe"

Point = tuple[float, float]
# A closed outline: the starting point, then cubic curves, each by its two controls and its end.
Outline = tuple[Point, tuple[tuple[Point, Point, Point], ...]]

SHOULDERS: Outline = ((6, 150), (((10, 112), (28, 106), (60, 106)), ((92, 106), (110, 112), (114, 150))))
VEIL: Outline = (
    (60, 18),
    (
        ((33, 18), (22, 40), (23, 66)),
        ((24, 88), (27, 100), (18, 116)),
        ((34, 132), (86, 132), (102, 116)),
        ((93, 100), (96, 88), (97, 66)),
        ((98, 40), (87, 18), (60, 18)),
    ),
)
FRINGE: Outline = (
    (35, 58),
    (((37, 40), (47, 33), (60, 33)), ((73, 33), (83, 40), (85, 58)), ((79, 46), (71, 42), (60, 42)),
     ((49, 42), (41, 46), (35, 58))),
)  # fmt: skip
SHORT_HAIR: Outline = (
    (33, 62),
    (((29, 32), (47, 22), (61, 22)), ((75, 22), (91, 32), (87, 62)), ((84, 50), (81, 44), (77, 42)),
     ((67, 48), (51, 48), (43, 44)), ((38, 48), (35, 54), (33, 62))),
)  # fmt: skip
MOUSTACHE: Outline = ((47, 81), (((55, 76), (65, 76), (73, 81)), ((69, 85), (51, 85), (47, 81))))


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What tells one invented face from another: a woman's veil and its shade, a man's hair, perhaps a moustache."""

    woman: bool
    clothes: str
    head: str
    shade: str = ""
    moustache: bool = True


SALMA = Look(woman=True, clothes="#0F5C63", head="#B7634A", shade="#9E4F39")
OMAR = Look(woman=False, clothes="#3A4A66", head="#2F2A2C")
LAYLA = Look(woman=True, clothes="#6B3F52", head="#3F6B5E", shade="#335648")
ELENA = Look(woman=True, clothes="#4E5B73", head="#6A4127", shade="#54331E")
KARIM = Look(woman=False, clothes="#5B4636", head="#6E6763", moustache=False)


def jpeg(look: Look) -> bytes:
    """WIDTH x HEIGHT pixels."""
    stream = io.BytesIO()
    _draw(look).save(stream, "JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()


def jpeg_2000(look: Look) -> bytes:
    """WIDTH x HEIGHT pixels."""
    stream = io.BytesIO()
    _draw(look).save(stream, "JPEG2000", quality_mode="rates", quality_layers=[JPEG_2000_RATIO])
    return stream.getvalue()


def longer(jpeg_image: bytes, missing: int) -> bytes:
    """The same picture with that many bytes more, at least four, in a comment (ITU-T T.81, B.2.4.5)."""
    size = missing - len(COMMENT)
    return jpeg_image[:2] + COMMENT + size.to_bytes(2, "big") + bytes(size - 2) + jpeg_image[2:]


def _draw(look: Look) -> Image.Image:
    picture = Image.new("RGB", (WIDTH * SMOOTHING, HEIGHT * SMOOTHING), "#E4E0D8")
    pen = ImageDraw.Draw(picture)
    if look.woman:
        _woman(pen, look)
    else:
        _man(pen, look)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _woman(pen: ImageDraw.ImageDraw, look: Look) -> None:
    _fill(pen, SHOULDERS, look.clothes)
    _fill(pen, VEIL, look.head)
    _ellipse(pen, (60, 66), (25, 32), "#E8BD98")
    _fill(pen, FRINGE, look.shade)
    _features(pen, brow="#5B3A2C", lips="#A4573F")


def _man(pen: ImageDraw.ImageDraw, look: Look) -> None:
    _fill(pen, SHOULDERS, look.clothes)
    _ellipse(pen, (60, 100), (13, 18), "#CB986F")
    _ellipse(pen, (34, 68), (4, 7), "#CB986F")
    _ellipse(pen, (86, 68), (4, 7), "#CB986F")
    _ellipse(pen, (60, 66), (27, 33), "#DDAE85")
    _fill(pen, SHORT_HAIR, look.head)
    _features(pen, brow=look.head, lips="#9A5140")
    if look.moustache:
        _fill(pen, MOUSTACHE, look.head)


def _features(pen: ImageDraw.ImageDraw, *, brow: str, lips: str) -> None:
    for side in (-1, 1):
        _ellipse(pen, (60 + 10.5 * side, 65), (4.2, 2.6), "#FBF7F0")
        _ellipse(pen, (60 + 10.5 * side, 65), (2.1, 2.4), "#3B2A22")
        _stroke(
            pen, _curve((60 + 5 * side, 59), (60 + 9 * side, 55.5), (60 + 13 * side, 56), (60 + 17 * side, 59)), brow
        )
    _stroke(pen, _curve((60, 66), (59, 71), (57, 75), (61.5, 76)), "#B98560", width=1.4)
    _stroke(pen, _curve((51, 87), (56, 91), (64, 91), (69, 87)), lips)


def _fill(pen: ImageDraw.ImageDraw, outline: Outline, colour: str) -> None:
    at, curves = outline
    points: list[Point] = []
    for first, second, end in curves:
        points += _curve(at, first, second, end)
        at = end
    pen.polygon(_scaled(points), fill=colour)


def _stroke(pen: ImageDraw.ImageDraw, points: Sequence[Point], colour: str, width: float = 2.4) -> None:
    pen.line(_scaled(points), fill=colour, width=round(width * _scale()), joint="curve")


def _ellipse(pen: ImageDraw.ImageDraw, centre: Point, radii: Point, colour: str) -> None:
    (x, y), (across, down) = centre, radii
    pen.ellipse(_scaled([(x - across, y - down), (x + across, y + down)]), fill=colour)


def _curve(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    """A cubic Bézier curve as a row of points."""
    weights = ((step / CURVE_STEPS, 1 - step / CURVE_STEPS) for step in range(CURVE_STEPS + 1))
    return [
        (
            u**3 * start[0] + 3 * u * u * t * first[0] + 3 * u * t * t * second[0] + t**3 * end[0],
            u**3 * start[1] + 3 * u * u * t * first[1] + 3 * u * t * t * second[1] + t**3 * end[1],
        )
        for t, u in weights
    ]


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * _scale(), y * _scale()) for x, y in points]


def _scale() -> float:
    return WIDTH * SMOOTHING / UNITS
