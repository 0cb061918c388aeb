import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tasks.models import Attachment, Task
from tasks.testing import make_attachment, make_task, make_user
from tests.conftest import ADMIN

pytestmark = pytest.mark.django_db


def path_of(attachment):
    return reverse("admin:taskdock_attachment_download", args=[attachment.pk])


def browser(*codenames, **fields):
    user = make_user(**fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("notes.txt", 'attachment; filename="notes.txt"'),
        ('say "hi".txt', r'attachment; filename="say \"hi\".txt"'),
        ("semi;colon=x.txt", 'attachment; filename="semi;colon=x.txt"'),
        ("100%.txt", 'attachment; filename="100%.txt"'),
        ("ß.txt", "attachment; filename*=utf-8''%C3%9F.txt"),
        ("😀 日本.txt", "attachment; filename*=utf-8''%F0%9F%98%80%20%E6%97%A5%E6%9C%AC.txt"),
        ("a\r\nSet-Cookie: x=1", 'attachment; filename="aSet-Cookie: x=1"'),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ("evil\u202efdp.exe", 'attachment; filename="evilfdp.exe"'),
        ("CON", 'attachment; filename="_CON"'),
    ],
)
def test_download_of_any_name_is_an_attachment_of_that_name(name, disposition):
    attachment = make_attachment(make_task())
    # Past the services, as an import of a host's might.
    Attachment.objects.update(name=name)
    r = browser(is_superuser=True).get(path_of(attachment))
    assert r.status_code == 200
    assert r.headers["Content-Disposition"] == disposition
    assert b"".join(r.streaming_content) == b"Notes."


PAGE = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("notes.txt", b"Notes.", "text/plain"),
        ("page.html", PAGE, "text/html"),
        ("drawing.svg", SVG, "image/svg+xml"),
        ("report.pdf", b"%PDF-1.4", "application/pdf"),
        ("nothing", b"", ""),
    ],
)
def test_download_of_anything_is_bytes_that_no_browser_runs(name, content, content_type):
    attachment = make_attachment(make_task(), name, content, content_type=content_type)
    r = browser(is_superuser=True).get(path_of(attachment))
    assert r.headers["Content-Type"] == "application/octet-stream"
    assert r.headers["Content-Disposition"].startswith("attachment;")
    assert r.headers["X-Content-Type-Options"] == "nosniff"
    assert r.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"private", "no-store"} <= set(r.headers["Cache-Control"].split(", "))
    assert r.headers["Content-Length"] == str(len(content))
    assert r.streaming
    assert b"".join(r.streaming_content) == content


@pytest.mark.parametrize(
    ("codenames", "status"),
    [
        ((), 403),
        (("view_task", "change_task", "add_attachment", "delete_attachment"), 403),
        (("view_attachment",), 200),
        (("change_attachment",), 200),
    ],
)
def test_download_by_staff_asks_for_the_permission(codenames, status):
    attachment = make_attachment(make_task())
    r = browser(*codenames).get(path_of(attachment))
    assert r.status_code == status
    assert (b"".join(r) == b"Notes.") is (status == 200)


def test_download_by_anybody_else_leads_to_the_login():
    path = path_of(make_attachment(make_task()))
    for client in (Client(), browser("view_attachment", is_staff=False)):
        r = client.get(path)
        assert r.status_code == 302
        assert r.headers["Location"].startswith(f"{ADMIN}/login/")


def own_tasks(queryset, actor):
    return queryset.filter(assignees__user=actor.user) if queryset.model is Task else queryset


def test_download_follows_what_the_site_shows_to_whom(settings):
    settings.TASKDOCK = {"VISIBLE_TO": own_tasks}
    one, other = (browser("view_attachment") for _ in range(2))
    user_id = one.session["_auth_user_id"]
    task = make_task()
    task.assignees.create(user_id=user_id)
    settings.TASKDOCK = {}
    attachment = make_attachment(task)
    settings.TASKDOCK = {"VISIBLE_TO": own_tasks}
    for client, status in ((one, 200), (other, 404), (one, 200)):
        r = client.get(path_of(attachment))
        assert r.status_code == status
        assert (b"".join(r) == b"Notes.") is (status == 200)


@pytest.mark.parametrize("pk", ["0", "999999", str(2**63), str(2**64), "x", "_5F", "%00"])
def test_download_of_no_such_file_is_not_found(pk):
    make_attachment(make_task())
    r = browser(is_superuser=True).get(f"{ADMIN}/taskdock/attachment/{pk}/download/")
    assert r.status_code == 404


def test_download_of_a_file_that_the_storage_lost_says_so(folder):
    attachment = make_attachment(make_task(), "<b>lost</b>.txt")
    Attachment.objects.update(name="<b>lost.txt")
    (folder.root / attachment.file.name).unlink()
    r = browser(is_superuser=True).get(path_of(attachment))
    assert r.status_code == 404
    html = r.content.decode()
    assert "The file &lt;b&gt;lost.txt is missing from the storage." in html
    assert "<b>lost" not in html


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_download_by_a_method_that_writes_changes_nothing(folder, method):
    attachment = make_attachment(make_task())
    r = getattr(browser(is_superuser=True), method)(path_of(attachment))
    assert r.status_code == 405
    assert folder.contents() == [b"Notes."]
