"""Docking in: three apps, three includes, and the host stays as it was."""

from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.urls import resolve

from tasks.models import APIKey, Task
from tasks.people import user_model
from tasks.services import tasks as task_services
from tasks.testing import make_actor, make_api_key, make_task, make_user
from tests.conftest import API
from tests.hostile.apps.remarks.models import Comment as HostComment
from tests.hostile.apps.todo.models import Task as HostTask

OURS = ("taskdock", "taskdock_comments", "taskdock_timers")


def test_check_of_the_host_finds_nothing(db):
    call_command("check", fail_level="WARNING", databases=["default"], stdout=StringIO())


def test_makemigrations_on_the_host_finds_nothing_to_do(db):
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.skipif(apps.is_installed("rest_framework"), reason="this host uses it itself")
def test_rest_framework_need_not_be_installed():
    assert not apps.is_installed("rest_framework")
    assert not apps.is_installed("taggit")
    assert not apps.is_installed("config")


@pytest.mark.parametrize("label", OURS)
def test_tables_of_ours_are_told_by_their_prefix(label):
    for model in apps.get_app_config(label).get_models(include_auto_created=True):
        assert model._meta.db_table.startswith("taskdock_")
        is_counted_up = isinstance(model._meta.pk, models.AutoField | models.SmallAutoField)
        assert isinstance(model._meta.pk, models.BigAutoField) or not is_counted_up


def test_tables_of_the_host_keep_their_names(db):
    tables = set(connection.introspection.table_names())
    assert {"tasks_task", "comments_comment", "timers_timer", user_model()._meta.db_table} <= tables
    assert HostTask._meta.db_table == "tasks_task"
    assert Task._meta.db_table == "taskdock_task"


def test_delete_of_our_task_leaves_the_hosts_of_the_same_id(api):
    task = make_task()
    theirs = HostTask.objects.create(id=task.pk, title="Milch kaufen")
    comment = HostComment.objects.create(task=theirs, text="Die gute")

    assert api.delete(f"/tasks/{task.pk}").status_code == 200

    assert list(HostTask.objects.all()) == [theirs]
    assert list(HostComment.objects.all()) == [comment]


def test_related_names_of_the_host_are_its_own(db):
    person = make_user()
    make_task(assigned=[person])
    theirs = HostTask.objects.create(title="Milch kaufen", owner=person)
    assert list(person.tasks.all()) == [theirs]


def test_deletion_of_a_person_is_never_blocked_and_keeps_the_work(db):
    person = make_user()
    key, _ = make_api_key(user=person)
    task = make_task(assigned=[person], actor=make_actor(person))
    task_services.archive_task(actor=make_actor(person), task_id=task.pk)

    person.delete()

    kept = Task.objects.get(pk=task.pk)
    assert kept.is_archived
    assert kept.created_by_id is None
    assert not kept.assignees.exists()
    assert APIKey.objects.get(pk=key.pk).user_id is None


def test_requests_of_the_host_run_in_its_transaction_and_ours_do_not():
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is True
    exempt = "_non_atomic_requests"
    assert not hasattr(resolve("/").func, exempt)
    assert getattr(resolve(f"{API.prefix}/tasks").func, exempt) == {"default"}


def test_failed_write_under_atomic_requests_changes_nothing(committed_db, make_api):
    api = make_api()
    task = make_task(title="Before")
    response = api.patch(
        f"/tasks/{task.pk}",
        "task_title=After&task_status=1&task_priority=1&task_milestoneid=999999",
    )
    assert response.status_code == 409
    task.refresh_from_db()
    assert task.title == "Before"
    response = api.patch(f"/tasks/{task.pk}", "task_title=After&task_status=1&task_priority=1")
    assert response.status_code == 200
    task.refresh_from_db()
    assert task.title == "After"
