"""The worked examples of ICAO Doc 9303-11, appendix D, and the MRZ examples of parts 3 and 5."""

from __future__ import annotations

import pytest

from devices.cards import basic_access, ciphers, mrz
from devices.cards.apdu import Answer, Command
from devices.cards.ciphers import SessionKeys
from devices.cards.exchange import Exchange
from devices.cards.secure_messaging import SecureChannel
from devices.cards.tlv import MalformedData
from kiosk.failures import ServiceFailure

ERIKSSON = "I<UTOL898902C<3<<<<<<<<<<<<<<<\n6908061F9406236UTO<<<<<<<<<<<2\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
STEVENSON = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"


class Script:
    """A wire that expects exactly these commands and gives these answers (hex pairs)."""

    reader_limit = 256

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = [(bytes.fromhex(command), bytes.fromhex(answer)) for command, answer in pairs]

    def transmit(self, command: bytes) -> bytes:
        expected, answer = self._pairs.pop(0)
        assert command.hex() == expected.hex()
        return answer

    def reconnect(self) -> None:
        raise AssertionError("not asked for")

    def is_done(self) -> bool:
        return not self._pairs


def session_channel(script: Script) -> SecureChannel:
    """Appendix D.4: the session keys and the counter that BAC left."""
    keys = SessionKeys(
        bytearray.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5"), bytearray.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8")
    )
    return SecureChannel(Exchange(script), keys, 0x887022120C06C226)


def test_keys_from_the_printed_zone() -> None:
    zone = mrz.parse(ERIKSSON)
    keys = basic_access.document_keys(zone)
    assert zone.access_information() == "L898902C<369080619406236"
    assert keys.encryption.hex().upper() == "AB94FDECF2674FDFB9B391F85D7F76F2"
    assert keys.mac.hex().upper() == "7962D9ECE03D1ACD4C76089DCE131543"


def test_long_document_number_goes_on_in_the_optional_field() -> None:
    zone = mrz.parse(STEVENSON)
    assert zone.document_number == "D23145890734"
    assert zone.access_information() == "D23145890734934071279507122"
    assert zone.optional_upper == ""


def test_basic_access_opens_the_channel_of_the_example() -> None:
    script = Script(
        ("0084000008", "4608F919887022129000"),
        (
            "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
            "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
        ),
        ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
    )
    random = {8: bytes.fromhex("781723860C06C226"), 16: bytes.fromhex("0B795240CB7049B01C19B33E32804F0B")}
    channel = basic_access.open_channel(Exchange(script), mrz.parse(ERIKSSON), random.__getitem__)
    # Session keys and counter are right if the first protected command of the example comes out.
    assert channel.send(Command(0x00, 0xA4, 0x02, 0x0C, data=bytes.fromhex("011E"))) == Answer(b"", 0x9000)
    assert script.is_done()


@pytest.mark.parametrize("spoilt", ["cryptogram", "mac", "nonce"])
def test_basic_access_refuses_answers_that_are_not_of_this_exchange(spoilt: str) -> None:
    """The last case is an answer recorded earlier: its MAC is right, our nonce in it is not."""
    answer = bytearray.fromhex("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000")
    answer[{"cryptogram": 0, "mac": 32, "nonce": 41}[spoilt]] ^= 1 if spoilt != "nonce" else 0

    class Chip:
        reader_limit = 256

        def transmit(self, command: bytes) -> bytes:
            return bytes.fromhex("4608F919887022129000") if command[1] == 0x84 else bytes(answer)

        def reconnect(self) -> None: ...

    random = {8: bytes.fromhex("781723860C06C226"), 16: bytes.fromhex("0B795240CB7049B01C19B33E32804F0B")}
    if spoilt == "nonce":
        random[8] = bytes(8)
    with pytest.raises(ServiceFailure, match="ACCESS_REFUSED"):
        basic_access.open_channel(Exchange(Chip()), mrz.parse(ERIKSSON), random.__getitem__)


def test_secure_messaging_reads_the_example_file() -> None:
    script = Script(
        ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
        ("0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"),
        (
            "0CB000040D9701128E082EA28A70F3C7B53500",
            "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
        ),
    )
    channel = session_channel(script)
    channel.send(Command(0x00, 0xA4, 0x02, 0x0C, data=bytes.fromhex("011E")))
    assert channel.send(Command(0x00, 0xB0, 0, 0, expected=4)).data.hex().upper() == "60145F01"
    rest = channel.send(Command(0x00, 0xB0, 0, 4, expected=0x12)).data
    assert rest.hex().upper() == "04303130365F36063034303030305C026175"
    assert script.is_done()


def test_key_derivation_of_the_session() -> None:
    """Appendix D.3: K.IFD xor K.ICC."""
    keys = SessionKeys.derive(bytes.fromhex("0036D272F5C350ACAC50C3F572D23600"))
    assert keys.encryption.hex().upper() == "979EC13B1CBFE9DCD01AB0FED307EAE5"
    assert keys.mac.hex().upper() == "F1CB1F1FB5ADF208806B89DC579DC1F8"
    keys.wipe()
    assert keys.encryption == keys.mac == bytearray(16)


@pytest.mark.parametrize(
    ("field", "digit"),
    [
        ("520727", "3"),
        ("AB2134<<<", "5"),
        ("L898902C<", "3"),
        ("L898902C3", "6"),
        ("740812", "2"),
        ("120415", "9"),
        ("ZE184226B<<<<<", "1"),
    ],
)
def test_check_digits(field: str, digit: str) -> None:
    assert mrz.check_digit(field) == digit


def test_one_changed_character_is_noticed_wherever_a_check_digit_covers_it() -> None:
    values = "<123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for position in (*range(5, 30), *range(31, 38), *range(39, 46), *range(49, 61)):
        neighbour = values[(values.index(ERIKSSON[position].replace("0", "<")) + 1) % 10]
        with pytest.raises(MalformedData):
            mrz.parse(ERIKSSON[:position] + neighbour + ERIKSSON[position + 1 :])


def test_padding_round_trip_and_its_absence() -> None:
    for size in range(20):
        assert ciphers.unpad(ciphers.pad(bytes(size))) == bytes(size)
    assert ciphers.unpad(bytes(8)) is None
    assert ciphers.unpad(b"\x80" + bytes(8)) is None
