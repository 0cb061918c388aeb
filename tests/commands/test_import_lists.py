"""``taskdock_import``: several people and tags in a cell, and parts of texts."""

import pytest
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from tasks.importing.cells import join, split
from tasks.models import Task
from tasks.testing import make_user

BASE = '[fields]\ntitle = "title"\nproject = { value = "Website" }\n'


def tags():
    return sorted(Task.objects.get().task_tags.values_list("tag__name", flat=True))


SPLIT = [
    ("a,b", ",", ["a", "b"]),
    (" a , b ,, ", ",", ["a", "b"]),
    ('"a, b",c', ",", ["a, b", "c"]),
    (' "a, b" , c', ",", ["a, b", "c"]),
    ('"say ""hi"", then",c', ",", ['say "hi", then', "c"]),
    ('x"y,z', ",", ['x"y', "z"]),
    ('"a" b,c', ",", ['"a" b', "c"]),
    ('"open,c', ",", ['"open', "c"]),
    ('""', ",", []),
    ("a; b", ";", ["a", "b"]),
    ("a b  c", " ", ["a", "b", "c"]),
    ("a\nb\n", "\n", ["a", "b"]),
    ("a || b|c", "||", ["a", "b|c"]),
    ("", ",", []),
]


@pytest.mark.parametrize(("text", "separator", "items"), SPLIT)
def test_items_of_a_cell_are_divided_by_the_separator_and_may_be_quoted(text, separator, items):
    assert split(text, separator) == items


ITEMS = st.lists(
    st.text(st.sampled_from('ab,;" \n|'), min_size=1).map(str.strip).filter(bool), max_size=6
)


@given(ITEMS, st.sampled_from([",", ";", "|", "||", ", "]))
def test_items_that_are_joined_are_divided_into_the_same(items, separator):
    assert split(join(items, separator), separator) == items


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cell", "options", "expected"),
    [
        ('"ui, bug"', 'column = "tags"', ["bug", "ui"]),
        ('"""maps, plans"",ui"', 'column = "tags"', ["maps, plans", "ui"]),
        ("ui;bug", 'column = "tags", separator = ";"', ["bug", "ui"]),
        ("ui bug", 'column = "tags", separator = " "', ["bug", "ui"]),
        ('"[ui, bug]"', 'column = "tags", strip = "[]"', ["bug", "ui"]),
        ("[]", 'column = "tags", strip = "[]"', []),
        (
            '"ui (red), a (b)"',
            "column = 'tags', pattern = '^(.*?)(?: \\(red\\))?$'",
            ["a (b)", "ui"],
        ),
        ('"old, ui"', 'column = "tags", values = { old = "new" }', ["new", "ui"]),
        ('"old, ui"', 'column = "tags", values = { old = "" }', ["ui"]),
        ("Gelo\u0308st", 'column = "tags", values = { "gelöst" = "done" }', ["done"]),
        ("gelöst", 'column = "tags", values = { "Gelo\u0308st" = "done" }', ["done"]),
        ('"a, b"', 'column = "tags", pick = "first"', ["a", "b"]),
        ("", 'column = "tags", default = "x, y"', ["x", "y"]),
    ],
)
def test_list_of_a_cell_is_read_as_the_mapping_says(run, project, cell, options, expected):
    run(f"title,tags\nA,{cell}\n", mapping=f"{BASE}tags = {{ {options} }}\n")
    assert tags() == expected


@pytest.mark.django_db
def test_first_of_several_texts_is_taken_where_the_mapping_says_so(run, problems, project):
    text = 'title,projects\nA,"Website, Other"\n'
    fields = '[fields]\ntitle = "title"\nproject = { column = "projects", separator = ","'
    lines, _ = problems(text, mapping=f"{fields} }}\n")
    assert "There are several texts: 'Website', 'Other'." in lines[0]
    run(text, mapping=f'{fields}, pick = "first" }}\n')
    assert Task.objects.get().project == project


@pytest.mark.django_db
def test_command_line_says_who_and_what_is_meant(run, problems, project):
    ann = make_user(username="ann")
    text = "title,who,state,rank\nA,Ann Lee; Bo,Doing,P1\n"
    mapping = (
        f'separator = ";"\n{BASE}assigned = "who"\nstatus = "state"\npriority = "rank"\n'
        'created_by = { column = "who", separator = ";", pick = "first" }\n'
    )
    lines, _ = problems(text, mapping=mapping)
    assert len(lines) == 5
    told = run(
        text,
        *("--person", "Ann Lee=ann", "--status", "doing=In progress", "--priority", "P1=Urgent"),
        "--ignore-unknown-people",
        mapping=mapping,
    )
    assert "People who are not here were left out: Bo." in told
    task = Task.objects.get()
    assert (task.status.title, task.priority.title) == ("In progress", "Urgent")
    assert list(task.assignees.values_list("user_id", flat=True)) == [ann.pk]


@pytest.mark.django_db
def test_members_are_found_by_name_where_nobody_is_called_so_otherwise(run, problems, project):
    ann = make_user(first_name="Ann", last_name="Lée")
    for number in range(2):
        make_user(username=f"twin{number}", first_name="Jo", last_name="Doe")
    run("title,project,assigned\nA,Website,ann Le\u0301e\n")
    assert list(Task.objects.get().assignees.values_list("user_id", flat=True)) == [ann.pk]
    lines, _ = problems("title,project,assigned\nB,Website,Jo Doe\nC,Website,Nobody\n")
    assert "'Jo Doe' stands for 2 people: use an id." in lines[0]
    assert "Nobody has the address, username, id or name 'Nobody'." in lines[1]


@pytest.mark.django_db
def test_command_line_names_the_project_of_all_rows(run, project):
    run("title\nA\n", "--project", "Website")
    run("title,project\nB,Elsewhere\n", "--project", "website", name="b.csv")
    run("title,project_id\nC,999\n", "--project", "website", name="c.csv")
    assert project.tasks.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["Ann", "=ann"])
def test_meaning_without_a_text_is_refused(run, project, given):
    with pytest.raises(CommandError, match="--person must be as"):
        run("title,project\nA,Website\n", "--person", given)
