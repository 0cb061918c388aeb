"""Tasks as CSV: what the list shows, all of it, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.admin.spreadsheets import BATCH, harmless
from tasks.importing.exported import EXPORTED
from tasks.models import Project, Task
from tasks.services.tasks import archive_task
from tasks.testing import make_client, make_project, make_task, make_user

LIST = "taskdock/task/"


def table(response):
    assert response.status_code == 200
    assert response.streaming
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeffid,title,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_export_has_all_of_a_task(admin):
    sam = make_user(first_name="Sam", last_name="Lee")
    task = make_task("Ünïcode, quoted", assigned=[sam], tags=["b", "a"], description="one\ntwo")
    response = admin.get(f"{LIST}export/")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    (row,) = table(response)
    assert row["id"] == str(task.pk)
    assert row["title"] == "Ünïcode, quoted"
    assert (row["tags"], row["assigned"], row["description"]) == ("a, b", "Sam Lee", "one\ntwo")
    assert (row["due_date"], row["logged_seconds"], row["archived"]) == ("", "0", "0")


def test_export_is_of_what_the_list_shows_in_its_order(admin):
    project = make_project()
    for title in ("b", "a", "old"):
        make_task(title, project=project)
    archive_task(actor=Actor(), task_id=Task.objects.get(title="old").pk)
    make_task("elsewhere")
    query = {"project__id__exact": str(project.pk)}
    link = admin.get(LIST, **query).context["export_url"]
    assert link.endswith(f"?project__id__exact={project.pk}")
    assert [row["title"] for row in table(admin.client.get(link))] == ["a", "b"]
    everything = {**query, "is_archived__exact": "all", "o": "1"}
    titles = [row["title"] for row in table(admin.get(f"{LIST}export/", **everything))]
    assert sorted(titles) == ["a", "b", "old"]


def test_export_has_columns_that_an_import_reads(admin):
    task = make_task("A", project=make_project("P", client=make_client("Acme")))
    Task.objects.filter(pk=task.pk).update(created_by=make_user(username="ann@example.com"))
    (row,) = table(admin.get(f"{LIST}export/"))
    assert list(row) == list(EXPORTED)
    assert (row["client"], row["created_by"], row["completed_by"]) == (
        "Acme",
        "ann@example.com",
        "",
    )
    assert row["created_at"] == task.created_at.isoformat()


def test_people_whose_names_have_commas_are_told_apart(admin):
    people = [
        make_user(username=f"u{number}", first_name="Lee, Sam", last_name="") for number in range(2)
    ]
    make_task("A", assigned=people)
    (row,) = table(admin.get(f"{LIST}export/"))
    assert (row["assigned"], row["assigned_usernames"]) == ('"Lee, Sam", "Lee, Sam"', "u0, u1")


def test_client_is_named_to_who_may_view_clients(make_staff):
    make_task("A", project=make_project("P", client=make_client("Acme")))
    (row,) = table(make_staff("view_task").get(f"{LIST}export/"))
    assert row["client"] == ""
    (row,) = table(make_staff("view_task", "view_client").get(f"{LIST}export/"))
    assert row["client"] == "Acme"


def test_tasks_of_a_project_that_is_deleted_meanwhile_are_left_out(admin):
    gone = make_task("gone", project=make_project("P")).project
    make_task("kept", project=make_project("Q"))

    def delete(execute, sql, *others):
        if 'FROM "taskdock_project"' in sql.replace("`", '"'):
            waiting.clear()
            Project.objects.filter(pk=gone.pk).delete()
        return execute(sql, *others)

    waiting = [delete]

    response = admin.get(f"{LIST}export/")
    with connection.execute_wrapper(
        lambda execute, sql, *others: (
            waiting[0](execute, sql, *others) if waiting else execute(sql, *others)
        )
    ):
        rows = table(response)
    assert [row["title"] for row in rows] == ["kept"]
    assert not waiting


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formula_is_defused(admin, start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("1+1") == "1+1"
    make_task("=HYPERLINK(1)", tags=["@tag"], project=make_project("+plan"), description=start)
    (row,) = table(admin.get(f"{LIST}export/"))
    assert (row["title"], row["tags"], row["project"]) == ("'=HYPERLINK(1)", "'@tag", "'+plan")


def test_chosen_tasks_are_exported_by_an_action_to_who_may_look(make_staff):
    chosen, _other = make_task("chosen"), make_task("other")
    staff = make_staff("view_task")
    assert [row["title"] for row in table(staff.action(LIST, "export_selected", [chosen]))] == [
        "chosen"
    ]
    assert make_staff("view_project").get(f"{LIST}export/").status_code == 403


def test_export_of_many_takes_few_queries_a_batch(admin):
    first = make_task("0")
    rows = [
        Task(
            title=f"{number}",
            project_id=first.project_id,
            milestone_id=first.milestone_id,
            status_id=first.status_id,
            priority_id=first.priority_id,
        )
        for number in range(1, 2 * BATCH)
    ]
    Task.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as captured:
        found = table(admin.get(f"{LIST}export/"))
    assert [row["title"] for row in found] == [f"{n}" for n in reversed(range(2 * BATCH))]
    assert len(captured) < 40


def test_only_a_safe_request_exports(admin):
    assert admin.client.post(f"/admin/{LIST}export/").status_code == 405
