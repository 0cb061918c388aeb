"""What a clone takes along of a checklist, and what a deletion."""

import pytest

from comments.models import Comment
from comments.testing import make_comment
from tasks.models import ChecklistItem
from tasks.services.checklists import items_of, sort_checklist
from tasks.services.projects import delete_project
from tasks.testing import make_actor
from tests.api.checklists.world import texts_of
from tests.api.encodings import ENCODINGS
from timers.models import Timer
from timers.testing import make_running_timer, make_time


def clone(api, lists, encoding="json", **fields):
    good = {
        "task_title": "Copy",
        "task_status": 1,
        "project_id": lists.project.pk,
        "task_milestoneid": lists.task.milestone_id,
    }
    r = api.post(f"/tasks/{lists.task.pk}/clone", *ENCODINGS[encoding](good | fields))
    assert r.status_code == 201
    return r.json()["data"]


@pytest.fixture
def busy(lists):
    """A list that has been sorted by hand, on a task with comments and time."""
    sort_checklist(actor=make_actor(), item_ids=[lists.d.pk, lists.a.pk])
    make_comment(lists.task)
    make_time(lists.task)
    make_running_timer(lists.task)
    return lists


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("switch", ["on", "yes", "1", "true"])
def test_clone_with_the_checklist_copies_it_in_order_and_pending(api, busy, encoding, switch):
    sources = [*ChecklistItem.objects.order_by("pk").values()]
    comments, entries = Comment.objects.count(), Timer.objects.count()
    pk = clone(api, busy, encoding, copy_checklist=switch)["id"]
    copies = [*ChecklistItem.objects.filter(task_id=pk).order_by("position", "pk")]
    assert [item.text for item in copies] == ["d", "a", "b", "c"]
    assert not any(item.is_completed for item in copies)
    assert {item.created_by_id for item in copies} == {api.key.user_id}
    assert all(item.created_at == item.updated_at for item in copies)
    assert [*ChecklistItem.objects.exclude(task_id=pk).order_by("pk").values()] == sources
    body = api.get("/checklists", resource_type="task", resource_id=pk).json()
    assert [item["comments_count"] for item in body["data"]] == [0, 0, 0, 0]
    assert body["meta"]["progress"] == {"total": 4, "completed": 0, "percentage": 0}
    assert (Comment.objects.count(), Timer.objects.count()) == (comments, entries)
    for path in ("comments", "timers"):
        assert api.get(f"/tasks/{pk}/{path}").json()["data"] == []


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("switch", ["off", "no", "0", "false", "", None])
def test_clone_without_the_checklist_copies_none_of_it(api, busy, encoding, switch):
    fields = {} if switch is None else {"copy_checklist": switch}
    pk = clone(api, busy, encoding, **fields)["id"]
    assert not ChecklistItem.objects.filter(task_id=pk).exists()


def test_copies_and_sources_go_their_own_ways(api, busy):
    pk = clone(api, busy, copy_checklist="on")["id"]
    first = ChecklistItem.objects.filter(task_id=pk).earliest("position")
    assert api.delete(f"/checklists/{busy.d.pk}").status_code == 200
    assert api.patch(f"/checklists/{first.pk}", "checklist_text=D").status_code == 200
    assert api.delete(f"/tasks/{busy.task.pk}").status_code == 200
    copy = first.task
    assert texts_of(copy) == ["D", "a", "b", "c"]
    r = api.post(
        "/checklists",
        f"checklistresource_type=task&checklistresource_id={pk}&checklist_text=e",
    )
    assert r.status_code == 201
    assert texts_of(copy) == ["D", "a", "b", "c", "e"]


def test_clone_of_a_task_without_items_is_none_the_worse(api, lists):
    items_of(lists.task).delete()
    pk = clone(api, lists, copy_checklist="on")["id"]
    assert not ChecklistItem.objects.filter(task_id=pk).exists()


def test_deletion_of_a_task_takes_list_comments_and_time_of_it_alone(api, busy):
    neighbours = [make_comment(busy.other_task), make_comment(busy.of_project)]
    entry = make_time(busy.other_task)
    assert api.delete(f"/tasks/{busy.task.pk}").status_code == 200
    assert not items_of(busy.task).exists()
    assert texts_of(busy.project) == ["kick-off", "hand-over"]
    assert texts_of(busy.other_task) == ["proof-read"]
    assert [*Comment.objects.order_by("pk")] == neighbours
    assert [*Timer.objects.all()] == [entry]


def test_deletion_of_a_project_takes_its_lists_along(api, busy):
    delete_project(actor=make_actor(), project_id=busy.project.pk)
    for model in (ChecklistItem, Comment, Timer):
        assert not model.objects.exists()
