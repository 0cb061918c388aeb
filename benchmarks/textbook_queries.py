"""What both Django comparators need of the models: how tasks are read and written with the ORM."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import IntegerField, Max, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from taggit.managers import TaggableManager

from tasks.models import (
    APIKey,
    HistoryEntry,
    Milestone,
    Task,
    TaskAssignee,
    TaskStatus,
    TaskTag,
)
from tasks.models.api_keys import digest_of
from timers.models import Timer

# As taggit's documentation has it, over the same rows.
_tags: Any = TaggableManager
_tags(through=TaskTag).contribute_to_class(Task, "tags")


def key_of(token: str) -> APIKey | None:
    """The key with its user, where both are good."""
    key = APIKey.objects.select_related("user").filter(digest=digest_of(token)).first()
    if key is None or not key.is_usable(timezone.now()):
        return None
    return key if key.user is not None and key.user.is_active else None


def tasks_with_all() -> QuerySet[Task]:
    """Tasks with all that is shown of them, newest first: joins, two prefetches, a subquery."""
    logged = (
        Timer.objects.filter(task=OuterRef("pk"), is_running=None)
        .order_by()
        .values("task")
        .annotate(total=Sum("seconds"))
        .values("total")
    )
    tasks: QuerySet[Task] = (
        Task.objects.select_related("status", "priority", "milestone", "project__client")
        .prefetch_related(
            Prefetch("assignees", TaskAssignee.objects.select_related("user").order_by("user_id")),
            "tags",
        )
        .annotate(time_logged=Coalesce(Subquery(logged, output_field=IntegerField()), 0))
        .order_by("-created_at", "-id")
    )
    return tasks


@transaction.atomic
def create_task(*, key: APIKey, status: TaskStatus, **fields: Any) -> Task:
    """The task and its history."""
    milestone = Milestone.objects.get(project=fields["project"], is_default=True)
    task = Task(milestone=milestone, created_by=key.user, **fields)
    _enter(task, status, key.user)
    task.save()
    _record(key, "created", task, {})
    return task


@transaction.atomic
def set_status(*, key: APIKey, task_id: int, status: TaskStatus) -> Task:
    """The task's status with its stamps, and its history."""
    task: Task = (
        Task.objects.select_for_update(of=("self",)).select_related("status").get(pk=task_id)
    )
    old = task.status
    if old != status:
        task.previous_status = old
        _enter(task, status, key.user)
        task.updated_at = timezone.now()
        task.version += 1
        task.save()
        moved = [{"id": stage.pk, "name": stage.title} for stage in (old, status)]
        _record(key, "updated", task, {"status": moved})
    return task


def _enter(task: Task, status: TaskStatus, user: User | None) -> None:
    last = Task.objects.filter(status=status).aggregate(last=Max("position"))["last"] or 0
    now = timezone.now()
    task.status, task.position, task.status_changed_at = status, last + 1024, now
    task.completed_at = now if status.is_completed else None
    task.completed_by = user if status.is_completed else None


def _record(key: APIKey, verb: str, task: Task, changes: dict[str, Any]) -> None:
    user: Any = key.user
    HistoryEntry.objects.create(
        door="api",
        actor_id=str(user.pk),
        actor_name=user.get_full_name(),
        key_id=key.pk,
        key_name=key.name,
        verb=verb,
        subject_type="task",
        subject_id=task.pk,
        subject_name=task.title,
        changes=changes,
    )
