"""``taskdock_import``: every problem by its line, nothing written by halves, no row twice."""

import csv
import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.folding import is_blank
from tasks.importing import files
from tasks.models import HistoryEntry, Milestone, Project, Task, TaskImport
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
from tests.commands.contents import whole_database

pytestmark = pytest.mark.django_db
HEADER = "title,project"


def test_row_becomes_the_task_that_it_tells_of(run, project, administrator):
    ann = make_user(email="Ann@example.com")
    launch = make_milestone(project, "Launch")
    columns = {
        "title": "Design; homepage",
        "description": "Two\nlines.",
        "project": "website",
        "milestone": "Launch",
        "status": "completed",
        "priority": "3",
        "start_date": "2026-06-01",
        "due_date": "2026-06-30",
        "assigned": "ann@example.com, root",
        "tags": "b, a,a",
        "client_visible": "Yes",
        "billable": "TRUE",
        "archived": "no",
        "created_at": "2026-03-05T09:30:00Z",
        "completed_at": "2026-04-01T12:00:00+02:00",
        "completed_by": str(ann.pk),
        "updated_at": "2026-04-02",
    }
    text = io.StringIO()
    csv.writer(text).writerows([columns.keys(), columns.values()])

    assert "1 tasks imported from 1 rows." in run(text.getvalue())

    task = Task.objects.get()
    assert (task.title, task.description) == ("Design; homepage", "Two\nlines.")
    assert (task.project, task.milestone, task.status_id) == (project, launch, 2)
    assert (task.priority_id, task.is_client_visible, task.is_billable) == (3, True, True)
    assert (task.start_date, task.due_date) == (dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    assert set(task.assignees.values_list("user_id", flat=True)) == {ann.pk, administrator.pk}
    assert sorted(task.task_tags.values_list("tag__name", flat=True)) == ["a", "b"]
    assert task.created_at == dt.datetime(2026, 3, 5, 9, 30, tzinfo=dt.UTC)
    assert task.completed_at == dt.datetime(2026, 4, 1, 10, tzinfo=dt.UTC)
    assert (task.completed_by_id, task.updated_at.month) == (ann.pk, 4)
    entry = HistoryEntry.objects.get(subject_type="task")
    assert (entry.verb, entry.door, entry.actor_id) == ("created", "command", str(administrator.pk))


def test_names_of_the_api_are_read_as_well(run, project):
    run(f"task_title,task_projectid,task_status,task_billable\nA,{project.pk},2,on\n")
    task = Task.objects.get()
    assert (task.title, task.status_id, task.is_billable) == ("A", 2, True)


def test_dry_run_lists_every_problem_by_line_and_column_and_writes_nothing(problems, project):
    outsider = make_user(is_staff=False, username="out")
    text = (
        "title,project,status,start_date,due_date,assigned,tags,description,completed_at\n"
        'Fine,Website,,,,,,"two\nlines",\n'
        ",Website,Nope,2026-06-02,2026-06-01,out,,,\n"
        f'{"x" * 256},Elsewhere,,June,,nobody,{"y" * 101},"a\x00b",\n'
        "Short,Website\n"
        "\n"
        "Open,Website,To do,,,,,,2026-01-01\n"
    )
    before = whole_database()

    lines, end = problems(text)

    assert whole_database() == before
    assert [line.partition(": ")[0] for line in lines] == [
        'line 4, column "status"',
        'line 4, column "title"',
        'line 4, column "due_date"',
        'line 4, column "assigned"',
        'line 5, column "description"',
        'line 8, column "completed_at"',
    ]
    assert "There are: To do" in lines[0]
    assert "'out' is not a member of the team" in lines[3]
    assert outsider.pk
    assert end == "6 problems in 3 of 5 rows. Nothing was written."


def test_row_with_a_problem_of_every_kind_tells_them_all(problems, project):
    lines, _ = problems(
        f"title,project,start_date,assigned,tags\n{'x' * 256},No,June,me,{'y' * 101}\n"
    )
    columns = {line.split('"')[1] for line in lines}
    assert columns == {"title", "project", "start_date", "assigned", "tags"}


def test_file_without_problems_is_found_right_and_nothing_is_written(run, project):
    before = whole_database()
    assert "1 rows, nothing wrong. Nothing was written." in run(
        "title,project\nA,Website\n", "--dry-run"
    )
    assert whole_database() == before


def test_real_run_writes_nothing_while_there_is_a_problem(run, project):
    before = whole_database()
    with pytest.raises(CommandError, match=r"1 problems in 1 of 2 rows\. Nothing was written\."):
        run("title,project\nA,Website\n,Website\n")
    assert whole_database() == before


def test_rows_that_are_skipped_are_in_a_file_that_can_be_mended(run, project, tmp_path):
    told = run("title,project,due_date\nA,Website,\nB,Website,soon\n", "--skip-bad")
    assert "1 tasks imported from 2 rows." in told
    rejected = tmp_path / "tasks.csv.rejected.csv"
    (row,) = csv.DictReader(rejected.read_text("utf-8-sig").splitlines())
    assert (row["title"], row["import_line"]) == ("B", "3")
    assert "'soon' is not a day" in row["import_problems"]
    mended = rejected.read_text("utf-8-sig").replace("soon", "2026-06-01", 1)
    run(mended, name="mended.csv")
    assert set(Task.objects.values_list("title", flat=True)) == {"A", "B"}


def test_finished_import_is_told_and_not_repeated(run, project):
    text = "title,project\nA,Website\n"
    run(text)
    assert "imported already: 1 tasks" in run(text)
    assert Task.objects.count() == 1
    run(text, "--again")
    assert Task.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ("title,project\nA,Website\nB,Website\n", None),
        (
            "title,project\nA,Website\n",
            '[fields]\ntitle = "title"\nproject = {value = "Website"}\n',
        ),
    ],
    ids=["edited file", "other mapping"],
)
def test_what_would_bring_rows_twice_is_refused(run, project, text, mapping):
    run("title,project\nA,Website\n")
    with pytest.raises(CommandError, match="--again"):
        run(text, mapping=mapping)
    assert Task.objects.count() == 1


def test_rows_with_keys_come_once_from_however_many_files(run, project):
    run("key,title,project\n1,A,Website\n2,B,Website\n")
    Task.objects.filter(title="B").delete()
    told = run("key,title,project\n1,A,Website\n2,B,Website\n3,C,Website\n")
    assert "2 tasks imported from 3 rows. 1 were imported before, by their key." in told
    assert sorted(Task.objects.values_list("title", flat=True)) == ["A", "B", "C"]


def test_key_that_comes_twice_in_a_file_is_a_problem(problems, project):
    lines, _ = problems("key,title,project\n1,A,Website\n1,B,Website\n")
    assert lines == ["line 3, column \"key\": The row in line 2 has the same key, '1'."]


def test_what_is_missing_is_made_once_where_that_is_asked_for(run, administrator):
    text = "title,project,client,milestone\nA,New,Acme,One\nB,new,acme,One\nC,New,Acme,Two\n"
    run(text, "--create-projects", "--create-clients", "--create-milestones")
    project = Project.objects.get()
    assert (project.title, project.client.name) == ("New", "Acme")
    assert sorted(project.milestones.values_list("title", flat=True)) == [
        "One",
        "Two",
        "Uncategorised",
    ]
    assert Task.objects.filter(milestone__title="One").count() == 2


def test_projects_of_one_title_are_told_apart_by_their_client(run, problems, administrator):
    ours, theirs = (make_project("Website", client=make_client(n)) for n in ("Ours", "Theirs"))
    lines, _ = problems("title,project\nA,Website\n")
    assert "There are 2 projects" in lines[0]
    run("title,project,client\nA,Website,Theirs\n")
    assert Task.objects.get().project == theirs
    assert not ours.tasks.exists()


def test_project_that_the_actor_may_not_see_is_not_there(problems, project, settings):
    settings.TASKDOCK = {"VISIBLE_TO": lambda queryset, _actor: queryset.none()}
    by_title, _ = problems("title,project\nA,Website\n")
    by_id, _ = problems(f"title,project_id\nA,{project.pk}\n")
    assert "There is no project 'Website'" in by_title[0]
    assert "Project not found." in by_id[0]


def test_mapping_says_which_column_is_which_and_what_values_mean(run, project):
    mapping = """
delimiter = ";"
encoding = "latin-1"
separator = "|"
timezone = "Europe/Berlin"
[fields]
title = "Aufgabe"
project = { value = "Website" }
status = { column = "Stand", values = { "Fertig" = "Completed" }, default = "In progress" }
due_date = { column = "Fällig", formats = ["%d.%m.%Y"] }
created_at = { column = "Angelegt", formats = ["%d.%m.%Y %H:%M"] }
tags = "Marken"
"""
    text = (
        "Aufgabe;Stand;Fällig;Angelegt;Marken;Rest\r\n"
        "Prüfen;FERTIG;30.06.2026;01.06.2026 12:00;a|b;\r\nB;;;;;\r\n"
    )
    told = run(text.encode("latin-1"), mapping=mapping)
    assert "Not imported: the columns Rest." in told
    task, other = Task.objects.order_by("pk")
    assert (task.title, task.status_id, task.due_date) == ("Prüfen", 2, dt.date(2026, 6, 30))
    assert task.created_at == dt.datetime(2026, 6, 1, 10, tzinfo=dt.UTC)
    assert task.task_tags.count() == 2
    assert other.status_id == 3


def test_written_mapping_imports_the_file_that_it_was_made_of(run, project, tmp_path):
    target = tmp_path / "starter.toml"
    text = 'Task Name;Projects;"Due ""Date""";Odd\nA;Website;;x\n'
    run(text, "--write-mapping", str(target))
    run(text, mapping=target.read_text())
    assert Task.objects.get().title == "A"
    with pytest.raises(CommandError, match="can't be written"):
        run(text, "--write-mapping", str(target))


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("x", "can't be read"),
        ("[fields]\nnope = 'a'", "fields.nope is not known"),
        ("[fields]\ntitle = {}", "fields.title must have either a column or a value"),
        ("[fields]\ntitle = 'Nope'\nproject = 'project'", "no column 'Nope' for title"),
        ("[fields]\ntitle = 'title'", "No column is the project"),
        ("timezone = 'Nowhere/At'", "timezone is none"),
        ("delimiter = 'ab'", "delimiter must be one character"),
        ("[fields]\ntags = { column = 'title', formats = [] }", "fields.tags.formats is not known"),
    ],
)
def test_mistake_in_a_mapping_is_named(run, project, mapping, message):
    with pytest.raises(CommandError, match=message):
        run("title,project\nA,Website\n", mapping=mapping)


UNREADABLE = {
    "latin-1": (b"title,project\nA,Website\nPr\xfcfen,Website\n", "Line 3 is not utf-8-sig"),
    "empty": (b"", "The file is empty."),
    "blank": (b"\n\n", "The file is empty."),
    "a header only": (b"title,project\n", "a header and no rows"),
    "a workbook": (b"PK\x03\x04....", "ZIP file"),
    "other headers": (b"Foo,Bar\nA,B\n", "No column is the title"),
}


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_file_that_is_none_is_a_clear_error(run, content, message):
    with pytest.raises(CommandError, match=message):
        run(content)


WRONG_ROWS = {
    "open quote": (b'title,project\n"A,Website\n', "line 2: A quote is opened here"),
    "huge cell": (
        b'title,project\n"' + b"x" * (files.LONGEST_CELL + 1) + b'",Website\n',
        "line 2: A cell has more than",
    ),
    "quote inside": (b'title,project\n"A"b,Website\n', "line 2: The row can't be read"),
    "too many cells": (b"title,project\nA,Website,x\n", "line 2: The row has 3 cells"),
    "NUL": (b"title,project\nA\x00,Website\n", 'line 2, column "title"'),
}


@pytest.mark.parametrize(("content", "message"), WRONG_ROWS.values(), ids=WRONG_ROWS.keys())
def test_row_that_can_not_be_read_is_a_problem_of_its_line(problems, project, content, message):
    lines, _ = problems(content)
    assert message in "\n".join(lines)


@pytest.mark.parametrize("path", ["nowhere.csv", ".", "a\x00b"])
def test_path_that_is_no_file_is_a_clear_error(administrator, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError):
        call_command("taskdock_import", path)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbftitle,project\r\n=1+1,Website\r\n",
        "title,project\n=1+1,Website\n".encode("utf-16"),
        b"title\tproject\n=1+1\tWebsite\n\t\n\n",
        b"title,project,\n=1+1,Website,,,\n",
    ],
    ids=["mark and CRLF", "UTF-16", "tabs", "empty cells at the end"],
)
def test_file_as_spreadsheets_write_it_is_read_and_formulas_stay_text(run, project, content):
    run(content)
    assert Task.objects.get().title == "=1+1"


def test_import_goes_on_after_the_rows_that_are_done(run, project, monkeypatch):
    monkeypatch.setattr("tasks.importing.run.BATCH", 2)
    text = "title,project\n" + "".join(f"{n},Website\n" for n in range(5))
    run(text)
    Task.objects.filter(title__in=["3", "4"]).delete()
    TaskImport.objects.update(rows_done=3, tasks_added=3, finished_at=None)
    assert "Going on after 3 rows" in run(text)
    assert sorted(Task.objects.values_list("title", flat=True)) == ["0", "1", "2", "3", "4"]
    standing = TaskImport.objects.get()
    assert (standing.rows_done, standing.tasks_added) == (5, 5)
    assert standing.finished_at


TITLES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=255
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            TITLES.filter(lambda text: not is_blank(text)),
            TITLES.filter(lambda text: text.strip()) | st.none(),
            st.dates() | st.none(),
            st.booleans(),
            st.sampled_from(["To do", "Completed", "Waiting"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_rows_that_are_written_and_imported_are_the_same_rows(run, project, rows):
    Task.objects.all().delete()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["title", "description", "due_date", "billable", "status", "project"])
    for title, description, due, billable, status in rows:
        writer.writerow([title, description, due, "yes" if billable else "no", status, "Website"])
    run(text.getvalue(), "--again")
    stored = Task.objects.order_by("pk").values_list(
        "title", "description", "due_date", "is_billable", "status__title"
    )
    assert list(stored) == [(title.strip(), *rest) for title, *rest in rows]


def test_import_takes_few_queries_for_many_rows(run, project, django_assert_max_num_queries):
    make_task(project=project)
    text = "title,project,assigned,tags\n" + "".join(f"{n},Website,root,a\n" for n in range(300))
    with django_assert_max_num_queries(60):
        run(text)
    assert Milestone.objects.count() == 1


def test_import_that_goes_on_keeps_the_rows_that_were_rejected_before(
    run, project, monkeypatch, tmp_path
):
    monkeypatch.setattr("tasks.importing.run.BATCH", 2)
    dates = ["soon", "", "", "later", ""]
    text = "title,project,due_date\n" + "".join(f"{n},Website,{d}\n" for n, d in enumerate(dates))
    run(text, "--skip-bad")
    Task.objects.filter(title__in=["2", "4"]).delete()
    TaskImport.objects.update(rows_done=2, tasks_added=1, finished_at=None)

    run(text, "--skip-bad")

    rows = csv.DictReader((tmp_path / "tasks.csv.rejected.csv").read_text("utf-8-sig").splitlines())
    assert sorted((row["title"], row["import_line"]) for row in rows) == [("0", "2"), ("3", "5")]
    assert sorted(Task.objects.values_list("title", flat=True)) == ["1", "2", "4"]


def test_import_that_goes_on_after_the_last_rejected_row_keeps_their_file(run, project, tmp_path):
    text = "title,project,due_date\nA,Website,soon\nB,Website,\n"
    run(text, "--skip-bad")
    Task.objects.all().delete()
    TaskImport.objects.update(rows_done=1, tasks_added=0, finished_at=None)

    run(text, "--skip-bad")

    assert "soon" in (tmp_path / "tasks.csv.rejected.csv").read_text("utf-8-sig")
