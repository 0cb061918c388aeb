"""What rules say in words."""

import datetime as dt

import pytest
from django.utils import translation

from tasks.admin.rules import in_words
from tasks.recurring import parse_rule

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
