import pytest
from django.conf import settings

HOSTS = ("tests.hostile.settings", "tests.hostile.local_time")
IS_HOSTILE = settings.SETTINGS_MODULE in HOSTS

# A process has one user model and one set of apps: these tests need a process of their own, which
# CI gives them. In any other they could not even be set up, so they are not collected.
collect_ignore_glob = [] if IS_HOSTILE else ["test_*.py"]

#: The first host's middleware has Django parse uploads before we see them. What Django makes of a
#: broken one is all that is left then, and it reads these as if they were whole. Nothing can tell.
READ_BY_DJANGO = {
    f"test_bodies.py::test_write_with_broken_multipart_is_unparsable[{case}]"
    for case in (
        "no end",
        "cut end",
        "cut in a value",
        "cut in a header",
        "a form",
        "another boundary",
        "invalid utf-8",
    )
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "tests.hostile.middleware.ReadsPost" not in settings.MIDDLEWARE:
        return
    limit = pytest.mark.xfail(strict=True, reason="middleware of this host has read the upload")
    for item in items:
        if item.nodeid.removeprefix("tests/api/") in READ_BY_DJANGO:
            item.add_marker(limit)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not IS_HOSTILE:
        for host in HOSTS:
            terminalreporter.write_line(
                f"tests/hostile was not collected here: pytest --ds={host} tests/api tests/hostile"
            )
