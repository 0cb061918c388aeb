"""Two admins with one page open: what both have changed is shown to the second, and decided."""

import datetime as dt

import pytest

from tasks.models import HistoryEntry, Task
from tasks.services.projects import update_project
from tasks.testing import (
    make_actor,
    make_client,
    make_milestone,
    make_project,
    make_task,
    make_user,
)
from tests.admin.conftest import Browser, Page
from tests.conftest import ADMIN


def _people(task):
    return sorted(task.assignees.values_list("user_id", flat=True))


def _tags(task):
    return sorted(task.task_tags.values_list("tag__name", flat=True))


@pytest.fixture
def world(db):
    """A task, and what its fields can be set to."""
    people = [make_user(first_name=name, last_name="Lee") for name in ("Ann", "Bob", "Cy")]
    project = make_project("A project")
    milestones = [make_milestone(project, title) for title in ("Alpha", "Beta", "Gamma")]
    task = make_task(
        "First",
        project=project,
        milestone_id=milestones[0].pk,
        description="First line\nand more",
        due_date=dt.date(2026, 6, 1),
        tags=["one"],
        assigned=[people[0]],
    )
    return {"task": task, "people": people, "milestones": milestones}


#: Field, what the first one sends, what the second one sends, how the first's is told, and how
#: the row has each of the two.
CASES = {
    "title": ("title", ("Hers", "His"), "Hers", lambda t: t.title, ("Hers", "His")),
    "description": (
        "description",
        ("Hers\n<b>more</b>", "His\ntext"),
        "Hers\n<b>more</b>",
        lambda t: t.description,
        ("Hers\n<b>more</b>", "His\ntext"),
    ),
    "emptied text": (
        "description",
        ("", "His"),
        "nothing",
        lambda t: t.description,
        (None, "His"),
    ),
    "date": (
        "due_date",
        ("2026-07-01", "2026-08-01"),
        "July 1, 2026",
        lambda t: t.due_date,
        (dt.date(2026, 7, 1), dt.date(2026, 8, 1)),
    ),
    "emptied date": (
        "due_date",
        ("", "2026-08-01"),
        "nothing",
        lambda t: t.due_date,
        (None, dt.date(2026, 8, 1)),
    ),
    "status": ("status", (2, 3), "Completed", lambda t: t.status_id, (2, 3)),
    "milestone": (
        "milestone",
        lambda w: [row.pk for row in w["milestones"][1:]],
        "Beta",
        lambda t: t.milestone.title,
        ("Beta", "Gamma"),
    ),
    "people": (
        "assigned",
        lambda w: ([w["people"][1].pk], [w["people"][0].pk, w["people"][2].pk]),
        "Bob Lee",
        lambda t: [row.user.first_name for row in t.assignees.order_by("user_id")],
        (["Bob"], ["Ann", "Cy"]),
    ),
    "nobody": (
        "assigned",
        lambda w: (None, [w["people"][2].pk]),
        "nothing",
        lambda t: [row.user.first_name for row in t.assignees.order_by("user_id")],
        ([], ["Cy"]),
    ),
    "tags": (
        "tags",
        ("one, hers", '"a, b"'),
        "hers, one",
        _tags,
        (["hers", "one"], ["a, b"]),
    ),
}


@pytest.fixture
def second(db):
    return Browser(make_user(is_superuser=True, first_name="Bert", last_name="Second"))


@pytest.fixture
def two(admin, second):
    return admin, second


def _fresh(task):
    return Task.objects.get(pk=task.pk)


@pytest.mark.parametrize("decision", ["mine", "theirs"])
@pytest.mark.parametrize("case", CASES)
def test_field_that_both_changed_is_refused_once_and_then_decided(
    two, world, form_errors, case, decision
):
    admin, second = two
    field, sent, told, read, (hers, his) = CASES[case]
    task, (one, other) = world["task"], sent(world) if callable(sent) else sent
    path = f"taskdock/task/{task.pk}/change/"
    first_page, second_page = admin.open(path), second.open(path)
    assert first_page.submit(**{field: one}).status_code == 302
    assert read(_fresh(task)) == hers
    refused = second_page.submit(**{field: other})
    (message,) = form_errors(refused)[field]
    assert "Ada Admin changed this in the admin while you were writing." in message
    assert told in message.replace("&lt;", "<").replace("&gt;", ">")
    assert read(_fresh(task)) == hers
    again = Page(second, f"{ADMIN}/{path}", refused)
    answer = again.submit(_theirs=field) if decision == "theirs" else again.submit()
    assert answer.status_code == 302, form_errors(answer)
    assert read(_fresh(task)) == (hers if decision == "theirs" else his)


def test_refusal_escapes_what_the_other_wrote(admin, second, world):
    task = world["task"]
    path = f"taskdock/task/{task.pk}/change/"
    first_page, second_page = admin.open(path), second.open(path)
    first_page.submit(title="<img src=x onerror=alert(1)>")
    html = second_page.submit(title="His").content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_field_that_both_changed_alike_is_no_conflict(admin, second, world):
    path = f"taskdock/task/{world['task'].pk}/change/"
    pages = [browser.open(path) for browser in (admin, second)]
    assert [page.submit(title="Same").status_code for page in pages] == [302, 302]


def test_fields_that_the_other_alone_changed_stay_as_they_are(admin, second, world):
    task = world["task"]
    path = f"taskdock/task/{task.pk}/change/"
    first_page, second_page = admin.open(path), second.open(path)
    first_page.submit(title="Hers", tags="hers")
    assert second_page.submit(description="His").status_code == 302
    now = _fresh(task)
    assert (now.title, now.description, _tags(now)) == ("Hers", "His", ["hers"])


def test_change_by_a_key_is_told_with_its_name(api, admin, world, form_errors):
    task = world["task"]
    path = f"taskdock/task/{task.pk}/change/"
    page = admin.open(path)
    answer = api.patch(
        f"/tasks/{task.pk}", '{"task_title": "By a program"}', "application/merge-patch+json"
    )
    assert answer.status_code == 200, answer.content
    (message,) = form_errors(page.submit(title="His"))["title"]
    assert f"by the API ({api.key.name})" in message


def test_conflict_that_changes_again_is_shown_again(admin, second, world, form_errors):
    task = world["task"]
    path = f"taskdock/task/{task.pk}/change/"
    first_page, second_page = admin.open(path), second.open(path)
    first_page.submit(title="Hers")
    refused = second_page.submit(title="His")
    admin.open(path).submit(title="Hers again")
    twice = Page(second, f"{ADMIN}/{path}", refused).submit()
    (message,) = form_errors(twice)["title"]
    assert "Hers again" in message
    assert _fresh(task).title == "Hers again"


def test_people_that_were_chosen_stay_chosen_when_another_field_is_refused(admin, world):
    task = world["task"]
    path = f"taskdock/task/{task.pk}/change/"
    admin.open(path).submit(assigned=None)
    assert _people(task) == []
    person = world["people"][1].pk
    refused = admin.open(path).submit(assigned=[person], title="")
    Page(admin, f"{ADMIN}/{path}", refused).submit(title="Now")
    assert _people(task) == [person]


def test_other_forms_refuse_alike(admin, second, form_errors):
    project, client = make_project("Project"), make_client("Client")
    page = second.open(f"taskdock/project/{project.pk}/change/")
    update_project(actor=make_actor(), project_id=project.pk, title="Renamed")
    (message,) = form_errors(page.submit(title="Mine"))["title"]
    assert "Renamed" in message
    assert "by the site" in message
    pages = [one.open(f"taskdock/client/{client.pk}/change/") for one in (admin, second)]
    pages[0].submit(name="Hers")
    assert "Hers" in form_errors(pages[1].submit(name="His"))["name"][0]


def test_nobody_is_named_whose_history_is_gone(admin, second, world, form_errors):
    task = world["task"]
    path = f"taskdock/task/{task.pk}/change/"
    page = second.open(path)
    admin.open(path).submit(title="Hers")
    HistoryEntry.objects.all()._raw_delete("default")
    (message,) = form_errors(page.submit(title="His"))["title"]
    assert "This was changed while you were writing." in message
