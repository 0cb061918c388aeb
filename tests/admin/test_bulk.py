"""What is done to many tasks at once: previewed, done by the services, told of, never by halves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.admin.task_list.bulk import ACTIONS
from tasks.models import HistoryEntry, Task
from tasks.services.tasks import archive_task, delete_task
from tasks.testing import make_dependency, make_milestone, make_project, make_task, make_user
from timers.models import Timer
from timers.services.timers import add_time, set_invoiced, start_timer

LIST = "taskdock/task/"
DAY = dt.date(2026, 3, 10)


class Scene:
    """A task, one to which nothing is to be done, and one to which it can't be."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin
        self.person = make_user(first_name="Sam", last_name="Lee")
        self.project = make_project("Alpha")
        self.launch = make_milestone(self.project, "Launch")
        self.task = make_task("task", project=self.project, tags=["old"])

    def changed(self) -> Task:
        return Task.objects.get(pk=self.task.pk)


@dataclass(frozen=True)
class Case:
    """An action: what is sent, what is then so, what a second time says, what is refused."""

    name: str
    sent: Any
    so: Any
    verb: str
    refused: Any = None
    prepared: Any = None
    says: str = ""


def _runs(scene: Scene) -> None:
    start_timer(actor=Actor(), task_id=scene.task.pk, user=scene.person)


def _assigned(scene: Scene) -> list[Any]:
    return [row.user_id for row in scene.changed().assignees.all()]


def _tags(scene: Scene) -> set[str]:
    return set(scene.changed().task_tags.values_list("tag__name", flat=True))


def _assign(scene: Scene) -> None:
    from tasks.services.assignees import set_assignees

    set_assignees(actor=Actor(), task_id=scene.task.pk, user_ids=[scene.person.pk])


def _invoiced(scene: Scene) -> Task:
    task = make_task("refused")
    timer = add_time(actor=Actor(), task_id=task.pk, user=scene.person, seconds=60, work_date=DAY)
    set_invoiced(actor=Actor(), timer_id=timer.pk, is_invoiced=True)
    return task


CASES = [
    Case("set_status", lambda _: {"status": 2}, lambda s: s.changed().completed_at, "updated"),
    Case(
        "set_priority", lambda _: {"priority": 3}, lambda s: s.changed().priority_id == 3, "updated"
    ),
    Case(
        "assign",
        lambda s: {"assigned": [s.person.pk]},
        lambda s: _assigned(s) == [s.person.pk],
        "assigned",
    ),
    Case(
        "unassign",
        lambda s: {"assigned": [s.person.pk]},
        lambda s: _assigned(s) == [],
        "assigned",
        prepared=_assign,
    ),
    Case(
        "add_tags",
        lambda _: {"tags": 'new, "a, b"'},
        lambda s: _tags(s) == {"old", "new", "a, b"},
        "tagged",
    ),
    Case(
        "remove_tags",
        lambda s: {"tags": [s.task.task_tags.get().tag_id]},
        lambda s: _tags(s) == set(),
        "tagged",
    ),
    Case(
        "set_milestone",
        lambda s: {"milestone": s.launch.pk},
        lambda s: s.changed().milestone_id == s.launch.pk,
        "updated",
        refused=lambda _: make_task("refused"),
        says="The selected milestone does not belong to the project.",
    ),
    Case(
        "set_dates",
        lambda _: {"due_date": "2026-03-10"},
        lambda s: s.changed().due_date == DAY,
        "updated",
        refused=lambda _: make_task("refused", start_date=DAY + dt.timedelta(days=1)),
        says="The due date must be a date after or equal to start date.",
    ),
    Case("archive", lambda _: {}, lambda s: s.changed().is_archived, "archived"),
    Case(
        "activate",
        lambda _: {},
        lambda s: not s.changed().is_archived,
        "activated",
        prepared=lambda s: archive_task(actor=Actor(), task_id=s.task.pk),
    ),
    Case(
        "stop_timers",
        lambda _: {},
        lambda _: not Timer.objects.filter(is_running=True).exists(),
        "stopped",
        prepared=_runs,
    ),
    Case(
        "delete_selected",
        lambda _: {},
        lambda s: not Task.objects.filter(pk=s.task.pk).exists(),
        "deleted",
        refused=_invoiced,
        says="The task has invoiced time.",
    ),
]
by_name = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@pytest.fixture
def scene(admin):
    return Scene(admin)


def prepared(case: Case, scene: Scene) -> None:
    if case.prepared is not None:
        case.prepared(scene)


def test_every_action_is_in_these_tests():
    assert [case.name for case in CASES] == [action.name for action in ACTIONS]


@by_name
def test_preview_changes_nothing_and_names_what_would(scene, case):
    prepared(case, scene)
    entries = HistoryEntry.objects.count()
    page = scene.admin.action(LIST, case.name, [scene.task], preview="1", **case.sent(scene))
    assert [task.pk for task, _change in page.context["outcome"].changed] == [scene.task.pk]
    assert '<th scope="row">task</th>' in page.content.decode()
    assert HistoryEntry.objects.count() == entries


@by_name
def test_action_is_done_by_the_service_and_said(scene, case, messages_of):
    prepared(case, scene)
    done = scene.admin.action(LIST, case.name, [scene.task], post="yes", **case.sent(scene))
    assert messages_of(done)[0].startswith("1 task ")
    assert case.so(scene)
    entry = HistoryEntry.objects.order_by("-pk").first()
    assert (entry.verb, entry.door) == (case.verb, "admin")


@by_name
def test_action_with_nothing_to_do_says_so(scene, case, messages_of):
    if case.name == "delete_selected":
        pytest.skip("what is deleted is not there a second time")
    prepared(case, scene)
    sent = case.sent(scene)
    if case.name in {"unassign", "remove_tags"}:
        other = make_task("other", tags=["old"], assigned=[scene.person])
        scene.admin.action(LIST, case.name, [scene.task], post="yes", **sent)
        rows = [scene.task, other]
        said = scene.admin.action(LIST, case.name, rows, post="yes", **sent)
        assert messages_of(said) == ["1 task was changed.", "1 task needed no change."]
        return
    scene.admin.action(LIST, case.name, [scene.task], post="yes", **sent)
    entries = HistoryEntry.objects.count()
    said = scene.admin.action(LIST, case.name, [scene.task], post="yes", **sent)
    assert messages_of(said) == ["1 task needed no change."]
    assert HistoryEntry.objects.count() == entries


@by_name
def test_what_can_be_done_is_done_beside_what_is_refused(scene, case, messages_of):
    if case.refused is None:
        pytest.skip("nothing refuses it")
    prepared(case, scene)
    rows = [scene.task, case.refused(scene)]
    page = scene.admin.action(LIST, case.name, rows, preview="1", **case.sent(scene))
    assert [(str(task), refusal.reason) for task, refusal in page.context["outcome"].refused] == [
        ("refused", case.says)
    ]
    said = messages_of(scene.admin.action(LIST, case.name, rows, post="yes", **case.sent(scene)))
    assert said[0].startswith("1 task ")
    assert said[1] == f"1 task was not changed (refused): {case.says}"
    assert case.so(scene)


@by_name
def test_who_may_only_look_does_nothing(scene, make_staff, case):
    prepared(case, scene)
    staff = make_staff("view_task", "view_timer")
    assert f'value="{case.name}"' not in staff.get(LIST).content.decode()
    entries = HistoryEntry.objects.count()
    staff.action(LIST, case.name, [scene.task], post="yes", **case.sent(scene))
    assert HistoryEntry.objects.count() == entries


@by_name
def test_preview_takes_as_many_queries_for_many(scene, case):
    prepared(case, scene)
    sent = case.sent(scene)

    def queries(rows: list[Task]) -> int:
        with CaptureQueriesContext(connection) as captured:
            page = scene.admin.client.post(
                f"/admin/{LIST}",
                {
                    "action": case.name,
                    "_selected_action": [row.pk for row in rows],
                    "preview": "1",
                    **sent,
                },
            )
            assert page.status_code == 200
        return len(captured)

    other = make_task("other", tags=["old"], assigned=[make_user()])
    queries([scene.task, other])
    few = queries([scene.task, other])
    many = [
        make_task(f"{number}", tags=["old", f"t{number}"], assigned=[make_user()])
        for number in range(12)
    ]
    assert queries([scene.task, other, *many]) <= few


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("set_status", {}),
        ("set_status", {"status": "999"}),
        ("set_status", {"status": "abc"}),
        ("set_priority", {"priority": "\x00"}),
        ("assign", {"assigned": ["999999"]}),
        ("assign", {}),
        ("add_tags", {"tags": ""}),
        ("add_tags", {"tags": "x" * 101}),
        ("add_tags", {"tags": '"open'}),
        ("remove_tags", {"tags": ["999999"]}),
        ("set_milestone", {"milestone": "999999"}),
        ("set_dates", {}),
        ("set_dates", {"due_date": "tomorrow"}),
        ("set_dates", {"due_date": "2026-01-01", "clear_due_date": "on"}),
        ("set_dates", {"days": "3", "clear_due_date": "on"}),
        ("set_dates", {"days": "9" * 20}),
    ],
)
def test_nonsense_shows_the_form_again(scene, name, sent):
    entries = HistoryEntry.objects.count()
    for button in ({"preview": "1"}, {"post": "yes"}):
        page = scene.admin.action(LIST, name, [scene.task], **button, **sent)
        assert page.status_code == 200
        assert page.context["form"].errors
    assert HistoryEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("sent", "dates"),
    [
        ({"days": "7"}, (DAY + dt.timedelta(days=7), DAY + dt.timedelta(days=9))),
        ({"days": "-1"}, (DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1))),
        ({"clear_start_date": "on"}, (None, DAY + dt.timedelta(days=2))),
        ({"clear_due_date": "on", "start_date": "2026-04-01"}, (dt.date(2026, 4, 1), None)),
        ({"days": "-3650000"}, (DAY, DAY + dt.timedelta(days=2))),
    ],
)
def test_dates_are_set_cleared_and_moved(admin, sent, dates):
    task = make_task(start_date=DAY, due_date=DAY + dt.timedelta(days=2))
    admin.action(LIST, "set_dates", [task], post="yes", **sent)
    task.refresh_from_db()
    assert (task.start_date, task.due_date) == dates


def test_what_is_gone_or_changed_since_the_preview_is_told(scene, messages_of):
    other, gone = make_task("other"), make_task("gone")
    archive_task(actor=Actor(), task_id=other.pk)
    delete_task(actor=Actor(), task_id=gone.pk)
    rows = [scene.task, other, Task(pk=gone.pk or 999_999)]
    said = messages_of(scene.admin.action(LIST, "archive", rows, post="yes"))
    assert said == [
        "1 task is archived.",
        "1 task needed no change.",
        "1 selected task no longer exists.",
    ]


def test_completing_warns_of_what_is_left_open(admin, messages_of):
    first, second, third, free = (make_task(name) for name in ("first", "second", "third", "free"))
    make_dependency(second, first)
    make_dependency(third, second)
    chosen = [second, third, free]  # what the third waits for is completed with it
    html = admin.action(LIST, "set_status", chosen, status="2", preview="1").content.decode()
    assert html.count("It waits for open tasks.") == 1
    said = messages_of(admin.action(LIST, "set_status", chosen, status="2", post="yes"))
    assert said == ["3 tasks were changed.", "1 of them (second): It waits for open tasks."]


def test_preview_names_some_and_counts_the_rest(admin):
    project = make_project()
    rows = [make_task(f"number {number}", project=project) for number in range(53)]
    html = admin.action(LIST, "archive", rows).content.decode()
    assert html.count('<th scope="row">number') == 50
    assert "and 3 more tasks" in html
    assert "Change 53 tasks" in html


def test_deletion_names_what_goes_along_and_asks_for_permission(scene, make_staff):
    scene.task.assignees.create(user=scene.person)
    html = scene.admin.action(LIST, "delete_selected", [scene.task]).content.decode()
    assert "<li>Assignees: 1</li>" in html
    start_timer(actor=Actor(), task_id=scene.task.pk, user=scene.person)
    staff = make_staff("view_task", "delete_task")
    page = staff.action(LIST, "delete_selected", [scene.task])
    assert page.context["perms_lacking"] == {"time entry"}
    assert 'name="post"' not in page.content.decode()
    answer = staff.action(LIST, "delete_selected", [scene.task], post="yes")
    assert answer.status_code == 403
    assert Task.objects.filter(pk=scene.task.pk).exists()


@pytest.mark.parametrize(
    ("action", "sent", "lost"),
    [
        ("set_status", {"status": "2"}, ()),
        ("set_dates", {"start_date": "2026-03-10", "clear_due_date": "on"}, ()),
        ("set_dates", {"due_date": "no day", "days": "7"}, {"due_date"}),
        ("set_milestone", {"milestone": "nonsense"}, {"milestone"}),
        ("add_tags", {"tags": 'one, "two, three"'}, ()),
        ("assign", {"assigned": ["1"]}, ()),
    ],
)
def test_back_leads_from_the_preview_to_the_form_as_it_was(scene, action, sent, lost):
    if "assigned" in sent:
        sent = {"assigned": [str(scene.person.pk)]}
    page = scene.admin.action(LIST, action, [scene.task], back="1", **sent)
    form = page.context["form"]
    assert not form.errors
    assert 'name="preview"' in page.content.decode()
    again = {name: form[name].value() for name in sent}
    kept = {name: True if value == "on" else value for name, value in sent.items()}
    assert again == {name: None if name in lost else value for name, value in kept.items()}
