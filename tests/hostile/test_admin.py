"""Our pages in an admin site of the host's, whose policy forbids what is written into a page."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from comments.testing import make_comment
from tasks.actors import Actor
from tasks.models import HistoryEntry, Tag
from tasks.services.checklists import add_checklist_item
from tasks.testing import (
    make_api_key,
    make_attachment,
    make_milestone,
    make_project,
    make_task,
    make_user,
)
from tests.conftest import ADMIN
from tests.hostile.test_docking import OURS
from timers.testing import make_running_timer, make_time

PAGES = ("", "add/", "{pk}/change/", "{pk}/history/", "{pk}/delete/")
MODELS = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if model.__name__
    in {"Task", "Project", "Milestone", "Client", "TaskStatus", "TaskPriority"}
    | {"APIKey", "Tag", "HistoryEntry", "Attachment", "ChecklistItem", "Comment", "Timer"}
]


class Markup(HTMLParser):
    """What a browser under such a policy would not run, and where links and forms lead."""

    def __init__(self, page):
        super().__init__()
        self.refused, self.targets, self._script = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.refused += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style":
            self.refused.append(tag)
        if tag == "script":
            # Data, which no policy is about, has a type of its own.
            is_data = given.get("type") == "application/json"
            self.refused += [] if "src" in given or is_data else ["script"]
        self.targets += [given[name] for name in ("href", "action") if given.get(name)]
        self.refused += [t for t in self.targets if t.startswith("javascript:")]


@pytest.fixture
def staff(db):
    user = make_user(is_superuser=True)
    project = make_project()
    milestone = make_milestone(project)
    task = make_task(project=project, milestone_id=milestone.pk, assigned=[user], tags=["web"])
    add_checklist_item(actor=Actor(), parent=task, text="Proofread")
    make_comment(task)
    make_time(task)
    make_running_timer(task)
    make_attachment(task)
    make_api_key(user=user)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_pages_have_nothing_inline_and_lead_to_pages_of_the_same_site(staff, model, page):
    row = model._base_manager.first()
    meta = model._meta
    path = f"{ADMIN}/{meta.app_label}/{meta.model_name}/{page.format(pk=row.pk)}"

    response = staff.get(path)

    if response.status_code == 403:
        assert page in {"add/", "{pk}/delete/"}
        assert model in {Tag, HistoryEntry} or model.__name__ in {"APIKey", "ChecklistItem"}
        return
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == "default-src 'self'"
    markup = Markup(response.content.decode())
    assert markup.refused == []
    for target in markup.targets:
        leads_to = urlsplit(urljoin(path, target)).path
        if leads_to in {"/", path} or leads_to.startswith(("/statisch/", f"{ADMIN}/")):
            try:
                resolve(leads_to)
            except Resolver404:
                assert leads_to.startswith("/statisch/")
        else:
            pytest.fail(f"{target} leads out of the site")
    shown = response.content.decode()
    assert "UNBEKANNT" not in shown
    if settings.TEMPLATES[0].get("DIRS"):
        # The host's theme is around ours, and what we add to its lists is in them.
        assert "Hausstil" in shown
        assert ('class="hausliste"' in shown) == (page == "")
        assert "data-label=" in shown or page


def test_lists_answer_with_every_filter_of_theirs(staff):
    for model in MODELS:
        path = f"{ADMIN}/{model._meta.app_label}/{model._meta.model_name}/"
        for target in Markup(staff.get(path).content.decode()).targets:
            if target.startswith("?"):
                response = staff.get(path + target)
                assert response.status_code == 200, (path, target)
