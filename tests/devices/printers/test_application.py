"""The application as a PDF: every word can be read out of it, nothing is cut, and it can be signed."""

from __future__ import annotations

import dataclasses
import datetime
import io
import unicodedata
from typing import cast

import pypdfium2
import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from cryptography.x509.oid import NameOID
from PIL import Image, ImageChops
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from devices.cards.signing.card import Signature, SigningCard
from devices.cards.signing.pades import Place, sign_pdf
from devices.printers.application import SIGNATURE_BOX, SIGNATURE_PAGE, draw_application
from kiosk.signing import Application
from kiosk.wire import Words

SHORT = Application(
    title=Words(ar="طلب شهادة عدم محكومية", en="Application for a non-conviction certificate"),
    agency=Words(ar="وزارة العدل", en="Ministry of Justice"),
    rows=(
        (Words(ar="الغرض", en="Purpose"), Words(ar="تقديم لجهة عمل", en="For an employer")),
        (Words(ar="رقم الهاتف", en="Phone"), Words(ar="07 9012 3456", en="07 9012 3456")),
    ),
    reference="K7QM-2XWD",
    stated_on=datetime.date(2026, 11, 23),
    holder_ar="سلمى خالد الياسمين",
    holder_en="Salma Khaled Alyasmin",
    national_number="9000000001",
)
_ARABIC = "مركز خدمات البريد الأردني الشامل في لواء الأغوار الجنوبية"
_ENGLISH = "The comprehensive post service centre of the Southern Jordan Valley"
_NUMBERED = Words(
    ar=" ".join(f"{_ARABIC} رقم {place}" for place in range(40)),
    en=" ".join(f"{_ENGLISH}, number {place}." for place in range(40)),
)
LONG = dataclasses.replace(
    SHORT,
    title=Words(ar=_ARABIC, en=_ENGLISH),
    rows=(*SHORT.rows, (Words(ar=_ARABIC, en=_ENGLISH), _NUMBERED), *SHORT.rows, (SHORT.title, _NUMBERED)),
    holder_en="Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessen",
)


def texts_of(pdf: bytes) -> list[str]:
    """What each page says, as PDFium reads it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def letters(text: str) -> str:
    """Without vowel marks and spaces, which readers of a PDF put where they see them, and without ligatures."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LN")


def pictures_of(pdf: bytes) -> list[Image.Image]:
    """A pixel for each point and a half, with what signatures show."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    try:
        return [page.render(scale=2 / 3, grayscale=True).to_pil() for page in document]
    finally:
        document.close()


def words_of(application: Application) -> list[str]:
    pairs = [application.title, application.agency, *(words for row in application.rows for words in row)]
    said = [text for words in pairs for text in (words.ar, words.en)]
    return [*said, application.holder_ar, application.holder_en]


@pytest.mark.parametrize("application", [SHORT, LONG], ids=["short", "long"])
def test_every_word_can_be_read_out_of_it_in_both_languages(application: Application) -> None:
    """Of what goes on over the page, each line; the foot of the page stands between."""
    said = letters("".join(texts_of(draw_application(application))))
    for text in words_of(application):
        found = letters(text) in said or all(letters(word) in said for word in text.split())
        assert found, text


def test_values_read_in_their_own_order_and_arabic_comes_first() -> None:
    (said,) = texts_of(draw_application(SHORT))
    for value in (SHORT.title.ar, SHORT.holder_ar, SHORT.holder_en, SHORT.agency.en, "تقديم لجهة عمل"):
        assert value in said
    assert [said.count(value) for value in ("K7QM-2XWD", "23/11/2026", "9000000001", "07 9012 3456")] == [3, 2, 2, 2]
    assert said.index(SHORT.holder_ar) < said.index(SHORT.holder_en)
    assert "Page 1 of 1" in said


def test_what_has_no_room_goes_on_over_the_page_and_each_says_whose_it_is() -> None:
    pages = texts_of(draw_application(LONG))
    assert len(pages) > 2
    for place, page in enumerate(pages):
        assert SHORT.reference in page.splitlines()[-1]
        assert f"Page {place + 1} of {len(pages)}" in page
    for number in range(40):
        assert sum(page.count(f"number {number}.") + page.count(f"{number}.") for page in pages) >= 2, number


def test_nothing_is_written_outside_the_margins_nor_into_the_signatures_place() -> None:
    for place, page in enumerate(pictures_of(draw_application(LONG))):
        ink = page.point(lambda grey: 255 - grey).getbbox()
        assert ink is not None
        left, top, right, bottom = (points * 3 / 2 for points in ink)
        assert left == pytest.approx(51, abs=2)
        assert right == pytest.approx(595.3 - 51, abs=2)
        assert top > 45
        assert bottom < 842 - 20
        if place == SIGNATURE_PAGE:
            left, bottom, right, top = (points * 2 / 3 for points in SIGNATURE_BOX)
            box = page.crop((round(left), round(page.height - top), round(right), round(page.height - bottom)))
            assert box.getextrema() == (255, 255)


def test_the_same_request_gives_the_same_bytes() -> None:
    assert draw_application(LONG) == draw_application(dataclasses.replace(LONG))
    assert draw_application(LONG) != draw_application(SHORT)


def test_a_name_in_one_language_stands_on_both_sides() -> None:
    (said,) = texts_of(draw_application(dataclasses.replace(SHORT, holder_en="")))
    assert said.count(SHORT.holder_ar) == 2


class SoftwareCard:
    """A key of its own, in the place of a card."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Salma Alyasmin")])
        day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        built = x509.CertificateBuilder(name, name, self._key.public_key(), 7, day, day.replace(year=2036))
        usage = x509.KeyUsage(True, True, *(False,) * 7)  # signature and consent, as RFC 5280 orders them
        self._certificate = built.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())

    def certificate(self) -> bytes:
        return self._certificate.public_bytes(serialization.Encoding.DER)

    def sign(self, digest: bytes, _pin: bytearray) -> Signature:
        value = self._key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
        return Signature(value, self.certificate())


@pytest.mark.parametrize("application", [SHORT, LONG], ids=["short", "long"])
def test_it_can_be_signed_where_the_box_is(application: Application) -> None:
    card, pdf = SoftwareCard(), draw_application(application)
    place = Place(SIGNATURE_PAGE, SIGNATURE_BOX)
    signed = sign_pdf(pdf, cast("SigningCard", card), bytearray(b"482915"), place=place)
    assert signed.startswith(pdf)
    (signature,) = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    context = ValidationContext(trust_roots=[asn1.Certificate.load(card.certificate())], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    assert (status.intact, status.valid, status.coverage) == (True, True, SignatureCoverageLevel.ENTIRE_FILE)
    before, after = pictures_of(pdf)[SIGNATURE_PAGE], pictures_of(signed)[SIGNATURE_PAGE]
    left, bottom, right, top = (points * 2 / 3 for points in SIGNATURE_BOX)
    box = (round(left), round(before.height - top), round(right), round(before.height - bottom))
    assert before.crop(box).getextrema() != after.crop(box).getextrema()
    around = (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)  # a letter may touch half a pixel more
    before.paste(255, around)
    after.paste(255, around)
    assert ImageChops.difference(before, after).getbbox() is None
