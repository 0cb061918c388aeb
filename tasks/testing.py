"""Factories for tests, ours and a host's: valid rows with as little said as possible.

They go through the services wherever one exists, so that what they make could have been made for
real. They work with any user model.
"""

from __future__ import annotations

import datetime as dt
import itertools
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile

from tasks.actors import Actor
from tasks.database import connection
from tasks.models import (
    APIKey,
    Attachment,
    Client,
    Milestone,
    Project,
    Task,
    TaskDependency,
    TaskPriority,
    TaskStatus,
)
from tasks.people import has_field, user_model
from tasks.services import (
    api_keys,
    assignees,
    attachments,
    clients,
    dependencies,
    milestones,
    projects,
    tagging,
    tasks,
)

_numbers = itertools.count(1)


def make_user(*, is_staff: bool = True, is_active: bool = True, **fields: Any) -> AbstractBaseUser:
    """A user; names and flags that the user model does not have are left out."""
    model = user_model()
    number = next(_numbers)
    login = f"person{number}"
    values: dict[str, Any] = {"is_staff": is_staff, "is_active": is_active, **fields}
    username: str = vars(model).get("USERNAME_FIELD", "username")
    values.setdefault(username, f"{login}@example.com" if "mail" in username else login)
    return model._base_manager.create(
        **{name: value for name, value in values.items() if has_field(name)}
    )


def make_actor(user: AbstractBaseUser | None = None) -> Actor:
    """An actor of a host's code."""
    return Actor(user=user)


def make_api_key(
    *,
    user: AbstractBaseUser | None = None,
    name: str = "tests",
    is_read_only: bool = False,
    expires_at: dt.datetime | None = None,
) -> tuple[APIKey, str]:
    """A key and its token."""
    return api_keys.create_api_key(
        actor=Actor(),
        name=name,
        user=user or make_user(),
        is_read_only=is_read_only,
        expires_at=expires_at,
    )


def make_client(name: str = "Acme Inc") -> Client:
    """A client."""
    return clients.create_client(actor=Actor(), name=name)


def make_project(title: str = "Website Redesign", **fields: Any) -> Project:
    """A project with its default milestone, for a client of its own unless told otherwise."""
    if "client" not in fields:
        fields["client"] = make_client()
    return projects.create_project(actor=Actor(), title=title, **fields)


def make_milestone(project: Project, title: str | None = None) -> Milestone:
    """One more milestone of a project."""
    return milestones.create_milestone(
        actor=Actor(), project=project, title=title or f"Milestone {next(_numbers)}"
    )


def make_task(
    title: str = "Design homepage",
    *,
    project: Project | None = None,
    status: TaskStatus | None = None,
    priority: TaskPriority | None = None,
    assigned: list[AbstractBaseUser] | None = None,
    tags: list[str] | None = None,
    actor: Actor | None = None,
    **fields: Any,
) -> Task:
    """A task: in a project of its own, of default status and priority, unless told otherwise."""
    actor = actor or Actor()
    task = tasks.create_task(
        actor=actor,
        project=project or make_project(),
        title=title,
        status=status or default_status(),
        priority=priority or default_priority(),
        **fields,
    )
    if assigned:
        ids = [user.pk for user in assigned]
        task = assignees.set_assignees(actor=actor, task_id=task.pk, user_ids=ids)
    if tags:
        task = tagging.set_tags(actor=actor, task_id=task.pk, names=tags)
    return task


def default_status() -> TaskStatus:
    """The status of a new task.

    A test with transactions of its own empties all tables at its end, and the statuses that the
    migrations made with them: they are made again.
    """
    _restore_first_rows()
    return TaskStatus.objects.get(is_default=True)


def default_priority() -> TaskPriority:
    """The priority of a new task; made again where a test has emptied the tables."""
    _restore_first_rows()
    return TaskPriority.objects.get(is_default=True)


def _restore_first_rows() -> None:
    if TaskStatus.objects.exists() and TaskPriority.objects.exists():
        return
    first_rows = import_module("tasks.migrations.0002_first_rows")
    first_rows.add_first_rows(apps, SimpleNamespace(connection=connection()))


def make_dependency(task: Task, blocker: Task) -> TaskDependency:
    """That a task waits for another."""
    return dependencies.add_dependency(actor=Actor(), task_id=task.pk, blocker_id=blocker.pk)


def make_attachment(
    task: Task,
    name: str = "notes.txt",
    content: bytes = b"Notes.",
    *,
    content_type: str = "text/plain",
    actor: Actor | None = None,
) -> Attachment:
    """A file of a task. Tests keep them apart by a ``MEDIA_ROOT`` or a storage of their own."""
    return attachments.add_attachment(
        actor=actor or Actor(),
        task_id=task.pk,
        file=ContentFile(content),
        name=name,
        content_type=content_type,
    )
