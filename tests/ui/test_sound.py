"""Sounds through a player that records what it is given, through one that fails, and without any."""

from __future__ import annotations

import array
import io
import itertools
import os
import wave
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.scene import State
from ui import sound
from ui.sound import MOST_REMINDERS, RING, TAKE_CARD, VOLUME, WARNING, CardReminder, Sounds, tone

pytestmark = pytest.mark.usefixtures("qapp")


class Players:
    """A folder that is the whole PATH, and what its players were given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard = folder / "heard"
        self.heard.mkdir()

    def add(self, name: str, script: str = "") -> None:
        records = f'echo "$0 $1" >> {self.heard}/asked; /bin/cat "$1" > {self.heard}/$$.wav'
        file = self.folder / name
        file.write_text(f"#!/bin/sh\n{script or records}\n")
        file.chmod(0o755)

    def sounds(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self.heard.glob("*.wav"))]

    def asked(self) -> list[list[str]]:
        return [line.split() for line in (self.heard / "asked").read_text().splitlines()]


@pytest.fixture
def players(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Players:
    monkeypatch.setenv("PATH", str(tmp_path))
    return Players(tmp_path)


@pytest.fixture
def beeps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    heard: list[int] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(1))
    return heard


def samples(wav: bytes) -> tuple[wave._wave_params, array.array[int]]:
    with wave.open(io.BytesIO(wav)) as read:
        return read.getparams(), array.array("h", read.readframes(read.getnframes()))


@pytest.mark.parametrize("motif", [RING, TAKE_CARD, WARNING])
def test_a_tone_is_a_short_soft_wav_that_does_not_click(motif: tuple[sound.Note, ...]) -> None:
    params, values = samples(tone(motif))
    assert (params.nchannels, params.sampwidth, params.framerate) == (1, 2, sound.RATE)
    assert 0.3 < params.nframes / params.framerate < 1.0
    loudest = max(abs(value) for value in values)
    assert 0.5 * VOLUME * 32767 < loudest <= VOLUME * 32767
    # The steepest step a pure tone of that height makes; an edge that clicks is far above it.
    steepest = max(abs(after - before) for before, after in itertools.pairwise(values))
    assert steepest < 0.6 * VOLUME * 32767
    assert values[0] == 0
    assert abs(values[-1]) < 10


def test_the_three_are_told_apart() -> None:
    assert len({tone(RING), tone(TAKE_CARD), tone(WARNING)}) == 3


def test_the_player_gets_each_sound_from_memory_and_leaves_nothing(players: Players, beeps: list[int]) -> None:
    players.add("aplay")
    for name, motif in (("ring", RING), ("take_card", TAKE_CARD), ("warning", WARNING)):
        sounds = Sounds()
        getattr(sounds, name)()
        sounds.close()
        assert players.sounds()[-1] == tone(motif) or tone(motif) in players.sounds()
    assert len(players.sounds()) == 3
    assert all(argument.startswith("/proc/self/fd/") for _, argument in players.asked())
    assert not [file for file in Path("/proc/self/fd").iterdir() if "memfd:sound" in _target(file)]
    QApplication.processEvents()
    assert beeps == []


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""


@pytest.mark.parametrize(
    ("there", "asked"),
    [(("aplay", "paplay", "pw-play"), "pw-play"), (("aplay", "paplay"), "paplay"), (("aplay",), "aplay")],
)
def test_the_first_player_of_the_list_is_asked(players: Players, there: tuple[str, ...], asked: str) -> None:
    for name in there:
        players.add(name)
    sounds = Sounds()
    sounds.ring()
    sounds.close()
    assert [Path(player).name for player, _ in players.asked()] == [asked]


@pytest.mark.parametrize("script", ["", "exit 1", "exec /bin/sleep 60", "no player at all"])
def test_what_no_player_plays_is_a_beep(
    players: Players, beeps: list[int], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, script: str
) -> None:
    monkeypatch.setattr(sound, "_PLAYER_SECONDS", 0.2)
    if script == "no player at all":
        (players.folder / "aplay").write_bytes(b"\x7fELF is not a program")
        (players.folder / "aplay").chmod(0o755)
    elif script:
        players.add("aplay", script)
    sounds = Sounds()
    sounds.warning()
    qtbot.waitUntil(lambda: beeps == [1], timeout=10_000)
    sounds.close()


@pytest.fixture
def held(players: Players) -> tuple[Players, Path]:
    """A player that plays until its pipe is opened for writing."""
    pipe = players.folder / "pipe"
    os.mkfifo(pipe)
    players.add("aplay", f'echo "$0 $1" >> {players.heard}/asked; read line < {pipe}')
    return players, pipe


def test_a_sound_neither_waits_nor_queues(held: tuple[Players, Path]) -> None:
    players, pipe = held
    sounds = Sounds()
    sounds.ring()
    sounds.warning()  # while the first is heard: left out
    sounds.take_card()
    with pipe.open("w") as release:  # waits for the player to have come so far
        release.write("\n")
    sounds.close()
    assert len(players.asked()) == 1


def test_after_the_end_nothing_sounds(players: Players) -> None:
    players.add("aplay")
    sounds = Sounds()
    sounds.close()
    sounds.close()
    sounds.ring()
    assert players.sounds() == []


# ---------------------------------------------------------------- the card that stays in the reader


def _tick(reminder: CardReminder) -> None:
    timer = reminder.findChild(QTimer)
    assert timer is not None
    if timer.isActive():
        timer.timeout.emit()


def test_a_card_left_behind_is_reminded_of_for_a_minute_and_no_longer() -> None:
    reminded: list[int] = []
    reminder = CardReminder(lambda: reminded.append(1))
    reminder.follow(State.TAKE_CARD)
    assert reminded == []  # whoever takes it at once hears nothing
    for _ in range(5):
        _tick(reminder)
    reminder.follow(State.TAKE_CARD)  # the page's own time ran out and it stays: not a new minute
    for _ in range(30):
        _tick(reminder)
    assert len(reminded) == MOST_REMINDERS
    assert MOST_REMINDERS * sound.REMIND_SECONDS == 60


@pytest.mark.parametrize("taken", [State.IDLE, State.IDENTIFYING])
def test_a_card_that_is_taken_ends_the_reminding(taken: State) -> None:
    reminded: list[int] = []
    reminder = CardReminder(lambda: reminded.append(1))
    reminder.follow(State.TAKE_CARD)
    _tick(reminder)
    reminder.follow(taken)
    _tick(reminder)
    assert len(reminded) == 1
    reminder.follow(State.TAKE_CARD)  # the next person's
    for _ in range(30):
        _tick(reminder)
    assert len(reminded) == 1 + MOST_REMINDERS
