"""Projects and milestones that several work on at once: exact sums, and no half result."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from tasks.database import alias
from tasks.models import Milestone, Project, Task, TaskStatus, TaskTally
from tasks.people import wire_id
from tasks.services.projects import lock_project
from tasks.services.tasks import delete_task, set_status
from tasks.testing import make_actor, make_milestone, make_project, make_task, make_user
from tests.api.projects.world import progress_of
from tests.concurrency.conftest import THREADS, TIMEOUT
from tests.counting import assert_counted

pytestmark = pytest.mark.server

ROUNDS = 8
GONE = {"message": "Project not found."}


def create(api, project, milestone=None):
    fields = {"task_projectid": project.pk, "task_title": "x", "task_status": 1, "task_priority": 1}
    if milestone is not None:
        fields["task_milestoneid"] = milestone.pk
    return api.post("/tasks", fields)


def patch(api, path, **fields):
    return api.patch(path, json.dumps(fields), "application/merge-patch+json")


def work(api, project, milestones, thread):
    """What eight do to the tasks of one project, each to its own and all in the same cells."""
    seen = set()
    for number in range(6):
        r = create(api, project, milestones[number % len(milestones)])
        seen.add(r.status_code)
        path = f"/tasks/{r.json()['data']['id']}"
        seen.add(api.put(f"{path}/status", f"status={1 + (thread + number) % 3}").status_code)
        target = milestones[(number + 1) % len(milestones)].pk
        seen.add(patch(api, path, task_milestoneid=target).status_code)
        if number % 2:
            seen.add(api.put(f"{path}/archive").status_code)
        if number % 3 == 2:
            seen.add(api.delete(path).status_code)
        if number == 1:
            seen.add(api.put(f"{path}/activate").status_code)
    return seen


def test_tasks_of_one_project_written_at_once_are_counted_exactly(together, make_api):
    project = make_project()
    milestones = [project.milestones.get(), make_milestone(project), make_milestone(project)]
    apis = [make_api() for _ in range(THREADS)]
    seen = together(
        *[lambda api=api, n=n: work(api, project, milestones, n) for n, api in enumerate(apis)]
    )
    assert set().union(*seen) == {200, 201}
    assert_counted()
    assert Task.objects.count() == THREADS * 4
    data = apis[0].get(f"/projects/{project.pk}").json()["data"]
    assert data["progress"] == progress_of(project)
    counts = [
        row["tasks_count"]
        for row in apis[0].get("/milestones", project_id=project.pk).json()["data"]
    ]
    assert counts == [milestone.tasks.count() for milestone in milestones]


def test_one_task_changed_by_all_at_once_is_counted_once(together, make_api):
    project = make_project()
    task = make_task(project=project)
    apis = [make_api() for _ in range(THREADS)]

    def toggle(api, thread):
        codes = set()
        for number in range(5):
            status = 1 + (thread + number) % 3
            codes.add(api.put(f"/tasks/{task.pk}/status", f"status={status}").status_code)
            word = "archive" if (thread + number) % 2 else "activate"
            codes.add(api.put(f"/tasks/{task.pk}/{word}").status_code)
        return codes

    seen = together(*[lambda api=api, n=n: toggle(api, n) for n, api in enumerate(apis)])
    assert set().union(*seen) == {200}
    assert_counted()


IMPATIENCE = {
    "mysql": "SET innodb_lock_wait_timeout = 2",
    "postgresql": "SET lock_timeout = '2s'",
}


@pytest.fixture
def meanwhile(committed_db):
    """Runs a call on a connection of its own, on which waiting for a lock is a failure."""
    with ThreadPoolExecutor(1) as pool:

        def run(call):
            def call_impatiently():
                try:
                    ours = connections[alias()]
                    with ours.cursor() as cursor:
                        cursor.execute(IMPATIENCE[ours.vendor])
                    return call()
                finally:
                    connections.close_all()

            return pool.submit(call_impatiently).result(TIMEOUT)

        yield run


def test_tasks_in_the_same_cells_are_written_without_waiting_for_each_other(meanwhile, make_api):
    project = make_project()
    held, other = make_task(project=project), make_task(project=project)
    api, completed = make_api(), TaskStatus.objects.get(is_completed=True)
    path = f"/tasks/{other.pk}"

    def write():
        created = create(api, project)
        return [
            created.status_code,
            api.put(f"{path}/status", "status=2").status_code,
            api.put(f"{path}/archive").status_code,
            api.delete(f"/tasks/{created.json()['data']['id']}").status_code,
            api.get(f"/projects/{project.pk}").status_code,
        ]

    with transaction.atomic(using=alias()):
        set_status(actor=make_actor(), task_id=held.pk, status=completed)
        delete_task(actor=make_actor(), task_id=make_task(project=project).pk)
        assert meanwhile(write) == [201, 200, 200, 200, 200]
    assert_counted()


@pytest.mark.postgresql  # MariaDB asks for a foreign key's row where an index of the key changes
def test_tasks_are_written_while_their_project_is_held(meanwhile, make_api):
    project = make_project()
    task, api = make_task(project=project), make_api()
    path = f"/tasks/{task.pk}"

    def write():
        return [
            api.put(f"{path}/status", "status=2").status_code,
            patch(api, path, task_title="New").status_code,
            api.put(f"{path}/archive").status_code,
            api.get(f"/projects/{project.pk}").status_code,
            api.delete(path).status_code,
        ]

    with transaction.atomic(using=alias()):
        lock_project(actor=make_actor(), project_id=project.pk)
        assert meanwhile(write) == [200] * 5
    assert_counted()


def test_different_fields_patched_at_once_are_all_kept(together, make_api):
    apis = [make_api() for _ in range(5)]
    user = make_user()
    for _ in range(ROUNDS):
        project = make_project()
        path = f"/projects/{project.pk}"
        answers = together(
            lambda path=path: patch(apis[0], path, project_title="New"),
            lambda path=path: patch(apis[1], path, project_description="x"),
            lambda path=path: apis[2].put(f"{path}/status", "status=on_hold"),
            lambda path=path: apis[3].put(f"{path}/manager", {"manager": wire_id(user.pk)}),
            lambda path=path: apis[4].put(f"{path}/progress", "progress=40"),
        )
        assert [r.status_code for r in answers] == [200] * 5
        row = Project.objects.get(pk=project.pk)
        assert (row.title, row.description, row.status) == ("New", "x", "on_hold")
        assert (row.manager_id, row.manual_progress) == (user.pk, 40)


def test_days_patched_at_once_end_in_order(together, make_api):
    one, other = make_api(), make_api()
    for _ in range(ROUNDS):
        project = make_project(start_date=dt.date(2026, 6, 1), due_date=dt.date(2026, 6, 30))
        path = f"/projects/{project.pk}"
        started, due = together(
            lambda path=path: patch(one, path, project_date_start="2026-06-20"),
            lambda path=path: patch(other, path, project_date_due="2026-06-10"),
        )
        codes = (started.status_code, due.status_code)
        assert codes in {(200, 422), (422, 200)}
        refused = due if codes[1] == 422 else started
        message = "The project date due must be a date after or equal to project date start."
        assert refused.json()["errors"] == {"project_date_due": [message]}


def test_sets_replaced_at_once_are_one_of_them(together, make_api):
    one, other = make_api(), make_api()
    people = [make_user() for _ in range(4)]
    project = make_project()
    path = f"/projects/{project.pk}"
    for number in range(ROUNDS):
        sets = [
            [wire_id(user.pk) for user in people[:2]],
            [wire_id(user.pk) for user in people[2:]],
        ]
        tags = [[f"a{number}", "x"], [f"b{number}", "x"]]
        answers = together(
            lambda s=sets: one.put(f"{path}/assign", {"assigned": s[0]}),
            lambda s=sets: other.put(f"{path}/assign", {"assigned": s[1]}),
            lambda t=tags: one.put(f"{path}/tags", {"tags": t[0]}),
            lambda t=tags: other.put(f"{path}/tags", {"tags": t[1]}),
        )
        assert [r.status_code for r in answers] == [200] * 4
        data = one.get(path).json()["data"]
        assert {row["id"] for row in data["assigned"]} in [set(ids) for ids in sets]
        assert data["tags"] in tags


def test_delete_of_a_project_while_all_work_on_it_leaves_nothing(together, make_api):
    apis = [make_api() for _ in range(7)]
    for _ in range(ROUNDS):
        project = make_project()
        stage, task = make_milestone(project), make_task(project=project, tags=["a"])
        path = f"/projects/{project.pk}"
        made = {"milestone_title": "x", "milestone_color": "x", "milestone_projectid": project.pk}
        deleted, created, put, patched, milestone, cloned, archived = together(
            lambda path=path: apis[0].delete(path),
            lambda p=project, s=stage: create(apis[1], p, s),
            lambda s=stage: apis[2].put("/milestones/positions", {"milestones": [s.pk]}),
            lambda path=path: patch(apis[3], path, project_title="New"),
            lambda made=made: apis[4].post("/milestones", made),
            lambda path=path: apis[5].post(
                f"{path}/clone", {"project_title": "Copy", "copy_tasks": "on"}
            ),
            lambda task=task: apis[6].put(f"/tasks/{task.pk}/archive"),
        )
        assert deleted.status_code == 200
        assert created.status_code in {201, 409, 422}
        assert put.status_code in {200, 422}
        assert patched.status_code in {200, 404}
        assert milestone.status_code in {201, 422}
        assert cloned.status_code in {201, 404}
        assert archived.status_code in {200, 404}
        if milestone.status_code == 422:
            message = "The selected milestone projectid is invalid."
            assert milestone.json()["errors"] == {"milestone_projectid": [message]}
        for r in (patched, cloned):
            assert r.status_code != 404 or r.json() == GONE
        assert not Project.objects.filter(pk=project.pk).exists()
        assert not Task.objects.filter(project_id=project.pk).exists()
        assert not Milestone.objects.filter(project_id=project.pk).exists()
        assert not TaskTally.objects.filter(project_id=project.pk).exists()
        assert_counted()
        if cloned.status_code == 201:
            copy = cloned.json()["data"]["id"]
            assert Task.objects.filter(project=copy).count() in {1, 2}
            assert apis[0].delete(f"/projects/{copy}").status_code == 200


def test_clone_of_a_project_while_its_tasks_come_and_go_is_whole(together, make_api):
    apis = [make_api() for _ in range(4)]
    everything = dict.fromkeys(("copy_tasks", "copy_milestones", "copy_tasks_checklist"), "on")
    for _ in range(ROUNDS):
        project = make_project()
        stage = make_milestone(project)
        tasks = [
            make_task(f"{n}", project=project, milestone_id=stage.pk, tags=["a"]) for n in range(4)
        ]
        cloned, *answers = together(
            lambda p=project: apis[0].post(
                f"/projects/{p.pk}/clone", {"project_title": "Copy", **everything}
            ),
            lambda t=tasks: apis[1].delete(f"/tasks/{t[1].pk}"),
            lambda t=tasks: apis[2].put(f"/tasks/{t[2].pk}/status", "status=2"),
            lambda p=project, s=stage: create(apis[3], p, s),
        )
        assert [r.status_code for r in (cloned, *answers)] == [201, 200, 200, 201]
        copies = Task.objects.filter(project=cloned.json()["data"]["id"])
        titles = set(copies.values_list("title", flat=True))
        assert {"0", "2", "3"} <= titles <= {"0", "1", "2", "3", "x"}
        assert copies.count() == len(titles)
        assert set(copies.values_list("status", flat=True)) == {1}
        for copy in copies.exclude(title="x"):
            assert [row.tag.name for row in copy.task_tags.all()] == ["a"]
        assert_counted()


def test_milestones_sorted_deleted_and_made_at_once_stay_in_one_order(together, make_api):
    apis = [make_api() for _ in range(4)]
    for _ in range(ROUNDS):
        project = make_project()
        default = project.milestones.get()
        a, b, c = (make_milestone(project, title) for title in "abc")
        task = make_task(project=project, milestone_id=b.pk)
        made = {"milestone_title": "d", "milestone_color": "x", "milestone_projectid": project.pk}
        ordered, deleted, created, again = together(
            lambda ids=[c.pk, b.pk]: apis[0].put("/milestones/positions", {"milestones": ids}),
            lambda b=b: apis[1].delete(f"/milestones/{b.pk}"),
            lambda made=made: apis[2].post("/milestones", made),
            lambda ids=[a.pk]: apis[3].put("/milestones/positions", {"milestones": ids}),
        )
        assert [r.status_code for r in (deleted, created, again)] == [200, 201, 200]
        assert ordered.status_code in {200, 422}
        if ordered.status_code == 422:
            message = "The selected milestones.1 is invalid."
            assert ordered.json()["errors"] == {"milestones.1": [message]}
        positions = [*project.milestones.values_list("position", flat=True)]
        assert len(set(positions)) == len(positions) == 4
        titles = {row.title for row in project.milestones.all()}
        assert titles == {"Uncategorised", "a", "c", "d"}
        task.refresh_from_db()
        assert task.milestone_id == default.pk
        assert_counted()


def test_one_title_given_twice_at_once_is_taken_by_one(together, make_api):
    apis = [make_api() for _ in range(4)]
    for _ in range(ROUNDS):
        project = make_project()
        other = make_milestone(project, "other")
        made = {"milestone_title": "x", "milestone_color": "x", "milestone_projectid": project.pk}
        answers = together(
            *[lambda api=api, made=made: api.post("/milestones", made) for api in apis[:3]],
            lambda other=other: patch(apis[3], f"/milestones/{other.pk}", milestone_title="x"),
        )
        codes = sorted(r.status_code for r in answers)
        assert codes in [[200, 409, 409, 409], [201, 409, 409, 409]]
        taken = {"message": "The project has a milestone of this title already."}
        assert all(r.json() == taken for r in answers if r.status_code == 409)
        assert project.milestones.filter(title="x").count() == 1


def test_delete_of_a_milestone_while_its_tasks_are_written_keeps_the_count(together, make_api):
    apis = [make_api() for _ in range(6)]
    for number in range(ROUNDS):
        project = make_project()
        stage = make_milestone(project)
        tasks = [make_task(project=project, milestone_id=stage.pk) for _ in range(4)]
        query = "?delete_tasks=yes" if number % 2 else ""
        deleted, *answers = together(
            lambda s=stage, q=query: apis[0].delete(f"/milestones/{s.pk}{q}"),
            lambda t=tasks: apis[1].put(f"/tasks/{t[0].pk}/status", "status=2"),
            lambda t=tasks: apis[2].put(f"/tasks/{t[1].pk}/archive"),
            lambda t=tasks: apis[3].delete(f"/tasks/{t[2].pk}"),
            lambda p=project, s=stage: create(apis[4], p, s),
            lambda t=tasks: patch(apis[5], f"/tasks/{t[3].pk}", task_title="New"),
        )
        assert deleted.status_code == 200
        assert {r.status_code for r in answers} <= {200, 201, 404, 409}
        assert not Milestone.objects.filter(pk=stage.pk).exists()
        if not query:
            assert answers[0].status_code == answers[1].status_code == 200
        assert not TaskTally.objects.filter(milestone_id=stage.pk).exists()
        assert_counted()


def test_two_projects_cloned_and_deleted_by_many_at_once_settle(together, make_api):
    apis = [make_api() for _ in range(THREADS)]
    one, other = make_project(), make_project()
    for project in (one, other):
        for _ in range(3):
            make_task(project=project)

    def clone_and_delete(api, project):
        codes = []
        for _ in range(3):
            r = api.post(
                f"/projects/{project.pk}/clone", {"project_title": "Copy", "copy_tasks": "on"}
            )
            codes.append(r.status_code)
            codes.append(api.delete(f"/projects/{r.json()['data']['id']}").status_code)
        return codes

    seen = together(
        *[
            lambda api=api, p=(one, other)[n % 2]: clone_and_delete(api, p)
            for n, api in enumerate(apis)
        ]
    )
    assert seen == [[201, 200] * 3] * THREADS
    assert Task.objects.count() == 6
    assert_counted()
