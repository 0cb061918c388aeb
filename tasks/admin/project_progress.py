"""A project's progress over time: how many tasks there were, and how many were completed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tasks.actors import Actor
from tasks.admin.base import ServiceModelAdmin, actor_of
from tasks.admin.charts import CHARTS, Chart, Line, line_chart
from tasks.admin.marks import progress_bar
from tasks.admin.places import render_place
from tasks.admin.weeks import DAYS, first_of_week
from tasks.clock import today
from tasks.reads.burn_up import burn_up, first_day, tasks_of

#: How many points a line has: more weeks than that are taken several at a time.
POINTS = 60


class ProgressPages(ServiceModelAdmin):
    """Pages with a chart of a project's tasks, for who may view the project."""

    def get_urls(self) -> list[URLPattern]:
        progress = path(
            "<path:object_id>/progress/",
            self.admin_site.admin_view(require_safe(self.progress_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_progress",
        )
        return [progress, *super().get_urls()]

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The chart."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        project: Any = self.get_object(request, unquote(object_id))
        if project is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]  # Django's own, unlisted
        context = {
            "project": project,
            "project_url": self.link_to("change", quote(project.pk)),
            "list_url": self.link_to("changelist"),
            "opts": self.opts,
            "bar": progress_bar(project.progress, project),
            "chart": progress_chart(actor_of(request), project.pk),
            "media": self.media + CHARTS,
        }
        title = _("Progress of %(name)s") % {"name": project}
        template = "taskdock/project_progress.html"
        return render_place(request, self.admin_site, template, title=title, context=context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        project = context.get("original")
        if project is not None:
            context["progress_url"] = self.link_to("progress", quote(project.pk))
        return super().render_change_form(request, context, *args, **kwargs)


def progress_chart(actor: Actor, project_id: int) -> Chart | None:
    """Tasks made and tasks completed, week by week; None where there is no task in sight."""
    tasks = tasks_of(actor, project_id)
    first = first_day(tasks)
    if first is None:
        return None
    found = burn_up(tasks, _days(first, today()))
    text = _("By %(day)s there were %(created)d tasks, of which %(completed)d were completed.")
    return line_chart(
        found.days,
        [Line(_("Tasks"), found.created), Line(_("Completed"), found.completed)],
        key="progress",
        title=_("Tasks and completed tasks"),
        text=text
        % {
            "day": date_format(found.days[-1]),
            "created": found.created[-1],
            "completed": found.completed[-1],
        },
        heading=_("By the end of"),
    )


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    """The last days of the weeks from ``first`` on, and at the end today."""
    last = max(first, last)
    begins = first_of_week(first)
    weeks = (last - begins).days // DAYS + 1
    step = DAYS * -(-weeks // POINTS)
    ends = range(step - 1, (last - begins).days, step)
    return [*(begins + dt.timedelta(days=number) for number in ends), last]
