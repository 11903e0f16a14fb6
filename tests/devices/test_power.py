"""The mains and the battery, from folders laid out as the kernel lays them out."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path

import pytest

from devices import power
from devices.power import Power, PowerWatcher, read
from kiosk.events import Event, PowerLost

Supply = dict[str, str]

MAINS: Supply = {"type": "Mains", "online": "1"}
UNPLUGGED: Supply = {"type": "Mains", "online": "0"}
CHARGED: Supply = {"type": "Battery", "present": "1", "status": "Full", "energy_now": "40000000", "power_now": "0"}
DRAINED: Supply = {**CHARGED, "status": "Discharging", "power_now": "20000000"}

Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    def lay_out(**supplies: Supply) -> Path:
        for name, files in supplies.items():
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            for old in folder.iterdir():
                old.unlink()
            for file, content in files.items():
                (folder / file).write_text(f"{content}\n")
        return tmp_path

    return lay_out


def test_on_the_mains(lay: Lay) -> None:
    assert read(lay(AC=MAINS, BAT0=CHARGED)) == Power(on_mains=True)


@pytest.mark.parametrize(
    ("battery", "minutes"),
    [
        (DRAINED, 120),
        ({"type": "Battery", "status": "Discharging", "charge_now": "1500000", "current_now": "2000000"}, 45),
        ({**DRAINED, "power_now": "-20000000"}, 120),
        ({**DRAINED, "power_now": "0", "charge_now": "1500000", "current_now": "2000000"}, 45),
        ({**DRAINED, "power_now": "0"}, None),
        ({"type": "Battery", "status": "Discharging", "energy_now": "40000000"}, None),
        ({**DRAINED, "power_now": "1"}, None),
        ({**DRAINED, "energy_now": "0"}, 0),
        ({**DRAINED, "type": "UPS"}, 120),
    ],
)
def test_on_battery_it_tells_about_how_long(lay: Lay, battery: Supply, minutes: int | None) -> None:
    assert read(lay(AC=UNPLUGGED, BAT0=battery)) == Power(on_mains=False, minutes=minutes)


def test_two_batteries_last_together(lay: Lay) -> None:
    second = {**DRAINED, "energy_now": "20000000", "power_now": "0"}
    assert read(lay(AC=UNPLUGGED, BAT0=DRAINED, BAT1=second)) == Power(on_mains=False, minutes=180)


@pytest.mark.parametrize(
    "supplies",
    [
        {},
        {"AC": MAINS},
        {"AC": UNPLUGGED},
        {"mouse": {**DRAINED, "scope": "Device"}},
        {"AC": UNPLUGGED, "BAT0": {**DRAINED, "present": "0"}},
    ],
)
def test_a_machine_without_a_battery_tells_nothing(lay: Lay, supplies: dict[str, Supply]) -> None:
    assert read(lay(**supplies)) is None


def test_a_folder_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "supplies",
    [
        {"port": {"type": "USB", "online": "0"}, "BAT0": CHARGED},  # a port that could charge
        {"port": {"type": "USB", "online": "0"}, "AC": MAINS, "BAT0": CHARGED},
        {"port": {"type": "USB", "online": "2"}, "BAT0": DRAINED},  # charged by a port, and more is drawn
        {"BAT0": CHARGED},
        {"BAT0": {"type": "Battery"}},
    ],
)
def test_without_a_sure_sign_the_mains_is_there(lay: Lay, supplies: dict[str, Supply]) -> None:
    assert read(lay(**supplies)) == Power(on_mains=True)


def test_a_battery_that_does_not_say_how_it_is_leaves_the_word_to_the_charger(lay: Lay) -> None:
    silent = {"type": "Battery", "status": "Unknown"}
    assert read(lay(AC=UNPLUGGED, BAT0=silent)) == Power(on_mains=False)
    assert read(lay(AC=MAINS, BAT0=silent)) == Power(on_mains=True)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"lots", b"12 34", b"9" * 5000, "٤٠".encode(), b"--5", b"\0" * 100, b"1e9", b"-"]
)
def test_garbage_counts_as_not_told(lay: Lay, content: bytes) -> None:
    folder = lay(AC=UNPLUGGED, BAT0=DRAINED)
    for name in ("energy_now", "present"):
        (folder / "BAT0" / name).write_bytes(content)
    assert read(folder) == Power(on_mains=False)
    for file in (*(folder / "AC").iterdir(), *(folder / "BAT0").iterdir()):
        file.write_bytes(content)
    assert read(folder) is None


def test_what_is_no_file_counts_as_not_told(lay: Lay) -> None:
    folder = lay(AC=UNPLUGGED, BAT0=DRAINED)
    (folder / "BAT0" / "power_now").unlink()
    (folder / "BAT0" / "power_now").mkdir()
    (folder / "loop").symlink_to(folder / "loop")
    assert read(folder) == Power(on_mains=False)


# ---------------------------------------------------------------- the watcher


def test_each_outage_is_told_once(lay: Lay) -> None:
    told: list[Event] = []
    watcher = PowerWatcher(told.append, lay(AC=MAINS, BAT0=CHARGED))
    watcher.look()
    assert told == []
    lay(AC=UNPLUGGED, BAT0=DRAINED)
    watcher.look()
    watcher.look()
    assert told == [PowerLost(120)]
    lay(AC=MAINS, BAT0=CHARGED)
    watcher.look()
    lay(AC=UNPLUGGED, BAT0={**DRAINED, "energy_now": "10000000"})
    watcher.look()
    watcher.look()
    assert told == [PowerLost(120), PowerLost(30)]


def test_its_thread_tells_and_is_joined(lay: Lay) -> None:
    told: queue.Queue[Event] = queue.Queue()
    watcher = PowerWatcher(told.put, lay(AC=MAINS, BAT0=CHARGED), every=0.01)
    watcher.start()
    lay(AC=UNPLUGGED, BAT0=DRAINED)
    assert isinstance(told.get(timeout=10), PowerLost)
    watcher.close()
    assert not watcher._thread.is_alive()


def test_without_a_battery_there_is_no_thread(lay: Lay) -> None:
    watcher = PowerWatcher(lambda _event: None, lay(AC=MAINS))
    watcher.start()
    assert watcher._thread.ident is None
    watcher.close()


def test_a_listener_that_stumbles_does_not_end_the_watch(lay: Lay, caplog: pytest.LogCaptureFixture) -> None:
    told: queue.Queue[Event] = queue.Queue()

    def stumble(event: Event) -> None:
        told.put(event)
        raise ZeroDivisionError

    watcher = PowerWatcher(stumble, lay(AC=UNPLUGGED, BAT0=DRAINED), every=0.01)
    watcher.start()
    assert told.get(timeout=10) == PowerLost(120)
    lay(AC=MAINS, BAT0=CHARGED)
    while watcher._out:
        assert watcher._thread.is_alive()
    lay(AC=UNPLUGGED, BAT0=DRAINED)
    assert isinstance(told.get(timeout=10), PowerLost)
    watcher.close()
    assert "ZeroDivisionError" in caplog.text


def test_the_real_folder_can_be_read() -> None:
    assert read(power.SUPPLIES) is None or isinstance(read(power.SUPPLIES), Power)
