"""A page of examples: every operation of the reference in curl, Python and PHP.

They run as they stand against the demo data, which is what their ids are those of.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from config.openapi.answers import Schema

SITE, KEY = "https://your-domain/api", "YOUR_API_KEY"
_INTRODUCTION = """\
# Every endpoint, in curl, Python and PHP

Made from [the reference](api.md#the-reference) by `manage.py openapi`. The examples run as they \
stand against the demo data of `quickstart`, once `https://your-domain` and `YOUR_API_KEY` are \
replaced. What the values mean is on [the page about the API](api.md).
"""
#: What the demo has under the names that paths and required parameters have.
_IN_THE_DEMO: Mapping[str, Any] = {
    "client_id": 12,
    "comment_id": 1,
    "item_id": 1,
    "milestone_id": 1,
    "person_id": 53,
    "priority_id": 2,
    "project_id": 7,
    "resource_id": 120,
    "resource_type": "task",
    "status_id": 1,
    "task_id": 120,
    "timesheet_id": 1,
}
#: ``subject_id`` and ``comment_id`` by what the path begins with.
_OF_SUBJECTS: Mapping[str, Mapping[str, int]] = {
    "tasks": {"subject_id": 120, "comment_id": 1},
    "checklists": {"subject_id": 1, "comment_id": 4},
}
_METHODS = ("get", "post", "put", "patch", "delete")
_PARAMETER = re.compile(r"{(\w+)}")


def page_of(reference: Schema) -> str:
    """The page, in Markdown, of a whole reference. Raises ``KeyError`` where the demo has no id."""
    sections = [_INTRODUCTION]
    for tag in reference["tags"]:
        sections.append(f"## {tag['name']}\n")
        for path, methods in reference["paths"].items():
            for method in sorted(methods, key=_METHODS.index):
                if methods[method]["tags"] == [tag["name"]]:
                    sections += _section(path, method.upper(), methods[method])
    return "\n".join(sections)


def _section(path: str, method: str, operation: Schema) -> Iterator[str]:
    url = SITE + _filled(path) + _query(operation)
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("example")
    (status,) = (code for code in operation["responses"] if code.startswith("2"))
    yield f"### {operation['summary']}\n\n`{method} {path}`\n"
    yield f"```bash\n{_curl(method, url, body)}\n```\n"
    yield f"```python\n{_python(method, url, body)}\n```\n"
    yield f"```php\n{_php(method, url, body)}\n```\n"
    message = operation["responses"][status]["description"]
    yield f'Answers `{status}`, "{message}"\n'


def _filled(path: str) -> str:
    ids = {**_IN_THE_DEMO, **_OF_SUBJECTS.get(path.split("/")[1], {})}
    return _PARAMETER.sub(lambda found: str(ids[found[1]]), path)


def _query(operation: Schema) -> str:
    required = {
        parameter["name"]: _IN_THE_DEMO[parameter["name"]]
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and parameter.get("required")
    }
    return f"?{urlencode(required)}" if required else ""


def _pairs(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        if isinstance(value, list):
            yield from ((f"{name}[]", str(item)) for item in value)
        else:
            yield name, str(value)


def _curl(method: str, url: str, body: Mapping[str, Any] | None) -> str:
    verb = "" if method == ("GET" if body is None else "POST") else f"-X {method} "
    lines = [f"curl {verb}{shlex.quote(url)}", f'-H "Authorization: Bearer {KEY}"']
    lines += [f"-d {shlex.quote(f'{name}={value}')}" for name, value in _pairs(body or {})]
    return " \\\n  ".join(lines)


def _python(method: str, url: str, body: Mapping[str, Any] | None) -> str:
    lines = ["import json", "from urllib.request import Request, urlopen", ""]
    headers = [f'        "Authorization": "Bearer {KEY}",']
    data = []
    if body is not None:
        fields = [f"    {json.dumps(name)}: {json.dumps(value)}," for name, value in body.items()]
        lines += ["body = {", *fields, "}"]
        headers.append('        "Content-Type": "application/json",')
        data.append("    data=json.dumps(body).encode(),")
    lines += [
        "request = Request(",
        f'    "{url}",',
        f'    method="{method}",',
        *data,
        "    headers={",
        *headers,
        "    },",
        ")",
        "with urlopen(request) as response:",
        "    answer = json.load(response)",
    ]
    return "\n".join(lines)


def _php(method: str, url: str, body: Mapping[str, Any] | None) -> str:
    lines = [
        "<?php",
        f"$ch = curl_init('{url}');",
        "curl_setopt_array($ch, [",
        "    CURLOPT_RETURNTRANSFER => true,",
        f"    CURLOPT_CUSTOMREQUEST => '{method}',",
        f"    CURLOPT_HTTPHEADER => ['Authorization: Bearer {KEY}'],",
    ]
    if body is not None:
        fields = ", ".join(f"'{name}' => {_php_value(value)}" for name, value in body.items())
        lines.append(f"    CURLOPT_POSTFIELDS => http_build_query([{fields}]),")
    return "\n".join([*lines, "]);", "$response = json_decode(curl_exec($ch), true);"])


def _php_value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_php_value(item) for item in value)}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return json.dumps(value)
