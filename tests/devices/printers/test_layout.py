"""Receipts and slips as pictures of dots: whole, black or white, in order, and their code readable and genuine."""

from __future__ import annotations

import ctypes
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from unicodedata import normalize

import msgspec
import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.printers import parts, wording
from devices.printers.arabic import Line
from devices.printers.code import qr_code
from devices.printers.layout import draw_receipt, draw_slip
from devices.printers.preview import raster, rasterise
from devices.printers.sheet import MARGIN, PRINTABLE, WIDTH, Sheet, to_pdf
from devices.printers.wording import Language
from kiosk.mode import Mode
from kiosk.receipt import Receipt, ReceiptOutcome, Slip
from kiosk.transaction import AgreedLine, PaymentMethod
from kiosk.wire import Words
from offline_queue.receipt_code import Claims, open_code

ROOT = Path(__file__).resolve().parents[3]
LANGUAGES: tuple[Language, ...] = ("ar", "en")
replace = msgspec.structs.replace


class Written:
    """Notes what is written on paper: letters from left to right (ligatures apart), size, left, right, baseline."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int, float, float, int]] = []

    def texts(self) -> list[str]:
        return [text for text, *_ in self.lines]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    notes = Written()
    write = Sheet.text

    def noting(sheet: Sheet, line: Line, x: float, baseline: int, *, white: bool = False) -> None:
        notes.lines.append((normalize("NFKC", line.glyphs), line.size, x, x + line.width, baseline))
        write(sheet, line, x, baseline, white=white)

    monkeypatch.setattr(Sheet, "text", noting)
    return notes


def columns_with_ink(image: Image.Image, top: int, bottom: int) -> tuple[int, int]:
    box = image.crop((0, top, image.width, bottom)).convert("L").point(lambda value: 255 - value).getbbox()
    assert box is not None
    return box[0], box[2]


def read_code(image: Image.Image) -> str:
    found = zxingcpp.read_barcodes(image.convert("L"))
    assert len(found) == 1
    return str(found[0].text)


def long_names(receipt: Receipt) -> Receipt:
    long = "مركز خدمات البريد الأردني الشامل في لواء الأغوار الجنوبية (Southern Jordan Valley comprehensive centre)"
    lines = (*receipt.lines, AgreedLine(id="x", title_ar=long, title_en=long, amount_fils=1_192_067_890))
    facts = replace(
        receipt.facts,
        office_ar=long,
        office_en=long,
        service_ar=long,
        service_en=long,
        agency_ar=long,
        agency_en=long,
        rows=((long, long, long), ("رقم الهاتف", "Phone", "+962-6-1234567")),
    )
    return replace(receipt, number="AMMAN1234-000000482", total_fils=999_999_999_999, lines=lines, facts=facts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_is_read_from_the_paper_and_is_genuine(
    receipt: Receipt, claims: Claims, key: ec.EllipticCurvePrivateKey, language: Language
) -> None:
    assert open_code(read_code(raster(draw_receipt(receipt, language))), [key.public_key()]) == claims


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_80_mm_wide_and_as_long_as_its_content(receipt: Receipt, language: Language) -> None:
    for paper in (receipt, long_names(receipt)):
        image = raster(draw_receipt(paper, language))
        assert image.width == WIDTH == 640
        assert image.mode == "1"
        assert columns_with_ink(image, 0, 40) == (0, WIDTH)  # the bands, and nothing else, run to the edges
        assert columns_with_ink(image, 40, image.height - 40) == (MARGIN, MARGIN + PRINTABLE)
        bottom = image.crop((0, image.height - 16, image.width, image.height))
        assert bottom.convert("L").getextrema() == (255, 255)
        band = image.crop((0, image.height - 32, image.width, image.height - 28)).convert("L")
        assert band.getextrema() == (0, 0)


def test_everything_is_black_or_white(receipt: Receipt) -> None:
    document = pypdfium2.PdfDocument(draw_receipt(receipt, "ar", mode=Mode.TRAINING))
    channels = [ctypes.c_uint() for _ in range(4)]
    colours = set()
    for item in document[0].get_objects():
        assert pypdfium2.raw.FPDFPageObj_GetFillColor(item, *channels)
        colours.add(tuple(channel.value for channel in channels))
    document.close()
    assert colours == {(0, 0, 0, 255), (255, 255, 255, 255)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_visit_with_a_card_reminds_of_it(receipt: Receipt, language: Language, written: Written) -> None:
    plain = {"ar": "خذ بطاقتك من القارئ", "en": "Take your card"}[language]
    draw_receipt(receipt, language)
    without = set(written.texts())
    draw_receipt(replace(receipt, facts=replace(receipt.facts, card_in_reader=True)), language)
    (line,) = set(written.texts()) - without
    assert sorted(line.replace(" ", "")) == sorted(plain.replace(" ", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_passport_is_called_what_it_is(receipt: Receipt, language: Language, written: Written) -> None:
    """Beside the number, and where it is not to be left behind."""
    plain = {
        "ar": {"جواز السفر", "خذ جواز سفرك من القارئ"},
        "en": {"Passport", "Take your passport"},
    }[language]
    of_card = replace(receipt, facts=replace(receipt.facts, card_in_reader=True))
    draw_receipt(of_card, language)
    before = set(written.texts())
    written.lines.clear()
    draw_receipt(replace(of_card, by_passport=True), language)
    found = {"".join(sorted(line.replace(" ", ""))) for line in set(written.texts()) - before}
    assert found == {"".join(sorted(line.replace(" ", ""))) for line in plain}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_smaller_than_the_body_of_the_theme(
    receipt: Receipt, slip: Slip, language: Language, written: Written
) -> None:
    draw_receipt(long_names(replace(receipt, copy=1)), language, mode=Mode.TRAINING)
    draw_slip(slip, language)
    sizes = {size for _, size, *_ in written.lines}
    tokens = tomllib.loads((ROOT / "assets/themes/tokens.toml").read_text())["type"]["paper"]
    assert min(sizes) == tokens["body"] == 27
    assert tokens == {
        "body": parts.BODY,
        "head": parts.HEAD,
        "status": parts.STATUS,
        "number": parts.NUMBER,
        "total": parts.TOTAL,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_leaves_the_paper_or_touches_another(receipt: Receipt, language: Language, written: Written) -> None:
    draw_receipt(long_names(replace(receipt, copy=3)), language, mode=Mode.TRAINING)
    for _, _, left, right, _ in written.lines:
        assert left >= MARGIN
        assert right <= MARGIN + PRINTABLE
    for text, size, left, right, base in written.lines:
        for other, _, other_left, other_right, other_base in written.lines:
            if (text, left, base) != (other, other_left, other_base) and abs(base - other_base) < size:
                assert right <= other_left or other_right <= left, (text, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_end_in_one_column(receipt: Receipt, language: Language, written: Written) -> None:
    draw_receipt(receipt, language)
    amounts = {
        text: right for text, size, _, right, _ in written.lines if re.fullmatch(r"[\d,]+\.\d{3}", text) and size == 27
    }
    assert set(amounts) == {"20.000", "12.500", "10.000", "0.000"}
    assert max(amounts.values()) - min(amounts.values()) < 0.01


def test_values_keep_their_order_in_arabic(receipt: Receipt, written: Written) -> None:
    draw_receipt(replace(long_names(receipt), number=receipt.number), "ar")
    for value in ("23/11/2026 10:46", "••••••4821", "+962-6-1234567", "KRK3-000482"):
        assert value in written.texts()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_both_languages_stand_below_each_other_where_one_line_is_too_short(
    receipt: Receipt, language: Language, written: Written
) -> None:
    """Else the English part would go on in the Arabic line's direction: `JD 25,000`."""
    both = "القيمة حتى 25 ألف دينار / Value up to 25,000 JD"
    rows = (("فئة الرسم", "Fee class", both), ("الحجم", "Size", "وسط / Medium"))
    draw_receipt(replace(receipt, facts=replace(receipt.facts, rows=rows)), language)
    assert "Value up to 25,000 JD" in written.texts()
    assert any("Medium /" in text for text in written.texts())


def test_arabic_starts_at_the_right_and_english_at_the_left(receipt: Receipt, written: Written) -> None:
    for language, values_stand_left in (("ar", True), ("en", False)):
        written.lines.clear()
        draw_receipt(receipt, language)  # type: ignore[arg-type]  # the loop's literals widen to str
        _, _, left, right, _ = next(line for line in written.lines if line[0] == "12-34567")
        assert (round(left) == MARGIN + 4) is values_stand_left
        assert (round(right) == MARGIN + PRINTABLE - 4) is not values_stand_left


@pytest.mark.parametrize("outcome", ReceiptOutcome)
def test_the_outcome_is_said_in_words(receipt: Receipt, outcome: ReceiptOutcome, written: Written) -> None:
    draw_receipt(replace(receipt, outcome=outcome), "en")
    said = [words.en for words in wording.OUTCOMES[outcome]]
    assert [text for text in written.texts() if text in said] == said
    assert (wording.SENT_BY_ITSELF.en in written.texts()) is (outcome is ReceiptOutcome.AWAITING_DELIVERY)
    others = {words.en for other in ReceiptOutcome for words in wording.OUTCOMES[other]} - set(said)
    assert not others & set(written.texts())


def test_a_receipt_of_a_request_does_not_pass_for_what_was_requested(receipt: Receipt, written: Written) -> None:
    accepted = replace(receipt, outcome=ReceiptOutcome.ACCEPTED)
    (requested,) = wording.OUTCOMES_OF_REQUESTS[ReceiptOutcome.ACCEPTED]
    draw_receipt(accepted, "en")
    assert requested.en not in " ".join(written.texts())
    written.lines.clear()
    draw_receipt(replace(accepted, facts=replace(accepted.facts, request=True)), "en")
    said = " ".join(written.texts())
    assert wording.OUTCOMES[ReceiptOutcome.ACCEPTED][0].en not in said
    assert [words.en for words in (requested, wording.OF_A_REQUEST) if words.en not in said] == []


def test_a_copy_says_so_in_both_languages_and_an_original_does_not(receipt: Receipt, written: Written) -> None:
    draw_receipt(receipt, "en")
    assert not [text for text in written.texts() if "COPY" in text]
    draw_receipt(replace(receipt, copy=2), "en")
    assert [text for text in written.texts() if text.endswith("/ COPY 2")]
    assert "Copy 2 of the receipt of 23/11/2026" in written.texts()


def test_a_copy_carries_the_same_code(receipt: Receipt) -> None:
    assert read_code(raster(draw_receipt(replace(receipt, copy=2), "ar"))) == receipt.code


def test_marks_stand_only_where_they_are_true(receipt: Receipt, written: Written) -> None:
    marks = {wording.PROVISIONAL.en, wording.NO_VALUE[Mode.TRAINING].en}
    draw_receipt(receipt, "en")
    assert not marks & set(written.texts())
    draw_receipt(replace(receipt, facts=replace(receipt.facts, provisional=True)), "en", mode=Mode.TRAINING)
    assert marks <= set(written.texts())


def _plain(text: str) -> list[str]:
    return sorted(text.replace(" ", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_training_is_on_top_of_every_paper_in_both_languages(
    receipt: Receipt, slip: Slip, language: Language, written: Written
) -> None:
    words = wording.NO_VALUE[Mode.TRAINING]
    for drawn in ("receipt", "slip"):
        written.lines.clear()
        if drawn == "receipt":
            draw_receipt(receipt, language, mode=Mode.TRAINING)
        else:
            draw_slip(slip, language, mode=Mode.TRAINING)
        top = [_plain(text) for text in written.texts()[:8]]
        assert _plain(words.ar) in top
        assert _plain(words.en) in top


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_demonstration_and_training_say_different_words(
    receipt: Receipt, language: Language, written: Written
) -> None:
    draw_receipt(receipt, language, mode=Mode.DEMONSTRATION)
    shown = [_plain(text) for text in written.texts()]
    for mode, there in ((Mode.DEMONSTRATION, True), (Mode.TRAINING, False)):
        words = wording.NO_VALUE[mode]
        assert (_plain(words.ar if language == "ar" else words.en) in shown) is there


def test_the_time_of_payment_has_its_own_row_where_it_differs(receipt: Receipt, written: Written) -> None:
    draw_receipt(receipt, "en")
    assert wording.PAID_AT.en not in written.texts()
    draw_receipt(replace(receipt, paid_at=receipt.paid_at - timedelta(minutes=1)), "en")
    assert wording.PAID_AT.en in written.texts()
    assert "23/11/2026 10:45" in written.texts()


def test_method_total_and_words(receipt: Receipt, written: Written) -> None:
    draw_receipt(replace(receipt, method=PaymentMethod.CASH), "en")
    assert {"Cash", "Terminal KRK3", "42.500", "Forty-two dinars and five hundred fils"} <= set(written.texts())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_says_what_who_and_how_much_within_the_paper(
    slip: Slip, language: Language, written: Written
) -> None:
    heading = Words(ar="قسيمة تصحيح", en="Correction")
    rows = tuple(
        (Words(ar="طلبه", en="Requested by"), Words(ar="رنا " * count, en="Rana " * count)) for count in (1, 20)
    )
    amount = (Words(ar="المردود", en="Returned"), 42_500)
    draw_slip(replace(slip, heading=heading, rows=rows, amount=amount), language)
    texts = written.texts()
    assert not any(wording.SLIP.en in text for text in texts)
    assert any("42.500" in text for text in texts)
    if language == "en":
        assert {heading.en, "Requested by", "Rana", "Returned"} <= {text.strip() for text in texts}
    assert all(left >= MARGIN and right <= WIDTH - MARGIN for _, _, left, right, _ in written.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_says_that_it_proves_no_payment_and_has_no_code(
    slip: Slip, language: Language, written: Written
) -> None:
    image = raster(draw_slip(slip, language))
    assert not zxingcpp.read_barcodes(image.convert("L"))
    assert slip.reference in written.texts()
    assert wording.SLIP.en in written.texts() or language == "ar"
    assert image.height < 800


def test_modules_are_whole_dots(receipt: Receipt) -> None:
    document = pypdfium2.PdfDocument(to_pdf(qr_code(receipt.code), "code"))
    image = document[0].render(scale=203.2 / 72, grayscale=True).to_pil()  # grey would tell a module beside its dots
    document.close()
    left, right = columns_with_ink(image, 0, image.height)
    modules = (right - left) // 7
    assert (modules - 17) % 4 == 0
    assert (modules - 17) // 4 <= 11
    for y in range(modules):
        for x in range(modules):
            corner = (left + 7 * x, 28 + 7 * y)
            darkest, brightest = image.crop((*corner, corner[0] + 7, corner[1] + 7)).getextrema()
            assert brightest < 8 or darkest > 247, (x, y)


def test_a_code_too_wide_for_the_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="wider than the paper"):
        qr_code("https://post.example/r#" + "A" * 2000)


def test_a_long_code_is_drawn_smaller_and_still_read() -> None:
    text = "https://post.example/r#" + "ABC234" * 80
    assert read_code(raster(to_pdf(qr_code(text), "code"))) == text


def test_the_mark_is_that_of_the_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever replaces assets/art/mark.svg replaces `parts.mark` too."""
    svg = (ROOT / "assets/art/mark.svg").read_text()
    assert 'viewBox="0 0 56 44"' in svg
    flap = "M8 7V11H12V15H16V19H20V23H24V27H32V23H36V19H40V15H44V11H48V7Z"
    assert flap in svg
    boxes: list[tuple[int, ...]] = []
    monkeypatch.setattr(Sheet, "rounded_box", lambda *box: boxes.append(box[1:]))
    monkeypatch.setattr(Sheet, "box", lambda _, *box, white: boxes.append((*box, int(white))))
    parts.mark(Sheet(None, 0), 0, 0)
    assert boxes[0] == (0, 0, 84, 66, 9)
    steps = [(8, 7, 40), (12, 11, 32), (16, 15, 24), (20, 19, 16), (24, 23, 8)]  # x, y and width of the flap's steps
    assert [box[:3] for box in boxes[1:]] == [(x * 3 // 2, y * 3 // 2, width * 3 // 2) for x, y, width in steps]


def test_the_same_receipt_gives_the_same_bytes(receipt: Receipt) -> None:
    assert draw_receipt(receipt, "ar") == draw_receipt(receipt, "ar")
    assert draw_receipt(receipt, "ar") != draw_receipt(receipt, "en")


def test_the_picture_is_a_png(receipt: Receipt) -> None:
    assert rasterise(draw_receipt(receipt, "ar")).startswith(b"\x89PNG\r\n\x1a\n")


@settings(deadline=None, max_examples=15)
@given(name=st.text(max_size=120), value=st.text(max_size=60), fils=st.integers(0, 999_999_999_999))
def test_no_text_keeps_a_receipt_from_being_drawn(receipt: Receipt, name: str, value: str, fils: int) -> None:
    facts = replace(
        receipt.facts, office_ar=name, service_ar=name, agency_ar=name, rows=((name, name, value), ("", "", ""))
    )
    lines = (AgreedLine(id="x", title_ar=name, title_en=name, amount_fils=fils),)
    paper = replace(receipt, facts=facts, lines=lines, total_fils=fils)
    assert draw_receipt(paper, "ar").startswith(b"%PDF")


@pytest.mark.parametrize("language", LANGUAGES)
def test_cash_shows_what_was_handed_over_and_given_back(receipt: Receipt, written: Written, language: Language) -> None:
    facts = replace(receipt.facts, tendered_fils=receipt.total_fils + 7_500)
    draw_receipt(replace(receipt, facts=facts, method=PaymentMethod.CASH), language)
    texts = written.texts()
    assert texts.count("7.500") == 1
    assert f"{(receipt.total_fils + 7_500) // 1000}.{(receipt.total_fils + 7_500) % 1000:03d}" in texts
    assert ("Change" in texts) is (language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_was_due_the_paper_says_so_and_shows_no_amount(
    receipt: Receipt, language: Language, written: Written
) -> None:
    free = replace(receipt, lines=(), total_fils=0, method=PaymentMethod.NONE)
    assert read_code(raster(draw_receipt(free, language)))
    plain = {"ar": "دون رسم", "en": "No fee"}[language]
    said = [sorted(line.replace(" ", "")) for line in written.texts()]
    assert said.count(sorted(plain.replace(" ", ""))) == 1
    assert not any("0.000" in line for line in written.texts())
