"""The chip answers two more worked examples of ICAO Doc 9303-11 byte for byte: G.2 (residues) and I (PACE-CAM)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from devices.virtual.card.pace import Protocol, Refused, ways_of, zone_password
from devices.virtual.card.standard_curves import BRAINPOOL_P256
from devices.virtual.card.tlv import encode, objects

# What terminal and chip send in G.2: the public keys of the mapping and of the agreement.
G2_TERMINAL_MAP = """
23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666DBCFC920
B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C94160551C0DF86274B9359BC0490D01B03AD54022D
CB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C"""
G2_CHIP_MAP = """
78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004706FACE7
B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085655AF30889DBB845D9E6783FE42C9F24
49400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6"""
G2_TERMINAL_KEY = """
907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD911551B9AE4D04369F29A02626C86FBC6747C
C7BC352645B6161A2A42D44EDA80A08FA8D61B76D3A154AD8A5A51786B0BC07147057871A922212C5F67F43173172236
B7747D1671E6D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4"""
G2_CHIP_KEY = """
075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F53820C42ADC79AB5D0AEEC3
AEFB91394DA476BD97B9B14D0A65C1FC71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250767A6D46DB974064
386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1"""
I_TERMINAL_MAP = """04
7F1D410ADB7DDB3B84BF1030800981A9105D7457B4A3ADE002384F3086C67EDE
1AB889104A27DB6D842B019020FBF3CEACB0DC627F7BDCAC29969E19D0E553C1"""
I_CHIP_MAP = """04
A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B3
04F365713A356E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E23"""
I_TERMINAL_KEY = """04
446C934084D9DAB863944F219520076C29EE3F7AE6722B11FF319EC1C7728F95
5483400BFF60BF0C5929270009277DC2A515E12575010AD9BA916CF1BF86FEFC"""
I_CHIP_KEY = """04
02AD566F3C6EC7F9324509AD50A51FA52030782A4968FCFEDF737DAEA9933331
11C3B9B4C2287789BD137E7F8AA882E2A3C633CCD6ECC2C63C57AD401A09C2E1"""
I_STATIC_KEY = """04
1872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC8
84D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F"""
I_MAPPING_PRIVATE = 0x9E56A6B59C95D06ECE5CD10F983BB2F4F1943528E577F23881D89D8C3BBEE0AA
I_CHIP_DATA = 0x85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3


def in_turn(nonce: int, *private: int) -> Callable[[int], int]:
    """The chip's random numbers: a private key is one more than what is drawn."""
    drawn = iter((nonce, *(key - 1 for key in private)))
    return lambda _below: next(drawn)


def answer(run: Protocol, tag: int, value: str) -> dict[int, str]:
    """One step; the objects of the answer by tag."""
    sent = encode(tag, bytes.fromhex(value)) if tag else b""
    ((outer, inner),) = objects(run.step(encode(0x7C, sent)))
    assert outer == 0x7C
    return {tag: value.hex().upper() for tag, value in objects(inner)}


def flat(text: str) -> str:
    return "".join(text.split())


def test_appendix_g2_residues_with_generic_mapping() -> None:
    (way,) = ways_of(bytes.fromhex("31143012060A04007F00070202040102020102020100"))
    password = zone_password(("I<UTOT220001293" + "<" * 15, "6408125F1010318UTO" + "<" * 11 + "0", "<" * 30))
    run = Protocol(
        way,
        password,
        in_turn(
            0xFA5B7E3E49753A0DB9178B7B9BD898C8,
            0x66DDAFEAC1609CB5B963BB0CB3FF8B3E047F336C,
            0xA5B780126B7C980E9FCEA1D4539DA1D27C342DFA,
        ),
    )
    assert answer(run, 0, "") == {0x80: "854D8DF5827FA6852D1A4FA701CDDDCA"}
    assert answer(run, 0x81, G2_TERMINAL_MAP) == {0x82: flat(G2_CHIP_MAP)}
    assert answer(run, 0x83, G2_TERMINAL_KEY) == {0x84: flat(G2_CHIP_KEY)}
    # The example adds the name of a terminal authority (87) to the token, which this chip has none of.
    assert answer(run, 0x85, "B46DD9BD4D98381F") == {0x86: "917F37B5C0E6D8D1"}
    assert run.channel is not None


def test_appendix_i_chip_authentication_mapping() -> None:
    (way,) = ways_of(bytes.fromhex("31143012060A04007F0007020204060202010202010D"))
    # The example does not print the static private key; it follows from the chip's data and its mapping key.
    order = BRAINPOOL_P256.order
    static = I_MAPPING_PRIVATE * pow(I_CHIP_DATA, -1, order) % order
    public = BRAINPOOL_P256.encode(BRAINPOOL_P256.multiply(static, BRAINPOOL_P256.generator))
    assert public.hex().upper() == flat(I_STATIC_KEY)
    password = zone_password(("I<UTOC11T002JM4" + "<" * 15, "9608122F2310314UTO" + "<" * 12, "<" * 30))
    run = Protocol(
        way,
        password,
        in_turn(
            0x658B860BC94DF6F044FCE6D5C82CF8E5,
            I_MAPPING_PRIVATE,
            0xCD626EF3C256E235FE8912CAC28279E626008EDA6B3A05C4CF862A3BDAB79E78,
        ),
        static=static,
    )
    assert answer(run, 0, "") == {0x80: "CB60E8E0D85B76A9BD304747C2AD42E2"}
    assert answer(run, 0x81, I_TERMINAL_MAP) == {0x82: flat(I_CHIP_MAP)}
    assert answer(run, 0x83, I_TERMINAL_KEY) == {0x84: flat(I_CHIP_KEY)}
    assert answer(run, 0x85, "E86BD06018A1CD3B") == {
        0x86: "8596CF055C67C1A3",
        0x8A: "1EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8DE2F4F92",
    }


def test_a_residue_outside_the_subgroup_is_no_key() -> None:
    (way,) = ways_of(bytes.fromhex("31143012060A04007F00070202040102020102020100"))
    for value in ("00", "01", "02", "FF" * 128, "00" * 129):
        run = Protocol(way, b"417093")
        answer(run, 0, "")
        with pytest.raises(Refused) as refused:
            answer(run, 0x81, value)
        assert refused.value.status == 0x6A80
