"""Deleting what tasks belong to: only once it was said what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.admin.base import ServiceModelAdmin
from tasks.admin.lists import count_of
from tasks.admin.permissions import may
from tasks.models import Milestone, Task
from tasks.querysets import is_narrowed

MOVE, DELETE = "move", "delete"


class TasksGoAlong(forms.Form):
    """For what takes its tasks along: that they are meant to go."""

    with_tasks = forms.BooleanField()

    def __init__(self, label: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with_tasks"].label = label


class WhereTasksGo(forms.Form):
    """For milestones: whether their tasks move to another one, or go along."""

    tasks = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self, choices: Mapping[str, str], others: QuerySet[Any] | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tasks"]
        field.choices = list(choices.items())
        field.label = _("Their tasks")
        field.initial = next(iter(choices))
        if others is not None and MOVE in choices:
            target: Any = forms.ModelChoiceField(
                others, label=_("Move them to"), empty_label=None, required=False
            )
            target.initial = others.filter(is_default=True).first()
            self.fields["move_to"] = target


class ChosenDeletion(ServiceModelAdmin):
    """Pages that ask, before they delete, what becomes of the tasks."""

    delete_confirmation_template = "taskdock/chosen_delete_confirmation.html"
    delete_selected_confirmation_template = "taskdock/chosen_delete_selected_confirmation.html"

    def tasks_of(self, objs: Any) -> QuerySet[Any]:
        """All tasks of these rows, whoever may see them."""
        raise NotImplementedError

    def deletion_form(self, request: HttpRequest, objs: Any) -> forms.Form | None:
        """What is asked about the tasks of these rows; None where nobody here may answer it."""
        raise NotImplementedError

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        shown, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if protected or lacking or not self.tasks_of(objs).exists():
            return shown, counts, lacking, protected
        form = self.deletion_form(request, objs)
        if form is None:
            lacking.add(str(Task._meta.verbose_name))
            return shown, counts, lacking, protected
        request.taskdock_deletion = form  # type: ignore[attr-defined]  # read when it is deleted
        # As long as it isn't answered, nothing is deleted.
        return shown, counts, lacking, [] if form.is_bound and form.is_valid() else shown

    def answer(self, request: HttpRequest) -> dict[str, Any]:
        """What was said about the tasks; nothing where there are none."""
        form = getattr(request, "taskdock_deletion", None)
        return {} if form is None else form.cleaned_data

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context["deletion_form"] = getattr(request, "taskdock_deletion", None)
        if context["deletion_form"] is not None:
            context["title"] = _("Delete")
        response: HttpResponse = super().render_delete_form(request, context)
        return response

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        response = super().response_action(request, queryset, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            form = getattr(request, "taskdock_deletion", None)
            response.context_data.setdefault("deletion_form", form)
        return response

    def data_of(self, request: HttpRequest) -> Any:
        """What a form about tasks was answered with: None before it was shown."""
        return request.POST if "post" in request.POST and "asked" in request.POST else None

    def counted(self, objs: Any) -> int | None:
        """How many tasks these rows have, as far as it is counted and may be told."""
        return None if is_narrowed() else count_of(self.tasks_of(objs))

    def may(self, request: HttpRequest, verb: str) -> bool:
        """Whether somebody may change, or delete, tasks at all."""
        return may(request, verb, Task, self.admin_site)


class MilestoneDeletion(ChosenDeletion):
    """Deleting milestones: their tasks move within the project, or go along."""

    def tasks_of(self, objs: Any) -> QuerySet[Any]:
        return Task._base_manager.filter(milestone__in=[obj.pk for obj in objs])

    def deletion_form(self, request: HttpRequest, objs: Any) -> forms.Form | None:
        count, single = self.counted(objs), len(objs) == 1
        choices: dict[str, str] = {}
        if self.may(request, "change"):
            choices[MOVE] = self._move_label(count, single=single)
        if self.may(request, "delete"):
            choices[DELETE] = _("Delete them too; this can't be undone")
        if not choices:
            return None
        others = None
        if single:
            siblings = Milestone.objects.filter(project_id=objs[0].project_id)
            visible: Any = self.get_queryset(request).filter(pk__in=siblings.values("pk"))
            others = visible.exclude(pk=objs[0].pk).order_by("position", "pk")
        return WhereTasksGo(choices, others, self.data_of(request))

    def _move_label(self, count: int | None, *, single: bool) -> str:
        if not single:
            return _("Move them to the default milestones of their projects")
        if count is None:
            return _("Move its tasks to another milestone of the project")
        text = ngettext(
            "Move its %(count)s task to another milestone of the project",
            "Move its %(count)s tasks to another milestone of the project",
            count,
        )
        return text % {"count": count}


class ProjectDeletion(ChosenDeletion):
    """Deleting projects: their tasks go along, which has to be said."""

    def tasks_of(self, objs: Any) -> QuerySet[Any]:
        return Task._base_manager.filter(project__in=[obj.pk for obj in objs])

    def deletion_form(self, request: HttpRequest, objs: Any) -> forms.Form | None:
        if not self.may(request, "delete"):
            return None
        count = self.counted(objs)
        if count is None:
            label = _("Yes, delete all tasks with it; this can't be undone")
        else:
            text = ngettext(
                "Yes, delete %(count)s task with it; this can't be undone",
                "Yes, delete %(count)s tasks with it; this can't be undone",
                count,
            )
            label = text % {"count": count}
        return TasksGoAlong(label, self.data_of(request))
