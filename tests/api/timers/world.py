"""Time entries as the API shows them."""

import datetime as dt
from typing import Any

from tasks.people import person_name, wire_id
from tests.moments import moment_text
from timers.models import Timer


def text_of(moment: dt.datetime | None) -> str | None:
    return moment and moment_text(moment)


def shown(timer: Timer | int) -> dict[str, Any]:
    """The documented entry of what the database holds now, for one that does not run."""
    row = Timer.objects.get(pk=timer if isinstance(timer, int) else timer.pk)
    assert not row.is_running
    user = row.user
    return {
        "id": row.pk,
        "user": user and {"id": wire_id(user.pk), "name": person_name(user)},
        "started": text_of(row.started_at),
        "stopped": text_of(row.stopped_at),
        "time": row.seconds,
        "status": "stopped",
        "billing_status": "invoiced" if row.is_invoiced else "not_invoiced",
    }
