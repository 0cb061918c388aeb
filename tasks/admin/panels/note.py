"""The visitor's own note on a task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.admin.fields import MultilineField
from tasks.admin.panels.forms import PanelForm
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Visit, needs
from tasks.models import TaskNote
from tasks.services.notes import set_note


class NoteForm(PanelForm):
    """The text; empty, the note goes."""

    text = MultilineField(
        label=_("My note"),
        required=False,
        help_text=_("Nobody else reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _set(visit: Visit, values: Values) -> None:
    set_note(actor=visit.actor, task_id=visit.row.pk, text=values["text"])


class NotePanel(Panel):
    """What the visitor noted for themselves."""

    name = "note"
    title = _("My note")
    template = "taskdock/panels/note.html"
    order = 60
    actions = (
        Action(
            name="set",
            form=NoteForm,
            allowed=needs("change", TaskNote),
            write=_set,
            said=_("The note was saved."),
        ),
    )

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", TaskNote)

    def context(self, visit: Visit) -> dict[str, Any]:
        notes = TaskNote.objects.visible_to(visit.actor).filter(task=visit.row)
        text = notes.values_list("text", flat=True).first() or ""
        return {"text": text, "set": self.form(visit, "set", initial={"text": text})}


NOTE = NotePanel()
