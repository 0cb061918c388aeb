"""Items are made, read, changed, ticked off and deleted, and history says so."""

import pytest

from comments.models import Comment
from tasks.models import ChecklistItem, HistoryEntry, Project, Task
from tasks.people import person_name
from tasks.services.tasks import POSITION_GAP
from tests.api.answers import expect
from tests.api.checklists.world import WITH_BODY, shown, texts_of
from tests.api.encodings import ENCODINGS
from tests.api.histories import told
from tests.api.texts import KEPT

ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)


def test_retrieve_answers_the_item(api, lists):
    for name in ("a", "b", "d", "of_project", "stranger"):
        item = getattr(lists, name)
        expected = {"data": shown(item), "message": "Checklist retrieved successfully."}
        expect(api.get(f"/checklists/{item.pk}"), 200, expected)
        expect(api.get(f"/checklists/000{item.pk}/"), 200, expected)


@ENCODED
@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("task", ["a", "b", "c", "d", "Send invoice"]),
        ("project", ["kick-off", "hand-over", "Send invoice"]),
    ],
)
def test_create_appends_a_pending_item(api, lists, encoding, kind, texts):
    parent = getattr(lists, kind)
    last = parent.checklist_items.order_by("-position")[0]
    with told() as news:
        r = lists.write("create").send(
            api, encoding, checklistresource_type=kind, checklistresource_id=parent.pk
        )
    item = ChecklistItem.objects.latest("pk")
    expect(r, 201, {"data": shown(item), "message": "Checklist created successfully."})
    assert texts_of(parent) == texts
    assert item.position == last.position + POSITION_GAP
    assert not item.is_completed
    assert item.created_by_id == api.key.user_id
    assert item.updated_at == item.created_at
    assert news == [("created", "checklistitem", item.pk, "Send invoice", {})]
    entry = HistoryEntry.objects.latest("pk")
    assert (entry.door, entry.key_id) == ("api", api.key.pk)
    assert entry.actor_id == str(api.key.user_id)
    assert entry.actor_name == person_name(api.key.user)


@ENCODED
def test_create_with_digits_for_the_parent_is_good(api, lists, encoding):
    write = lists.write("create")
    r = write.send(api, encoding, checklistresource_id=f"00{lists.task.pk}")
    assert r.json()["data"]["resource"] == {"type": "task", "id": lists.task.pk}


@ENCODED
def test_update_changes_the_text_alone(api, lists, encoding):
    before = ChecklistItem.objects.get(pk=lists.a.pk)
    with told() as news:
        r = lists.write("update").send(api, encoding, checklist_text="New", status="completed")
    expect(r, 200, {"data": shown(lists.a), "message": "Checklist updated successfully."})
    after = ChecklistItem.objects.get(pk=lists.a.pk)
    assert (after.text, after.is_completed, after.position) == ("New", False, before.position)
    assert after.created_at == before.created_at
    assert after.updated_at > before.updated_at
    assert news == [("updated", "checklistitem", before.pk, "New", {"text": ["a", "New"]})]
    assert texts_of(lists.task) == ["New", "b", "c", "d"]


@pytest.mark.parametrize(
    ("name", "status", "changes"),
    [
        ("a", "completed", {"is_completed": [False, True]}),
        ("d", "pending", {"is_completed": [True, False]}),
        ("a", "pending", None),
        ("d", "completed", None),
    ],
)
def test_status_is_set(api, lists, name, status, changes):
    item = getattr(lists, name)
    before = ChecklistItem.objects.get(pk=item.pk)
    with told() as news:
        r = api.put(f"/checklists/{item.pk}/status", {"status": status})
    expect(r, 200, {"data": shown(item), "message": "Checklist status updated successfully."})
    assert r.json()["data"]["status"] == status
    after = ChecklistItem.objects.get(pk=item.pk)
    assert (after.text, after.position) == (before.text, before.position)
    if changes is None:
        assert after.updated_at == before.updated_at
        assert news == []
    else:
        assert after.updated_at > before.updated_at
        assert news == [("updated", "checklistitem", item.pk, name, changes)]


@ENCODED
def test_status_is_set_in_every_encoding(api, lists, encoding):
    for status in ("completed", "pending"):
        r = lists.write("status").send(api, encoding, status=status)
        expect(
            r, 200, {"data": shown(lists.a), "message": "Checklist status updated successfully."}
        )
        assert r.json()["data"]["status"] == status


def test_update_to_the_same_text_changes_nothing(api, lists, unchanged):
    with unchanged():
        r = lists.write("update").send(api, checklist_text="a")
    expect(r, 200, {"data": shown(lists.a), "message": "Checklist updated successfully."})


def test_delete_takes_the_item_and_its_comments_alone(api, lists):
    others = Comment.objects.exclude(checklist_item=lists.b)
    kept = set(others.values_list("pk", flat=True))
    assert Comment.objects.count() == len(kept) + 2
    with told() as news:
        r = api.delete(f"/checklists/{lists.b.pk}")
    expected = {"data": {"id": lists.b.pk}, "message": "Checklist deleted successfully."}
    expect(r, 200, expected)
    assert texts_of(lists.task) == ["a", "c", "d"]
    assert texts_of(lists.project) == ["kick-off", "hand-over"]
    assert texts_of(lists.other_task) == ["proof-read"]
    assert set(Comment.objects.values_list("pk", flat=True)) == kept
    assert news == [("deleted", "checklistitem", lists.b.pk, "b", {})]
    expect(api.delete(f"/checklists/{lists.b.pk}"), 404, {"message": "Checklist not found."})


@pytest.mark.parametrize("endpoint", ["create", "update"])
@ENCODED
def test_text_is_kept_exactly_as_sent(api, lists, endpoint, encoding):
    for text in KEPT.values():
        r = lists.write(endpoint).send(api, encoding, checklist_text=text)
        assert r.json()["data"]["text"] == text
        assert ChecklistItem.objects.get(pk=r.json()["data"]["id"]).text == text


@pytest.mark.parametrize("endpoint", ["create", "update"])
def test_text_may_be_long(api, lists, endpoint):
    text = "😀" * 100_000
    r = lists.write(endpoint).send(api, checklist_text=text)
    assert r.json()["data"]["text"] == text


@pytest.mark.parametrize("endpoint", WITH_BODY)
@ENCODED
def test_write_ignores_unknown_fields(api, lists, endpoint, encoding):
    write = lists.write(endpoint)
    r = write.send(api, encoding, position="7", created_by="1", comments_count="9", id="1")
    assert r.status_code == write.status
    assert r.json()["message"] == write.message
    assert ChecklistItem.objects.get(pk=lists.a.pk).position != 7


@pytest.mark.parametrize("endpoint", ["create", "update", "status", "positions", "delete"])
def test_writes_of_a_checklist_move_neither_date_nor_version_of_the_parent(api, lists, endpoint):
    tasks, projects = [*Task.objects.values()], [*Project.objects.values()]
    assert lists.write(endpoint).send(api).status_code < 300
    assert [*Task.objects.values()] == tasks
    assert [*Project.objects.values()] == projects
