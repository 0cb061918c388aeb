"""Every page of the admin of ours, few rows in it, by the window's size and the colour scheme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.urls import reverse

from tests.browser.accessibility import unseen_focus, violations
from tests.browser.chromium import DESKTOP, PHONE, Scheme, Size
from tests.browser.layout import show_as, too_wide
from tests.growth.rows import Rows

LABELS = {config.label for config in apps.get_app_configs() if "taskdock" in config.label}
PAGES = {
    str(model._meta.model_name): page
    for model, page in site._registry.items()
    if model._meta.app_label in LABELS
}
#: Each width and each scheme once.
WINDOWS: tuple[tuple[Size, Scheme], ...] = ((DESKTOP, "light"), (PHONE, "dark"))
#: Whose empty lists and histories stand for those of all, made by the same templates.
ALIKE = ("task", "project")
#: What belongs to no model.
OTHERS = ("/", "/admin/", *(f"/admin/{label}/" for label in sorted(LABELS)))


def _paths(page: Any, pk: Any) -> Iterator[str]:
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    for view in ("change", "delete"):
        yield reverse(f"{name}_{view}", args=[pk])
    if page.opts.model_name in ALIKE:
        yield reverse(f"{name}_changelist") + "?q=nothing+is+called+so"
        yield reverse(f"{name}_history", args=[pk])


def _wrong_with(page: Any, path: str) -> Iterator[str]:
    """What is wrong with a page in any window, a line each."""
    response = page.goto(path)
    if response.status == 403:  # nobody may, and the site's own page says so
        page.watch.take()
        return
    assert response.ok, path
    for size, scheme in WINDOWS:
        show_as(page, size, scheme)
        for line in (*too_wide(page), *violations(page), *unseen_focus(page)):
            yield f"{path} at {size[0]}, {scheme}: {line}"


@pytest.fixture
def rows(committed_db) -> Rows:
    rows = Rows()
    rows.grow(3)
    return rows


@pytest.mark.parametrize("model", PAGES)
def test_pages_fit_are_accessible_and_show_the_focus(page, rows, model):
    admin = PAGES[model]
    name = {"taskstatus": "status", "taskpriority": "priority"}.get(model, model)
    row = getattr(rows, name, None) or admin.model._default_manager.first()
    assert row is not None, f"tests.growth.rows has nothing for the pages of {model}"
    wrong = [line for path in _paths(admin, row.pk) for line in _wrong_with(page, path)]
    assert not wrong, "\n".join(wrong)


def test_pages_of_no_model_fit_are_accessible_and_show_the_focus(page, rows):
    wrong = [line for path in OTHERS for line in _wrong_with(page, path)]
    assert not wrong, "\n".join(wrong)


def test_page_to_log_in_fits_is_accessible_and_shows_the_focus(browse):
    page = browse()
    wrong = list(_wrong_with(page, "/admin/login/"))
    assert not wrong, "\n".join(wrong)
