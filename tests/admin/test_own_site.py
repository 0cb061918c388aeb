"""A site that has two admins: the pages of each lead to its own."""

import re

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin import AdminSite
from django.core.files.base import ContentFile
from django.test import override_settings
from django.urls import include, path

import comments.admin
import tasks.admin
import timers.admin
from comments.testing import make_comment
from tasks.services.attachments import add_attachment, set_cover
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_task
from tests.pictures import picture
from timers.testing import make_running_timer, make_time

own = AdminSite(name="own")
for app in (tasks, comments, timers):
    app.admin.register(own)

urlpatterns = [
    path("admin/", django_admin.site.urls),
    path("elsewhere/", own.urls),
    path("api/", include("tasks.urls")),
    path("api/", include("comments.urls")),
    path("api/", include("timers.urls")),
]


@pytest.fixture
def task(admin):
    task = make_task(assigned=[admin.user])
    actor = make_actor(admin.user)
    add_checklist_item(actor=actor, parent=task, text="Item")
    make_comment(task, "Read this", creator=admin.user)
    make_time(task, user=admin.user)
    make_running_timer(task, user=admin.user)
    file = add_attachment(
        actor=actor,
        task_id=task.pk,
        file=ContentFile(picture()),
        name="a.png",
        content_type="image/png",
    )
    set_cover(actor=actor, task_id=task.pk, attachment_id=file.pk)
    return task


@pytest.mark.parametrize(
    "page",
    [
        "taskdock/task/",
        "taskdock/task/board/",
        "taskdock/task/board/cards/?start=1.0.1",
        "taskdock/task/board/changes/",
        "taskdock/task/mine/",
        "taskdock/task/{task}/change/",
        "taskdock/task/{task}/history/",
        "taskdock/task/{task}/delete/",
        "taskdock/project/",
        "taskdock/project/{project}/change/",
        "taskdock/project/{project}/progress/",
        "taskdock/project/{project}/archive/",
        "taskdock/taskstatus/{status}/delete/",
        "taskdock_timers/timer/week/",
        "taskdock/historyentry/",
        "taskdock/attachment/",
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_page_leads_to_its_own_admin(admin, task, page):
    there = page.format(task=task.pk, project=task.project_id, status=task.status_id)
    for base, other in (("/elsewhere/", "/admin/"), ("/admin/", "/elsewhere/")):
        response = admin.client.get(base + there)
        assert response.status_code == 200
        addresses = re.findall(r'="(/[^"]*)"', response.content.decode())
        assert [address for address in addresses if address.startswith(other)] == []
        if "cards" not in page:
            assert any(address.startswith(base) for address in addresses)
