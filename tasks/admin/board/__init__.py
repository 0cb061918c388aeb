"""The board: tasks as cards, a column for each status."""

from tasks.admin.board.pages import BoardPages

__all__ = ["BoardPages"]
