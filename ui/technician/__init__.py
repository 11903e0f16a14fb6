"""The technician's window: what is wrong here, shown as it is measured, by keys alone, and without a network."""
