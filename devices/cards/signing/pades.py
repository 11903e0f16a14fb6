"""Signs a PDF with the holder's key: PAdES, level B-B (ETSI EN 319 142-1), with SHA-256.

pyHanko takes half a second to be imported and brings a network client along; so this module is imported only where
something is signed, and no address is ever asked.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io

from asn1crypto import algos, cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from devices.cards.signing.card import SigningCard
from kiosk.failures import ServiceFailure
from kiosk.staff import wipe

# pyHanko adds names of attributes to asn1crypto's table. The table from names back to numbers is made at the first use:
# where a card was read before this module was imported, it does not have them. Replaced at once: others may be reading.
cms.CMSAttributeType._reverse_map = {  # noqa: SLF001  # asn1crypto has no other way, and pyHanko takes the same one
    name: number
    for number, name in cms.CMSAttributeType._map.items()  # noqa: SLF001
}

LARGEST_PDF = 20 * 1024 * 1024
# The CMS object holds one certificate (at most 8 kB here) and one signature; what is not needed is filled with zeros.
_RESERVED_BYTES = 24_576
_APPEARANCE = "Digitally signed\n%(ts)s"


class PdfUnsuitable(ValueError):
    """The file is no PDF that can be signed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a signature is seen: the page, from 0, and left, bottom, right and top in points from its lower left."""

    page: int
    box: tuple[int, int, int, int]


class _CardSigner(Signer):
    """pyHanko's signer whose raw signature is the card's."""

    def __init__(self, card: SigningCard, pin: bytearray) -> None:
        super().__init__(
            signing_cert=x509.Certificate.load(card.certificate()),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # its own omission
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        )
        self._card = card
        self._pin = pin

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002  # the mechanism above names it already
        dry_run: bool = False,
    ) -> bytes:
        if dry_run:
            raise RuntimeError("a card's signature is never tried out: the room for it is reserved")
        return self._card.sign(hashlib.sha256(data).digest(), self._pin).value


def sign_pdf(pdf: bytes, card: SigningCard, pin: bytearray, *, place: Place | None = None) -> bytes:
    """The PDF with one more signature behind it, invisible without a `place`. The PIN is wiped whatever comes.

    Raises PdfUnsuitable before the PIN is shown to the card, and ServiceFailure as `SigningCard.sign`.
    """
    try:
        if len(pdf) > LARGEST_PDF:
            raise PdfUnsuitable("too large")
        return _signed(pdf, _CardSigner(card, pin), place)
    except (ServiceFailure, PdfUnsuitable):
        raise
    except Exception as error:  # pyHanko raises whatever a spoilt file leads it to
        raise PdfUnsuitable(type(error).__name__) from error
    finally:
        wipe(pin)


def _signed(pdf: bytes, signer: _CardSigner, place: Place | None) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if place is not None and not 0 <= place.page < int(writer.root["/Pages"]["/Count"]):
        raise PdfUnsuitable("no such page")
    field = f"Signature{len(writer.prev.embedded_signatures) + 1}"
    meta = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    seen = SigFieldSpec(field) if place is None else SigFieldSpec(field, on_page=place.page, box=place.box)
    # Plain Latin text: the standard fonts of PDF have no Arabic, and whose it is stands in the signature itself.
    # No frame: the paper has one where it has a place for a signature.
    look = TextStampStyle(stamp_text=_APPEARANCE, background=None, border_width=0)
    out = PdfSigner(meta, signer, stamp_style=look, new_field_spec=seen).sign_pdf(
        writer, bytes_reserved=_RESERVED_BYTES
    )
    return bytes(out.getbuffer())
