import pytest

from tests.api.checklists.world import ChecklistWorld


@pytest.fixture
def lists(db: None) -> ChecklistWorld:
    """Checklists of two tasks and of a project."""
    return ChecklistWorld()
