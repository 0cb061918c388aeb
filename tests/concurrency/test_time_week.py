"""A week's cell that several people write at the same time."""

from functools import partial

import pytest

from tasks.models import HistoryEntry
from tasks.testing import make_task, make_user
from tests.admin.conftest import Browser
from tests.admin.test_time_week import cell_of, send, shown_fields, week
from timers.models import Timer
from timers.testing import make_time

pytestmark = pytest.mark.server
ROUNDS = 5


def browser_of(name):
    return Browser(make_user(first_name=name, is_staff=True, is_superuser=True))


def test_entry_is_changed_by_one_and_shown_to_the_others(together):
    browsers = [browser_of(f"Nr {number}") for number in range(6)]
    for _ in range(ROUNDS):
        timer = make_time(make_task(), user=browsers[0].user)
        cell = cell_of(browsers[0].user, timer.task)
        sent = []
        for number, browser in enumerate(browsers):
            fields = shown_fields(week(browser, **cell)) | {"row": timer.pk}
            fields[f"entry-{timer.pk}-seconds"] = f"0:1{number}"
            sent.append(partial(send, browser, "change", cell, **fields))
        answers = together(*sent)
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [302]
        (winner,) = (place for place, answer in enumerate(answers) if answer.status_code == 302)
        timer.refresh_from_db()
        assert timer.seconds == (10 + winner) * 60
        changes = HistoryEntry.objects.filter(subject_type="timer", subject_id=timer.pk)
        assert changes.filter(verb="updated").count() == 1


def test_no_time_is_lost_that_is_added_at_once(together):
    browsers = [browser_of(f"Nr {number}") for number in range(6)]
    task = make_task()
    cell = cell_of(browsers[0].user, task)
    data = {"entry-task": task.pk, "entry-seconds": "0:10"}
    answers = together(*[partial(send, browser, "add", cell, **data) for browser in browsers])
    assert [answer.status_code for answer in answers] == [302] * 6
    assert list(Timer.objects.values_list("seconds", flat=True)) == [600] * 6
