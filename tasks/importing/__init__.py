"""Tasks from a file: read, checked as a whole, then written in batches that can be gone on with."""
