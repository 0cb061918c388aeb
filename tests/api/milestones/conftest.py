import pytest

from tests.api.milestones.world import MilestoneWorld


@pytest.fixture
def plan(db: None) -> MilestoneWorld:
    """A project with four milestones, and another one."""
    return MilestoneWorld()
