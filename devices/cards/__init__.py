"""The card reader: PC/SC, ICAO eMRTD access, secure messaging, data groups and the proof that a card is genuine."""
