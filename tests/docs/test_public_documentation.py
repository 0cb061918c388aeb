"""The published documentation of the dialect, word for word, against a live server.

It is read where it lies and not copied into this repository, which has no right to it.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.docs.clients import answer_to
from tests.docs.markdown import REPOSITORY, Block, Page, as_shown, differences
from tests.docs.server import Site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("docs site")]

PAGE = Page(REPOSITORY.parent / "shared" / "spec" / "tasks-api.md")


def _is(**shown: Any) -> Callable[[Any], bool]:
    return lambda data: {name: data[name] for name in shown} == shown


#: By heading: status, message, and what must hold of ``data``.
EXPECTED: dict[str, tuple[int, str, Callable[[Any], bool]]] = {
    "List / search tasks": (
        200,
        "Tasks retrieved successfully.",
        lambda data: {task["project"]["id"] for task in data} == {7} and len(data) <= 25,
    ),
    "Get a task": (
        200,
        "Task retrieved successfully.",
        _is(id=120, title="Design homepage"),
    ),
    "Create a task": (
        201,
        "Task created successfully.",
        _is(
            title="Design homepage",
            project={"id": 7, "title": "Website Redesign"},
            client={"id": 12, "name": "Acme Inc"},
            milestone={"id": 21, "name": "Uncategorised"},
        ),
    ),
    "Update a task": (
        200,
        "Task updated successfully.",
        _is(id=120, title="Design homepage v2"),
    ),
    "Delete a task": (200, "Task deleted successfully.", lambda data: data == {"id": 120}),
    "Change status": (
        200,
        "Task status updated successfully.",
        lambda data: (data["id"], data["status"]["id"]) == (120, 2),
    ),
    "Set assigned team members": (
        200,
        "Task assignees updated successfully.",
        _is(id=120, assigned=[{"id": 53, "name": "Sam Lee"}]),
    ),
    "Set tags": (200, "Task tags updated successfully.", _is(id=120, tags=["priority"])),
    "Archive / activate": (
        200,
        "Task archived successfully.",
        _is(id=120, active_state="archived"),
    ),
    "Clone a task": (
        201,
        "Task cloned successfully.",
        lambda data: data["id"] != 120 and data["title"] == "Design homepage (copy)",
    ),
    "List timers": (
        200,
        "Task timers retrieved successfully.",
        lambda data: isinstance(data, list),
    ),
    "Stop all running timers": (
        200,
        "Task timers stopped successfully.",
        lambda data: data == {"id": 120},
    ),
    "Add a comment": (201, "Task comment added successfully.", _is(text="Looks good")),
}
LISTS = {"List / search tasks", "List timers"}


def examples(language: str) -> list[Any]:
    """The examples in a language; where the page does not lie, one that is skipped."""
    blocks = PAGE.requests(language) if PAGE.path.exists() else []
    return [pytest.param(block, id=block.heading) for block in blocks] or [None]


@pytest.fixture
def documentation() -> Page:
    """The page. CI has it; elsewhere its tests are skipped without it."""
    if not PAGE.path.exists():
        reason = f"the documentation does not lie at {PAGE.path}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return PAGE


@pytest.mark.parametrize("example", examples("bash"))
def test_curl_example_is_answered_as_documented(documentation, example, site, tmp_path):
    check(example, site, tmp_path)


@pytest.mark.parametrize("example", examples("php"))
def test_php_example_is_answered_as_documented(documentation, example, site, tmp_path):
    check(example, site, tmp_path)


def test_documented_object_is_in_the_demo(documentation, site, tmp_path):
    shown = next(block for block in documentation.blocks() if block.heading == "The task object")
    get = next(block for block in documentation.requests() if block.heading == "Get a task")
    task = answer_to(get, site, tmp_path).body["data"]
    assert differences(task, as_shown(shown.text)) == []


def test_expectations_are_those_of_the_documentation(documentation):
    blocks = list(documentation.requests())
    assert {block.heading for block in blocks} == EXPECTED.keys()
    for block in blocks:
        status, message, _ = EXPECTED[block.heading]
        assert block.status in {None, status}, block
        assert block.message in {None, message}, block


def check(example: Block, site: Site, folder: Path) -> None:
    status, message, holds = EXPECTED[example.heading]
    answer = answer_to(example, site, folder)
    assert (answer.status, answer.body["message"]) == (status, message)
    listed = {"meta"} if example.heading in LISTS else set()
    assert answer.body.keys() == {"data", "message"} | listed
    assert holds(answer.body["data"]), answer.body["data"]
