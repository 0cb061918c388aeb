"""A week's time as a table, entered and corrected in place."""

from timers.admin.week.page import WeekPages

__all__ = ["WeekPages"]
