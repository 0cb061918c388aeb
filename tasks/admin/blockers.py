"""What is told of a task that was completed while it waits for others."""

from django.utils.translation import gettext as _

from tasks.actors import Actor
from tasks.reads.dependencies import open_blockers


def blockers_text(actor: Actor, task_id: int) -> str:
    """A sentence with the open tasks that it waits for; empty where there are none."""
    blockers, has_more = open_blockers(actor, task_id)
    if not blockers:
        return ""
    text = (
        _("It is completed, but waits for open tasks: %(tasks)s and more.")
        if has_more
        else _("It is completed, but waits for open tasks: %(tasks)s.")
    )
    return text % {"tasks": ", ".join(f"#{task.pk} {task.title}" for task in blockers)}
