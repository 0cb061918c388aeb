"""The demo: the believable workspace of a small agency, the same for the same seed and day."""
