"""The virtual national card: an eMRTD chip behind Basic Access Control, in its own process, for the virtual reader."""
