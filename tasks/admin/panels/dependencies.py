"""What a task waits for, and what waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.admin.choosing import RowSelect
from tasks.admin.panels.forms import PanelForm, RowForm
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Visit, needs
from tasks.models import Task, TaskDependency
from tasks.reads.dependencies import Links, links_of
from tasks.services.dependencies import add_dependency, remove_dependency

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:  # Django's own classes take no type parameters when they run.
    _Choice = forms.ModelChoiceField


class OtherTaskForm(PanelForm):
    """Another task, searched by its title."""

    task = _Choice(queryset=None, label=_("Task"))

    def prepare(self) -> None:
        field: Any = self.fields["task"]
        column: Any = TaskDependency._meta.get_field("blocker")
        field.queryset = Task.objects.visible_to(self.visit.actor)
        field.widget = RowSelect(column, self.visit.page.admin_site, self.visit.request)
        field.widget.is_required = field.required
        field.widget.choices = field.choices


class LinkForm(RowForm):
    """One of the task's dependencies, on either side."""

    def rows(self) -> QuerySet[Any]:
        either = Q(blocked=self.visit.row) | Q(blocker=self.visit.row)
        return TaskDependency.objects.visible_to(self.visit.actor).filter(either)


def _may_add(visit: Visit) -> bool:
    # A task is searched by a widget of the page's form, which is there for who may change it.
    return visit.may("add", TaskDependency) and visit.may("change", Task)


def _add_blocker(visit: Visit, values: Values) -> None:
    add_dependency(actor=visit.actor, task_id=visit.row.pk, blocker_id=values["task"].pk)


def _add_blocked(visit: Visit, values: Values) -> None:
    add_dependency(actor=visit.actor, task_id=values["task"].pk, blocker_id=visit.row.pk)


def _remove(visit: Visit, values: Values) -> None:
    row = values["row"]
    remove_dependency(actor=visit.actor, task_id=row.blocked_id, blocker_id=row.blocker_id)


class DependenciesPanel(Panel):
    """The dependencies of a task."""

    name = "dependencies"
    title = _("Dependencies")
    template = "taskdock/panels/dependencies.html"
    order = 50
    touches = ("history",)
    actions = (
        Action(
            name="add-blocker",
            form=OtherTaskForm,
            allowed=_may_add,
            write=_add_blocker,
            said=_("The dependency was added."),
        ),
        Action(
            name="add-blocked",
            form=OtherTaskForm,
            allowed=_may_add,
            write=_add_blocked,
            said=_("The dependency was added."),
        ),
        Action(
            name="remove",
            form=LinkForm,
            allowed=needs("delete", TaskDependency),
            write=_remove,
            said=_("The dependency was removed."),
        ),
    )

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", TaskDependency)

    def context(self, visit: Visit) -> dict[str, Any]:
        blockers, blocked = links_of(visit.actor, visit.row.pk)
        may_add, may_remove = _may_add(visit), visit.may("delete", TaskDependency)
        return {
            "sides": [
                {
                    "name": name,
                    "title": title,
                    "none": none,
                    "add_label": add_label,
                    "links": self._shown(visit, side, may_remove=may_remove),
                    "has_more": side.has_more,
                    "add": self.form(visit, f"add-{name}") if may_add else None,
                }
                for name, title, none, add_label, side in (
                    (
                        "blocker",
                        _("Waits for"),
                        _("It waits for no task."),
                        _("Let it wait for this task"),
                        blockers,
                    ),
                    (
                        "blocked",
                        _("Blocks"),
                        _("No task waits for it."),
                        _("Let this task wait for it"),
                        blocked,
                    ),
                )
            ]
        }

    def _shown(self, visit: Visit, side: Links, *, may_remove: bool) -> list[dict[str, Any]]:
        return [
            {
                "task": link.task,
                "url": visit.page.link_to("change", link.task.pk),
                "remove": self.form(visit, "remove", row=link.id) if may_remove else None,
            }
            if link.task is not None
            else {"task": None}
            for link in side.links
        ]


DEPENDENCIES = DependenciesPanel()
