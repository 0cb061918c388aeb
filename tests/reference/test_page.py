"""The page beside the reference: all of it from files of the site's own."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.skipif(
    not apps.is_installed("config"), reason="only the stand-alone site has the page"
)


@pytest.fixture
def page(client):
    response = client.get("/api/docs")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    return response.content.decode()


def test_page_is_served_with_a_trailing_slash_and_without_a_key(client, page):
    assert client.get("/api/docs/").content.decode() == page


def test_page_has_a_box_for_the_key_and_a_way_back(page):
    assert '<label for="key">API key</label>' in page
    assert re.search(r'<input id="key" type="password"', page)
    assert ">Use this key</button>" in page
    assert 'href="/"' in page
    assert 'data-schema="/api/schema"' in page


def test_page_holds_no_script_no_style_and_nothing_from_elsewhere(client, page):
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=|https?:", page)
    linked = re.findall(r'(?:href|src)="([^"]+)"', page)
    files = [address for address in linked if address.startswith("/static/")]
    assert {address for address in linked if address not in files} == {"/", "/api/schema"}
    assert len(files) >= 5
    for address in files:
        assert finders.find(address.removeprefix("/static/")), address
    policy = client.get("/api/docs")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", ["config/reference.js", "config/reference.css"])
def test_files_of_the_page_load_nothing_from_elsewhere(name):
    text = Path(finders.find(name)).read_text()
    assert not re.search(r"https?:|@import|url\((?!data:)|localStorage|//[a-z]", text)


def test_key_is_kept_no_longer_than_the_tab():
    script = Path(finders.find("config/reference.js")).read_text()
    assert "sessionStorage" in script
    assert "persistAuthorization: false" in script
    assert "validatorUrl: null" in script


def test_page_is_named_on_the_front_page(client):
    assert 'href="/api/docs"' in client.get("/").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_is_for_reading_only(client, method):
    assert getattr(client, method)("/api/docs").status_code == 405
