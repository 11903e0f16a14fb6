"""What an eSCL scanner says of itself, and how it is asked for a page (Mopria eSCL, "AirScan").

Elements are found by their names alone, wherever they stand: profiles are written inside an input's capabilities by
some makers and beside them by others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

from devices.scanners.xml import Element, MalformedXml
from kiosk.failures import Failure

DOTS_PER_INCH: Final = 200
A4_WIDTH, A4_HEIGHT = 2480, 3508
"""In the protocol's unit, 1/300 inch."""

_INPUTS: Final[Mapping[str, str]] = {
    "Feeder": "AdfSimplexInputCaps",
    "Platen": "PlatenInputCaps",
    "Camera": "CameraInputCaps",
}
_FORMATS: Final = ("image/jpeg", "image/png")
_COLOURS: Final = ("RGB24", "Grayscale8")

# AdfState of the protocol; ScannerAdfDoorOpen is what some makers say instead of ScannerAdfHatchOpen.
_FEEDER_FAILURES: Final[Mapping[str, Failure]] = {
    "ScannerAdfHatchOpen": Failure.SCANNER_COVER_OPEN,
    "ScannerAdfDoorOpen": Failure.SCANNER_COVER_OPEN,
    "ScannerAdfJam": Failure.SCANNER_JAM,
    "ScannerAdfMispick": Failure.SCANNER_JAM,
    "ScannerAdfMultipickDetected": Failure.SCANNER_JAM,
    "ScannerAdfInputTrayFailed": Failure.SCANNER_JAM,
}
_EMPTY: Final = "ScannerAdfEmpty"


@dataclasses.dataclass(frozen=True, slots=True)
class Input:
    """One place from which a page is taken: "Platen" is the glass, "Camera" looks down at a sheet. Sizes in 1/300 inch,
    resolution in dots per inch."""

    name: str
    colour: str
    format: str
    resolution: int
    width: int
    height: int


@dataclasses.dataclass(frozen=True, slots=True)
class Capabilities:
    """Of the inputs only those that can give what is wanted here."""

    version: str
    model: str
    inputs: tuple[Input, ...]

    def input(self, name: str) -> Input | None:
        return next((one for one in self.inputs if one.name == name), None)


@dataclasses.dataclass(frozen=True, slots=True)
class Status:
    """`state` and `feeder` are the protocol's words, "" for a scanner without a feeder."""

    state: str
    feeder: str

    def input_of(self, known: Capabilities) -> Input | None:
        """The feeder where paper lies in it, else the glass, or the camera; the empty feeder of a scanner that has
        neither."""
        feeder, flat = known.input("Feeder"), known.input("Platen") or known.input("Camera")
        return feeder if feeder is not None and (flat is None or self.feeder == "ScannerAdfLoaded") else flat

    def failure(self, of: Input) -> Failure | None:
        """What keeps it from scanning now. Some feeders jam when they are told to scan without paper, so that is looked
        at before (https://github.com/alexpevzner/sane-airscan/issues/98)."""
        if (of.name == "Feeder" or self.state == "Stopped") and self.feeder in _FEEDER_FAILURES:
            return _FEEDER_FAILURES[self.feeder]
        if self.state in {"Processing", "Testing"}:
            return Failure.SCANNER_BUSY
        if of.name == "Feeder" and self.feeder == _EMPTY:
            return Failure.SCANNER_NO_PAPER
        return None if self.state == "Idle" else Failure.SCANNER_SILENT


def read_status(root: Element) -> Status:
    """Raises MalformedXml."""
    if root.name != "ScannerStatus":
        raise MalformedXml("no status")
    own = next((child.text.strip() for child in root.children if child.name == "State"), "")
    return Status(own, root.first("AdfState"))


def read_capabilities(root: Element) -> Capabilities:
    """Raises MalformedXml."""
    if root.name != "ScannerCapabilities":
        raise MalformedXml("no capabilities")
    inputs = (_input(root, name, element) for name, element in _INPUTS.items())
    return Capabilities(
        version=_word(root.first("Version"), 8),
        model=_word(root.first("MakeAndModel"), 60),
        inputs=tuple(found for found in inputs if found is not None),
    )


def scan_settings(version: str, source: Input) -> bytes:
    """One page of A4, or what of it the input can take."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
        ' xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">'
        f"<pwg:Version>{version}</pwg:Version>"
        "<scan:Intent>Document</scan:Intent>"
        "<pwg:ScanRegions><pwg:ScanRegion>"
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>"
        "<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>"
        f"<pwg:Width>{min(A4_WIDTH, source.width)}</pwg:Width>"
        f"<pwg:Height>{min(A4_HEIGHT, source.height)}</pwg:Height>"
        "</pwg:ScanRegion></pwg:ScanRegions>"
        f"<pwg:InputSource>{source.name}</pwg:InputSource>"
        f"<scan:ColorMode>{source.colour}</scan:ColorMode>"
        f"<scan:XResolution>{source.resolution}</scan:XResolution>"
        f"<scan:YResolution>{source.resolution}</scan:YResolution>"
        f"<pwg:DocumentFormat>{source.format}</pwg:DocumentFormat>"
        f"<scan:DocumentFormatExt>{source.format}</scan:DocumentFormatExt>"
        "</scan:ScanSettings>"
    ).encode("ascii")


def _input(root: Element, name: str, element: str) -> Input | None:
    own = next(root.all(element), None)
    if own is None:
        return None

    def said(*names: str) -> tuple[str, ...]:
        return tuple(text for one in names for text in own.texts(one) or root.texts(one))

    colours, formats = said("ColorMode"), said("DocumentFormat", "DocumentFormatExt")
    colour = next((one for one in _COLOURS if one in colours), None)
    form = next((one for one in _FORMATS if one in formats), None)
    resolution = _resolution(own) or _resolution(root)
    if colour is None or form is None or resolution is None:
        return None
    return Input(
        name,
        colour,
        form,
        resolution,
        _number(own.first("MaxWidth")) or A4_WIDTH,
        _number(own.first("MaxHeight")) or A4_HEIGHT,
    )


def _resolution(of: Element) -> int | None:
    """The best up to 200 dots per inch; where all are finer, the coarsest."""
    discrete = sorted(number for text in of.texts("XResolution") if (number := _number(text)))
    if discrete:
        return max((one for one in discrete if one <= DOTS_PER_INCH), default=discrete[0])
    ranged = next(of.all("XResolutionRange"), None)
    if ranged is None:
        return None
    least, most = _number(ranged.first("Min")), _number(ranged.first("Max"))
    return max(least, min(DOTS_PER_INCH, most)) if least and most else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _word(text: str, longest: int) -> str:
    """Shown to a technician and, of the version, sent back: printable ASCII without what means something in XML."""
    return "".join(letter for letter in text if letter.isascii() and letter.isprintable() and letter not in "<>&")[
        :longest
    ]
