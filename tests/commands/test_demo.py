"""``taskdock_demo``: believable, the same again, and with the documentation's own objects."""

import datetime as dt
import random
import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q

from tasks.demo import plan
from tasks.demo.calendar import Calendar
from tasks.demo.plan import Size
from tasks.demo.staff import hire
from tasks.models import (
    Client,
    HistoryEntry,
    Milestone,
    Project,
    Tag,
    Task,
    TaskAssignee,
    TaskPriority,
    TaskStatus,
    TaskTag,
)
from tasks.people import team_members
from tasks.services.administrators import administrator
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user

TODAY = dt.date(2026, 11, 20)
DOCUMENTED = {
    "id": 120,
    "title": "Design homepage",
    "description": "First draft.",
    "status": {"id": 1, "title": "To do", "color": "#4f8cff"},
    "priority": {"id": 2, "title": "High", "color": "#ff5b5b"},
    "active_state": "active",
    "client_visibility": "no",
    "billable": "yes",
    "project": {"id": 7, "title": "Website Redesign"},
    "client": {"id": 12, "name": "Acme Inc"},
    "milestone": {"id": 21, "name": "Uncategorised"},
    "time_logged": 3600,
    "assigned": [{"id": 53, "name": "Sam Lee"}],
    "tags": ["priority"],
}

pytestmark = pytest.mark.django_db


def demo(**options):
    out = StringIO()
    call_command("taskdock_demo", stdout=out, **{"today": TODAY, **options})
    return out.getvalue()


def refused(**options):
    with pytest.raises(CommandError) as caught:
        demo(**options)
    return str(caught.value)


def workspace():
    """Every row of the demo's, but when the database was written to."""
    rows = {
        model: list(model.objects.order_by("pk").values())
        for model in (Client, Project, Milestone, Task)
    }
    rows[TaskTag] = list(TaskTag.objects.order_by("pk").values_list("content_object", "tag__name"))
    rows[TaskAssignee] = list(TaskAssignee.objects.order_by("pk").values_list("task", "user"))
    rows[User] = list(User.objects.order_by("pk").values_list("pk", "username", "first_name"))
    return rows


def empty_the_workspace():
    for model in (Task, Project, Client, Tag):
        model.objects.all().delete()


@pytest.mark.parametrize("tasks", [1, 119, 120, 121])
def test_documented_objects_are_there_under_their_ids(api, tasks):
    demo(tasks=tasks)

    task = api.get("/tasks/120").json()["data"]
    assert {**DOCUMENTED, "dates": task["dates"]} == task
    assert (task["dates"]["start"], task["dates"]["due"]) == ("2026-06-01", "2026-06-30")
    assert Milestone.objects.get(project_id=7, is_default=True).pk == 21
    assert Task.objects.count() == tasks


def test_documented_person_may_be_assigned(api):
    demo(tasks=1)
    r = api.put("/tasks/120/assigned", "assigned[]=53")
    assert (r.status_code, r.json()["data"]["assigned"]) == (200, DOCUMENTED["assigned"])


def test_people_of_the_demo_are_team_members_who_can_not_sign_in():
    demo(tasks=1)
    people = User.objects.filter(is_superuser=False)
    assert people.count() == 9
    assert not any(person.has_usable_password() for person in people)
    assert set(people) <= set(team_members())


def test_same_seed_and_day_make_the_same_rows():
    demo(tasks=300, seed=5)
    first = workspace()
    empty_the_workspace()
    demo(tasks=300, seed=5)
    again = workspace()
    numbers = {model: len(rows) for model, rows in first.items()}
    assert numbers[Task] == 300
    assert again == first


def test_other_seed_makes_other_rows():
    demo(tasks=150, seed=5)
    first = workspace()
    empty_the_workspace()
    demo(tasks=150, seed=6)
    assert workspace()[Task] != first[Task]


def test_other_day_moves_the_dates_and_changes_nothing_else():
    demo(tasks=200)
    titles = list(Task.objects.order_by("pk").values_list("title", "project_id"))
    newest = Task.objects.latest("created_at").created_at
    empty_the_workspace()
    # A week later: months in titles move as well, weekdays do not.
    demo(tasks=200, today=TODAY + dt.timedelta(days=7))
    moved = list(Task.objects.order_by("pk").values_list("title", "project_id"))
    same = [one == other for one, other in zip(titles, moved, strict=True)]
    assert same.count(False) < 10
    assert Task.objects.latest("created_at").created_at == newest + dt.timedelta(days=7)


def test_workspace_is_that_of_an_agency_at_work():
    demo()
    tasks = Task.objects.all()
    late = Q(due_date__lt=TODAY, completed_at=None, is_archived=False)
    shares = {
        "completed": tasks.filter(status__is_completed=True).count(),
        "archived": tasks.archived().count(),
        "without dates": tasks.filter(start_date=None, due_date=None).count(),
        "overdue": tasks.filter(late).count(),
        "to come": tasks.filter(due_date__gt=TODAY, completed_at=None).count(),
        "for nobody": tasks.filter(assignees=None).count(),
        "for several": tasks.annotate(n=Count("assignees")).filter(n__gt=1).count(),
        "without description": tasks.filter(description=None).count(),
        "without tags": tasks.filter(task_tags=None).count(),
    }
    assert tasks.count() == 600
    assert {what: number for what, number in shares.items() if not 20 <= number <= 480} == {}
    assert set(tasks.values_list("status", flat=True)) == set(
        TaskStatus.objects.values_list("pk", flat=True)
    )
    assert set(tasks.values_list("priority", flat=True)) == set(
        TaskPriority.objects.values_list("pk", flat=True)
    )
    assert tasks.values("title").distinct().count() > 300
    busy = Project.objects.annotate(n=Count("tasks")).filter(n__gt=0)
    assert busy.count() > 10
    assert busy.filter(client=None).count() == 1
    span = tasks.latest("created_at").created_at - tasks.earliest("created_at").created_at
    assert span > dt.timedelta(days=180)


def test_nothing_in_the_workspace_contradicts_itself():
    demo()
    tasks = Task.objects.all()
    midnight = dt.datetime.combine(TODAY, dt.time(), tzinfo=dt.UTC)
    impossible = {
        "from the future": tasks.filter(Q(created_at__gte=midnight) | Q(updated_at__gte=midnight)),
        "changed before it was made": tasks.filter(status_changed_at__lt=F("created_at")),
        "completed and not": tasks.filter(status__is_completed=True, completed_at=None),
        "not completed and yet": tasks.filter(
            status__is_completed__isnull=True, completed_at__isnull=False
        ),
        "milestone elsewhere": tasks.exclude(milestone__project=F("project")),
        "billed to nobody": tasks.filter(project__client=None, is_billable=True),
        "placeholder": tasks.filter(Q(title__contains="{") | Q(description__contains="{")),
    }
    assert {what: rows.count() for what, rows in impossible.items() if rows.exists()} == {}
    defaults = Milestone.objects.filter(is_default=True)
    assert defaults.values("project").distinct().count() == Project.objects.count()
    assert HistoryEntry.objects.filter(subject_type="task", verb="created").count() == tasks.count()


def test_ids_after_the_demos_are_free():
    demo(tasks=130)
    project = make_project(client=make_client())
    made = [project.client, project, make_milestone(project), make_task(project=project)]
    for row in [*made, make_user()]:
        assert type(row).objects.order_by("-pk").first() == row


@pytest.mark.parametrize(
    ("tasks", "size"),
    [
        (1, Size(days=270, people=9, clients=8, projects=15)),
        (600, Size(days=270, people=9, clients=8, projects=15)),
        (100_000, Size(days=720, people=100, clients=66, projects=200)),
        (1_000_000, Size(days=720, people=200, clients=666, projects=2000)),
    ],
)
def test_more_tasks_come_with_more_of_everything(tasks, size):
    assert Size.of(tasks) == size


def test_larger_agency_has_people_and_clients_of_different_names():
    calendar, size = Calendar(TODAY, 720), Size.of(1_000_000)
    staff = hire(60, random.Random(1))
    clients = plan.clients(size, calendar, staff, taken=())
    undertakings = plan.undertakings(
        size=size,
        calendar=calendar,
        staff=staff,
        clients=clients,
        taken_projects=(),
        taken_milestones=(),
        rng=random.Random(1),
    )
    assert len({client.name for client in clients}) == len({client.pk for client in clients}) == 666
    assert len(staff) == User.objects.count() == 60
    assert len({undertaking.project.pk for undertaking in undertakings}) == 2000
    milestones = [stone.pk for undertaking in undertakings for stone in undertaking.milestones]
    assert len(set(milestones)) == len(milestones)


def test_administrator_is_made_where_there_is_none(client):
    make_user(is_superuser=True, is_active=False, username="admin")
    printed = demo(tasks=1)
    (credentials,) = re.findall(r"^Administrator: (\S+)  Password: (\S+)$", printed, re.MULTILINE)
    assert credentials[0] == "admin2"
    assert client.login(username=credentials[0], password=credentials[1])
    assert client.get("/admin/").status_code == 200
    assert administrator().username == "admin2"


def test_administrator_who_is_there_stays_the_only_one():
    make_user(is_superuser=True)
    assert "Password" not in demo(tasks=1)
    assert User.objects.filter(is_superuser=True).count() == 1


def test_administrator_is_who_wrote_the_demo():
    who = make_user(is_superuser=True, first_name="Ann", last_name="Admin")
    demo(tasks=1)
    entry = HistoryEntry.objects.latest("id")
    assert (entry.verb, entry.subject_type, entry.subject_id) == ("demo_loaded", "project", 7)
    assert (entry.actor_name, entry.door) == ("Ann Admin", "command")
    assert entry.actor_id == str(who.pk)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_task, "already holds tasks"),
        (lambda: Client.objects.create(pk=12, name="Other"), "a client with the id 12"),
        (lambda: Project.objects.create(pk=7, title="Other"), "a project with the id 7"),
        (
            lambda: Milestone.objects.create(pk=21, title="Other", project=make_project()),
            "a milestone with the id 21",
        ),
        (lambda: TaskPriority.objects.filter(pk=2).delete(), "the priority 2"),
    ],
    ids=["tasks", "client 12", "project 7", "milestone 21", "no priority 2"],
)
def test_database_that_is_not_for_the_demo_is_refused_and_left_alone(make, message):
    make()
    before = workspace(), HistoryEntry.objects.count()
    assert message in refused()
    assert (workspace(), HistoryEntry.objects.count()) == before


def test_demo_goes_beside_what_is_no_task():
    client = make_client("Kept")
    project = make_project(client=client, title="Kept")
    demo(tasks=200)
    project.refresh_from_db()
    assert (project.title, project.client.name) == ("Kept", "Kept")
    assert not project.tasks.exists()
    assert Project.objects.count() == 16


def test_documented_person_gets_another_id_where_theirs_is_taken():
    taken = User.objects.create(pk=53, username="somebody")
    demo(tasks=1)
    sam = User.objects.get(username="sam.lee")
    assert sam.pk != 53
    assert list(Task.objects.get(pk=120).assignees.values_list("user_id", flat=True)) == [sam.pk]
    taken.refresh_from_db()
    assert taken.username == "somebody"


def test_where_nobody_made_would_be_a_team_member_those_who_are_do_the_work(settings):
    settings.TASKDOCK = {"TEAM_MEMBERS": lambda: User.objects.filter(email="member@example.com")}
    member = make_user(email="member@example.com")
    demo(tasks=100)
    assert set(TaskAssignee.objects.values_list("user_id", flat=True)) == {member.pk}
    assert not User.objects.filter(username="sam.lee").exists()


def test_where_nobody_could_work_the_tasks_are_there_all_the_same(settings):
    settings.TASKDOCK = {"TEAM_MEMBERS": User.objects.none}
    assert "100 tasks" in demo(tasks=100)
    assert not TaskAssignee.objects.exists()
    assert Task.objects.count() == 100


@pytest.mark.parametrize("arguments", [["--tasks", "0"], ["--tasks", "-1"], ["--tasks", "many"]])
def test_number_of_tasks_that_is_none_is_refused(arguments):
    with pytest.raises(CommandError, match="--tasks"):
        call_command("taskdock_demo", *arguments)
    assert not Task.objects.exists()
