"""The hardware of a terminal, each piece behind a port of kiosk.ports."""
