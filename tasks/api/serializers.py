"""Tasks on the wire: what goes in under the documented names, and what comes out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.api.objects import TaskObject
from tasks.models import Project, Task, TaskPriority, TaskStatus
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
from tasks.platform.timestamps import day_text, utc_text
from tasks.reads.tasks import TaskRecord
from tasks.services.assignees import positions_of_outsiders
from tasks.services.tasks import check_dates


def task_representation(record: TaskRecord) -> TaskObject:
    """The documented task object."""
    row = record.row
    client_id = row.project__client_id
    return {
        "id": row.id,
        "title": row.title,
        "description": row.description,
        "status": {"id": row.status_id, "title": row.status__title, "color": row.status__color},
        "priority": {
            "id": row.priority_id,
            "title": row.priority__title,
            "color": row.priority__color,
        },
        "active_state": "archived" if row.is_archived else "active",
        "client_visibility": "yes" if row.is_client_visible else "no",
        "billable": "yes" if row.is_billable else "no",
        "project": {"id": row.project_id, "title": row.project__title},
        "client": None
        if client_id is None
        else {"id": client_id, "name": row.project__client__name or ""},
        "milestone": {"id": row.milestone_id, "name": row.milestone__title},
        "dates": {
            "start": day_text(row.start_date),
            "due": day_text(row.due_date),
            "created": utc_text(row.created_at),
            "updated": utc_text(row.updated_at),
        },
        "time_logged": row.time_logged,
        "assigned": [person_representation(person) for person in record.assigned],
        "tags": list(record.tags),
    }


def person_representation(person: Person) -> PersonObject:
    """``{id, name}``."""
    return {"id": person.id, "name": person.name}


def known_person(people: Mapping[Any, Person], user_id: Any) -> PersonObject | None:
    """Who has this id; None for nobody, and for who no longer exists."""
    return person_representation(people[user_id]) if user_id in people else None


def _projects(context: Mapping[str, Any]) -> Any:
    return Project.objects.visible_to(context["actor"])


def _statuses(context: Mapping[str, Any]) -> Any:
    return TaskStatus.objects.all()


def _priorities(context: Mapping[str, Any]) -> Any:
    return TaskPriority.objects.all()


class TaskUpdateSerializer(InputSerializer):
    """``PATCH``: the documented full update; what is optional and left out keeps its value."""

    task_title = TextField(source="title", max_length=TITLE_LENGTH, trim=True)
    task_status = RowField(source="status", rows=_statuses)
    task_priority = RowField(source="priority", rows=_priorities)
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

    task_projectid = RowField(source="project", rows=_projects)


class TaskStatusSerializer(InputSerializer):
    """``PUT .../status``."""

    status = RowField(rows=_statuses)


class _TeamMembersField(ArrayField):
    def wrong_positions(self, values: Sequence[Any]) -> Iterable[int]:
        ids = [value for value in values if value is not None]
        assigned = self.context["assigned_ids"]
        wrong = set(positions_of_outsiders(ids, already_assigned=assigned))
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
    task_status = RowField(source="status", rows=_statuses)
    project_id = RowField(source="project", rows=_projects)
    task_milestoneid = IntegerField(source="milestone_id")
    copy_checklist = SwitchField()
    copy_files = SwitchField()
