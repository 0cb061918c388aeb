"""Progress and the milestones' numbers of tasks: right after every write that changes them."""

import pytest

from tasks.models import Task, TaskStatus, TaskTally
from tasks.services.bulk import add_tasks
from tasks.services.new_tasks import NewTask
from tasks.services.tasks import activate_task, archive_task, set_status
from tasks.services.workflow import create_status, delete_status, update_status
from tasks.testing import make_actor, make_milestone, make_project, make_task
from tests.api.projects.world import completed, make_done, progress_of
from tests.counting import assert_counted

TO_DO, IN_PROGRESS = 1, 3


def progress(api, project):
    data = api.get(f"/projects/{project.pk}").json()["data"]
    listed = api.get("/projects", limit=100).json()["data"]
    assert data in listed
    assert data["progress"] == progress_of(project)
    assert_counted()
    return data["progress"]


def numbers(api, project):
    """The number of tasks of each milestone, in their order, counted in two ways."""
    data = api.get("/milestones", project_id=project.pk).json()["data"]
    for milestone in data:
        assert milestone["tasks_count"] == Task.objects.filter(milestone=milestone["id"]).count()
    return [milestone["tasks_count"] for milestone in data]


@pytest.mark.parametrize(
    ("done", "total", "expected"),
    [
        (0, 0, 0),
        (0, 1, 0),
        (1, 1, 100),
        (1, 2, 50),
        (1, 3, 33),
        (2, 3, 66),
        (3, 3, 100),
        (1, 7, 14),
        (6, 7, 85),
        (99, 100, 99),
        (199, 200, 99),
        (1, 101, 0),
        (29, 100, 29),  # 29 / 100 * 100 is less than 29 where it is a float
    ],
)
def test_progress_is_rounded_down(api, db, done, total, expected):
    project = make_project()
    new = [
        NewTask(
            project_id=project.pk,
            title="x",
            status_id=completed().pk if number < done else TO_DO,
            priority_id=1,
        )
        for number in range(total)
    ]
    add_tasks(actor=make_actor(), tasks=new)
    # Another project's tasks are none of this one's.
    make_task()
    assert progress(api, project) == expected


def test_progress_follows_every_write_of_a_task(api, db):
    project, other = make_project(), make_project()
    path = "/tasks"
    fields = {"task_projectid": project.pk, "task_title": "x", "task_priority": 1}
    ids = []
    for status, expected in [(TO_DO, 0), (2, 50), (IN_PROGRESS, 33), (2, 50)]:
        r = api.post(path, fields | {"task_status": status})
        assert r.status_code == 201
        ids.append(r.json()["data"]["id"])
        assert progress(api, project) == expected
        assert numbers(api, project) == [len(ids)]
    todo, done, doing, also_done = ids

    def send(method, what, body, expected):
        r = api.request(method, f"/tasks/{what}", body)
        assert r.status_code in {200, 201}, r.content
        assert progress(api, project) == expected
        return r.json()["data"]["id"]

    send("PUT", f"{todo}/status", "status=2", 75)
    send("PUT", f"{todo}/status", "status=2", 75)
    send("PUT", f"{todo}/status", "status=3", 50)
    send("PATCH", f"{todo}", "task_title=x&task_status=2&task_priority=1", 75)
    send("PUT", f"{doing}/archive", "", 100)
    send("PUT", f"{doing}/archive", "", 100)
    send("PUT", f"{doing}/status", "status=2", 100)
    send("PUT", f"{doing}/status", "status=1", 100)
    send("PUT", f"{doing}/activate", "", 75)
    send("PUT", f"{done}/archive", "", 66)
    assert numbers(api, project) == [4]
    default = project.milestones.get()
    copy = {"task_title": "Copy", "task_status": 1}
    here = copy | {"project_id": project.pk, "task_milestoneid": default.pk}
    send("POST", f"{done}/clone", here, 50)
    assert numbers(api, project) == [5]
    elsewhere = other.milestones.get()
    there = copy | {"project_id": other.pk, "task_milestoneid": elsewhere.pk, "task_status": 2}
    send("POST", f"{todo}/clone", there, 50)
    assert (progress(api, other), numbers(api, other)) == (100, [1])
    send("DELETE", f"{also_done}", "", 33)
    send("DELETE", f"{done}", "", 33)
    assert numbers(api, project) == [3]
    for pk in Task.objects.filter(project=project).values_list("pk", flat=True):
        assert api.delete(f"/tasks/{pk}").status_code == 200
    assert (progress(api, project), numbers(api, project)) == (0, [0])
    assert api.delete(f"/projects/{other.pk}").status_code == 200
    assert_counted()
    assert not TaskTally.objects.filter(project_id=other.pk).exists()


def test_progress_of_archived_tasks_alone_is_nothing(api, db):
    project = make_project()
    archive_task(actor=make_actor(), task_id=make_done(project).pk)
    assert (progress(api, project), numbers(api, project)) == (0, [1])


def test_progress_of_an_archived_project_is_counted_too(api, db):
    project = make_project(is_archived=True)
    make_done(project)
    assert progress(api, project) == 100


def test_progress_by_hand_is_shown_whatever_the_tasks_say(api, db):
    project = make_project(manual_progress=0)
    make_done(project)
    data = api.get(f"/projects/{project.pk}").json()["data"]
    assert (data["progress"], data["progress_manually"]) == (0, "yes")


def test_progress_follows_the_flag_of_what_means_completed(api, db):
    project = make_project()
    make_done(project)
    for _ in range(2):
        make_task(project=project, status=TaskStatus.objects.get(pk=IN_PROGRESS))
    assert progress(api, project) == 33
    update_status(actor=make_actor(), status_id=IN_PROGRESS, is_completed=True)
    assert progress(api, project) == 66
    fresh = create_status(actor=make_actor(), title="Really done", is_completed=True)
    assert progress(api, project) == 0
    set_status(actor=make_actor(), task_id=project.tasks.latest("pk").pk, status=fresh)
    assert progress(api, project) == 33


def test_progress_follows_a_status_that_goes(api, db):
    project = make_project()
    status = create_status(actor=make_actor(), title="Nearly")
    tasks = [make_task(project=project, status=status) for _ in range(3)]
    archive_task(actor=make_actor(), task_id=tasks[0].pk)
    make_task(project=project)
    assert progress(api, project) == 0
    delete_status(actor=make_actor(), status_id=status.pk, move_to=completed().pk)
    assert progress(api, project) == 66
    activate_task(actor=make_actor(), task_id=tasks[0].pk)
    assert (progress(api, project), numbers(api, project)) == (75, [4])


def test_numbers_follow_the_milestones(api, db):
    project = make_project()
    first, second = make_milestone(project), make_milestone(project)
    tasks = [make_task(project=project, milestone_id=first.pk) for _ in range(3)]
    archive_task(actor=make_actor(), task_id=tasks[0].pk)
    make_done(project, milestone_id=second.pk)
    assert numbers(api, project) == [0, 3, 1]
    body = f"task_title=x&task_status=1&task_priority=1&task_milestoneid={second.pk}"
    for task in tasks[:2]:
        assert api.patch(f"/tasks/{task.pk}", body).status_code == 200
    assert numbers(api, project) == [0, 1, 3]
    assert api.delete(f"/milestones/{second.pk}").status_code == 200
    assert numbers(api, project) == [3, 1]
    assert_counted()
    assert api.request("DELETE", f"/milestones/{first.pk}", "delete_tasks=yes").status_code == 200
    assert numbers(api, project) == [3]
    # One of them is archived and one of the others is completed.
    assert progress(api, project) == 50


def test_bulk_of_many_tasks_is_counted(api, db):
    project = make_project()
    stage = make_milestone(project)
    add_tasks(
        actor=make_actor(),
        tasks=(
            NewTask(
                project_id=project.pk,
                title=f"{number}",
                status_id=1 + number % 3,
                priority_id=1,
                is_archived=number % 5 == 0,
                milestone_id=stage.pk if number % 7 else None,
            )
            for number in range(1300)
        ),
    )
    progress(api, project)
    assert numbers(api, project) == [186, 1114]


def test_write_past_the_services_is_shown_at_once(api, site):
    assert progress(api, site.project) == 33
    assert numbers(api, site.project) == [2, 2]
    Task.objects.filter(pk=site.open.pk).update(status=completed())
    assert progress(api, site.project) == 66
    Task.objects.filter(pk=site.loose.pk).delete()
    assert progress(api, site.project) == 100
    assert numbers(api, site.project) == [1, 2]


def test_tally_out_of_step_shows_no_more_than_a_percentage(api, site):
    stray = {"project_id": site.project.pk, "milestone_id": site.launch.pk, "is_archived": False}
    path = f"/projects/{site.project.pk}"

    def off_by(number, status_id):
        row = TaskTally.objects.create(tasks=number, status_id=status_id, **stray)
        data = api.get(path).json()["data"]["progress"]
        count = api.get(f"/milestones/{site.launch.pk}").json()["data"]["tasks_count"]
        assert api.get("/projects", sort="project_progress").status_code == 200
        row.delete()
        return data, count

    assert off_by(-50, TO_DO) == (0, 0)
    assert off_by(-50, 2) == (0, 0)
    assert off_by(-2, TO_DO) == (100, 0)
    assert off_by(-3, TO_DO) == (0, 0)
    assert off_by(50, 2)[0] == 96
    assert_counted()


def test_progress_by_many_small_writes_keeps_few_rows(api, db):
    project = make_project()
    task = make_task(project=project)
    for _ in range(40):
        for status in (2, 1):
            assert api.put(f"/tasks/{task.pk}/status", f"status={status}").status_code == 200
    assert progress(api, project) == 0
    assert TaskTally.objects.count() < 100
