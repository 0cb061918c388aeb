"""What no page of ours was made to be asked: an answer all the same, and never an error of ours."""

import pytest

from tasks.models import Task
from tasks.testing import make_task
from tests.conftest import ADMIN
from timers.testing import make_running_timer, make_time

BAD = ("\x00", "a\x00b", str(2**64), "-1", "\u0663", "1:1:1", "'\"><b>", "0001-01-01")
#: What no database takes whole: more conditions, or a longer pattern, than SQLite has.
ENDLESS = ("a " * 3_000, "a," * 3_000, "%" * 60_000)
TASKS, WEEK = f"{ADMIN}/taskdock/task/", f"{ADMIN}/taskdock_timers/timer/week/"
READ = {
    f"{TASKS}board/": ("q", "project__id__exact", "assigned", "start", "project_like", "x"),
    f"{TASKS}board/cards/": ("start", "q", "assigned"),
    f"{TASKS}board/changes/": ("shown", "q", "task_tags__tag__id__exact"),
    f"{TASKS}mine/": ("x",),
    WEEK: ("day", "group", "span", "person", "project", "client", "user_like"),
    f"{WEEK}?cell_day=2026-03-02&cell_person=PERSON": ("q", "cell_project", "cell_task"),
    f"{WEEK}export/": ("day", "person", "project"),
    f"{WEEK}people/": ("term", "page"),
    f"{TASKS}people/assigned/": ("term", "page"),
    TASKS: ("q", "project_like", "project__id__exact", "assigned", "user_like", "due_date"),
    f"{ADMIN}/taskdock/project/": ("q", "client__id__exact"),
    f"{ADMIN}/taskdock/client/": ("q",),
    f"{ADMIN}/taskdock/milestone/": ("q", "project__id__exact"),
    f"{ADMIN}/taskdock/tag/": ("q",),
    f"{ADMIN}/taskdock/apikey/": ("q",),
    f"{ADMIN}/taskdock/historyentry/": ("q",),
    f"{ADMIN}/taskdock_timers/timer/": ("q",),
    f"{ADMIN}/autocomplete/?app_label=taskdock&model_name=task&field_name=project": ("term",),
}
RULE = {"frequency": "RULE", "rule": "FREQ=DAILY", "interval": "1", "starts_on": "2026-03-02"}
RULE |= {"at": "09:00", "zone": "UTC"}
#: What is sent to an address where all is right but for one of these.
SENT = {
    f"{TASKS}board/move/": ({"move": "TASK:1"}, ("move", "before", "after")),
    f"{TASKS}board/add/": ({"title": "New", "status": "1"}, ("title", "project", "status")),
    f"{TASKS}TASK/complete/": ({}, ("next",)),
    f"{TASKS}TASK/panels/repeats/add/": (RULE, (*RULE, "until", "count", "due_after_days")),
    f"{ADMIN}/taskdock_timers/timer/start/": ({"task": "TASK"}, ("task", "next")),
    f"{WEEK}add/?cell_day=2026-03-02&cell_person=PERSON": (
        {"entry-task": "TASK", "entry-seconds": "1:00"},
        ("entry-task", "entry-seconds"),
    ),
    f"{WEEK}delete/?cell_day=2026-03-02&cell_person=PERSON": ({}, ("row",)),
}


@pytest.fixture
def ask(admin):
    """Asks for an address with the keys of rows in it."""
    task = make_task("One", assigned=[admin.user], tags=["x"])
    make_time(task, user=admin.user)
    make_running_timer(task, user=admin.user)

    def filled(text):
        return text.replace("TASK", str(task.pk)).replace("PERSON", str(admin.user.pk))

    def send(method, address, values):
        path, _, query = filled(address).partition("?")
        values = {name: filled(value) for name, value in values.items()}
        if method == "post":
            return admin.client.post(f"{path}?{query}", values)
        given = dict(pair.split("=") for pair in query.split("&") if pair)
        return admin.client.get(path, {**given, **values})

    return send


@pytest.mark.parametrize("address", READ)
def test_page_that_is_asked_for_nonsense_answers(ask, address):
    for name in READ[address]:
        for value in (*BAD, *ENDLESS):
            assert ask("get", address, {name: value}).status_code in {200, 302, 404}, (
                name,
                value[:20],
            )


@pytest.mark.parametrize("address", SENT)
def test_nonsense_that_is_sent_is_refused_or_ignored(ask, address):
    good, names = SENT[address]
    for name in names:
        for value in (*BAD, *ENDLESS):
            response = ask("post", address, {**good, name: value})
            assert response.status_code in {200, 302, 404, 409, 422}, (name, value[:20])
    assert not any("\x00" in title for title in Task.objects.values_list("title", flat=True))
