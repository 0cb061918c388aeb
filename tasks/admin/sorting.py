"""Lists that are sorted by hand: by dragging a row, or by buttons that need no script."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tasks.actors import Actor
from tasks.admin.base import REFUSALS, actor_of, refusal_of
from tasks.admin.refusals import refusal_text
from tasks.admin.rows import PreparedRows
from tasks.exceptions import TaskdockError
from tasks.people import parse_key

_BUTTON = (
    '<button type="submit" class="taskdock-move" formaction="{}" name="move" value="{}:{}"'
    ' aria-label="{}" title="{}"{}>{}</button>'
)


class SortedByHand(PreparedRows):
    """Lists whose rows are moved by those who may change them.

    A list says ``row:before`` of what is to be moved; nothing after the colon means to the end.
    """

    class Media:
        js = (Script("taskdock/order.js", type="module"),)

    def move_row(self, actor: Actor, pk: int, before: int | None) -> None:
        """Call the service that moves a row."""
        raise NotImplementedError

    def neighbours(self, request: HttpRequest, row: Any) -> QuerySet[Any]:
        """The rows that a row is sorted among, in their order."""
        return self.get_queryset(request).order_by("position", "pk")

    def is_sorted_list(self, request: HttpRequest) -> bool:
        """Whether the list that is asked for is in the order that is made by hand."""
        query = request.GET
        return not (query.get(ORDER_VAR) or query.get(SEARCH_VAR))

    def _offers_order(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.is_sorted_list(request)

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return (*shown, "order") if self._offers_order(request) else shown

    def prepared(self, request: HttpRequest, changelist: ChangeList, rows: list[Any]) -> list[Any]:
        rows = super().prepared(request, changelist, rows)
        # Of a list that goes on elsewhere nobody knows what comes next.
        if self._offers_order(request) and not (changelist.multi_page and not changelist.show_all):
            query = request.GET.urlencode()
            action = f"{self.link_to('move')}?{query}" if query else self.link_to("move")
            for place, row in enumerate(rows):
                up = rows[place - 1].pk if place else None
                down = "" if place + 2 >= len(rows) else rows[place + 2].pk
                row.order_of_list = (action, up, down, place + 1 == len(rows))
        return rows

    @admin.display(description=_("order"))
    def order(self, obj: Any) -> str:
        if not hasattr(obj, "order_of_list"):
            return ""
        action, up, down, is_last = obj.order_of_list
        first_text = gettext("Move up: %(row)s") % {"row": obj}
        last_text = gettext("Move down: %(row)s") % {"row": obj}
        disabled, enabled = mark_safe(" disabled"), ""
        return format_html(
            '<span class="taskdock-order" data-row="{}" data-moves="{}">'
            '<span class="taskdock-grip" data-order-grip hidden aria-hidden="true">⠿</span>{}{}'
            "</span>",
            str(obj.pk),
            action,
            format_html(
                _BUTTON,
                *(action, str(obj.pk), str(up or ""), first_text, first_text),
                disabled if up is None else enabled,
                "↑",
            ),
            format_html(
                _BUTTON,
                *(action, str(obj.pk), str(down), last_text, last_text),
                disabled if is_last else enabled,
                "↓",
            ),
        )

    def get_urls(self) -> list[URLPattern]:
        move = path(
            "move/",
            self.admin_site.admin_view(require_POST(self.move_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_move",
        )
        return [move, *super().get_urls()]

    def move_view(self, request: HttpRequest) -> HttpResponse:
        """Move one row; whoever asks for JSON is told the order as it is then."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row, _colon, before = request.POST.get("move", "").partition(":")
        level = messages.SUCCESS
        try:
            said, keys = self.written(request, lambda: self._move(request, row, before))
        except REFUSALS as error:
            said, keys, level = refusal_text(refusal_of(error)), [], messages.ERROR
        if "application/json" in request.headers.get("Accept", ""):
            status = 409 if level == messages.ERROR else 200
            return JsonResponse({"said": said, "order": keys}, status=status)
        self.message_user(request, said, level)
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{self.link_to('changelist')}?{query}")

    def _move(self, request: HttpRequest, row: str, before: str) -> tuple[str, list[str]]:
        pk, target = _key(row), _key(before) if before else None
        self.move_row(actor_of(request), pk, target)
        moved = self.get_queryset(request).get(pk=pk)
        keys = list(self.neighbours(request, moved).values_list("pk", flat=True))
        text = gettext("“%(row)s” is at place %(place)d of %(count)d now.")
        said = text % {"row": moved, "place": keys.index(pk) + 1, "count": len(keys)}
        return said, [str(key) for key in keys]


def _key(sent: str) -> int:
    pk = parse_key(sent)
    if pk is None:
        raise TaskdockError
    return pk
