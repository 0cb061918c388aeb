"""The page of a week's time, and where what is done on it is sent to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from tasks.admin.base import REFUSALS, ServiceModelAdmin, actor_of, refusal_of
from tasks.admin.charts import CHARTS
from tasks.admin.choosing import is_key
from tasks.admin.people import PersonSearch, found_people
from tasks.admin.places import render_place
from tasks.admin.refusals import refusal_text
from tasks.admin.submissions import is_done, remember
from tasks.database import connection
from tasks.exceptions import TaskdockError
from tasks.people import users, users_visible_to
from timers.admin.week.asked import Asked
from timers.admin.week.cells import shown_cell
from timers.admin.week.export import csv_of_week
from timers.admin.week.forms import EntryForm, correction, form_of, tasks_at_hand
from timers.admin.week.shown import shown_week
from timers.exceptions import TimerNotFound
from timers.services import timers

#: The header by which our script asks for the part of the page that changes.
ASKS = "X-Taskdock-Week"
REFUSED = 422
_SCRIPTS: Any = [Script(f"taskdock_timers/{name}.js", type="module") for name in ("clock", "week")]
_SAID = {
    "add": _lazy("The time was added."),
    "change": _lazy("The time was changed."),
    "delete": _lazy("The time was deleted."),
}


class WeekPages(ServiceModelAdmin):
    """Time as a table of a week, where it is entered and corrected.

    A cell's entries are added, changed and deleted by a POST to ``week/<action>/``, whose query is
    that of the page. It answers with the page at that cell; our script is given the table alone.
    """

    def get_urls(self) -> list[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_week"
        seen, sent = require_safe, require_POST
        views: list[tuple[str, str, Callable[..., Any]]] = [
            ("", "", seen(self.week_view)),
            ("export/", "_export", seen(self.week_export_view)),
            ("people/", "_people", seen(self.week_people_view)),
            ("<slug:action>/", "_write", sent(self.week_write_view)),
        ]
        own = [
            path(f"week/{place}", self.admin_site.admin_view(view), name=f"{prefix}{name}")
            for place, name, view in views
        ]
        return [*own, *super().get_urls()]

    def week_view(self, request: HttpRequest) -> HttpResponse:
        """The week that is asked for; this one by default."""
        self._check_view(request)
        return self._shown(request, Asked(request, self))

    def week_export_view(self, request: HttpRequest) -> HttpResponseBase:
        """All its entries as CSV."""
        self._check_view(request)
        return csv_of_week(Asked(request, self))

    def week_people_view(self, request: HttpRequest) -> HttpResponse:
        """The people whom a search means, whose time it may be."""
        self._check_view(request)
        return found_people(request, users_visible_to(actor_of(request)))

    def week_write_view(self, request: HttpRequest, action: str) -> HttpResponse:
        """Add, change or delete an entry of the cell that is open."""
        self._check_view(request)
        if action not in _SAID:
            raise Http404
        if not getattr(self, f"has_{action}_permission")(request):
            raise PermissionDenied
        asked = Asked(request, self)
        if asked.cell is None:
            raise Http404
        write = getattr(self, f"_{action}")
        form: Any = None
        problem = ""
        try:
            if not is_done(request):
                form = self.written(request, lambda: write(request, asked, None))
                if form is None:
                    remember(request)
        except REFUSALS as error:
            refusal = refusal_of(error)
            if connection().needs_rollback:
                self.message_user(request, refusal_text(refusal), messages.ERROR)
                return HttpResponseRedirect(self.link_to("week"))
            # Rolled back by now. Once more, without writing, for the form to show it.
            form = write(request, asked, refusal)
            problem = "" if form is not None else refusal_text(refusal)
        if form is None and not problem:
            return self._done(request, asked, str(_SAID[action]))
        return self._shown(request, asked, form=form, problem=problem, status=REFUSED)

    def _check_view(self, request: HttpRequest) -> None:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied

    def _add(self, request: HttpRequest, asked: Asked, refusal: TaskdockError | None) -> Any:
        """The form as it was refused, or None once it is written."""
        cell: Any = asked.cell
        user = users_visible_to(asked.actor).filter(pk=cell.person).first()
        if cell.person == request.user.pk:
            user = users().filter(pk=cell.person).first()
        if user is None:
            raise Http404
        offered = tasks_at_hand(asked, cell)
        form = form_of(EntryForm, request, refusal, request.POST, prefix="entry", offered=offered)
        if not form.is_valid():
            return form
        values = form.cleaned_data
        timers.add_time(
            actor=asked.actor,
            task_id=values["task"].pk,
            user=user,
            seconds=values["seconds"],
            work_date=cell.day,
        )
        return None

    def _change(self, request: HttpRequest, asked: Asked, refusal: TaskdockError | None) -> Any:
        """The same of a correction; one that is gone is refused by the service."""
        timer = self._entry(request)
        if timer is None:
            return self._gone(refusal)
        form = correction(request, timer, request.POST, refusal)
        if not form.is_valid():
            return form
        values = form.values()
        if values:
            timers.correct_time(actor=asked.actor, timer_id=timer.pk, **values)
        return None

    def _delete(self, request: HttpRequest, asked: Asked, refusal: TaskdockError | None) -> Any:
        """Nothing is to be filled in: what is refused is said above the entries."""
        timer = self._entry(request)
        if timer is None:
            return self._gone(refusal)
        if refusal is None:
            timers.delete_timer(actor=asked.actor, timer_id=timer.pk)
        return None

    def _entry(self, request: HttpRequest) -> Any:
        key = request.POST.get("row", "")
        return self.get_object(request, key) if is_key(self.opts.pk, key) else None

    def _gone(self, refusal: TaskdockError | None) -> None:
        if refusal is None:
            raise TimerNotFound

    def _done(self, request: HttpRequest, asked: Asked, said: str) -> HttpResponse:
        if ASKS in request.headers:
            # Read again: the form has been taken, and what was searched for is found.
            return self._shown(request, Asked(request, self), said=said)
        self.message_user(request, said, messages.SUCCESS)
        cell: Any = asked.cell
        return HttpResponseRedirect(f"{asked.cell_link(cell)}#cell")

    def _shown(
        self,
        request: HttpRequest,
        asked: Asked,
        *,
        form: Any = None,
        problem: str = "",
        said: str = "",
        status: int = 200,
    ) -> HttpResponse:
        can = {action: bool(getattr(self, f"has_{action}_permission")(request)) for action in _SAID}
        context = {
            **shown_week(asked),
            "asked": asked,
            "can": can,
            "said": said,
            "cell": shown_cell(asked, can, form=form, problem=problem),
        }
        if ASKS in request.headers:
            request.current_app = self.admin_site.name  # read by the templates
            template = "taskdock_timers/week/region.html"
            return render(request, template, context, status=status)
        media = self.media + PersonSearch("").media + CHARTS + self._week_media
        context |= {"media": media, "opts": self.opts, "export_url": asked.link("week_export")}
        title = _("Time")
        return render_place(
            request, self.admin_site, "taskdock_timers/week/page.html", title=title, context=context
        )

    @property
    def _week_media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["taskdock_timers/week.css"]},
            js=_SCRIPTS,
        )
