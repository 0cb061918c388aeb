"""Who works on tasks, and their tags: added to what is there, or taken from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.admin.bulk import BulkAction, BulkForm, Change, Plan
from tasks.admin.fields import TagsField, format_tags
from tasks.admin.people import PeopleField, by_login, search_where_many
from tasks.folding import normal
from tasks.models import Tag, Task, TaskAssignee, TaskTag
from tasks.people import members_visible_to, person_name, users
from tasks.services import assignees, tagging


class AssignForm(BulkForm):
    """Offers whom one may assign: listed, or searched for where they are many."""

    assigned = PeopleField(
        queryset=None, label=_("Team members"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = members_visible_to(self.actor)
        field: Any = self.fields["assigned"]
        field.queryset = by_login(people)
        search_where_many(field, people, self.page.link_to("people", "assigned"))


class UnassignForm(BulkForm):
    """Offers those who are assigned to one of the tasks."""

    assigned = PeopleField(
        queryset=None, label=_("Team members"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = TaskAssignee.objects.filter(task__in=[task.pk for task in self.rows])
        field: Any = self.fields["assigned"]
        field.queryset = by_login(users().filter(pk__in=rows.values("user_id")))


class _People(BulkAction):
    def load(self) -> None:
        prefetch_related_objects(list(self.rows), "assignees__user")

    def wanted(self, now: set[Any]) -> set[Any]:
        raise NotImplementedError

    def plan(self, task: Task) -> Plan:
        people = {row.user_id: row.user for row in task.assignees.all()}
        people |= {user.pk: user for user in self.values["assigned"]}
        now = {row.user_id for row in task.assignees.all()}
        wanted = self.wanted(now)
        if wanted == now:
            return None
        return Change(*(_names(people[pk] for pk in sorted(keys)) for keys in (now, wanted)))

    def write(self, task: Task) -> None:
        wanted = self.wanted({row.user_id for row in task.assignees.all()})
        assignees.set_assignees(actor=self.actor, task_id=task.pk, user_ids=sorted(wanted))

    @property
    def chosen(self) -> set[Any]:
        return {user.pk for user in self.values["assigned"]}


class Assign(_People):
    """Adds people to those who are assigned."""

    name = "assign"
    label = _("Assign people to selected tasks")
    form = AssignForm

    def wanted(self, now: set[Any]) -> set[Any]:
        return now | self.chosen


class Unassign(_People):
    """Takes people from those who are assigned."""

    name = "unassign"
    label = _("Take people off selected tasks")
    form = UnassignForm

    def wanted(self, now: set[Any]) -> set[Any]:
        return now - self.chosen


class AddTagsForm(BulkForm):
    tags = TagsField(required=True)


class RemoveTagsForm(BulkForm):
    """Offers the tags that the tasks have."""

    tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(), label=_("Tags"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = TaskTag.objects.filter(content_object__in=[task.pk for task in self.rows])
        field: Any = self.fields["tags"]
        field.queryset = Tag.objects.filter(pk__in=rows.values("tag_id")).order_by("name")


class _Tags(BulkAction):
    def load(self) -> None:
        prefetch_related_objects(list(self.rows), "task_tags__tag")

    def wanted(self, now: set[str]) -> set[str]:
        raise NotImplementedError

    def plan(self, task: Task) -> Plan:
        now = _tags_of(task)
        wanted = self.wanted(now)
        if wanted == now:
            return None
        return Change(*(format_tags(sorted(names)) or _none() for names in (now, wanted)))

    def write(self, task: Task) -> None:
        names = sorted(self.wanted(_tags_of(task)))
        tagging.set_tags(actor=self.actor, task_id=task.pk, names=names)


class AddTags(_Tags):
    """Adds tags; those that don't exist are made."""

    name = "add_tags"
    label = _("Add tags to selected tasks")
    form = AddTagsForm

    def wanted(self, now: set[str]) -> set[str]:
        there = set(map(normal, now))
        return now | {name for name in self.values["tags"] if normal(name) not in there}


class RemoveTags(_Tags):
    """Takes tags away."""

    name = "remove_tags"
    label = _("Remove tags from selected tasks")
    form = RemoveTagsForm

    def wanted(self, now: set[str]) -> set[str]:
        return now - {tag.name for tag in self.values["tags"]}


def _tags_of(task: Task) -> set[str]:
    return {row.tag.name for row in task.task_tags.all()}


def _names(people: Any) -> str:
    return ", ".join(map(person_name, people)) or _none()


def _none() -> str:
    return gettext("none")
