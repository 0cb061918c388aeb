"""Panels: one address for what is done in them, by whom, with a script and without.

The table has a row for each action of each panel of a task: one that is added is to be added here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from django.contrib import admin as django_admin
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from comments.testing import make_comment
from tasks.models import Attachment, ChecklistItem, HistoryEntry, Task, TaskStatus
from tasks.services.attachments import add_attachment
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_task, make_user
from tests.conftest import ADMIN
from timers.models import Timer
from timers.testing import make_running_timer, make_time

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class World(NamedTuple):
    """A task with one of everything that panels show."""

    task: Task
    item: ChecklistItem
    other_item: ChecklistItem
    comment: Comment
    running: Timer
    entry: Timer
    image: Attachment


class Case(NamedTuple):
    """An action: the permission that it needs, what is sent, and what is refused."""

    permission: str
    #: A dict, or makes one of the world.
    sent: Any
    #: What a form of the panel never sends, with a word of the refusal.
    bad: tuple[dict[str, Any], str] | None = None

    def body(self, world: World) -> dict[str, Any]:
        sent: dict[str, Any] = self.sent(world) if callable(self.sent) else self.sent
        return sent


def _file(world: World | None = None) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("new.txt", b"words", "text/plain")}


GONE = ({"row": "987654321"}, "no longer there")
CASES = {
    ("checklist", "add"): Case("add_checklistitem", {"text": "New"}, ({"text": ""}, "required")),
    ("checklist", "tick"): Case(
        "change_checklistitem", lambda w: {"row": w.item.pk, "is_completed": "on"}, GONE
    ),
    ("checklist", "edit"): Case(
        "change_checklistitem", lambda w: {"row": w.item.pk, "text": "Other"}, GONE
    ),
    ("checklist", "move"): Case(
        "change_checklistitem",
        lambda w: {"row": w.item.pk, "to": "down"},
        ({"row": "{item}", "to": "sideways"}, "not one of the available choices"),
    ),
    ("checklist", "delete"): Case("delete_checklistitem", lambda w: {"row": w.item.pk}, GONE),
    ("comments", "add"): Case(
        "add_comment", {"text": "New"}, ({"text": "x" * 50_001}, "at most 50000")
    ),
    ("comments", "edit"): Case(
        "change_comment", lambda w: {"row": w.comment.pk, "text": "Other"}, GONE
    ),
    ("comments", "delete"): Case(
        "delete_comment", lambda w: {"row": w.comment.pk}, ({"row": "x"}, "whole number")
    ),
    ("time", "start"): Case("add_timer", {}),
    ("time", "stop"): Case("change_timer", lambda w: {"row": w.running.pk}, GONE),
    ("time", "enter"): Case(
        "add_timer",
        {"hours": "1", "minutes": "5", "work_date": "2026-06-17"},
        ({"hours": "0", "minutes": "0", "work_date": "2026-06-17"}, "between one minute"),
    ),
    ("time", "delete"): Case("delete_timer", lambda w: {"row": w.entry.pk}, GONE),
    ("files", "add"): Case("add_attachment", _file, ({}, "required")),
    ("files", "cover"): Case("change_attachment", lambda w: {"row": w.image.pk}, GONE),
    ("files", "uncover"): Case("change_attachment", {}),
    ("files", "delete"): Case("delete_attachment", lambda w: {"row": w.image.pk}, GONE),
    ("clone", "clone"): Case(
        "add_task",
        lambda w: {
            "title": "Copy",
            "project": w.task.project_id,
            "milestone": "",
            "status": TaskStatus.objects.get(is_default=True).pk,
        },
        ({"title": "Copy", "project": "987654321", "status": "1"}, "Select a valid choice"),
    ),
}
#: Panels that tests/admin/test_dependency_panels.py and test_recurrence_panel.py are about.
ELSEWHERE = {"dependencies", "note", "pin", "repeats"}
#: Actions that find nothing to do here are done, and leave no trace.
IDLE = {("files", "uncover")}
VIEW = (
    *("view_task", "view_checklistitem", "view_comment", "view_timer", "view_attachment"),
    # Alone these permit nothing: whose a comment is, is the subject of test_own_comments.py.
    *("change_any_comment", "delete_any_comment"),
)
MODELS: tuple[Any, ...] = (Task, ChecklistItem, Comment, Timer, Attachment, HistoryEntry)


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    actor, task = make_actor(), make_task("A task")
    milk, tea = (
        add_checklist_item(actor=actor, parent=task, text=text) for text in ("Milk", "Tea")
    )
    image = add_attachment(
        actor=actor,
        task_id=task.pk,
        file=ContentFile(PNG),
        name="image.png",
        content_type="image/png",
    )
    return World(
        task,
        milk,
        tea,
        make_comment(task, "A comment"),
        make_running_timer(task, user=make_user()),
        make_time(task),
        image,
    )


def _path(task: Task, panel: str, action: str) -> str:
    return f"{ADMIN}/taskdock/task/{task.pk}/panels/{panel}/{action}/"


def _script(panel: str) -> dict[str, str]:
    return {"X-Taskdock-Panel": panel}


def _snapshot() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS]


def test_every_action_of_every_panel_is_in_these_tests():
    page: Any = django_admin.site.get_model_admin(Task)
    panels = [panel for panel in page.panels() if panel.name not in ELSEWHERE]
    assert {(panel.name, name) for panel in panels for name in panel.action_of} == set(CASES)


@pytest.mark.parametrize("has_script", [False, True])
@pytest.mark.parametrize(("panel", "action"), CASES)
def test_action_is_done_by_who_has_its_permission(make_staff, world, panel, action, has_script):
    case, before = CASES[panel, action], _snapshot()
    staff = make_staff(*VIEW, case.permission)
    headers = _script(panel) if has_script else {}
    response = staff.client.post(
        _path(world.task, panel, action), case.body(world), headers=headers
    )
    expected = 200 if has_script else 302
    assert response.status_code == expected, response.content
    if response.get("X-Taskdock-Location"):
        assert "/change/" in response["X-Taskdock-Location"]
    elif has_script:
        assert f'id="panel-{panel}"' in response.content.decode()
    elif panel != "clone":
        assert response["Location"].endswith(f"/{world.task.pk}/change/#panel-{panel}")
    assert (_snapshot() == before) == ((panel, action) in IDLE)


@pytest.mark.parametrize(("panel", "action"), CASES)
def test_action_is_forbidden_to_who_may_only_look(make_staff, world, panel, action):
    case, before = CASES[panel, action], _snapshot()
    looks = make_staff(*VIEW)
    without = make_staff(case.permission)
    for staff in (looks, without):
        response = staff.client.post(
            _path(world.task, panel, action), case.body(world), headers=_script(panel)
        )
        # The panel for new tasks is not there for who may add none.
        assert response.status_code in {403, 404}
    html = looks.get(f"taskdock/task/{world.task.pk}/change/").content.decode()
    assert _path(world.task, panel, action) not in html
    assert _snapshot() == before


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
@pytest.mark.parametrize(("panel", "action"), CASES)
def test_action_is_done_by_post_alone(admin, world, panel, action, method):
    before = _snapshot()
    assert getattr(admin.client, method)(_path(world.task, panel, action)).status_code == 405
    assert _snapshot() == before


@pytest.mark.parametrize(("panel", "action"), CASES)
def test_action_without_the_token_is_refused(admin, world, panel, action):
    before = _snapshot()
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin.user)
    sent = CASES[panel, action].body(world)
    assert client.post(_path(world.task, panel, action), sent).status_code == 403
    assert _snapshot() == before


@pytest.mark.parametrize("has_script", [False, True])
@pytest.mark.parametrize("key", [key for key, case in CASES.items() if case.bad])
def test_bad_values_are_refused_in_words(admin, world, messages_of, key, has_script):
    panel, action = key
    bad = CASES[key].bad
    assert bad is not None
    sent = {name: value.replace("{item}", str(world.item.pk)) for name, value in bad[0].items()}
    before = _snapshot()
    headers = _script(panel) if has_script else {}
    response = admin.client.post(_path(world.task, panel, action), sent, headers=headers)
    if has_script:
        assert response.status_code == 422
        assert bad[1] in response.content.decode()
    else:
        assert bad[1] in " ".join(messages_of(response))
        assert f'id="panel-{panel}"' in response.content.decode()
    assert _snapshot() == before


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "9" * 30, "1.5", "\x00", "None"])
@pytest.mark.parametrize(
    ("panel", "action"),
    [key for key, case in CASES.items() if key[1] in {"delete", "tick", "stop"}],
)
def test_row_that_is_none_is_refused(admin, world, panel, action, value):
    before = _snapshot()
    response = admin.client.post(
        _path(world.task, panel, action), {"row": value}, headers=_script(panel)
    )
    assert response.status_code == 422
    assert _snapshot() == before


@pytest.mark.parametrize(
    ("panel", "action"),
    [key for key, case in CASES.items() if key[1] in {"delete", "tick", "edit"}],
)
def test_row_of_another_task_is_refused(admin, world, panel, action):
    other, before = make_task("Another"), _snapshot()
    sent = CASES[panel, action].body(world)
    response = admin.client.post(_path(other, panel, action), sent, headers=_script(panel))
    assert response.status_code == 422
    assert _snapshot() == before


@pytest.mark.parametrize("path", ["checklist/nothing", "nothing/add", "checklist/is_visible"])
def test_action_that_is_none_is_not_found(admin, world, path):
    panel, _, action = path.partition("/")
    assert admin.client.post(_path(world.task, panel, action)).status_code == 404


@pytest.mark.parametrize("has_script", [False, True])
def test_what_was_typed_about_a_row_that_is_gone_is_kept_and_can_be_sent(admin, world, has_script):
    typed = {"row": "987", "text": "Typed with care"}
    path = _path(world.task, "comments", "edit")
    headers = _script("comments") if has_script else {}
    html = admin.client.post(path, typed, headers=headers).content.decode()
    assert "It is no longer there." in html
    (form,) = (part for part in html.split("<form ") if "Typed with care" in part)
    assert "csrfmiddlewaretoken" in form


def test_what_was_refused_without_a_script_is_in_its_form_again(admin, world):
    sent = {"hours": "0", "minutes": "0", "work_date": "2026-06-17"}
    html = admin.client.post(_path(world.task, "time", "enter"), sent).content.decode()
    (form,) = (part for part in html.split("<form ") if 'value="2026-06-17"' in part)
    assert "between one minute" in form


def test_refusal_of_a_service_is_shown_and_nothing_is_written(admin, world, settings):
    settings.TASKDOCK = {"MAX_FILES": 1}
    before = _snapshot()
    path = _path(world.task, "files", "add")
    response = admin.client.post(path, _file(), headers=_script("files"))
    assert response.status_code == 422
    assert "A task may not have more than 1 files." in response.content.decode()
    assert _snapshot() == before


def test_panels_of_what_somebody_may_not_view_are_not_there(make_staff, world):
    html = make_staff("view_task").get(f"taskdock/task/{world.task.pk}/change/").content.decode()
    assert 'id="panel-history"' in html
    for name in ("checklist", "comments", "time", "files", "clone"):
        assert f'id="panel-{name}"' not in html


@pytest.mark.parametrize(
    ("to", "before", "expected"),
    [
        ("up", None, "BACD"),
        ("down", None, "ACBD"),
        ("before", 0, "BACD"),
        ("before", 3, "ACBD"),
        ("last", None, "ACDB"),
        # What it was to be put before is gone.
        ("before", 987, "ACDB"),
    ],
)
def test_item_is_moved(admin, db, to, before, expected):
    task, actor = make_task(), make_actor()
    items = [add_checklist_item(actor=actor, parent=task, text=text) for text in "ABCD"]
    key = "" if before is None else items[before].pk if before < 4 else before
    sent = {"row": items[1].pk, "to": to, "before": key}
    admin.client.post(_path(task, "checklist", "move"), sent)
    texts = ChecklistItem.objects.order_by("position", "pk").values_list("text", flat=True)
    assert "".join(texts) == expected


HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 }}' onx='")


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_texts_are_shown_as_they_are(admin, db, text):
    person = make_user(is_superuser=True, first_name=text[:30], last_name="")
    actor, task = make_actor(person), make_task(text, description=text, tags=[text])
    add_checklist_item(actor=actor, parent=task, text=text)
    make_comment(task, text, creator=person)
    make_time(task, user=person)
    make_running_timer(task, user=person)
    file = ContentFile(b"x")
    add_attachment(actor=actor, task_id=task.pk, file=file, name=text.replace("/", ""))
    for path in (f"taskdock/task/{task.pk}/change/", f"taskdock/task/{task.pk}/history/"):
        html = admin.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "' onx='" not in html


def _grow(task: Task, number: int) -> None:
    actor = make_actor()
    for n in range(number):
        person = make_user(first_name=f"Person {n}", last_name="Lee")
        add_checklist_item(actor=actor, parent=task, text=f"Item {n}")
        make_comment(task, f"Comment {n}", creator=person)
        make_time(task, user=person)
        make_running_timer(task, user=person)
        file = ContentFile(PNG)
        add_attachment(
            actor=make_actor(person),
            task_id=task.pk,
            file=file,
            name=f"{n}.png",
            content_type="image/png",
        )


def test_page_and_panels_take_as_many_queries_for_25_rows_as_for_1(admin, db):
    task = make_task()
    _grow(task, 1)

    def counted() -> list[int]:
        numbers = []
        with CaptureQueriesContext(connection) as captured:
            admin.get(f"taskdock/task/{task.pk}/change/")
        numbers.append(len(captured))
        for panel, action in (("checklist", "add"), ("comments", "add")):
            with CaptureQueriesContext(connection) as captured:
                path = _path(task, panel, action)
                admin.client.post(path, {"text": "x"}, headers=_script(panel))
            numbers.append(len(captured))
        return numbers

    few = counted()
    _grow(task, 24)
    assert counted() == few


@pytest.mark.parametrize(
    ("content", "claimed", "status"),
    [
        (PNG, "image/png", 200),
        # What it claims to be is not what decides.
        (PNG, "text/html", 200),
        (b"<script>alert(1)</script>", "image/png", 404),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "image/svg+xml", 404),
        (b"RIFF0000WAVE", "image/webp", 404),
        (b"", "image/gif", 404),
    ],
)
def test_image_is_shown_as_what_it_is_or_not_at_all(admin, db, content, claimed, status):
    task = make_task()
    file = add_attachment(
        actor=make_actor(),
        task_id=task.pk,
        file=ContentFile(content),
        name="file",
        content_type=claimed,
    )
    response = admin.get(f"taskdock/attachment/{file.pk}/image/")
    assert response.status_code == status
    if status == 200:
        assert b"".join(response.streaming_content) == content
        assert response["Content-Type"] == "image/png"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["Content-Disposition"].startswith("inline")


def test_image_is_not_shown_to_who_may_not_view_files(make_staff, world):
    path = f"taskdock/attachment/{world.image.pk}/image/"
    assert make_staff("view_task").get(path).status_code == 403
    assert make_staff("view_attachment").get(path).status_code == 200


@pytest.mark.parametrize(
    ("permissions", "status"),
    [(("view_task",), 403), (("change_task",), 200), (("add_task",), 200), ((), 403)],
)
def test_preview_is_for_who_may_write_a_description(make_staff, db, permissions, status):
    staff = make_staff(*permissions)
    path = f"{ADMIN}/taskdock/task/preview/"
    answer = staff.client.post(path, {"text": "*x*"}, headers=_script("preview"))
    assert answer.status_code == status
    if status == 200:
        assert answer.content.decode().strip() == "<p><em>x</em></p>"
        page = staff.client.post(path, {"description": "*x*", "title": "<b>"}).content.decode()
        assert "<em>x</em>" in page
        assert "&lt;b&gt;" in page
    assert staff.client.get(path).status_code == 405


def test_preview_is_not_offered_to_who_may_only_look(make_staff, db):
    path = f"taskdock/task/{make_task().pk}/change/"
    assert "/preview/" in make_staff("change_task").get(path).content.decode()
    assert "/preview/" not in make_staff("view_task").get(path).content.decode()


def test_description_is_shown_as_what_it_means_to_who_may_look(make_staff, db):
    task = make_task(description="*x* <script>")
    html = make_staff("view_task").get(f"taskdock/task/{task.pk}/change/").content.decode()
    assert "<em>x</em> &lt;script&gt;" in html


def test_copy_that_is_made_through_the_form_has_what_was_asked_for(admin, world):
    sent = {**CASES["clone", "clone"].body(world), "copy_checklist": "on"}
    answer = admin.client.post(_path(world.task, "clone", "clone"), sent)
    copy = Task.objects.get(title="Copy")
    assert answer["Location"] == f"{ADMIN}/taskdock/task/{copy.pk}/change/"
    assert copy.milestone.is_default
    assert [item.text for item in copy.checklist_items.order_by("position")] == ["Milk", "Tea"]
    assert not copy.attachments.exists()
