"""The tables of time worked."""

from timers.models.tallies import TimeTally
from timers.models.timers import Timer, seconds_between

__all__ = ["TimeTally", "Timer", "seconds_between"]
