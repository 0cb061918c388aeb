"""Each row of the page about PHP: what PHP sends, and how it is read."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest

from tasks.models import Task, TaskStatus
from tasks.testing import make_task
from tests.api.encodings import FORM, JSON, MULTIPART
from tests.docs.markdown import REPOSITORY
from tests.docs.programs import required, run

PAGE = REPOSITORY / "docs" / "php.md"
MERGE = {"task_title": "T", "task_status": "1", "task_priority": "1"}
#: The first error of a 422, by what the page says of it.
REFUSALS = {
    "422, missing": "The tags field is required.",
    "422, no array": "must be an array.",
    "422, no text": "must be a string.",
}


class Row(NamedTuple):
    function: str
    field: str
    value: str
    sends: str
    read: str


def rows() -> list[Row]:
    found, function = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            function = line.split("`")[1]
        elif line.startswith("| `"):
            found.append(Row(function, *(cell.strip(" `") for cell in line.strip("|").split("|"))))
    return found


def php(code: str, folder: Any) -> str:
    options = ["-d", "error_reporting=E_ALL", "-d", "display_errors=stderr"]
    return run([required("php"), *options, "-r", code], folder=folder)


class _Listener(BaseHTTPRequestHandler):
    """Keeps the body that it is sent."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.sent = self.rfile.read(length)
        self.server.kind = self.headers["Content-Type"]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        return


def posted(fields: str, folder: Any) -> tuple[bytes, str]:
    """The body and the type of what curl posts of an array."""
    with HTTPServer(("127.0.0.1", 0), _Listener) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        php(
            f"$ch = curl_init('http://127.0.0.1:{server.server_port}');"
            f"curl_setopt($ch, CURLOPT_POSTFIELDS, {fields}); curl_exec($ch);",
            folder,
        )
        thread.join()
        return server.sent, server.kind


def body_of(row: Row, folder: Any) -> tuple[str | bytes, str, str]:
    """The body, its type, and what the page shows of it."""
    if row.function == "http_build_query":
        text = php(f"echo http_build_query(['{row.field}' => {row.value}]);", folder)
        return text, FORM, unquote(text)
    if row.function == "json_encode":
        text = php(f"echo json_encode(['{row.field}' => {row.value}]);", folder)
        return text, JSON, text.removeprefix(f'{{"{row.field}":').removesuffix("}")
    sent, kind = posted(row.value, folder)
    pairs = re.findall(rb'name="([^"]*)"\r\n\r\n(.*?)\r\n--', sent, re.DOTALL)
    return sent, kind, "&".join(f"{name.decode()}={value.decode()}" for name, value in pairs)


def in_an_update(body: str | bytes, kind: str) -> tuple[str | bytes, str]:
    """The body with what an update requires."""
    if kind == JSON:
        return json.dumps(MERGE | json.loads(body)), JSON
    if kind == FORM:
        return "&".join([*(f"{n}={v}" for n, v in MERGE.items()), str(body)]), FORM
    boundary = kind.partition("boundary=")[2]
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in MERGE.items()
    )
    assert kind.startswith(MULTIPART.partition(";")[0])
    return parts.encode() + bytes(body), kind  # type: ignore[arg-type]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.function} {row.field} {row.value}")
def test_row_of_the_page_is_what_php_sends_and_we_read(row, api, db, tmp_path):
    body, kind, shown = body_of(row, tmp_path)
    assert shown == row.sends
    if row.field == "tags":
        task = make_task(tags=["before"])
        response = api.put(f"/tasks/{task.pk}/tags", body, kind)
        if row.read in REFUSALS:
            assert response.status_code == 422
            (messages,) = response.json()["errors"].values()
            assert messages[0].endswith(REFUSALS[row.read])
        else:
            assert response.json()["data"]["tags"] == json.loads(row.read)
    elif row.field == "task_billable":
        for before in (True, False):
            task = make_task(is_billable=before)
            assert api.patch(f"/tasks/{task.pk}", *in_an_update(body, kind)).status_code == 200
            expected = {"on": True, "off": False, "as it was": before}[row.read]
            assert Task.objects.get(pk=task.pk).is_billable is expected
    else:
        made = {s.pk: make_task(status=s).pk for s in TaskStatus.objects.all()}
        response = api.request("GET", f"/tasks?{body}")
        if row.read in REFUSALS:
            assert response.json()["errors"] == {"status": ["The status must be an array."]}
        else:
            wanted = re.findall("[0-9]", row.read) or [*made]
            found = {task["id"] for task in response.json()["data"]}
            assert found == {made[int(pk)] for pk in wanted}


def test_page_has_all_its_rows():
    assert len(rows()) == PAGE.read_text(encoding="utf-8").count("\n| `")
    assert {row.function for row in rows()} == {
        *("http_build_query", "json_encode", "CURLOPT_POSTFIELDS"),
    }
