"""Comments in the admin: people edit and delete their own, others' by a permission."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

from comments.models import Comment
from comments.testing import make_comment
from tasks.models import HistoryEntry
from tasks.testing import make_task, make_user
from tests.conftest import ADMIN

COMMENTS = "taskdock_comments/comment"
VIEW = ("view_task", "view_comment")
MEMBER = (*VIEW, "change_comment", "delete_comment")
MIGRATION = import_module("comments.migrations.0002_own_comments")


@pytest.fixture
def others(db):
    return make_comment(make_task("Build"), "first", creator=make_user(first_name="Sam"))


def _send(browser, comment, action, **data):
    path = f"{ADMIN}/taskdock/task/{comment.task_id}/panels/comments/{action}/"
    return browser.client.post(path, {"row": comment.pk, **data})


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_panel_refuses_others_comments(make_staff, others, action):
    answer = _send(make_staff(*MEMBER), others, action, text="changed")
    assert answer.status_code == 200
    assert "Only its author may do this." in answer.content.decode()
    assert list(Comment.objects.values_list("text", flat=True)) == ["first"]


def test_panel_offers_to_change_own_comments_alone(make_staff, others):
    browser = make_staff(*MEMBER)
    own = make_comment(others.task, "mine", creator=browser.user)
    html = browser.get(f"taskdock/task/{others.task_id}/change/").content.decode()
    assert f"comment-more-{own.pk}" in html
    assert f"comment-more-{others.pk}" not in html
    _send(browser, own, "edit", text="corrected")
    own.refresh_from_db()
    assert own.text == "corrected"


@pytest.mark.parametrize(
    ("action", "verb", "left"),
    [("edit", "comment_edited", ["changed"]), ("delete", "comment_deleted", [])],
)
def test_permission_opens_others_comments_and_history_tells(make_staff, others, action, verb, left):
    browser = make_staff(*MEMBER, "change_any_comment", "delete_any_comment")
    _send(browser, others, action, text="changed")
    assert list(Comment.objects.values_list("text", flat=True)) == left
    entry = HistoryEntry.objects.get(verb=verb)
    assert (entry.subject_type, entry.subject_id) == ("task", others.task_id)
    assert entry.actor_id == str(browser.user.pk)
    html = browser.get(f"taskdock/task/{others.task_id}/history/").content.decode()
    assert "Sam: first" in html
    page = browser.get(f"taskdock/task/{others.task_id}/change/").content.decode()
    assert ("edited by" in page) is (action == "edit")


def test_edit_of_an_own_comment_names_no_editor(make_staff, others):
    browser = make_staff(*MEMBER)
    own = make_comment(others.task, "mine", creator=browser.user)
    _send(browser, own, "edit", text="corrected")
    html = browser.get(f"taskdock/task/{others.task_id}/change/").content.decode()
    assert "edited" in html
    assert "edited by" not in html


@pytest.mark.parametrize(("page", "status"), [("change", 200), ("delete", 403)])
def test_pages_of_others_comments_change_nothing(make_staff, others, page, status):
    browser = make_staff(*MEMBER)
    assert browser.get(f"{COMMENTS}/{others.pk}/{page}/").status_code == status
    path = f"{ADMIN}/{COMMENTS}/{others.pk}/{page}/"
    assert browser.client.post(path, {"text": "changed", "post": "yes"}).status_code == 403
    others.refresh_from_db()
    assert others.text == "first"


def test_bulk_deletion_leaves_others_comments_and_says_so(make_staff, messages_of, others):
    browser = make_staff(*MEMBER)
    own = make_comment(others.task, "mine", creator=browser.user)
    preview = browser.action(f"{COMMENTS}/", "delete_selected", [own, others])
    html = preview.content.decode()
    assert "1 comment will be deleted" in html
    assert "Only its author may delete it." in html
    assert Comment.objects.count() == 2
    said = browser.action(f"{COMMENTS}/", "delete_selected", [own, others], post="yes")
    assert messages_of(said) == [
        "1 comment was deleted.",
        "1 comment was not changed (Sam: first): Only its author may delete it.",
    ]
    assert list(Comment.objects.all()) == [others]


@pytest.mark.parametrize("holder", ["user", "group"])
def test_migration_gives_the_permissions_to_those_who_had_them(make_staff, others, holder):
    browser = make_staff(*VIEW) if holder == "group" else make_staff(*MEMBER)
    if holder == "group":
        group = Group.objects.create(name="Members")
        group.permissions.set(Permission.objects.filter(codename__in=MEMBER))
        browser.user.groups.add(group)
    MIGRATION.grant(apps, SimpleNamespace(connection=connection))
    _send(browser, others, "edit", text="changed")
    others.refresh_from_db()
    assert others.text == "changed"
    outsider = make_staff(*VIEW)
    assert not outsider.user.has_perm("taskdock_comments.change_any_comment")
