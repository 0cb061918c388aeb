"""The admin speaks the language of whoever looks at it."""

import pytest

from tasks.testing import make_api_key, make_task
from timers.testing import make_time


@pytest.fixture
def german(admin, settings):
    settings.LANGUAGE_CODE = "de"
    return admin


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        (
            "taskdock/task/",
            ["Aufgaben", "Durchsucht die Titel, und Nummern wie 120 oder #120.", "Fällig"],
        ),
        ("taskdock/task/add/", ["Personen und Tags", "Abrechenbar", "Priorität"]),
        ("taskdock/apikey/", ["API-Schlüssel", "Ausgewählte API-Schlüssel widerrufen"]),
        ("taskdock_timers/timer/", ["Zeiteinträge", "Als abgerechnet kennzeichnen"]),
        ("taskdock_comments/comment/", ["Kommentare"]),
    ],
)
def test_page_on_a_german_site_is_german(german, path, texts):
    make_api_key()
    make_time(make_task())
    page = german.get(path).content.decode()
    assert [text for text in texts if text not in page] == []


def test_action_on_a_german_site_says_what_it_did_in_german(german, messages_of):
    tasks = [make_task(), make_task()]
    assert messages_of(german.action("taskdock/task/", "archive", tasks, post="yes")) == [
        "2 Aufgaben sind archiviert."
    ]
