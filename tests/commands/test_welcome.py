"""The front page of the stand-alone site."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders


@pytest.fixture
def page(client, settings):
    settings.ALLOWED_HOSTS = ["tasks.example"]
    r = client.get("/", headers={"host": "tasks.example"})
    assert r.status_code == 200
    return r.content.decode()


def test_welcome_tells_where_everything_is(page):
    assert "curl -G http://tasks.example/api/tasks" in page
    assert "Bearer YOUR_API_KEY" in page
    assert 'href="/admin/"' in page
    assert "manage.py taskdock_key NAME" in page
    assert "docs/api.md" in page


def test_welcome_holds_no_script_no_style_and_nothing_from_elsewhere(page):
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    linked = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert {address for address in linked if not address.startswith("/")} == set()
    for address in linked:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address


def test_style_sheet_loads_nothing_and_knows_the_dark():
    css = Path(finders.find("config/welcome.css")).read_text()
    assert "url(" not in css
    assert "@import" not in css
    assert "prefers-color-scheme: dark" in css
