"""The checks of `tests.faults.mutations`: each tries one guarantee on the production code, in a few milliseconds."""
