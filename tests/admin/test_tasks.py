"""The pages of tasks: what they keep, what they refuse, what they find."""

import datetime as dt
import itertools

import pytest
from django.contrib.admin.models import LogEntry

from tasks import extensions
from tasks.actors import Actor
from tasks.clock import today
from tasks.exceptions import Refused
from tasks.extensions import TaskExtension
from tasks.models import HistoryEntry, Milestone, Task, TaskPriority, TaskStatus
from tasks.people import users
from tasks.services import assignees, projects, tagging, tasks
from tasks.testing import make_milestone, make_project, make_task, make_user
from tests.conftest import ADMIN


def _form(admin, task):
    return admin.open(f"taskdock/task/{task.pk}/change/")


def _state(task):
    row = Task.objects.filter(pk=task.pk).values().get()
    tags = sorted(task.task_tags.values_list("tag__name", flat=True))
    return row, tags, sorted(task.assignees.values_list("user_id", flat=True))


@pytest.fixture
def task(db):
    return make_task(start_date=dt.date(2026, 6, 1), due_date=dt.date(2026, 6, 30), tags=["one"])


def test_add_form_preselects_default_status_and_priority(admin):
    TaskStatus.objects.filter(is_default=True).update(is_default=None)
    TaskStatus.objects.filter(pk=4).update(is_default=True)
    page = admin.open("taskdock/task/add/")
    assert page.values["status"] == ["4"]
    assert page.values["priority"] == [str(TaskPriority.objects.get(is_default=True).pk)]


def test_add_without_milestone_takes_the_default_one(admin):
    project = make_project()
    make_milestone(project)
    form = admin.open("taskdock/task/add/", project=project.pk)
    assert form.submit(title="A").status_code == 302
    assert Task.objects.get().milestone.is_default


def test_add_leads_on_to_the_new_task_and_is_logged(admin):
    project = make_project()
    form = admin.open("taskdock/task/add/")
    response = form.submit("_continue", project=project.pk, title="A", tags="x", assigned=[])
    task = Task.objects.get()
    assert response["Location"] == f"{ADMIN}/taskdock/task/{task.pk}/change/"
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.object_repr) == (str(task.pk), "A")


def test_two_people_who_change_different_fields_lose_nothing(admin, task):
    person = make_user()
    mine, theirs = _form(admin, task), _form(admin, task)
    theirs.submit(title="Their title", tags="one, two", start_date="2026-06-02", is_billable="on")
    mine.submit(description="My text", assigned=[person.pk], priority=3)
    task.refresh_from_db()
    assert (task.title, task.description) == ("Their title", "My text")
    assert (task.priority_id, task.is_billable) == (3, True)
    assert task.start_date == dt.date(2026, 6, 2)
    assert sorted(task.task_tags.values_list("tag__name", flat=True)) == ["one", "two"]
    assert list(task.assignees.values_list("user_id", flat=True)) == [person.pk]


def test_page_opened_before_an_archival_does_not_bring_the_task_back(admin, task):
    form = _form(admin, task)
    tasks.archive_task(actor=Actor(), task_id=task.pk)
    assert form.submit(title="New").status_code == 302
    task.refresh_from_db()
    assert (task.title, task.is_archived) == ("New", True)


def test_due_date_is_compared_with_the_start_as_it_is_now(admin, task, form_errors):
    form = _form(admin, task)
    tasks.update_task(actor=Actor(), task_id=task.pk, start_date=dt.date(2026, 6, 20))
    before = _state(task)
    errors = form_errors(form.submit(due_date="2026-06-10"))
    assert errors == {"due_date": ["The due date must be a date after or equal to start date."]}
    assert _state(task) == before


def test_due_date_that_fits_the_start_as_it_is_now_is_taken(admin, task):
    form = _form(admin, task)
    tasks.update_task(actor=Actor(), task_id=task.pk, start_date=None)
    assert form.submit(due_date="2026-05-01").status_code == 302
    task.refresh_from_db()
    assert (task.start_date, task.due_date) == (None, dt.date(2026, 5, 1))


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"title": "   "}, {"title": ["This field is required."]}),
        (
            {"title": "x" * 256},
            {"title": ["Ensure this value has at most 255 characters (it has 256)."]},
        ),
        (
            {"due_date": "2026-05-31"},
            {"due_date": ["The due date must be a date after or equal to start date."]},
        ),
        (
            {"start_date": "2026-07-01"},
            {"due_date": ["The due date must be a date after or equal to start date."]},
        ),
        ({"due_date": "soon"}, {"due_date": ["Enter a valid date."]}),
        (
            {"milestone": 999},
            {
                "milestone": [
                    "Select a valid choice. That choice is not one of the available choices."
                ]
            },
        ),
        (
            {"tags": "x" * 101},
            {"tags": ["A tag may not be longer than 100 characters: " + "x" * 101]},
        ),
        (
            {"tags": 'fine, "not closed'},
            {"tags": ['A quote (") opens here that does not close before a comma or the end.']},
        ),
        ({"tags": "a\x00b"}, {"tags": ["Null characters are not allowed."]}),
        (
            {"assigned": [999]},
            {"assigned": ["Select a valid choice. 999 is not one of the available choices."]},
        ),
        (
            {"status": ""},
            {"status": ["This field is required."]},
        ),
    ],
)
def test_change_that_breaks_a_rule_shows_the_form_again_and_changes_nothing(
    admin, task, form_errors, changes, errors
):
    before, entries = _state(task), HistoryEntry.objects.count()
    response = _form(admin, task).submit(**{"description": "New", **changes})
    assert form_errors(response) == errors
    assert _state(task) == before
    assert HistoryEntry.objects.count() == entries
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("page", ["add", "change"])
def test_milestone_of_another_project_is_refused_at_its_field(admin, task, form_errors, page):
    elsewhere = make_milestone(make_project())
    path = "add/" if page == "add" else f"{task.pk}/change/"
    form = admin.open(f"taskdock/task/{path}")
    changes = {"project": task.project_id, "title": "A"} if page == "add" else {"title": "A"}
    response = form.submit(milestone=elsewhere.pk, **changes)
    assert form_errors(response) == {
        "milestone": ["The selected milestone does not belong to the project."]
    }
    assert Task.objects.get().title == "Design homepage"


def test_project_without_default_milestone_is_refused_at_the_form(admin, form_errors):
    project = make_project()
    Milestone.objects.filter(project=project).update(is_default=None)
    form = admin.open("taskdock/task/add/")
    response = form.submit(project=project.pk, title="A", description="Kept")
    assert form_errors(response) == {"milestone": ["The project has no default milestone."]}
    assert "Kept" in response.content.decode()
    assert not Task.objects.exists()
    assert not LogEntry.objects.exists()


def test_refusal_after_a_part_was_written_takes_all_of_it_back(admin, task, form_errors, settings):
    """Somebody leaves the team between the form's check and the service's."""
    person = make_user()
    form = _form(admin, task)
    before = _state(task)
    # The form asks twice: whether it can list them all, and who they are.
    team = itertools.chain([users()] * 2, [users().none()], itertools.repeat(users()))
    settings.TASKDOCK = {"TEAM_MEMBERS": lambda: next(team)}
    response = form.submit(title="New", assigned=[person.pk])
    assert form_errors(response) == {"assigned": ["The selected assigned is invalid."]}
    assert _state(task) == before
    assert not LogEntry.objects.exists()


def test_who_left_the_team_may_stay_assigned(admin, task):
    leaver, other = make_user(), make_user()
    assignees.set_assignees(actor=Actor(), task_id=task.pk, user_ids=[leaver.pk])
    leaver.is_active = False
    leaver.save()
    form = _form(admin, task)
    assert form.values["assigned"] == [str(leaver.pk)]
    form.submit(assigned=[leaver.pk, other.pk])
    assert set(task.assignees.values_list("user_id", flat=True)) == {leaver.pk, other.pk}


@pytest.mark.parametrize(
    "names",
    [
        ["a, b", "c"],
        ['"quoted"', 'in "the" middle', '"'],
        ["two\nlines", "and\r\nmore"],
        ["ä", "Ä", "semi; colon", "'", "\N{PARTY POPPER}"],
    ],
)
def test_saving_a_task_keeps_every_tag_whatever_its_name(admin, task, names):
    tagging.set_tags(actor=Actor(), task_id=task.pk, names=names)
    form = _form(admin, task)
    form.submit(title="New")
    assert set(task.task_tags.values_list("tag__name", flat=True)) == set(names)
    form = _form(admin, task)
    form.submit(tags=form.values["tags"][0] + ", more")
    assert set(task.task_tags.values_list("tag__name", flat=True)) == {*names, "more"}


@pytest.mark.parametrize(
    ("term", "titles"),
    [
        ("É", {"Café Müller"}),
        ("é", {"Café Müller"}),
        ("MÜLLER café", {"Café Müller"}),
        ("STRASSE", {"Straße 100%"}),
        ("100%", {"Straße 100%"}),
        ("0%", {"Straße 100%"}),
        ("_", set()),
        ("nothing", set()),
    ],
)
def test_search_finds_titles_without_regard_to_case(admin, term, titles):
    project = make_project()
    for title in ("Café Müller", "Straße 100%", "Plain"):
        make_task(title, project=project)
    found = admin.get("taskdock/task/", q=term).context["cl"].result_list
    assert {task.title for task in found} == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"due": "overdue"}, {"late"}),
        ({"due": "today"}, {"today"}),
        ({"due": "week"}, {"today", "soon"}),
        ({"due": "never"}, {"undated"}),
        ({"assigned": "me"}, {"late"}),
        ({"assigned": "nobody"}, {"late, done", "today", "soon", "far", "undated"}),
    ],
)
def test_filter_by_date_and_person_lists_what_it_says(admin, query, titles):
    this_day, project = today(), make_project()
    days = {"late": -1, "today": 0, "soon": 6, "far": 7, "late, done": -1}
    for title, distance in days.items():
        make_task(
            title,
            project=project,
            due_date=this_day + dt.timedelta(days=distance),
            status=TaskStatus.objects.get(pk=2 if "done" in title else 1),
            assigned=[admin.user, make_user()] if title == "late" else [],
        )
    make_task("undated", project=project)
    found = admin.get("taskdock/task/", **query).context["cl"].result_list
    assert sorted(task.title for task in found) == sorted(titles)


def test_milestones_to_choose_from_are_those_of_the_project(admin, task):
    mine = make_milestone(task.project, "Mine")
    make_milestone(make_project(), "Another's")
    query = {"app_label": "taskdock", "model_name": "task", "field_name": "milestone"}

    def offered(**more):
        found = admin.get("autocomplete/", **query, **more).json()["results"]
        return [row["text"] for row in found]

    page = _form(admin, task).response.content.decode()
    assert f'data-ajax--url="{ADMIN}/autocomplete/?project={task.project_id}"' in page
    assert offered(project=task.project_id) == ["Uncategorised", "Mine"]
    assert offered(project=task.project_id, term="min") == [mine.title]
    assert offered(project="") == offered(project="x") == offered(project="9" * 30) == []


@pytest.fixture
def invoiced():
    """An app that keeps tasks called "kept" from being deleted."""

    def refuse(queryset):
        if queryset.filter(title="kept").exists():
            raise Refused("The task has invoiced time.")

    extensions.register(TaskExtension(name="tests", before_delete=refuse))
    yield
    extensions.register(TaskExtension(name="tests"))


def test_delete_that_is_refused_shows_why_and_changes_nothing(admin, invoiced, messages_of):
    task = make_task("kept")
    entries = HistoryEntry.objects.count()
    response = admin.open(f"taskdock/task/{task.pk}/delete/").submit(post="yes")
    assert response["Location"] == f"{ADMIN}/taskdock/task/{task.pk}/change/"
    assert messages_of(admin.client.get(response["Location"])) == ["The task has invoiced time."]
    assert Task.objects.exists()
    assert HistoryEntry.objects.count() == entries
    assert not LogEntry.objects.exists()


def test_delete_of_several_deletes_what_may_go(admin, invoiced, messages_of):
    several = [make_task("a"), make_task("kept"), make_task("b")]
    response = admin.action("taskdock/task/", "delete_selected", several, post="yes")
    assert messages_of(response) == [
        "2 tasks were deleted.",
        "1 task was not changed (kept): The task has invoiced time.",
    ]
    assert Task.objects.get().title == "kept"
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {"a", "b"}


def test_delete_of_several_asks_first(admin):
    several = [make_task("a"), make_task("b")]
    response = admin.action("taskdock/task/", "delete_selected", several)
    assert "Delete 2 tasks" in response.content.decode()
    assert Task.objects.count() == 2


def test_deletion_of_a_project_names_what_goes_along(admin):
    project = make_project()
    for _ in range(3):
        make_task(project=project, assigned=[make_user()])
    context = admin.get(f"taskdock/project/{project.pk}/delete/").context
    counts = dict(context["model_count"])
    assert (counts["tasks"], counts["milestones"], counts["assignees"]) == (3, 1, 3)
    page = admin.open(f"taskdock/project/{project.pk}/delete/")
    page.submit()
    assert Task.objects.count() == 3
    page.submit(with_tasks="on")
    assert not Task.objects.exists()


def test_task_deleted_meanwhile_leads_back_with_a_message(admin, task, messages_of):
    form = _form(admin, task)
    tasks.delete_task(actor=Actor(), task_id=task.pk)
    response = admin.client.get(form.submit(title="New")["Location"])
    assert "Perhaps it was deleted?" in messages_of(response)[0]


def test_history_page_shows_what_came_through_every_door(admin, task):
    _form(admin, task).submit(title="New title")
    projects.update_project(actor=Actor(), project_id=task.project_id, title="Not of the task")
    response = admin.get(f"taskdock/task/{task.pk}/history/")
    newest, *_, oldest = response.context["entries"]
    assert newest.changes == [("Title", "Design homepage", "New title")]
    assert (newest.who, newest.door) == ("Ada Admin", "in the admin")
    assert (oldest.what, oldest.door) == ("created it", "by the site's code")
    html = response.content.decode()
    assert "Ada Admin" in html
    assert "Not of the task" not in html
