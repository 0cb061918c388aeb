"""Changes of one task that arrive at once: nothing is lost, and one order is kept."""

import json

import pytest

from tasks.models import HistoryEntry, Task
from tasks.testing import make_task

pytestmark = pytest.mark.server

ROUNDS = 1000


def merge_patch(api, task, **fields):
    body = json.dumps(fields)
    return api.patch(f"/tasks/{task.pk}", body, "application/merge-patch+json")


def status_history(task):
    entries = HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk, verb="updated")
    return [
        [old["id"], new["id"]] for old, new in (e.changes["status"] for e in entries.order_by("id"))
    ]


def test_updates_of_two_fields_at_once_lose_nothing(together, make_api):
    task = make_task()
    one, other = make_api(), make_api()
    for number in range(1, ROUNDS + 1):
        title, description = f"Title {number}", f"Text {number}"
        answers = together(
            lambda title=title: merge_patch(one, task, task_title=title),
            lambda text=description: merge_patch(other, task, task_description=text),
        )
        assert [r.status_code for r in answers] == [200, 200]
        shown = [(r.json()["data"]["title"], r.json()["data"]["description"]) for r in answers]
        assert shown[0][0] == title
        assert shown[1][1] == description
        assert (title, description) in shown  # whoever came second saw what the first had done
        task.refresh_from_db()
        assert (task.title, task.description) == (title, description)
        assert task.version == 1 + 2 * number
    entries = HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk, verb="updated")
    assert entries.count() == 2 * ROUNDS


def test_updates_of_dates_at_once_never_leave_due_before_start(together, make_api):
    """Each is right with what is stored, both together are not."""
    one, other = make_api(), make_api()
    outcomes = set()
    for _ in range(50):
        task = make_task(start_date="2026-06-01", due_date="2026-06-30")
        answers = together(
            lambda task=task: merge_patch(one, task, task_date_start="2026-06-20"),
            lambda task=task: merge_patch(other, task, task_date_due="2026-06-10"),
        )
        outcomes.add(tuple(r.status_code for r in answers))
        refused = next(r for r in answers if r.status_code == 422)
        assert refused.json() == {
            "message": "The given data was invalid.",
            "errors": {
                "task_date_due": [
                    "The task date due must be a date after or equal to task date start."
                ]
            },
        }
        task.refresh_from_db()
        assert task.start_date <= task.due_date
        assert task.version == 2
    assert outcomes <= {(200, 422), (422, 200)}


def test_set_status_to_two_at_once_keeps_one_order(together, make_api):
    task = make_task()
    one, other = make_api(), make_api()
    for number in range(100):
        wanted = [1, 4] if number % 2 else [2, 3]
        answers = together(
            lambda to=wanted[0]: one.put(f"/tasks/{task.pk}/status", f"status={to}"),
            lambda to=wanted[1]: other.put(f"/tasks/{task.pk}/status", f"status={to}"),
        )
        assert [r.status_code for r in answers] == [200, 200]
        assert [r.json()["data"]["status"]["id"] for r in answers] == wanted
        task.refresh_from_db()
        moves = status_history(task)
        assert task.status_id in wanted
        assert [task.previous_status_id, task.status_id] == moves[-1]
        assert sorted(new for _, new in moves[-2:]) == sorted(wanted)
        assert (task.completed_at is not None) == (task.status_id == 2)
        assert (task.completed_by_id is not None) == (task.status_id == 2)
    moves = status_history(task)
    assert moves[0][0] == 1
    assert [new for _, new in moves[:-1]] == [old for old, _ in moves[1:]]
    assert task.version == 1 + len(moves)


def test_set_status_to_the_same_at_once_changes_it_once(together, make_api):
    apis = [make_api() for _ in range(4)]
    for _ in range(25):
        task = make_task()
        answers = together(
            *[
                lambda api=api, task=task: api.put(f"/tasks/{task.pk}/status", "status=2")
                for api in apis
            ]
        )
        assert [r.status_code for r in answers] == [200] * 4
        assert len({r.json()["data"]["dates"]["updated"] for r in answers}) == 1
        assert status_history(task) == [[1, 2]]


def test_archive_and_update_at_once_do_both(together, make_api):
    one, other = make_api(), make_api()
    for _ in range(50):
        task = make_task()
        answers = together(
            lambda task=task: one.put(f"/tasks/{task.pk}/archive"),
            lambda task=task: merge_patch(other, task, task_billable="on"),
        )
        assert [r.status_code for r in answers] == [200, 200]
        stored = Task.objects.get(pk=task.pk)
        assert (stored.is_archived, stored.is_billable, stored.version) == (True, True, 3)
