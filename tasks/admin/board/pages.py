"""The page of the board, and where its cards are asked for, moved and added."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tasks.admin.base import REFUSALS, ServiceModelAdmin, actor_of, refusal_of, visible
from tasks.admin.blockers import blockers_text
from tasks.admin.board.cards import fill
from tasks.admin.board.columns import (
    Column,
    Cursor,
    columns_of,
    count_columns,
    read_shown,
    stamp_of,
)
from tasks.admin.board.filters import BoardFilters
from tasks.admin.board.quick_add import QuickAddForm
from tasks.admin.people import PersonSearch
from tasks.admin.permissions import may
from tasks.admin.places import render_place
from tasks.admin.refusals import refusal_text
from tasks.admin.submissions import is_done, remember
from tasks.admin.task_list.row_filters import AssigneeFilter
from tasks.clock import today
from tasks.exceptions import StatusNotFound, TaskNotFound
from tasks.models import Attachment, Task, TaskStatus
from tasks.people import parse_key
from tasks.services.moving import Moved, move_task

_START = "start"
_SCRIPTS: Any = [Script("taskdock/board.js", type="module")]
_MEDIA = forms.Media(css={"all": ["taskdock/board.css"]}, js=_SCRIPTS)
#: The answer to a script whose write was refused.
_REFUSED = 409


class BoardPages(ServiceModelAdmin):
    """Active tasks by status. Who may change tasks moves them, who may add some adds them."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_board"
        pages = (
            ("board/", require_safe(self.board_view), name),
            ("board/cards/", require_safe(self.board_cards_view), f"{name}_cards"),
            ("board/changes/", require_safe(self.board_changes_view), f"{name}_changes"),
            ("board/move/", require_POST(self.board_move_view), f"{name}_move"),
            ("board/add/", require_POST(self.board_add_view), f"{name}_add"),
        )
        own = [path(at, self.admin_site.admin_view(view), name=name) for at, view, name in pages]
        return [*own, *super().get_urls()]

    def board_view(self, request: HttpRequest, refused: QuickAddForm | None = None) -> HttpResponse:
        """The board, each column with its first cards."""
        filters = self._asked(request)
        start = Cursor.read(request.GET.get(_START, ""))
        stamp = self._stamp(request)
        columns = self._columns(request, filters, start=start)
        self._fill(request, columns)
        count_columns(columns, filters)
        self._give_forms(request, columns, filters.project, refused)
        query = self._query(filters)
        mine = {**filters.query, AssigneeFilter.parameter: "me"}
        if filters.is_mine:
            del mine[AssigneeFilter.parameter]
        page = self.link_to("board")
        context = {
            **self._shown(request, filters, columns),
            "filters": filters,
            "page_url": page,
            "mine_url": f"{page}?{urlencode(mine)}",
            "stamp": stamp,
            "cards_url": self.link_to("board_cards"),
            "changes_url": self.link_to("board_changes"),
            "move_url": self.link_to("board_move") + query,
            "add_url": self.link_to("board_add") + query,
            "media": self.media + PersonSearch("").media + _MEDIA,
        }
        return render_place(
            request, self.admin_site, "taskdock/board/page.html", title=_("Board"), context=context
        )

    def board_cards_view(self, request: HttpRequest) -> HttpResponse:
        """The cards of a column after one of them, as HTML."""
        filters = self._asked(request)
        start = Cursor.read(request.GET.get(_START, ""))
        columns = []
        if start is not None:
            statuses = TaskStatus.objects.filter(pk=start.status)
            columns = columns_of(self._tasks(request, filters), statuses, filters, start=start)
            self._fill(request, columns)
        return self._fragment(request, filters, columns)

    def board_changes_view(self, request: HttpRequest) -> HttpResponse:
        """The columns as they are, or that nothing has changed since ``If-None-Match``.

        Asked every few seconds by every board that is open: the answer that nothing has changed
        reads no card.
        """
        filters = self._asked(request)
        # Before the cards: what is written meanwhile is shown now, or found changed the next time.
        tag = f'"{self._stamp(request)}"'
        if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
            return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": "no-store"})
        shown = read_shown(request.GET.get("shown", ""))
        columns = self._columns(request, filters, shown=shown)
        self._fill(request, columns)
        count_columns(columns, filters)
        answer = self._fragment(request, filters, columns)
        answer["ETag"] = tag
        return answer

    def board_move_view(self, request: HttpRequest) -> HttpResponse:
        """Move a card: ``move`` is ``task:status``, ``before`` and ``after`` are its neighbours."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            moved = self.written(request, lambda: self._move(request))
        except REFUSALS as error:
            return self._answer(request, refusal_text(refusal_of(error)), messages.ERROR)
        text = gettext("“%(task)s” is in “%(status)s” now.")
        if not moved.is_at_place:
            text = gettext("“%(task)s” is at the end of “%(status)s” now: its place is gone.")
        said = text % {"task": moved.task, "status": moved.task.status}
        warning = self._warning(request, moved.task)
        level = messages.WARNING if warning else messages.SUCCESS
        return self._answer(request, f"{said} {warning}".strip(), level)

    def board_add_view(self, request: HttpRequest) -> HttpResponse:
        """Add a task at the end of a column."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        project = BoardFilters(request, self).project
        form = QuickAddForm(request.POST, page=self, request=request, project=project)
        if form.is_valid():
            try:
                if not is_done(request):
                    self.written(request, form.save)
                    remember(request)
            except REFUSALS as error:
                form.add_refusal(refusal_of(error))
            else:
                text = gettext("“%(task)s” was added.") % {"task": form.cleaned_data["title"]}
                return self._answer(request, text, messages.SUCCESS)
        if _wants_json(request):
            errors = {name: form.named_errors(name) for name in form.errors}
            return JsonResponse({"errors": errors}, status=_REFUSED)
        request.method = "GET"
        return self.board_view(request, refused=form)

    def _asked(self, request: HttpRequest) -> BoardFilters:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return BoardFilters(request, self)

    def _tasks(self, request: HttpRequest, filters: BoardFilters) -> QuerySet[Any]:
        return filters.narrowed(visible(Task.objects.active(), request))

    def _columns(self, request: HttpRequest, filters: BoardFilters, **more: Any) -> list[Column]:
        statuses = TaskStatus.objects.order_by("position", "pk")
        return columns_of(self._tasks(request, filters), statuses, filters, **more)

    def _fill(self, request: HttpRequest, columns: list[Column]) -> None:
        files = visible(Attachment.objects.all(), request)
        if not may(request, "view", Attachment, self.admin_site):
            files = files.none()
        fill(columns, visible(Task.objects.all(), request), files)

    def _stamp(self, request: HttpRequest) -> str:
        may = (self.has_change_permission(request), self.has_add_permission(request))
        # A day later other cards are overdue.
        return stamp_of(request.user.pk, may, get_language(), today())

    def _query(self, filters: BoardFilters) -> str:
        return f"?{urlencode(filters.query)}" if filters.query else ""

    def _shown(
        self, request: HttpRequest, filters: BoardFilters, columns: list[Column]
    ) -> dict[str, Any]:
        statuses = [column.status for column in columns]
        if len(columns) == 1:
            statuses = list(TaskStatus.objects.order_by("position", "pk"))
        for column in columns:
            if column.more is not None:
                column.more_query = urlencode({**filters.query, _START: str(column.more)})
        return {
            "columns": columns,
            "statuses": statuses,
            "may_move": self.has_change_permission(request),
            "query": self._query(filters),
        }

    def _fragment(
        self, request: HttpRequest, filters: BoardFilters, columns: list[Column]
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {**self._shown(request, filters, columns), "page_url": self.link_to("board")}
        headers = {"Cache-Control": "no-store"}
        return TemplateResponse(request, "taskdock/board/columns.html", context, headers=headers)

    def _give_forms(
        self,
        request: HttpRequest,
        columns: list[Column],
        project: Any,
        refused: QuickAddForm | None,
    ) -> None:
        if not self.has_add_permission(request):
            return
        asked_for = "" if refused is None else str(refused.data.get("status"))
        for column in columns:
            if refused is not None and asked_for == str(column.status.pk):
                column.form = refused
            else:
                column.form = QuickAddForm(page=self, request=request, project=project)
            column.form.auto_id = f"taskdock-add-{column.status.pk}-%s"

    def _move(self, request: HttpRequest) -> Moved:
        task, _colon, status = request.POST.get("move", "").partition(":")
        task_id, status_id = parse_key(task), parse_key(status)
        if task_id is None:
            raise TaskNotFound
        found = None if status_id is None else TaskStatus.objects.filter(pk=status_id).first()
        if found is None:
            raise StatusNotFound
        return move_task(
            actor=actor_of(request),
            task_id=task_id,
            status=found,
            before_id=parse_key(request.POST.get("before", "")),
            after_id=parse_key(request.POST.get("after", "")),
        )

    def _warning(self, request: HttpRequest, task: Task) -> str:
        if not task.status.is_completed:
            return ""
        return blockers_text(actor_of(request), task.pk)

    def _answer(self, request: HttpRequest, said: str, level: int) -> HttpResponse:
        if _wants_json(request):
            kinds = {messages.ERROR: "error", messages.WARNING: "warning"}
            status = _REFUSED if level == messages.ERROR else 200
            return JsonResponse({"said": said, "kind": kinds.get(level, "")}, status=status)
        self.message_user(request, said, level)
        return HttpResponseRedirect(
            self.link_to("board") + self._query(BoardFilters(request, self))
        )


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
