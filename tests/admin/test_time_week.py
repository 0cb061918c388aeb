"""The page of a week's time: its sums, its filters, what is entered there, and what is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import defaultdict
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.actors import Actor
from tasks.admin.task_list.columns import hours_and_minutes
from tasks.clock import today
from tasks.models import HistoryEntry
from tasks.people import person_name
from tasks.testing import make_client, make_project, make_task, make_user
from tests.conftest import ADMIN
from tests.sides import ONE_SIDED, Side
from timers.admin.week.days import Week
from timers.admin.week.sheet import SHOWN
from timers.admin.week.times import TimeField, exact
from timers.models import Timer
from timers.services import timers
from timers.testing import make_running_timer, make_time

DAY = dt.date(2026, 6, 17)
SUNDAY = dt.date(2026, 6, 14)
WEEK = "taskdock_timers/timer/week/"


def week(browser, **query):
    response = browser.get(WEEK, **{"day": str(DAY), "person": "all", **query})
    assert response.status_code == 200
    return response


def send(browser, action, cell, headers=None, **data):
    query = "&".join(f"{name}={value}" for name, value in cell.items())
    url = reverse("admin:taskdock_timers_timer_week_write", args=[action])
    return browser.client.post(f"{url}?{query}", data, headers=headers)


def cell_of(user, task=None, day=DAY):
    cell = {"day": day, "cell_day": day, "cell_person": user.pk}
    return cell if task is None else {**cell, "cell_project": task.project_id}


def sheet_of(response):
    """Heading, label and times of each row that is no heading."""
    return [
        (
            group["heading"],
            [name for _, name, _ in line["label"]],
            [c["time"] for c in line["cells"]],
        )
        for group in response.context["groups"]
        for line in group["lines"]
    ]


def shown_fields(response):
    """What the forms of a page would send, of all of them together."""

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.values = {}

        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if tag == "input" and given.get("name") and given.get("type") != "checkbox":
                self.values[given["name"]] = given.get("value") or ""

    fields = Fields()
    fields.feed(response.content.decode())
    return fields.values


@pytest.fixture
def world(db):
    """Two people, two projects of two clients."""
    people = [make_user(first_name=name, last_name="Lee") for name in ("Ann", "Bob")]
    projects = [make_project(f"P{n}", client=make_client(f"C{n}")) for n in (1, 2)]
    return people, [make_task(f"T{n}", project=one) for n, one in enumerate(projects, start=1)]


ENTRIES = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(-1, 7), st.integers(60, 86_400)),
    max_size=12,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entries=ENTRIES, group=st.sampled_from(["person", "project", "client"]))
def test_sums_are_those_of_a_plain_reckoning(admin, world, entries, group):
    people, tasks = world
    Timer.objects.all().delete()
    Timer.objects.bulk_create(
        Timer(
            task=tasks[task],
            user=people[person],
            seconds=seconds,
            work_date=SUNDAY + dt.timedelta(days=day),
        )
        for person, task, day, seconds in entries
    )
    rows, days = defaultdict(lambda: [0] * 7), [0] * 7
    for person, task, day, seconds in entries:
        if 0 <= day < 7:
            rows[person_name(people[person]), f"P{task + 1}", f"C{task + 1}"][day] += seconds
            days[day] += seconds

    def told(name, project, client):
        heading, label = {
            "person": (name, [project]),
            "project": (project, [name]),
            "client": (client, [project, name]),
        }[group]
        return heading, label

    def time(seconds):
        return hours_and_minutes(seconds) if seconds else ""

    response = week(admin, group=group)
    assert sheet_of(response) == sorted(
        (*told(*key), [time(one) for one in sums]) for key, sums in rows.items()
    )
    assert [one["total"] for one in response.context["head"]] == [time(one) for one in days]
    assert response.context["week_total"] == hours_and_minutes(sum(days))
    of_groups = defaultdict(int)
    for key, sums in rows.items():
        of_groups[told(*key)[0]] += sum(sums)
    assert {one["heading"]: one["total"] for one in response.context["groups"]} == {
        heading: hours_and_minutes(total) for heading, total in of_groups.items()
    }
    for chart, position in zip(response.context["charts"], (1, 0), strict=False):
        sums = defaultdict(int)
        for key, one in rows.items():
            sums[key[position]] += sum(one)
        assert dict(chart.rows) == {name: hours_and_minutes(one) for name, one in sums.items()}


@pytest.mark.parametrize(
    ("language", "first"),
    [("en", SUNDAY), ("de", dt.date(2026, 6, 15))],
)
def test_week_begins_where_the_language_has_it(language, first):
    with translation.override(language):
        for number in range(7):
            found = Week.of(first + dt.timedelta(days=number))
            assert (found.first, found.last) == (first, first + dt.timedelta(days=6))
        assert Week.of(found.next).first == found.next == found.last + dt.timedelta(days=1)
        assert Week.of(found.previous).next == found.first


@pytest.mark.parametrize("day", ["", "never", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_day_that_is_none_is_today(admin, day):
    assert admin.get(WEEK, day=day).context["week"] == Week.of(today())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:30", 5400), ("0:05:07", 307), ("1.5", 5400), ("1,25", 4500), ("2", 7200), (" .5 ", 1800)],
)
def test_time_is_read_as_people_write_it(text, seconds):
    field = TimeField()
    assert field.clean(text) == seconds
    assert field.clean(exact(seconds)) == seconds
    assert not field.has_changed(seconds, exact(seconds))


def test_ones_own_time_is_shown_first_or_else_everybodys(admin):
    task = make_task()
    make_time(task, work_date=today())
    assert len(sheet_of(admin.get(WEEK))) == 1
    assert admin.get(WEEK).context["choices"]["people"][1][2]
    make_time(task, user=admin.user, work_date=today(), seconds=120)
    assert [days for _, _, days in sheet_of(admin.get(WEEK))] == [
        ["0:02" if day == today() else "" for day in Week.of(today()).days]
    ]
    assert len(sheet_of(admin.get(WEEK, person="all"))) == 2


def test_filters_narrow_the_table_the_charts_and_the_file(admin, world):
    people, tasks = world
    for user in people:
        for task in tasks:
            make_time(task, user=user)
    query = {"project": str(tasks[0].project_id), "person": str(people[1].pk)}
    response = week(admin, **query)
    # A single project shows its tasks.
    (row,) = sheet_of(response)
    bob = person_name(people[1])
    assert row[:2] == (bob, ["P1", "T1"])
    assert [chart.rows for chart in response.context["charts"]] == [
        [("P1", "1:00")],
        [(bob, "1:00")],
    ]
    (line,) = table(admin.client.get(response.context["export_url"]))
    assert (line["person"], line["project"], line["task"]) == (bob, "P1", "T1")
    client = str(tasks[1].project.client_id)
    assert {row[1][0] for row in sheet_of(week(admin, client=client))} == {"P2"}
    for name in ("project", "client", "person"):
        for nothing in ("abc", "987654321", "9" * 30):
            assert sheet_of(week(admin, **{name: nothing})) == []
    # Without scripts one types a part of the name, and chooses among links.
    found = week(admin, project_like="p2")
    links = [link for one in found.context["choices"]["filters"] for link in one["found"]]
    assert [label for _, label in links] == ["P2"]
    assert {row[1][0] for row in sheet_of(admin.client.get(links[0][0]))} == {"P2"}


def test_form_above_the_table_keeps_who_is_shown_until_somebody_is_chosen(admin):
    timer = make_time(make_task())
    make_time(timer.task, user=admin.user)
    assert 'type="hidden" name="person" value="all"' in text(week(admin))
    path = f"{ADMIN}/{WEEK}?day={DAY}&person=all&person="
    assert len(sheet_of(admin.client.get(path))) == 2
    ((heading, _, _),) = sheet_of(admin.client.get(f"{path}{timer.user.pk}"))
    assert heading == person_name(timer.user)


def test_longer_periods_are_drawn_beside_the_week(admin):
    task = make_task()
    for weeks, seconds in ((0, 3600), (3, 7200), (12, 10_800), (13, 14_400)):
        make_time(task, seconds=seconds, work_date=DAY - dt.timedelta(weeks=weeks))
    for span, time in (("week", "1:00"), ("month", "3:00"), ("quarter", "6:00")):
        chart = week(admin, span=span).context["charts"][0]
        assert chart.rows == [(task.project.title, time)]


def test_running_timers_are_shown_and_not_counted(admin):
    timer = make_running_timer(make_task("Ring"), running_for=dt.timedelta(hours=2))
    day = timer.work_date
    response = week(admin, day=str(day))
    (running,) = response.context["running"]
    assert running["clock"].startswith("2:00:")
    assert response.context["week_total"] == "0:00"
    (line,) = response.context["groups"][0]["lines"]
    assert [cell["is_running"] for cell in line["cells"]] == [
        one == day for one in Week.of(day).days
    ]
    (row,) = table(week_file(admin, day=str(day)))
    assert (row["running"], row["seconds"][:3]) == ("1", "720")


def test_entry_is_added_corrected_and_deleted_by_the_services(admin):
    task = make_task("Draw")
    cell = cell_of(admin.user, task)
    added = send(admin, "add", cell, **{"entry-task": task.pk, "entry-seconds": "1:30"})
    assert added.status_code == 302
    assert "cell_day=2026-06-17" in added["Location"]
    timer = Timer.objects.get()
    assert (timer.task, timer.user, timer.seconds, timer.work_date) == (
        task,
        admin.user,
        5400,
        DAY,
    )
    page = week(admin, **cell)
    fields = shown_fields(page)
    fields |= {f"entry-{timer.pk}-seconds": "2", f"entry-{timer.pk}-work_date": "2026-06-18"}
    assert send(admin, "change", cell, **{**fields, "row": timer.pk}).status_code == 302
    timer.refresh_from_db()
    assert (timer.seconds, timer.work_date) == (7200, dt.date(2026, 6, 18))
    assert send(admin, "delete", cell, row=timer.pk).status_code == 302
    assert not Timer.objects.exists()
    verbs = HistoryEntry.objects.filter(subject_type="timer").order_by("pk")
    assert list(verbs.values_list("verb", "door")) == [
        ("created", "admin"),
        ("updated", "admin"),
        ("deleted", "admin"),
    ]


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("", "This field is required."),
        ("soon", "Enter hours and minutes"),
        ("0:00", "between one minute and 24 hours"),
        ("24:01", "between one minute and 24 hours"),
    ],
)
def test_time_that_is_refused_is_told_at_its_field(admin, time, said):
    task = make_task()
    timer = make_time(task, user=admin.user)
    cell = cell_of(admin.user, task)
    fields = shown_fields(week(admin, **cell)) | {"row": timer.pk}
    sent = {
        "add": {"entry-task": task.pk, "entry-seconds": time},
        "change": {**fields, f"entry-{timer.pk}-seconds": time},
    }
    for action, data in sent.items():
        for headers, status in (({}, 200), ({"X-Taskdock-Week": "1"}, 422)):
            response = send(admin, action, cell, headers, **data)
            assert response.status_code == status
            error = re.search(r'id="[^"]*seconds_error"[^>]*>\s*<p>([^<]*)', text(response))
            assert said in error[1]
    assert list(Timer.objects.values_list("seconds", flat=True)) == [3600]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(admin):
    timer = make_time(make_task(), user=admin.user)
    cell = cell_of(admin.user)
    fields = shown_fields(week(admin, **cell)) | {"row": timer.pk}
    bob = Actor(user=make_user(first_name="Bob", last_name="Lee"))
    timers.correct_time(actor=bob, timer_id=timer.pk, seconds=7200)
    fields[f"entry-{timer.pk}-seconds"] = "0:30"
    refused = send(admin, "change", cell, **fields)
    assert person_name(bob.user) in text(refused)
    assert "2:00" in text(refused)
    timer.refresh_from_db()
    assert timer.seconds == 7200
    again = shown_fields(refused) | {"row": timer.pk}
    assert send(admin, "change", cell, **again).status_code == 302
    timer.refresh_from_db()
    assert timer.seconds == 1800


@pytest.mark.parametrize("become", ["invoiced", "gone"])
def test_entry_that_can_no_longer_be_changed_says_so(admin, become):
    timer = make_time(make_task(), user=admin.user)
    cell = cell_of(admin.user)
    fields = shown_fields(week(admin, **cell)) | {
        "row": timer.pk,
        f"entry-{timer.pk}-seconds": "0:30",
    }
    if become == "invoiced":
        timers.set_invoiced(actor=Actor(), timer_id=timer.pk, is_invoiced=True)
    else:
        timer.delete()
    said = "is invoiced" if become == "invoiced" else "not found"
    for action in ("change", "delete"):
        assert said in text(send(admin, action, cell, **fields))
    page = text(week(admin, **cell))
    assert f"entry-{timer.pk}-seconds" not in page
    assert Timer.objects.filter(seconds=3600).count() == (become == "invoiced")


def test_each_does_what_their_permissions_say(make_staff):
    task = make_task()
    timer = make_time(task)
    cell = cell_of(timer.user, task)
    data = {
        "add": {"entry-task": task.pk, "entry-seconds": "1:00"},
        "change": {"row": timer.pk},
        "delete": {"row": timer.pk},
    }
    viewer = make_staff("view_timer")
    page = text(week(viewer, **cell))
    assert 'method="post" action="/admin/taskdock_timers' not in page
    assert "enter time" not in page
    for allowed, sent in data.items():
        browser = make_staff("view_timer", f"{allowed}_timer")
        # Who may do nothing else is offered nothing else.
        offered = set(re.findall(r"week/(add|change|delete)/\?", text(week(browser, **cell))))
        assert offered == {allowed}
        for action, other in data.items():
            if action != allowed:
                assert send(browser, action, cell, **other).status_code == 403
        assert send(viewer, allowed, cell, **sent).status_code == 403
    stranger = make_staff("view_task", "add_timer")
    for path in (WEEK, f"{WEEK}export/", f"{WEEK}people/"):
        assert stranger.get(path).status_code == 403
    assert Timer.objects.count() == 1


def test_nothing_of_the_other_side_is_shown_counted_or_written(db):
    from tests.admin.conftest import Browser

    sides = [Side("annas"), Side("berts")]
    day = sides[0].timesheet.work_date
    with override_settings(TASKDOCK=ONE_SIDED):
        for mine, theirs in (sides, sides[::-1], sides):
            browser = Browser(mine.user)
            for query in ({}, {"group": "client", "tasks": "1"}, {"span": "quarter"}):
                page = week(browser, day=str(day), **query)
                assert theirs.word not in text(page)
                assert mine.word in text(page)
                assert page.context["week_total"] == "1:00"
            for name, key in (
                ("person", theirs.user.pk),
                ("project", theirs.project.pk),
                ("client", theirs.client.pk),
            ):
                assert theirs.word not in text(week(browser, day=str(day), **{name: str(key)}))
            cell = cell_of(theirs.user, theirs.task, day)
            for query in (
                cell,
                {**cell, "q": theirs.word},
                {**cell_of(mine.user), "q": theirs.word},
            ):
                page = text(week(browser, **query)).replace(f'value="{theirs.word}"', "")
                # What was searched for, and the way back to this page.
                assert theirs.word not in page.replace(f"q={theirs.word}", "")
            assert theirs.word not in str(table(week_file(browser, day=str(day))))
            found = browser.get(f"{WEEK}people/", term=theirs.word).json()["results"]
            assert found == []
            before = list(Timer.objects.order_by("pk").values())
            own = cell_of(mine.user, day=day)
            hidden = {
                "row": theirs.timesheet.pk,
                "entry-seconds": "1",
                "entry-task": theirs.task.pk,
            }
            for action in ("add", "change", "delete"):
                for place in (own, cell):
                    response = send(browser, action, place, **hidden)
                    assert response.status_code in {200, 404}
                    assert theirs.word not in text(response)
            assert list(Timer.objects.order_by("pk").values()) == before


def test_project_that_is_out_of_sight_has_no_name(admin):
    make_time(make_task("Seen", project=make_project("Secret", client=make_client("Hidden"))))
    with override_settings(TASKDOCK={"VISIBLE_TO": "tests.admin.test_time_week.tasks_and_people"}):
        for response in (week(admin, group="client", tasks="1"), week_file(admin)):
            shown = text(response)
            assert "Seen" in shown
            assert "Another project" in shown
            assert "Secret" not in shown
            assert "Hidden" not in shown


def tasks_and_people(queryset, actor):
    return queryset.none() if queryset.model._meta.model_name in {"project", "client"} else queryset


def test_page_takes_as_many_queries_for_one_row_as_for_many(admin):
    def count(**query):
        with CaptureQueriesContext(connection) as captured:
            week(admin, **query)
        return len(captured)

    cell = cell_of(admin.user)
    task = make_task("0")
    make_time(task, user=admin.user)
    cases = ({}, {"tasks": "1", "group": "client"}, cell)
    few = [count(**query) for query in cases]
    for number in range(1, 25):
        other = make_task(f"{number}", project=make_project(client=make_client()))
        make_time(other)
        make_time(other, user=admin.user)
    assert [count(**query) for query in cases] == few
    assert max(few) < 30


def test_rows_beyond_the_page_are_in_its_totals(admin):
    task = make_task()
    Timer.objects.bulk_create(
        Timer(task=make_task(f"{number:03}", project=task.project), seconds=60, work_date=DAY)
        for number in range(SHOWN + 5)
    )
    response = week(admin, tasks="1")
    (group,) = response.context["groups"]
    assert len(group["lines"]) == SHOWN
    assert response.context["has_more"]
    assert group["total"] == response.context["week_total"] == hours_and_minutes((SHOWN + 5) * 60)


def test_file_has_each_entry_and_no_formula(admin):
    task = make_task("=1+1;=2", project=make_project("@home", client=make_client("-c")))
    entry = make_time(task, user=admin.user, seconds=5405, is_invoiced=True)
    make_time(task, work_date=DAY + dt.timedelta(weeks=1))
    Timer.objects.filter(pk=entry.pk).update(user=None)
    response = week_file(admin)
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert table(response) == [
        {
            "id": str(entry.pk),
            "day": "2026-06-17",
            "person_id": "",
            "person": "",
            "client_id": str(task.project.client_id),
            "client": "'-c",
            "project_id": str(task.project_id),
            "project": "'@home",
            "task_id": str(task.pk),
            "task": "'=1+1;\u2019=2",
            "seconds": "5405",
            "time": "1:30:05",
            "running": "0",
            "invoiced": "1",
        }
    ]


def week_file(browser, **query):
    return browser.get(f"{WEEK}export/", **{"day": str(DAY), "person": "all", **query})


def text(response):
    if response.streaming:
        if not hasattr(response, "taskdock_text"):
            response.taskdock_text = b"".join(response.streaming_content).decode()
        return response.taskdock_text
    return response.content.decode()


def table(response):
    return list(csv.DictReader(io.StringIO(text(response).removeprefix("\ufeff"), newline="")))
