"""The list of tasks: what it shows, how it is narrowed, and that nothing sent to it breaks it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Permission

from tasks.actors import Actor
from tasks.admin.task_list.badges import _luminance, badge
from tasks.clock import today
from tasks.models import Tag, Task, TaskPriority, TaskStatus
from tasks.services.pins import pin_task
from tasks.services.tasks import archive_task, set_status
from tasks.testing import make_milestone, make_project, make_task, make_user
from timers.services.timers import add_time

LIST = "taskdock/task/"


def titles(admin, **query):
    return {task.title for task in admin.get(LIST, **query).context["cl"].result_list}


@pytest.fixture
def scene(admin):
    """Tasks that differ in what the filters ask for."""
    alpha, beta = make_project("Alpha"), make_project("Beta")
    launch = make_milestone(alpha, "Launch")
    sam = make_user(first_name="Sam", last_name="Lee")
    day = today()
    make_task("plain", project=beta)
    make_task("launched", project=alpha, milestone_id=launch.pk, due_date=day, tags=["red"])
    make_task("sams", project=alpha, assigned=[sam], due_date=day + dt.timedelta(days=20))
    mine = make_task("mine", project=beta, actor=Actor(user=admin.user), assigned=[admin.user])
    pinned = make_task("pinned", project=beta, priority=TaskPriority.objects.get(pk=3))
    pin_task(actor=Actor(user=admin.user), task_id=pinned.pk)
    old = make_task("old", project=beta)
    archive_task(actor=Actor(), task_id=old.pk)
    return {"alpha": alpha, "launch": launch, "sam": sam, "tag": Tag.objects.get(), "mine": mine}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"plain", "launched", "sams", "mine", "pinned"}),
        ({"is_archived__exact": "0"}, {"plain", "launched", "sams", "mine", "pinned"}),
        ({"is_archived__exact": "1"}, {"old"}),
        ({"is_archived__exact": "all"}, {"plain", "launched", "sams", "mine", "pinned", "old"}),
        ({"project__id__exact": "alpha"}, {"launched", "sams"}),
        ({"milestone__id__exact": "launch"}, {"launched"}),
        ({"task_tags__tag__id__exact": "tag"}, {"launched"}),
        ({"assigned": "sam"}, {"sams"}),
        ({"assigned": "me"}, {"mine"}),
        ({"assigned": "nobody"}, {"plain", "launched", "pinned"}),
        ({"mine": "created"}, {"mine"}),
        ({"mine": "pinned"}, {"pinned"}),
        ({"priority__id__exact": "3"}, {"pinned"}),
        ({"due_from": "0"}, {"launched", "sams"}),
        ({"due_from": "1"}, {"sams"}),
        ({"due_to": "19"}, {"launched"}),
        ({"due_from": "0", "due_to": "20", "assigned": "sam"}, {"sams"}),
        ({"q": "SAM"}, {"sams"}),
    ],
)
def test_filter_lists_what_it_says(admin, scene, query, found):
    asked = {
        name: str(scene[value].pk)
        if value in scene
        else (today() + dt.timedelta(days=int(value))).isoformat()
        if name.startswith("due_")
        else value
        for name, value in query.items()
    }
    assert titles(admin, **asked) == found


def test_list_is_of_active_tasks_newest_first_and_says_so(admin):
    first, second = make_task("first"), make_task("second")
    page = admin.get(LIST)
    assert [task.pk for task in page.context["cl"].result_list] == [second.pk, first.pk]
    (state,) = [spec for spec in page.context["cl"].filter_specs if spec.title == "state"]
    choices = list(state.choices(page.context["cl"]))
    assert [(str(choice["display"]), choice["selected"]) for choice in choices] == [
        ("Active", True),
        ("Archived", False),
        ("All", False),
    ]


BAD = ["abc", "0", "-1", "9" * 30, "1.5", "\x00", "ü", "1,2", "' OR 1=1"]
PARAMETERS = [
    "project__id__exact",
    "milestone__id__exact",
    "task_tags__tag__id__exact",
    "assigned",
    "status__id__exact",
    "priority__id__exact",
    "is_archived__exact",
    "due",
    "due_from",
    "due_to",
    "mine",
    "project_like",
    "milestone_like",
    "user_like",
    "tag_like",
]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_filter_by_nonsense_answers(admin, parameter):
    make_task()
    for value in BAD:
        response = admin.client.get(f"/admin/{LIST}", {parameter: value}, follow=True)
        assert response.status_code == 200, value
        export = admin.get(f"{LIST}export/", **{parameter: value})
        assert export.status_code in {200, 302}, value


@pytest.mark.parametrize("parameter", PARAMETERS[:4])
def test_filter_by_what_is_no_key_lists_nothing(admin, parameter):
    make_task()
    assert titles(admin, **{parameter: "abc"}) == set()


@pytest.mark.parametrize(
    ("asked", "parameter", "label"),
    [
        ({"project_like": "alp"}, "project__id__exact", "Alpha"),
        ({"milestone_like": "laun"}, "milestone__id__exact", "Launch (Alpha)"),
        ({"tag_like": "re"}, "task_tags__tag__id__exact", "red"),
        ({"user_like": "lee"}, "assigned", "Sam Lee"),
    ],
)
def test_row_is_found_without_scripts_by_a_part_of_its_name(admin, scene, asked, parameter, label):
    changelist = admin.get(LIST, **asked, q="a").context["cl"]
    (spec,) = [one for one in changelist.filter_specs if getattr(one, "parameter", "") == parameter]
    (link,) = [one for one in spec.choices(changelist) if label in str(one["display"])]
    assert f"{parameter}=" in link["query_string"]
    assert "q=a" in link["query_string"]
    assert "_like" not in link["query_string"]


def test_filter_form_keeps_the_other_filters(admin, scene):
    html = admin.get(
        LIST, mine="created", project__id__exact=str(scene["alpha"].pk)
    ).content.decode()
    assert '<input type="hidden" name="mine" value="created">' in html
    key = scene["alpha"].pk
    assert f'<option value="{key}" selected>Alpha</option>' in html


def test_rows_to_filter_by_are_offered_to_who_may_see_their_pages(make_staff, scene):
    staff = make_staff("view_task")
    shown = {spec.title for spec in staff.get(LIST).context["cl"].filter_specs}
    assert not shown & {"project", "milestone", "tag"}
    assert titles(staff, project__id__exact=str(scene["alpha"].pk)) == {"launched", "sams"}
    assert staff.get(f"{LIST}team/", term="sam").json()["results"][0]["text"].startswith("Sam")
    assert make_staff("view_project").get(f"{LIST}team/").status_code == 403


@pytest.mark.parametrize(
    ("days", "words"),
    [(-3, "overdue by 3 days"), (-1, "overdue by 1 day"), (0, "today"), (1, "tomorrow")],
)
def test_due_date_stands_out_in_words(admin, days, words):
    task = make_task(due_date=today() + dt.timedelta(days=days))
    assert f"<span>{words}</span>" in admin.get(LIST).content.decode()
    set_status(actor=Actor(), task_id=task.pk, status=TaskStatus.objects.get(pk=2))
    assert f"<span>{words}</span>" not in admin.get(LIST).content.decode()


def test_list_shows_time_tags_people_and_badges(admin):
    task = make_task(tags=["a, b", "c"], assigned=[make_user(first_name="Sam", last_name="Lee")])
    add_time(actor=Actor(), task_id=task.pk, user=admin.user, seconds=3720, work_date=today())
    html = admin.get(LIST).content.decode()
    for text in ("1:02", "&quot;a, b&quot;, c", "Sam Lee", f'fill="{task.status.color}"'):
        assert text in html


@pytest.mark.parametrize(
    "color", ["#000000", "#ffffff", "#767676", "#8a94a6", "#ff0000", "#00ff00"]
)
def test_badge_is_legible(color):
    text = 0.0 if "taskdock-on-light" in badge(color, "x") else 1.0
    light, dark = sorted((_luminance(color), text), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_badge_escapes_its_text():
    assert "<b>" not in badge("#ffffff", "<b>")


def test_list_takes_as_many_queries_for_many_filters(admin, scene, django_assert_max_num_queries):
    query = {
        "project__id__exact": str(scene["alpha"].pk),
        "assigned": str(scene["sam"].pk),
        "milestone_like": "l",
    }
    with django_assert_max_num_queries(30):
        assert admin.get(LIST, **query).status_code == 200


def test_stopping_timers_takes_permission_for_timers(make_staff):
    make_task()
    staff = make_staff("view_task", "change_task")
    assert "stop_timers" not in staff.get(LIST).content.decode()
    staff.user.user_permissions.add(Permission.objects.get(codename="change_timer"))
    assert "stop_timers" in staff.get(LIST).content.decode()
    assert Task.objects.count() == 1
