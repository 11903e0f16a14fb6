"""The trust store: which countries this terminal believes, since when, on whose word, and what they have revoked."""
