"""The counter: what a clerk sees and does, and the screen that the citizen across it sees meanwhile."""
