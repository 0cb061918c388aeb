"""The files of the reference: one an app, shipped with it, and the page of examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from config.local import BASE_DIR
from config.openapi.answers import Schema
from config.openapi.examples import page_of
from config.openapi.generator import part_of
from config.openapi.links import add_links
from config.openapi.people import blank_people
from config.openapi.responses import refuse
from tasks.api.reference import document
from tasks.exceptions import Refused
from timers.exceptions import TaskHasInvoicedTime

EXAMPLES = BASE_DIR / "docs" / "examples.md"
APPS = ("tasks", "comments", "timers")
#: What another app than the view's own may refuse: the view can't know.
HANDED_IN: Mapping[str, type[Refused]] = dict.fromkeys(
    ("tasks_destroy", "projects_destroy", "milestones_destroy"), TaskHasInvoicedTime
)


def reference_files() -> dict[Path, str]:
    """The files as they should be, by path. Raises ``ValueError`` where parts contradict."""
    parts = {app: part_of(import_module(f"{app}.urls").urlpatterns) for app in APPS}
    add_links(parts)
    for part in parts.values():
        blank_people(part)
        for operations in part["paths"].values():
            for operation in operations.values():
                if operation["operationId"] in HANDED_IN:
                    refuse(operation, HANDED_IN[operation["operationId"]])
    _check(parts)
    files = {_path(app): _text(part) for app, part in parts.items()}
    return {**files, EXAMPLES: page_of(document("/api", files.values()))}


def _check(parts: Mapping[str, Schema]) -> None:
    """Parts are put together by name: a name must mean the same in all of them."""
    known: dict[str, Schema] = {}
    ids: set[str] = set()
    for part in parts.values():
        for name, schema in part["components"]["schemas"].items():
            if known.setdefault(name, schema) != schema:
                raise ValueError(f"Two schemas are called {name}.")
        for operations in part["paths"].values():
            for operation in operations.values():
                if operation["operationId"] in ids:
                    raise ValueError(f"Two operations are called {operation['operationId']}.")
                ids.add(operation["operationId"])


def _path(app: str) -> Path:
    return Path(str(import_module(app).__file__)).with_name("openapi.json")


def _text(part: Schema) -> str:
    return json.dumps(part, indent=1, ensure_ascii=False) + "\n"
