"""``taskdock_import``: the keys of different sources, and tasks that were renamed."""

import pytest
from django.core.management import CommandError

from tasks.actors import Actor, Door
from tasks.importing.mapping import Source, TaskMapping
from tasks.models import ImportedKey, Task
from tasks.services.tasks import update_task

pytestmark = pytest.mark.django_db

HOUSE = "id,title,project\n1,Paint wall,Website\n2,Fix door,Website\n"
BAKERY = "id,title,project\n1,Buy flour,Website\n2,Clean oven,Website\n3,Order boxes,Website\n"
FIELDS = '[fields]\nkey = "id"\ntitle = "title"\nproject = "project"\n'


def titles():
    return sorted(Task.objects.values_list("title", flat=True))


@pytest.fixture
def written(run, tmp_path):
    """The mapping that --write-mapping makes of a file."""

    def write(text, name, target):
        run(text, "--write-mapping", str(tmp_path / target), name=name)
        return (tmp_path / target).read_text()

    return write


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("export.csv", "export.csv")])
def test_keys_of_two_files_never_meet_by_their_written_mappings(run, project, written, names):
    house, bakery = names
    run(HOUSE, mapping=written(HOUSE, house, "a.toml"), name=house)
    run(BAKERY, mapping=written(BAKERY, bakery, "b.toml"), name=bakery)
    assert titles() == ["Buy flour", "Clean oven", "Fix door", "Order boxes", "Paint wall"]


def test_later_export_of_the_same_source_is_recognized(run, project, written):
    mapping = written(HOUSE, "a.csv", "a.toml")
    run(HOUSE, mapping=mapping, name="a.csv")
    later = HOUSE + "3,Sweep floor,Website\n"
    told = run(later, mapping=mapping, name="later.csv")
    assert "1 tasks imported from 3 rows. 2 were imported before, by their key." in told
    assert titles() == ["Fix door", "Paint wall", "Sweep floor"]


def test_later_export_with_a_written_mapping_of_its_own_is_recognized(run, project, written):
    run(HOUSE, mapping=written(HOUSE, "a.csv", "a.toml"), name="a.csv")
    run(BAKERY, mapping=written(BAKERY, "b.csv", "b.toml"), name="b.csv")
    later = HOUSE.replace("Fix door", "Fix the door") + "3,Sweep floor,Website\n4,Mop,Website\n"
    mapping = written(later, "later.csv", "later.toml")
    # One of two known titles differs: that is no evidence.
    assert 'source = "later-' in mapping
    later = HOUSE + "3,Sweep floor,Website\n"
    mapping = written(later, "last.csv", "last.toml")
    assert 'source = "a-' in mapping
    assert "2 were imported before" in run(later, mapping=mapping, name="last.csv")
    assert len(titles()) == 6


def test_tasks_of_the_nameless_source_are_recognized_by_a_written_mapping(run, project, written):
    run(HOUSE, mapping=FIELDS)
    mapping = written(HOUSE + "3,Sweep floor,Website\n", "later.csv", "a.toml")
    assert 'source = ""' in mapping


def test_mapping_of_the_same_file_has_the_same_source(run, project, written):
    first, second = (written(HOUSE, "a.csv", f"{n}.toml") for n in "12")
    assert first == second


@pytest.mark.parametrize("mapping", [FIELDS, f'source = "shop"\n{FIELDS}'])
def test_known_key_with_another_title_is_a_problem(run, problems, project, mapping):
    run(HOUSE, mapping=mapping)
    lines, end = problems(BAKERY, mapping=mapping)
    assert lines[0].startswith(
        "line 2, column \"id\": The task '1' was imported before with another title: it is "
        "'Paint wall' (id "
    )
    assert "source of its own" in lines[0]
    assert end == "2 problems in 2 of 3 rows. Nothing was written."
    run(BAKERY, mapping=f'source = "bakery"\n{FIELDS}')
    assert len(titles()) == 5


def test_known_key_without_a_mapping_is_held_to_its_title(run, problems, project):
    run("key,title,project\n1,A,Website\n")
    lines, _ = problems("key,title,project\n1,B,Website\n")
    assert "imported before with another title" in lines[0]


def test_source_of_the_command_line_is_before_that_of_the_mapping(run, project):
    run(HOUSE, mapping=f'source = "shop"\n{FIELDS}')
    run(BAKERY, "--source", "bakery", mapping=f'source = "shop"\n{FIELDS}')
    assert len(titles()) == 5
    assert set(ImportedKey.objects.values_list("source", flat=True)) == {"shop", "bakery"}
    with pytest.raises(CommandError, match="A source has at most 100 characters"):
        run(HOUSE, "--source", "x" * 101)


def test_task_that_was_renamed_here_is_known_by_its_former_title(run, project, administrator):
    run(HOUSE, mapping=FIELDS)
    task = Task.objects.get(title="Fix door")
    update_task(
        actor=Actor(user=administrator, door=Door.ADMIN), task_id=task.pk, title="Fix the door"
    )
    later = HOUSE + "3,Sweep floor,Website\n"
    assert "2 were imported before" in run(later, mapping=FIELDS, name="later.csv")
    assert titles() == ["Fix the door", "Paint wall", "Sweep floor"]


def test_task_that_was_renamed_there_can_be_left_as_it_is(run, project):
    run(HOUSE, mapping=FIELDS)
    later = HOUSE.replace("Fix door", "Fix the door") + "3,Sweep floor,Website\n"
    with pytest.raises(CommandError, match="1 problems in 1 of 3 rows"):
        run(later, mapping=FIELDS, name="later.csv")
    run(later, "--ignore-renamed", mapping=FIELDS, name="later.csv")
    assert titles() == ["Fix door", "Paint wall", "Sweep floor"]


@pytest.mark.parametrize("title", [" Café ", "Cafe\u0301"])
def test_title_that_looks_the_same_is_the_same(run, project, title):
    run("key,title,project\n1,Café,Website\n")
    told = run(f"key,title,project\n1,{title},Website\n2,B,Website\n", name="b.csv")
    assert "1 were imported before" in told


def test_checking_known_keys_takes_few_queries(run, project, django_assert_max_num_queries):
    rows = "".join(f"{n},{n},Website\n" for n in range(300))
    run(f"key,title,project\n{rows}")
    with django_assert_max_num_queries(30):
        run(f"key,title,project\n{rows}", name="b.csv")
    assert Task.objects.count() == 300


def test_one_row_per_key_is_taken_where_a_mapping_says_so(run, problems, project):
    text = "key,title,project\n1,A,Website\n2,B,Website\n1,A,Website\n"
    lines, _ = problems(text)
    assert "The row in line 2 has the same key" in lines[0]
    mapping = f"one_per_key = true\n{FIELDS.replace('id', 'key')}"
    assert "2 tasks imported from 2 rows. 1 rows are left out" in run(text, mapping=mapping)


@pytest.mark.parametrize(
    ("mapping", "digest"),
    [
        (
            TaskMapping(
                fields={
                    "title": Source(column="T"),
                    "status": Source(column="S", values={"a": "b"}, default="x"),
                    "due_date": Source(column="D", formats=("%d",)),
                    "project": Source(value="P"),
                },
                delimiter=";",
                encoding="utf-8-sig",
                source="s",
                timezone="Europe/Berlin",
                separator="|",
            ),
            "0cafa8c65d0389a34d9b71ae6a5ed54532d504ac2406896637b2a2e4ef673c0d",
        ),
        (
            TaskMapping.of_header(["title", "project"]),
            "b5a51738d237824883c2bc0c54251faafdf1e26547b88bf3537aca33e5904950",
        ),
    ],
)
def test_imports_that_an_earlier_version_began_are_recognized(mapping, digest):
    assert mapping.digest == digest
