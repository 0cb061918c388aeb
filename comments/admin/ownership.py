"""Who may edit or delete a comment: its author, or a user with a permission for all comments."""

from __future__ import annotations

from django.http import HttpRequest

from comments.models import Comment


def is_permitted(request: HttpRequest, verb: str, comment: Comment | None) -> bool:
    """Whether the user may ``change`` or ``delete`` this comment, given Django's permission.

    Without a comment: whether they may do it to some comment.
    """
    if comment is None or comment.creator_id == request.user.pk:
        return True
    return may_any(request, verb)


def may_any(request: HttpRequest, verb: str) -> bool:
    """Whether the user may ``change`` or ``delete`` comments of others."""
    return request.user.has_perm(f"{Comment._meta.app_label}.{verb}_any_comment")
