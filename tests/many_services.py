"""As many services as are wanted, made from the real ones: with invented names, agencies and words of their own."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.catalogue import Service
from kiosk.catalogue import files as catalogue_files
from kiosk.wire import Words

_SHIPPED = Path(__file__).resolve().parents[1] / "assets" / "services"

_ACTS = (
    ("تجديد", "Renewal of"),
    ("إصدار", "Issue of"),
    ("الاستعلام عن", "Enquiry about"),
    ("نقل", "Transfer of"),
    ("إلغاء", "Cancellation of"),
    ("دفع رسوم", "Fees for"),
    ("تصديق", "Certification of"),
)
_THINGS = (
    ("رخصة مهن", "a profession licence", "store"),
    ("رخصة مركبة", "a vehicle licence", "car-front"),
    ("إذن إقامة", "a residence permit", "id-card"),
    ("سجل تجاري", "a commercial register", "landmark"),
    ("صندوق بريد", "a post box", "package"),
    ("بيان جمركي", "a customs declaration", "package-search"),
    ("شهادة ميلاد", "a birth certificate", "file-text"),
    ("براءة ذمة", "a tax clearance", "percent"),
    ("اشتراك اختياري", "a voluntary subscription", "umbrella"),
    ("عقد إيجار", "a rental contract", "file-text"),
)
_PLACES = (
    ("العاصمة", "Amman"),
    ("البلقاء", "Balqa"),
    ("الزرقاء", "Zarqa"),
    ("مأدبا", "Madaba"),
    ("إربد", "Irbid"),
    ("المفرق", "Mafraq"),
    ("جرش", "Jerash"),
    ("عجلون", "Ajloun"),
    ("الكرك", "Karak"),
    ("الطفيلة", "Tafilah"),
    ("معان", "Maan"),
    ("العقبة", "Aqaba"),
)
_AGENCIES = 12
_SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fil",
    "gar",
    "hom",
    "jet",
    "kal",
    "lor",
    "min",
    "nav",
    "pol",
    "ras",
    "sit",
    "tam",
    "vor",
)


def many_services(count: int) -> tuple[Service, ...]:
    """The real ones first, most used first; then copies whose titles tell them apart."""
    real = catalogue_files.load(_SHIPPED).services
    copies = (_copy(real[at % len(real)], at) for at in range(count - len(real)))
    return (*real, *copies)[:count]


def _copy(service: Service, at: int) -> Service:
    act, (thing_ar, thing_en, icon) = _ACTS[at % len(_ACTS)], _THINGS[at // 7 % len(_THINGS)]
    place = _PLACES[at // 70 % len(_PLACES)]
    agency = at % _AGENCIES
    number = f" {at // 840 + 1}" if at >= 840 else ""
    return msgspec.structs.replace(
        service,
        id=f"made{agency}.service_{at}",
        agency=f"made{agency}",
        agency_name=Words(ar=f"مديرية {_PLACES[agency][0]}", en=f"Directorate of {_PLACES[agency][1]}"),
        title=Words(ar=f"{act[0]} {thing_ar}، {place[0]}{number}", en=f"{act[1]} {thing_en}, {place[1]}{number}"),
        words=(*service.words, _invented(at), _invented(at * 7 + 3)),
        icon=icon,
        minutes=at % 9 + 1,
        uses=max(0, 90_000 - at * 100),
    )


def _invented(at: int) -> str:
    """A word that hardly any other service has, as the names of the things that services are about."""
    size = len(_SYLLABLES)
    return "".join(_SYLLABLES[at // size**place % size] for place in range(4))


def write_services(folder: Path, count: int) -> None:
    """The files of the real services, and of copies of them under ids and agencies of their own: `count` in all."""
    real = sorted(_SHIPPED.glob("*/*.toml"))
    for at in range(count):
        text = real[at % len(real)].read_text(encoding="utf-8")
        agency, service = real[at % len(real)].parent.name, real[at % len(real)].stem
        if at >= len(real):
            made = f"made{at % _AGENCIES}", f"service_{at}"
            text = text.replace(f'id = "{agency}.{service}"', f'id = "{".".join(made)}"', 1)
            text = text.replace(f'agency = "{agency}"', f'agency = "{made[0]}"', 1)
            agency, service = made
        (folder / agency).mkdir(parents=True, exist_ok=True)
        (folder / agency / f"{service}.toml").write_text(text, encoding="utf-8")
