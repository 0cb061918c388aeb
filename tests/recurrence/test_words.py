"""What rules say in words."""

import datetime as dt

import pytest
from django.utils import translation

from tasks.admin.rules import in_words
from tasks.recurring import parse_rule, zone_called

START = dt.date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("FREQ=DAILY", "Every day", "Jeden Tag"),
        ("FREQ=DAILY;INTERVAL=3", "Every 3 days", "Alle 3 Tage"),
        ("FREQ=WEEKLY", "Every week on Monday", "Jede Woche am Montag"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
            "Every 2 weeks on Monday, Wednesday and Friday",
            "Alle 2 Wochen am Montag, Mittwoch und Freitag",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "Every weekday, Monday to Friday",
            "Jeden Werktag, Montag bis Freitag",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1", None, None),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", None, None),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", None, None),
        ("FREQ=MONTHLY;BYDAY=-2MO", None, None),
        ("FREQ=MONTHLY;BYDAY=MO", None, None),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", None, None),
        ("FREQ=YEARLY;BYDAY=20MO", None, None),
        ("FREQ=YEARLY;BYMONTHDAY=1", None, None),
        ("FREQ=YEARLY;BYYEARDAY=-1", None, None),
        ("FREQ=DAILY;BYDAY=MO", None, None),
        ("FREQ=DAILY;UNTIL=20270501T000000Z", None, None),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "Every month on day 15", "Jeden Monat am 15."),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "Every month on its last day",
            "Jeden Monat am letzten Tag",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",
            "Every 3 months on the second Tuesday",
            "Alle 3 Monate am zweiten Dienstag",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR;COUNT=4",
            "Every month on the last Friday, 4 times",
            "Jeden Monat am letzten Freitag, 4-mal",
        ),
        ("FREQ=YEARLY", "Every year on January 5", "Jedes Jahr am 5. Januar"),
        (
            "FREQ=DAILY;UNTIL=20270501",
            "Every day, until May 1, 2027",
            "Jeden Tag, bis 1. Mai 2027",
        ),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", None, None),
        ("FREQ=YEARLY;BYWEEKNO=20", None, None),
        ("FREQ=DAILY;BYMONTH=1", None, None),
    ],
)
def test_rule_is_worded(text, english, german):
    rule = parse_rule(text)
    for language, words in (("en", english), ("de", german)):
        with translation.override(language):
            assert in_words(rule, START) == words


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=29", START, "Every month on day 29, where there is one"),
        ("FREQ=MONTHLY;BYMONTHDAY=28", START, "Every month on day 28"),
        ("FREQ=MONTHLY", dt.date(2026, 1, 31), "Every month on day 31, where there is one"),
        ("FREQ=MONTHLY;BYDAY=5MO", START, "Every month on the fifth Monday, where there is one"),
        ("FREQ=MONTHLY;BYDAY=4MO", START, "Every month on the fourth Monday"),
        ("FREQ=YEARLY", dt.date(2028, 2, 29), "Every year on February 29, where there is one"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3",
            START,
            "Every month on day 31, where there is one, 3 times",
        ),
    ],
)
def test_words_say_that_months_without_the_day_are_left_out(text, start, words):
    with translation.override("en"):
        assert in_words(parse_rule(text), start) == words


def test_end_at_a_moment_is_worded_by_its_last_day():
    rule, zone = parse_rule("FREQ=DAILY;UNTIL=20260107T045959Z"), zone_called("America/New_York")
    last = rule.last_day(dt.time(9), zone)
    with translation.override("en"):
        assert in_words(rule, START, last=last) == "Every day, until Jan. 6, 2026"
