"""The widgets that pages are put together from: one file each, drawn from a `Look`."""
