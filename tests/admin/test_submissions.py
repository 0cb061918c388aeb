"""What scripts rely on: a fresh token, and submissions that are done once however often they come;
and the page for a form that is older than its sender's login."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from comments.models import Comment
from tasks.clock import today
from tasks.models import Attachment, ChecklistItem, Task, TaskStatus
from tasks.testing import make_project, make_task, make_user
from tests.conftest import ADMIN
from timers.models import Timer

TOKEN = f"{ADMIN}/taskdock/task/token/"
ONCE = {"X-Taskdock-Submission": "0123456789abcdef" * 2}


def panel(task, name, action):
    return reverse("admin:taskdock_task_panel", args=[task.pk, name, action])


def submissions():
    """Each form that makes something new: where it goes, what it sends, what it makes."""
    task = make_task(project=make_project("Website"))
    person = make_user(is_superuser=True)
    week = reverse("admin:taskdock_timers_timer_week_write", args=["add"])
    cell = f"{week}?cell_day={today()}&cell_person={person.pk}"
    hours = {"hours": 1, "minutes": 0, "work_date": today().isoformat()}
    clone = {"title": "Copy", "project": task.project_id, "status": 1}
    entry = {"entry-task": task.pk, "entry-seconds": "1:00"}
    added = {"title": "New", "project": task.project_id, "status": 1}
    board = reverse("admin:taskdock_task_board_add")
    return person, [
        (board, added, {"Accept": "application/json"}, Task),
        (panel(task, "checklist", "add"), {"text": "Milk"}, {}, ChecklistItem),
        (panel(task, "comments", "add"), {"text": "Words"}, {}, Comment),
        (panel(task, "time", "enter"), hours, {}, Timer),
        (panel(task, "clone", "clone"), clone, {}, Task),
        (cell, entry, {"X-Taskdock-Week": "1"}, Timer),
    ]


@pytest.mark.parametrize("number", range(6))
def test_submission_that_comes_again_is_done_once_and_answered_as_before(db, number):
    person, forms = submissions()
    url, values, headers, model = forms[number]
    client = Client(headers={"Accept-Language": "en", "X-Taskdock-Panel": "x", **headers})
    client.force_login(person)
    before = model.objects.count()
    for key in (ONCE, ONCE, {"X-Taskdock-Submission": "another"}):
        response = client.post(url, values, headers=key)
        assert response.status_code == 200, response.content
    assert model.objects.count() == before + 2
    for _ in range(2):
        assert client.post(url, values).status_code == 200
    assert model.objects.count() == before + 4


def test_refused_submission_is_not_taken_for_done(admin):
    url = reverse("admin:taskdock_task_board_add")
    project = make_project()
    for title, status in (("", 409), ("Right", 200), ("Right", 200)):
        values = {"title": title, "project": project.pk, "status": 1}
        answer = admin.client.post(url, values, headers={**ONCE, "Accept": "application/json"})
        assert answer.status_code == status
    assert list(Task.objects.values_list("title", flat=True)) == ["Right"]


def test_files_that_come_again_are_kept_once(admin):
    task = make_task()
    for _ in range(2):
        file = SimpleUploadedFile("a.txt", b"words")
        url = panel(task, "files", "add")
        answer = admin.client.post(
            url, {"file": file}, headers={**ONCE, "X-Taskdock-Panel": "files"}
        )
        assert answer.status_code == 200
    assert Attachment.objects.count() == 1


def test_session_remembers_few_keys_and_no_long_ones(admin):
    task = make_task()
    for number in range(60):
        headers = {"X-Taskdock-Submission": f"{number}" * (99 if number == 59 else 1)}
        admin.client.post(panel(task, "checklist", "add"), {"text": "Milk"}, headers=headers)
    keys = admin.client.session["taskdock_submissions"]
    assert keys == [str(number) for number in range(9, 59)]


@pytest.mark.parametrize("setting", [None, "CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"])
def test_token_is_that_of_the_session_of_now_and_is_never_cached(admin, setting):
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    with override_settings(**({setting: True} if setting else {})):
        client.force_login(admin.user)
        response = client.get(TOKEN)
        known = response.json()
        assert (known["user"], known["name"]) == (str(admin.user.pk), admin.user.get_username())
        assert "no-store" in response["Cache-Control"]
        assert client.post(f"{ADMIN}/logout/", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
        answer = client.post(f"{ADMIN}/logout/", {"csrfmiddlewaretoken": known["token"]})
        assert answer.status_code == 200


def test_token_is_for_staff_and_read_alone(db, admin):
    assert Client().get(TOKEN).status_code == 302
    member = Client()
    member.force_login(make_user(is_staff=False))
    assert member.get(TOKEN).status_code == 302
    assert admin.client.post(TOKEN).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "taskdock/task/mine/",
        "taskdock/task/board/",
        "taskdock/task/",
        "taskdock/task/add/",
        "taskdock/taskstatus/",
        "taskdock/historyentry/",
        "taskdock_timers/timer/week/",
    ],
)
def test_every_page_says_what_scripts_need_to_send(admin, path):
    text = admin.get(path).content.decode()
    assert f'data-token="{ADMIN}/taskdock' in text
    assert f'data-user="{admin.user.pk}" data-login="{ADMIN}/login/"' in text
    assert "taskdock/forms.js" in text


def stale(admin, values, **headers):
    client = Client(enforce_csrf_checks=True, headers=headers)
    client.cookies = admin.client.cookies
    return client.post(f"{ADMIN}/taskdock/taskstatus/add/", values)


ORIGIN = {"Origin": "http://testserver"}


def test_old_form_is_answered_with_its_text_and_a_form_to_send_it(admin):
    values = {"title": 'Wait "for"\r\n<b>Bob</b>', "color": "#336699", "initial-title": "Old"}
    response = stale(admin, values, **ORIGIN)
    text = response.content.decode()
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    typed = "Wait &quot;for&quot;\r\n&lt;b&gt;Bob&lt;/b&gt;"
    assert f'<textarea name="title" hidden>\n{typed}</textarea>' in text
    assert f'<textarea readonly rows="1">\n{typed}</textarea>' in text
    assert "Send it now" in text
    assert text.count("Old") == 1
    assert not TaskStatus.objects.filter(title__contains="Bob").exists()


@pytest.mark.parametrize(
    ("values", "headers"),
    [
        ({"title": "Typed"}, {}),
        ({"title": "Typed"}, {"Origin": "http://other.example"}),
        ({"title": "Typed"}, {"Origin": "null"}),
        ({"title": "Typed"}, {"Origin": "https://testserver"}),
        ({"title": "Typed"}, {"Origin": "http://[other"}),
        ({"title": "Typed"}, {"Referer": "http://testserver.other.example/"}),
    ],
)
def test_words_of_another_site_are_not_shown(admin, values, headers):
    response = stale(admin, values, **headers)
    assert response.status_code == 403
    assert "Typed" not in response.content.decode()
    assert "Send it now" not in response.content.decode()


def test_passwords_and_files_are_not_sent_again(admin):
    secret = stale(admin, {"username": "ada", "password": "open sesame"}, **ORIGIN)
    assert "sesame" not in secret.content.decode()
    assert "Send it now" not in secret.content.decode()
    file = SimpleUploadedFile("a.txt", b"words")
    text = stale(admin, {"title": "Typed", "file": file}, **ORIGIN).content.decode()
    assert "Typed" in text
    assert "Files have to be chosen again" in text
    assert "Send it now" not in text


def test_old_form_of_somebody_who_is_signed_out_says_so(admin):
    client = Client(enforce_csrf_checks=True, headers=ORIGIN)
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    text = client.post(f"{ADMIN}/taskdock/taskstatus/add/", {"title": "Typed"}).content.decode()
    assert "You are signed out" in text
    assert "Typed" in text
