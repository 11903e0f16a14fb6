"""What keeps a terminal from starting: a mistake that the technician puts right, not a defect of the program."""

from __future__ import annotations


class SetUpMistake(Exception):
    """Something that set-up should have left is missing or wrong; the text names it and says what belongs there."""
