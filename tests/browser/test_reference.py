"""The page to try the API sends what it shows, in every type of body."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.apps import apps
from playwright.sync_api import Error, Page, expect

from tasks.api.reference import document
from tasks.models import Task
from tasks.testing import make_api_key, make_task, make_user

pytestmark = pytest.mark.skipif(
    not apps.is_installed("config"), reason="only the stand-alone site has the page"
)

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
#: The parameters of a path are its row's id, of whatever kind.
PATH_INPUTS = "tr[data-param-in=path] input"


@pytest.fixture
def opened(browse: Any, committed_db: None) -> Page:
    """The page, with a key that works."""
    _key, token = make_api_key(user=make_user(is_superuser=True))
    page: Page = browse(None)
    page.goto("/api/docs")
    page.get_by_label("API key").fill(token)
    page.get_by_role("button", name="Use this key").click()
    expect(page.locator("#key-state")).to_have_attribute("data-kind", "good")
    return page


def operation(page: Page, name: str, row: int = 1) -> Any:
    """The block of an operation, opened, with the id of a row in its path."""
    block = page.locator(f"[id^=operations-][id$='-{name}']")
    block.locator(".opblock-summary-control").click()
    block.locator("button.execute").wait_for()
    for field in block.locator(PATH_INPUTS).all():
        field.fill(str(row))
    return block


def choose(block: Any, media_type: str) -> None:
    block.get_by_label("Request content type").select_option(media_type)


def execute(page: Page, block: Any) -> Any:
    """The request that is sent."""
    with page.expect_request(lambda request: "/api/" in request.url, timeout=8000) as sent:
        block.locator("button.execute").click()
    # What the request came to is shown.
    block.locator(".live-responses-table").wait_for()
    return sent.value


def sent_body(request: Any) -> Any:
    """The pairs of a form, or what JSON holds."""
    kind, data = request.headers.get("content-type", FORM), request.post_data_buffer or b""
    if kind == FORM:
        return sorted(parse_qsl(data.decode(), keep_blank_values=True))
    if kind.startswith(MULTIPART):
        parts = message_from_bytes(
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + data, policy=HTTP
        )
        return sorted(
            (part.get_param("name", header="content-disposition"), part.get_content().strip())
            for part in parts.iter_parts()
        )
    return json.loads(data)


@pytest.mark.parametrize("media_type", [FORM, MULTIPART, JSON])
def test_tags_with_two_values_are_two_tags(opened, media_type):
    task = make_task()
    block = operation(opened, "tasks_set_tags", task.pk)
    choose(block, media_type)
    if media_type == JSON:
        block.locator("textarea").fill('{"tags": ["a", "b,c"]}')
    else:
        block.get_by_role("button", name="Add string item").click()
        for field, text in zip(
            block.locator(".json-schema-form-item input").all(), ("a", "b,c"), strict=True
        ):
            field.fill(text)
    execute(opened, block)
    assert sorted(row.tag.name for row in task.task_tags.all()) == ["a", "b,c"]


@pytest.mark.parametrize("media_type", [FORM, MULTIPART])
def test_array_with_one_empty_value_is_empty(opened, media_type):
    task = make_task(tags=["a"])
    block = operation(opened, "tasks_set_tags", task.pk)
    choose(block, media_type)
    block.locator(".json-schema-form-item input").fill("")
    execute(opened, block)
    assert task.task_tags.count() == 0


def plan() -> Task:
    return make_task("Plan", description="First draft.", is_client_visible=True)


def everything(task: Task) -> dict[str, Any]:
    return Task.objects.filter(pk=task.pk).values().get()


def test_merge_patch_executed_as_shown_changes_nothing(opened):
    task = plan()
    before = everything(task)
    block = operation(opened, "tasks_update", task.pk)
    choose(block, MERGE_PATCH)
    expect(block.locator("textarea")).to_have_value("{}")
    assert sent_body(execute(opened, block)) == {}
    assert everything(task) == before


@pytest.mark.parametrize("first", [FORM, MULTIPART, JSON])
def test_merge_patch_has_what_was_changed_before(opened, first):
    task = plan()
    block = operation(opened, "tasks_update", task.pk)
    choose(block, first)
    if first == JSON:
        field = block.locator("textarea")
        field.fill(json.dumps({**json.loads(field.input_value()), "task_title": "Other"}))
    else:
        block.get_by_placeholder("task_title").fill("Other")
        block.get_by_placeholder("task_title").blur()
    choose(block, MERGE_PATCH)
    assert sent_body(execute(opened, block)) == {"task_title": "Other"}
    task.refresh_from_db()
    assert (task.title, task.description, task.due_date) == ("Other", "First draft.", None)


def test_merge_patch_sends_what_is_typed(opened):
    task = plan()
    block = operation(opened, "tasks_update", task.pk)
    choose(block, MERGE_PATCH)
    block.locator("textarea").fill('{"task_description": null}')
    execute(opened, block)
    task.refresh_from_db()
    assert (task.title, task.description) == ("Plan", None)


@pytest.mark.parametrize("media_type", [FORM, MULTIPART, JSON])
def test_update_executed_as_shown_keeps_what_is_not_filled_in(opened, media_type):
    task = plan()
    block = operation(opened, "tasks_update", task.pk)
    choose(block, media_type)
    execute(opened, block)
    task.refresh_from_db()
    assert (task.title, task.description) == ("Design homepage", "First draft.")
    assert task.is_client_visible
    assert task.is_billable


@pytest.mark.parametrize("media_type", [FORM, MULTIPART])
def test_empty_value_is_sent_where_it_is_ticked(opened, media_type):
    task = plan()
    block = operation(opened, "tasks_update", task.pk)
    choose(block, media_type)
    row = block.locator("tr", has=opened.get_by_placeholder("task_description"))
    row.get_by_role("checkbox").check()
    request = execute(opened, block)
    assert ("task_description", "") in sent_body(request)
    task.refresh_from_db()
    assert task.description is None


def test_filter_with_two_values_is_sent_as_an_array(opened):
    make_task()
    block = operation(opened, "tasks_list")
    row = block.locator('tr[data-param-name="status[]"]')
    for number, value in enumerate(("1", "3")):
        row.get_by_role("button", name="Add integer item").click()
        row.locator(".json-schema-form-item input").nth(number).fill(value)
    request = execute(opened, block)
    sent = parse_qsl(urlsplit(request.url).query)
    assert [pair for pair in sent if "status" in pair[0]] == [("status[]", "1"), ("status[]", "3")]


#: One of each kind of body: ids, texts and switches, an array of people, an array of ids.
OPERATIONS = {"tasks_set_assigned", "task_comments_create", "checklists_set_positions"}


def bodies() -> list[tuple[str, str, Any]]:
    """The operations, each of their types of body, and the example that is shown of it."""
    return [
        (operation["operationId"], media_type, content["example"])
        for methods in document("/api")["paths"].values()
        for operation in methods.values()
        if operation["operationId"] in OPERATIONS
        for media_type, content in operation["requestBody"]["content"].items()
    ]


def test_operation_executed_as_shown_sends_its_example(opened):
    """The answers are made up: what arrives is all that matters here."""
    done = {"status": 200, "json": {"data": {"id": 1}, "message": "Done."}}
    opened.route(
        lambda url: "/api/" in url and not url.endswith("/schema"),
        lambda route: route.fulfill(**done),
    )
    block, open_one, wrong = None, None, []
    for name, media_type, example in bodies():
        if name != open_one:
            if block is not None:
                block.locator(".opblock-summary-control").click()
            block, open_one = operation(opened, name), name
        choose(block, media_type)
        try:
            sent = sent_body(execute(opened, block))
        except Error:
            sent = block.locator(".validation-errors").all_inner_texts()
        if sent != shown(media_type, example):
            wrong.append((name, media_type, sent, shown(media_type, example)))
    assert not wrong


def shown(media_type: str, example: Any) -> Any:
    """What is sent of an example that nobody has edited."""
    if media_type == MERGE_PATCH:
        return {}
    if media_type == JSON:
        return example
    pairs = ((name, v if isinstance(v, list) else [v]) for name, v in example.items())
    return sorted((name, value) for name, values in pairs for value in values)
