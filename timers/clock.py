"""Seconds as a clock shows them."""

from timers.services.timers import MINUTE


def clock(seconds: int) -> str:
    """Hours, minutes and seconds: "1:02:03"."""
    minutes, rest = divmod(seconds, MINUTE)
    return f"{minutes // MINUTE}:{minutes % MINUTE:02}:{rest:02}"
