"""What stands on the keys of the on-screen keyboard, row by row from left to right, and how each is read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from kiosk.texts import Language, message

Rows = tuple[str, ...]
Order = Literal["typing", "alphabet"]
"""As on a real keyboard; or as a child learns the letters, for people who do not type."""

LETTERS: Final[Mapping[tuple[Language, Order], Rows]] = {
    # The Arabic 101 layout; hamza forms are keys of their own, since holding a key down is not to be known beforehand.
    ("ar", "typing"): ("ضصثقفغعهخحجد", "شسيبلاتنمكطذ", "ئءؤرأإآىةوزظ"),
    ("ar", "alphabet"): ("دخحجثةتبآإأا", "فغعظطضصشسزرذ", "ءئىيؤوهنملكق"),  # its first letter stands at the right
    ("en", "typing"): ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("en", "alphabet"): ("abcdefghij", "klmnopqrs", "tuvwxyz"),
}

MARKS: Final[Rows] = ("1234567890", "-/.,،:@_+#", "()'\"&%؟?!;")

ARABIC_NAMES: Final[Mapping[str, str]] = {
    "ا": "ألف",
    "أ": "ألف بهمزة فوقها",
    "إ": "ألف بهمزة تحتها",
    "آ": "ألف ممدودة",
    "ب": "باء",
    "ت": "تاء",
    "ة": "تاء مربوطة",
    "ث": "ثاء",
    "ج": "جيم",
    "ح": "حاء",
    "خ": "خاء",
    "د": "دال",
    "ذ": "ذال",
    "ر": "راء",
    "ز": "زاي",
    "س": "سين",
    "ش": "شين",
    "ص": "صاد",
    "ض": "ضاد",
    "ط": "طاء",
    "ظ": "ظاء",
    "ع": "عين",
    "غ": "غين",
    "ف": "فاء",
    "ق": "قاف",
    "ك": "كاف",
    "ل": "لام",
    "م": "ميم",
    "ن": "نون",
    "ه": "هاء",
    "و": "واو",
    "ؤ": "واو بهمزة",
    "ي": "ياء",
    "ئ": "ياء بهمزة",
    "ى": "ألف مقصورة",
    "ء": "همزة",
}
"""A letter alone is spoken by its sound, if at all; its name tells ه from ة and أ from إ."""

MARK_NAMES: Final[Mapping[str, str]] = {
    "-": message("Hyphen"),
    "/": message("Slash"),
    ".": message("Full stop"),
    ",": message("Comma"),
    "،": message("Arabic comma"),
    ":": message("Colon"),
    "@": message("At sign"),
    "_": message("Underscore"),
    "+": message("Plus"),
    "#": message("Number sign"),
    "(": message("Opening bracket"),
    ")": message("Closing bracket"),
    "'": message("Apostrophe"),
    '"': message("Quotation mark"),
    "&": message("Ampersand"),
    "%": message("Percent"),
    "؟": message("Arabic question mark"),
    "?": message("Question mark"),
    "!": message("Exclamation mark"),
    ";": message("Semicolon"),
}
