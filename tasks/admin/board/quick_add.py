"""Adding a task at the foot of a column."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.admin.base import actor_of, visible
from tasks.admin.choosing import RowSelect
from tasks.admin.refusals import refusal_text
from tasks.exceptions import Invalid, TaskdockError
from tasks.models import Project, Task, TaskPriority, TaskStatus
from tasks.models.tasks import TITLE_LENGTH
from tasks.services.tasks import create_task


class QuickAddForm(forms.Form):
    """A title, and the project unless the board is of one."""

    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    project = forms.ModelChoiceField(queryset=Project._base_manager.none(), label=_("Project"))
    status = forms.ModelChoiceField(
        queryset=TaskStatus._base_manager.all(), widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, page: Any, request: HttpRequest, project: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self.preset = project
        field: Any = self.fields["project"]
        field.widget = RowSelect(Task._meta.get_field("project"), page.admin_site, request)
        field.queryset = visible(Project.objects.filter(is_archived=False), request)
        field.widget.choices = field.choices
        if project is not None:
            field.widget = forms.HiddenInput()
            self.initial["project"] = project.pk

    def save(self) -> Task:
        """Add the task, with the default priority and the project's default milestone."""
        values = self.cleaned_data
        priority = TaskPriority.objects.filter(is_default=True).first()
        if priority is None:
            priority = TaskPriority.objects.order_by("position", "pk")[:1].get()
        return create_task(
            actor=actor_of(self._request),
            project=values["project"],
            title=values["title"],
            status=values["status"],
            priority=priority,
        )

    def named_errors(self, name: str) -> list[str]:
        """The errors of a field as they read away from it: with its label, but for the title's."""
        texts = [str(text) for text in self.errors[name]]
        if name not in self.fields or name == "title":
            return texts
        return [f"{self[name].label}: {text}" for text in texts]

    def add_refusal(self, error: TaskdockError) -> None:
        """Show what the service refused: at its field, or at the title."""
        named = error.field if isinstance(error, Invalid) else ""
        self.add_error(named if named in self.fields else "title", refusal_text(error))
