import pytest

from tests.api.comments.world import CommentWorld


@pytest.fixture
def talk(db: None) -> CommentWorld:
    """Comments on a task, on items of its checklist and of its project's, and on others."""
    return CommentWorld()
