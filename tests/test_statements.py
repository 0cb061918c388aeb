"""Rows that are asked for together with another, in one question."""

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.models import Client, Project
from tasks.statements import Question, Statement, with_rows
from tasks.testing import make_client, make_project


def question(rows):
    return Question(Statement(rows, using=rows.db), {})


@pytest.fixture
def titles(db):
    """The order that a list has, which is not that of the table."""
    for title in ("b", "c", "a"):
        make_project(title)
    return Project.objects.order_by("-title").values_list("title")


def test_rows_come_with_the_first_and_in_the_order_that_is_named(titles):
    client = make_client("Acme")
    first = Client.objects.filter(pk=client.pk).values_list("name")
    with CaptureQueriesContext(connection()) as captured:
        row, rows = with_rows(question(first), question(titles), [("title", True)])
    assert (row, rows, len(captured)) == (("Acme",), [("c",), ("b",), ("a",)], 1)


def test_without_the_first_there_are_no_others(titles):
    nobody = Client.objects.filter(pk=987654321).values_list("name")
    assert with_rows(question(nobody), question(titles)) == (None, [])


@pytest.mark.parametrize("rows", [{"pk": 987654321}, {"pk__in": []}], ids=["none", "never"])
def test_first_is_found_where_there_are_no_others(db, rows):
    client = make_client("Acme")
    first = Client.objects.filter(pk=client.pk).values_list("name")
    others = Project.objects.filter(**rows).values_list("title")
    assert with_rows(question(first), question(others)) == (("Acme",), [])
