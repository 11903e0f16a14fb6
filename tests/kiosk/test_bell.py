"""Of what a thread tells, a listener hears the last that was told before it came, and then everything, once."""

from __future__ import annotations

import threading

from kiosk.bell import Bell

WAIT = 10.0


def test_what_was_rung_before_anybody_listened_is_heard_once() -> None:
    bell, heard = Bell(), list[object]()
    bell.ring("in")
    bell.ring("out")
    bell.listen(heard.append)
    assert heard == ["out"]


def test_a_new_listener_takes_the_place_of_the_old_one() -> None:
    bell, old, new = Bell(), list[object](), list[object]()
    bell.listen(old.append)
    bell.ring("in")
    bell.listen(new.append)
    bell.ring("out")
    assert (old, new) == (["in"], ["in", "out"])


def test_nothing_overtakes_what_a_listener_is_just_being_told() -> None:
    """The card thread rings while the screen's thread begins to listen: the later event must come after."""
    bell, heard = Bell(), list[object]()
    inside, go_on = threading.Event(), threading.Event()

    def listener(told: object) -> None:
        if told == "in":
            inside.set()
            go_on.wait(WAIT)
        heard.append(told)

    bell.ring("in")
    listening = threading.Thread(target=bell.listen, args=(listener,))
    listening.start()
    assert inside.wait(WAIT)
    ringing = threading.Thread(target=bell.ring, args=("out",))
    ringing.start()
    ringing.join(0.05)  # it must still be waiting; were it not held up, it would be over long before
    go_on.set()
    listening.join(WAIT)
    ringing.join(WAIT)
    assert heard == ["in", "out"]
