"""Schemathesis against a live site with the demo: no 5xx, no answer that the reference has not."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.server import Site, quickstarted

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: Of the links, how many are followed at least; chance decides which.
LINKS_FOLLOWED = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with quickstarted(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(server):
    server.restore()
    return server


def schemathesis(site: Site, *phases: str) -> Any:
    """What a run reports; it fails with that where anything was found."""
    config = "tests/reference/schemathesis.toml"
    command = [str(Path(sys.executable).with_name("st")), "--config-file", config, "run"]
    done = subprocess.run(
        [*command, f"{site.url}/api/schema", "--phases", ",".join(phases), "--no-color"],
        cwd=ROOT,
        env=os.environ | {"TASKDOCK_KEY": site.key, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_data_right_and_wrong_is_answered_as_documented(site):
    report = schemathesis(site, "examples", "coverage", "fuzzing")
    assert "No issues found" in report


def test_rows_live_and_die_along_the_links_as_documented(site):
    report = schemathesis(site, "stateful")
    assert "No issues found" in report
    found = re.search(r"API Links:\s+(\d+) covered", report)
    assert found, report
    assert int(found[1]) >= LINKS_FOLLOWED
