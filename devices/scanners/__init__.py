"""What reads print: today the scanner of a card's machine-readable zone."""

from devices.scanners.mrz import MrzScanner

__all__ = ["MrzScanner"]
