"""Copying a task, with what belongs to it."""

import datetime as dt
from functools import partial

from tasks.actors import Actor
from tasks.database import atomic
from tasks.models import Project, Task, TaskAssignee, TaskStatus, TaskTag
from tasks.services.attachments import copy_attachments
from tasks.services.checklists import copy_checklist as copy_checklist_of
from tasks.services.events import CREATION, announce, creation
from tasks.services.history import record
from tasks.services.tasks import add_task, lock_task, milestone_and_end_of_column
from tasks.texts import clean_title


def clone_task(
    *,
    actor: Actor,
    task_id: int,
    title: str,
    status: TaskStatus,
    project: Project,
    milestone_id: int,
    copy_checklist: bool = False,
    copy_files: bool = False,
    dates: tuple[dt.date | None, dt.date | None] | None = None,
) -> Task:
    """An active copy in the given project and milestone, under the given title and status.

    Takes along description, priority, dates, visibility, billable, tags and assignees, on demand
    the checklist, all of it pending, and the files, cover and all; never comments, timers or
    completion, nor that it repeats. ``dates`` are those that it starts and is due on, where they
    are not the task's. Raises ``TaskNotFound``, ``MilestoneNotInProject``, ``FileMissing`` and what
    ``clean_title`` does.
    """
    with atomic():
        source = lock_task(actor=actor, task_id=task_id)
        milestone, position = milestone_and_end_of_column(
            actor=actor, project_id=project.pk, milestone_id=milestone_id, status=status
        )
        start_date, due_date = dates or (source.start_date, source.due_date)
        clone = Task(
            project=project,
            milestone=milestone,
            title=clean_title(title),
            priority_id=source.priority_id,
            description=source.description,
            start_date=start_date,
            due_date=due_date,
            is_client_visible=source.is_client_visible,
            is_billable=source.is_billable,
            created_by_id=actor.user_id,
        )
        add_task(actor=actor, task=clone, status=status, position=position)
        assigned = list(source.assignees.order_by("user_id").values_list("user_id", flat=True))
        TaskAssignee.objects.bulk_create(
            TaskAssignee(task=clone, user_id=user_id) for user_id in assigned
        )
        TaskTag.objects.bulk_create(
            TaskTag(content_object=clone, tag_id=tag_id)
            for tag_id in source.task_tags.order_by("tag_id").values_list("tag_id", flat=True)
        )
        if copy_checklist:
            copy_checklist_of(actor=actor, source=source, target=clone)
        if copy_files:
            copy_attachments(actor=actor, source=source, target=clone)
        origin = {"id": source.pk, "name": source.title}
        record(actor=actor, verb="cloned", subject=clone, changes={"source": [None, origin]})
        announce(
            CREATION,
            partial(creation, clone, source_id=source.pk, assigned=assigned),
            actor=actor,
            at=clone.created_at,
        )
    return clone
