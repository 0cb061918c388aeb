from collections.abc import Iterator

import pytest

from tests.docs.server import Site, quickstarted


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What ``quickstart`` serves, once for all examples."""
    with quickstarted(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(server: Site) -> Site:
    """The live site, with the demo data as it was at the start."""
    server.restore()
    return server
