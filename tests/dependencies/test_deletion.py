"""What deleting costs: nothing more for what tasks wait for, nor for notes and pins."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.database import alias
from tasks.models import Task, TaskDependency, TaskNote, TaskPin
from tasks.services.milestones import delete_milestone
from tasks.services.notes import set_note
from tasks.services.pins import pin_task
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task
from tasks.testing import make_dependency, make_milestone, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
TABLES = (TaskDependency, TaskNote, TaskPin)
DELETIONS = {
    "task": lambda task: delete_task(actor=Actor(), task_id=task.pk),
    "project": lambda task: delete_project(actor=Actor(), project_id=task.project_id),
    "milestone and tasks": lambda task: delete_milestone(
        actor=Actor(), milestone_id=task.milestone_id, delete_tasks=True
    ),
    "rows by the ORM": lambda task: Task.objects.filter(project=task.project_id).delete(),
}


@pytest.mark.parametrize("name", DELETIONS)
def test_deletion_takes_all_along_without_a_statement_more(name):
    milestone = make_milestone(make_project())
    task, elsewhere = make_task(project=milestone.project, milestone_id=milestone.pk), make_task()
    make_dependency(task, elsewhere)
    kept = make_dependency(elsewhere, make_task())
    for _ in range(3):
        actor = Actor(user=make_user())
        set_note(actor=actor, task_id=task.pk, text="Mine.")
        pin_task(actor=actor, task_id=task.pk)
    with CaptureQueriesContext(connections[alias()]) as captured:
        DELETIONS[name](task)
    tables = tuple(model._meta.db_table for model in TABLES)
    told = [query["sql"] for query in captured.captured_queries]
    assert [sql for sql in told if any(table in sql for table in tables)] == []
    assert not Task.objects.filter(pk=task.pk).exists()
    assert list(TaskDependency.objects.all()) == [kept]
    assert not TaskNote.objects.exists()
    assert not TaskPin.objects.exists()
