"""``PUT /checklists/positions``: those named first, the others as they were."""

import pytest

from tasks.models import ChecklistItem
from tasks.services.checklists import POSITION_GAP
from tests.api.answers import expect, expect_errors
from tests.api.checklists.world import make_item, shown, texts_of
from tests.api.encodings import ENCODINGS, FORM
from tests.api.histories import told

PATH = "/checklists/positions"
MESSAGE = "Checklist positions updated successfully."
ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)


@ENCODED
@pytest.mark.parametrize(
    ("named", "order"),
    [
        ("d", "dabc"),
        ("a", "abcd"),
        ("c a", "cabd"),
        ("b d", "bdac"),
        ("d c b", "dcba"),
        ("d c b a", "dcba"),
        ("a b c d", "abcd"),
    ],
)
def test_positions_puts_the_named_first_and_the_others_behind(api, lists, encoding, named, order):
    ids = [item.pk for item in lists.named(named)]
    dates = [*ChecklistItem.objects.order_by("pk").values("created_at", "updated_at")]
    with told() as news:
        r = api.put(PATH, *ENCODINGS[encoding]({"checklist_ids": ids}))
    expect(r, 200, {"data": {"checklist_ids": ids}, "message": MESSAGE})
    assert texts_of(lists.task) == list(order)
    before = [item.pk for item in lists.named("a b c d")]
    after = [getattr(lists, name).pk for name in order]
    changes = {"checklist": [before, after]}
    expected = ("checklist_sorted", "task", lists.task.pk, "Design homepage", changes)
    assert news == ([] if order == "abcd" else [expected])
    assert texts_of(lists.project) == ["kick-off", "hand-over"]
    assert texts_of(lists.other_task) == ["proof-read"]
    assert [*ChecklistItem.objects.order_by("pk").values("created_at", "updated_at")] == dates


def test_positions_are_shown_apart_from_each_other(api, lists):
    api.put(PATH, {"checklist_ids": [lists.d.pk]})
    positions = [shown(item)["position"] for item in lists.named("d a b c")]
    assert positions == [POSITION_GAP * place for place in (1, 2, 3, 4)]


def test_positions_keep_the_others_in_the_order_they_had(api, lists):
    api.put(PATH, {"checklist_ids": [item.pk for item in lists.named("d c b a")]})
    api.put(PATH, {"checklist_ids": [lists.b.pk]})
    assert texts_of(lists.task) == ["b", "d", "c", "a"]
    make_item(lists.task, "e")
    assert texts_of(lists.task) == ["b", "d", "c", "a", "e"]


def test_positions_part_items_that_were_tied(api, lists):
    ChecklistItem.objects.update(position=0)
    api.put(PATH, {"checklist_ids": [lists.c.pk]})
    assert texts_of(lists.task) == ["c", "a", "b", "d"]


def test_positions_of_a_project_sort_its_list(api, lists):
    ids = [lists.last_of_project.pk]
    with told() as news:
        r = api.put(PATH, {"checklist_ids": ids})
    expect(r, 200, {"data": {"checklist_ids": ids}, "message": MESSAGE})
    assert texts_of(lists.project) == ["hand-over", "kick-off"]
    changes = {
        "checklist": [
            [lists.of_project.pk, lists.last_of_project.pk],
            [lists.last_of_project.pk, lists.of_project.pk],
        ]
    }
    expected = ("checklist_sorted", "project", lists.project.pk, "Website Redesign", changes)
    assert news == [expected]
    assert texts_of(lists.task) == ["a", "b", "c", "d"]


def test_positions_again_change_nothing(api, lists, unchanged):
    ids = [lists.c.pk, lists.a.pk]
    first = api.put(PATH, {"checklist_ids": ids})
    with unchanged():
        again = api.put(PATH, {"checklist_ids": ids})
    assert again.json() == first.json()


@pytest.mark.parametrize(
    "body",
    [
        "checklist_ids[]={d}&checklist_ids[]={a}",
        "checklist_ids[0]={d}&checklist_ids[1]={a}",
        "checklist_ids%5B%5D={d}&checklist_ids%5B%5D={a}",
        "checklist_ids%5B0%5D={d}&checklist_ids%5B1%5D={a}",
        "checklist_ids[7]={d}&checklist_ids[9]={a}",
        "checklist_ids[]=00{d}&checklist_ids[]=0{a}",
        "checklist_ids=5&checklist_ids[]={d}&checklist_ids[]={a}",
    ],
)
def test_positions_take_the_arrays_of_php(api, lists, body):
    r = api.put(PATH, body.format(a=lists.a.pk, d=lists.d.pk), FORM)
    ids = [lists.d.pk, lists.a.pk]
    expect(r, 200, {"data": {"checklist_ids": ids}, "message": MESSAGE})
    assert texts_of(lists.task) == ["d", "a", "b", "c"]


def test_positions_of_many_items_sort_them_all(api, lists):
    items = [make_item(lists.other_task, str(number)) for number in range(120)]
    ids = [item.pk for item in reversed(items)]
    r = api.put(PATH, {"checklist_ids": ids})
    expect(r, 200, {"data": {"checklist_ids": ids}, "message": MESSAGE})
    assert texts_of(lists.other_task) == [*map(str, reversed(range(120))), "proof-read"]


REQUIRED = {"checklist_ids": ["The checklist ids field is required."]}
ARRAY = {"checklist_ids": ["The checklist ids must be an array."]}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("", REQUIRED),
        ("checklist_ids=", REQUIRED),
        ("checklist_ids[]=", REQUIRED),
        ("checklist_ids={a}", ARRAY),
        ("checklist_ids={a},{b}", ARRAY),
        ("checklist_ids[a]={a}", ARRAY),
        (
            "checklist_ids[0][id]={a}",
            {"checklist_ids.0": ["The checklist ids.0 must be an integer."]},
        ),
    ],
)
def test_positions_without_an_array_of_ids_are_invalid(api, lists, unchanged, body, errors):
    with unchanged():
        r = api.put(PATH, body.format(a=lists.a.pk, b=lists.b.pk), FORM)
    expect_errors(r, errors)


@pytest.mark.parametrize(
    ("value", "errors"),
    [
        (None, REQUIRED),
        ([], REQUIRED),
        (1, ARRAY),
        (True, ARRAY),
        (1.5, ARRAY),
        ("1", ARRAY),
        ("", ARRAY),
        ({}, REQUIRED),
        ({"a": 1}, ARRAY),
    ],
)
def test_positions_with_no_array_in_json_are_invalid(api, lists, unchanged, value, errors):
    with unchanged():
        r = api.put(PATH, {"checklist_ids": value})
    expect_errors(r, errors)


SELECTED = "The selected checklist ids.{} is invalid."
INTEGER = "The checklist ids.{} must be an integer."


@pytest.mark.parametrize(
    ("ids", "errors"),
    [
        (["a", 0], {1: SELECTED}),
        ([0, "a"], {0: SELECTED}),
        ([987654321], {0: SELECTED}),
        ([987654321, 987654320], {0: SELECTED, 1: SELECTED}),
        (["a", "b", "a"], {2: SELECTED}),
        (["a", "a", "a"], {1: SELECTED, 2: SELECTED}),
        ([0, 0], {0: SELECTED, 1: SELECTED}),
        (["a", "stranger"], {1: SELECTED}),
        (["stranger", "a", "b"], {1: SELECTED, 2: SELECTED}),
        (["a", "of_project"], {1: SELECTED}),
        (["of_project", "a"], {1: SELECTED}),
        (["a", 2**31, 2**63 - 1, 2**63, 2**64, 10**30], dict.fromkeys(range(1, 6), SELECTED)),
        (["a", -1, -(2**31) - 1, -(2**63) - 1, -(2**64)], dict.fromkeys(range(1, 5), SELECTED)),
        ([-(2**63) - 1], {0: SELECTED}),
        (["a", str(2**64), "0"], {1: SELECTED, 2: SELECTED}),
        (
            ["a", "x", "1.0", "-1", "+1", " 1", "٣", "1\x00", "😀", "\ud800"],
            dict.fromkeys(range(1, 10), INTEGER),
        ),
        (["a", True, 1.0, {}, [], [1]], dict.fromkeys(range(1, 6), INTEGER)),
        (["a", None, ""], dict.fromkeys((1, 2), "The checklist ids.{} field is required.")),
    ],
)
def test_positions_with_ids_that_do_not_fit_are_invalid(api, lists, unchanged, ids, errors):
    sent = [getattr(lists, str(value)).pk if hasattr(lists, str(value)) else value for value in ids]
    with unchanged():
        r = api.put(PATH, {"checklist_ids": sent})
    expect_errors(
        r, {f"checklist_ids.{place}": [text.format(place)] for place, text in errors.items()}
    )


@ENCODED
def test_positions_in_every_encoding_name_what_does_not_fit(api, lists, unchanged, encoding):
    ids = [lists.a.pk, lists.stranger.pk, lists.a.pk, 987654321]
    with unchanged():
        r = api.put(PATH, *ENCODINGS[encoding]({"checklist_ids": ids}))
    expect_errors(r, {f"checklist_ids.{place}": [SELECTED.format(place)] for place in (1, 2, 3)})


def test_positions_of_more_than_a_thousand_are_invalid(api, lists, unchanged):
    with unchanged():
        r = api.put(PATH, {"checklist_ids": list(range(1001))})
    message = "The checklist ids may not have more than 1000 items."
    expect_errors(r, {"checklist_ids": [message]})
