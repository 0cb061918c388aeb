"""No service takes more queries for there being more of what it touches.

The services are those that their modules have: one that is new has to be told of here.
"""

import datetime as dt
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import comments.services
import tasks.services
import timers.services
from comments.models import Comment
from comments.services.comments import add_comment, delete_comment, edit_comment
from tasks.actors import Actor
from tasks.database import alias, atomic
from tasks.models import APIKey, Attachment, ChecklistItem, Milestone
from tasks.services import (
    api_keys,
    assignees,
    attachments,
    bulk,
    checklists,
    clients,
    cloning,
    dependencies,
    milestones,
    moving,
    new_tasks,
    notes,
    pins,
    project_cloning,
    projects,
    recurrence,
    tagging,
    workflow,
)
from tasks.services import tasks as of_tasks
from tests.growth.rows import Rows
from timers.models import Timer
from timers.services import timers as of_timers

FEW, MANY = 2, 40
ME = Actor()
DAY = timezone.now().date()
#: What opens and closes a transaction inside another is no service's work.
BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
#: Parts of services that other services call, and which are tested with those.
PARTS = {
    *("entry", "record", "lock_attachment", "lock_checklist_item", "lock_project", "lock_task"),
    *("add_task", "copy_attachments", "copy_checklist", "milestone_of", "save_changes"),
    "milestone_and_end_of_column",
    *("move_tasks", "move_to_milestone", "parent_of_all", "project_of_all", "remove_tasks"),
    "enter_status",
    *("announce", "positions_of_outsiders", "replace_people", "write_batch"),
    *("archive_tasks_of", "activate_tasks_of"),
    # Of an import, which reads a batch of rows at a time.
    "tasks_of_ids",
}


class Call:
    """A service with what it is called with, of few rows or many."""

    def __init__(self, service: Callable[..., object], **values: Callable[[Rows], Any]) -> None:
        self.service, self.values = service, values

    def prepare(self, rows: Rows) -> Callable[[], object]:
        """The call, with all that it is given looked up."""
        given = {name: value(rows) for name, value in self.values.items()}
        return lambda: self.service(**{"actor": ME, **given})


def _people(rows: Rows) -> list[Any]:
    return [person.pk for person in rows.people]


def _names(rows: Rows) -> list[str]:
    return [f"new {number}" for number in range(rows.grown)]


def _new_tasks(rows: Rows) -> list[new_tasks.NewTask]:
    new = new_tasks.NewTask(
        project_id=rows.project.pk,
        title="New",
        status_id=rows.status.pk,
        priority_id=rows.priority.pk,
        assigned=_people(rows),
        tags=_names(rows),
    )
    return [new] * rows.grown


def _last_first(rows: Any) -> list[int]:
    return list(rows.order_by("-pk").values_list("pk", flat=True))


def _always(value: Any) -> Callable[[Rows], Any]:
    return lambda _: value


def _key(rows: Rows) -> Any:
    return APIKey.objects.all()[0].pk


def _client(rows: Rows) -> Any:
    return rows.idle_client.pk


def _project(rows: Rows) -> Any:
    return rows.project.pk


def _archived_project(rows: Rows) -> Any:
    projects.archive_project(actor=ME, project_id=rows.project.pk, with_tasks=True)
    return rows.project.pk


def _milestone(rows: Rows) -> Any:
    return rows.milestone.pk


def _task(rows: Rows) -> Any:
    return rows.task.pk


def _paused_task(rows: Rows) -> Any:
    recurrence.pause_recurrence(actor=ME, task_id=rows.task.pk)
    return rows.task.pk


def _bare_task(rows: Rows) -> Any:
    return rows.bare_task.pk


def _item(rows: Rows) -> Any:
    return ChecklistItem.objects.filter(task=rows.task)[0].pk


def _file(rows: Rows) -> Any:
    return Attachment.objects.filter(task=rows.task)[0].pk


def _comment(rows: Rows) -> Any:
    return Comment.objects.filter(task=rows.task)[0].pk


def _timer(rows: Rows) -> Any:
    return Timer.objects.filter(task=rows.task, is_running=None)[0].pk


def _running_timer(rows: Rows) -> Any:
    return Timer.objects.filter(task=rows.task, is_running=True)[0].pk


def _somebody(rows: Rows) -> Any:
    return rows.people[0]


def _me(rows: Rows) -> Actor:
    return Actor(user=rows.people[0])


def _status(rows: Rows) -> Any:
    return rows.status.pk


def _priority(rows: Rows) -> Any:
    return rows.priority.pk


def _of_task(rows: Rows) -> Any:
    return rows.task


CALLS = {
    "create_api_key": Call(api_keys.create_api_key, name=_always("A"), user=_somebody),
    "update_api_key": Call(api_keys.update_api_key, key_id=_key, name=_always("B")),
    "revoke_api_key": Call(api_keys.revoke_api_key, key_id=_key),
    "set_assignees": Call(assignees.set_assignees, task_id=_bare_task, user_ids=_people),
    "set_no_assignees": Call(assignees.set_assignees, task_id=_task, user_ids=_always([])),
    "add_attachment": Call(
        attachments.add_attachment,
        task_id=_bare_task,
        file=lambda _: ContentFile(b"A note"),
        name=_always("a.txt"),
    ),
    "delete_attachment": Call(attachments.delete_attachment, attachment_id=_file),
    "set_cover": Call(attachments.set_cover, task_id=_task, attachment_id=_always(None)),
    "add_tasks": Call(bulk.add_tasks, tasks=_new_tasks),
    "add_checklist_item": Call(checklists.add_checklist_item, parent=_of_task, text=_always("New")),
    "update_checklist_item": Call(
        checklists.update_checklist_item, item_id=_item, text=_always("New")
    ),
    "delete_checklist_item": Call(checklists.delete_checklist_item, item_id=_item),
    "sort_checklist": Call(
        checklists.sort_checklist,
        item_ids=lambda rows: _last_first(ChecklistItem.objects.filter(task=rows.task)),
    ),
    "create_client": Call(clients.create_client, name=_always("New")),
    "update_client": Call(clients.update_client, client_id=_client, name=_always("New")),
    "set_client_tags": Call(clients.set_client_tags, client_id=_client, names=_names),
    "delete_client": Call(clients.delete_client, client_id=_client),
    "clone_task": Call(
        cloning.clone_task,
        task_id=_task,
        title=_always("Copy"),
        status=lambda rows: rows.status,
        project=lambda rows: rows.project,
        milestone_id=_milestone,
        copy_checklist=_always(True),
        copy_files=_always(True),
    ),
    "add_dependency": Call(dependencies.add_dependency, task_id=_task, blocker_id=_bare_task),
    "remove_dependency": Call(
        dependencies.remove_dependency, task_id=_task, blocker_id=lambda rows: rows.blockers[0].pk
    ),
    "set_note": Call(notes.set_note, actor=_me, task_id=_task, text=_always("New")),
    "set_no_note": Call(notes.set_note, actor=_me, task_id=_task, text=_always("")),
    "pin_task": Call(pins.pin_task, actor=_me, task_id=_bare_task),
    "unpin_task": Call(pins.unpin_task, actor=_me, task_id=_task),
    "set_recurrence": Call(
        recurrence.set_recurrence,
        task_id=_task,
        rule=_always("FREQ=WEEKLY"),
        starts_on=_always(DAY),
        at=_always(dt.time(9)),
        zone=_always("UTC"),
    ),
    "pause_recurrence": Call(recurrence.pause_recurrence, task_id=_task),
    "resume_recurrence": Call(recurrence.resume_recurrence, task_id=_paused_task),
    "remove_recurrence": Call(recurrence.remove_recurrence, task_id=_task),
    "create_due": Call(
        recurrence.create_due,
        recurrence_id=lambda rows: rows.recurrence.pk,
        now=_always(dt.datetime(2026, 2, 1, tzinfo=dt.UTC)),
    ),
    "create_milestone": Call(
        milestones.create_milestone, project=lambda rows: rows.project, title=_always("New")
    ),
    "update_milestone": Call(
        milestones.update_milestone, milestone_id=_milestone, title=_always("New")
    ),
    "delete_milestone": Call(milestones.delete_milestone, milestone_id=_milestone),
    "delete_milestone_and_tasks": Call(
        milestones.delete_milestone, milestone_id=_milestone, delete_tasks=_always(True)
    ),
    "delete_milestone_moving": Call(
        milestones.delete_milestone,
        milestone_id=_milestone,
        move_to=lambda rows: rows.default_milestone.pk,
    ),
    "move_milestone": Call(milestones.move_milestone, milestone_id=_milestone),
    "sort_milestones": Call(
        milestones.sort_milestones,
        milestone_ids=lambda rows: _last_first(Milestone.objects.filter(project=rows.project)),
    ),
    "clone_project": Call(
        project_cloning.clone_project,
        project_id=_project,
        title=_always("Copy"),
        client=lambda rows: rows.client,
        start_date=_always(None),
        due_date=_always(None),
        wanted=_always(
            project_cloning.Wanted(milestones=True, tasks=True, checklists=True, files=True)
        ),
    ),
    "create_project": Call(projects.create_project, title=_always("New")),
    "update_project": Call(projects.update_project, project_id=_project, title=_always("New")),
    "update_project_by_hand": Call(
        projects.update_project, project_id=_project, progress_by_hand=_always(True)
    ),
    "archive_project": Call(projects.archive_project, project_id=_project),
    "restore_project": Call(projects.restore_project, project_id=_project),
    "archive_project_with_tasks": Call(
        projects.archive_project, project_id=_project, with_tasks=_always(True)
    ),
    "restore_project_with_tasks": Call(
        projects.restore_project, project_id=_archived_project, with_tasks=_always(True)
    ),
    "set_manager": Call(
        projects.set_manager, project_id=_project, user_id=lambda rows: rows.people[0].pk
    ),
    "set_members": Call(projects.set_members, project_id=_project, user_ids=_always([])),
    "set_project_tags": Call(projects.set_project_tags, project_id=_project, names=_names),
    "delete_project": Call(projects.delete_project, project_id=_project),
    "set_tags": Call(tagging.set_tags, task_id=_task, names=_names),
    "create_task": Call(
        of_tasks.create_task,
        project=lambda rows: rows.project,
        title=_always("New"),
        status=lambda rows: rows.status,
        priority=lambda rows: rows.priority,
        milestone_id=_milestone,
    ),
    "update_task": Call(of_tasks.update_task, task_id=_task, title=_always("New")),
    "move_task": Call(
        moving.move_task, task_id=_task, status=lambda rows: rows.status, after_id=_bare_task
    ),
    "set_status": Call(
        of_tasks.set_status,
        task_id=_task,
        status=lambda rows: type(rows.status)._default_manager.get(pk=2),
    ),
    "archive_task": Call(of_tasks.archive_task, task_id=_task),
    "activate_task": Call(of_tasks.activate_task, task_id=_task),
    "delete_task": Call(of_tasks.delete_task, task_id=_task),
    "create_status": Call(workflow.create_status, title=_always("New"), is_default=_always(True)),
    "update_status": Call(workflow.update_status, status_id=_status, is_completed=_always(True)),
    "delete_status": Call(workflow.delete_status, status_id=_status, move_to=_always(1)),
    "move_status": Call(workflow.move_status, status_id=_status),
    "move_priority": Call(workflow.move_priority, priority_id=_priority),
    "create_priority": Call(workflow.create_priority, title=_always("New")),
    "update_priority": Call(workflow.update_priority, priority_id=_priority, title=_always("New")),
    "delete_priority": Call(workflow.delete_priority, priority_id=_priority, move_to=_always(1)),
    "add_comment": Call(add_comment, subject=_of_task, text=_always("New")),
    "edit_comment": Call(edit_comment, comment_id=_comment, text=_always("New")),
    "delete_comment": Call(delete_comment, comment_id=_comment),
    "start_timer": Call(of_timers.start_timer, task_id=_bare_task, user=_somebody),
    "stop_timer": Call(of_timers.stop_timer, timer_id=_running_timer),
    "stop_timers_of_task": Call(of_timers.stop_timers_of_task, task_id=_task),
    "stop_timers_of_project": Call(of_timers.stop_timers_of_project, project_id=_project),
    "add_time": Call(
        of_timers.add_time,
        task_id=_task,
        user=_somebody,
        seconds=_always(60),
        work_date=_always(DAY),
    ),
    "correct_time": Call(of_timers.correct_time, timer_id=_timer, seconds=_always(120)),
    "set_invoiced": Call(of_timers.set_invoiced, timer_id=_timer, is_invoiced=_always(True)),
    "delete_timer": Call(of_timers.delete_timer, timer_id=_timer),
}


def _services() -> Iterator[str]:
    """The names of all services: the public functions that take an actor."""
    for package in (tasks.services, timers.services, comments.services):
        for found in pkgutil.iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{found.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                own = function.__module__ == module.__name__ and not name.startswith("_")
                if own and "actor" in inspect.signature(function).parameters:
                    yield name


def test_every_service_is_counted():
    called = {call.service.__name__ for call in CALLS.values()}
    assert {*_services()} == called | PARTS


@pytest.mark.parametrize("name", CALLS)
def test_service_takes_as_many_queries_for_many_as_for_few(db, name):
    def statements(number: int) -> list[str]:
        with atomic():
            rows = Rows()
            rows.grow(number)
            call = CALLS[name].prepare(rows)
            with CaptureQueriesContext(connections[alias()]) as captured:
                call()
            # The next ones begin where these did.
            transaction.set_rollback(True, using=alias())
        found = [query["sql"] for query in captured.captured_queries]
        return [sql for sql in found if not sql.startswith(BRACKETS)]

    few, many = statements(FEW), statements(MANY)
    assert len(many) == len(few), "\n".join(many)
