"""What the services of comments refuse."""

from django.utils.translation import gettext_noop

from tasks.exceptions import NotFound


class CommentNotFound(NotFound):
    message = gettext_noop("Comment not found.")
