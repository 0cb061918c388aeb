"""Files in the admin: added, downloaded, made the cover, deleted; by the services' rules."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.models import Attachment, HistoryEntry
from tasks.services.attachments import set_cover
from tasks.testing import make_attachment, make_task, make_user
from tests.attachments.conftest import image
from tests.conftest import ADMIN

pytestmark = pytest.mark.django_db
LIST = f"{ADMIN}/taskdock/attachment/"


@pytest.fixture
def user(db):
    return make_user(is_superuser=True, first_name="Ada", last_name="Admin")


@pytest.fixture
def admin(user):
    client = Client()
    client.force_login(user)
    return client


def upload(name="notes.txt", content=b"Notes.", content_type="text/plain"):
    return SimpleUploadedFile(name, content, content_type)


def add(admin, task, file):
    return admin.post(f"{LIST}add/", {"task": task.pk, "file": file})


def errors_of(response):
    assert response.status_code == 200
    form = response.context["adminform"].form
    return {name: list(texts) for name, texts in form.errors.items()}


def test_add_keeps_the_file_as_the_service_does(admin, user, folder):
    task = make_task()
    r = add(admin, task, upload("Plan ß.pdf", b"%PDF", "application/pdf"))
    assert r.status_code == 302
    row = Attachment.objects.get()
    assert (row.task, row.name, row.size) == (task, "Plan ß.pdf", 4)
    assert (row.content_type, row.uploaded_by) == ("application/pdf", user)
    assert folder.names() == [row.file.name]
    entry = HistoryEntry.objects.first()
    assert (entry.verb, entry.door, entry.actor_name) == ("file_added", "admin", "Ada Admin")
    page = admin.get(LIST)
    (message,) = page.context["messages"]
    assert f'<a href="{LIST}{row.pk}/change/">Plan ß.pdf</a>' in str(message)
    assert "Plan ß.pdf" in page.content.decode()


def test_add_of_a_large_file_takes_it_from_where_django_put_it(admin, settings, folder):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    content = bytes(range(256)) * 1000
    assert add(admin, make_task(), upload(content=content)).status_code == 302
    assert folder.contents() == [content]


def test_add_of_an_empty_file_takes_it(admin, folder):
    assert add(admin, make_task(), upload(content=b"")).status_code == 302
    assert folder.contents() == [b""]


@pytest.mark.parametrize(
    ("taskdock", "errors"),
    [
        ({"MAX_FILE_SIZE": 5}, {"file": ["The file may not be larger than 5 bytes."]}),
        (
            {"FILE_EXTENSIONS": ["pdf"]},
            {"file": ["The file must be of a kind that is taken here: pdf."]},
        ),
        ({"MAX_FILES": 1}, {"__all__": ["A task may not have more than 1 files."]}),
    ],
)
def test_add_beyond_a_limit_shows_the_form_again(admin, settings, folder, taskdock, errors):
    task = make_task()
    make_attachment(task)
    settings.TASKDOCK = taskdock
    assert errors_of(add(admin, task, upload())) == errors
    assert Attachment.objects.count() == len(folder.names()) == 1


def test_add_without_a_file_or_task_shows_the_form_again(admin):
    r = admin.post(f"{LIST}add/", {})
    required = ["This field is required."]
    assert errors_of(r) == {"task": required, "file": required}


def test_add_says_how_large_a_file_may_be(admin, settings):
    assert "At most 25 MiB." in admin.get(f"{LIST}add/").content.decode()
    settings.TASKDOCK = {"MAX_FILE_SIZE": 2048}
    assert "At most 2 KiB." in admin.get(f"{LIST}add/").content.decode()


def change(admin, attachment, **fields):
    shown = "True" if attachment.is_cover else ""
    return admin.post(f"{LIST}{attachment.pk}/change/", {"initial-is_cover": shown, **fields})


def test_change_makes_it_the_cover_and_takes_that_back(admin):
    task = make_task()
    one = make_attachment(task, "one.png", image())
    two = make_attachment(task, "two.png", image())
    for attachment in (one, two):
        assert change(admin, attachment, is_cover="on").status_code == 302
        assert Attachment.objects.get(is_cover=True) == attachment
    two.refresh_from_db()
    entries = HistoryEntry.objects.count()
    assert change(admin, two, is_cover="on").status_code == 302
    assert HistoryEntry.objects.count() == entries
    assert change(admin, two).status_code == 302
    assert not Attachment.objects.filter(is_cover=True).exists()
    assert HistoryEntry.objects.first().verb == "cover_changed"


def test_change_on_a_page_from_before_another_became_the_cover_leaves_that(admin):
    task = make_task()
    one = make_attachment(task, "one.png", image())
    two = make_attachment(task, "two.png", image())
    set_cover(actor=Actor(), task_id=task.pk, attachment_id=one.pk)
    one.refresh_from_db()
    set_cover(actor=Actor(), task_id=task.pk, attachment_id=two.pk)
    assert change(admin, one).status_code == 302
    assert Attachment.objects.get(is_cover=True) == two


def test_change_of_what_is_no_image_to_the_cover_shows_the_form_again(admin):
    attachment = make_attachment(make_task())
    r = change(admin, attachment, is_cover="on")
    assert errors_of(r) == {"is_cover": ["The cover must be an image: PNG, JPEG, GIF or WebP."]}
    assert not Attachment.objects.filter(is_cover=True).exists()


def test_change_takes_nothing_but_the_cover(admin, folder):
    task, other = make_task(), make_task()
    attachment = make_attachment(task)
    r = change(
        admin, attachment, task=other.pk, name="x", size=1, content_type="text/html", file=upload()
    )
    assert r.status_code == 302
    row = Attachment.objects.get()
    assert (row.task, row.name, row.size) == (task, "notes.txt", 6)
    assert (row.content_type, row.file.name) == ("text/plain", attachment.file.name)
    assert len(folder.names()) == 1


def test_delete_removes_row_and_file(admin, folder, django_capture_on_commit_callbacks):
    task = make_task()
    one, two, three = (make_attachment(task) for _ in range(3))
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(f"{LIST}{one.pk}/delete/", {"post": "yes"}).status_code == 302
    assert folder.names() == sorted([two.file.name, three.file.name])
    chosen = {"action": "delete_selected", "_selected_action": [two.pk, three.pk], "post": "yes"}
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(LIST, chosen).status_code == 302
    assert not Attachment.objects.exists()
    assert folder.names() == []
    assert HistoryEntry.objects.filter(verb="file_deleted").count() == 3


def test_delete_of_its_task_removes_the_file(admin, folder, django_capture_on_commit_callbacks):
    task = make_task()
    make_attachment(task)
    with django_capture_on_commit_callbacks(execute=True):
        r = admin.post(f"{ADMIN}/taskdock/task/{task.pk}/delete/", {"post": "yes"})
    assert r.status_code == 302
    assert folder.names() == []


def pages(attachment):
    return [LIST, f"{LIST}?q=notes", *(f"{LIST}{attachment.pk}/{name}/" for name in PAGES)]


PAGES = ("change", "delete", "history")


def test_no_page_links_to_where_the_storage_serves_files(admin, settings, png):
    settings.MEDIA_URL = "/uploads/"
    task = make_task()
    attachment = make_attachment(task, "notes.png", png)
    set_cover(actor=Actor(), task_id=task.pk, attachment_id=attachment.pk)
    viewer = Client()
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="view_attachment"))
    viewer.force_login(user)
    for client in (admin, viewer):
        for path in pages(attachment):
            r = client.get(path)
            assert r.status_code == (403 if client is viewer and "delete" in path else 200)
            html = r.content.decode()
            assert "/uploads/" not in html
            assert attachment.file.name not in html
    for path in (LIST, f"{LIST}{attachment.pk}/change/"):
        assert f'href="{LIST}{attachment.pk}/download/"' in admin.get(path).content.decode()


def test_list_asks_the_same_number_of_queries_however_many_there_are(admin):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert admin.get(LIST).status_code == 200
        return len(captured)

    make_attachment(make_task(), actor=Actor(user=make_user()))
    few = queries()
    for _ in range(24):
        make_attachment(make_task(), actor=Actor(user=make_user()))
    assert queries() == few


@pytest.mark.parametrize(
    ("codenames", "allowed"),
    [
        ((), set()),
        (("view_attachment",), {"list", "change"}),
        (("change_attachment",), {"list", "change"}),
        (("add_attachment",), {"add"}),
        (("delete_attachment", "view_attachment"), {"list", "change", "delete"}),
    ],
)
def test_pages_ask_for_the_permission(codenames, allowed):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    attachment = make_attachment(make_task())
    paths = {
        "list": LIST,
        "add": f"{LIST}add/",
        "change": f"{LIST}{attachment.pk}/change/",
        "delete": f"{LIST}{attachment.pk}/delete/",
    }
    answered = {name for name, path in paths.items() if client.get(path).status_code == 200}
    assert answered == allowed


def nothing(queryset, actor):
    return queryset.none()


def test_pages_show_no_file_of_a_task_out_of_sight(admin, settings, folder):
    attachment = make_attachment(make_task(), "secret.txt")
    settings.TASKDOCK = {"VISIBLE_TO": nothing}
    assert "secret.txt" not in admin.get(LIST).content.decode()
    for name in PAGES:
        assert admin.get(f"{LIST}{attachment.pk}/{name}/").status_code == 302
    r = add(admin, attachment.task, upload())
    assert set(errors_of(r)) == {"task"}
    assert len(folder.names()) == 1
