"""The text commands: each gets its facts handed in, prints them, and answers with the exit status."""

FOUND_NOTHING_WRONG = 0
FOUND_SOMETHING_WRONG = 1
USED_WRONGLY = 2
