"""Scenes of choosing a service: with few of them, as many as a first year has, and as many as the programme wants."""

from __future__ import annotations

import dataclasses
from typing import Any

from kiosk.front import Promoted
from kiosk.offers import load_offers
from kiosk.scene import Browsing, Scene, State
from tests.many_services import many_services
from tests.ui.samples import ASSETS, BOX, FACE, PARKED, PERMIT, PERSON, known

SIXTEEN, PROGRAMME = many_services(16), many_services(350)
BUNDLES = load_offers(ASSETS / "services" / "bundles.toml", ASSETS / "promotions.toml", SIXTEEN).bundles


def choosing(browsing: Browsing | None = None, **changes: object) -> Scene:
    given = {"services": PROGRAMME, "bundles": BUNDLES, **changes}
    return known(State.CHOOSING_SERVICE, browsing=browsing or Browsing(), **given)


BY_PASSPORT = dataclasses.replace(
    PERSON, national_number="", name_arabic="", document_number="P4471203", issuing_state="UTO", is_passport=True
)
_OF_RESIDENTS: dict[str, Any] = {
    "identity": BY_PASSPORT,
    "services": (PERMIT, BOX),
    "withheld": SIXTEEN,
    "segment": "resident",
}


CHOOSING_PAGES: dict[str, Scene] = {
    "home-sixteen": choosing(services=SIXTEEN, portrait=FACE),
    "home-sixteen-offer": choosing(services=SIXTEEN, portrait=FACE, offers=(PARKED,)),
    "home-programme": choosing(portrait=FACE),
    "home-business": choosing(segment="business"),
    "home-none": choosing(services=(), bundles=()),
    "agencies": choosing(Browsing("agencies")),
    "agency": choosing(Browsing("agency", "made3")),
    "segments": choosing(Browsing("segments")),
    "search-empty": choosing(Browsing("search")),
    "search-found": choosing(Browsing("search"), typed="رخصه مرك"),
    "search-like": choosing(Browsing("search"), typed="residense"),
    "search-nothing": choosing(Browsing("search"), typed="قققق"),
    "home-passport": choosing(portrait=FACE, bundles=(), **_OF_RESIDENTS),
    "search-not-offered": choosing(Browsing("search"), typed="traffic", **_OF_RESIDENTS),
    "bundle": choosing(bundle=BUNDLES[0]),
    "bundle-half": choosing(bundle=BUNDLES[0], bundle_done=BUNDLES[0].services[:1]),
    "bundle-done": choosing(bundle=BUNDLES[0], bundle_done=BUNDLES[0].services),
    "idle-season": Scene(
        State.IDLE,
        services=SIXTEEN,
        promoted=(Promoted("justice.non_conviction", "season"), Promoted("traffic.fines", "used here")),
    ),
}
