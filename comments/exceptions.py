"""What the services of comments refuse."""

from tasks.exceptions import NotFound


class CommentNotFound(NotFound):
    message = "Comment not found."
