"""Rows that are asked for together with another, in one question."""

import pytest
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.models import Client, Project
from tasks.statements import Question, Statement, with_rows
from tasks.testing import make_client, make_project


def question(rows, **said):
    return Question(Statement(rows, using=rows.db), {}, **said)


@pytest.fixture
def titles(db):
    """The order that a list has, which is not that of the table."""
    for title in ("b", "c", "a"):
        make_project(title)
    place = Window(RowNumber(), order_by=F("title").desc())
    return Project.objects.annotate(place=place).order_by("place").values_list("title", "place")


def test_rows_come_with_the_first_and_in_their_order(titles):
    client = make_client("Acme")
    first = Client.objects.filter(pk=client.pk).values_list("name")
    with CaptureQueriesContext(connection()) as captured:
        row, rows = with_rows(question(first), question(titles, numbered_by="place"))
    assert (row, len(captured)) == (("Acme",), 1)
    assert rows == [("c", 1), ("b", 2), ("a", 3)]


def test_without_the_first_there_are_no_others(titles):
    nobody = Client.objects.filter(pk=987654321).values_list("name")
    assert with_rows(question(nobody), question(titles)) == (None, [])


@pytest.mark.parametrize("rows", [{"pk": 987654321}, {"pk__in": []}], ids=["none", "never"])
def test_first_is_found_where_there_are_no_others(db, rows):
    client = make_client("Acme")
    first = Client.objects.filter(pk=client.pk).values_list("name")
    others = Project.objects.filter(**rows).values_list("title")
    assert with_rows(question(first), question(others)) == (("Acme",), [])
