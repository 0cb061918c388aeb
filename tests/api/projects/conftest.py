import pytest

from tests.api.projects.world import ProjectWorld


@pytest.fixture
def site(db: None) -> ProjectWorld:
    """A project that has everything, with its bystander."""
    return ProjectWorld()
