"""The demonstration's panel: a small window beside the terminal that plays the world around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QGridLayout, QGroupBox, QLabel, QPushButton, QVBoxLayout, QWidget

from kiosk.demonstration import Demonstration
from kiosk.wire import Words
from ui.look import Panel

_COLUMNS = 3
_PART_OF_SCREEN = 0.86
_DIAGONAL_INCHES = 21.5
_LOOK_EVERY_MS = 2000

_PAYMENT = (
    ("Approves · توافق", "approve"),
    ("Declines · ترفض", "decline"),
    ("Never answers · لا ترد", "silent"),
    ("Answers late · ترد متأخرة", "late"),
    ("Takes it, then hangs up · تأخذ ثم تنقطع", "drop"),
)
_PRINTER = (
    ("Has paper · فيها ورق", None),
    ("Out of paper · نفد الورق", "media-empty"),
    ("Cover open · الغطاء مفتوح", "cover-open"),
    ("Jam · علق الورق", "media-jam"),
)

_SCANNER = (
    ("A paper lies in it · فيه ورقة", "page 0"),
    ("No paper · لا ورق فيه", "no-paper"),
    ("Jam · علق الورق", "jam"),
    ("Cover open · الغطاء مفتوح", "cover"),
    ("Unreadable · صفحة لا تُقرأ", "rubbish"),
    ("Never answers · لا يرد", "silent"),
)


def window_panel() -> Panel:
    """A 16:9 window that leaves room for the panel; laid out as a 21.5 inch screen is."""
    room = QApplication.primaryScreen().availableSize()
    width = min(1920, round(room.width() * _PART_OF_SCREEN), round(room.height() * _PART_OF_SCREEN * 16 / 9))
    return Panel(width, width * 9 // 16, _DIAGONAL_INCHES)


def _card_words(world: Demonstration, name: str) -> str:
    """With what its holder would read off the card, and knows by heart."""
    number, pin = world.access_number(name), world.card_pin(name)
    return " ".join(part for part in (f"Insert {name}", number, f"PIN {pin}" if pin else "") if part)


class DemoPanel(QWidget):
    """One button for everything that a person, the bank, the line or the hardware can do. `staff` are the names and
    PINs by which they sign in here, `insert` and `pull` another reader's than the kiosk's, `messages` the SMS that were
    sent, the oldest first."""

    def __init__(
        self,
        world: Demonstration,
        *,
        staff: tuple[tuple[str, str], ...] = (),
        insert: Callable[[str], None] | None = None,
        pull: Callable[[], None] | None = None,
        messages: Callable[[], list[tuple[str, Words]]] | None = None,
    ) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle("Demonstration · العرض")
        self._said = QLabel("Insert a card to begin · أدخل بطاقة لنبدأ")
        self._said.setWordWrap(True)
        column = QVBoxLayout(self)
        if staff:
            words = "\n".join(f"{name}: {pin}" for name, pin in staff)
            signing_in = QGroupBox("PIN · الرقم السري")
            QVBoxLayout(signing_in).addWidget(QLabel(words))
            column.addWidget(signing_in)
        cards = self._cards(world, insert or world.insert_card, pull or world.pull_card)
        column.addWidget(self._group("Card · البطاقة", cards))
        column.addWidget(
            self._group(
                "Line to the centre · الاتصال بالمركز",
                (
                    ("Cut · قطع", world.cut_line),
                    ("Lose the answers · فقد الردود", world.cut_answers),
                    ("Restore · إعادة", world.restore_line),
                ),
            )
        )
        column.addWidget(
            self._group(
                "The bank · البنك", tuple((words, partial(world.payment_mode, mode)) for words, mode in _PAYMENT)
            )
        )
        column.addWidget(
            self._group(
                "Printer · الطابعة", tuple((words, partial(world.printer_fault, name)) for words, name in _PRINTER)
            )
        )
        column.addWidget(
            self._group(
                "Document scanner · ماسح الوثائق",
                tuple((words, partial(world.scanner_fault, name)) for words, name in _SCANNER),
            )
        )
        column.addWidget(
            self._group(
                "Card service · خدمة البطاقات",
                (("Stop · إيقاف", world.stop_card_service), ("Start · تشغيل", world.start_card_service)),
            )
        )
        column.addWidget(self._said)
        if messages is not None:
            column.addWidget(self._phone(messages))

    def _phone(self, messages: Callable[[], list[tuple[str, Words]]]) -> QGroupBox:
        """The last SMS, as the person's phone would show it."""
        group, shown = QGroupBox("SMS · رسالة نصية"), QLabel("–")
        shown.setObjectName("sms")
        shown.setWordWrap(True)
        QVBoxLayout(group).addWidget(shown)

        def look() -> None:
            for number, words in messages()[-1:]:
                shown.setText(f"{number}\n{words.ar}\n{words.en}")

        timer = QTimer(self)
        timer.setInterval(_LOOK_EVERY_MS)
        timer.timeout.connect(look)
        timer.start()
        return group

    def _cards(
        self, world: Demonstration, insert: Callable[[str], None], pull: Callable[[], None]
    ) -> tuple[tuple[str, Callable[[], object]], ...]:
        inserted = tuple((_card_words(world, name), partial(insert, name)) for name in world.cards())
        return (*inserted, ("Pull it out · إخراج", pull))

    def _group(self, title: str, acts: tuple[tuple[str, Callable[[], object]], ...]) -> QGroupBox:
        group = QGroupBox(title)
        grid = QGridLayout(group)
        for place, (words, act) in enumerate(acts):
            button = QPushButton(words)
            button.clicked.connect(partial(self._do, words, act))
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        return group

    @Slot()
    def _do(self, words: str, act: Callable[[], object], *_: object) -> None:
        """A part that does not obey is told here; the demonstration goes on."""
        try:
            act()
        except Exception as defect:  # the boundary of a press: nothing of the terminal is involved
            self._said.setText(f"{words}: {type(defect).__name__}")
        else:
            self._said.setText(words)

    def closeEvent(self, event: object) -> None:  # noqa: ARG002 - Qt's shape
        QApplication.quit()
