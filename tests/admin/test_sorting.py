"""Sorting lists by hand: statuses, priorities and the milestones of a project."""

import pytest

from tasks.models import Milestone, TaskPriority, TaskStatus
from tasks.testing import make_milestone, make_project
from tests.admin.conftest import _Forms
from tests.conftest import ADMIN

LISTS = {"taskstatus": TaskStatus, "taskpriority": TaskPriority, "milestone": Milestone}
lists = pytest.mark.parametrize("name", LISTS)


@pytest.fixture
def sorted_list(db):
    """Gives the path of a list that is sorted by hand, and its order."""
    project = make_project()
    for number in range(2):
        make_milestone(project, f"{number}")

    def path(name):
        query = f"?project__id__exact={project.pk}" if name == "milestone" else ""
        return f"taskdock/{name}/", query

    return path


def order_of(name):
    return list(LISTS[name].objects.order_by("position", "pk").values_list("pk", flat=True))


def buttons(browser, path, query):
    html = browser.client.get(f"{ADMIN}/{path}{query}").content.decode()
    return html.count('name="move"')


@lists
def test_button_moves_a_row_and_leads_back_to_the_list(admin, sorted_list, messages_of, name):
    path, query = sorted_list(name)
    first, second, *rest = order_of(name)
    assert buttons(admin, path, query) == 2 * len(order_of(name))
    url = f"{ADMIN}/{path}move/{query}"
    response = admin.client.post(url, {"move": f"{second}:{first}"}, follow=True)
    assert response.request["PATH_INFO"] == f"{ADMIN}/{path}"
    assert response.request["QUERY_STRING"] == query.lstrip("?")
    assert order_of(name) == [second, first, *rest]
    assert f"is at place 1 of {len(rest) + 2} now" in messages_of(response)[0]


@lists
def test_script_is_told_the_order(admin, sorted_list, name):
    path, query = sorted_list(name)
    first, *rest = order_of(name)
    response = admin.client.post(
        f"{ADMIN}/{path}move/{query}", {"move": f"{first}:"}, headers={"Accept": "application/json"}
    )
    assert response.json()["order"] == [str(pk) for pk in [*rest, first]]
    assert order_of(name) == [*rest, first]


@lists
@pytest.mark.parametrize("sent", ["", "abc", ":", "1:abc", "987654:", "1:987654", f"{2**70}:"])
def test_move_that_is_none_is_refused_and_changes_nothing(admin, sorted_list, name, sent):
    path, query = sorted_list(name)
    before = order_of(name)
    sent = sent.replace("1:", f"{before[0]}:")
    url = f"{ADMIN}/{path}move/{query}"
    response = admin.client.post(url, {"move": sent}, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["order"]) == (409, [])
    assert admin.client.post(url, {"move": sent}).status_code == 302
    assert order_of(name) == before


@lists
def test_buttons_are_for_those_alone_who_may_change(make_staff, sorted_list, name):
    path, query = sorted_list(name)
    viewer, editor = make_staff(f"view_{name}"), make_staff(f"change_{name}")
    assert buttons(viewer, path, query) == 0
    assert buttons(editor, path, query) > 0
    pk = order_of(name)[-1]
    assert viewer.client.post(f"{ADMIN}/{path}move/", {"move": f"{pk}:"}).status_code == 403
    assert editor.client.get(f"{ADMIN}/{path}move/").status_code == 405


@lists
def test_list_in_another_order_has_no_buttons(admin, sorted_list, name):
    path, query = sorted_list(name)
    joined = "&" if query else "?"
    assert buttons(admin, path, f"{query}{joined}o=1") == 0
    assert buttons(admin, path, f"{query}{joined}q=a") == 0
    if name == "milestone":
        assert buttons(admin, path, "") == 0


def test_form_of_a_list_sends_no_move_by_itself(admin, sorted_list):
    forms = _Forms()
    forms.feed(admin.get("taskdock/taskstatus/").content.decode())
    assert "move" not in forms.values
