"""What reads paper and print: the scanner of a card's machine-readable zone, and the scanner of documents."""

from devices.scanners.escl import EsclScanner
from devices.scanners.mrz import MrzScanner

__all__ = ["EsclScanner", "MrzScanner"]
