"""My work: what is shown to whom, and where; what its buttons do; the places and the bar."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tasks import extensions
from tasks.actors import Actor
from tasks.clock import today
from tasks.models import HistoryEntry, Tag, Task, TaskStatus
from tasks.reads.mine import SHOWN
from tasks.services.checklists import add_checklist_item
from tasks.services.pins import pin_task
from tasks.services.tasks import archive_task, delete_task
from tasks.testing import make_dependency, make_project, make_task, make_user
from tests.admin.conftest import Browser
from tests.conftest import ADMIN
from tests.sides import ONE_SIDED, Side
from timers.models import Timer
from timers.services.timers import start_timer
from timers.testing import make_running_timer

MINE = "taskdock/task/mine/"
DAY = dt.timedelta(days=1)


def page_of(browser):
    response = browser.get(MINE)
    assert response.status_code == 200
    return response


def sections(browser):
    """The titles of the tasks by section."""
    found = page_of(browser).context["sections"]
    return {section.name: [row.task.title for row in section.rows] for section in found}


def post(browser, path, **data):
    return browser.client.post(f"{ADMIN}/{path}", data)


def due_in(days, title, user=None, **fields):
    day = None if days is None else today() + days * DAY
    return make_task(title, assigned=[user] if user else [], due_date=day, **fields)


def test_task_is_shown_once_where_it_presses_most(admin):
    me, actor = admin.user, Actor(user=admin.user)
    cases = {"late": -1, "now": 0, "tomorrow": 1, "week": 7, "beyond": 8, "undated": None}
    made = {title: due_in(days, title, me) for title, days in cases.items()}
    kept = due_in(None, "kept")
    kept_late = due_in(-3, "kept late")
    for task in (made["now"], made["undated"], kept, kept_late):
        pin_task(actor=actor, task_id=task.pk)
    due_in(0, "done", me, status=TaskStatus.objects.get(is_completed=True))
    archive_task(actor=actor, task_id=due_in(0, "archived", me).pk)
    due_in(0, "somebody's", make_user())
    assert sections(admin) == {
        "overdue": ["kept late", "late"],
        "today": ["now"],
        "soon": ["tomorrow", "week"],
        "assigned": ["undated", "beyond"],
        "pinned": ["kept"],
    }
    html = page_of(admin).content.decode()
    assert html.count('aria-label="Pinned"') == 4
    assert "overdue by 1 day" in html
    assert "in 7 days" in html


@pytest.mark.parametrize(
    ("zone", "section"), [("Pacific/Kiritimati", "overdue"), ("Pacific/Pago_Pago", "soon")]
)
def test_day_is_the_sites(admin, settings, monkeypatch, zone, section):
    # 11:30 UTC: the next day has begun in the one zone, and in the other it is still 00:30.
    settings.TIME_ZONE = zone
    made = dt.datetime(2026, 3, 10, 10, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: made)
    assert today() == dt.date(2026, 3, 11 if section == "overdue" else 9)
    make_task("of the tenth", assigned=[admin.user], due_date=dt.date(2026, 3, 10))
    assert sections(admin)[section] == ["of the tenth"]


def test_page_takes_as_many_queries_for_many_rows_as_for_few(admin):
    me, actor = admin.user, Actor(user=admin.user)
    project = make_project()

    def grow(number):
        for _ in range(number):
            for days in (-1, 0, 3, None):
                task = due_in(days, "mine", me, actor=actor, project=project)
            pin_task(actor=actor, task_id=due_in(None, "pinned", project=project).pk)
            add_checklist_item(actor=actor, parent=task, text="A step")
        start_timer(actor=actor, task_id=task.pk, user=me)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page_of(admin)
        assert not any("COUNT(" in query["sql"] for query in captured.captured_queries)
        return len(captured)

    grow(1)
    few = queries()
    grow(11)
    assert queries() <= few <= 18


def test_long_section_shows_the_first_and_leads_to_the_list(admin):
    project = make_project()
    for number in range(SHOWN + 1):
        due_in(None, f"{number}", admin.user, project=project)
    assigned = page_of(admin).context["sections"][3]
    assert [row.task.title for row in assigned.rows] == [str(n) for n in range(SHOWN, 0, -1)]
    assert assigned.count == f"{SHOWN}+"
    assert assigned.all_url == f"{ADMIN}/taskdock/task/?assigned=me"
    listed = admin.client.get(assigned.all_url).context["cl"]
    assert listed.result_count == SHOWN + 1


def test_lately_tells_what_one_did_and_where(admin):
    actor = Actor(user=admin.user)
    task, gone = make_task("Kept", actor=actor), make_task("Gone", actor=actor)
    add_checklist_item(actor=actor, parent=task, text="A step")
    start_timer(actor=actor, task_id=task.pk, user=admin.user)
    delete_task(actor=actor, task_id=gone.pk)
    make_task("Somebody's", actor=Actor(user=make_user()))
    done = [
        (one.kind, one.name, one.task and one.task.title)
        for one, _ in page_of(admin).context["lately"]
    ]
    assert done[:2] == [("Task", "Gone", None), ("Time entry", "", "Kept")]
    assert ("Task", "Kept", "Kept") in done
    assert "Somebody" not in str(done)


def test_who_may_not_view_a_kind_is_told_nothing_of_it(make_staff):
    browser = make_staff("view_task")
    actor = Actor(user=browser.user)
    task = make_task("Mine", actor=actor)
    start_timer(actor=actor, task_id=task.pk, user=browser.user)
    pin_task(actor=actor, task_id=task.pk)
    page = page_of(browser)
    assert {one.kind for one, _ in page.context["lately"]} == {"Task"}
    assert "pinned" not in {section.name for section in page.context["sections"]}
    assert "taskdock-timer" not in page.content.decode()


def test_who_only_looks_has_nothing_to_press(make_staff):
    browser = make_staff("view_task", "view_timer", "view_taskpin")
    task = due_in(0, "Mine", browser.user)
    start_timer(actor=Actor(user=browser.user), task_id=task.pk, user=browser.user)
    html = page_of(browser).content.decode()
    assert 'class="taskdock-timer"' in html
    content = html.partition('id="content"')[2]
    assert "<form" not in content
    timer = Timer.objects.get()
    for path in (f"taskdock/task/{task.pk}/complete/", f"taskdock_timers/timer/{timer.pk}/stop/"):
        assert post(browser, path).status_code == 403
    assert post(browser, "taskdock_timers/timer/start/", task=task.pk).status_code == 403
    assert Timer.objects.get().is_running
    assert Task.objects.get().completed_at is None


def test_complete_goes_through_the_service_and_warns_of_blockers(admin, messages_of):
    task, blocker = due_in(0, "Build", admin.user), make_task("Design")
    make_dependency(task, blocker)
    path = f"taskdock/task/{task.pk}/complete/"
    response = admin.client.post(f"{ADMIN}/{path}", {"next": f"{ADMIN}/{MINE}"}, follow=True)
    assert messages_of(response) == [
        "“Build” is completed.",
        f"It is completed, but waits for open tasks: #{blocker.pk} Design.",
    ]
    assert response.redirect_chain == [(f"{ADMIN}/{MINE}", 302)]
    task.refresh_from_db()
    assert task.completed_by_id == admin.user.pk
    entry = HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk).first()
    assert (entry.verb, entry.door) == ("updated", "admin")


def test_timer_is_started_and_stopped_and_one_is_back_where_one_was(admin, messages_of):
    task, here = due_in(0, "Build", admin.user), f"{ADMIN}/taskdock/task/?q=build"
    start = f"{ADMIN}/taskdock_timers/timer/start/"
    assert admin.client.post(start, {"task": task.pk, "next": here})["Location"] == here
    timer = Timer.objects.get(user=admin.user)
    assert (timer.task_id, timer.is_running) == (task.pk, True)
    stop = f"{ADMIN}/taskdock_timers/timer/{timer.pk}/stop/"
    assert f'action="{stop}"' in page_of(admin).content.decode()
    for _ in range(2):
        assert admin.client.post(stop, {"next": here})["Location"] == here
    timer.refresh_from_db()
    assert timer.is_running is None
    for key in ("", "abc", "0", "9" * 30, "-1"):
        response = admin.client.post(start, {"task": key}, follow=True)
        assert messages_of(response)[-1] == "Task not found."


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "", "\\\\elsewhere.example"]
)
def test_nobody_is_led_out_of_the_site(admin, target):
    timer = make_running_timer(make_task(), user=admin.user)
    path = f"{ADMIN}/taskdock_timers/timer/{timer.pk}/stop/"
    assert admin.client.post(path, {"next": target})["Location"].startswith(f"{ADMIN}/")


def test_forms_need_the_token_of_the_page(admin):
    admin.client.handler.enforce_csrf_checks = True
    timer = make_running_timer(make_task(), user=admin.user)
    assert post(admin, f"taskdock_timers/timer/{timer.pk}/stop/").status_code == 403
    html = page_of(admin).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    path = f"taskdock_timers/timer/{timer.pk}/stop/"
    assert post(admin, path, csrfmiddlewaretoken=token).status_code == 302


PAGES = [
    "taskdock/task/",
    "taskdock/task/add/",
    "taskdock/task/{task}/change/",
    "taskdock/task/{task}/history/",
    "taskdock/task/{task}/delete/",
    "taskdock/task/mine/",
    "taskdock/project/",
    "taskdock/project/{project}/change/",
    "taskdock/project/{project}/archive/",
    "taskdock/project/{project}/delete/",
    "taskdock/taskstatus/1/delete/",
    "taskdock/apikey/",
    "taskdock/historyentry/",
    "taskdock/tag/{tag}/history/",
    "taskdock_timers/timer/",
    "taskdock_timers/timer/add/",
    "taskdock_comments/comment/",
]


def test_bar_and_places_are_on_each_page_of_ours_for_one_query(admin):
    task = make_task("Build", tags=["red"])
    keys = {"task": task.pk, "project": task.project_id, "tag": Tag.objects.get().pk}
    paths = [path.format(**keys) for path in PAGES]

    def statements(path):
        with CaptureQueriesContext(connection) as captured:
            response = admin.get(path)
        assert response.status_code == 200, path
        asked = [q["sql"] for q in captured.captured_queries if "is_running" in q["sql"]]
        return response.content.decode(), asked

    for path in paths:
        assert 'class="taskdock-timer"' not in statements(path)[0]
    make_running_timer(task, user=admin.user)
    for path in paths:
        html, asked = statements(path)
        bar = html.partition('<section class="taskdock-timer"')[2].partition("</section>")[0]
        assert f'<a href="{ADMIN}/taskdock/task/{task.pk}/change/">Build</a>' in bar, path
        assert f'value="{ADMIN}/{path}"' in bar
        assert html.count('class="taskdock-places"') == 1
        own = [sql for sql in asked if '"title"' in sql or "`title`" in sql]
        assert len(own) <= 2 if "timer/" in path else len(own) <= 1, (path, own)
    bulk = {"action": "archive", "_selected_action": [task.pk]}
    for path, data in [
        ("taskdock/task/", bulk),
        ("taskdock/project/", {"action": "delete_selected", "_selected_action": [task.project_id]}),
    ]:
        assert 'class="taskdock-timer"' in post(admin, path, **data).content.decode()
    popup = admin.get("taskdock/task/", _popup=1).content.decode()
    assert "taskdock-timer" not in popup
    assert 'class="taskdock-places"' not in popup
    assert "taskdock-timer" not in admin.get("auth/user/").content.decode()


def test_places_are_those_that_one_may_view_and_say_where_one_is(admin, make_staff):
    task = make_task()

    def marked(path):
        html = admin.get(path).content.decode().partition('class="taskdock-places"')[2]
        return re.findall(r'aria-current="(\w+)">([^<]+)<', html.partition("</nav>")[0])

    assert marked(MINE) == [("page", "My work")]
    assert marked("taskdock/task/") == [("page", "Tasks")]
    assert marked(f"taskdock/task/{task.pk}/change/") == [("true", "Tasks")]
    assert marked("taskdock/project/") == []
    html = make_staff("view_project").get("taskdock/project/").content.decode()
    assert 'class="taskdock-places"' not in html


@pytest.mark.django_db
def test_two_see_their_own_alone_and_nothing_that_is_out_of_sight():
    one, other = Side("annas"), Side("berts")
    for side, hidden in ((one, other), (other, one)):
        # What somebody did, has and runs where they no longer see it.
        pin_task(actor=side.actor, task_id=hidden.task.pk)
        Task.objects.filter(pk=hidden.task.pk).first().assignees.create(
            user=side.user, task_created_at=hidden.task.created_at
        )
        start_timer(actor=side.actor, task_id=hidden.task.pk, user=side.user)
    with override_settings(TASKDOCK=ONE_SIDED):
        for side, hidden in ((one, other), (other, one), (one, other)):
            browser = Browser(side.user)
            html = page_of(browser).content.decode()
            assert f"{side.word} task" in html
            assert hidden.word not in html
            assert 'class="taskdock-timer"' not in html
            assert post(browser, f"taskdock/task/{hidden.task.pk}/complete/").status_code == 404
            post(browser, "taskdock_timers/timer/start/", task=hidden.task.pk)
            timer = Timer.objects.get(user=side.user, is_running=True)
            path = f"taskdock_timers/timer/{timer.pk}/stop/"
            assert post(browser, path).status_code == 404
    assert not Task.objects.filter(completed_at__isnull=False).exists()


def tag(user, *, request=True):
    asked = RequestFactory().get("/somewhere/?a=b")
    asked.user = user
    context = Context({"request": asked} if request else {})
    return Template("{% load taskdock_timers %}{% running_timer %}").render(context)


@pytest.mark.django_db
def test_tag_shows_ones_timer_and_stops_it_where_one_may(make_staff, django_assert_num_queries):
    staff, member = make_staff("change_timer").user, make_user(is_staff=False)
    task = make_task("Build <it>")
    timer = make_running_timer(task, user=staff)
    make_running_timer(task, user=member)
    html = tag(staff)
    assert "Build &lt;it&gt;" in html
    assert f'action="{ADMIN}/taskdock_timers/timer/{timer.pk}/stop/"' in html
    assert 'value="/somewhere/?a=b"' in html
    assert "csrfmiddlewaretoken" in html
    assert "<a " not in html
    with django_assert_num_queries(1):
        html = tag(member)
    assert "Build &lt;it&gt;" in html
    assert "<form" not in html
    assert tag(make_user()) == ""
    assert tag(AnonymousUser()) == ""
    assert tag(staff, request=False) == ""


@pytest.mark.django_db
@pytest.mark.urls("tests.admin.no_admin")
def test_tag_only_shows_where_there_is_no_admin():
    user = make_user(is_superuser=True)
    make_running_timer(make_task("Build"), user=user)
    html = tag(user)
    assert "Build" in html
    assert "<form" not in html
    assert "<a " not in html


def test_site_without_timers_has_the_page_all_the_same(admin, monkeypatch):
    monkeypatch.setattr(extensions, "_registered", {})
    due_in(0, "Build", admin.user)
    html = page_of(admin).content.decode()
    assert "Complete Build" in html
    assert "taskdock-row-button" not in html
