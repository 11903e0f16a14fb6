"""The line to the centre, in all its weathers: requests and answers lost, late, doubled, out of turn, or made up."""

from __future__ import annotations

import dataclasses
import enum
import random
import re
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from requests.structures import CaseInsensitiveDict

from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, Batch, BatchAnswer, ItemAnswer, encode_canonical
from offline_queue.centre import NoAnswer, Silence
from offline_queue.gateway import HttpsGateway
from offline_queue.signing import sign
from tests.faults.simulated.centre import Intake, Reply, Request
from tests.faults.simulated.world import Fate, World

TIMEOUT: Final = 5.0
_SLOW_BYTES: Final = 12_000
"""What a slow line carries within a time-out."""

_CREATED: Final = re.compile(r";created=(\d+)")
_HTML: Final = {"Content-Type": "text/html"}


class Weather(enum.StrEnum):
    GOOD = "good"
    LOSSY = "lossy"
    DOWN = "down"
    SLOW = "slow"
    PORTAL = "portal"  # something else answers: a page, or an answer that the centre never signed
    BUSY = "busy"  # 429
    TROUBLE = "trouble"  # 5xx, crashes, silent agencies
    REFUSED = "refused"  # 401 for this terminal


_HOURS: Final = {
    Weather.GOOD: (0.5, 4.0),
    Weather.LOSSY: (0.5, 3.0),
    Weather.DOWN: (0.2, 9.0),
    Weather.SLOW: (0.5, 3.0),
    Weather.PORTAL: (0.2, 2.0),
    Weather.BUSY: (0.1, 1.0),
    Weather.TROUBLE: (0.2, 2.0),
    Weather.REFUSED: (0.1, 1.0),
}


@dataclasses.dataclass(slots=True)
class Line:
    """Carries one request after another. `old` are earlier answers, which may come again out of turn."""

    world: World
    intake: Intake
    fate: Fate
    weather: Weather = Weather.GOOD
    until: float = 0.0
    always_good: bool = False
    old: list[Reply] = dataclasses.field(default_factory=list)

    def carry(self, request: Request) -> Reply:
        """Raises NoAnswer for what the socket would have met."""
        self.fate.pass_by("before a request left")
        self._change_weather()
        self.world.pass_time(self._chance().uniform(0.05, 0.6))
        reply = getattr(self, f"_{self.weather.value}")(request)
        self.fate.pass_by("before an answer was read")
        assert isinstance(reply, Reply)
        return reply

    def _chance(self) -> random.Random:
        return self.world.chance("line")

    def _change_weather(self) -> None:
        if self.always_good:
            self.weather = Weather.GOOD
        elif self.world.seconds >= self.until:
            self.weather = self._chance().choice([weather for weather in Weather if weather is not self.weather])
            self.until = self.world.seconds + 3600 * self._chance().uniform(*_HOURS[self.weather])
            self.world.tell(f"the line is {self.weather}")
        trouble = self.weather is Weather.TROUBLE
        for agency in self.intake.agencies:
            agency.silent, agency.crash = (0.4, 0.05) if trouble else (0.0, 0.0)

    def _good(self, request: Request) -> Reply:
        reply = self.intake.handle(request)
        if reply is None:
            raise NoAnswer(Silence.CUT_OFF)
        if request.path == "/v1/batches":
            self.old = [*self.old[-20:], reply]
        return reply

    def _lossy(self, request: Request) -> Reply:
        match self._chance().randrange(8):
            case 0:
                return self._nobody()
            case 1:  # on its way for hours; what is sent meanwhile overtakes it
                self.world.put_off(self._chance().uniform(5, 20_000), lambda: self._arrive_late(request))
                return self._timed_out()
            case 2:
                self._good(request)
                return self._timed_out()
            case 3:
                self._good(request)
                raise NoAnswer(Silence.CUT_OFF)
            case 4:
                self._good(request)
                return self._good(request)
            case 5 if self.old:
                self._good(request)
                return self._chance().choice(self.old)
            case _:
                return self._good(request)

    def _arrive_late(self, request: Request) -> None:
        """Its sender has long gone on; the centre cannot know. One that is too old by then is refused."""
        self.intake.handle(dataclasses.replace(request, created=max(request.created, self._oldest_believed())))

    def _oldest_believed(self) -> datetime:
        """A proxy that kept the request may hold it as long as it likes; what is tried here is the batch."""
        return self.world.now() - timedelta(minutes=1)

    def _down(self, _request: Request) -> Reply:
        return self._nobody()

    def _slow(self, request: Request) -> Reply:
        if len(request.body) <= _SLOW_BYTES:
            self.world.pass_time(self._chance().uniform(1.0, TIMEOUT))
            return self._good(request)
        if self._chance().random() < 0.3:
            self._good(request)
        return self._timed_out()

    def _portal(self, request: Request) -> Reply:
        match self._chance().randrange(4):
            case 0:
                return Reply(302, b"", {**_HTML, "Location": "https://portal.test/"})
            case 1:
                return Reply(200, b"<html>Welcome</html>", _HTML)
            case 2:
                return Reply(200, b'{"payload":"","key_id":"centre","signature":""}')
            case _:
                return forge(request, self.world)

    def _busy(self, _request: Request) -> Reply:
        return Reply(429, b"{}", {"Retry-After": str(self._chance().randrange(1, 400))})

    def _trouble(self, request: Request) -> Reply:
        if self._chance().random() < 0.5:
            return self._good(request)
        if self._chance().random() < 0.5:
            self._good(request)
        return Reply(self._chance().choice((500, 502, 503)), b"")

    def _refused(self, _request: Request) -> Reply:
        return Reply(self._chance().choice((401, 403)), b"{}")

    def _nobody(self) -> Reply:
        self.world.pass_time(self._chance().uniform(0.1, TIMEOUT))
        raise NoAnswer(Silence.NO_LINE)

    def _timed_out(self) -> Reply:
        self.world.pass_time(TIMEOUT)
        raise NoAnswer(Silence.TIMED_OUT)


class SimulatedGateway(HttpsGateway):
    """The production gateway, which signs, reads and proves; only its socket is this line."""

    line: Line

    def _exchange(
        self,
        prepared: requests.PreparedRequest,
        patience: float,
    ) -> tuple[int, CaseInsensitiveDict[str], bytes]:
        created = _CREATED.search(prepared.headers["Signature-Input"])
        assert created is not None
        body = prepared.body or b""
        assert isinstance(body, bytes)
        moment = datetime.fromtimestamp(int(created[1]), UTC)
        reply = self.line.carry(Request(path=prepared.path_url, body=body, created=moment))
        return reply.status, CaseInsensitiveDict(reply.headers), reply.body


def forge(request: Request, world: World) -> Reply:
    """Everything is accepted, says somebody who has not the centre's key."""
    answers: tuple[ItemAnswer, ...] = ()
    terminal = ""
    if request.path == "/v1/batches":
        batch = msgspec.json.decode(request.body, type=Batch)
        terminal = batch.terminal
        answers = tuple(ItemAnswer(transaction=item.transaction, result="accepted") for item in batch.items)
    answer = BatchAnswer(terminal=terminal, answered_at=world.now(), answers=answers)
    own = Ed25519PrivateKey.from_private_bytes(bytes(32))
    return Reply(200, msgspec.json.encode(sign(encode_canonical(answer), ANSWER_CONTEXT, own, CENTRE_KEY)))
