"""Choosing rows in a form, from whatever a browser may send for one."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tasks.people import storable

#: Of how many rows that a typed text may mean their numbers are told.
FOUND = 20


def is_key(field: Any, value: Any) -> bool:
    """Whether a value that was sent can be a key in this column at all."""
    try:
        return storable(field.to_python(value))
    except ValidationError:
        return False


class RowChoosing:
    """Before a select of Django's that searches by a script.

    That fails on a value that can be no key, as ``?project=abc``. And where there is no script, it
    offers nothing: a text beside it takes the number of a row or a part of its name then.
    """

    field: Any
    admin_site: Any
    choices: Any
    allow_multiple_selected: bool
    #: Whether it stands in a form that has no other way without a script.
    is_typed = True
    _typed = ""
    _found: Sequence[Any] = ()

    def called(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Those of the rows that a text means: by the columns that their page searches."""
        page = self.admin_site.get_model_admin(self.field.remote_field.model)
        found = Q()
        for column in page.search_fields:
            is_folded = column.endswith("__contains")
            lookup = column if is_folded else f"{column.lstrip('^=@')}__icontains"
            found |= Q(**{lookup: text.casefold() if is_folded else text})
        return rows.filter(found) if found else rows.none()

    def names_of(self, row: Any) -> Iterable[str]:
        """What stands for no other row than this, where it is typed in full."""
        return [str(row)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)  # type: ignore[misc]  # of the select it is mixed into
        self._typed = str(data.get(f"{name}-typed") or "").replace("\x00", "").strip()
        self._found = []
        if not self._typed:
            return value
        if not self.allow_multiple_selected:
            return self._key_of(self._typed)
        typed = filter(None, map(str.strip, self._typed.split(",")))
        return [*(value or ()), *map(self._key_of, typed)]

    def _key_of(self, text: str) -> str:
        """The key of the one row that is meant; else the text, which the field then refuses."""
        rows = getattr(self.choices, "queryset", None)
        if rows is None or (is_key(self.field.target_field, text) and rows.filter(pk=text)):
            return text
        found = list(self.called(rows, text)[: FOUND + 1])
        exact = [row for row in found if text.casefold() in map(str.casefold, self.names_of(row))]
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
        select: SafeString = super().render(name, value, attrs, renderer)  # type: ignore[misc]  # as above
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
        kept = [one for one in value if is_key(key, one)]
        return super().optgroups(name, kept, attr)  # type: ignore[misc]  # of the select it is mixed into


class RowSelect(RowChoosing, AutocompleteSelect):
    """Searches the rows of a table and shows the chosen one."""
