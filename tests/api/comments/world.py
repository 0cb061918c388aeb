"""Comments on a task, on items of its checklist and of its project's, and on other things."""

from typing import Any

from comments.models import Comment
from comments.testing import make_comment
from tasks.models import ChecklistItem, Task
from tasks.people import person_name, wire_id
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_project, make_task, make_user
from tests.moments import moment_text

#: What is commented on, by the name that the tests have for it.
KINDS = ("task", "item", "item of a project")


def shown(comment: Comment | int) -> dict[str, Any]:
    """The documented object of what the database holds now."""
    row = Comment.objects.get(pk=comment if isinstance(comment, int) else comment.pk)
    creator = row.creator
    return {
        "id": row.pk,
        "text": row.text,
        "creator": creator and {"id": wire_id(creator.pk), "name": person_name(creator)},
        "dates": {
            "created": moment_text(row.created_at),
            "updated": moment_text(row.updated_at),
        },
    }


class CommentWorld:
    """One of each kind with three comments; and another of each kind with one."""

    def __init__(self) -> None:
        project = make_project()
        self.people = [make_user(first_name="Sam", last_name="Lee"), make_user()]
        self.subjects: dict[str, Task | ChecklistItem] = {}
        self.others: dict[str, Task | ChecklistItem] = {}
        for subjects in (self.subjects, self.others):
            task = make_task(project=project)
            subjects["task"] = task
            for kind, parent in (("item", task), ("item of a project", project)):
                subjects[kind] = add_checklist_item(actor=make_actor(), parent=parent, text=kind)
        sam, ada = self.people
        self.comments = {
            kind: [
                make_comment(subject, "first", creator=sam),
                make_comment(subject, "second", creator=ada),
                make_comment(subject, "third", creator=sam),
            ]
            for kind, subject in self.subjects.items()
        }
        self.strangers = {kind: make_comment(other) for kind, other in self.others.items()}

    def path(self, kind: str, comment: Any = None) -> str:
        """The path of a subject's comments, or of one of them."""
        resource = "tasks" if kind == "task" else "checklists"
        path = f"/{resource}/{self.subjects[kind].pk}/comments"
        return path if comment is None else f"{path}/{getattr(comment, 'pk', comment)}"


def message(kind: str, done: str) -> str:
    """``message("task", "comment added")``: "Task comment added successfully."."""
    return f"{'Task' if kind == 'task' else 'Checklist'} {done} successfully."


def not_found(kind: str) -> dict[str, str]:
    """What is said where the subject itself is not there."""
    return {"message": f"{'Task' if kind == 'task' else 'Checklist'} not found."}


def in_history_of(
    subject: Task | ChecklistItem, verb: str, comment: Comment, old: str, new: str | None
) -> tuple[str, str, int, str, dict[str, Any]]:
    """The entry that a change of a comment leaves in the history of its task or project."""
    parent = subject if isinstance(subject, Task) else subject.task or subject.project
    assert parent is not None
    assert comment.creator is not None
    author = person_name(comment.creator)
    pair = [text and {"id": comment.pk, "name": f"{author}: {text}"} for text in (old, new)]
    return verb, str(parent._meta.model_name), parent.pk, parent.title, {"comment": pair}
