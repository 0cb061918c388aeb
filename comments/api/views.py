"""Comments on a task and on a checklist item: list, add, delete."""

from collections.abc import Iterable
from typing import TypedDict

from rest_framework.request import Request

from comments.exceptions import CommentNotFound
from comments.models import TEXT_LENGTH, Comment
from comments.services import comments
from tasks.api.lookups import item_of_path, task_of_path
from tasks.api.serializers import known_person
from tasks.exceptions import ChecklistItemNotFound, NotFound, TaskNotFound
from tasks.models import ChecklistItem, Task
from tasks.people import parse_key, people_by_id
from tasks.platform.answers import Answer
from tasks.platform.fields import InputSerializer, TextField
from tasks.platform.listing import ListSpec
from tasks.platform.operations import operation
from tasks.platform.shapes import DoneObject, Id, MomentsObject, PersonObject
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet

COMMENT_LIST = ListSpec(
    filters={}, sorts={}, default_sort="created_at", default_descending=False, whole=True
)


class CommentSerializer(InputSerializer):
    """``POST``: the text, kept as sent."""

    comment = TextField(source="text", max_length=TEXT_LENGTH)


class CommentObject(TypedDict):
    """A comment; its creator is null where that user no longer exists."""

    id: Id
    text: str
    creator: PersonObject | None
    dates: MomentsObject


COMMENT: CommentObject = {
    "id": 9,
    "text": "Looks good",
    "creator": {"id": 53, "name": "Sam Lee"},
    "dates": {
        "created": "2026-06-17T09:30:00.000000Z",
        "updated": "2026-06-17T09:30:00.000000Z",
    },
}


class CommentViewSet(APIViewSet):
    """The comments on a subject; which kind of subject is for the subclasses to say."""

    #: The comment's foreign key to the subject.
    subject_field: str

    def subject(self, subject_id: str) -> Task | ChecklistItem:
        """What the path names. Raises a ``NotFound``."""
        raise NotImplementedError

    @operation(
        summary="List comments",
        message="{kind} comments retrieved successfully.",
        listing=COMMENT_LIST,
        data=CommentObject,
        example=COMMENT,
    )
    def list(self, request: Request, subject_id: str) -> Answer:
        """The oldest first; all of them, unless a page is asked for."""
        subject = self.subject(subject_id)
        comments = Comment.objects.filter(**{self.subject_field: subject})
        page = self.page_of(comments)
        return self.answer(comment_representations(page.of(comments)), meta=page.meta)

    @operation(
        summary="Add a comment",
        message="{kind} comment added successfully.",
        status=201,
        body=CommentSerializer,
        sends={"comment": "Looks good"},
        data=CommentObject,
        example=COMMENT,
    )
    def create(self, request: Request, subject_id: str) -> Answer:
        """By the user that the key acts as."""
        subject = self.subject(subject_id)
        comment = comments.add_comment(actor=self.actor, subject=subject, **self.validate())
        (data,) = comment_representations([comment])
        return self.answer(data)

    @operation(
        summary="Delete a comment",
        message="{kind} comment deleted successfully.",
        data=DoneObject,
        example={"id": 9},
    )
    def destroy(self, request: Request, subject_id: str, comment_id: str) -> Answer:
        subject = self.subject(subject_id)
        number = parse_key(comment_id)
        found = Comment.objects.filter(**{self.subject_field: subject})
        if number is None or not found.filter(pk=number).exists():
            raise CommentNotFound
        comments.delete_comment(actor=self.actor, comment_id=number)
        return self.answer({"id": number})


class TaskCommentViewSet(CommentViewSet):
    """Comments on a task."""

    kind = "Task"
    tag = "Tasks"
    subject_field = "task"
    not_found: type[NotFound] = TaskNotFound

    def subject(self, subject_id: str) -> Task:
        return task_of_path(self, subject_id)


class ChecklistCommentViewSet(CommentViewSet):
    """Comments on a checklist item."""

    kind = "Checklist"
    tag = "Checklists"
    subject_field = "checklist_item"
    not_found: type[NotFound] = ChecklistItemNotFound

    def subject(self, subject_id: str) -> ChecklistItem:
        return item_of_path(self, subject_id)


def comment_representations(rows: Iterable[Comment]) -> list[CommentObject]:
    """The documented objects, in two queries whatever their number."""
    found = list(rows)
    people = people_by_id(comment.creator_id for comment in found if comment.creator_id is not None)
    return [
        {
            "id": comment.pk,
            "text": comment.text,
            "creator": known_person(people, comment.creator_id),
            "dates": {
                "created": utc_text(comment.created_at),
                "updated": utc_text(comment.updated_at),
            },
        }
        for comment in found
    ]
