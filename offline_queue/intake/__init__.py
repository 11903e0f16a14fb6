"""The centre's intake: what terminals deliver to and enquire at, with sandbox agencies behind it."""

VERSION = "0.1.0"
