"""Texts without a folded copy are found without regard to case and normal forms."""

import pytest
from django.contrib.auth import get_user_model

from tasks.database import connection
from tasks.matching import holds_alike
from tasks.models import Tag
from tasks.testing import make_user

#: What is searched for, and a text that holds it in other words of Unicode.
FOUND = [
    ("b\u00fcro", "Bu\u0308ro"),
    ("BU\u0308RO", "das B\u00fcro"),
    ("strasse", "Stra\u00dfe"),
    ("STRA\u1e9eE", "strasse"),
    ("vi\u1ec7t", "Vi\u00ea\u0323t"),
    ("Vie\u0323\u0302t", "VI\u1ec6T"),
    ("\u0130zmir", "\u0130zmir"),
    ("ΟΔΟΣ", "οδος"),
    ("\u1fb3", "\u03b1\u0345"),
    ("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ("\u0958", "\u0915\u093c"),
    ("ЗАДАЧА", "задача"),
    ("q\u0307\u0323", "Q\u0323\u0307"),
    ("a.b(c", "xA.B(C"),
    ("%", "100%"),
    ("_", "a_b"),
    ("\\", "a\\b"),
    ("[x]", "a [X]"),
    ("$", "5 $"),
    ("ﬁx", "FIX"),
]
NOT_FOUND = [
    ("u", "b\u00fcr"),
    ("u", "bu\u0308r"),
    ("a.b", "axb"),
    ("%", "1"),
    ("e", "\u00e9"),
    ("\ud558", "\ud55c"),
]


@pytest.mark.parametrize(("text", "name"), FOUND)
def test_text_is_found_by_another_spelling(db, text, name):
    if text == "ﬁx" and connection().vendor == "postgresql":
        pytest.skip("its capitals of a ligature are those of its locale")
    Tag.objects.create(name=name)
    Tag.objects.create(name="something else")
    found = Tag.objects.filter(holds_alike("name", text))
    assert [tag.name for tag in found] == [name]


@pytest.mark.parametrize(("text", "name"), NOT_FOUND)
def test_text_that_is_another_is_not_found(db, text, name):
    Tag.objects.create(name=name)
    assert not Tag.objects.filter(holds_alike("name", text)).exists()


def test_column_of_another_app_and_of_nothing_is_searched(db):
    user = make_user(first_name="Ju\u0308rgen")
    make_user(first_name="Jurgen")
    people = get_user_model()._default_manager.all()
    assert list(people.filter(holds_alike("first_name", "J\u00dcRG"))) == [user]
    assert not Tag.objects.filter(holds_alike("task_tags__content_object__title", "a")).exists()
