"""What each service tells a site's code, and how often."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from comments.services import comments
from tasks.actors import Actor
from tasks.models import TaskPriority, TaskStatus
from tasks.services import (
    assignees,
    attachments,
    bulk,
    checklists,
    cloning,
    milestones,
    project_cloning,
    projects,
    tagging,
    tasks,
    workflow,
)
from tasks.testing import make_milestone, make_project, make_task, make_user
from timers.services import timers

TO_DO, COMPLETED, IN_PROGRESS = 1, 2, 3
STATUS = {
    TO_DO: {"id": 1, "name": "To do"},
    COMPLETED: {"id": 2, "name": "Completed"},
    IN_PROGRESS: {"id": 3, "name": "In progress"},
}


@pytest.fixture
def actor(db):
    return Actor(user=make_user())


def status(pk):
    return TaskStatus.objects.get(pk=pk)


@pytest.fixture
def done(heard, committing, actor):
    """Calls a service for a task that was there before, and gives what was told of it."""

    def call(service, *arguments, task, **fields):
        heard.take()
        with committing():
            service(*arguments, actor=actor, task_id=task.pk, **fields)
        return [(name, said) for name, said in heard.take() if said.pop("task_id") == task.pk]

    return call


def test_creation_is_told_with_who_and_when(heard, committing, actor):
    before = timezone.now()
    with committing():
        task = make_task(actor=actor)
        assert heard == []
    assert heard == [("task_created", {"task_id": task.pk, "source_id": None})]
    assert heard.actors == [actor]
    assert before <= heard.moments[0] <= timezone.now()


def test_creation_in_the_completed_status_is_a_completion(heard, committing):
    with committing():
        task = make_task(status=status(COMPLETED))
    assert heard == [
        ("task_created", {"task_id": task.pk, "source_id": None}),
        ("task_completed", {"task_id": task.pk}),
    ]


def test_update_is_told_once_with_all_that_changed(done):
    task = make_task()
    fields = {"title": "Plan", "due_date": dt.date(2026, 6, 30), "is_billable": True}
    assert done(tasks.update_task, task=task, **fields) == [
        (
            "task_updated",
            {
                "changes": {
                    "title": ("Design homepage", "Plan"),
                    "due_date": (None, "2026-06-30"),
                    "is_billable": (False, True),
                }
            },
        )
    ]
    assert done(tasks.update_task, task=task, **fields) == []


def test_change_of_status_is_told_as_such_and_completion_too(done):
    task = make_task()
    for before, after in [(TO_DO, IN_PROGRESS), (IN_PROGRESS, COMPLETED), (COMPLETED, TO_DO)]:
        old, new = STATUS[before], STATUS[after]
        expected = [
            ("task_updated", {"changes": {"status": (old, new)}}),
            ("task_status_changed", {"old": old, "new": new}),
        ]
        if after == COMPLETED:
            expected.append(("task_completed", {}))
        assert done(tasks.set_status, task=task, status=status(after)) == expected
        assert done(tasks.set_status, task=task, status=status(after)) == []


def test_update_of_a_completed_task_completes_nothing(done):
    task = make_task(status=status(COMPLETED))
    told = done(tasks.update_task, task=task, title="Plan", status=status(COMPLETED))
    assert told == [("task_updated", {"changes": {"title": ("Design homepage", "Plan")}})]


def test_change_of_people_is_told_with_who_came_and_who_went(done):
    ann, bea, cid = (make_user() for _ in range(3))
    task = make_task(assigned=[ann, bea])
    (updated, assigned) = done(assignees.set_assignees, task=task, user_ids=[cid.pk, bea.pk])
    assert updated[0] == "task_updated"
    assert updated[1]["changes"].keys() == {"assigned"}
    assert assigned == ("task_assigned", {"added": (cid.pk,), "removed": (ann.pk,)})
    assert done(assignees.set_assignees, task=task, user_ids=[bea.pk, cid.pk]) == []


@pytest.mark.parametrize(
    ("service", "fields", "changes"),
    [
        (tagging.set_tags, {"names": ["b", "a"]}, {"tags": ([], ["a", "b"])}),
        (tasks.archive_task, {}, {"is_archived": (False, True)}),
    ],
)
def test_other_changes_of_a_task_are_updates(done, service, fields, changes):
    task = make_task()
    assert done(service, task=task, **fields) == [("task_updated", {"changes": changes})]
    assert done(service, task=task, **fields) == []


def test_activation_is_an_update(done):
    task = make_task()
    assert done(tasks.activate_task, task=task) == []
    tasks.archive_task(actor=Actor(), task_id=task.pk)
    changes = {"is_archived": (True, False)}
    assert done(tasks.activate_task, task=task) == [("task_updated", {"changes": changes})]


def test_deletion_tells_what_is_gone(done):
    task = make_task(assigned=[make_user()])
    said = {"title": "Design homepage", "project_id": task.project_id}
    assert done(tasks.delete_task, task=task) == [("task_deleted", said)]


def test_clone_is_a_creation_with_a_source_and_people(heard, committing, actor):
    people = [make_user(), make_user()]
    source = make_task(assigned=people, tags=["a"])
    heard.take()
    with committing():
        clone = cloning.clone_task(
            actor=actor,
            task_id=source.pk,
            title="Copy",
            status=status(COMPLETED),
            project=source.project,
            milestone_id=source.milestone_id,
        )
    added = tuple(sorted(user.pk for user in people))
    assert heard == [
        ("task_created", {"task_id": clone.pk, "source_id": source.pk}),
        ("task_completed", {"task_id": clone.pk}),
        ("task_assigned", {"task_id": clone.pk, "added": added, "removed": ()}),
    ]


def test_comment_on_a_task_is_told_and_on_its_checklist_is_not(heard, committing, actor):
    task = make_task()
    item = checklists.add_checklist_item(actor=actor, parent=task, text="Ask")
    heard.take()
    with committing():
        comment = comments.add_comment(actor=actor, subject=task, text="Good.")
        comments.add_comment(actor=actor, subject=item, text="Why?")
        comments.edit_comment(actor=actor, comment_id=comment.pk, text="Very good.")
        comments.delete_comment(actor=actor, comment_id=comment.pk)
    assert heard == [("task_commented", {"task_id": task.pk, "comment_id": comment.pk})]


def test_what_only_belongs_to_a_task_is_no_update_of_it(heard, committing, actor):
    task = make_task()
    heard.take()
    with committing():
        item = checklists.add_checklist_item(actor=actor, parent=task, text="Ask")
        checklists.update_checklist_item(actor=actor, item_id=item.pk, is_completed=True)
        attachments.add_attachment(
            actor=actor, task_id=task.pk, file=ContentFile(b"x"), name="notes.txt"
        )
        timers.start_timer(actor=actor, task_id=task.pk, user=actor.user)
        timers.stop_timers_of_task(actor=actor, task_id=task.pk)
    assert heard == []


def test_added_tasks_are_told_one_by_one_in_order(heard, committing, actor):
    person, project = make_user(), make_project()

    def new(**fields):
        return bulk.NewTask(project_id=project.pk, title="New", priority_id=1, **fields)

    with committing():
        bulk.add_tasks(
            actor=actor,
            tasks=[
                new(status_id=TO_DO, assigned=[person.pk]),
                new(status_id=COMPLETED),
                new(status_id=TO_DO),
            ],
        )
    first, second, third = project.tasks.order_by("pk").values_list("pk", flat=True)
    assert heard == [
        ("task_created", {"task_id": first, "source_id": None}),
        ("task_assigned", {"task_id": first, "added": (person.pk,), "removed": ()}),
        ("task_created", {"task_id": second, "source_id": None}),
        ("task_completed", {"task_id": second}),
        ("task_created", {"task_id": third, "source_id": None}),
    ]
    assert set(heard.actors) == {actor}


def test_tasks_of_a_deleted_status_are_told_to_have_moved(heard, committing, actor):
    one, other = (make_task(status=status(IN_PROGRESS)) for _ in range(2))
    make_task()
    heard.take()
    with committing():
        workflow.delete_status(actor=actor, status_id=IN_PROGRESS, move_to=COMPLETED)
    old, new = STATUS[IN_PROGRESS], STATUS[COMPLETED]
    assert heard == [
        told
        for task in (one, other)
        for told in (
            ("task_updated", {"task_id": task.pk, "changes": {"status": (old, new)}}),
            ("task_status_changed", {"task_id": task.pk, "old": old, "new": new}),
            ("task_completed", {"task_id": task.pk}),
        )
    ]


def test_tasks_of_a_deleted_priority_are_told_to_have_changed(heard, committing, actor):
    task = make_task(priority=TaskPriority.objects.get(pk=3))
    heard.take()
    with committing():
        workflow.delete_priority(actor=actor, priority_id=3, move_to=1)
    (told,) = heard
    changes = {"priority": ({"id": 3, "name": "Urgent"}, {"id": 1, "name": "Normal"})}
    assert told == ("task_updated", {"task_id": task.pk, "changes": changes})


@pytest.mark.parametrize("delete_tasks", [False, True])
def test_tasks_of_a_deleted_milestone_are_told_of(heard, committing, actor, delete_tasks):
    milestone = make_milestone(make_project(), "Launch")
    task = make_task(project=milestone.project, milestone_id=milestone.pk)
    make_task(project=milestone.project)
    heard.take()
    with committing():
        milestones.delete_milestone(
            actor=actor, milestone_id=milestone.pk, delete_tasks=delete_tasks
        )
    (told,) = heard
    if delete_tasks:
        said = {"title": task.title, "project_id": task.project_id}
        assert told == ("task_deleted", {"task_id": task.pk, **said})
    else:
        assert told[0] == "task_updated"
        old, new = told[1]["changes"]["milestone"]
        assert (old["name"], new["name"]) == ("Launch", "Uncategorised")


def test_tasks_of_a_deleted_project_are_told_to_be_gone(heard, committing, actor):
    project = make_project()
    made = [make_task(f"Task {number}", project=project) for number in range(3)]
    heard.take()
    with committing():
        projects.delete_project(actor=actor, project_id=project.pk)
    assert heard == [
        ("task_deleted", {"task_id": task.pk, "title": task.title, "project_id": project.pk})
        for task in made
    ]


def test_tasks_of_a_cloned_project_are_told_with_their_sources(heard, committing, actor):
    project, person = make_project(), make_user()
    sources = [make_task(project=project, assigned=[person]), make_task(project=project)]
    heard.take()
    with committing():
        clone = project_cloning.clone_project(
            actor=actor,
            project_id=project.pk,
            title="Copy",
            client=None,
            start_date=None,
            due_date=None,
            wanted=project_cloning.Wanted(tasks=True),
        )
    copies = clone.tasks.order_by("pk")
    expected = []
    for copy, source in zip(copies, sources, strict=True):
        expected.append(("task_created", {"task_id": copy.pk, "source_id": source.pk}))
        if source == sources[0]:
            said = {"task_id": copy.pk, "added": (person.pk,), "removed": ()}
            expected.append(("task_assigned", said))
    assert heard == expected
