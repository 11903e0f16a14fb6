"""A stopped card service, a reader without a driver, one that is not allowed, and none at all: four answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from devices.cards import chip_reasons, diagnosis
from devices.cards.reader import ReaderState
from devices.cards.usb import UsbReader, readers_on_usb
from kiosk.diagnostics import Health, Measured
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import AccessNumberWanted, CardReading, CompletedReading, Identity, ReadingCost, Verdict
from kiosk.texts import without_isolates

ALLOWED = ("Example",)


def plug(devices: Path, name: str, interface_class: str, **attributes: str) -> None:
    """One device with one interface, as sysfs shows them (sysfs-bus-usb)."""
    device = devices / name
    device.mkdir(parents=True)
    for attribute, value in {"idVendor": "08e6", "idProduct": "3437", **attributes}.items():
        (device / attribute).write_text(value + "\n")
    interface = devices / f"{name}:1.0"
    interface.mkdir()
    (interface / "bInterfaceClass").write_text(interface_class + "\n")


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    return tmp_path / "devices"


def _service_down() -> tuple[str, ...]:
    raise ServiceFailure(Failure.CARD_SERVICE_DOWN)


def _reader(list_all: Callable[[], tuple[str, ...]], usb: Path) -> Measured:
    return diagnosis.reader(ALLOWED, list_all, usb).run()


def test_a_chip_card_interface_makes_a_reader(usb: Path) -> None:
    plug(usb, "1-1", "0b", manufacturer="Example", product="Smart Reader")
    plug(usb, "1-2", "03", product="Keyboard")
    plug(usb, "2-1.4", "0B", product="Другой")
    assert readers_on_usb(usb) == (UsbReader("08e6:3437", "Example Smart Reader"), UsbReader("08e6:3437", "Другой"))


def test_a_machine_without_usb_has_none(usb: Path) -> None:
    assert readers_on_usb(usb) == ()


def test_a_device_that_names_itself_badly_does_not_end_the_check(usb: Path) -> None:
    plug(usb, "1-1", "0b")
    (usb / "1-1" / "product").write_bytes(b"\xff\xfe" * 500)
    (found,) = readers_on_usb(usb)
    assert len(found.name) <= 200


def test_a_reader_with_its_driver_is_well(usb: Path) -> None:
    plug(usb, "1-1", "0b", product="Smart Reader")
    found = _reader(lambda: ("Other 00", "Example Reader 00 00"), usb)
    assert found.health is Health.GOOD
    assert "Example Reader 00 00" in found.value.en


def test_a_reader_without_a_driver_is_said_to_be_one(usb: Path) -> None:
    plug(usb, "1-1", "0b", product="Smart Reader")
    found = _reader(lambda: (), usb)
    assert (found.health, found.code) == (Health.BAD, Failure.READER_WITHOUT_DRIVER.value)
    assert "Smart Reader" in found.value.en
    assert found.next_step is not None
    assert "libccid" in found.next_step.en


def test_no_reader_at_all_is_another_answer(usb: Path) -> None:
    found = _reader(lambda: (), usb)
    assert (found.health, found.code) == (Health.BAD, Failure.NO_READER.value)


def test_a_reader_that_the_settings_do_not_name_is_named(usb: Path) -> None:
    found = _reader(lambda: ("Unlisted Reader 00",), usb)
    assert found.health is Health.BAD
    assert "Unlisted Reader 00" in found.value.en
    assert found.next_step is not None
    assert "card.readers" in found.next_step.ar


def test_with_the_service_down_the_reader_is_not_blamed(usb: Path) -> None:
    plug(usb, "1-1", "0b", product="Smart Reader")
    service, reader = diagnosis.service(_service_down).run(), _reader(_service_down, usb)
    assert (service.health, service.code) == (Health.BAD, Failure.CARD_SERVICE_DOWN.value)
    assert (reader.health, reader.code) == (Health.WARNING, "")
    assert [step.health for step in reader.steps] == [Health.GOOD, Health.BAD]


def _completed() -> CompletedReading:
    return CompletedReading(Verdict.GENUINE, ("chip proven",), None, _reading().cost)


def _card(
    read: Callable[[], CardReading],
    complete: Callable[[], CompletedReading] = _completed,
    *,
    present: bool = True,
) -> Measured:
    state = ReaderState(service_is_up=True, readers=("Example",), card_is_present=present)
    return diagnosis.card(lambda: state, read, complete).run()


def _reading() -> CardReading:
    return CardReading(
        identity=Identity("9912004821", name_latin="SALMA"),
        verdict=Verdict.GENUINE,
        reasons=(),
        profile="icao-emrtd-td1",
        access="BAC",
        cost=ReadingCost(commands=12, bytes_sent=100, bytes_received=900, milliseconds=0),
    )


def test_a_card_test_tells_times_and_nobody(usb: Path) -> None:
    found = _card(_reading)
    assert found.health is Health.GOOD
    assert [step.title.en for step in found.steps] == [
        "Detected and powered up",
        "Access (BAC)",
        "First command to name",
        "Everything, with picture",
        "Genuine",
        "Chip",
    ]
    assert "4821" not in repr(found)
    assert "SALMA" not in repr(found)


@pytest.mark.parametrize(
    ("reason", "arabic"),
    [
        (chip_reasons.BY_MAPPING, "أثبتت"),
        (chip_reasons.BY_CHIP_AUTHENTICATION, "بمصادقة الشريحة"),
        (chip_reasons.BY_ACTIVE_AUTHENTICATION, "بالمصادقة النشطة"),
        (chip_reasons.NO_KEY, "لا مفتاح"),
        ("chip not proven: a signature too long for this reader", "أطول"),
        ("chip not proven: chip authentication by a key too long for this reader", "أطول"),
        ("chip not proven: PACE-CAM was not run", "لم يُستخدم"),
        ("chip not proven: hash md5", "لا يدعم هذا الجهاز"),
    ],
)
def test_why_a_chip_is_believed_is_told_in_both_languages(reason: str, arabic: str) -> None:
    def complete() -> CompletedReading:
        return CompletedReading(Verdict.GENUINE, ("signer chained to JO", reason), None, _reading().cost)

    chip = _card(_reading, complete).steps[-1].value
    assert without_isolates(chip.en) == reason
    assert arabic in chip.ar
    assert "chip" not in chip.ar


def test_without_a_card_it_asks_for_one() -> None:
    found = _card(_reading, present=False)
    assert found.health is Health.WARNING
    assert found.next_step is not None


def test_a_card_that_fails_has_its_support_code() -> None:
    def refuse() -> CardReading:
        raise ServiceFailure(Failure.CARD_NOT_GENUINE)

    found = _card(refuse)
    assert (found.health, found.code) == (Health.BAD, Failure.CARD_NOT_GENUINE.value)


def test_a_copy_of_a_card_is_no_good_test_card() -> None:
    def refuse() -> CompletedReading:
        raise ServiceFailure(Failure.CARD_NOT_GENUINE)

    assert _card(_reading, refuse).code == Failure.CARD_NOT_GENUINE.value


def test_a_card_that_wants_its_printed_number_is_no_fault() -> None:
    def ask() -> CardReading:
        raise AccessNumberWanted

    assert _card(ask).health is Health.WARNING
