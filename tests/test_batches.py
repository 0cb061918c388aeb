"""Many rows are read in parts, without a cursor that outlives its transaction."""

import pytest
from django.test.utils import CaptureQueriesContext

from tasks import batches
from tasks.batches import by_key, keys_in_order
from tasks.database import connection
from tasks.models import Task
from tasks.testing import make_project, make_task


@pytest.fixture
def keys(db):
    project = make_project()
    return [make_task(project=project).pk for _ in range(5)]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_rows_come_once_in_the_order_of_their_keys(keys, size):
    with CaptureQueriesContext(connection()) as captured:
        assert [task.pk for task in by_key(Task.objects.order_by("-pk"), size)] == keys
    assert len(captured) == len(keys) // size + 1
    assert all("LIMIT" in query["sql"] for query in captured)


@pytest.mark.parametrize("disabled", [False, True])
def test_keys_come_in_the_order_of_the_rows_in_results_of_bounded_size(keys, monkeypatch, disabled):
    monkeypatch.setattr(batches, "KEYS", 2)
    monkeypatch.setitem(connection().settings_dict, "DISABLE_SERVER_SIDE_CURSORS", disabled)
    with CaptureQueriesContext(connection()) as captured:
        assert list(keys_in_order(Task.objects.order_by("-pk"))) == keys[::-1]
    selects = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    if connection().vendor == "mysql" or (disabled and connection().vendor == "postgresql"):
        assert [sql.count("LIMIT 2") for sql in selects] == [1, 1, 1]
