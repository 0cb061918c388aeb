"""``VISIBLE_TO`` on every page of the admin: two people in turn, who share a process.

The table names each page of each model: one that is added is to be added here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.test import override_settings

from tasks.actors import Actor
from tasks.admin.attachments import IMAGES
from tasks.models import HistoryEntry, Task, TaskStatus
from tasks.services import tasks
from tasks.services.cloning import clone_task
from tests.admin.conftest import Browser
from tests.conftest import ADMIN
from tests.sides import ONE_SIDED, Side

OURS = {"taskdock", "taskdock_comments", "taskdock_timers"}
PAGES = {"changelist", "add", "change", "delete", "history"}
#: The row of a side that each model's pages are about; None for what is everybody's.
ROWS: Mapping[str, Callable[[Side], Any] | None] = {
    "taskdock.task": lambda side: side.task,
    "taskdock.project": lambda side: side.project,
    "taskdock.milestone": lambda side: side.launch,
    "taskdock.client": lambda side: side.client,
    "taskdock.checklistitem": lambda side: side.item,
    "taskdock.attachment": lambda side: side.attachment,
    "taskdock.tag": lambda side: side.task.task_tags.get().tag,
    "taskdock.historyentry": lambda side: history_of(side.task),
    "taskdock_comments.comment": lambda side: side.comment,
    "taskdock_timers.timer": lambda side: side.timesheet,
    "taskdock.taskstatus": None,
    "taskdock.taskpriority": None,
    # Whoever manages keys manages all of them.
    "taskdock.apikey": None,
}
#: Pages of ours beside Django's, by model.
OWN_PAGES: Mapping[str, set[str]] = {
    "taskdock.task": {
        *("panel", "people", "preview", "team", "export"),
        # Who sees what there: test_board.
        *("board", "board_cards", "board_changes", "board_move", "board_add"),
        *("mine", "complete"),
    },
    "taskdock.attachment": {"download", *IMAGES, "people"},
    "taskdock.apikey": {"people", "revoke"},
    "taskdock.project": {"people", "archive", "progress"},
    "taskdock_timers.timer": {
        *("people", "start", "stop"),
        *("week", "week_export", "week_people", "week_write"),
    },
    "taskdock.milestone": {"people", "move"},
    "taskdock.taskstatus": {"people", "move"},
    "taskdock.taskpriority": {"people", "move"},
    "taskdock.historyentry": set(),
    "taskdock.tag": set(),
}
ROW_PAGES = ("change", "delete", "history", "download", *IMAGES, "progress")
#: The models that have a page that others have not.
SPECIAL = {
    "download": "taskdock.attachment",
    **dict.fromkeys(IMAGES, "taskdock.attachment"),
    "progress": "taskdock.project",
}
SIDED = [label for label, row in ROWS.items() if row is not None]
#: Choices of forms that are rows, by the page that asks for them.
CHOICES = [
    ("taskdock.task", "project", lambda side: side.project),
    ("taskdock.task", "milestone", lambda side: side.launch),
    ("taskdock.project", "client", lambda side: side.client),
    ("taskdock.milestone", "project", lambda side: side.project),
    ("taskdock.checklistitem", "task", lambda side: side.task),
    ("taskdock.checklistitem", "project", lambda side: side.project),
    ("taskdock.attachment", "task", lambda side: side.task),
    ("taskdock_comments.comment", "task", lambda side: side.task),
    ("taskdock_timers.timer", "task", lambda side: side.task),
]
#: Choices of forms that are people.
PEOPLE = [
    ("taskdock.task", "assigned"),
    ("taskdock.project", "assigned"),
    ("taskdock.project", "manager"),
    ("taskdock.client", "owner"),
    ("taskdock_timers.timer", "user"),
]


def history_of(task: Task) -> HistoryEntry:
    found: HistoryEntry | None = HistoryEntry.objects.filter(
        subject_type="task", subject_id=task.pk
    ).first()
    assert found is not None
    return found


@pytest.fixture
def turns(db):
    """Three turns of two people: their browser, their side, and the side of the other."""
    one, other = (Side(word) for word in ("annas", "berts"))
    browsers = {side.word: Browser(side.user) for side in (one, other)}
    with override_settings(TASKDOCK=ONE_SIDED):
        yield [(browsers[mine.word], mine, theirs) for mine, theirs in _alternating(one, other)]


def _alternating(one, other):
    return [(one, other), (other, one), (one, other)]


def path_of(label, page="", row=None):
    base = label.replace(".", "/")
    return f"{base}/{page}" if row is None else f"{base}/{row.pk}/{page}/"


def text(response):
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def test_every_page_of_every_model_is_in_these_tests():
    for model, page in django_admin.site._registry.items():
        if model._meta.app_label not in OURS:
            continue
        label, prefix = model._meta.label_lower, f"{model._meta.app_label}_{model._meta.model_name}"
        assert label in ROWS
        names = {str(pattern.name).removeprefix(f"{prefix}_") for pattern in page.get_urls()}
        # A token for forms shows no rows.
        assert names - {"None", "token"} == PAGES | OWN_PAGES.get(label, {"people"})
        people = {(label, field) for field in getattr(page, "people_fields", ())}
        assert people <= set(PEOPLE)
        fields = {(label, field) for field in page.get_autocomplete_fields(None)}
        assert fields <= {(label, field) for label, field, _ in CHOICES}
    assert ("taskdock.task", "milestone") in {(label, field) for label, field, _ in CHOICES}


@pytest.mark.parametrize("label", SIDED)
def test_list_shows_and_counts_ones_own_alone(turns, label):
    totals = []
    for browser, mine, theirs in turns:
        response = browser.get(path_of(label), q="")
        assert response.status_code == 200
        assert theirs.word not in text(response)
        assert mine.word in text(response)
        totals.append(response.context["cl"].result_count)
        found = browser.get(path_of(label), q=theirs.word)
        assert found.context["cl"].result_count == 0
    assert totals[0] == totals[1] == totals[2]


@pytest.mark.parametrize("page", ROW_PAGES)
@pytest.mark.parametrize("label", SIDED)
def test_page_of_what_is_out_of_sight_is_as_of_nothing(turns, label, page):
    if SPECIAL.get(page, label) != label:
        pytest.skip("another model has such a page")
    row_of = ROWS[label]
    for browser, mine, theirs in turns:
        hidden = browser.get(path_of(label, page, row_of(theirs)))
        missing = browser.get(f"{label.replace('.', '/')}/987654321/{page}/")
        refused = label in {"taskdock.tag", "taskdock.historyentry"} and page == "delete"
        assert (
            hidden.status_code
            == missing.status_code
            == (404 if page in {"download", *IMAGES} else 403 if refused else 302)
        )
        assert theirs.word not in text(hidden)
        if not refused and page not in IMAGES:
            response = browser.get(path_of(label, page, row_of(mine)))
            assert response.status_code == 200
            shown = text(response)
            assert theirs.word not in shown
            assert mine.word in shown


def test_panels_of_what_is_out_of_sight_are_as_of_nothing(turns):
    page = django_admin.site.get_model_admin(Task)
    actions = [(panel.name, name) for panel in page.panels() for name in panel.action_of]
    assert actions
    for browser, _, theirs in turns:
        before = HistoryEntry.objects.count()
        for panel, action in actions:
            for pk in (theirs.task.pk, 987654321):
                path = f"{ADMIN}/taskdock/task/{pk}/panels/{panel}/{action}/"
                for headers in ({}, {"X-Taskdock-Panel": panel}):
                    assert browser.client.post(path, headers=headers).status_code == 404
        assert HistoryEntry.objects.count() == before


@pytest.mark.parametrize("label", SIDED)
def test_page_to_add_offers_ones_own_alone(turns, label):
    if label in {"taskdock.tag", "taskdock.historyentry"}:
        pytest.skip("nobody adds one")
    for browser, _, theirs in turns:
        response = browser.get(path_of(label, "add/"))
        assert response.status_code == 200
        assert theirs.word not in text(response)


@pytest.mark.parametrize(("label", "field", "row_of"), CHOICES)
def test_choice_is_of_ones_own_alone(turns, label, field, row_of):
    app_label, _, model_name = label.partition(".")
    for browser, mine, theirs in turns:
        query = {"app_label": app_label, "model_name": model_name, "field_name": field}
        found = browser.get("autocomplete/", **query).json()["results"]
        assert str(row_of(theirs).pk) not in [row["id"] for row in found]
        assert str(row_of(mine).pk) in [row["id"] for row in found]
        assert theirs.word not in str(found)
        narrowed = browser.get("autocomplete/", **query, term=theirs.word).json()["results"]
        assert narrowed == []
        if field == "milestone":
            query |= {"project": str(theirs.project.pk)}
            assert browser.get("autocomplete/", **query).json()["results"] == []
        form = browser.open(path_of(label, "add/"))
        response = form.submit(**{field: row_of(theirs).pk})
        assert response.status_code == 200
        assert field in response.context["adminform"].form.errors
        # Named in the address, it is not shown either.
        asked = browser.get(path_of(label, "add/"), **{field: row_of(theirs).pk})
        assert theirs.word not in text(asked)


@pytest.mark.parametrize(("label", "field"), PEOPLE)
def test_people_are_of_ones_own_alone(turns, label, field):
    for browser, mine, theirs in turns:
        found = browser.get(path_of(label, f"people/{field}/")).json()["results"]
        assert str(mine.colleague.pk) in [row["id"] for row in found]
        assert theirs.word not in str(found)
        sought = browser.get(path_of(label, f"people/{field}/"), term=theirs.word).json()
        assert sought["results"] == []
        chosen = [theirs.colleague.pk] if field == "assigned" else theirs.colleague.pk
        response = browser.open(path_of(label, "add/")).submit(**{field: chosen})
        assert field in response.context["adminform"].form.errors


@pytest.mark.parametrize("label", SIDED)
def test_actions_reach_ones_own_alone(turns, label):
    if label in {"taskdock.tag", "taskdock.historyentry"}:
        pytest.skip("there are none")
    row_of = ROWS[label]
    for browser, _, theirs in turns:
        hidden = row_of(theirs)
        before = type(hidden).objects.filter(pk=hidden.pk).values().get()
        page = browser.get(path_of(label))
        actions = dict(page.context["action_form"].fields["action"].choices)
        for action in filter(None, actions):
            for more in ({}, {"post": "yes"}):
                response = browser.action(path_of(label), action, [hidden], **more)
                assert theirs.word not in text(response)
        assert type(hidden).objects.filter(pk=hidden.pk).values().get() == before


def test_pages_of_what_everybody_sees_count_nothing_that_is_out_of_sight(turns):
    doing = TaskStatus.objects.get(pk=3)
    for _, mine, _ in turns[:2]:
        for task in (mine.task, mine.other_task)[: 1 if mine.word == "annas" else 2]:
            tasks.set_status(actor=Actor(), task_id=task.pk, status=doing)
    for browser, mine, theirs in turns:
        page = text(browser.get(path_of("taskdock.taskstatus", "delete", doing)))
        assert mine.word in page
        assert theirs.word not in page
        assert "Move its tasks to" in page
        for number in (1, 2, 3):
            assert f"Move its {number} task" not in page
        assert "tasks that you can&#x27;t see" in page or "tasks that you can't see" in page


def test_page_that_deletes_counts_ones_own_alone(turns):
    """A client's project where each of the two has tasks, and both see it."""
    (one, mine, theirs), (other, _, _), _ = turns
    project = mine.project
    Task.objects.filter(pk=theirs.task.pk).update(project=project, milestone=mine.milestone)
    with override_settings(TASKDOCK={"VISIBLE_TO": tasks_alone}):
        for browser, number, hidden in [
            (one, 2, theirs.word),
            (other, 1, mine.word),
            (one, 2, theirs.word),
        ]:
            response = browser.get(path_of("taskdock.project", "delete", project))
            counts = dict(response.context["model_count"])
            assert counts["tasks"] == number
            assert f"{hidden} task" not in text(response)


def tasks_alone(queryset, actor):
    """All there is, but of tasks those with the word of their viewer."""
    if queryset.model is not Task:
        return queryset
    return queryset.filter(title__contains=actor.user.get_username().partition("-")[0])


def test_history_of_a_copy_does_not_name_what_is_out_of_sight(turns):
    browser, mine, theirs = turns[0]
    copy = clone_task(
        actor=Actor(),
        task_id=theirs.task.pk,
        title=f"{mine.word} copy",
        status=mine.task.status,
        project=mine.project,
        milestone_id=mine.milestone.pk,
    )
    entry = HistoryEntry.objects.get(verb="cloned", subject_id=copy.pk)
    for path in (
        path_of("taskdock.task", "history", copy),
        path_of("taskdock.historyentry", "change", entry),
    ):
        page = text(browser.get(path))
        assert f"#{theirs.task.pk}" in page
        assert theirs.word not in page
    with override_settings(TASKDOCK={}):
        assert theirs.task.title in text(browser.get(path))


def test_history_of_what_is_gone_is_for_who_sees_all_of_its_kind(turns, admin):
    _, mine, theirs = turns[0]
    for side in (mine, theirs):
        tasks.delete_task(actor=Actor(user=side.user), task_id=side.other_task.pk)
    for browser, _, _ in turns:
        rows = browser.get(path_of("taskdock.historyentry")).context["cl"].queryset
        assert not rows.filter(subject_type="task", verb="deleted").exists()
        assert rows.filter(subject_type="task", verb="created").count() == 1
    with override_settings(TASKDOCK={"VISIBLE_TO": everything_to_superusers}):
        rows = admin.get(path_of("taskdock.historyentry")).context["cl"].queryset
        assert rows.filter(subject_type="task", verb="deleted").count() == 2


def everything_to_superusers(queryset, actor):
    return queryset if actor.user.is_superuser else queryset.none()


def test_history_that_the_site_itself_narrows_is_narrowed_on_the_page_of_a_row(turns):
    browser, mine, _ = turns[0]
    path = path_of("taskdock.task", "history", mine.task)
    assert browser.get(path).context["entries"]
    with override_settings(TASKDOCK={"VISIBLE_TO": no_history}):
        assert browser.get(path).context["entries"] == []


def no_history(queryset, actor):
    return queryset.none() if queryset.model is HistoryEntry else queryset
