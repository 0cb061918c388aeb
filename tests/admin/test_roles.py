"""Who may do what: every page of ours by every role, as one table.

The pages are those that the admin registers: one without a row in the table fails. What a role may
not do is not offered either: the pages of those who only look have no way to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.contrib.auth.models import Permission
from django.test import override_settings
from django.urls import reverse

from tasks.testing import make_user
from tests.admin.conftest import Browser
from tests.conftest import ADMIN
from tests.growth.rows import Rows

LABELS = {config.label for config in apps.get_app_configs() if "taskdock" in config.label}
PAGES = {
    str(model._meta.model_name): page
    for model, page in django_admin.site._registry.items()
    if model._meta.app_label in LABELS
}
#: Roles by the permissions that they have for a model, and the tasks' own where a page asks for it.
ROLES = {
    "none": (),
    "view": ("view",),
    "add": ("add",),
    "change": ("change",),
    "delete": ("delete",),
    "all": ("view", "add", "change", "delete"),
}
EVERYBODY = (*ROLES, "superuser")
LOOK = {"view", "change", "all", "superuser"}
ADD, CHANGE = {"add", "all", "superuser"}, {"change", "all", "superuser"}
DELETE = {"delete", "all", "superuser"}
#: Who may open a page, and who may send it. A page that is only sent has nobody who opens it.
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "changelist": (LOOK, LOOK),
    "history": (LOOK, set()),
    "add": (ADD, ADD),
    "change": (LOOK, CHANGE),
    "delete": (DELETE, DELETE),
    "people": (ADD | CHANGE, set()),
    "move": (set(), CHANGE),
    "archive": (CHANGE, CHANGE),
    "revoke": (CHANGE, CHANGE),
    "download": (LOOK, set()),
    "image": (LOOK, set()),
    "thumbnail": (LOOK, set()),
    "cover": (LOOK, set()),
    "team": (LOOK, set()),
    # A fresh token for forms: for everybody who may enter the admin.
    "token": (set(EVERYBODY), set()),
    "export": (LOOK, set()),
    "preview": (set(), ADD | CHANGE),
    "panel": (set(), CHANGE),
    "board": (LOOK, set()),
    "board_cards": (LOOK, set()),
    "board_changes": (LOOK, set()),
    "board_move": (set(), CHANGE),
    "board_add": (set(), ADD),
    "mine": (LOOK, set()),
    "complete": (set(), CHANGE),
    "start": (set(), ADD),
    "stop": (set(), CHANGE),
    "progress": (LOOK, set()),
    "week": (LOOK, set()),
    "week_export": (LOOK, set()),
    "week_people": (LOOK, set()),
    "week_write": (set(), ADD & LOOK),
}
#: What is never opened, only sent.
ONLY_SENT = {"move", "preview", "panel", "board_move", "board_add"}
ONLY_SENT |= {"complete", "start", "stop", "week_write"}
#: What is about no single row.
OF_NO_ROW = {"people", "changelist", "add", "preview", "team", "export", "token"}
OF_NO_ROW |= {"board", "board_cards", "board_changes", "board_move", "board_add"}
OF_NO_ROW |= {"mine", "start", "week", "week_export", "week_people", "week_write"}
#: What nobody may do whatever their role.
NEVER = {
    "tag": {"add", "change", "delete"},
    "historyentry": {"add", "change", "delete"},
    "apikey": {"delete"},
}


def own_urls(name: str) -> dict[str, Any]:
    """The registered pages of a model, by name."""
    page = PAGES[name]
    prefix = f"{page.opts.app_label}_{name}_"
    return {
        str(pattern.name).removeprefix(prefix): pattern
        for pattern in page.get_urls()
        if str(pattern.name).startswith(prefix)
    }


CASES = [(model, view) for model in PAGES for view in own_urls(model)]


#: What panels of a task do, by the panel.
ACTIONS = [(panel.name, name) for panel in PAGES["task"].panels() for name in panel.action_of]


@pytest.fixture
def rows(db: None) -> Rows:
    found = Rows()
    found.grow(1)
    return found


@pytest.fixture
def played(db: None) -> Callable[[str, str], Browser]:
    """A browser of somebody in a role for one model."""

    def play(role: str, model: str) -> Browser:
        user: Any = make_user(is_superuser=role == "superuser")
        if role != "superuser":
            # Whose the row is makes no difference here: tests/admin/test_own_comments.py.
            names = [f"{verb}{any_}_{model}" for verb in ROLES[role] for any_ in ("", "_any")]
            user.user_permissions.set(
                Permission.objects.filter(codename__in=names, content_type__app_label__in=LABELS)
            )
        return Browser(user)

    return play


def row_of(model: str, rows: Rows) -> Any:
    name = {"taskstatus": "status", "taskpriority": "priority", "client": "idle_client"}.get(model)
    if model in {"project", "milestone"}:
        return rows.project if model == "project" else rows.milestone
    return getattr(rows, name or model, None) or PAGES[model].model._default_manager.first()


def path_of(model: str, view: str, row: Any) -> str:
    page = PAGES[model]
    name = f"admin:{page.opts.app_label}_{model}_{view}"
    if view == "week_write":
        return reverse(name, args=["add"])
    if view == "move" or view in OF_NO_ROW - {"people"}:
        return reverse(name)
    if view == "panel":
        return reverse(name, args=[row.pk, *ACTIONS[0]])
    if view == "people":
        field = next(iter(getattr(page, "people_fields", {})), "nobody")
        return reverse(name, args=[field])
    return reverse(name, args=[row.pk])


def test_every_page_has_a_row_in_the_table():
    assert {view for _, view in CASES} == set(TABLE)
    assert set(NEVER) <= set(PAGES)


@pytest.mark.parametrize(("model", "view"), CASES)
def test_page_is_open_to_those_in_the_table_alone(rows, played, model, view):
    for role in EVERYBODY:
        _check_page(played(role, model), row_of(model, rows), model, view, role)


def _check_page(browser, row, model, view, role):
    path = path_of(model, view, row)
    may_open, may_send = TABLE[view]
    never = NEVER.get(model, set())
    opened = browser.client.get(path)
    expected = role in may_open and not (view in never and view != "change")
    if view == "people" and not getattr(PAGES[model], "people_fields", {}):
        assert opened.status_code in {403, 404}
    elif view in ONLY_SENT:
        assert opened.status_code in {403, 405}
    elif view in {"image", "thumbnail", "cover"}:
        # What is there is no image.
        assert (opened.status_code == 404) is expected
    else:
        assert (opened.status_code == 200) is expected, (opened.status_code, path, role)
        if not expected:
            assert opened.status_code in {302, 403}, path
    if role not in may_send or view in never:
        before = list(PAGES[model].model._default_manager.order_by("pk").values())
        data = {"post": "yes", "asked": "yes", "confirmed": "yes", "move": f"{row.pk}:"}
        sent = browser.client.post(path, data)
        assert sent.status_code in {302, 403, 404, 405} or view in {"history", "changelist"}, path
        assert list(PAGES[model].model._default_manager.order_by("pk").values()) == before


@pytest.mark.parametrize("role", ["none", "view", "add", "delete"])
def test_panels_do_nothing_for_those_who_may_not_change(rows, played, role):
    browser = played(role, "task")
    for panel, action in ACTIONS:
        path = reverse("admin:taskdock_task_panel", args=[rows.task.pk, panel, action])
        # A panel that isn't shown isn't there.
        assert browser.client.post(path, {}).status_code in {403, 404}, path


#: What writes on a page: a button that is sent, or a link to a page that does.
WRITES = re.compile(
    r'name="(?:_save|_continue|_addanother|move)"|class="(?:deletelink|addlink)"'
    r'|href="[^"]*/(?:add|delete|archive|revoke)/'
)


@pytest.mark.parametrize("view", ["changelist", "change", "history"])
@pytest.mark.parametrize("model", PAGES)
def test_those_who_only_look_are_offered_nothing_to_touch(rows, played, model, view):
    browser, row = played("view", model), row_of(model, rows)
    html = browser.client.get(path_of(model, view, row)).content.decode()
    content = html.partition('id="content')[2]
    assert [found[0] for found in WRITES.finditer(content)] == []


@pytest.mark.parametrize("model", PAGES)
def test_actions_are_offered_and_done_as_the_role_has_it(rows, played, model):
    for role in EVERYBODY:
        _check_actions(played(role, model), row_of(model, rows), PAGES[model], role)


def _check_actions(browser, row, page, role):
    model = page.opts.model_name
    response = browser.client.get(path_of(model, "changelist", row))
    if role not in LOOK:
        assert response.status_code in {302, 403}
        return
    form = response.context.get("action_form")
    offered = {name for name, _ in form.fields["action"].choices if name} if form else set()
    for name in offered:
        found = page.get_actions(response.wsgi_request)[name]
        # A tuple in Django 5.2.
        action = found.func if hasattr(found, "func") else found[0]
        needs = set(getattr(action, "allowed_permissions", ()))
        # Whoever may change rows may look at them.
        has = {*ROLES.get(role, ()), *({"view"} if role in LOOK else ())}
        assert role == "superuser" or needs & has, name
    everything = {"archive", "restore", "activate", "revoke", "delete_selected"}
    before = list(page.model._default_manager.order_by("pk").values())
    for name in everything - offered:
        browser.action(
            f"{page.opts.app_label}/{model}/", name, [row], post="yes", confirmed="yes", asked="yes"
        )
    assert list(page.model._default_manager.order_by("pk").values()) == before


#: Pages about a row that a site may keep from somebody.
OF_ROWS = [
    (model, view)
    for model, view in CASES
    if view not in OF_NO_ROW and model not in {"taskstatus", "taskpriority", "apikey"}
]


def nothing(queryset, actor):
    return queryset.none()


@pytest.mark.parametrize(("model", "view"), OF_ROWS)
def test_what_is_out_of_sight_is_out_of_reach_whatever_the_role(rows, played, model, view):
    for role in ("all", "superuser"):
        _check_out_of_sight(played(role, model), row_of(model, rows), model, view)


def _check_out_of_sight(browser, row, model, view):
    path = path_of(model, view, row)
    before = list(PAGES[model].model._base_manager.order_by("pk").values())
    data = {"post": "yes", "asked": "yes", "archived": "yes", "move": f"{row.pk}:"}
    with override_settings(TASKDOCK={"VISIBLE_TO": "tests.admin.test_roles.nothing"}):
        opened, sent = browser.client.get(path), browser.client.post(path, data)
    assert opened.status_code in {302, 403, 404, 405}
    assert sent.status_code in {302, 403, 404, 405}
    assert list(PAGES[model].model._base_manager.order_by("pk").values()) == before


def test_strangers_are_sent_to_the_login_from_every_page(rows, client):
    for model, view in CASES:
        path = path_of(model, view, row_of(model, rows))
        for response in (client.get(path), client.post(path)):
            assert response.status_code == 302, path
            assert response["Location"].startswith(f"{ADMIN}/login/")
