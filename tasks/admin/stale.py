"""Forms that somebody else was faster with: what changed since the page was loaded, and by whom.

A page sends back what it showed, hidden beside each field. A field that its reader changed and
somebody else changed too is refused once: both values are shown, and saving again decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tasks.admin.changes import Told, told
from tasks.admin.fields import unix_lines
from tasks.models import HistoryEntry

if TYPE_CHECKING:
    from tasks.admin.base import ServiceForm

#: Names the fields in which the other value is taken.
THEIRS = "_theirs"
#: How many of the newest entries of a row's history are searched for who it was.
SEARCHED = 100


class Conflict(NamedTuple):
    """A field that two changed: what it is now, and the message that says so."""

    name: str
    message: SafeString


def take_theirs(form: ServiceForm) -> None:
    """Fill in what the row has where that was chosen, and what a browser can't send of a page.

    A field of several rows that showed none sends nothing, which Django would later take for what
    was chosen.
    """
    sent: Any = form.data
    data = form.data = sent.copy()
    chosen = data.getlist(THEIRS)
    for name, field in form.fields.items():
        if not field.show_hidden_initial:
            continue
        shown = form[name].html_initial_name
        if issubclass(field.hidden_widget, forms.MultipleHiddenInput):
            data.setlist(shown, data.getlist(shown))
        if name in chosen and form.instance.pk is not None:
            _fill_in(form, form[name].html_name, name)
            _fill_in(form, shown, name)


def conflicts_of(form: ServiceForm) -> Iterator[Conflict]:
    """The fields that were changed here and elsewhere, to something else.

    What the form shows from now on is what the row has: saved again, it goes through.
    """
    data: Any = form.data
    if not any(form[name].html_initial_name in data for name in form.fields):
        return
    lately: list[HistoryEntry] | None = None
    for name in form.changed_data:
        field, bound = form.fields[name], form[name]
        if not field.show_hidden_initial or bound.html_initial_name not in data:
            continue
        if not _differs(field, _shown(form, name), bound.initial):
            continue
        if not _differs(field, bound.initial, bound.data):
            continue
        if lately is None:
            lately = _lately(form)
        entry = next((one for one in lately if name in one.changes), None)
        _fill_in(form, bound.html_initial_name, name)
        yield Conflict(name, _message(form, name, entry))


def _shown(form: ServiceForm, name: str) -> Any:
    """What the page had shown."""
    field, bound = form.fields[name], form[name]
    widget = field.hidden_widget()
    value = widget.value_from_datadict(form.data, form.files, bound.html_initial_name)
    try:
        return field.to_python(value)
    except ValidationError:
        return value


def _differs(field: forms.Field, before: Any, after: Any) -> bool:
    before, after = (
        unix_lines(value) if isinstance(value, str) else value for value in (before, after)
    )
    return field.has_changed(before, after)


def _fill_in(form: ServiceForm, key: str, name: str) -> None:
    """Put what the row has into what was sent, as a browser sends it."""
    data: Any = form.data
    field, present = form.fields[name], form[name].initial
    value = field.prepare_value(present)
    if isinstance(value, list | tuple):
        data.setlist(key, [str(one) for one in value])
    elif isinstance(field, forms.BooleanField) and key == form[name].html_name and not value:
        data.pop(key, None)
    else:
        data.setlist(key, ["" if value is None else str(value)])


def _lately(form: ServiceForm) -> list[HistoryEntry]:
    kind, pk = form.instance._meta.model_name, form.instance.pk
    entries = HistoryEntry.objects.visible_to(form.actor).filter(subject_type=kind, subject_id=pk)
    return list(entries.order_by("-id")[:SEARCHED])


def _message(form: ServiceForm, name: str, entry: HistoryEntry | None) -> SafeString:
    by: Told | None = None if entry is None else told(entry, type(form.instance))
    context = {
        "by": by,
        "theirs": _worded(form.fields[name], form[name].initial),
        "choice": THEIRS,
        "name": name,
        "id": f"{form[name].auto_id}_theirs",
    }
    return render_to_string("taskdock/stale.html", context)


def _worded(field: Any, value: Any) -> str:
    """A value as its reader knows it."""
    if hasattr(field, "worded"):
        return str(field.worded(value))
    if isinstance(field, forms.ModelMultipleChoiceField):
        rows = field.queryset.filter(pk__in=list(value or ()))  # type: ignore[union-attr]  # of a form that is in use
        return ", ".join(field.label_from_instance(row) for row in rows) or _("nothing")
    if isinstance(field, forms.ModelChoiceField):
        row = None if value is None else field.queryset.filter(pk=value).first()  # type: ignore[union-attr]  # as above
        return _("nothing") if row is None else str(field.label_from_instance(row))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return str(localize(value))
    return str(value) if value not in (None, "") else _("nothing")
