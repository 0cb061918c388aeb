"""Putting a project away with all it holds, and bringing back what was put away with it."""

import pytest

from tasks.actors import Actor, Door
from tasks.exceptions import DefaultMilestoneKept, MilestoneNotInProject
from tasks.models import HistoryEntry, Milestone, Task
from tasks.services import batches, milestones, projects, tasks
from tasks.testing import make_milestone, make_project, make_task, make_user
from tests.counting import assert_counted

ME = Actor()


@pytest.fixture
def project(db):
    found = make_project()
    for number in range(5):
        make_task(f"{number}", project=found)
    make_task("elsewhere")
    return found


def task(title):
    return Task.objects.get(title=title)


def active():
    return set(Task.objects.filter(is_archived=False).values_list("title", flat=True))


def archive(project, **more):
    projects.archive_project(actor=ME, project_id=project.pk, **{"with_tasks": True, **more})


def restore(project, **more):
    projects.restore_project(actor=ME, project_id=project.pk, **{"with_tasks": True, **more})


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_archive_and_restore_with_tasks_leave_what_was_archived_alone(project, monkeypatch, batch):
    monkeypatch.setattr(batches, "BATCH", batch)
    tasks.archive_task(actor=ME, task_id=task("0").pk)
    archive(project)
    project.refresh_from_db()
    assert project.is_archived
    assert active() == {"elsewhere"}
    assert_counted()
    restore(project)
    project.refresh_from_db()
    assert not project.is_archived
    assert active() == {"1", "2", "3", "4", "elsewhere"}
    assert_counted()


def test_restore_brings_back_what_was_last_archived_with_the_project(project):
    archive(project)
    # Brought back and put away by hand: that one is meant to be away.
    tasks.activate_task(actor=ME, task_id=task("1").pk)
    tasks.archive_task(actor=ME, task_id=task("1").pk)
    tasks.activate_task(actor=ME, task_id=task("2").pk)
    restore(project)
    assert active() == {"0", "2", "3", "4", "elsewhere"}
    archive(project)
    restore(project)
    assert active() == {"0", "2", "3", "4", "elsewhere"}


def test_project_is_archived_without_its_tasks_unless_it_is_asked_for(project):
    archive(project, with_tasks=False)
    assert len(active()) == 6
    archive(project)
    restore(project, with_tasks=False)
    assert active() == {"elsewhere"}
    restore(project)
    assert len(active()) == 6


def test_tasks_archived_with_their_project_are_as_if_archived_one_by_one(project):
    person = make_user()
    actor, before = Actor(user=person, door=Door.ADMIN), task("1")
    projects.archive_project(actor=actor, project_id=project.pk, with_tasks=True)
    after = task("1")
    assert after.version == before.version + 1
    assert after.updated_at > before.updated_at
    entry = HistoryEntry.objects.filter(subject_type="task", subject_id=after.pk).latest("pk")
    assert (entry.verb, entry.changes) == ("archived_with_project", {"is_archived": [False, True]})
    assert (entry.actor_id, entry.door) == (str(person.pk), Door.ADMIN.value)
    told = HistoryEntry.objects.count()
    archive(project)
    assert HistoryEntry.objects.count() == told


def test_tasks_of_a_deleted_milestone_move_to_the_one_that_is_named(project):
    goes, stays, default = make_milestone(project), make_milestone(project), None
    moved = make_task(project=project, milestone_id=goes.pk)
    milestones.delete_milestone(actor=ME, milestone_id=goes.pk, move_to=stays.pk)
    moved.refresh_from_db()
    assert moved.milestone_id == stays.pk
    assert_counted()
    default = project.milestones.get(is_default=True)
    strange = make_project().milestones.get()
    for target in (strange.pk, stays.pk, 987654):
        with pytest.raises(MilestoneNotInProject):
            milestones.delete_milestone(actor=ME, milestone_id=stays.pk, move_to=target)
    with pytest.raises(DefaultMilestoneKept):
        milestones.delete_milestone(actor=ME, milestone_id=default.pk, move_to=stays.pk)
    assert Milestone.objects.filter(pk=stays.pk).exists()
