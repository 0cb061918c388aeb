"""What we do not find stays our answer, where the site looks for a page of its own instead."""

import pytest
from django.test import Client


@pytest.fixture
def pages(settings):
    settings.ROOT_URLCONF = "tests.api.cms_urls"
    settings.MIDDLEWARE = [
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
    ]


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", ["/tasks/999999", "/tasks/x", "/tasks/999999/comments"])
def test_missing_row_where_every_path_is_a_page_is_not_found(pages, api, path, slash):
    response = api.get(f"{path}{slash}")
    assert response.status_code == 404
    assert response.json() == {"message": "Task not found."}


def test_other_path_of_such_a_site_still_leads_to_its_page(pages, db):
    assert Client().get("/news").status_code == 302
