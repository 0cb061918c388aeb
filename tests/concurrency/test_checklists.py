"""One list that several change at once."""

import itertools

import pytest

from tasks.models import ChecklistItem, HistoryEntry
from tasks.services.checklists import POSITION_GAP, add_checklist_item, items_of
from tasks.testing import make_actor, make_project, make_task

pytestmark = pytest.mark.server

ROUNDS = 10
THREADS, EACH = 8, 10
GONE = {"message": "Checklist not found."}


def make_items(parent, texts):
    return [add_checklist_item(actor=make_actor(), parent=parent, text=text) for text in texts]


def texts_of(parent):
    items = items_of(parent).order_by("position", "pk")
    return "".join(items.values_list("text", flat=True))


def append(api, parent, text, kind="task"):
    return api.post(
        "/checklists",
        {
            "checklistresource_type": kind,
            "checklistresource_id": parent.pk,
            "checklist_text": text,
        },
    )


def sort(api, items):
    return api.put("/checklists/positions", {"checklist_ids": [item.pk for item in items]})


@pytest.mark.parametrize(("kind", "make_parent"), [("task", make_task), ("project", make_project)])
def test_appends_at_once_keep_all_items_in_a_stable_order(together, make_api, kind, make_parent):
    parent = make_parent()
    apis = [make_api() for _ in range(THREADS)]

    def append_some(api, thread):
        return [append(api, parent, f"{thread}.{number}", kind) for number in range(EACH)]

    answers = [
        r
        for some in together(
            *[lambda api=api, t=thread: append_some(api, t) for thread, api in enumerate(apis)]
        )
        for r in some
    ]
    assert {r.status_code for r in answers} == {201}
    positions = {r.json()["data"]["id"]: r.json()["data"]["position"] for r in answers}
    items = items_of(parent).order_by("position", "pk")
    assert dict(items.values_list("pk", "position")) == positions
    assert sorted(positions.values()) == [
        POSITION_GAP * place for place in range(1, THREADS * EACH + 1)
    ]
    # Whoever appends one item after the other finds them in that order.
    texts = [*items.values_list("text", flat=True)]
    for thread in range(THREADS):
        own = [text for text in texts if text.startswith(f"{thread}.")]
        assert own == [f"{thread}.{number}" for number in range(EACH)]
    listed = apis[0].get(
        "/checklists", resource_type=kind, resource_id=parent.pk, limit=100
    ).json()  # fmt: skip
    assert [item["text"] for item in listed["data"]] == texts
    assert listed["meta"]["progress"]["total"] == THREADS * EACH


def test_reorder_while_items_come_and_go_keeps_the_others(together, make_api):
    apis = [make_api() for _ in range(3)]
    seen = set()
    for _ in range(2 * ROUNDS):
        task = make_task()
        items = make_items(task, "abcd")
        named = [items[3], items[1]]
        ordered, added, deleted = together(
            lambda named=named: sort(apis[0], named),
            lambda task=task: append(apis[1], task, "e"),
            lambda items=items: apis[2].delete(f"/checklists/{items[1].pk}"),
        )
        assert (added.status_code, deleted.status_code) == (201, 200)
        seen.add(ordered.status_code)
        if ordered.status_code == 200:
            assert ordered.json()["data"] == {"checklist_ids": [item.pk for item in named]}
            assert texts_of(task) == "dace"
        else:
            assert ordered.status_code == 422
            message = "The selected checklist ids.1 is invalid."
            assert ordered.json()["errors"] == {"checklist_ids.1": [message]}
            assert texts_of(task) == "acde"
        positions = [*items_of(task).values_list("position", flat=True)]
        assert len(set(positions)) == len(positions)
    assert seen <= {200, 422}


def test_reorders_at_once_are_as_one_after_the_other(together, make_api):
    apis = [make_api() for _ in range(3)]
    for _ in range(ROUNDS):
        task = make_task()
        a, b, c, d = make_items(task, "abcd")
        wanted = [[d, c, b, a], [b], [c, a]]
        answers = together(
            *[lambda api=api, w=w: sort(api, w) for api, w in zip(apis, wanted, strict=True)]
        )
        assert [r.status_code for r in answers] == [200, 200, 200]
        possible = set()
        for turns in itertools.permutations(wanted):
            order = [a, b, c, d]
            for named in turns:
                order = [*named, *(item for item in order if item not in named)]
            possible.add("".join(item.text for item in order))
        assert texts_of(task) in possible


def test_text_and_status_at_once_are_both_kept(together, make_api):
    one, other = make_api(), make_api()
    for _ in range(ROUNDS):
        (item,) = make_items(make_task(), "a")
        answers = together(
            lambda item=item: one.patch(f"/checklists/{item.pk}", "checklist_text=new"),
            lambda item=item: other.put(f"/checklists/{item.pk}/status", "status=completed"),
        )
        assert [r.status_code for r in answers] == [200, 200]
        item.refresh_from_db()
        assert (item.text, item.is_completed) == ("new", True)


CHANGES = {
    "update": lambda api, item: api.patch(f"/checklists/{item.pk}", "checklist_text=new"),
    "status": lambda api, item: api.put(f"/checklists/{item.pk}/status", "status=completed"),
    "delete": lambda api, item: api.delete(f"/checklists/{item.pk}"),
    "comment": lambda api, item: api.post(f"/checklists/{item.pk}/comments", "comment=x"),
    "read": lambda api, item: api.get(f"/checklists/{item.pk}"),
    "comments": lambda api, item: api.get(f"/checklists/{item.pk}/comments"),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("what", ["item", "task"])
def test_delete_while_an_item_is_changed_answers_both(together, make_api, name, what):
    one, other = make_api(), make_api()
    for _ in range(ROUNDS):
        task = make_task()
        (item,) = make_items(task, "a")
        path = f"/checklists/{item.pk}" if what == "item" else f"/tasks/{task.pk}"
        deleted, changed = together(
            lambda path=path: one.delete(path), lambda item=item: CHANGES[name](other, item)
        )
        if (name, what) == ("delete", "item"):
            assert sorted([deleted.status_code, changed.status_code]) == [200, 404]
        else:
            assert deleted.status_code == 200
        assert changed.status_code in {201 if name == "comment" else 200, 404}
        if changed.status_code == 404:
            assert changed.json() == GONE
        assert not ChecklistItem.objects.exists()


def test_delete_of_a_task_while_items_are_appended_leaves_none(together, make_api):
    one, other = make_api(), make_api()
    message = "The selected checklistresource id is invalid."
    for _ in range(2 * ROUNDS):
        task = make_task()
        make_items(task, "ab")
        deleted, added = together(
            lambda task=task: one.delete(f"/tasks/{task.pk}"),
            lambda task=task: append(other, task, "c"),
        )
        assert deleted.status_code == 200
        if added.status_code != 201:
            assert added.status_code == 422
            assert added.json()["errors"] == {"checklistresource_id": [message]}
        assert not ChecklistItem.objects.exists()


def test_delete_of_a_task_while_its_list_is_sorted_answers_both(together, make_api):
    one, other = make_api(), make_api()
    for _ in range(2 * ROUNDS):
        task = make_task()
        items = make_items(task, "ab")[::-1]
        deleted, ordered = together(
            lambda task=task: one.delete(f"/tasks/{task.pk}"),
            lambda items=items: sort(other, items),
        )
        assert deleted.status_code == 200
        if ordered.status_code != 200:
            assert ordered.status_code == 422
            assert ordered.json()["errors"] == {
                f"checklist_ids.{place}": [f"The selected checklist ids.{place} is invalid."]
                for place in (0, 1)
            }
        verbs = HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk)
        assert verbs.order_by("-pk").values_list("verb", flat=True)[0] == "deleted"


def test_clone_while_the_list_changes_copies_one_state_of_it(together, make_api):
    apis = [make_api() for _ in range(4)]
    for _ in range(ROUNDS):
        task = make_task()
        items = make_items(task, "abc")
        fields = {
            "task_title": "Copy",
            "task_status": 1,
            "project_id": task.project_id,
            "task_milestoneid": task.milestone_id,
            "copy_checklist": "on",
        }
        cloned, *answers = together(
            lambda task=task, fields=fields: apis[0].post(f"/tasks/{task.pk}/clone", fields),
            lambda task=task: append(apis[1], task, "d"),
            lambda items=items: sort(apis[2], [items[2], items[0]]),
            lambda items=items: apis[3].delete(f"/checklists/{items[1].pk}"),
        )
        assert cloned.status_code == 201
        assert [r.status_code for r in answers] == [201, 200, 200]
        states = {
            "".join(text for text in state if text not in without)
            for state in ("abcd", "cabd")
            for without in ("", "b", "d", "bd")
        }
        copies = ChecklistItem.objects.filter(task_id=cloned.json()["data"]["id"])
        copied = "".join(copies.order_by("position", "pk").values_list("text", flat=True))
        assert copied in states
        assert texts_of(task) == "cad"


def test_delete_of_a_task_while_it_is_cloned_leaves_the_whole_copy_or_none(together, make_api):
    one, other = make_api(), make_api()
    for _ in range(ROUNDS):
        task = make_task()
        make_items(task, "abc")
        fields = {
            "task_title": "Copy",
            "task_status": 1,
            "project_id": task.project_id,
            "task_milestoneid": task.milestone_id,
            "copy_checklist": "on",
        }
        deleted, cloned = together(
            lambda task=task: one.delete(f"/tasks/{task.pk}"),
            lambda task=task, fields=fields: other.post(f"/tasks/{task.pk}/clone", fields),
        )
        assert deleted.status_code == 200
        assert cloned.status_code in {201, 404}
        left = [*ChecklistItem.objects.order_by("position").values_list("text", flat=True)]
        assert left == (["a", "b", "c"] if cloned.status_code == 201 else [])
        ChecklistItem.objects.all().delete()
