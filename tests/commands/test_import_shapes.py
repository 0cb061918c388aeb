"""``taskdock_import``: hint lines, preambles, short rows, repeated columns and kinds of rows."""

import datetime as dt

import pytest
from django.core.management import CommandError

from tasks.models import Task, TaskImport

pytestmark = pytest.mark.django_db


def titles():
    return list(Task.objects.order_by("pk").values_list("title", flat=True))


def tags(title):
    found = Task.objects.get(title=title).task_tags
    return sorted(found.values_list("tag__name", flat=True))


HINTS = {
    "as Excel has it": "sep=;\r\n",
    "after a mark": "\ufeffsep=;\r\n",
    "quoted": '"sep=;"\r\n',
    "quoted after a mark": '\ufeff"sep=;"\r\n',
    "in capitals": "SEP=;\r\n",
    "filled up": "sep=;;;\r\n",
    "quoted and filled up": '"sep=;",,\r\n',
    "a line feed": "sep=;\n",
    "the delimiter in quotes": 'sep=";"\r\n',
}


@pytest.mark.parametrize("hint", HINTS.values(), ids=HINTS.keys())
def test_hint_gives_the_delimiter_and_is_no_header(run, problems, project, hint):
    # More commas than semicolons: a guess would be wrong.
    text = f'{hint}title;project;"a,b,c"\r\nA;Website;\r\n;Website;\r\n'
    lines, _ = problems(text)
    assert lines[1:] == ['line 4, column "title": The title field is required.']
    run(text, "--skip-bad")
    assert titles() == ["A"]


@pytest.mark.parametrize(("delimiter", "name"), [("\t", "tab"), ("|", "|"), (",", ",")])
def test_hint_of_any_delimiter_is_heard(run, project, delimiter, name):
    run(f"sep={delimiter}\ntitle{delimiter}project\nA{delimiter}Website\n")
    assert titles() == ["A"]


def test_hint_of_the_file_is_before_the_mapping_and_the_command_line_before_both(run, project):
    mapping = 'delimiter = ","\n[fields]\ntitle = "title"\nproject = "project"\n'
    run("sep=;\ntitle;project\nA;Website\n", mapping=mapping)
    run("sep=;\ntitle|project\nB|Website\n", "--delimiter", "|", name="b.csv")
    assert titles() == ["A", "B"]


def test_written_mapping_of_a_file_with_a_hint_imports_it(run, project, tmp_path):
    target = tmp_path / "starter.toml"
    text = "sep=;\nTask Name;Projects\nA;Website\n"
    run(text, "--write-mapping", str(target))
    run(text, mapping=target.read_text())
    # A file without the line is read by it as well.
    run("Task Name;Projects\nB;Website\n", mapping=target.read_text(), name="b.csv")
    assert titles() == ["A", "B"]


def test_missing_cells_at_the_end_are_empty_and_a_required_one_is_named(run, problems, project):
    text = (
        "title,project,due_date,tags\n"
        "A,Website,2026-12-24,x\nB,Website\nC,Website,2026-12-25\nD\n , \n,,,\n"
    )
    lines, end = problems(text)
    assert lines == ['line 5, column "project": The project field is required.']
    assert end == "1 problems in 1 of 4 rows. Nothing was written."
    run(text, "--skip-bad")
    assert titles() == ["A", "B", "C"]
    assert Task.objects.get(title="C").due_date == dt.date(2026, 12, 25)


@pytest.mark.parametrize(
    ("row", "message"),
    [("A,Website,", None), ("A,Website,, ,", None), ("A,Website,x", "3 cells, the header 2")],
)
def test_cells_beyond_the_header_are_a_problem_unless_they_are_empty(
    run, problems, project, row, message
):
    text = f"title,project\n{row}\n"
    if message is None:
        run(text)
        assert titles() == ["A"]
    else:
        lines, _ = problems(text)
        assert message in lines[0]


REPEATED = (
    "Issue key,Summary,Project name,Labels,Labels,Comment,Comment\n"
    "WEB-1,Fix menu,Website,ui,bug,first,second\n"
    "WEB-2,New logo,Website,,brand,,\n"
    "WEB-3,Same twice,Website,ui,ui,x,x\n"
)
BASE = '[fields]\ntitle = "Summary"\nproject = "Project name"\n'


def test_repeated_columns_that_are_not_mapped_do_not_matter(run, project):
    told = run(REPEATED, mapping=BASE)
    assert "Not imported: the columns Issue key, Labels, Comment." in told
    assert titles() == ["Fix menu", "New logo", "Same twice"]


def test_repeated_column_that_is_a_list_adds_up(run, project):
    run(REPEATED, mapping=f'{BASE}tags = "Labels"\n')
    assert tags("Fix menu") == ["bug", "ui"]
    assert tags("New logo") == ["brand"]
    assert tags("Same twice") == ["ui"]


def test_repeated_column_that_is_a_description_is_joined(run, project):
    run(REPEATED, mapping=f'{BASE}description = "Comment"\n')
    texts = list(Task.objects.order_by("pk").values_list("description", flat=True))
    assert texts == ["first\n\nsecond", None, "x"]


def test_repeated_column_of_one_text_is_refused_where_it_has_several(run, problems, project):
    lines, _ = problems(REPEATED, mapping=f'{BASE}milestone = "Comment"\n')
    assert lines[1].startswith(
        "line 2, column \"Comment\": There are several texts: 'first', 'second'."
    )
    picked = f'{BASE}milestone = {{ column = "Comment", pick = "last" }}\n'
    run(REPEATED, "--create-milestones", mapping=picked)
    assert Task.objects.get(title="Fix menu").milestone.title == "second"


@pytest.mark.parametrize("repeated", ["title", "project"])
def test_repeated_column_without_a_mapping_is_refused_by_row(problems, project, repeated):
    lines, _ = problems(f"title,project,{repeated}\nA,Website,B\n")
    assert "There are several texts" in lines[0]


def test_several_columns_fill_one_field(run, project):
    mapping = """
[fields]
title = { column = ["Short", "Long"] }
project = { value = "Website" }
tags = { column = ["Labels", "Components"] }
key = { column = ["A", "B"], join = "-" }
"""
    run("Short,Long,Labels,Components,A,B\n,Long one,a,b,1,2\n", mapping=mapping)
    assert titles() == ["Long one"]
    assert tags("Long one") == ["a", "b"]


PREAMBLE = (
    '"Team export",,,\n"https://example.com/0/1",,,\n'
    "Name,Due Date,Projects,Completed At\n"
    "Draft,2026-12-24,Website,\nShip,2026-11-02,Website,2026-11-03\n"
)
COMPLETED = {
    "found, by a date of completion": 'completed_at = "Completed At"',
    "found, by the field for it": 'completed = "Completed At"',
    "found, with formats": 'completed = { column = "Completed At", formats = ["%Y-%m-%d"] }',
}


@pytest.mark.parametrize("skip", ["", "skip_lines = 2\n"])
@pytest.mark.parametrize("line", COMPLETED.values(), ids=COMPLETED.keys())
def test_lines_before_the_header_are_passed_over_and_what_is_done_is_completed(
    run, project, settings, line, skip
):
    settings.TIME_ZONE = "Europe/Berlin"
    run(
        PREAMBLE,
        mapping=f'{skip}[fields]\ntitle = "Name"\nproject = "Projects"\n{line}\n',
    )
    draft, ship = Task.objects.order_by("pk")
    assert (draft.status.is_completed, draft.completed_at) == (None, None)
    assert ship.status.is_completed
    assert ship.completed_at == dt.datetime(2026, 11, 2, 23, tzinfo=dt.UTC)


def test_lines_before_the_header_count_and_the_written_mapping_finds_it(
    run, problems, project, tmp_path
):
    target = tmp_path / "starter.toml"
    run(PREAMBLE, "--write-mapping", str(target))
    mapping = target.read_text()
    assert "# skip_lines = 2" in mapping
    lines, _ = problems(PREAMBLE.replace("2026-12-24", "soon"), mapping=mapping)
    assert lines[0].startswith("line 4, column \"Due Date\": 'soon' is not a day")
    run(PREAMBLE, mapping=mapping)
    assert titles() == ["Draft", "Ship"]


def test_header_of_our_names_is_found_without_a_mapping(run, project):
    run("Export of Monday\n\nby Ann\ntitle;project\nA;Website\n")
    assert titles() == ["A"]


@pytest.mark.parametrize(
    ("text", "is_completed", "day"),
    [
        ("", None, None),
        ("no", None, None),
        ("FALSE", None, None),
        ("yes", True, None),
        ("x", True, None),
        ("✓", True, None),
        ("2026-11-03", True, 3),
        ("2026-11-03T10:00:00Z", True, 3),
    ],
)
def test_what_fills_the_field_of_completion_completes_whatever_the_status_is(
    run, project, text, is_completed, day
):
    run(f"title,project,status,completed\nA,Website,In progress,{text}\n")
    task = Task.objects.get()
    assert task.status.is_completed is is_completed
    assert task.status.title == ("Completed" if is_completed else "In progress")
    if day is not None:
        assert task.completed_at.day == day


def test_text_with_digits_that_is_no_date_does_not_complete(problems, project):
    lines, _ = problems("title,project,completed\nA,Website,3.11.2026\n")
    assert "'3.11.2026' is not a moment" in lines[0]


def test_words_can_say_what_completes(run, project):
    mapping = """
[fields]
title = "title"
project = "project"
completed = { column = "state", when = ["Done", "Closed 2"] }
completed_at = "at"
"""
    rows = "A,Website,done,2026-11-03\nB,Website,Doing,\nC,Website,Closed 2,\n"
    run(f"title,project,state,at\n{rows}", mapping=mapping)
    found = Task.objects.order_by("pk").values_list("status__is_completed", flat=True)
    assert list(found) == [True, None, True]
    assert Task.objects.get(title="A").completed_at.year == 2026


KINDS = (
    "TYPE,CONTENT,PRIORITY,DATE\nmeta,view_style=list,,\nsection,Later,,\n"
    "task,Water plants,4,2026-12-24\nnote,Use the small can,,\nTask,Call bank,1,\n"
)
RULES = {
    "one value": '[only]\nTYPE = "task"',
    "one of several": '[only]\nTYPE = ["task", "bug"]',
    "not one of several": '[skip]\nTYPE = ["meta", "section", "note"]',
    "filled": "[only]\nPRIORITY = true",
    "not empty": "[skip]\nPRIORITY = false",
    "a pattern": '[only]\nTYPE = { pattern = "(?i)^task$" }',
    "two rules": '[only]\nTYPE = "task"\nPRIORITY = ["4", "1"]\n[skip]\nDATE = "2020-01-01"',
}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES.keys())
def test_mapping_takes_only_the_rows_that_are_tasks(run, project, rules):
    fields = '[fields]\ntitle = "CONTENT"\nproject = { value = "Website" }\ndue_date = "DATE"\n'
    told = run(KINDS, mapping=f"{rules}\n{fields}")
    assert titles() == ["Water plants", "Call bank"]
    assert "2 tasks imported from 2 rows. 3 rows are left out by the mapping." in told


def test_import_with_rules_goes_on_where_it_was(run, project, monkeypatch):
    monkeypatch.setattr("tasks.importing.run.BATCH", 2)
    rows = "".join(f"{'task' if n % 2 else 'note'},{n}\n" for n in range(10))
    mapping = '[only]\nkind = "task"\n[fields]\ntitle = "title"\nproject = {value = "Website"}\n'
    run(f"kind,title\n{rows}", mapping=mapping)
    Task.objects.filter(title__in=["5", "7", "9"]).delete()
    TaskImport.objects.update(rows_done=2, tasks_added=2, finished_at=None)
    assert "Going on after 2 rows" in run(f"kind,title\n{rows}", mapping=mapping)
    assert titles() == ["1", "3", "5", "7", "9"]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("skip_lines = -1", "skip_lines must be a number of lines"),
        ("skip_lines = true", "skip_lines must be a number of lines"),
        ("skip_lines = 9", "nothing after the 9 lines before its header"),
        ('skip_lines = "2"', "skip_lines must be a number of lines"),
        ('[only]\nNope = "x"', "no column 'Nope' for the rows to take"),
        ("[only]\ntitle = []", "only.title must not be empty"),
        ('[skip]\ntitle = { pattern = "(" }', "is no regular expression"),
        ("only = 1", "only must be a table"),
        ('[fields]\ntitle = { column = "title", pick = "any" }', 'must be "first" or "last"'),
        ('[fields]\ntitle = { column = "title", pattern = "[" }', "is no regular expression"),
        ("[fields]\ntitle = { column = [] }", "fields.title.column must not be empty"),
        (
            '[fields]\ndue_date = { column = "a", formats = ["nope"] }',
            "has 'nope', which is neither",
        ),
        *(
            (
                f'[fields]\ndue_date = {{ column = "a", formats = ["iso", "{form}"] }}',
                f"has {form!r}, which is neither",
            )
            # Dates without a year would be of 1900.
            for form in ("%d.%m.", "%H:%M", "%j", "%b %d", "%", "%Q", "dd/mm/yyyy", "%Y %Y")
        ),
        ('[fields]\nstatus = { column = "a", when = ["x"] }', "fields.status.when is not known"),
        ('one_per_key = "yes"', "one_per_key must be true or false"),
        ("timezone = 'localtime'", "timezone is none that there is"),
        ("delimiter = '\"'", "delimiter must be one character"),
    ],
)
def test_mistake_in_an_option_is_named(run, project, mapping, message):
    if "[fields]" not in mapping:
        mapping += '\n[fields]\ntitle = "title"\nproject = "project"\n'
    with pytest.raises(CommandError) as caught:
        run("title,project\nA,Website\n", mapping=mapping)
    assert message in str(caught.value)


def test_rows_and_cells_of_invisible_characters_are_blank(run, project):
    rows = "\u00a0,\u200b\nA,Website,\u2800,\ufeff\n\u3164,\n"
    assert "1 tasks imported from 1 rows." in run(f"title,project\n{rows}")


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_new_project_of_a_client_is_not_that_of_rows_without_one(run, project, monkeypatch, batch):
    monkeypatch.setattr("tasks.importing.run.BATCH", batch)
    rows = "A,Plan,Acme\nB,Plan,Beta\nC,Plan,\nD,Plan,Acme\nE,Plan,\n"
    run(f"title,project,client\n{rows}", "--create-projects", "--create-clients")
    clients = Task.objects.order_by("title").values_list("project__client__name", flat=True)
    assert list(clients) == ["Acme", "Beta", None, "Acme", None]
