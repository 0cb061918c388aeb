"""Comments on what goes meanwhile, and comments that go twice."""

import pytest

from comments.models import Comment
from comments.services.comments import edit_comment
from comments.testing import make_comment
from tasks.models import HistoryEntry
from tasks.services.checklists import add_checklist_item
from tasks.services.projects import delete_project
from tasks.testing import make_actor, make_project, make_task

pytestmark = pytest.mark.server

ROUNDS = 10
THREADS, EACH = 8, 10


def test_comments_at_once_are_all_kept(together, make_api):
    task = make_task()
    apis = [make_api() for _ in range(THREADS)]

    def add_some(api, thread):
        return [
            api.post(f"/tasks/{task.pk}/comments", f"comment={thread}.{number}").status_code
            for number in range(EACH)
        ]

    statuses = together(
        *[lambda api=api, t=thread: add_some(api, t) for thread, api in enumerate(apis)]
    )
    assert statuses == [[201] * EACH] * THREADS
    data = apis[0].get(f"/tasks/{task.pk}/comments").json()["data"]
    assert len(data) == THREADS * EACH
    for thread in range(THREADS):
        own = [comment for comment in data if comment["text"].startswith(f"{thread}.")]
        assert [comment["text"] for comment in own] == [f"{thread}.{n}" for n in range(EACH)]
        assert len({comment["creator"]["id"] for comment in own}) == 1
    assert HistoryEntry.objects.filter(subject_type="comment").count() == THREADS * EACH


CHANGES = {
    "add": (201, lambda api, path, _: api.post(path, "comment=x")),
    "delete": (200, lambda api, path, comment: api.delete(f"{path}/{comment.pk}")),
    "list": (200, lambda api, path, _: api.get(path)),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("kind", ["task", "item"])
def test_delete_of_the_subject_while_it_is_talked_about_leaves_nothing(
    together, make_api, name, kind
):
    one, other = make_api(), make_api()
    status, change = CHANGES[name]
    for _ in range(ROUNDS):
        task = make_task()
        item = add_checklist_item(actor=make_actor(), parent=task, text="x")
        subject, resource = (task, "tasks") if kind == "task" else (item, "checklists")
        comment = make_comment(subject)
        path = f"/{resource}/{subject.pk}"
        deleted, changed = together(
            lambda path=path: one.delete(path),
            lambda path=path, comment=comment: change(other, f"{path}/comments", comment),
        )
        assert deleted.status_code == 200
        assert changed.status_code in {status, 404}
        if changed.status_code == 404:
            texts = {f"{'Task' if kind == 'task' else 'Checklist'} not found."}
            if name == "delete":
                texts.add("Comment not found.")
            assert changed.json()["message"] in texts
        assert not Comment.objects.exists()


@pytest.mark.parametrize("name", ["add", "delete"])
def test_delete_of_the_project_while_its_list_is_talked_about_leaves_nothing(
    together, make_api, name
):
    api = make_api()
    status, change = CHANGES[name]
    for _ in range(ROUNDS):
        project = make_project()
        item = add_checklist_item(actor=make_actor(), parent=project, text="x")
        comment = make_comment(item)
        _, changed = together(
            lambda project=project: delete_project(actor=make_actor(), project_id=project.pk),
            lambda item=item, comment=comment: change(
                api, f"/checklists/{item.pk}/comments", comment
            ),
        )
        assert changed.status_code in {status, 404}
        assert not Comment.objects.exists()


def test_delete_of_one_comment_by_two_succeeds_once(together, make_api):
    one, other = make_api(), make_api()
    task = make_task()
    for _ in range(ROUNDS):
        comment = make_comment(task)
        path = f"/tasks/{task.pk}/comments/{comment.pk}"
        answers = together(lambda path=path: one.delete(path), lambda path=path: other.delete(path))
        done, refused = sorted(answers, key=lambda r: r.status_code)
        assert done.json()["data"] == {"id": comment.pk}
        assert (refused.status_code, refused.json()) == (404, {"message": "Comment not found."})
        deletions = HistoryEntry.objects.filter(
            verb="deleted", subject_type="comment", subject_id=comment.pk
        )
        assert deletions.count() == 1


def test_edits_at_once_are_both_recorded(together):
    task = make_task()
    for _ in range(ROUNDS):
        comment = make_comment(task, "old")
        together(
            *[
                lambda text=text, pk=comment.pk: edit_comment(
                    actor=make_actor(), comment_id=pk, text=text
                )
                for text in ("one", "two")
            ]
        )
        comment.refresh_from_db()
        changes = HistoryEntry.objects.filter(
            verb="updated", subject_type="comment", subject_id=comment.pk
        ).order_by("pk")
        first, second = (entry.changes["text"] for entry in changes)
        assert (first[0], second) == ("old", [first[1], comment.text])
