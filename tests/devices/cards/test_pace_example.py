"""The worked examples of PACE in ICAO Doc 9303-11, all with AES-128: appendices G.1 (generic mapping over a curve), G.2
(over residues) and I (chip authentication mapping). Appendix H is of the integrated mapping, which this reader has not.
"""

from __future__ import annotations

import hashlib

import pytest

from devices.cards import ciphers, pace
from devices.cards.apdu import Answer, Command
from devices.cards.chip_keys import ChipKey, ChipNotProven
from devices.cards.exchange import Exchange
from devices.cards.groups import STANDARDIZED
from devices.cards.pace import Password
from devices.cards.secure_messaging import SecureChannel
from devices.cards.security_infos import parse_security_infos
from devices.cards.tlv import MalformedData
from kiosk.failures import ServiceFailure
from tests.devices.cards.test_worked_examples import Script

CARD_ACCESS = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
PASSWORD = Password(1, bytes.fromhex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"), "PACE-MRZ")
READER_KEYS = (
    0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99,
    0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595,
)
CHOICE = ("0022C1A40F800A04007F00070202040202830101", "9000")
NONCE = ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000")
_PUBLIC_KEYS = {
    0x81: "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D",
    0x82: "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54",
    0x83: "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462",
    0x84: "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094",
}


def _exchange_of_keys(keys: dict[int, str], tag: int) -> tuple[str, str]:
    sent, answered = (f"7C43{each:02X}41{keys[each]}" for each in (tag, tag + 1))
    return f"1086000045{sent}00", f"{answered}9000"


MAPPING, AGREEMENT = _exchange_of_keys(_PUBLIC_KEYS, 0x81), _exchange_of_keys(_PUBLIC_KEYS, 0x83)
TOKENS = ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000")


def open_channel(script: Script, password: Password = PASSWORD, *, names_parameters: bool = False) -> SecureChannel:
    (offer,) = parse_security_infos(CARD_ACCESS).offers
    keys = iter(READER_KEYS)
    return pace.open_channel(
        Exchange(script), offer, password, names_parameters=names_parameters, ephemeral_key=lambda _order: next(keys)
    ).channel


def test_appendix_g1_byte_for_byte() -> None:
    """The SELECT at the end is of an independent implementation of secure messaging with the keys of the example."""
    script = Script(
        CHOICE,
        NONCE,
        MAPPING,
        AGREEMENT,
        TOKENS,
        (
            "0CA4040C1D871101752F676B09FAC86A87D632749A49C7CC8E08C18BA1FCE707BD9F00",
            "990290008E08BEA7B381C494A0799000",
        ),
    )
    channel = open_channel(script)
    selected = channel.send(Command(0x00, 0xA4, 0x04, 0x0C, data=bytes.fromhex("A0000002471001")))
    assert selected == Answer(b"", 0x9000)
    assert script.is_done()


def test_appendix_g1_session_keys() -> None:
    shared = bytes.fromhex("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925")
    keys = ciphers.SessionKeys.derive(shared, ciphers.AES_128)
    assert keys.encryption.hex().upper() == "F5F0E35C0D7161EE6724EE513A0D9A7F"
    assert keys.mac.hex().upper() == "FE251C7858B356B24514B3BD5F4297D1"
    assert ciphers.password_key(PASSWORD.secret, ciphers.AES_128).hex().upper() == "89DED1B26624EC1E634C1989302849DD"


def test_the_curve_is_named_where_several_are_offered_or_the_card_asks_for_it() -> None:
    named = ("0022C1A412800A04007F0007020204020283010184010D", "9000")
    for script, several in (
        (Script(named, NONCE, MAPPING, AGREEMENT, TOKENS), True),
        (Script((CHOICE[0], "6A87"), named, NONCE, MAPPING, AGREEMENT, TOKENS), False),
    ):
        open_channel(script, names_parameters=several)
        assert script.is_done()


@pytest.mark.parametrize(
    "answer", ["6300", "63C2", "6A80", "6982", "7C0A86083ABB9674BCE93C099000", "7C0A87083ABB9674BCE93C089000"]
)
def test_a_token_that_is_refused_or_wrong_is_a_wrong_access_number(answer: str) -> None:
    script = Script(CHOICE, NONCE, MAPPING, AGREEMENT, (TOKENS[0], answer))
    with pytest.raises(ServiceFailure, match="ACCESS_REFUSED"):
        open_channel(script)


@pytest.mark.parametrize(
    ("mapping", "agreement"),
    [
        # a point off the curve; one of the wrong size; this reader's own key; the point at infinity; another object
        (MAPPING[1].replace("3C54", "3C55"), None),
        ("7C038201049000", None),
        (None, "7C438441" + AGREEMENT[0][18:-2] + "9000"),
        (None, "7C038401009000"),
        (None, AGREEMENT[1].replace("7C438441", "7C438641")),
    ],
)
def test_keys_outside_the_protocol_are_refused(mapping: str | None, agreement: str | None) -> None:
    script = Script(CHOICE, NONCE, (MAPPING[0], mapping or MAPPING[1]), (AGREEMENT[0], agreement or AGREEMENT[1]))
    with pytest.raises(MalformedData):
        open_channel(script)


@pytest.mark.parametrize("answer", ["7C009000", "7C0280009000", "7C0A800800000000000000009000", "9000"])
def test_a_nonce_of_no_whole_blocks_is_refused(answer: str) -> None:
    with pytest.raises(MalformedData):
        open_channel(Script(CHOICE, (NONCE[0], answer)))


def test_access_number_key_derivation() -> None:
    """No appendix has one; these keys are those that AusweisApp and others test with, for the number 123456."""
    password = Password.of_access_number("123456")
    assert ciphers.password_key(password.secret, ciphers.AES_128).hex() == "591468cda83d65219cccb8560233600f"
    assert (
        ciphers.password_key(password.secret, ciphers.AES_192).hex()
        == "8df3278fb32026e66277357fcd6c826dbeb3de32088b2531"
    )
    assert ciphers.password_key(password.secret, ciphers.TRIPLE_DES).hex() == "581568cda83d64209dcdb9570232610e"


G2_ACCESS = bytes.fromhex("31143012060A04007F00070202040102020102020100")
G2_READER_KEYS = (0x5265030F751F4AD18B08AC565FC7AC952E41618D, 0x89CCD99B0E8D3B1F11E1296DCA68EC53411CF2CA)
G2_PUBLIC_KEYS = {
    0x81: "23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666DBCFC920"
    "B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C94160551C0DF86274B9359BC0490D01B03AD54022D"
    "CB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C",
    0x82: "78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004706FACE7"
    "B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085655AF30889DBB845D9E6783FE42C9F24"
    "49400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6",
    0x83: "907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD911551B9AE4D04369F29A02626C86FBC6747C"
    "C7BC352645B6161A2A42D44EDA80A08FA8D61B76D3A154AD8A5A51786B0BC07147057871A922212C5F67F43173172236"
    "B7747D1671E6D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4",
    0x84: "075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F53820C42ADC79AB5D0AEEC3"
    "AEFB91394DA476BD97B9B14D0A65C1FC71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250767A6D46DB974064"
    "386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1",
}
G2_SHARED = bytes.fromhex(
    "6BABC7B3A72BCD7EA385E4C62DB2625BD8613B24149E146A629311C4CA6698E38B834B6A9E9CD7184BA8834AFF5043D4"
    "36950C4C1E7832367C10CB8C314D40E5990B0DF7013E64B4549E2270923D06F08CFF6BD3E977DDE6ABE4C31D55C0FA2E"
    "465E553E77BDF75E3193D3834FC26E8EB1EE2FA1E4FC97C18C3F6CFFFE2607FD"
)


def test_appendix_g2_byte_for_byte() -> None:
    """The chip's last answer holds a data object 87 besides its token; it says nothing to this reader."""
    (offer,) = parse_security_infos(G2_ACCESS).offers
    keys = iter(G2_READER_KEYS)

    def exchanged(tag: int) -> tuple[str, str]:
        sent, answered = (f"7C8183{each:02X}8180{G2_PUBLIC_KEYS[each]}" for each in (tag, tag + 1))
        return f"1086000086{sent}00", f"{answered}9000"

    script = Script(
        ("0022C1A40F800A04007F00070202040102830101", "9000"),
        ("10860000027C0000", "7C128010854D8DF5827FA6852D1A4FA701CDDDCA9000"),
        exchanged(0x81),
        exchanged(0x83),
        ("008600000C7C0A8508B46DD9BD4D98381F00", "7C1B8608917F37B5C0E6D8D1870F4445544553544356434130303030339000"),
    )
    opened = pace.open_channel(
        Exchange(script), offer, PASSWORD, names_parameters=False, ephemeral_key=lambda _order: next(keys)
    )
    assert opened.mapping is None
    assert script.is_done()


def test_appendix_g2_session_keys() -> None:
    keys = ciphers.SessionKeys.derive(G2_SHARED, ciphers.AES_128)
    assert keys.encryption.hex().upper() == "2F7F46ADCC9E7E521B45D192FAFA9126"
    assert keys.mac.hex().upper() == "805A1D27D45A5116F73C54469462B7D8"


I_ACCESS = bytes.fromhex("31143012060A04007F0007020204060202010202010D")
I_PASSWORD = Password(1, hashlib.sha1(b"C11T002JM496081222310314").digest(), "PACE-MRZ")
I_READER_KEYS = (
    0x5D8BB87BD74D985A4B7D4325B9F7B976FE835122773400798914AA22738135CC,
    0x76ECFDAA9841C323A3F5FC5E88B88DB3EFF7E35EBF57A7E6946CB630006C2120,
)
I_STATIC_KEY = bytes.fromhex(
    "041872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC8"
    "84D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F"
)
I_PUBLIC_KEYS = {
    0x81: "047F1D410ADB7DDB3B84BF1030800981A9105D7457B4A3ADE002384F3086C67EDE"
    "1AB889104A27DB6D842B019020FBF3CEACB0DC627F7BDCAC29969E19D0E553C1",
    0x82: "04A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B3"
    "04F365713A356E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E23",
    0x83: "04446C934084D9DAB863944F219520076C29EE3F7AE6722B11FF319EC1C7728F95"
    "5483400BFF60BF0C5929270009277DC2A515E12575010AD9BA916CF1BF86FEFC",
    0x84: "0402AD566F3C6EC7F9324509AD50A51FA52030782A4968FCFEDF737DAEA9933331"
    "11C3B9B4C2287789BD137E7F8AA882E2A3C633CCD6ECC2C63C57AD401A09C2E1",
}
I_CRYPTOGRAM = "1EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8DE2F4F92"


def test_appendix_i_byte_for_byte() -> None:
    """The example has no EF.CardSecurity of its own; only the key that it names there is public."""
    (offer,) = parse_security_infos(I_ACCESS).offers
    keys = iter(I_READER_KEYS)
    script = Script(
        ("0022C1A40F800A04007F00070202040602830101", "9000"),
        ("10860000027C0000", "7C128010CB60E8E0D85B76A9BD304747C2AD42E29000"),
        _exchange_of_keys(I_PUBLIC_KEYS, 0x81),
        _exchange_of_keys(I_PUBLIC_KEYS, 0x83),
        ("008600000C7C0A8508E86BD06018A1CD3B00", f"7C3C86088596CF055C67C1A38A30{I_CRYPTOGRAM}9000"),
    )
    mapping = pace.open_channel(
        Exchange(script), offer, I_PASSWORD, names_parameters=False, ephemeral_key=lambda _order: next(keys)
    ).mapping
    assert script.is_done()
    assert mapping is not None
    assert f"{mapping.factor:064X}" == "85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3"
    mapping.prove([ChipKey(STANDARDIZED[13], I_STATIC_KEY, None)])
    with pytest.raises(ChipNotProven):
        mapping.prove([ChipKey(STANDARDIZED[13], STANDARDIZED[13].generator, None)])


def test_appendix_i_session_keys() -> None:
    shared = bytes.fromhex("67950559D0C06B4D4B86972D14460837461087F8419FDBC36AAF6CEAAC462832")
    keys = ciphers.SessionKeys.derive(shared, ciphers.AES_128)
    assert keys.encryption.hex().upper() == "0A9DA4DB03BDDE39FC5202BC44B2E89E"
    assert keys.mac.hex().upper() == "4B1C06491ED5140CA2B537D344C6C0B1"
