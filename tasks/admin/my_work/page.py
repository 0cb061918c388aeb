"""The page My work, and what its buttons do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tasks.admin.base import FORMS, REFUSALS, ServiceModelAdmin, actor_of, refusal_of
from tasks.admin.blockers import blockers_text
from tasks.admin.links import list_url
from tasks.admin.my_work.lately import done_lately
from tasks.admin.permissions import may
from tasks.admin.places import back, buttons_beside, render_place
from tasks.admin.refusals import refusal_text
from tasks.admin.task_list.badges import badge
from tasks.admin.task_list.columns import due_words
from tasks.clock import today
from tasks.models import Task, TaskPin, TaskStatus
from tasks.reads.mine import SOON, Few, work_of
from tasks.services import tasks

_SHEETS = [f"taskdock/{name}.css" for name in ("task_list", "my_work", "sending")]
_SCRIPTS: Any = [FORMS]
_MEDIA = forms.Media(css={"all": _SHEETS}, js=_SCRIPTS)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A task as the page shows it."""

    task: Task
    url: str
    status: str
    priority: str
    day: str
    words: str
    kind: str
    is_pinned: bool
    complete_url: str | None
    buttons: list[SafeString]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Tasks that press alike; ``all_url`` is a list where there may be more of them."""

    name: str
    title: Any
    empty: Any
    rows: list[Row]
    has_more: bool
    all_url: str

    @property
    def count(self) -> str:
        """How many there are, or that there are more than are shown."""
        return f"{len(self.rows)}+" if self.has_more else str(len(self.rows))


class MyWorkPages(ServiceModelAdmin):
    """A page of what its visitor has to do, and an address that completes a task."""

    def get_urls(self) -> list[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        mine = self.admin_site.admin_view(require_safe(self.mine_view))
        complete = self.admin_site.admin_view(require_POST(self.complete_view))
        return [
            path("mine/", mine, name=f"{prefix}_mine"),
            path("<path:object_id>/complete/", complete, name=f"{prefix}_complete"),
            *super().get_urls(),
        ]

    def mine_view(self, request: HttpRequest) -> HttpResponse:
        """What the visitor has to do, each task once, and what they did lately."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        sections = list(self._sections(request))
        context = {
            "sections": sections,
            "lately": [
                (done, None if done.task is None else self.link_to("change", quote(done.task.pk)))
                for done in done_lately(request, self.admin_site)
            ],
            "next": request.get_full_path(),
            "media": _MEDIA,
        }
        return render_place(
            request,
            self.admin_site,
            "taskdock/my_work/page.html",
            title=_("My work"),
            context=context,
        )

    def complete_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Move a task to the status that completes it, and lead back."""
        task = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, task):
            raise PermissionDenied
        if task is None:
            raise Http404

        def complete() -> None:
            status = TaskStatus.objects.get(is_completed=True)
            tasks.set_status(actor=actor_of(request), task_id=task.pk, status=status)
            text = gettext("“%(task)s” is completed.") % {"task": task.title}
            self.message_user(request, text, messages.SUCCESS)
            self.warn_of_blockers(request, task.pk)

        try:
            self.written(request, complete)
        except REFUSALS as error:
            self.message_user(request, refusal_text(refusal_of(error)), messages.ERROR)
        return back(request, self.link_to("mine"))

    def warn_of_blockers(self, request: HttpRequest, pk: int) -> None:
        """Say of a task that was completed which open ones it waits for."""
        text = blockers_text(actor_of(request), pk)
        if text:
            self.message_user(request, text, messages.WARNING)

    def _sections(self, request: HttpRequest) -> Iterator[Section]:
        sees_pins = may(request, "view", TaskPin, self.admin_site)
        work = work_of(actor_of(request), with_pins=sees_pins)
        shown = [task for few in work[:5] for task in few.tasks]
        buttons = buttons_beside(request, self.admin_site, shown)
        may_change = self.has_change_permission(request)
        day = today()
        kinds: list[tuple[str, Any, Any, Few, dict[str, str]]] = [
            (
                "overdue",
                _("Overdue"),
                _("Nothing is overdue."),
                work.overdue,
                {"assigned": "me", "due_to": (day - _DAY).isoformat()},
            ),
            (
                "today",
                _("Due today"),
                _("Nothing is due today."),
                work.today,
                {"assigned": "me", "due_from": day.isoformat(), "due_to": day.isoformat()},
            ),
            (
                "soon",
                _("Due in the next 7 days"),
                _("Nothing is due in the next 7 days."),
                work.soon,
                {
                    "assigned": "me",
                    "due_from": (day + _DAY).isoformat(),
                    "due_to": (day + SOON * _DAY).isoformat(),
                },
            ),
            (
                "assigned",
                _("Assigned to me"),
                _("Nothing else is assigned to you."),
                work.assigned,
                {"assigned": "me"},
            ),
        ]
        if sees_pins:
            empty = _("Tasks that you pin are kept here, unless they are listed above.")
            kinds.append(("pinned", _("Pinned by me"), empty, work.pinned, {"mine": "pinned"}))
        for name, title, empty, few, lookups in kinds:
            yield Section(
                name=name,
                title=title,
                empty=empty,
                rows=[
                    self._row(task, task.pk in work.pins, buttons[task.pk], may_change=may_change)
                    for task in few.tasks
                ],
                has_more=few.has_more,
                all_url=list_url(self, "task", **lookups),
            )

    def _row(
        self, task: Task, is_pinned: bool, buttons: list[SafeString], *, may_change: bool
    ) -> Row:
        day, words, kind = due_told(task.due_date)
        key = quote(task.pk)
        return Row(
            task=task,
            url=self.link_to("change", key),
            status=badge(task.status.color, task.status.title),
            priority=badge(task.priority.color, task.priority.title),
            day=day,
            words=words,
            kind=kind,
            is_pinned=is_pinned,
            complete_url=self.link_to("complete", key) if may_change else None,
            buttons=buttons,
        )


def due_told(day: dt.date | None) -> tuple[str, str, str]:
    """The day of an open task, how near it is in words, and what kind that is."""
    if day is None:
        return "", "", ""
    words, kind = due_words(day, is_completed=False)
    days = (day - today()).days
    if not words and days <= SOON:
        words = ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return date_format(day, "SHORT_DATE_FORMAT"), words, kind or "due-later"
