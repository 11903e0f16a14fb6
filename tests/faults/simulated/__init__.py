"""What `tests.faults.simulation` puts around one terminal's production code: time, line, centre, counter, death."""
