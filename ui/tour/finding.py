"""Finding a service: by typing a part of its name with the keyboard on the screen, right or with an error."""

from __future__ import annotations

from ui.tour.visits import Visitor


def found_by_search(visitor: Visitor, *, typed: str, meant: str, english: bool = False) -> None:
    """Typed key by key; from its card back to what was found, and away without having paid anything."""
    visitor.greet("salma", english=english)
    visitor.hand.touch("search")
    visitor.note("search")
    for letter in typed:
        visitor.hand.touch("key:space" if letter == " " else f"key:{letter}")
    visitor.note("search-typed")
    visitor.expect(visitor.hand.see(meant) is not None, f"the search did not find {meant}")
    visitor.hand.touch("key:done")
    visitor.note("search-done")
    visitor.hand.touch(meant)
    visitor.arrive("start_card")
    visitor.hand.touch("back")
    visitor.hand.wait_for_page("choosing_service")
    visitor.expect(visitor.hand.see(meant) is not None, "the way back from the card does not lead to what was found")
    visitor.leave()


def segment_is_chosen(visitor: Visitor) -> None:
    """Who comes for a business says so, and sees the services for one."""
    visitor.greet("salma")
    visitor.hand.touch("segment:business")
    visitor.note("for-a-business")
    visitor.leave()
