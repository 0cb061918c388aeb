"""Two admins who save one field at the same instant: one of them is told of the other."""

import pytest

from tasks.models import Task
from tasks.testing import make_task, make_user
from tests.admin.conftest import Browser

pytestmark = pytest.mark.server
ROUNDS = 5


def test_field_that_two_save_at_once_is_lost_to_neither(together):
    task = make_task()
    admins = {name: Browser(make_user(is_superuser=True)) for name in ("hers", "his")}
    for number in range(ROUNDS):
        pages = {
            f"{name} {number}": admin.open(f"taskdock/task/{task.pk}/change/")
            for name, admin in admins.items()
        }
        answers = together(
            *(lambda page=page, text=text: page.submit(title=text) for text, page in pages.items())
        )
        told = dict(zip(pages, answers, strict=True))
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        (saved,) = (text for text, answer in told.items() if answer.status_code == 302)
        (refused,) = (answer for answer in answers if answer.status_code == 200)
        assert Task.objects.get().title == saved
        # Both are shown.
        for text in pages:
            assert text in refused.content.decode()
