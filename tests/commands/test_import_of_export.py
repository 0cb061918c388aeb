"""Export CSV, then ``taskdock_import``: the same tasks, on this site and on another."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.actors import Actor
from tasks.models import Client as Customer
from tasks.models import Project, Task, TaskPriority, TaskStatus
from tasks.services.bulk import add_tasks
from tasks.services.new_tasks import NOBODY, NewTask
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user

pytestmark = pytest.mark.django_db
EXPORT = "/admin/taskdock/task/export/?is_archived__exact=all&o=1"


@pytest.fixture
def export(administrator):
    """The file that the admin's link gives."""
    client = Client()
    client.force_login(administrator)

    def exported():
        response = client.get(EXPORT)
        assert response.status_code == 200
        return b"".join(response.streaming_content)

    return exported


@pytest.fixture
def problems(problems):
    """The problems that a dry run lists."""

    def listed(*arguments):
        lines, _ = problems(*arguments)
        return [line for line in lines if line.startswith("line ")]

    return listed


def cells(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def written(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def stored():
    """All that a task is but its id, its version and its place on the board."""
    left_out = {"id", "version", "position", "previous_status_id", "status_changed_at"}
    names = [f.attname for f in Task._meta.concrete_fields if f.attname not in left_out]
    tasks = Task.objects.prefetch_related("assignees", "task_tags__tag")
    found = [
        (
            *(getattr(task, name) for name in names),
            sorted(str(row.user_id) for row in task.assignees.all()),
            sorted(row.tag.name for row in task.task_tags.all()),
        )
        for task in tasks
    ]
    return sorted(found, key=repr)


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
#: Texts of which a spreadsheet may make formulas, as often as any others.
TEXTS = st.text(LETTERS, max_size=30) | st.text(
    st.sampled_from(list("=+-@;,|:\t\n\r '\"\u2019\ufeff1aA(!.\u2212")), max_size=20
)
SHOWN = TEXTS.filter(lambda text: any(char.isalnum() for char in text))
MOMENTS = st.integers(0, 60 * 366 * 86_400 * 10**6).map(
    lambda microseconds: (
        dt.datetime(1990, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
    )
)


@st.composite
def new_tasks(draw):
    days = sorted(draw(st.lists(st.dates(), max_size=2)))
    moments = sorted(draw(st.tuples(MOMENTS, MOMENTS, MOMENTS)))
    return {
        "title": draw(SHOWN),
        "description": draw(st.none() | TEXTS.filter(bool)),
        "start_date": days[0] if days else None,
        "due_date": days[-1] if draw(st.booleans()) and days else None,
        "is_client_visible": draw(st.booleans()),
        "is_billable": draw(st.booleans()),
        "is_archived": draw(st.booleans()),
        "created_at": moments[0],
        "status_changed_at": moments[1],
        "updated_at": moments[2],
        "tags": draw(st.lists(SHOWN, max_size=3)),
        "assigned": draw(st.sets(st.integers(0, 4))),
        "created_by_id": draw(st.integers(0, 5)),
        "completed_by_id": draw(st.integers(0, 5)),
        "milestone_id": draw(st.integers(0, 4)),
        "status_id": draw(st.integers(0, 2)),
        "priority_id": draw(st.integers(0, 2)),
    }


@pytest.fixture
def site(administrator):
    """People and projects that are easily taken for one another."""
    people = [
        administrator,
        make_user(username="sam", first_name="Sam", last_name="Lee"),
        make_user(username="sam2", first_name="Sam", last_name="Lee", email="sam@example.com"),
        # The address of somebody else.
        make_user(username="sam@example.com", first_name="Lee, Sam", last_name='"Sammy"'),
        make_user(username="-1", first_name="=1+1", last_name="@home"),
    ]
    statuses = list(TaskStatus.objects.all()[:3])
    TaskStatus.objects.filter(pk=statuses[0].pk).update(title="=open; -1")
    priorities = list(TaskPriority.objects.all()[:3])
    TaskPriority.objects.filter(pk=priorities[0].pk).update(title="+49 30 1234")
    twins = [make_project("Website", client=make_client("A; =1")), make_project("Website")]
    milestones = [
        make_milestone(twins[0], "@Launch"),
        make_milestone(twins[0], "@launch"),
        make_milestone(twins[1], "@Launch"),
        make_milestone(make_project("=1+1\t=2"), "a, b"),
        make_milestone(make_project("'=1+1"), "-5 °C"),
    ]
    return people, statuses, priorities, milestones


def add(site, drafts):
    people, statuses, priorities, milestones = site
    tasks = []
    for draft in drafts:
        milestone, status = milestones[draft["milestone_id"]], statuses[draft["status_id"]]
        values = {
            **draft,
            "project_id": milestone.project_id,
            "milestone_id": milestone.pk,
            "status_id": status.pk,
            "priority_id": priorities[draft["priority_id"]].pk,
            "assigned": [people[number].pk for number in draft["assigned"]],
            **{
                name: people[draft[name]].pk if draft[name] < len(people) else NOBODY
                for name in ("created_by_id", "completed_by_id")
            },
        }
        if not status.is_completed:
            values["completed_by_id"] = None
        tasks.append(NewTask(**values))
    add_tasks(actor=Actor(), tasks=tasks)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(new_tasks(), min_size=1, max_size=4))
def test_tasks_that_are_exported_and_imported_are_the_same_tasks(site, export, run, drafts):
    add(site, drafts)
    before, content = stored(), export()
    Task.objects.all().delete()

    run(content, name=f"{uuid.uuid4()}.csv")

    assert stored() == before
    ids = {row["id"] for row in cells(content)}
    again = [{**row, "id": ""} for row in cells(export())]
    assert again == [{**row, "id": ""} for row in cells(content)]
    assert ids.isdisjoint(row["id"] for row in cells(export()))
    Task.objects.all().delete()


def test_texts_of_the_export_that_begin_like_formulas_come_back(export, run, administrator):
    project = make_project("Website")
    titles = ["-5 °C", "=1+1", "@home", "'=1+1", "a;=1+1", "b\t=1+1", "+49 30 1234"]
    for title in titles:
        make_task(title, project=project, tags=["maps, plans", 'x"y', "=1"], description=title)
    content = export()
    Task.objects.all().delete()
    run(content)
    tasks = Task.objects.prefetch_related("task_tags__tag")
    assert sorted(task.title for task in tasks) == sorted(titles)
    assert all(task.description == task.title for task in tasks)
    for task in tasks:
        assert {row.tag.name for row in task.task_tags.all()} == {"maps, plans", 'x"y', "=1"}


def test_export_of_tasks_that_are_here_adds_none_of_them(export, run, administrator):
    kept, gone = make_task("kept"), make_task("gone")
    content = export()
    gone.delete()
    told = run(content)
    assert "1 tasks imported from 2 rows. 1 are tasks of this site already." in told
    assert sorted(Task.objects.values_list("title", flat=True)) == ["gone", "kept"]
    assert Task.objects.filter(pk=kept.pk).exists()


def test_export_restores_what_was_deleted_as_often_as_it_is_imported(export, run, administrator):
    make_task("kept")
    make_task("gone")
    content = export()
    assert "0 tasks imported from 2 rows. 2 are tasks of this site already." in run(content)
    for name in ("tasks.csv", "copy.csv"):
        Task.objects.get(title="gone").delete()
        assert "1 tasks imported from 2 rows." in run(content, name=name)
        assert "0 tasks imported from 2 rows. 2 are tasks of this site already." in run(content)
    # Saved by a spreadsheet, so with other contents, under the same name.
    assert "0 tasks imported from 2 rows." in run(written(cells(content)))
    assert sorted(Task.objects.values_list("title", flat=True)) == ["gone", "kept"]


def test_exported_task_with_another_title_is_a_problem_unless_it_was_renamed(
    export, run, problems, administrator
):
    make_task("old")
    content = export()
    changed = content.replace(b'"old"', b'"new"')
    lines = problems(changed)
    assert len(lines) == 1
    assert "An import adds tasks and changes none" in lines[0]
    assert "0 tasks imported" in run(changed, "--ignore-renamed")
    Task.objects.update(title="new")
    assert "0 tasks imported" in run(content)


def test_id_of_another_task_says_nothing_where_it_was_created_at_another_moment(
    export, run, administrator
):
    task = make_task("same")
    content = export()
    Task.objects.filter(pk=task.pk).update(created_at=timezone.now())
    assert "1 tasks imported from 1 rows." in run(content)


@pytest.fixture
def elsewhere(export, administrator):
    """The export of a site whose project "Website" has the id of "Other" here."""
    task = make_task("A", project=make_project("Website"), assigned=[administrator])
    content = export()
    project = task.project
    Task.objects.all().delete()
    Project.objects.filter(pk=project.pk).update(title="Other", folded_title="other")
    return content, project


def test_id_and_name_of_different_projects_are_a_problem(elsewhere, problems):
    content, project = elsewhere
    here = make_project("Website")
    for arguments in ((), ("--create-projects",)):
        lines = problems(content, *arguments)
        assert len(lines) == 1
        assert f"column \"project_id\": The project {project.pk} is 'Other' here" in lines[0]
        assert "--from taskdock" in lines[0]
    assert not here.tasks.exists()


def test_export_of_another_site_goes_by_names(elsewhere, run, problems):
    content, project = elsewhere
    lines = problems(content, "--from", "taskdock")
    assert "There is no project 'Website' of the client" in lines[0]
    told = run(content, "--from", "taskdock", "--create-projects")
    assert "1 tasks imported" in told
    task = Task.objects.get()
    assert (task.project.title, task.assignees.count()) == ("Website", 1)
    assert task.project_id != project.pk


def test_id_of_no_project_leaves_the_name(export, run, problems, administrator):
    make_task("A", project=make_project("Website", client=make_client("Acme")))
    content = export()
    Project.objects.all().delete()
    Customer.objects.all().delete()
    lines = problems(content)
    assert "There is no client 'Acme'" in lines[0]
    run(content, "--create-projects", "--create-clients")
    assert Task.objects.get().project.client.name == "Acme"


def test_id_of_a_project_of_another_client_is_a_problem(export, problems, administrator):
    project = make_project("Website", client=make_client("Acme"))
    make_task("A", project=project)
    content = export()
    Task.objects.all().delete()
    Project.objects.filter(pk=project.pk).update(client=make_client("Umbrella"))
    make_client("Acme")
    lines = problems(content)
    assert "has another client than 'Acme'" in lines[0]


ONE_OF_TWO = {
    "another project": ("title,project,project_id\nA,Website,{other}\n", "is 'Other' here"),
    "no number": ("title,project,project_id\nA,Website,x\n", "'x' is no id of a project."),
    "another milestone": (
        "title,project,milestone,milestone_id\nA,Website,Launch,{second}\n",
        "is 'Second' here, not 'Launch'",
    ),
    "a milestone elsewhere": (
        "title,project,milestone,milestone_id\nA,Other,Launch,{launch}\n",
        "is of another project",
    ),
}


@pytest.mark.parametrize(("text", "message"), ONE_OF_TWO.values(), ids=ONE_OF_TWO.keys())
def test_id_and_title_that_disagree_are_a_problem_in_any_file(problems, project, text, message):
    ids = {
        "other": make_project("Other").pk,
        "launch": make_milestone(project, "Launch").pk,
        "second": make_milestone(project, "Second").pk,
    }
    lines = problems(text.format(**ids))
    assert len(lines) == 1
    assert message in lines[0]


def test_id_and_title_that_agree_are_one_of_projects_of_one_title(run, project):
    twin = make_project("Website")
    run(f"title,project,project_id\nA,WEBSITE,{twin.pk}\n")
    assert Task.objects.get().project == twin


def test_name_of_a_person_that_was_changed_alone_is_a_problem(export, problems, administrator):
    sam = make_user(username="sam", first_name="Sam", last_name="Lee")
    make_task("A", assigned=[sam])
    rows = cells(export())
    assert (rows[0]["assigned"], rows[0]["assigned_usernames"]) == ("Sam Lee", "sam")
    Task.objects.all().delete()
    lines = problems(written([{**rows[0], "assigned": "Ann"}]))
    assert "The usernames are those of 'Sam Lee', the names are 'Ann'." in lines[0]
    lines = problems(written([{**rows[0], "assigned_usernames": ""}]))
    assert "The usernames are those of nobody, the names are 'Sam Lee'." in lines[0]


def test_written_mapping_of_an_export_imports_it_as_the_command_alone_does(
    export, run, tmp_path, administrator
):
    make_task("=1+1", tags=["a, b"], description="  \n", assigned=[administrator])
    before, content = stored(), export()
    target = tmp_path / "written.toml"
    run(content, "--write-mapping", str(target))
    Task.objects.all().delete()
    run(content, mapping=target.read_text())
    assert stored() == before


def test_export_whose_columns_were_moved_or_deleted_is_still_known(export, run, administrator):
    make_task("=1+1", project=make_project("Website"))
    (row,) = cells(export())
    Task.objects.all().delete()
    kept = ["visible_to_client", "logged_seconds", "project", "title"]
    run(written([{name: row[name] for name in kept}]))
    assert Task.objects.get().title == "=1+1"


def test_rejected_row_of_an_export_is_guarded_and_comes_back(export, run, tmp_path, administrator):
    make_task("=1+1", project=make_project("Website"), description="a;=2")
    make_task("'=1+1", project=make_project("Website"))
    content = export()
    before = stored()
    Task.objects.all().delete()
    spoilt = content.replace(b'"Normal"', b'"Nope"')
    run(spoilt, "--skip-bad")
    rejected = (tmp_path / "tasks.csv.rejected.csv").read_text("utf-8-sig")
    assert all(not row["title"].startswith("=") for row in cells(rejected.encode()))
    run(rejected.replace("Nope", "Normal"), name="mended.csv")
    assert stored() == before


def test_rejected_row_of_any_file_holds_no_formula_and_comes_back(run, project, tmp_path):
    text = "title,project,due_date\n=1+1,Website,soon\n'=1+1,Website,soon\na;=1,Website,soon\n"
    run(text, "--skip-bad")
    rejected = tmp_path / "tasks.csv.rejected.csv"
    titles = [row["title"] for row in cells(rejected.read_bytes())]
    assert titles == ["'=1+1", "''=1+1", "a;'=1"]
    # Rejected once more, it is not guarded twice.
    run(rejected.read_text("utf-8-sig").replace("soon", "later"), "--skip-bad", name="more.csv")
    again = tmp_path / "more.csv.rejected.csv"
    assert [row["title"] for row in cells(again.read_bytes())] == titles
    run(again.read_text("utf-8-sig").replace("later", ""), name="mended.csv")
    assert set(Task.objects.values_list("title", flat=True)) == {"=1+1", "'=1+1", "a;=1"}


def test_apostrophe_in_a_file_of_another_program_stays(run, project):
    run("title,project\n'=1+1,Website\n")
    assert Task.objects.get().title == "'=1+1"


def test_project_without_a_client_is_not_that_of_a_client(export, run, problems, administrator):
    make_task("A", project=make_project("Website", client=None))
    make_task("B", project=make_project("Website", client=make_client("Acme")))
    content = export()
    Task.objects.all().delete()
    Project.objects.filter(client=None).delete()
    (line,) = problems(content, "--from", "taskdock")
    assert "There is no project 'Website' without a client; --create-projects" in line
    run(content, "--from", "taskdock", "--create-projects")
    later = content.replace(b'"A"', b'"C"').replace(b'"B"', b'"D"')
    run(later, "--from", "taskdock", "--source", "another", name="later.csv")
    clients = dict(Task.objects.values_list("title", "project__client__name"))
    assert clients == {"A": None, "B": "Acme", "C": None, "D": "Acme"}
    assert Project.objects.count() == 2


@pytest.mark.parametrize("column", ["logged_seconds", "visible_to_client", "assigned_usernames"])
def test_export_without_a_column_of_its_own_is_an_export(export, run, administrator, column):
    make_task("=1+1")
    content = export()
    Task.objects.all().delete()
    run(written([{name: row[name] for name in row if name != column} for row in cells(content)]))
    assert Task.objects.get().title == "=1+1"
