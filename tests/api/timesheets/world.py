"""Time on tasks of two clients and of none, and a good request to every endpoint."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tasks.actors import Actor
from tasks.models import Task
from tasks.people import wire_id
from tasks.services.tasks import archive_task
from tasks.testing import make_project, make_task, make_user
from tests.api.endpoints import Write
from tests.api.timers.world import text_of
from timers.models import Timer
from timers.services.timers import correct_time
from timers.testing import make_running_timer, make_stopped_timer, make_time

READS = ("list", "retrieve")
#: With a body whose fields are checked. "merge" is the merge patch, which is JSON alone.
WITH_BODY = ("create", "update", "merge")
WRITES = (*WITH_BODY, "delete")

HOUR = dt.timedelta(hours=1)
JUNE_1, JUNE_2, JUNE_3 = (dt.date(2026, 6, day) for day in (1, 2, 3))


def readable(seconds: int) -> str:
    """Spelled out by the rule, another way than the API does."""
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if seconds < 60:
        return "0m" if seconds == 0 else f"{seconds}s"
    if hours == 0:
        return f"{minutes}m"
    return f"{hours}h" if minutes == 0 else f"{hours}h {minutes}m"


def shown(timer: Timer | int, *, seconds: int | None = None) -> dict[str, Any]:
    """The documented object of what the database holds now; of a running one, at ``seconds``."""
    row = Timer.objects.get(pk=timer if isinstance(timer, int) else timer.pk)
    assert (seconds is None) is not row.is_running
    project = row.task.project
    time = row.seconds if seconds is None else seconds
    return {
        "id": row.pk,
        "task_id": row.task.pk,
        "project_id": project.pk,
        "client_id": project.client and project.client.pk,
        "worked_by_id": row.user and wire_id(row.user.pk),
        "recorded_by_id": row.recorded_by and wire_id(row.recorded_by.pk),
        "time_seconds": time,
        "time_readable": readable(time),
        "status": "running" if row.is_running else "stopped",
        "billing": {
            "status": "invoiced" if row.is_invoiced else "not_invoiced",
            "invoice_id": None,
        },
        "dates": {
            "created": f"{row.work_date:%Y-%m-%d}",
            "started": text_of(row.started_at),
            "stopped": text_of(row.stopped_at),
        },
    }


class TimeWorld:
    """Five entries of two people on three tasks of three projects, the last without a client.

    ``a`` 1 hour on June 1st; ``b`` invoiced on June 2nd; ``c`` the colleague's, on an archived
    task; ``d`` a timer that ran, in another project, on June 3rd; ``running`` since two hours.
    """

    def __init__(self) -> None:
        self.person, self.colleague = make_user(), make_user()
        self.outsider = make_user(is_staff=False)
        self.task: Task = make_task()
        self.archived: Task = make_task(project=self.task.project)
        self.foreign: Task = make_task()
        self.internal: Task = make_task(project=make_project(client=None))
        self.a = make_time(self.task, user=self.person, work_date=JUNE_1)
        self.b = make_time(
            self.task, user=self.person, seconds=90, work_date=JUNE_2, is_invoiced=True
        )
        self.c = make_time(self.archived, user=self.colleague, seconds=5400, work_date=JUNE_2)
        self.d = make_stopped_timer(self.foreign, user=self.person, seconds=45)
        self.running = make_running_timer(self.internal, user=self.person, running_for=2 * HOUR)
        correct_time(actor=Actor(), timer_id=self.d.pk, work_date=JUNE_3)
        archive_task(actor=Actor(), task_id=self.archived.pk)

    def named(self, names: str) -> list[Timer]:
        """``named("d a")``: these two entries."""
        return [getattr(self, name) for name in names.split()]

    def write(self, name: str) -> Write:
        """The good request to an endpoint."""
        path = f"/timesheets/{self.a.pk}"
        time = {"hours": 1, "minutes": 30}
        updated = "Timesheet updated successfully."
        requests: Mapping[str, Write] = {
            "create": Write(
                "POST",
                "/timesheets",
                201,
                "Timesheet created successfully.",
                {
                    "task_id": self.task.pk,
                    "user_id": wire_id(self.colleague.pk),
                    **time,
                    "timer_created": "2026-06-17",
                },
            ),
            "update": Write("PATCH", path, 200, updated, time),
            "merge": Write("PATCH", path, 200, updated, time, is_merge_patch=True),
            "delete": Write("DELETE", path, 200, "Timesheet deleted successfully."),
        }
        return requests[name]
