import uuid

import pytest

from tasks.models import HistoryEntry, Task, TaskAssignee
from tasks.people import has_field, ids_are_integers, person_name, user_model, wire_id
from tasks.testing import make_user
from tests.api.answers import expect, expect_errors, expect_invalid, not_an_id, shown
from tests.api.encodings import ENCODINGS, FORM
from tests.moments import utc

REQUIRED = "The assigned field is required."
ARRAY = "The assigned must be an array."
OLD = utc(2026, 1, 1)


def put(api, world, value, encoding="json"):
    return world.write("assigned").send(api, encoding, assigned=value)


def wire(*users):
    return [wire_id(user.pk) for user in users]


def assigned(world):
    return set(TaskAssignee.objects.filter(task=world.task).values_list("user_id", flat=True))


def unknown_id():
    return 987654321 if ids_are_integers() else str(uuid.uuid4())


def selected(*positions):
    return {f"assigned.{n}": [f"The selected assigned.{n} is invalid."] for n in positions}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_assign_replaces_the_set_and_answers_the_task(api, world, encoding):
    response = put(api, world, wire(world.colleague), encoding)
    body = {"data": shown(world.task), "message": "Task assignees updated successfully."}
    expect(response, 200, body)
    expected = {"id": wire_id(world.colleague.pk), "name": person_name(world.colleague)}
    assert body["data"]["assigned"] == [expected]
    assert assigned(world) == {world.colleague.pk}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_assign_in_any_order_shows_people_in_the_order_of_their_ids(api, world, encoding):
    people = sorted([world.person, world.colleague, make_user()], key=lambda user: user.pk)
    data = put(api, world, wire(*reversed(people)), encoding).json()["data"]
    assert [person["id"] for person in data["assigned"]] == wire(*people)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_assign_with_duplicates_collapses_them(api, world, encoding):
    colleague = world.colleague
    data = put(api, world, wire(colleague, colleague, colleague), encoding).json()["data"]
    assert [person["id"] for person in data["assigned"]] == wire(colleague)


def test_assign_with_id_as_text_and_number_collapses_them(api, world):
    pk = wire_id(world.colleague.pk)
    assert len(put(api, world, [pk, str(pk)]).json()["data"]["assigned"]) == 1


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"assigned": []}', "application/json"),
        ("assigned=", FORM),
        ("assigned[]=", FORM),
        ("assigned%5B%5D=", FORM),
        ("assigned[0]=", FORM),
        ("assigned[]", FORM),
        ("assigned", FORM),
    ],
)
def test_assign_nobody_clears_the_set(api, world, body, content_type):
    response = api.put(f"/tasks/{world.task.pk}/assigned", body, content_type)
    data = shown(world.task)
    expect(response, 200, {"data": data, "message": "Task assignees updated successfully."})
    assert data["assigned"] == []
    assert assigned(world) == set()
    # Of this task alone.
    assert TaskAssignee.objects.filter(task=world.bystander).count() == 1


@pytest.mark.parametrize("value", [None, ...])
def test_assign_without_an_array_is_invalid(api, world, unchanged, value):
    with unchanged():
        expect_invalid(put(api, world, value), assigned=REQUIRED)


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_assign_without_an_array_in_a_form_is_invalid(api, world, unchanged, encoding):
    with unchanged():
        expect_invalid(put(api, world, ..., encoding), assigned=REQUIRED)


@pytest.mark.parametrize("value", ["", "5", "abc", 5, 0, 1.5, True, False, {"a": 5}], ids=ascii)
def test_assign_with_no_array_is_invalid(api, world, unchanged, value):
    with unchanged():
        expect_invalid(put(api, world, value), assigned=ARRAY)


@pytest.mark.parametrize("body", ["assigned=5", "assigned=5,8", "assigned=%20", "assigned[a]=5"])
def test_assign_with_no_array_in_a_form_is_invalid(api, world, unchanged, body):
    with unchanged():
        response = api.put(f"/tasks/{world.task.pk}/assigned", body)
    expect_invalid(response, assigned=ARRAY)


WRONG_TEXTS = [
    "abc",
    " ",
    "5.0",
    "5_0",
    "+5",
    "-5",
    " 5 ",
    "5\n",
    "\u0665",
    "²",
    "0x5",
    "\x00",
    "😀",
]
WRONG_TEXTS += ["true", "null", "5;", "{}", "00000000-0000-0000-0000-00000000000g"]
WRONG_VALUES = [*WRONG_TEXTS, 5.0, 1.5, True, False, [], [5], {}, {"id": 5}, "\ud800"]


@pytest.mark.parametrize("value", WRONG_VALUES, ids=ascii)
def test_assign_with_wrong_id_is_invalid(api, world, unchanged, value):
    with unchanged():
        response = put(api, world, [wire_id(world.colleague.pk), value])
    expect_errors(response, {"assigned.1": [not_an_id("assigned.1")]})


@pytest.mark.parametrize("value", WRONG_TEXTS, ids=ascii)
def test_assign_with_wrong_id_in_a_form_is_invalid(api, world, unchanged, value):
    with unchanged():
        for encoding in ["form", "multipart"]:
            response = put(api, world, [wire_id(world.colleague.pk), value], encoding)
            expect_errors(response, {"assigned.1": [not_an_id("assigned.1")]})


@pytest.mark.parametrize("empty", ["", None], ids=["empty", "null"])
def test_assign_with_empty_item_is_invalid(api, world, unchanged, empty):
    with unchanged():
        response = put(api, world, [empty, wire_id(world.colleague.pk)])
    expect_errors(response, {"assigned.0": ["The assigned.0 field is required."]})


BIG = [0, -1, 987654321, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**30]


@pytest.mark.parametrize("number", BIG)
def test_assign_with_unknown_number_is_invalid(api, world, unchanged, number):
    expected = selected(0) if ids_are_integers() else {"assigned.0": [not_an_id("assigned.0")]}
    with unchanged():
        expect_errors(put(api, world, [number]), expected)
        if number >= 0:
            expect_errors(put(api, world, [str(number)], "form"), expected)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_assign_with_unknown_person_is_invalid_and_changes_nothing(api, world, unchanged, encoding):
    with unchanged():
        response = put(api, world, [*wire(world.colleague), unknown_id()], encoding)
    expect_errors(response, selected(1))


def test_assign_with_several_wrong_items_reports_all_of_them(api, world, unchanged):
    items = [wire_id(world.outsider.pk), "x y", *wire(world.person), unknown_id(), None]
    with unchanged():
        response = put(api, world, items)
    expected = selected(0, 3) | {
        "assigned.1": [not_an_id("assigned.1")],
        "assigned.4": ["The assigned.4 field is required."],
    }
    expect_errors(response, expected)


def needs(field):
    if not has_field(field):
        pytest.skip(f"the user model has no {field}")


@pytest.mark.parametrize("flag", ["is_staff", "is_active"])
def test_assign_with_somebody_outside_the_team_is_invalid(api, world, unchanged, flag):
    needs(flag)
    other = make_user(**{flag: False})
    with unchanged():
        expect_errors(put(api, world, wire(world.person, other)), selected(1))


@pytest.mark.parametrize("flag", ["is_staff", "is_active"])
def test_assign_with_somebody_who_has_left_the_team_keeps_who_is_assigned(api, world, flag):
    needs(flag)
    user_model()._base_manager.filter(pk=world.person.pk).update(**{flag: False})
    response = put(api, world, wire(world.person, world.colleague))
    assert response.status_code == 200
    assert assigned(world) == {world.person.pk, world.colleague.pk}


def test_assign_with_somebody_who_has_left_is_invalid_once_removed(api, world, unchanged):
    needs("is_staff")
    user_model()._base_manager.filter(pk=world.person.pk).update(is_staff=False)
    assert put(api, world, []).status_code == 200
    with unchanged():
        expect_errors(put(api, world, wire(world.person)), selected(0))


def test_assign_with_somebody_assigned_elsewhere_only_is_invalid(api, world, unchanged):
    needs("is_staff")
    # The colleague is assigned to the other task, which does not help here.
    user_model()._base_manager.filter(pk=world.colleague.pk).update(is_staff=False)
    with unchanged():
        expect_errors(put(api, world, wire(world.colleague)), selected(0))


def test_assign_the_same_people_again_changes_nothing(api, world, unchanged):
    with unchanged():
        response = put(api, world, wire(world.person, world.person))
    data = shown(world.task)
    expect(response, 200, {"data": data, "message": "Task assignees updated successfully."})


def test_assign_moves_updated_and_version_once(api, world):
    Task.objects.filter(pk=world.task.pk).update(updated_at=OLD)
    version = world.reload().version
    put(api, world, wire(world.colleague, world.person))
    task = world.reload()
    assert task.version == version + 1
    assert task.updated_at > OLD
    assert HistoryEntry.objects.filter(verb="assigned", subject_id=task.pk).count() == 1


def test_assign_keeps_the_rows_of_who_stays(api, world):
    row = TaskAssignee.objects.get(task=world.task)
    put(api, world, wire(world.person, world.colleague))
    assert TaskAssignee.objects.get(task=world.task, user_id=world.person.pk).pk == row.pk


def test_assign_with_1000_items_succeeds_and_1001_is_invalid(api, world, unchanged):
    assert put(api, world, wire(world.colleague) * 1000).status_code == 200
    with unchanged():
        response = put(api, world, wire(world.person) * 1001)
    expect_invalid(response, assigned="The assigned may not have more than 1000 items.")


def test_deleted_user_disappears_from_the_task(api, world):
    world.person.delete()
    assert api.get(f"/tasks/{world.task.pk}").json()["data"]["assigned"] == []
