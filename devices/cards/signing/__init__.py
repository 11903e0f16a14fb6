"""Signing with the holder's key: the PIN's state, the certificate, one signature for one PIN, and signed PDFs."""
