"""What a service centre does: the visit, its money and its words. No Qt, no hardware, no network, no SQL."""
