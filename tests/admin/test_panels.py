"""Panels: one address for what is done in them, with a script and without."""

import pytest

from tasks.models import ChecklistItem
from tasks.testing import make_task
from tests.conftest import ADMIN

SCRIPT = {"X-Taskdock-Panel": "checklist"}


def test_action_without_script_answers_with_the_page_at_the_panel(admin, messages_of):
    task = make_task()
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/checklist/add/"
    response = admin.client.post(path, {"text": "Milk"})
    assert response["Location"] == f"{ADMIN}/taskdock/task/{task.pk}/change/#panel-checklist"
    page = admin.get(f"taskdock/task/{task.pk}/change/")
    assert messages_of(page) == ["The item was added."]
    assert "Milk" in page.content.decode()


def test_action_with_script_answers_with_the_panel(admin):
    task = make_task()
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/checklist/add/"
    response = admin.client.post(path, {"text": "Milk"}, headers=SCRIPT)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.startswith('<section class="taskdock-panel')
    assert "Milk" in html
    assert "The item was added." in html


def test_refused_action_with_script_keeps_what_was_typed(admin):
    task = make_task()
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/checklist/edit/"
    typed = {"row": "987", "text": "Typed with care"}
    response = admin.client.post(path, typed, headers=SCRIPT)
    html = response.content.decode()
    assert response.status_code == 422
    assert "It is no longer there." in html
    assert "Typed with care" in html


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_action_is_done_by_post_alone(admin, method):
    task = make_task()
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/checklist/add/"
    assert getattr(admin.client, method)(path).status_code == 405
    assert not ChecklistItem.objects.exists()
