"""Lists of rows that cost the same however many rows there are."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.text import capfirst, format_lazy, smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tasks.admin.moments import shown, tell_moments
from tasks.admin.numbers import led
from tasks.admin.outages import answering
from tasks.admin.places import Frame
from tasks.folding import fold
from tasks.matching import holds_alike
from tasks.people import parse_integer

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _Paginator = Paginator[Any]
else:  # Django's own classes take no type parameters when they run.
    _ModelAdmin = admin.ModelAdmin
    _Paginator = Paginator

#: How many rows are counted from the page that is shown, before it only says that there are more.
COUNTED = 10_000
#: How far a list is paged through: past this row it is sorted the other way round, or narrowed.
REACHED = 1_000_000
#: How many rows one action takes: their keys must fit into a form (Django reads 1,000 fields).
ACTED_ON = 500
#: How many rows are searched of a table whose texts no index searches, and what its page says.
LATEST = 50_000
SEARCHES_LATEST = format_lazy(_lazy("Searches the latest {count} of them."), count=f"{LATEST:,}")
#: How many characters one searches for: each word is a condition, and no database takes any number.
SEARCHED = 500


def _words(text: str) -> Iterator[str]:
    """What of a search must each be found, as Django's searches read it."""
    for word in smart_split(text):
        if word.startswith(('"', "'")) and word[0] == word[-1] and len(word) > 1:
            yield unescape_string_literal(word)
        else:
            yield word


class MoreThan(int):
    """A number of rows of which only is known that there are more; shown as such."""

    def __str__(self) -> str:
        return _("more than %(count)s") % {"count": number_format(int(self))}


def is_searchable(text: str) -> bool:
    """Whether a database can be asked for it; nothing is called what it can't be asked for."""
    return "\x00" not in text and len(text) <= SEARCHED


def count_of(rows: QuerySet[Any], limit: int = COUNTED) -> int:
    """How many rows there are; where they are more than ``limit``, that."""
    found: int = rows.order_by().values("pk")[: limit + 1].count()
    return MoreThan(limit) if found > limit else found


def latest(rows: QuerySet[Any], number: int) -> QuerySet[Any]:
    """Those of the rows that are among the latest ``number`` of their table."""
    keys = rows.model._base_manager.order_by("-pk").values_list("pk", flat=True)
    before = keys[number : number + 1].first()
    return rows if before is None else rows.filter(pk__gt=before)


class BoundedPaginator(_Paginator):
    """Pages of rows that are counted only so far as their reader could want to go on."""

    def __init__(
        self, *args: Any, number: int = 1, first: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        #: The key of the row that leads the first page, in whatever order the others are.
        self.first = first

    @cached_property
    def count(self) -> int:
        """The exact number, or ``MoreThan`` some ten thousand past the page asked for."""
        passed = min((self.number - 1) * self.per_page, REACHED)
        return count_of(self.object_list, passed + COUNTED)  # type: ignore[arg-type]  # of querysets alone

    def page(self, number: int | str) -> Page[Any]:
        """A page; past the first one its keys are looked up before its rows.

        The rows that are skipped are then neither joined nor read.
        """
        page = super().page(number)
        if page.number > 1:
            rows: Any = page.object_list
            keys = list(rows.values_list("pk", flat=True))
            page.object_list = self.object_list.filter(pk__in=keys)  # type: ignore[attr-defined]  # of querysets alone
        page.object_list = self.led(page.object_list, page.number)
        return page

    def led(self, rows: Any, number: int) -> Any:
        """The rows of the page of this number, with the row that leads them all in its place."""
        if self.first is None:
            return rows
        return led(rows, self.first, self.object_list if number == 1 else None)  # type: ignore[arg-type]  # of querysets alone

    def get_elided_page_range(self, *args: Any, **kwargs: Any) -> Iterator[str | int]:
        """As Django's; where more pages follow than are known, it ends in dots."""
        yield from super().get_elided_page_range(*args, **kwargs)
        if isinstance(self.count, MoreThan):
            yield str(self.ELLIPSIS)


class BoundedChangeList(ChangeList):
    """A list that knows whether it has counted all of its rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_popup:
            # "Select task to change" is what one does in a window to choose from.
            self.title = capfirst(str(self.opts.verbose_name_plural))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.is_bounded = isinstance(self.result_count, MoreThan)
        if not self.result_count:
            # What was not found isn't looked for again.
            self.result_list = self.queryset.none()
        elif isinstance(self.result_list, QuerySet):
            # Django takes the rows of an only page past the paginator.
            self.result_list = self.paginator.led(self.result_list, 1)

    @property
    def for_actions(self) -> BoundedChangeList:
        """This list as its actions see it: all of its rows are offered where it has few."""
        if self.result_count <= ACTED_ON:
            return self
        page = copy.copy(self)
        page.result_count = len(self.result_list)
        return page


class BoundedLists(_ModelAdmin):
    """Lists and searches that never count or read a whole table to show a page.

    Searches are of folded columns, which the term is folded for, or else of the latest rows alone:
    ``search_latest`` says of how many. All disregard case, and composed and decomposed forms.
    """

    show_full_result_count = False
    #: Django's counts beside the filters would each count the table.
    show_facets = ShowFacets.NEVER
    change_list_template = "taskdock/change_list.html"
    search_latest: int | None = None
    #: What a list without rows says of where they come from.
    empty_text: Any = ""
    change_form_template = "taskdock/change_form.html"
    delete_confirmation_template = "taskdock/delete_confirmation.html"
    delete_selected_confirmation_template = "taskdock/delete_selected_confirmation.html"

    class Media:
        css = {"all": ["taskdock/places.css"]}

    @property
    def urls(self) -> list[URLPattern]:
        """As Django's; each page answers an outage of the database by words."""
        patterns: list[Any] = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = answering(pattern.callback)
        return patterns

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"frame": Frame(request, self.admin_site), **(extra_context or {})}
        return super().changelist_view(request, context)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context["frame"] = Frame(request, self.admin_site)
        response: HttpResponse = super().render_delete_form(request, context)
        return response

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        response = super().response_action(request, queryset, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data.setdefault("frame", Frame(request, self.admin_site))
        return response

    def get_list_display(self, request: HttpRequest) -> Any:
        return [shown(self.model, name) for name in super().get_list_display(request)]

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return [shown(self.model, name) for name in super().get_sortable_by(request)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        tell_moments(context["adminform"], self.model)
        context["frame"] = Frame(request, self.admin_site)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BoundedChangeList

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> BoundedPaginator:
        return BoundedPaginator(
            queryset, per_page, orphans, allow_empty_first_page, number=page_asked_for(request)
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not is_searchable(search_term):
            return queryset.none(), False
        if search_term and self.search_latest is not None:
            queryset = latest(queryset, self.search_latest)
        fields = self.get_search_fields(request)
        if all("folded_" in field for field in fields):
            return super().get_search_results(request, queryset, fold(search_term))
        if not all(map(str.isidentifier, fields)):
            # Lookups that a site's own page has chosen.
            return super().get_search_results(request, queryset, search_term)
        for word in _words(search_term):
            queryset = queryset.filter(reduce(or_, (holds_alike(field, word) for field in fields)))
        return queryset, False


class ArchivedColumn(BoundedLists):
    """Lists that say of a row that it is archived only where some that are shown may be."""

    #: The filter by state; ``beside_active`` are its values that show archived rows.
    state_filter: Any

    def get_list_display(self, request: HttpRequest) -> Any:
        state = request.GET.get(self.state_filter.parameter_name)
        columns = super().get_list_display(request)
        if state in self.state_filter.beside_active:
            return columns
        return [column for column in columns if column != "archived"]


def page_asked_for(request: HttpRequest) -> int:
    """The number of the page: lists and histories call it ``p``, the search of a form ``page``."""
    asked = parse_integer(request.GET.get(PAGE_VAR) or request.GET.get("page"))
    return min(max(asked or 1, 1), REACHED)
