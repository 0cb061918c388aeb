"""Every write leaves one row of history: who, with which key, by which door, what, and how."""

import pytest

from tasks.models import HistoryEntry
from tasks.people import person_name, wire_id
from tasks.testing import make_user
from tests.api.endpoints import COMPLETED, IN_PROGRESS, TO_DO, URGENT

FIELDS = (
    "door",
    "actor_id",
    "actor_name",
    "key_id",
    "key_name",
    "verb",
    "subject_type",
    "subject_id",
    "subject_name",
    "changes",
)
DONE = {"id": 2, "name": "Completed"}
WAITING = {"id": 1, "name": "To do"}
DOING = {"id": 3, "name": "In progress"}
NORMAL_ROW = {"id": 1, "name": "Normal"}
HIGH_ROW = {"id": 2, "name": "High"}
URGENT_ROW = {"id": 3, "name": "Urgent"}


def named(*users):
    people = sorted(users, key=lambda user: user.pk)
    return [{"id": wire_id(user.pk), "name": person_name(user)} for user in people]


def moved(world):
    stage = {"id": world.stage.pk, "name": "Launch"}
    return [stage, {"id": world.milestone.pk, "name": "Uncategorised"}]


#: Endpoint, fields, verb, and the changes that are written down.
WRITTEN = {
    "create": ("create", {}, "created", lambda _: {}),
    "update": (
        "update",
        {"task_title": "Plan", "task_status": TO_DO},
        "updated",
        lambda _: {
            "title": ["Design homepage", "Plan"],
            "priority": [HIGH_ROW, NORMAL_ROW],
        },
    ),
    "update of all": (
        "merge",
        {
            "task_title": "Plan",
            "task_status": COMPLETED,
            "task_priority": URGENT,
            "task_milestoneid": None,
            "task_date_start": None,
            "task_date_due": "2026-07-31",
            "task_description": "😀",
            "task_client_visibility": "off",
            "task_billable": "on",
        },
        "updated",
        lambda world: {
            "title": ["Design homepage", "Plan"],
            "status": [WAITING, DONE],
            "priority": [HIGH_ROW, URGENT_ROW],
            "milestone": moved(world),
            "start_date": ["2026-06-01", None],
            "due_date": ["2026-06-30", "2026-07-31"],
            "description": ["First draft.", "😀"],
            "is_client_visible": [True, False],
            "is_billable": [False, True],
        },
    ),
    "status": (
        "status",
        {"status": IN_PROGRESS},
        "updated",
        lambda _: {"status": [WAITING, DOING]},
    ),
    "assigned": (
        "assigned",
        {},
        "assigned",
        lambda world: {"assigned": [named(world.person), named(world.colleague)]},
    ),
    "assigned to nobody": (
        "assigned",
        {"assigned": []},
        "assigned",
        lambda world: {"assigned": [named(world.person), []]},
    ),
    "tags": (
        "tags",
        {"tags": ["b", "a"]},
        "tagged",
        lambda _: {"tags": [["Web", "priority"], ["a", "b"]]},
    ),
    "archive": ("archive", {}, "archived", lambda _: {"is_archived": [False, True]}),
    "clone": (
        "clone",
        {},
        "cloned",
        lambda world: {"source": [None, {"id": world.task.pk, "name": "Design homepage"}]},
    ),
    "delete": ("delete", {}, "deleted", lambda _: {}),
}


@pytest.mark.parametrize(("endpoint", "fields", "verb", "changes"), WRITTEN.values(), ids=WRITTEN)
def test_write_leaves_one_row_of_history(  # noqa: PLR0917 (a table's columns)
    make_api, world, endpoint, fields, verb, changes
):
    user = make_user(first_name="Grace", last_name="Hopper")
    api = make_api(user=user, name="import script")
    expected = changes(world)
    before = HistoryEntry.objects.count()
    response = world.write(endpoint).send(api, **fields)
    assert response.status_code in {200, 201}, response.content
    data = response.json()["data"]
    assert HistoryEntry.objects.count() == before + 1
    entry = HistoryEntry.objects.values(*FIELDS)[0]
    assert entry == {
        "door": "api",
        "actor_id": str(user.pk),
        "actor_name": person_name(user),
        "key_id": api.key.pk,
        "key_name": "import script",
        "verb": verb,
        "subject_type": "task",
        "subject_id": data["id"],
        "subject_name": data.get("title", "Design homepage"),
        "changes": expected,
    }


def test_history_outlives_its_actor_and_its_key(make_api, world):
    user = make_user(first_name="Grace", last_name="Hopper")
    name = person_name(user)
    api = make_api(user=user, name="gone")
    world.write("archive").send(api)
    api.key.delete()
    user.delete()
    entry = HistoryEntry.objects.filter(subject_type="task").first()
    assert (entry.actor_name, entry.key_name, entry.verb) == (name, "gone", "archived")


def test_reads_leave_no_history(api, world):
    before = HistoryEntry.objects.count()
    api.get("/tasks")
    api.get(f"/tasks/{world.task.pk}")
    assert HistoryEntry.objects.count() == before
