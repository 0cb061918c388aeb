"""Tasks on the wire: what goes in under the documented names, and what comes out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.models import Task
from tasks.models.tags import TAG_LENGTH
from tasks.models.tasks import TITLE_LENGTH
from tasks.people import Person
from tasks.platform.fields import (
    ArrayField,
    DateField,
    InputSerializer,
    IntegerField,
    RowField,
    SwitchField,
    TextField,
    UserIdField,
)
from tasks.platform.parsers import as_form
from tasks.platform.shapes import PersonObject
from tasks.reads import seen
from tasks.services.assignees import positions_of_outsiders
from tasks.services.tasks import check_dates


def person_representation(person: Person) -> PersonObject:
    """``{id, name}``."""
    return {"id": person.id, "name": person.name}


def known_person(people: Mapping[Any, Person], user_id: Any) -> PersonObject | None:
    """Who has this id; None for nobody, and for who no longer exists."""
    return person_representation(people[user_id]) if user_id in people else None


class TaskUpdateSerializer(InputSerializer):
    """``PATCH``: the documented full update; what is optional and left out keeps its value."""

    task_title = TextField(source="title", max_length=TITLE_LENGTH, trim=True)
    task_status = RowField(source="status", rows=seen.statuses)
    task_priority = RowField(source="priority", rows=seen.priorities)
    task_milestoneid = IntegerField(source="milestone_id", required=False, allow_null=True)
    task_date_start = DateField(source="start_date", required=False, allow_null=True)
    task_date_due = DateField(source="due_date", required=False, allow_null=True)
    task_description = TextField(source="description", required=False, allow_null=True)
    task_client_visibility = SwitchField(source="is_client_visible")
    task_billable = SwitchField(source="is_billable")

    def cross_check(self, values: dict[str, Any]) -> None:
        """The dates as they will be: sent, or else stored; one that was sent wrong is neither."""
        stored: Task | None = self.context.get("task")
        sent = as_form(self.initial_data)
        dates = {
            source: values.get(source) if name in sent else getattr(stored, source, None)
            for name, source in (("task_date_start", "start_date"), ("task_date_due", "due_date"))
        }
        check_dates(**dates)


class TaskCreateSerializer(TaskUpdateSerializer):
    """``POST``: as an update, into a project."""

    task_projectid = RowField(source="project", rows=seen.projects)


class TaskStatusSerializer(InputSerializer):
    """``PUT .../status``."""

    status = RowField(rows=seen.statuses)


class _TeamMembersField(ArrayField):
    def wrong_positions(self, values: Sequence[Any]) -> Iterable[int]:
        ids = [value for value in values if value is not None]
        actor, assigned = self.context["actor"], self.context["assigned_ids"]
        wrong = set(positions_of_outsiders(ids, actor=actor, already_assigned=assigned))
        outsiders = {ids[position] for position in wrong}
        return [position for position, value in enumerate(values) if value in outsiders]


class AssignedSerializer(InputSerializer):
    """The full set of who works on something; its context has who does so already."""

    assigned = _TeamMembersField(source="user_ids", item=UserIdField())


class TagsSerializer(InputSerializer):
    """``PUT .../tags``: the full set, of whatever is tagged."""

    tags = ArrayField(source="names", item=TextField(max_length=TAG_LENGTH, trim=True))


class TaskCloneSerializer(InputSerializer):
    """``POST .../clone``. Nothing is there yet that the two switches could copy."""

    task_title = TextField(source="title", max_length=TITLE_LENGTH, trim=True)
    task_status = RowField(source="status", rows=seen.statuses)
    project_id = RowField(source="project", rows=seen.projects)
    task_milestoneid = IntegerField(source="milestone_id")
    copy_checklist = SwitchField()
    copy_files = SwitchField()
