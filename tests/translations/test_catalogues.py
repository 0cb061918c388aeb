"""The translations that ship: complete, in step with the sources, and nobody else's business."""

import gettext
from io import StringIO
from pathlib import Path

import django
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.catalogues import APPS, ROOT, catalogues, language_of, read, texts_of

LANGUAGES = ("de",)
OF_DJANGO = Path(django.__file__).parent


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_app_speaks_the_same_languages():
    assert {(path.relative_to(ROOT).parts[0], language_of(path)) for path in catalogues()} == {
        (app, language) for app in APPS for language in LANGUAGES
    }


def test_catalogues_are_in_step_with_the_sources():
    call_command("messages", check=True, stdout=StringIO())


@pytest.mark.parametrize("path", catalogues(), ids=name_of)
def test_catalogue_leaves_no_text_open(path):
    texts = {message.id for message in texts_of(path.relative_to(ROOT).parts[0]) if message.id}
    catalogue = read(path)
    assert {message.id for message in catalogue if message.id} == texts
    for message in catalogue:
        if message.id:
            assert all([message.string] if isinstance(message.id, str) else message.string)
            assert not message.fuzzy, message.id
            assert not list(message.check(catalogue)), message.id


@pytest.mark.parametrize("path", catalogues(), ids=name_of)
def test_texts_that_django_has_are_said_as_django_says_them(path):
    # The catalogues of all apps are one to a site: ours must not reword what is not ours.
    ours = read(path)
    for file in OF_DJANGO.rglob(f"locale/{language_of(path)}/LC_MESSAGES/django.mo"):
        with file.open("rb") as opened:
            theirs = gettext.GNUTranslations(opened)
        for message in ours:
            if message.id and isinstance(message.id, str):
                said = theirs.gettext(message.id)
                assert said.lower() in {message.id.lower(), str(message.string).lower()}, file


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('name = _("red")', {"red"}),
        ('gettext_lazy("red")', {"red"}),
        ('ngettext("%d row", "%d rows", n)', {("%d row", "%d rows")}),
        ('plain("red")', set()),
    ],
)
def test_texts_are_those_that_a_source_marks(monkeypatch, tmp_path, source, texts):
    monkeypatch.setattr("config.catalogues.ROOT", tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "models.py").write_text(source)
    found = texts_of("app")
    assert {message.id for message in found if message.id} == texts


def test_texts_of_a_template_are_found_too(monkeypatch, tmp_path):
    monkeypatch.setattr("config.catalogues.ROOT", tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "page.html").write_text(
        "{% load i18n %}It's {% translate 'red' %}"
        "{% blocktranslate count counter=n %}{{ counter }} row{% plural %}{{ counter }} rows"
        "{% endblocktranslate %}"
    )
    found = {message.id for message in texts_of("app") if message.id}
    assert found == {"red", ("%(counter)s row", "%(counter)s rows")}


def test_check_of_a_catalogue_that_is_out_of_date_fails_and_changes_nothing(monkeypatch, tmp_path):
    stale = tmp_path / "django.po"
    stale.write_bytes(b"old")
    monkeypatch.setattr("config.catalogues.catalogue_files", lambda: {stale: b"new"})
    with pytest.raises(CommandError, match="Make it anew"):
        call_command("messages", check=True, stdout=StringIO())
    assert stale.read_bytes() == b"old"


def test_command_writes_what_is_out_of_date(monkeypatch, tmp_path):
    stale = tmp_path / "django.po"
    monkeypatch.setattr("config.catalogues.catalogue_files", lambda: {stale: b"new"})
    call_command("messages", stdout=StringIO())
    assert stale.read_bytes() == b"new"
