"""A site that shows to people only what carries their name."""

from typing import Any

from tasks.actors import Actor
from tasks.models import Project, Task
from tasks.people import person_name

NARROWED = {"VISIBLE_TO": "tests.api.narrowing.own_work"}


def own_work(queryset: Any, actor: Actor) -> Any:
    """Tasks and projects with the id of their viewer in the title."""
    if queryset.model in {Project, Task}:
        return queryset.filter(title__contains=mark_of(actor.user))
    return queryset


def mark_of(user: Any) -> str:
    """What a title holds so that this user sees it."""
    return f"<{person_name(user)}:{user.pk}>"
