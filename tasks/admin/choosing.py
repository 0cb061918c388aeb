"""Choosing rows in a form, from whatever a browser may send for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tasks.admin.lists import SEARCHED
from tasks.admin.numbers import number_in
from tasks.folding import fold
from tasks.models import Task
from tasks.people import storable

#: Of how many rows that a typed text may mean their numbers are told, and how many may be typed.
FOUND = 20

if TYPE_CHECKING:
    _Select = AutocompleteSelect
else:  # It is mixed into one of Django's two, which come after it.
    _Select = object


def is_key(field: Any, value: Any) -> bool:
    """Whether a value that was sent can be a key in this column at all."""
    try:
        return storable(field.to_python(value))
    except ValidationError:
        return False


def page_of(column: Any, site: Any) -> ModelAdmin[Any] | None:
    """The page, on this site, of the rows that a foreign key refers to."""
    try:
        page: ModelAdmin[Any] = site.get_model_admin(column.remote_field.model)
    except NotRegistered:
        return None
    return page


def found_on(
    page: ModelAdmin[Any] | None, request: HttpRequest, rows: QuerySet[Any], text: str
) -> QuerySet[Any]:
    """Those of the rows that a search on their page means; none for who may not see the page."""
    if page is None or not page.has_view_permission(request):
        return rows.none()
    found, is_doubled = page.get_search_results(request, rows, text)
    return found.distinct() if is_doubled else found


class RowChoosing(_Select):
    """Before a select of Django's that searches by a script.

    That fails on a value that can be no key, as ``?project=abc``. And where there is no script, it
    offers nothing: a text beside it takes the number of a row or a part of its name then.
    """

    field: Any
    admin_site: Any
    #: Whether it stands in a form that has no other way without a script.
    is_typed = True
    _typed = ""
    _found: Sequence[Any] = ()

    def __init__(
        self, field: Any, admin_site: Any, request: HttpRequest | None, **kwargs: Any
    ) -> None:
        super().__init__(field, admin_site, **kwargs)
        self.request = request

    def called(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Those of the rows that a text means."""
        if self.request is None:
            return rows.none()
        return found_on(page_of(self.field, self.admin_site), self.request, rows, text)

    def names_of(self, row: Any) -> Iterable[str]:
        """What stands for no other row than this, where it is typed in full."""
        return [str(row)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        self._typed = str(data.get(f"{name}-typed") or "").replace("\x00", "").strip()
        self._found = []
        if not self._typed:
            return value
        if not self.allow_multiple_selected:
            return self._key_of(self._typed)
        typed = list(filter(None, map(str.strip, self._typed.split(","))))
        keys = map(self._key_of, typed) if len(typed) <= FOUND else [self._typed]
        return [*(value or ()), *keys]

    def _key_of(self, text: str) -> str:
        """The key of the one row that is meant; else the text, which the field then refuses."""
        rows = getattr(self.choices, "queryset", None)
        if rows is None or len(text) > SEARCHED:
            return text
        number = number_in(text) if rows.model is Task else None
        key = text if number is None else str(number)
        if is_key(self.field.target_field, key) and rows.filter(pk=key).exists():
            return key
        found = list(self.called(rows, text)[: FOUND + 1])
        exact = [row for row in found if fold(text) in map(fold, self.names_of(row))]
        if len(exact or found) == 1:
            return str((exact or found)[0].pk)
        self._found = [*self._found, *found[:FOUND]]
        return text

    def use_required_attribute(self, initial: Any) -> bool:
        # A browser would not send the form, whatever is typed.
        return False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        select = super().render(name, value, attrs, renderer)
        if not self.is_typed:
            return select
        own_id = f"{(attrs or {}).get('id', name)}-typed"
        label_of = getattr(getattr(self.choices, "field", None), "label_from_instance", str)
        meant = format_html_join("; ", "{}: {}", ((row.pk, label_of(row)) for row in self._found))
        return format_html(
            '{}<noscript><span class="taskdock-typed"><label for="{}">{}</label> '
            '<input type="text" id="{}" name="{}" value="{}">{}</span></noscript>',
            select,
            own_id,
            gettext("Numbers or parts of names, with commas between")
            if self.allow_multiple_selected
            else gettext("Number, or part of the name"),
            own_id,
            f"{name}-typed",
            self._typed,
            format_html(" <span>{} {}</span>", gettext("Which one?"), meant) if meant else "",
        )

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        key = self.field.target_field
        return super().optgroups(name, [one for one in value if is_key(key, one)], attr)


class RowSelect(RowChoosing, AutocompleteSelect):
    """Searches the rows of a table and shows the chosen one."""
