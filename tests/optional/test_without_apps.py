"""A site that takes neither comments nor timers, or does without them later."""

import pytest

pytestmark = pytest.mark.slow

ALL = {"tasks", "comments", "timers"}
MISSING = pytest.mark.parametrize(
    "missing",
    [{"comments"}, {"timers"}, {"comments", "timers"}],
    ids=lambda apps: "+".join(sorted(apps)),
)

#: Every resource of ``tasks`` that shows, or would take along, something of the other apps.
TOUR = """
from tasks.models import ChecklistItem, Task
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_task

api = client()
task = make_task()
item = add_checklist_item(actor=make_actor(), parent=task, text="x")
path = f"/api/tasks/{task.pk}"
shown = api.get(path).json()["data"]
report["task"] = [shown["time_logged"], api.get("/api/tasks").json()["data"] == [shown]]
listed = api.get("/api/checklists", {"resource_type": "task", "resource_id": task.pk})
report["comments_count"] = [row["comments_count"] for row in listed.json()["data"]]
fields = {
    "task_title": "Copy",
    "task_status": 1,
    "project_id": task.project_id,
    "task_milestoneid": task.milestone_id,
    "copy_checklist": "on",
    "copy_files": "on",
}
cloned = api.post(f"{path}/clone", fields)
report["clone"] = [cloned.status_code, cloned.json()["data"]["time_logged"]]
for name, method, tail in [
    ("comments", "get", "comments"),
    ("add comment", "post", "comments"),
    ("timers", "get", "timers"),
    ("stop", "put", "stop-timers"),
]:
    fields = {"comment": "x"} if method == "post" else None
    report[name] = getattr(api, method)(f"{path}/{tail}", fields).status_code
of_item = api.get(f"/api/checklists/{item.pk}/comments")
report["item comments"] = of_item.status_code
report["deleted item"] = api.delete(f"/api/checklists/{item.pk}").status_code
report["deleted task"] = api.delete(path).status_code
from tasks.services.projects import delete_project

delete_project(actor=make_actor(), project_id=task.project_id)
report["left"] = [
    Task.objects.filter(project_id=task.project_id).count(), ChecklistItem.objects.count()
]
told = api.get("/api/schema").json()["paths"]
report["told"] = [any(name in path for path in told) for name in ("comments", "timers")]
report["imported"] = sorted({name.split(".")[0] for name in sys.modules} & {"comments", "timers"})
"""
SET_UP = """
call_command("check", fail_level="WARNING", stdout=sys.stderr)
call_command("makemigrations", check=True, dry_run=True, stdout=sys.stderr)
call_command("migrate", verbosity=0)
"""


def expected(missing):
    has_comments, has_timers = "comments" not in missing, "timers" not in missing
    return {
        "task": [0, True],
        "comments_count": [0],
        "clone": [201, 0],
        "comments": 200 if has_comments else 404,
        "add comment": 201 if has_comments else 404,
        "item comments": 200 if has_comments else 404,
        "timers": 200 if has_timers else 404,
        "stop": 200 if has_timers else 404,
        "deleted item": 200,
        "deleted task": 200,
        "left": [0, 0],
        "told": [has_comments, has_timers],
        "imported": sorted({"comments", "timers"} - missing),
    }


@MISSING
def test_site_without_apps_answers_for_tasks_and_checklists(visit, missing):
    picked = " ".join(sorted(ALL - missing))
    assert visit(picked, SET_UP + TOUR) == expected(missing)


FILL = """
from comments.testing import make_comment
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_task
from timers.testing import make_running_timer, make_time

task = make_task("Kept")
item = add_checklist_item(actor=make_actor(), parent=task, text="kept")
make_comment(task)
make_comment(item)
make_time(task, seconds=600, is_invoiced=True)
make_running_timer(task)
api = client()
report["before"] = api.get(f"/api/tasks/{task.pk}").json()["data"]["time_logged"]
"""
AFTERWARDS = """
from tasks.models import ChecklistItem, Task

task, item = Task.objects.get(title="Kept"), ChecklistItem.objects.get(text="kept")
api = client()
report["tables"] = sorted(
    name for name in connection.introspection.table_names()
    if name in {"taskdock_comments_comment", "taskdock_timers_timer"}
)
call_command("migrate", check=True, verbosity=0)
report["time"] = api.get(f"/api/tasks/{task.pk}").json()["data"]["time_logged"]
report["count"] = api.get(f"/api/checklists/{item.pk}").json()["data"]["comments_count"]
report["deleted"] = answer(api.delete(f"/api/tasks/{task.pk}"))
report["left"] = [Task.objects.count(), ChecklistItem.objects.count()]
report["id"] = task.pk
"""


@MISSING
def test_apps_taken_out_later_leave_a_site_that_works(visit, missing):
    everything = "tasks comments timers"
    assert visit(everything, SET_UP + FILL) == {"before": 600}
    labels = [f"taskdock_{app}" for app in sorted(missing)]
    zero = "".join(f"call_command('migrate', '{label}', 'zero', verbosity=0)\n" for label in labels)
    visit(everything, zero)

    report = visit(" ".join(sorted(ALL - missing)), AFTERWARDS)

    pk = report.pop("id")
    invoiced = "timers" not in missing
    assert report == {
        "tables": [
            *(["taskdock_comments_comment"] if "comments" not in missing else []),
            *(["taskdock_timers_timer"] if "timers" not in missing else []),
        ],
        "time": 600 if "timers" not in missing else 0,
        "count": 1 if "comments" not in missing else 0,
        "deleted": [409, {"message": "The task has invoiced time."}]
        if invoiced
        else [200, {"data": {"id": pk}, "message": "Task deleted successfully."}],
        "left": [1, 1] if invoiced else [0, 0],
    }


def test_apps_taken_out_and_put_back_begin_empty(visit):
    everything = "tasks comments timers"
    visit(everything, SET_UP + FILL)
    visit(everything, "call_command('migrate', 'taskdock_timers', 'zero', verbosity=0)")
    again = """
    call_command("migrate", verbosity=0)
    from tasks.models import Task

    task = Task.objects.get(title="Kept")
    api = client()
    report["time"] = api.get(f"/api/tasks/{task.pk}").json()["data"]["time_logged"]
    report["timers"] = api.get(f"/api/tasks/{task.pk}/timers").json()["data"]
    report["comments"] = len(api.get(f"/api/tasks/{task.pk}/comments").json()["data"])
    """
    assert visit(everything, again) == {"time": 0, "timers": [], "comments": 1}
