"""The whole tour: every visit on the screens it is meant for, then the papers that came out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from kiosk.demonstration import Demonstration
from kiosk.uptake import Uptake
from ui.app import Kiosk
from ui.clerk.app import Counter
from ui.look import Panel
from ui.tour import gallery, visits
from ui.tour.counter import Clerk, CounterWorld
from ui.tour.diary import Diary, Measured, Observed
from ui.tour.hand import Hand, TourStopped
from ui.tour.programme import Programme
from ui.tour.rounds import LARGE, Morning, Round
from ui.tour.stalls import StallWatch


@dataclasses.dataclass(frozen=True, slots=True)
class CounterPlace:
    """A counter that is open: its windows, the world at this side, and the PINs of the demonstration's staff."""

    counter: Counter
    world: CounterWorld
    pins: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Surroundings:
    """What the tour is handed: the world outside, how to open the kiosk on a panel, and how to look behind it.

    `read_paper` takes a printed paper (PDF): it answers with its picture (PNG) and whether its code is genuine, None
    for a slip, which has none. `applications` are those that were signed at the kiosk (PDF), `picture` shows one (PNG).
    `counted` is what the terminals have counted of every errand that is over, the oldest first.
    Without `pictures` none are taken, and the screen is watched instead: a picture holds it up as no visitor does.
    """

    world: Demonstration
    open_kiosk: Callable[[Panel], Kiosk]
    observe: Callable[[], Observed]
    read_paper: Callable[[bytes], tuple[bytes, bool | None]]
    applications: Callable[[], tuple[bytes, ...]]
    picture: Callable[[bytes], bytes]
    open_training: Callable[[Panel], AbstractContextManager[Kiosk]]
    pins: Mapping[str, str]
    counter: visits.OtherSide
    open_counter: Callable[[Panel], AbstractContextManager[CounterPlace]]
    counted: Sequence[Uptake] = ()
    pictures: bool = True


def run(folder: Path, around: Surroundings, programme: Programme) -> str:
    """Lives all of it; answers with what went wrong, or "" when all went as it should."""
    diary = Diary(folder, around.observe)
    watch = None if around.pictures else StallWatch()
    if watch is not None:
        watch.start()
    problem = ""
    try:
        for entry in programme.rounds:
            _live(entry, diary, around, watch)
            _tell(entry.name)
        for entry in programme.trainings:
            with around.open_training(entry.panel) as kiosk:
                _live_on(kiosk, entry, diary, around, watch)
            _tell(entry.name)
        for morning in programme.mornings:
            _serve(morning, diary, around)
            _tell(morning.name)
        problem = _keep_papers(diary, around)
        _keep_applications(diary, around)
        if around.pictures and programme.whole:
            for name, picture in gallery.pages(LARGE):
                diary.keep("failures", name, picture)
    except TourStopped as stopped:
        problem = str(stopped)
    if watch is None:
        diary.finish(problem)
    else:
        watch.stop()
        diary.finish(problem, watch.stalls, watch.longest)
    if programme.tells_ease and diary.measures:
        _tell_ease(diary.measures)
    return problem


def _tell(name: str) -> None:
    print(f"{name}: as it should be", flush=True)  # noqa: T201 - a long run shows its progress


def _tell_ease(measures: Sequence[Measured]) -> None:
    print("\nFrom the card to the receipt:")  # noqa: T201 - the same
    for one in measures:
        told = f"{one.taps} touches, {one.characters} characters typed, {one.pages} pages, {one.seconds} s"
        print(f"  {one.service}: {told}")  # noqa: T201


def _live(entry: Round, diary: Diary, around: Surroundings, watch: StallWatch | None) -> None:
    _live_on(around.open_kiosk(entry.panel), entry, diary, around, watch)


def _live_on(kiosk: Kiosk, entry: Round, diary: Diary, around: Surroundings, watch: StallWatch | None) -> None:
    counted = len(around.counted)
    kiosk.window.show()
    QApplication.processEvents()  # a terminal opens its window once, and the bench measures that by itself
    try:
        papers = len(around.world.printed())
        hand = Hand(kiosk.window, pictures=around.pictures, watch=watch)
        visitor = visits.Visitor(
            name=entry.name,
            hand=hand,
            world=around.world,
            diary=diary,
            observe=around.observe,
            counter=around.counter,
            time_out=kiosk.time_out,
            pins=around.pins,
            without_value=diary.without_value,
            papers=papers,
        )
        try:
            entry.live(visitor)
        except TourStopped as stopped:
            visitor.note("stopped-here")
            raise TourStopped(f"{entry.name}: {stopped}") from stopped
    finally:
        kiosk.close()
    diary.measure(entry.name, around.counted[counted:])


def _serve(entry: Morning, diary: Diary, around: Surroundings) -> None:
    counted = len(around.counted)
    with around.open_counter(entry.panel) as place:
        for window in (place.counter.display, place.counter.window):
            if window is not None:
                window.show()
        place.counter.window.activateWindow()
        clerk = Clerk(
            entry.name, place.counter, place.world, place.pins, diary, around.observe, pictures=around.pictures
        )
        try:
            entry.live(clerk)
        except TourStopped:
            clerk.note("stopped-here")
            raise
        finally:
            place.counter.close()
    diary.measure(entry.name, around.counted[counted:])


def _keep_applications(diary: Diary, around: Surroundings) -> None:
    """What was signed is no paper of the terminal: it lies in the ledger, and goes to the agency."""
    for number, content in enumerate(around.applications(), start=1):
        (diary.applications / f"{number:02d}.pdf").write_bytes(content)
        (diary.applications / f"{number:02d}.png").write_bytes(around.picture(content))


def _keep_papers(diary: Diary, around: Surroundings) -> str:
    """Every paper that came out, as PDF and as the picture of its dots; each code must prove genuine."""
    papers, receipts = around.world.printed(), 0
    for number, paper in enumerate(papers, start=1):
        content = paper.read_bytes()
        picture, genuine = around.read_paper(content)
        (diary.receipts / f"{number:02d}.pdf").write_bytes(content)
        (diary.receipts / f"{number:02d}.png").write_bytes(picture)
        if number - 1 in diary.without_value:
            if genuine:
                return f"paper {number} has no value, and its code proves genuine"
            continue
        if genuine is False:
            return f"the code of paper {number} does not prove genuine"
        receipts += genuine is True
    states = list(around.observe().ledger.values())
    # Behind each transaction that was taken back stands the correction that did it, whose paper is a slip.
    sold = sum(state not in {"prepared", "voided"} for state in states) - states.count("reversed")
    return "" if receipts == sold else f"{sold} transactions and {receipts} receipts"
