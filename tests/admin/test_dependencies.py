"""What the page of a task says where it waits for others, and what history tells of that."""

import pytest

from tasks.actors import Actor
from tasks.models import Task
from tasks.services.dependencies import add_dependency
from tasks.testing import make_dependency, make_project, make_task
from tests.admin.conftest import Browser
from tests.sides import ONE_SIDED, Side

COMPLETED, IN_PROGRESS = "2", "3"


def save(browser, task, **changes):
    response = browser.open(f"taskdock/task/{task.pk}/change/").submit(**changes)
    assert response.status_code == 302
    return [
        str(message) for message in browser.client.get(response["Location"]).context["messages"]
    ]


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"status": COMPLETED}, True),
        ({"status": COMPLETED, "title": "New"}, True),
        ({"status": IN_PROGRESS}, False),
        ({"title": "New"}, False),
        ({}, False),
    ],
)
def test_completion_warns_of_open_blockers_and_is_saved(admin, changes, warned):
    project = make_project()
    task, design, ship = (make_task(name, project=project) for name in ("Task", "Design", "Ship"))
    for blocker in (ship, design):
        make_dependency(task, blocker)
    messages = save(admin, task, **changes)
    waits = f"#{design.pk} Design, #{ship.pk} Ship."
    expected = [f"It is completed, but waits for open tasks: {waits}"] if warned else []
    assert [text for text in messages if "waits" in text] == expected
    saved = Task.objects.get(pk=task.pk)
    assert str(saved.status_id) == changes.get("status", str(task.status_id))


def test_completion_warns_no_more_once_it_waits_for_nothing(admin):
    task, design = make_task("Task"), make_task("Design")
    make_dependency(task, design)
    assert not any("waits" in text for text in save(admin, design, status=COMPLETED))
    assert not any("waits" in text for text in save(admin, task, status=COMPLETED))
    # It is completed already.
    make_dependency(task, make_task("Late"))
    assert not any("waits" in text for text in save(admin, task, title="New"))


def test_warning_names_the_first_of_many(admin):
    project = make_project()
    task = make_task(project=project)
    for number in range(11):
        make_dependency(task, make_task(f"Blocker {number:02}", project=project))
    (text,) = [text for text in save(admin, task, status=COMPLETED) if "waits" in text]
    assert "Blocker 09 and more." in text
    assert "Blocker 10" not in text


def test_warning_and_history_name_no_task_out_of_sight(settings, db):
    left, right = (Side(word, is_staff=True) for word in ("left", "right"))
    make_dependency(left.task, right.task)
    add_dependency(actor=Actor(), task_id=left.task.pk, blocker_id=left.other_task.pk)
    settings.TASKDOCK = ONE_SIDED
    browser = Browser(left.user)
    (text,) = [text for text in save(browser, left.task, status=COMPLETED) if "waits" in text]
    assert text.endswith(f"waits for open tasks: #{left.other_task.pk} left task.")
    html = browser.get(f"taskdock/task/{left.task.pk}/history/").content.decode()
    assert "right" not in html.replace("right_side", "").replace("copyright", "")
    assert f"#{right.task.pk}" in html
