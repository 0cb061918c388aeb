"""Something goes while somebody else still works with it: an answer to both, and no half result."""

import json

import pytest

from tasks.actors import Actor
from tasks.exceptions import StillInUse
from tasks.models import HistoryEntry, Milestone, Project, Task, TaskAssignee, TaskStatus, TaskTag
from tasks.people import wire_id
from tasks.platform.writes import run_write
from tasks.services.milestones import delete_milestone
from tasks.services.projects import delete_project
from tasks.services.workflow import create_status, delete_status
from tasks.testing import make_milestone, make_project, make_task, make_user

pytestmark = pytest.mark.server

ROUNDS = 20
GONE = {"message": "Task not found."}


def patch(api, task, **fields):
    body = json.dumps(fields)
    return api.patch(f"/tasks/{task.pk}", body, "application/merge-patch+json")


def clone(api, task):
    return api.post(
        f"/tasks/{task.pk}/clone",
        {
            "task_title": "Copy",
            "task_status": 1,
            "project_id": task.project_id,
            "task_milestoneid": task.milestone_id,
        },
    )


CHANGES = {
    "update": lambda api, task, _: patch(api, task, task_title="New"),
    "full_update": lambda api, task, _: api.patch(
        f"/tasks/{task.pk}", "task_title=New&task_status=2&task_priority=2"
    ),
    "status": lambda api, task, _: api.put(f"/tasks/{task.pk}/status", "status=2"),
    "assigned": lambda api, task, user: api.put(
        f"/tasks/{task.pk}/assigned", {"assigned": [wire_id(user.pk)]}
    ),
    "tags": lambda api, task, _: api.put(f"/tasks/{task.pk}/tags", "tags[]=new&tags[]=old"),
    "archive": lambda api, task, _: api.put(f"/tasks/{task.pk}/archive"),
    "clone": lambda api, task, _: clone(api, task),
    "delete": lambda api, task, _: api.delete(f"/tasks/{task.pk}"),
    "read": lambda api, task, _: api.get(f"/tasks/{task.pk}"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_delete_while_another_changes_the_task_answers_both(together, make_api, name):
    one, other = make_api(), make_api()
    user, project = make_user(), make_project()
    for _ in range(ROUNDS):
        task = make_task(project=project, assigned=[user], tags=["old"])
        deleted, changed = together(
            lambda task=task: one.delete(f"/tasks/{task.pk}"),
            lambda task=task: CHANGES[name](other, task, user),
        )
        assert changed.status_code in ({201, 404} if name == "clone" else {200, 404})
        if changed.status_code == 404:
            assert changed.json() == GONE
        if name == "delete":
            assert sorted([deleted.status_code, changed.status_code]) == [200, 404]
        else:
            assert deleted.status_code == 200
        if changed.status_code == 201:
            copy = changed.json()["data"]
            assert copy["tags"] == ["old"]
            assert [person["id"] for person in copy["assigned"]] == [wire_id(user.pk)]
            assert one.get(f"/tasks/{copy['id']}").json()["data"] == copy
            assert one.delete(f"/tasks/{copy['id']}").status_code == 200
        verbs = [
            *HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk)
            .order_by("id")
            .values_list("verb", flat=True)
        ]
        assert verbs[-1] == "deleted"
        assert verbs.count("deleted") == 1
        assert not Task.objects.exists()
        assert not TaskAssignee.objects.exists()
        assert not TaskTag.objects.exists()


def test_delete_while_the_list_is_read_answers_both(together, make_api):
    one, other = make_api(), make_api()
    user = make_user()
    for _ in range(ROUNDS):
        task = make_task(assigned=[user], tags=["old"])
        deleted, listed = together(
            lambda task=task: one.delete(f"/tasks/{task.pk}"), lambda: other.get("/tasks")
        )
        assert [deleted.status_code, listed.status_code] == [200, 200]


def create(api, project, *, status=1, milestone=None):
    fields = {
        "task_projectid": project.pk,
        "task_title": "New",
        "task_status": status,
        "task_priority": 1,
    }
    if milestone is not None:
        fields["task_milestoneid"] = milestone.pk
    return api.post("/tasks", fields)


def test_delete_of_status_while_tasks_enter_it_is_refused_or_refuses_them(together, make_api):
    apis = [make_api() for _ in range(3)]
    project = make_project()
    outcomes = set()
    for number in range(ROUNDS):
        status = create_status(actor=Actor(), title=f"Status {number}")
        task = make_task(project=project)

        def delete(status=status):
            try:
                run_write(lambda: delete_status(actor=Actor(), status_id=status.pk))
            except StillInUse:
                return False
            return True

        deleted, *answers = together(
            delete,
            lambda status=status: create(apis[0], project, status=status.pk),
            lambda status=status: create(apis[1], project, status=status.pk),
            lambda status=status, task=task: apis[2].put(
                f"/tasks/{task.pk}/status", f"status={status.pk}"
            ),
        )
        outcomes.add(deleted)
        codes = [r.status_code for r in answers]
        assert TaskStatus.objects.filter(pk=status.pk).exists() is not deleted
        if deleted:
            assert codes == [422, 422, 422]
            for r, name in zip(answers, ["task_status", "task_status", "status"], strict=True):
                spoken = name.replace("_", " ")
                assert r.json()["errors"] == {name: [f"The selected {spoken} is invalid."]}
        else:
            assert codes == [201, 201, 200]


def test_delete_of_status_while_tasks_leave_it_forgets_it_everywhere(together, make_api):
    api = make_api()
    for number in range(ROUNDS):
        status = create_status(actor=Actor(), title=f"Status {number}")
        task = make_task(status=status)

        def delete(status=status):
            try:
                run_write(lambda: delete_status(actor=Actor(), status_id=status.pk))
            except StillInUse:
                return False
            return True

        deleted, r = together(
            delete, lambda task=task: api.put(f"/tasks/{task.pk}/status", "status=2")
        )
        assert r.status_code == 200
        task.refresh_from_db()
        assert task.status_id == 2
        assert task.previous_status_id == (None if deleted else status.pk)


def test_delete_of_milestone_while_tasks_are_made_in_it_moves_or_refuses_them(together, make_api):
    apis = [make_api() for _ in range(3)]
    project = make_project()
    default = project.milestones.get(is_default=True)
    task = make_task(project=project)
    for _ in range(ROUNDS):
        milestone = make_milestone(project)

        def delete(milestone=milestone):
            run_write(lambda: delete_milestone(actor=Actor(), milestone_id=milestone.pk))

        _, *answers = together(
            delete,
            lambda milestone=milestone: create(apis[0], project, milestone=milestone),
            lambda milestone=milestone: create(apis[1], project, milestone=milestone),
            lambda milestone=milestone: patch(apis[2], task, task_milestoneid=milestone.pk),
        )
        assert not Milestone.objects.filter(pk=milestone.pk).exists()
        for r in answers:
            assert r.status_code in {200, 201, 409}
            if r.status_code == 409:
                assert r.json() == {
                    "message": "The selected milestone does not belong to the project."
                }
        made = [r.json()["data"]["id"] for r in answers if r.status_code == 201]
        assert Task.objects.filter(pk__in=made, milestone=default).count() == len(made)
        task.refresh_from_db()
        assert task.milestone == default


def test_delete_of_project_while_tasks_are_made_in_it_leaves_none(together, make_api):
    apis = [make_api() for _ in range(3)]
    for _ in range(8):
        project = make_project()
        task = make_task(project=project, tags=["old"], assigned=[make_user()])

        def delete(project=project):
            run_write(lambda: delete_project(actor=Actor(), project_id=project.pk))

        _, *created, patched = together(
            delete,
            lambda project=project: create(apis[0], project),
            lambda project=project: create(apis[1], project),
            lambda task=task: patch(apis[2], task, task_title="New"),
        )
        for r in created:
            assert r.status_code in {201, 409, 422}
            if r.status_code == 409:  # gone after the project was looked up
                assert r.json() == {"message": "The project has no default milestone."}
            if r.status_code == 422:
                errors = {"task_projectid": ["The selected task projectid is invalid."]}
                assert r.json()["errors"] == errors
        assert patched.status_code in {200, 404}
        assert not Project.objects.filter(pk=project.pk).exists()
        assert not Task.objects.exists()
        assert not TaskTag.objects.exists()
        assert not TaskAssignee.objects.exists()
