"""Every change of a comment, once, for API, admin, commands and hosts alike."""

from comments.exceptions import CommentNotFound
from comments.models import Comment
from tasks.actors import Actor
from tasks.database import atomic, of_self
from tasks.exceptions import NotFound
from tasks.models import ChecklistItem, Task
from tasks.people import person_name
from tasks.services.changes import apply, moment_after
from tasks.services.checklists import lock_checklist_item
from tasks.services.events import announce
from tasks.services.history import record
from tasks.services.removal import remove_row
from tasks.services.tasks import lock_task
from tasks.signals import task_commented
from tasks.texts import check_shown

#: How much of a comment the history of its task repeats, in characters.
EXCERPT = 200


def add_comment(*, actor: Actor, subject: Task | ChecklistItem, text: str) -> Comment:
    """A new comment by the actor.

    Raises ``TextMissing``, and ``TaskNotFound`` or ``ChecklistItemNotFound`` where the subject has
    gone meanwhile.
    """
    check_shown("text", text)
    with atomic():
        _lock_subject(actor, subject)
        comment = Comment(
            task=subject if isinstance(subject, Task) else None,
            checklist_item=subject if isinstance(subject, ChecklistItem) else None,
            creator_id=actor.user_id,
            text=text,
        )
        comment.updated_at = comment.created_at
        comment.save(force_insert=True)
        record(actor=actor, verb="created", subject=comment)
        if isinstance(subject, Task):
            said = {"task_id": subject.pk, "comment_id": comment.pk}
            announce(
                [task_commented],
                lambda: [(task_commented, said)],
                actor=actor,
                at=comment.created_at,
            )
    return comment


def edit_comment(*, actor: Actor, comment_id: int, text: str) -> Comment:
    """Change the text, and stamp that. Raises ``CommentNotFound`` and ``TextMissing``."""
    check_shown("text", text)
    with atomic():
        comment = _lock(actor, comment_id)
        changes = apply(comment, {"text": text})
        if changes:
            comment.updated_at = moment_after(comment.updated_at)
            comment.save(update_fields=["text", "updated_at"])
            record(actor=actor, verb="updated", subject=comment, changes=changes)
            _record_on_parent(actor, "comment_edited", comment, *changes["text"])
    return comment


def delete_comment(*, actor: Actor, comment_id: int) -> None:
    """Delete a comment. Raises ``CommentNotFound``."""
    with atomic():
        comment = _lock(actor, comment_id)
        record(actor=actor, verb="deleted", subject=comment)
        _record_on_parent(actor, "comment_deleted", comment, comment.text, None)
        remove_row(comment)


def _record_on_parent(actor: Actor, verb: str, comment: Comment, old: str, new: str | None) -> None:
    """Write the change into the history of the task or project, with the author's name."""
    item = comment.checklist_item
    parent = comment.task if item is None else item.task or item.project
    if parent is None:
        return
    author = "" if comment.creator is None else f"{person_name(comment.creator)}: "
    pair = [
        None if text is None else {"id": comment.pk, "name": f"{author}{text}"[:EXCERPT]}
        for text in (old, new)
    ]
    record(actor=actor, verb=verb, subject=parent, changes={"comment": pair})


def _lock(actor: Actor, comment_id: int) -> Comment:
    comment = Comment.objects.filter(pk=comment_id).select_related("task", "checklist_item").first()
    if comment is None:
        raise CommentNotFound
    try:
        # The subject first, as whoever deletes it does; it may also be out of sight.
        _lock_subject(actor, comment.task or comment.checklist_item)
    except NotFound as error:
        raise CommentNotFound from error
    rows = Comment.objects.select_for_update(of=of_self()).filter(pk=comment_id)
    related = ("creator", "task", "checklist_item__task", "checklist_item__project")
    locked: Comment | None = rows.select_related(*related).first()
    if locked is None:
        raise CommentNotFound
    return locked


def _lock_subject(actor: Actor, subject: Task | ChecklistItem | None) -> None:
    if isinstance(subject, Task):
        lock_task(actor=actor, task_id=subject.pk)
    elif subject is not None:
        lock_checklist_item(actor=actor, item_id=subject.pk)
