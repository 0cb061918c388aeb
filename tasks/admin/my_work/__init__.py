"""The page of what its visitor has to do."""
