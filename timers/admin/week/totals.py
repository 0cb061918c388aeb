"""Time by project and by person, drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.admin.charts import Bar, Chart, bar_chart
from tasks.admin.charts.scales import time_ticks
from tasks.admin.task_list.columns import hours_and_minutes
from timers.admin.week.asked import Asked
from timers.admin.week.names import Names

#: How many bars there are before all others are one.
BARS = 10


#: Somebody or something, and the seconds.
Shares = Sequence[tuple[Any, int]]


def shares_by(asked: Asked, column: str) -> Shares:
    """What most time went to, by a column of the entries: one more than there are bars."""
    rows = asked.of_span().filter(is_running=None).values_list(column)
    found = rows.annotate(total=Sum("seconds")).order_by("-total", column)[: BARS + 1]
    return [(key, int(total)) for key, total in found]


def total_of(asked: Asked) -> int:
    """All of the time that the charts are of."""
    return int(asked.of_span().aggregate(total=Sum("seconds"))["total"] or 0)


def charts(
    asked: Asked, names: Names, *, projects: Shares, people: Shares, total: int
) -> list[Chart]:
    """Both charts; none where there is no time."""
    if not total:
        return []
    period = _("%(first)s to %(last)s") % {
        "first": date_format(asked.since, "SHORT_DATE_FORMAT"),
        "last": date_format(asked.week.last, "SHORT_DATE_FORMAT"),
    }
    kinds = [
        ("by-project", _("Time by project"), _("Project"), projects, names.project),
        ("by-person", _("Time by person"), _("Person"), people, names.person),
    ]
    return [
        bar_chart(
            _bars(found, name, total),
            key=f"time-{key}",
            title=title,
            text=_("%(time)s hours in all, %(period)s.")
            % {"time": hours_and_minutes(total), "period": period},
            columns=(column, _("Time")),
            worded=hours_and_minutes,
            ticks=time_ticks,
        )
        for key, title, column, found, name in kinds
    ]


def _bars(shares: Shares, name: Callable[[Any], str], total: int) -> list[Bar]:
    bars = [Bar(name(key), share) for key, share in shares[:BARS]]
    rest = total - sum(bar.amount for bar in bars)
    if len(shares) > BARS and rest:
        bars.append(Bar(_("All others"), rest))
    return bars
