"""The tour: whole visits driven by input events on the visible widgets, with no one at the screen."""
