"""What is answered about tasks and projects against the plain ORM: instances, read one by one."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.actors import Actor
from tasks.folding import is_blank
from tasks.models import Project, Task, TaskPriority, TaskStatus
from tasks.people import has_field, person_name, wire_id
from tasks.progress import shown_progress
from tasks.testing import make_client, make_project, make_task, make_user
from tests.moments import as_kept, moment_text

in_one_transaction = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
titles = text.map(str.strip).filter(lambda title: not is_blank(title))
days = st.none() | st.dates()
moments = st.integers(0, 2**37).map(
    lambda s: as_kept(dt.datetime.fromtimestamp(s + s % 10**6 / 10**6, dt.UTC))
)
names = st.sampled_from(["Sam", "", " ", " Lee ", "Zoë", "Жук", '"', "\\", "\t", "\u00a0", "😀"])
tags = st.lists(st.sampled_from(["a", "B", "ä", "Z", "é", "😀", '"', "\\n", "a b"]), unique=True)


def day_text(day):
    return day and day.isoformat()


def people(rows):
    found = sorted((row.user for row in rows.select_related("user")), key=lambda user: user.pk)
    return [{"id": wire_id(user.pk), "name": person_name(user)} for user in found]


def task_told_by_instances(pk):
    task = Task.objects.get(pk=pk)
    client = task.project.client
    return {
        "id": task.pk,
        "title": task.title,
        "description": task.description,
        "status": {
            "id": task.status.pk,
            "title": task.status.title,
            "color": task.status.color,
        },
        "priority": {
            "id": task.priority.pk,
            "title": task.priority.title,
            "color": task.priority.color,
        },
        "active_state": "archived" if task.is_archived else "active",
        "client_visibility": "yes" if task.is_client_visible else "no",
        "billable": "yes" if task.is_billable else "no",
        "project": {"id": task.project.pk, "title": task.project.title},
        "client": client and {"id": client.pk, "name": client.name},
        "milestone": {"id": task.milestone.pk, "name": task.milestone.title},
        "dates": {
            "start": day_text(task.start_date),
            "due": day_text(task.due_date),
            "created": moment_text(task.created_at),
            "updated": moment_text(task.updated_at),
        },
        "time_logged": sum(t.seconds for t in task.timers.all() if not t.is_running),
        "assigned": people(task.assignees),
        "tags": sorted(tagged.tag.name for tagged in task.task_tags.all()),
    }


def project_told_by_instances(pk):
    project = Project.objects.get(pk=pk)
    manager = project.manager
    return {
        "id": project.pk,
        "title": project.title,
        "description": project.description,
        "reference": None,
        "status": project.status,
        "active_state": "archived" if project.is_archived else "active",
        "progress": shown_progress(actor=Actor(), project_id=pk),
        "progress_manually": "no" if project.manual_progress is None else "yes",
        "client": project.client and {"id": project.client.pk, "name": project.client.name},
        "category": None,
        "dates": {
            "start": day_text(project.start_date),
            "due": day_text(project.due_date),
            "created": moment_text(project.created_at),
            "updated": moment_text(project.updated_at),
        },
        "assigned": people(project.members),
        "managers": [{"id": wire_id(manager.pk), "name": person_name(manager)}] if manager else [],
        "tags": sorted(tagged.tag.name for tagged in project.project_tags.all()),
    }


def somebody(data):
    named = {
        name: data.draw(names, name) for name in ("first_name", "last_name") if has_field(name)
    }
    return make_user(**named)


@pytest.fixture
def data_of(api):
    def data_of(path, **parameters):
        r = api.get(path, **parameters)
        assert r.status_code == 200, r.json()
        return r.json()["data"]

    return data_of


@in_one_transaction
@given(data=st.data())
def test_task_is_answered_as_the_plain_orm_tells_it(db, data_of, data):
    client = make_client(data.draw(titles, "client")) if data.draw(st.booleans()) else None
    project = make_project(data.draw(titles, "project"), client=client)
    start, due = sorted([data.draw(st.dates()), data.draw(st.dates())])
    task = make_task(
        data.draw(titles, "title"),
        project=project,
        description=data.draw(st.none() | text, "description"),
        status=data.draw(st.sampled_from([*TaskStatus.objects.all()])),
        priority=data.draw(st.sampled_from([*TaskPriority.objects.all()])),
        start_date=start if data.draw(st.booleans()) else None,
        due_date=due if data.draw(st.booleans()) else None,
        is_billable=data.draw(st.booleans()),
        is_client_visible=data.draw(st.booleans()),
        assigned=[somebody(data) for _ in range(data.draw(st.integers(0, 3)))],
        tags=data.draw(tags, "tags"),
    )
    created, updated = data.draw(moments, "created"), data.draw(moments, "updated")
    is_archived = data.draw(st.booleans(), "archived")
    Task.objects.filter(pk=task.pk).update(
        created_at=created, updated_at=updated, is_archived=is_archived
    )
    expected = task_told_by_instances(task.pk)
    assert data_of(f"/tasks/{task.pk}") == expected
    assert data_of("/tasks", project_id=project.pk) == [expected]
    # Several at once are read by another statement.
    other = make_task(project=project)
    told = {task["id"]: task for task in data_of("/tasks", project_id=project.pk)}
    assert told == {pk: task_told_by_instances(pk) for pk in (task.pk, other.pk)}


@in_one_transaction
@given(data=st.data())
def test_project_is_answered_as_the_plain_orm_tells_it(db, data_of, data):
    client = make_client(data.draw(titles, "client")) if data.draw(st.booleans()) else None
    project = make_project(data.draw(titles, "title"), client=client)
    columns = {
        "description": data.draw(st.none() | text, "description"),
        "status": data.draw(st.sampled_from(Project.Status.values)),
        "is_archived": data.draw(st.booleans()),
        "manual_progress": data.draw(st.none() | st.integers(0, 100)),
        "start_date": data.draw(days),
        "manager": somebody(data) if data.draw(st.booleans()) else None,
        "created_at": data.draw(moments),
        "updated_at": data.draw(moments),
    }
    Project.objects.filter(pk=project.pk).update(**columns)
    for _ in range(data.draw(st.integers(0, 3))):
        project.members.create(user=somebody(data))
    expected = project_told_by_instances(project.pk)
    told = data_of(f"/projects/{project.pk}")
    assert {name: told[name] for name in expected} == expected
    (listed,) = (row for row in data_of("/projects", limit=100) if row["id"] == project.pk)
    assert listed == told
