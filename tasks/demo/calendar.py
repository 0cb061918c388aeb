"""The time that the demo spans: workdays up to yesterday."""

import datetime as dt

from tasks.demo.catalogue import words

_OPENS = dt.time(8, tzinfo=dt.UTC)
_HOURS = 10
_SATURDAY = 5


class Calendar:
    """``days`` days that end yesterday, so that nothing in the demo lies in the future."""

    def __init__(self, today: dt.date, days: int) -> None:
        self.today = today
        span = (today - dt.timedelta(days=ago) for ago in range(days, 0, -1))
        self.workdays = [day for day in span if day.weekday() < _SATURDAY]
        self.end = self.at(len(self.workdays) - 0.001)

    def at(self, workdays: float) -> dt.datetime:
        """The moment, in office hours, after so many workdays from the beginning."""
        day, fraction = divmod(workdays, 1)
        opening = dt.datetime.combine(self.workdays[int(day)], _OPENS)
        return opening + dt.timedelta(seconds=int(fraction * _HOURS * 3600))

    def between(self, earliest: dt.datetime, latest: dt.datetime, share: float) -> dt.datetime:
        """The moment at ``share`` of the way, in office hours, neither too early nor after the end.

        Where the way is none, it goes to the end.
        """
        last = min(latest, self.end) if latest > earliest else self.end
        moment = earliest + (last - earliest) * share
        moment = moment.replace(hour=_OPENS.hour + moment.hour % _HOURS, microsecond=0)
        return max(earliest, min(moment, last))


def workday(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)


def month(day: dt.date) -> str:
    """The month's English name, whatever the locale."""
    return words("months")[day.month - 1]
