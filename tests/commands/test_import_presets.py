"""``taskdock_import --from``: the exports of other programs, in the shape that they have."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError

from tasks.importing.mapping_file import dumped, parse_mapping, preset, preset_names
from tasks.models import ImportedKey, Project, Task
from tasks.testing import make_client, make_project, make_user

pytestmark = pytest.mark.django_db

EXPORTS = Path(__file__).parent / "exports"
#: What each file is imported with, beside its program.
FILES = {
    "jira.csv": ("--create-milestones",),
    "trello.csv": (),
    "trello.json": (),
    "asana.csv": ("--create-milestones",),
    "asana-sheet.csv": ("--create-milestones",),
    "todoist.csv": ("--project", "Website", "--person", "Ann=ann"),
    "clickup.csv": (),
    "linear.csv": ("--create-milestones",),
    "github.json": ("--create-milestones",),
    "github.tsv": (),
    "redmine.csv": (
        "--create-milestones",
        *("--date-format", "%m/%d/%Y", "--date-format", "%m/%d/%Y %I:%M %p"),
    ),
    "redmine-de.csv": ("--encoding", "latin-1"),
    "toggl.csv": (),
}


def program(name):
    return name.replace("-", ".").split(".")[0]


@pytest.fixture
def people(administrator):
    return [make_user(username=name, email=f"{name}@example.com") for name in ("ann", "bo")]


@pytest.fixture
def brought(run, people, settings):
    """The tasks of an export, by title."""

    def bring(name, *arguments):
        settings.TIME_ZONE = "Europe/Berlin"
        client = make_client("Acme") if program(name) == "toggl" else None
        Project.objects.filter(title="Website").exists() or make_project("Website", client=client)
        content = (EXPORTS / name).read_bytes()
        run(content, "--from", program(name), *FILES[name], *arguments, name=name)
        return {task.title: task for task in Task.objects.order_by("pk")}

    return bring


def tags(task):
    return sorted(task.task_tags.values_list("tag__name", flat=True))


def assigned(task):
    return sorted(task.assignees.values_list("user__username", flat=True))


def utc(*moment):
    return dt.datetime(*moment, tzinfo=dt.UTC)


def test_every_program_has_a_file_of_its_shape():
    # What Taskdock itself exports is in test_import_of_export.py.
    assert {program(name) for name in FILES} | {"taskdock"} == set(preset_names())
    assert {path.name for path in EXPORTS.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", preset_names())
def test_mapping_of_a_program_is_written_as_it_is(name):
    mapping = preset(name)
    assert parse_mapping(dumped(mapping), where="here") == mapping
    assert mapping.source == name


def test_jira(brought):
    tasks = brought("jira.csv")
    menu, old, idea = (tasks[title] for title in ("Fix menu", "Old ticket", "New idea"))
    assert menu.project.title == "Website"
    assert menu.milestone.title == "Spring"
    assert menu.description == 'First line\nsecond, "quoted" line'
    assert (menu.status.title, menu.priority.title) == ("In progress", "High")
    assert (menu.due_date, menu.created_at) == (dt.date(2026, 9, 30), utc(2026, 9, 3, 7, 5))
    assert (tags(menu), assigned(menu)) == (["research", "vision"], ["ann"])
    assert menu.created_by.username == "bo"
    # No status of ours is called Released: the resolution completes it.
    assert (old.status.is_completed, old.completed_at) == (True, utc(2026, 6, 2, 7))
    assert (idea.status.title, idea.priority.title, tags(idea)) == ("To do", "Normal", ["brand"])


def test_trello_csv(brought):
    tasks = brought("trello.csv")
    tiles, old = tasks["Order tiles"], tasks["Old"]
    assert tags(tiles) == ["Plan (b)", "Shopping", "Urgent"]
    # 22:30 UTC is the next day in Berlin.
    assert (tiles.due_date, tiles.description) == (dt.date(2026, 10, 10), "Bath, 20 m²")
    assert (assigned(tiles), tiles.is_archived) == (["ann"], False)
    assert (old.status.is_completed, old.is_archived) == (True, True)


def test_trello_json(brought):
    tasks = brought("trello.json")
    tiles, done, archived = (
        tasks[title] for title in ("Order tiles", "Done one", "In an archived list")
    )
    assert tags(tiles) == ["Shopping, big", "red_dark"]
    assert tiles.description == "Bath, 20 m²\n{not} JSON"
    assert tiles.created_at == dt.datetime.fromtimestamp(0x6513C840, tz=dt.UTC)
    assert (tiles.due_date, assigned(tiles)) == (dt.date(2026, 10, 10), ["ann"])
    assert (done.status.is_completed, archived.is_archived) == (True, True)


@pytest.mark.parametrize("name", ["asana.csv", "asana-sheet.csv"])
def test_asana(brought, name):
    tasks = brought(name)
    brief, invoices = tasks["Write the brief"], tasks["Send invoices"]
    assert (brief.project.title, brief.milestone.title) == ("Website", "Build")
    assert invoices.milestone.is_default
    assert (brief.start_date, brief.due_date) == (dt.date(2026, 9, 20), dt.date(2026, 10, 15))
    assert (tags(brief), assigned(brief)) == (["Design", "Q4 launch"], ["ann"])
    assert brief.description == "Line one\nLine two, with a comma"
    assert (brief.status.is_completed, invoices.status.is_completed) == (None, True)
    assert invoices.completed_at == utc(2026, 9, 9, 22)
    assert len(tasks) == 3


def test_todoist(brought):
    tasks = brought("todoist.csv")
    assert list(tasks) == [
        "Repot the basil @garden",
        "Buy compost",
        "Water the ferns",
        'Order seeds, "heirloom" kind',
    ]
    basil, compost, ferns, seeds = tasks.values()
    assert (basil.due_date, basil.priority.title) == (dt.date(2026, 10, 5), "Urgent")
    assert (assigned(basil), basil.created_by.username) == (["ann"], "ann")
    assert (compost.priority.title, ferns.priority.title) == ("Normal", "High")
    assert (ferns.due_date, seeds.due_date) == (None, dt.date(2026, 10, 20))
    assert not ImportedKey.objects.exists()


def test_clickup(brought):
    tasks = brought("clickup.csv")
    pitch, podcasts = tasks["Pitch documents"], tasks["Podcasts"]
    assert (pitch.status.is_completed, pitch.priority.title) == (True, "Urgent")
    # 22:00 UTC on the third.
    assert pitch.due_date == dt.date(2026, 4, 4)
    assert pitch.created_at == utc(2026, 3, 21, 18, 16, 57, 690_000)
    assert (tags(pitch), assigned(pitch)) == (["copy", "web"], ["ann", "bo"])
    assert (podcasts.description, podcasts.due_date) == (None, None)
    assert (podcasts.status.title, podcasts.priority.title) == ("In progress", "Normal")
    assert (tags(podcasts), assigned(podcasts)) == ([], [])


def test_linear(brought):
    tasks = brought("linear.csv")
    pages, child, dropped = (tasks[title] for title in ("Rebuild pages", "Child task", "Dropped"))
    assert (pages.milestone.title, pages.priority.title) == ("Launch", "High")
    # 23:00 UTC on the 25th.
    assert (pages.due_date, pages.created_at) == (
        dt.date(2026, 6, 26),
        utc(2026, 5, 13, 11, 21, 41),
    )
    assert (tags(pages), assigned(pages)) == (["agent-ready", "seo"], ["ann"])
    assert (child.project.title, child.completed_at) == ("Website", utc(2026, 5, 15, 8))
    assert dropped.status.is_completed


def test_github_json(brought):
    tasks = brought("github.json")
    menu, typo = tasks["Menu is broken"], tasks["Typo"]
    assert (menu.project.title, menu.milestone.title) == ("Website", "1.0")
    assert (tags(menu), assigned(menu)) == (["area: a, b", "bug"], ["ann"])
    assert (menu.created_by.username, menu.status.title) == ("bo", "To do")
    assert typo.completed_at == utc(2026, 9, 5, 10)
    assert ImportedKey.objects.filter(key__endswith="/issues/7", source="github").exists()


def test_github_tsv(brought):
    tasks = brought("github.tsv")
    menu, typo = tasks["Menu is broken"], tasks["Typo"]
    assert (menu.status.title, typo.status.is_completed) == ("In progress", True)
    assert (tags(menu), assigned(menu)) == (["bug", "help wanted"], ["ann", "bo"])


def test_redmine(brought):
    tasks = brought("redmine.csv")
    button, footer = tasks["Login button misaligned"], tasks["Responsive footer"]
    assert (button.start_date, button.due_date) == (dt.date(2026, 9, 28), dt.date(2026, 10, 5))
    # It was reopened.
    assert (button.status.title, button.completed_at) == ("In progress", None)
    assert (button.milestone.title, tags(button)) == ("1.2", ["Bug", "UI"])
    assert (assigned(button), button.created_by.username) == (["bo"], "ann")
    assert footer.completed_at == utc(2026, 9, 27, 11)


def test_redmine_in_german(brought):
    tasks = brought("redmine-de.csv")
    button, footer = tasks["Knopf verrutscht"], tasks["Fußzeile"]
    assert (button.due_date, button.description) == (dt.date(2026, 10, 5), "Überdeckt die Fußzeile")
    assert (button.status.title, button.priority.title) == ("In progress", "High")
    assert footer.status.is_completed


def test_date_that_could_be_two_days_is_asked_for(run, people):
    make_project("Website")
    with pytest.raises(CommandError, match="problems in 2 of 2 rows"):
        run((EXPORTS / "redmine.csv").read_bytes(), "--from", "redmine", "--create-milestones")
    assert not Task.objects.exists()


def test_toggl(brought):
    tasks = brought("toggl.csv")
    assert list(tasks) == ["Homepage copy", "Standup, with comma", "(no description)"]
    copy = tasks["Homepage copy"]
    assert (copy.project.client.name, copy.is_billable) == ("Acme", True)
    assert not tasks["Standup, with comma"].is_billable


# The export of Todoist has no keys.
@pytest.mark.parametrize("name", sorted(FILES.keys() - {"todoist.csv"}))
def test_later_export_brings_nothing_twice(brought, run, name):
    before = brought(name)
    extra = (EXPORTS / name).read_bytes() + ("\n" if name.endswith("json") else "\r\n").encode()
    told = run(extra, "--from", program(name), *FILES[name], name=f"later-{name}")
    assert f"{len(before)} were imported before, by their key." in told
    assert Task.objects.count() == len(before)


@pytest.mark.parametrize("name", FILES)
def test_mapping_of_a_program_can_be_written_and_edited(run, people, tmp_path, name):
    client = make_client("Acme") if program(name) == "toggl" else None
    make_project("Website", client=client)
    content, target = (EXPORTS / name).read_bytes(), tmp_path / "edited.toml"
    run(content, "--from", program(name), *FILES[name], "--write-mapping", str(target), name=name)
    text = target.read_text()
    # JSON is still read as the program's.
    flags = ["--from", program(name)] if name.endswith("json") else []
    flags += ["--create-milestones"] if "--create-milestones" in FILES[name] else []
    run(content, *flags, mapping=text, name=name)
    assert Task.objects.exists()


def test_rejected_rows_of_json_are_csv_of_the_same_program(run, people, tmp_path):
    make_project("Website")
    content = (EXPORTS / "trello.json").read_bytes().replace(b'"To Do"', b'"Odd"', 1)
    run(content, "--from", "trello", "--skip-bad", name="board.json")
    rejected = (tmp_path / "board.json.rejected.csv").read_bytes()
    run(rejected, "--from", "trello", "--status", "Odd=Waiting", name="mended.csv")
    assert Task.objects.count() == 3
    assert Task.objects.filter(status__title="Waiting").count() == 1


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (b"title\n", ("--from", "nope"), "There is no mapping for 'nope': asana, clickup"),
        (
            b"Issue key,Summary\nA-1,A\n",
            ("--from", "Jira"),
            "The columns are: Issue key, Summary. --project names one for all rows.",
        ),
        (b"title\n", ("--from", "jira"), "There is no column 'Issue key' for key"),
        (b"{}", ("--from", "trello"), "JSON, but no export of trello"),
        (b'{"name": 1', ("--from", "trello"), "JSON and can't be read"),
        (b"[{}]", ("--from", "github"), "JSON, but no export of github"),
        (b'[{"title": 1, "labels": [1]}]', ("--from", "github"), "JSON, but no export of github"),
        (b"[{}]", ("--from", "linear"), "the export of linear is read as CSV"),
        (b"[{}]", (), "JSON: that is read with --from"),
        (b"TYPE,CONTENT\ntask,A\n", ("--from", "todoist"), "--project names one for all rows"),
    ],
)
def test_file_that_is_not_of_the_program_is_refused(run, project, content, arguments, message):
    with pytest.raises(CommandError) as caught:
        run(content, *arguments)
    assert message in str(caught.value)
