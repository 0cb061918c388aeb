"""Factories for tests, ours and a host's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comments.models import Comment
from comments.services import comments
from tasks.models import ChecklistItem, Task
from tasks.testing import make_actor, make_user

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def make_comment(
    subject: Task | ChecklistItem,
    text: str = "Looks good",
    *,
    creator: AbstractBaseUser | None = None,
) -> Comment:
    """A comment on a task or on a checklist item, by a user of its own unless told otherwise."""
    actor = make_actor(creator or make_user())
    return comments.add_comment(actor=actor, subject=subject, text=text)
