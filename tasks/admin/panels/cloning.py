"""Copying a task through a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import site
from django.contrib.admin.utils import quote
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from tasks.admin.choosing import RowSelect
from tasks.admin.milestones import MilestoneSelect
from tasks.admin.panels.forms import PanelForm
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Visit, needs
from tasks.models import Milestone, Project, Task, TaskStatus
from tasks.services.cloning import clone_task
from tasks.services.tasks import milestone_of

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:  # Django's own classes take no type parameters when they run.
    _Choice = forms.ModelChoiceField


class CloneForm(PanelForm):
    """Where the copy goes, what it is called, and what it takes along."""

    is_once = True

    title = forms.CharField(label=_("Title"), max_length=255)
    project = _Choice(queryset=None, label=_("Project"))
    milestone = _Choice(
        queryset=None,
        label=_("Milestone"),
        required=False,
        help_text=_("Left empty: the default milestone of the project."),
    )
    status = _Choice(queryset=None, label=_("Status"))
    copy_checklist = forms.BooleanField(label=_("Copy the checklist"), required=False)
    copy_files = forms.BooleanField(label=_("Copy the files"), required=False)

    def prepare(self) -> None:
        actor, site = self.visit.actor, self.visit.page.admin_site
        fields: dict[str, Any] = self.fields
        fields["status"].queryset = TaskStatus.objects.all()
        for name, model, select in (
            ("project", Project, RowSelect),
            ("milestone", Milestone, MilestoneSelect),
        ):
            field, column = fields[name], Task._meta.get_field(name)
            field.queryset = model._default_manager.visible_to(actor)
            field.widget = select(column, site, self.visit.request)
            field.widget.is_required = field.required
            field.widget.choices = field.choices


def _clone(visit: Visit, values: Values) -> Task:
    project, milestone = values["project"], values["milestone"]
    if milestone is None:
        milestone = milestone_of(actor=visit.actor, project_id=project.pk, milestone_id=None)
    return clone_task(
        actor=visit.actor,
        task_id=visit.row.pk,
        title=values["title"],
        status=values["status"],
        project=project,
        milestone_id=milestone.pk,
        copy_checklist=values["copy_checklist"],
        copy_files=values["copy_files"],
    )


class ClonePanel(Panel):
    """Makes a copy of a task, and goes on to its page."""

    name = "clone"
    title = _("Clone")
    template = "taskdock/panels/clone.html"
    order = 80
    actions = (
        Action(
            name="clone",
            form=CloneForm,
            allowed=needs("add", Task),
            write=_clone,
            said=_("This is the copy."),
            then=lambda visit, task: visit.page.link_to("change", quote(task.pk)),
        ),
    )

    @property
    def media(self) -> forms.Media:
        # The page's own form has such a select for those alone who may change the task.
        return AutocompleteSelect(Task._meta.get_field("project"), site).media

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("add", Task)

    def context(self, visit: Visit) -> dict[str, Any]:
        task = visit.row
        statuses = TaskStatus.objects.filter(is_default=True)
        initial = {
            "title": task.title,
            "project": task.project_id,
            "milestone": task.milestone_id,
            "status": statuses.values_list("pk", flat=True).first(),
            "copy_checklist": True,
        }
        return {"form": self.form(visit, "clone", initial=initial)}


CLONE = ClonePanel()
