"""What measures speed: ``python -m benchmarks.run``."""
