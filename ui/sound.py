"""Three short sounds, made here and played by the system's own player; each only underlines what a page shows.

PySide6-Essentials has no QtMultimedia, so a WAV is handed to the first player found, through a file in memory that has
no name in any folder (memfd_create(2)): pw-play of PipeWire 0.3 reads no pipe, and all three read `/proc/self/fd/N`.
"""

from __future__ import annotations

import array
import contextlib
import functools
import io
import math
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from kiosk.lane import Lane
from kiosk.scene import State

PLAYERS: Final = ("pw-play", "paplay", "aplay")

VOLUME: Final = 0.25
"""The loudest sample as a part of full scale. How loud that is in front of the terminal is set with the amplifier when
it is installed: at most 65 dBA without being asked for (EN 301 549, 5.1.3.12 and 5.1.3.13)."""

RATE: Final = 16_000
_ATTACK: Final = 0.012  # seconds, in which a note swells: a sudden edge would click
_PLAYER_SECONDS: Final = 5.0

Note = tuple[float, float]
"""Hertz (0 is silence) and seconds."""

RING: Final[tuple[Note, ...]] = ((784.0, 0.16), (988.0, 0.16), (784.0, 0.16), (988.0, 0.30))
TAKE_CARD: Final[tuple[Note, ...]] = ((880.0, 0.12), (0.0, 0.08), (880.0, 0.12), (0.0, 0.08), (880.0, 0.22))
WARNING: Final[tuple[Note, ...]] = ((659.0, 0.22), (523.0, 0.34))

REMIND_SECONDS: Final = 5
MOST_REMINDERS: Final = 12
"""After a minute nobody is there who could hear it; the page stays."""


class Sounds(QObject):
    """`ring`, `take_card` and `warning` return at once. While one sound is heard another is left out: none queues
    up. Without a player, or where it cannot play, the system's beep is heard.

    Signals:
        unheard(): from the thread that plays.
    """

    unheard = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        found = (shutil.which(name) for name in PLAYERS)
        self._player = next((path for path in found if path is not None), "")
        self._lane = Lane("sound")
        self._playing = False
        self._closed = False
        self.unheard.connect(self._beep, Qt.ConnectionType.QueuedConnection)

    def ring(self) -> None:
        """At the clerk's: a person has called for help."""
        self._sound(RING)

    def take_card(self) -> None:
        """The visit is over and the card is still in the reader."""
        self._sound(TAKE_CARD)

    def warning(self) -> None:
        """The visit will end soon, because nobody touched the screen."""
        self._sound(WARNING)

    def close(self) -> None:
        """A sound that has begun is heard to its end."""
        if not self._closed:
            self._closed = True
            self._lane.close()

    def _sound(self, motif: tuple[Note, ...]) -> None:
        if self._playing or self._closed:
            return
        self._playing = True
        self._lane.send(lambda: self._play(motif))

    def _play(self, motif: tuple[Note, ...]) -> None:
        """On the lane's thread."""
        try:
            if not self._player or not _played(self._player, tone(motif)):
                self.unheard.emit()
        finally:
            self._playing = False

    @Slot()
    def _beep(self) -> None:
        QApplication.beep()


class CardReminder(QObject):
    """Reminds of a card that stays in the reader after the visit: not at once, then every few seconds, then no more."""

    def __init__(self, remind: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._remind = remind
        self._times: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(REMIND_SECONDS * 1000)
        self._timer.timeout.connect(self._again)

    def follow(self, state: State) -> None:
        """To be told every scene's state; the same state again changes nothing."""
        if state is not State.TAKE_CARD:
            self.stop()
        elif self._times is None:
            self._times = 0
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._times = None

    @Slot()
    def _again(self) -> None:
        if self._times is None:
            return
        self._times += 1
        self._remind()
        if self._times >= MOST_REMINDERS:
            self._timer.stop()


@functools.cache
def tone(motif: tuple[Note, ...]) -> bytes:
    """A WAV, mono, 16 bits. Every note swells and fades; a soft octave above keeps it from sounding like a fault."""
    import wave  # noqa: PLC0415 - a sound is rare, and the start is counted

    samples = array.array("h")
    for hertz, seconds in motif:
        count = round(seconds * RATE)
        for at in range(count):
            turn = 2 * math.pi * hertz * at / RATE
            swell = min(1.0, at / (RATE * _ATTACK)) * (1 - at / count) ** 1.5
            samples.append(round(32767 * VOLUME * swell * (0.8 * math.sin(turn) + 0.2 * math.sin(2 * turn))))
    if sys.byteorder == "big":
        samples.byteswap()
    file = io.BytesIO()
    with contextlib.closing(wave.open(file, "wb")) as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return file.getvalue()


def _played(player: str, sound: bytes) -> bool:
    """Blocks until the player has ended."""
    import subprocess  # noqa: PLC0415 - as above

    memory = os.memfd_create("sound", 0)
    try:
        with open(memory, "wb", closefd=False) as file:
            file.write(sound)
        heard = subprocess.run(
            [player, str(Path("/proc/self/fd") / str(memory))],
            pass_fds=(memory,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PLAYER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        os.close(memory)
    return heard.returncode == 0
