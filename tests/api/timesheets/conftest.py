import pytest

from tests.api.timesheets.world import TimeWorld


@pytest.fixture
def times(db: None) -> TimeWorld:
    """Time on tasks of two clients and of none."""
    return TimeWorld()
