"""Reports as files: for machines as CSV, for people as one page."""
