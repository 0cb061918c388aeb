from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tasks.actors import Door
from tasks.admin.base import ReadOnlyAdmin, register_once
from tasks.admin.changes import described
from tasks.admin.lists import LATEST, SEARCHES_LATEST, latest
from tasks.models import HistoryEntry

#: How far back the filters look for their choices, so that they cost the same in a long history.
_LATELY = 10_000


class _WordFilter(SimpleListFilter):
    """The words that a column held lately."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        lately = latest(HistoryEntry.objects.order_by(), _LATELY)
        words = lately.values_list(self.parameter_name or "", flat=True)
        return [(word, word) for word in sorted(words.distinct())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(**{self.parameter_name or "": self.value()})


class VerbFilter(_WordFilter):
    """What was done."""

    title = _("action")
    parameter_name = "verb"


class KindFilter(_WordFilter):
    """What it was done to."""

    title = _("kind")
    parameter_name = "subject_type"


class DoorFilter(SimpleListFilter):
    """The way by which it came in."""

    title = _("door")
    parameter_name = "door"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(door.value, door.value) for door in Door]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(door=self.value())


class HistoryEntryAdmin(ReadOnlyAdmin):
    """Everything that happened. Append-only: there is nothing to do here but look."""

    list_display = ("at", "actor_name", "door", "key_name", "verb", "subject_type", "subject_name")
    list_filter = (VerbFilter, DoorFilter, KindFilter)
    search_fields = ("subject_name", "actor_name", "key_name")
    search_latest = LATEST
    search_help_text = SEARCHES_LATEST
    empty_text = _("Whatever is done from now on is listed here.")
    sortable_by = ()
    fields = (
        "at",
        "actor_name",
        "actor_id",
        "door",
        "key_name",
        "verb",
        "subject_type",
        "subject_name",
        "subject_id",
        "what_changed",
    )

    @admin.display(description=_("changes"))
    def what_changed(self, obj: HistoryEntry) -> SafeString:
        return format_html_join("", "<p>{}: {} → {}</p>", described(obj.changes))


def register(site: AdminSite) -> None:
    """Register the history."""
    register_once(site, HistoryEntry, HistoryEntryAdmin)
