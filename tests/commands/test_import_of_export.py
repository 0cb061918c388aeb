"""Export CSV, then ``taskdock_import``: the same tasks, on this site and on another."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.actors import Actor
from tasks.models import Client as Customer
from tasks.models import Project, Task, TaskPriority, TaskStatus
from tasks.services.bulk import add_tasks
from tasks.services.new_tasks import NOBODY, NewTask
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
EXPORT = "/admin/taskdock/task/export/?is_archived__exact=all&o=1"


@pytest.fixture
def export(administrator):
    """The file that the admin's link gives."""
    client = Client()
    client.force_login(administrator)

    def exported():
        response = client.get(EXPORT)
        assert response.status_code == 200
        return b"".join(response.streaming_content)

    return exported


def cells(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def written(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def stored():
    """All that a task is but its id, its version and its place on the board."""
    left_out = {"id", "version", "position", "previous_status_id", "status_changed_at"}
    names = [f.attname for f in Task._meta.concrete_fields if f.attname not in left_out]
    tasks = Task.objects.prefetch_related("assignees", "task_tags__tag")
    found = [
        (
            *(getattr(task, name) for name in names),
            sorted(str(row.user_id) for row in task.assignees.all()),
            sorted(row.tag.name for row in task.task_tags.all()),
        )
        for task in tasks
    ]
    return sorted(found, key=repr)


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
#: Texts of which a spreadsheet may make formulas, as often as any others.
TEXTS = st.text(LETTERS, max_size=30) | st.text(
    st.sampled_from(list("=+-@;,|:\t\n\r '\"\u2019\ufeff1aA(!.\u2212")), max_size=20
)
SHOWN = TEXTS.filter(lambda text: any(char.isalnum() for char in text))
MOMENTS = st.datetimes(
    dt.datetime(1990, 1, 1), dt.datetime(2050, 1, 1), timezones=st.just(dt.UTC)
)


@st.composite
def new_tasks(draw):
    days = sorted(draw(st.lists(st.dates(), max_size=2)))
    moments = sorted(draw(st.tuples(MOMENTS, MOMENTS, MOMENTS)))
    return {
        "title": draw(SHOWN),
        "description": draw(st.none() | TEXTS.filter(bool)),
        "start_date": days[0] if days else None,
        "due_date": days[-1] if draw(st.booleans()) and days else None,
        "is_client_visible": draw(st.booleans()),
        "is_billable": draw(st.booleans()),
        "is_archived": draw(st.booleans()),
        "created_at": moments[0],
        "status_changed_at": moments[1],
        "updated_at": moments[2],
        "tags": draw(st.lists(SHOWN, max_size=3)),
        "assigned": draw(st.sets(st.integers(0, 4))),
        "created_by_id": draw(st.integers(0, 5)),
        "completed_by_id": draw(st.integers(0, 5)),
        "milestone_id": draw(st.integers(0, 4)),
        "status_id": draw(st.integers(0, 2)),
        "priority_id": draw(st.integers(0, 2)),
    }


@pytest.fixture
def site(administrator):
    """People and projects that are easily taken for one another."""
    people = [
        administrator,
        make_user(username="sam", first_name="Sam", last_name="Lee"),
        make_user(username="sam2", first_name="Sam", last_name="Lee", email="sam@example.com"),
        # The address of somebody else.
        make_user(username="sam@example.com", first_name="Lee, Sam", last_name='"Sammy"'),
        make_user(username="-1", first_name="=1+1", last_name="@home"),
    ]
    statuses = list(TaskStatus.objects.all()[:3])
    TaskStatus.objects.filter(pk=statuses[0].pk).update(title="=open; -1")
    priorities = list(TaskPriority.objects.all()[:3])
    TaskPriority.objects.filter(pk=priorities[0].pk).update(title="+49 30 1234")
    twins = [make_project("Website", client=make_client("A; =1")), make_project("Website")]
    milestones = [
        make_milestone(twins[0], "@Launch"),
        make_milestone(twins[0], "@launch"),
        make_milestone(twins[1], "@Launch"),
        make_milestone(make_project("=1+1\t=2"), "a, b"),
        make_milestone(make_project("'=1+1"), "-5 °C"),
    ]
    return people, statuses, priorities, milestones


def add(site, drafts):
    people, statuses, priorities, milestones = site
    tasks = []
    for draft in drafts:
        milestone, status = milestones[draft["milestone_id"]], statuses[draft["status_id"]]
        values = {
            **draft,
            "project_id": milestone.project_id,
            "milestone_id": milestone.pk,
            "status_id": status.pk,
            "priority_id": priorities[draft["priority_id"]].pk,
            "assigned": [people[number].pk for number in draft["assigned"]],
            **{
                name: people[draft[name]].pk if draft[name] < len(people) else NOBODY
                for name in ("created_by_id", "completed_by_id")
            },
        }
        if not status.is_completed:
            values["completed_by_id"] = None
        tasks.append(NewTask(**values))
    add_tasks(actor=Actor(), tasks=tasks)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(new_tasks(), min_size=1, max_size=4))
def test_tasks_that_are_exported_and_imported_are_the_same_tasks(site, export, run, drafts):
    add(site, drafts)
    before, content = stored(), export()
    Task.objects.all().delete()

    run(content, name=f"{uuid.uuid4()}.csv")

    assert stored() == before
    ids = {row["id"] for row in cells(content)}
    again = [{**row, "id": ""} for row in cells(export())]
    assert again == [{**row, "id": ""} for row in cells(content)]
    assert ids.isdisjoint(row["id"] for row in cells(export()))
    Task.objects.all().delete()
