"""The virtual national card: an eMRTD chip behind BAC or PACE, in its own process, for the virtual reader."""
