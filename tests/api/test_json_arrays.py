"""Arrays in JSON, also as PHP's ``json_encode`` writes those with gaps: objects with numbers."""

import json

import pytest

from tasks.people import wire_id
from tests.api.answers import expect, expect_errors, shown
from tests.api.encodings import JSON, MERGE_PATCH

SELECTED = "The selected {} is invalid."


def tags(api, world, text):
    return api.put(f"/tasks/{world.task.pk}/tags", f'{{"tags": {text}}}', JSON)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"0": "a", "2": "b"}', ["a", "b"]),
        ('{"5": "a"}', ["a"]),
        ('{"1": "b", "0": "a"}', ["a", "b"]),
        ('{"0": "a", "00": "b"}', ["a", "b"]),
        ('{"0": "a", "0": "b"}', ["b"]),
        ('{"99999999999999999999": "a"}', ["a"]),
        ('{"0": "a", "1": "a"}', ["a"]),
        ("{}", []),
        ("[]", []),
    ],
)
def test_tag_with_an_object_of_numbers_takes_its_values(api, world, text, expected):
    tags(api, world, '["before"]')
    response = tags(api, world, text)
    expect(response, 200, {"data": shown(world.task), "message": "Task tags updated successfully."})
    assert response.json()["data"]["tags"] == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "x"}',
        '{"0": "a", "x": "b"}',
        '{"-1": "a"}',
        '{"1.0": "a"}',
        '{" 1": "a"}',
        '{"": "a"}',
        '{"٣": "a"}',
        '{"²": "a"}',
        '{"1\\n": "a"}',
        '"a"',
        "1",
    ],
)
def test_object_with_another_key_is_no_array(api, world, unchanged, text):
    with unchanged():
        expect_errors(tags(api, world, text), {"tags": ["The tags must be an array."]})


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ('{"0": "a", "7": 5}', {"tags.1": ["The tags.1 must be a string."]}),
        ('{"7": {"0": "a"}}', {"tags.0": ["The tags.0 must be a string."]}),
        ('{"3": ["a"]}', {"tags.0": ["The tags.0 must be a string."]}),
    ],
)
def test_error_in_an_object_of_numbers_is_at_the_position(api, world, unchanged, text, errors):
    with unchanged():
        expect_errors(tags(api, world, text), errors)


def test_assign_with_an_object_of_numbers_assigns_its_people(api, world):
    people = {"0": wire_id(world.person.pk), "2": wire_id(world.colleague.pk)}
    response = api.put(f"/tasks/{world.task.pk}/assigned", {"assigned": people})
    shown_ids = {person["id"] for person in response.json()["data"]["assigned"]}
    assert (response.status_code, shown_ids) == (200, {*people.values()})


def test_assign_with_an_outsider_in_an_object_is_refused_at_the_position(api, world, unchanged):
    people = {"4": wire_id(world.person.pk), "9": wire_id(world.outsider.pk)}
    with unchanged():
        response = api.put(f"/tasks/{world.task.pk}/assigned", {"assigned": people})
        expect_errors(response, {"assigned.1": [SELECTED.format("assigned.1")]})


def test_object_of_too_many_items_is_refused(api, world, unchanged):
    with unchanged():
        text = json.dumps({str(number): "a" for number in range(1001)})
        error = "The tags may not have more than 1000 items."
        expect_errors(tags(api, world, text), {"tags": [error]})


def test_positions_in_an_object_of_numbers_are_in_the_order_sent(api, world):
    default, stage = world.milestone.pk, world.stage.pk
    response = api.put("/milestones/positions", {"milestones": {"1": stage, "0": default}})
    assert response.json()["data"] == {"milestones": [stage, default]}
    items = [
        api.post(
            "/checklists",
            {
                "checklistresource_type": "task",
                "checklistresource_id": world.task.pk,
                "checklist_text": text,
            },
        ).json()["data"]["id"]
        for text in "ab"
    ]
    sent = {"8": items[1], "3": items[0]}
    response = api.put("/checklists/positions", {"checklist_ids": sent})
    assert response.json()["data"] == {"checklist_ids": [items[1], items[0]]}
    error = {"checklist_ids": ["The checklist ids field is required."]}
    expect_errors(api.put("/checklists/positions", {"checklist_ids": {}}), error)


def test_project_takes_objects_of_numbers(api, world):
    path = f"/projects/{world.project.pk}"
    sent = {"3": wire_id(world.colleague.pk)}
    assigned = api.put(f"{path}/assign", {"assigned": sent}).json()["data"]["assigned"]
    assert [person["id"] for person in assigned] == [wire_id(world.colleague.pk)]
    assert api.put(f"{path}/tags", {"tags": {"1": "q3"}}).json()["data"]["tags"] == ["q3"]


def test_object_where_no_array_is_taken_is_refused(api, world, unchanged):
    with unchanged():
        response = api.patch(f"/tasks/{world.task.pk}", '{"task_title": {"0": "A"}}', MERGE_PATCH)
        expect_errors(response, {"task_title": ["The task title must be a string."]})
