"""Comments on a task and on a checklist item: list, add, delete."""

from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from comments.exceptions import CommentNotFound
from comments.models import TEXT_LENGTH, Comment
from comments.services import comments
from tasks.api.checklists import item_of_path
from tasks.api.lookups import task_of_path
from tasks.exceptions import ChecklistItemNotFound, NotFound, TaskNotFound
from tasks.models import ChecklistItem, Task
from tasks.people import BIGGEST_ID, parse_integer, people_by_id
from tasks.platform.fields import InputSerializer, TextField
from tasks.platform.listing import ListSpec
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet

COMMENT_LIST = ListSpec(
    filters={}, sorts={}, default_sort="created_at", default_descending=False, whole=True
)


class CommentSerializer(InputSerializer):
    """``POST``: the text, kept as sent."""

    comment = TextField(source="text", max_length=TEXT_LENGTH)


class CommentViewSet(APIViewSet):
    """The comments on a subject; which kind of subject is for the subclasses to say."""

    #: "Task" or "Checklist", as the messages begin.
    kind: str
    #: The comment's foreign key to the subject.
    subject_field: str

    def subject(self, subject_id: str) -> Task | ChecklistItem:
        """What the path names. Raises a ``NotFound``."""
        raise NotImplementedError

    def list(self, request: Request, subject_id: str) -> Response:
        subject = self.subject(subject_id)
        query = COMMENT_LIST.parse(request.query_params)
        rows, meta = query.page_of(Comment.objects.filter(**{self.subject_field: subject}))
        message = f"{self.kind} comments retrieved successfully."
        return self.answer(comment_representations(rows), message, meta=meta)

    def create(self, request: Request, subject_id: str) -> Response:
        subject = self.subject(subject_id)
        fields = self.validate(CommentSerializer)
        comment = comments.add_comment(actor=self.actor, subject=subject, **fields)
        (data,) = comment_representations([comment])
        return self.answer(data, f"{self.kind} comment added successfully.", status=201)

    def destroy(self, request: Request, subject_id: str, comment_id: str) -> Response:
        subject = self.subject(subject_id)
        number = parse_integer(comment_id)
        found = Comment.objects.filter(**{self.subject_field: subject})
        if number is None or number > BIGGEST_ID or not found.filter(pk=number).exists():
            raise CommentNotFound
        comments.delete_comment(actor=self.actor, comment_id=number)
        return self.answer({"id": number}, f"{self.kind} comment deleted successfully.")


class TaskCommentViewSet(CommentViewSet):
    """Comments on a task."""

    kind = "Task"
    subject_field = "task"
    not_found: type[NotFound] = TaskNotFound

    def subject(self, subject_id: str) -> Task:
        return task_of_path(self, subject_id)


class ChecklistCommentViewSet(CommentViewSet):
    """Comments on a checklist item."""

    kind = "Checklist"
    subject_field = "checklist_item"
    not_found: type[NotFound] = ChecklistItemNotFound

    def subject(self, subject_id: str) -> ChecklistItem:
        return item_of_path(self, subject_id)


def comment_representations(rows: Iterable[Comment]) -> list[dict[str, Any]]:
    """The documented objects, in two queries whatever their number."""
    found = list(rows)
    people = people_by_id(comment.creator_id for comment in found if comment.creator_id is not None)
    return [
        {
            "id": comment.pk,
            "text": comment.text,
            "creator": people[comment.creator_id]._asdict()
            if comment.creator_id in people
            else None,
            "dates": {
                "created": utc_text(comment.created_at),
                "updated": utc_text(comment.updated_at),
            },
        }
        for comment in found
    ]
