"""Which room may call which, where import-linter can't look: names, and strings.

The arrows between modules are contracts in pyproject.toml.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: All that the platform may know of the resources.
PLATFORM_MAY_NAME = {
    "tasks.models": {"APIKey"},
    "tasks.models.api_keys": {"digest_of"},
    "tasks.models.fields": {"has_trigram"},
    "tasks.exceptions": {
        "DatabaseRefused",
        "Invalid",
        "NotFound",
        "Refused",
        "RefusedBySite",
        "TaskdockError",
        "Unavailable",
    },
}
#: App labels and dotted paths that would reach comments or timers without an import.
HIDDEN_ARROW = re.compile(r"taskdock_(comments|timers)\b|\A(comments|timers)(\.\w+)+\Z")


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """The pairs of module and name that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                yield node.module or "", alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules("tasks/platform"), ids=name_of)
def test_platform_names_no_resource(path):
    for module, name in imports(path):
        if module.startswith(tuple(PLATFORM_MAY_NAME)):
            assert name in PLATFORM_MAY_NAME.get(module, set()), f"from {module} import {name}"


@pytest.mark.parametrize(
    "path",
    [
        *modules(
            "tasks/services", "tasks/models", "tasks/reads", "comments/services", "timers/services"
        ),
        *(ROOT / "tasks" / name for name in ("progress.py", "querysets.py", "extensions.py")),
    ],
    ids=name_of,
)
def test_services_and_what_is_below_know_neither_the_admin_nor_requests(path):
    for module, name in imports(path):
        assert not module.startswith(("rest_framework", "django.contrib.admin", "django.http"))
        assert (module, name) != ("django.contrib", "admin")


@pytest.mark.parametrize("path", modules("tasks"), ids=name_of)
def test_tasks_reaches_comments_and_timers_by_no_string(path):
    strings = [
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in strings if HIDDEN_ARROW.search(text)]
