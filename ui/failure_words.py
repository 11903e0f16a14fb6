"""The values that stand in a failure's texts: its own, and the agency's words in the language that is shown."""

from __future__ import annotations

from kiosk.failures import Failure, ServiceFailure
from kiosk.scene import Scene
from kiosk.texts import Texts


def failure_values(failure: ServiceFailure, scene: Scene, texts: Texts) -> dict[str, str]:
    values = dict(failure.values)
    if scene.service is not None:
        values.setdefault("agency", texts.of(scene.service.agency_name))
    if "limit_fils" in values:
        values["limit"] = texts.amount(int(values["limit_fils"]))
    if failure.failure is Failure.ON_BATTERY:
        minutes = values.get("minutes", "")
        values["left"] = texts.plural("{n} minute", "{n} minutes", int(minutes)) if minutes else texts("a few minutes")
    words = failure.words_ar if texts.language == "ar" else failure.words_en
    if words:
        values["words"] = words
    return values
