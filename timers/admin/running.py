"""One's own timer on every page of ours: shown, stopped and started from where one is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tasks.admin.base import REFUSALS, ServiceModelAdmin, actor_of, refusal_of
from tasks.admin.permissions import may
from tasks.admin.places import back, render_place
from tasks.admin.refusals import refusal_text
from tasks.exceptions import TaskNotFound
from tasks.models import Task
from tasks.people import parse_key, person_name
from timers.admin.forgotten import StopForm, is_long, stop_form
from timers.clock import clock
from timers.models import Timer
from timers.reads import running_timer_of
from timers.running import bar_of
from timers.services import timers


class RunningPages(ServiceModelAdmin):
    """Addresses that start and stop timers and lead back to where one was."""

    def get_urls(self) -> list[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        start = self.admin_site.admin_view(require_POST(self.start_view))
        stop = self.admin_site.admin_view(require_POST(self.stop_view))
        return [
            path("start/", start, name=f"{prefix}_start"),
            path("<path:object_id>/stop/", stop, name=f"{prefix}_stop"),
            *super().get_urls(),
        ]

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Start one's own timer on a task; the one that runs elsewhere stops."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        user: Any = request.user
        task_id = parse_key(request.POST.get("task"))
        other = running_timer_of(actor_of(request))
        form: StopForm | None = None
        if other is not None and other.task_id != task_id and is_long(other):
            form = stop_form(request, other)
            if not form.is_valid():
                return self._ask(request, form, task_id=task_id)

        def start() -> None:
            if task_id is None:
                raise TaskNotFound
            if form is not None:
                self._stop(request, form)
            timers.start_timer(actor=actor_of(request), task_id=task_id, user=user)

        return self._timed(request, start, _("The timer runs."))

    def stop_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop a timer; one that has stopped meanwhile stays as it is."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        form = stop_form(request, row)
        if not form.is_valid() and (is_long(row) or form.is_bound):
            return self._ask(request, form)
        return self._timed(request, lambda: self._stop(request, form), _("The timer was stopped."))

    def _stop(self, request: HttpRequest, form: StopForm) -> None:
        seconds = form.cleaned_data["seconds"] if form.is_bound else None
        timer: Any = form.timer
        timers.stop_timer(actor=actor_of(request), timer_id=timer.pk, seconds=seconds)

    def _ask(
        self, request: HttpRequest, form: StopForm, *, task_id: int | None = None
    ) -> HttpResponse:
        """The page that asks for the time of a long timer; ``task_id`` is where one starts then."""
        timer: Any = form.timer
        return render_place(
            request,
            self.admin_site,
            "taskdock_timers/stop.html",
            title=_("Stop timer"),
            context={
                "form": form,
                "timer": timer,
                "worker": None if timer.user is None else person_name(timer.user),
                "time": clock(timer.seconds_at(timezone.now())),
                "task_id": None if task_id is None else str(task_id),
                "next": request.POST.get("next", ""),
                "cancel_url": back(request, self.link_to("changelist")).url,
                "media": forms.Media(css={"all": ["admin/css/forms.css", "taskdock/panels.css"]}),
            },
        )

    def _timed(self, request: HttpRequest, write: Callable[[], object], said: str) -> HttpResponse:
        try:
            self.written(request, write)
        except REFUSALS as error:
            self.message_user(request, refusal_text(refusal_of(error)), messages.ERROR)
        else:
            self.message_user(request, said, messages.SUCCESS)
        return back(request, self.link_to("changelist"))


def running(request: HttpRequest, site: AdminSite) -> Timer | None:
    """The visitor's running timer where they may view it; asked for once a request."""
    known: Any = request
    if not hasattr(known, "taskdock_running"):
        is_shown = may(request, "view", Timer, site)
        known.taskdock_running = running_timer_of(actor_of(request)) if is_shown else None
    found: Timer | None = known.taskdock_running
    return found


def admin_bar(request: HttpRequest, site: AdminSite) -> SafeString | None:
    """The bar of the visitor's running timer."""
    timer = running(request, site)
    if timer is None:
        return None
    sees_task = may(request, "view", Task, site)
    return bar_of(
        request,
        timer,
        task_url=_address(site, "taskdock_task_change", timer.task_id) if sees_task else None,
        stop_url=_stop_url(request, site, timer),
    )


def admin_buttons(
    request: HttpRequest, site: AdminSite, tasks: Sequence[Task]
) -> dict[int, SafeString]:
    """A button beside each task: to start a timer there, or to stop the one that runs."""
    timer = running(request, site)
    stop = None if timer is None else _stop_url(request, site, timer)
    may_start = may(request, "add", Timer, site)
    start = _address(site, "taskdock_timers_timer_start") if may_start else None
    made = {}
    for task in tasks:
        runs = timer is not None and timer.task_id == task.pk
        url = stop if runs else start
        if url is not None:
            context = {"url": url, "task": task, "pk": str(task.pk), "runs": runs}
            context["here"] = request.get_full_path()
            made[task.pk] = render_to_string("taskdock_timers/button.html", context, request)
    return made


def _stop_url(request: HttpRequest, site: AdminSite, timer: Timer) -> str | None:
    if not may(request, "change", Timer, site):
        return None
    return _address(site, "taskdock_timers_timer_stop", timer.pk)


def _address(site: AdminSite, name: str, *args: Any) -> str | None:
    """The address of a page of ours, unless the host has pages of its own there."""
    try:
        return reverse(f"admin:{name}", args=[quote(arg) for arg in args], current_app=site.name)
    except NoReverseMatch:
        return None
