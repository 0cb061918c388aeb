"""The forms of panels: what an action is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext

from tasks.admin.refusals import field_name, refusal_text
from tasks.exceptions import Invalid, TaskdockError
from tasks.people import BIGGEST_ID

if TYPE_CHECKING:
    from tasks.admin.panels.panel import Action, Panel
    from tasks.admin.panels.visits import Visit


class PanelForm(forms.Form):
    """The form of an action; a template shows it with ``taskdock/panels/form.html``.

    ``row`` is the key of the row it is about, where a panel shows one such form for each.
    """

    template_name = "taskdock/panels/fields.html"
    #: Sent to look at what it would do: nothing is written, and it is shown again as it was sent.
    is_preview = False
    #: The field whose text is a new row: a script empties it as the form is sent, so that the next
    #: one can be typed while the first is saved.
    empties: ClassVar[str] = ""
    #: Whether it makes something new each time, so that a script must not send it twice.
    is_once: ClassVar[bool] = False

    def __init__(
        self,
        *args: Any,
        visit: Visit,
        panel: Panel,
        action: Action,
        row: Any = None,
        **kwargs: Any,
    ) -> None:
        place = f"{panel.name}-{action.name}" + ("" if row is None else f"-{row}")
        super().__init__(*args, **{"auto_id": f"id_{place}-%s", **kwargs})
        self.visit, self.panel, self.action, self.row_key = visit, panel, action, row
        self.id = f"form-{place}"
        self.url = visit.url(panel.name, action.name)
        if row is not None and "row" in self.fields:
            self.initial["row"] = row
        self.prepare()

    def prepare(self) -> None:
        """Set up what depends on the visit, before anything is checked."""

    def add_refusal(self, error: TaskdockError) -> None:
        """Show a service's error: at its field if it names one of the form, else above it."""
        name = error.field if isinstance(error, Invalid) else ""
        message = refusal_text(error, self._spoken)
        self.add_error(name if name in self.fields else None, message)

    @property
    def refusals(self) -> list[str]:
        """All that was refused, as sentences."""
        said = []
        for name, texts in self.errors.items():
            field = self.fields.get(name)
            shown = name != NON_FIELD_ERRORS and field and not field.widget.is_hidden
            label = f"{self[name].label}: " if shown else ""
            said += [f"{label}{text}" for text in texts]
        return said

    def _spoken(self, name: str) -> str:
        return field_name(str(self[name].label) if name in self.fields else "", name)


class RowForm(PanelForm):
    """A form about one row of what the panel shows; ``row`` is that row once it is clean."""

    row = forms.IntegerField(widget=forms.HiddenInput)

    def rows(self) -> QuerySet[Any]:
        """Which rows it may be about: those of the page's row that the visitor sees."""
        raise NotImplementedError

    def clean_row(self) -> Any:
        key = self.cleaned_data["row"]
        found = self.rows().filter(pk=key).first() if 0 < key <= BIGGEST_ID else None
        if found is None:
            raise ValidationError(gettext("It is no longer there."))
        return found
