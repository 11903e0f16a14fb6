"""The two ways out of the technician's page, as the window offers them to its pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True, slots=True)
class Leaving:
    """Both sign out; `back_to_service` closes the window, `sign_out` goes to its sign-in page."""

    back_to_service: Callable[[], object]
    sign_out: Callable[[], object]
