"""Comments are added, edited and deleted, attributed to the actor, and history says so."""

import pytest

from comments.exceptions import CommentNotFound
from comments.models import TEXT_LENGTH, Comment
from comments.services import comments
from tasks.exceptions import ChecklistItemNotFound, TaskNotFound
from tasks.models import ChecklistItem, HistoryEntry, Project, Task
from tasks.people import person_name, wire_id
from tasks.services.checklists import delete_checklist_item
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task
from tasks.testing import make_actor, make_user
from tests.api.answers import expect
from tests.api.comments.world import KINDS, in_history_of, message, shown
from tests.api.encodings import ENCODINGS
from tests.api.histories import told
from tests.api.texts import KEPT

OF_EACH_KIND = pytest.mark.parametrize("kind", KINDS)
ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
TEXT = "Could we have this in blue?"


@OF_EACH_KIND
@ENCODED
def test_add_answers_the_comment_of_the_keys_user(api, talk, kind, encoding):
    with told() as news:
        r = api.post(talk.path(kind), *ENCODINGS[encoding]({"comment": TEXT}))
    added = Comment.objects.latest("pk")
    expect(r, 201, {"data": shown(added), "message": message(kind, "comment added")})
    user = api.key.user
    data = r.json()["data"]
    assert data["creator"] == {"id": wire_id(user.pk), "name": person_name(user)}
    assert data["dates"]["created"] == data["dates"]["updated"]
    subject = talk.subjects[kind]
    assert (added.task, added.checklist_item) == (
        (subject, None) if kind == "task" else (None, subject)
    )
    listed = api.get(talk.path(kind)).json()["data"]
    assert [comment["text"] for comment in listed] == ["first", "second", "third", TEXT]
    assert news == [("created", "comment", added.pk, TEXT, {})]
    entry = HistoryEntry.objects.latest("pk")
    assert (entry.door, entry.key_id, entry.actor_id) == ("api", api.key.pk, str(user.pk))


@OF_EACH_KIND
@ENCODED
def test_text_is_kept_exactly_as_sent(api, talk, kind, encoding):
    for text in KEPT.values():
        r = api.post(talk.path(kind), *ENCODINGS[encoding]({"comment": text}))
        assert r.json()["data"]["text"] == text
        assert Comment.objects.get(pk=r.json()["data"]["id"]).text == text


@ENCODED
@pytest.mark.parametrize("character", ["x", "😀", "ß"])
def test_text_may_have_50000_characters(api, talk, encoding, character):
    text = character * TEXT_LENGTH
    r = api.post(talk.path("task"), *ENCODINGS[encoding]({"comment": text}))
    assert r.status_code == 201
    assert Comment.objects.get(pk=r.json()["data"]["id"]).text == text


@ENCODED
def test_white_space_counts_into_the_50000_characters_and_is_kept(api, talk, encoding):
    text = " " * (TEXT_LENGTH - 1) + "x"
    r = api.post(talk.path("task"), *ENCODINGS[encoding]({"comment": text}))
    assert r.status_code == 201
    assert r.json()["data"]["text"] == text


def test_text_sent_twice_is_the_last(api, talk):
    r = api.post(talk.path("task"), "comment=one&comment=two")
    assert r.json()["data"]["text"] == "two"


@OF_EACH_KIND
def test_the_same_comment_twice_is_two_comments(api, talk, kind):
    ids = {api.post(talk.path(kind), "comment=Yes").json()["data"]["id"] for _ in range(2)}
    assert len(ids) == 2


@OF_EACH_KIND
@pytest.mark.parametrize("zeros", ["", "00"])
def test_delete_takes_that_comment_alone(api, talk, kind, zeros):
    gone = talk.comments[kind][1]
    kept = set(Comment.objects.exclude(pk=gone.pk).values_list("pk", flat=True))
    with told() as news:
        r = api.delete(talk.path(kind, f"{zeros}{gone.pk}"))
    expect(r, 200, {"data": {"id": gone.pk}, "message": message(kind, "comment deleted")})
    assert set(Comment.objects.values_list("pk", flat=True)) == kept
    assert news == [
        ("deleted", "comment", gone.pk, "second", {}),
        in_history_of(talk.subjects[kind], "comment_deleted", gone, "second", None),
    ]
    expect(api.delete(talk.path(kind, gone)), 404, {"message": "Comment not found."})


@OF_EACH_KIND
def test_delete_of_somebody_elses_comment_is_allowed(make_api, talk, kind):
    r = make_api(user=make_user(is_staff=False)).delete(talk.path(kind, talk.comments[kind][0]))
    assert r.status_code == 200


@OF_EACH_KIND
def test_comments_move_neither_date_nor_version(api, talk, kind):
    def rows():
        return [
            [*model.objects.order_by("pk").values()] for model in (Task, Project, ChecklistItem)
        ]

    before = rows()
    r = api.post(talk.path(kind), "comment=Yes")
    assert r.status_code == 201
    comments.edit_comment(actor=make_actor(), comment_id=r.json()["data"]["id"], text="No")
    assert api.delete(talk.path(kind, r.json()["data"]["id"])).status_code == 200
    assert rows() == before


@OF_EACH_KIND
def test_edit_changes_the_text_and_stamps_that(api, talk, kind):
    comment = talk.comments[kind][0]
    with told() as news:
        comments.edit_comment(actor=make_actor(), comment_id=comment.pk, text=" New\r\n")
    after = Comment.objects.get(pk=comment.pk)
    assert after.text == " New\r\n"
    assert after.updated_at > comment.updated_at
    assert (after.created_at, after.creator_id) == (comment.created_at, comment.creator_id)
    changes = {"text": ["first", " New\r\n"]}
    assert news == [
        ("updated", "comment", comment.pk, " New\r\n", changes),
        in_history_of(talk.subjects[kind], "comment_edited", comment, "first", " New\r\n"),
    ]
    assert api.get(talk.path(kind)).json()["data"][0] == shown(after)


@OF_EACH_KIND
def test_edit_to_the_same_text_changes_nothing(talk, unchanged, kind):
    with unchanged():
        comments.edit_comment(
            actor=make_actor(), comment_id=talk.comments[kind][0].pk, text="first"
        )


def test_services_refuse_what_is_not_there(talk, unchanged):
    actor = make_actor()
    task, item = Task(pk=987654321), ChecklistItem(pk=987654321)
    with unchanged():
        with pytest.raises(TaskNotFound):
            comments.add_comment(actor=actor, subject=task, text="x")
        with pytest.raises(ChecklistItemNotFound):
            comments.add_comment(actor=actor, subject=item, text="x")
        with pytest.raises(CommentNotFound):
            comments.edit_comment(actor=actor, comment_id=987654321, text="x")
        with pytest.raises(CommentNotFound):
            comments.delete_comment(actor=actor, comment_id=987654321)


def left(talk):
    return {
        kind
        for kind, subject in talk.subjects.items()
        if Comment.objects.filter(
            **{"task" if kind == "task" else "checklist_item": subject.pk}
        ).exists()
    }


@pytest.mark.parametrize(
    ("kind", "delete", "kinds_left"),
    [
        ("task", lambda pk: delete_task(actor=make_actor(), task_id=pk), {"item of a project"}),
        (
            "item",
            lambda pk: delete_checklist_item(actor=make_actor(), item_id=pk),
            {"task", "item of a project"},
        ),
        (
            "item of a project",
            lambda pk: delete_checklist_item(actor=make_actor(), item_id=pk),
            {"task", "item"},
        ),
    ],
)
def test_deletion_takes_the_comments_of_what_goes_alone(talk, kind, delete, kinds_left):
    delete(talk.subjects[kind].pk)
    assert left(talk) == kinds_left
    strangers = Comment.objects.filter(pk__in=[row.pk for row in talk.strangers.values()])
    assert strangers.count() == 3
    assert HistoryEntry.objects.filter(subject_type="comment").count() == 12


def test_deletion_of_a_project_takes_the_comments_of_all_that_is_in_it(talk):
    task = talk.subjects["task"]
    delete_project(actor=make_actor(), project_id=task.project_id)
    assert not Comment.objects.exists()
