"""SQL made once writes what ``Model.save`` writes, and is heard of alike."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError
from django.db.models.signals import post_save, pre_save

from tasks.models import HistoryEntry, Task
from tasks.saving import insert, update
from tasks.testing import make_actor, make_task, make_user
from tests.moments import utc

ENTRY = {
    "at": utc(2026, 3, 1, 9, 0, 0, 123456),
    "door": "api",
    "actor_id": "7",
    "actor_name": "Zoë “100%” %s",
    "key_id": None,
    "verb": "updated",
    "subject_type": "task",
    "subject_id": 9_000_000_000,
    "subject_name": "A\\B'C",
    "changes": {"title": ["Ä", "%s"], "tags": [[], [None, 1.5]]},
}


@contextmanager
def heard():
    """What signals told of a save, but for the row."""
    told = []

    def hear(signal, instance, **said):
        told.append((signal is post_save, said))

    for signal in (pre_save, post_save):
        signal.connect(hear)
    try:
        yield told
    finally:
        for signal in (pre_save, post_save):
            signal.disconnect(hear)


def stored(row):
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)._base_manager.values(*fields).get(pk=row.pk)


def new_task(task, user):
    """A task that is not saved, with values of every kind."""
    return Task(
        project=task.project,
        milestone=task.milestone,
        status=task.status,
        priority=task.priority,
        title="Straße %s",
        start_date=utc(2026, 3, 1).date(),
        created_at=utc(2026, 3, 1, 9, 30),
        updated_at=utc(2026, 3, 1, 9, 30, 0, 1),
        created_by=user,
    )


def test_insert_writes_what_save_writes(db):
    task, user = make_task(), make_user()
    for make in (lambda: HistoryEntry(**ENTRY), lambda: new_task(task, user)):
        ours, theirs = make(), make()
        with heard() as of_ours:
            insert(ours)
        with heard() as of_theirs:
            theirs.save(force_insert=True)
        assert ours.pk != theirs.pk
        assert stored(ours) == stored(theirs)
        assert of_ours == of_theirs
        assert len(of_ours) == 2
        assert (ours._state.adding, ours._state.db) == (False, theirs._state.db)


CHANGES = {
    "nothing": ({}, {"version"}),
    "text": ({"title": "ǅ %d", "description": None}, {"title", "description"}),
    "moments": ({"completed_at": utc(2026, 3, 1, 9, 30)}, {"completed_at"}),
    "flags": ({"is_archived": True, "is_billable": False}, {"is_archived", "is_billable"}),
}


@pytest.mark.parametrize(("values", "names"), CHANGES.values(), ids=CHANGES)
def test_update_writes_what_save_writes(db, values, names):
    user = make_user()
    ours, theirs, other = (
        make_task("Old", description="Old", actor=make_actor(user)) for _ in range(3)
    )
    Task.objects.filter(pk=theirs.pk).update(
        **{n: v for n, v in stored(ours).items() if n in {"created_at", "updated_at"}}
    )
    before = stored(other)
    for row in (ours, theirs):
        row.completed_by = user
        for name, value in values.items():
            setattr(row, name, value)
    with heard() as of_ours:
        update(ours, [*names, "completed_by"])
    with heard() as of_theirs:
        theirs.save(update_fields=[*names, "completed_by"])
    alike = set(stored(ours)) - {"project_id", "milestone_id", "position", "status_changed_at"}
    assert {n: stored(ours)[n] for n in alike} == {n: stored(theirs)[n] for n in alike}
    assert of_ours == of_theirs
    assert stored(other) == before


def test_update_of_a_row_that_is_gone_fails(db):
    task = make_task()
    Task.objects.filter(pk=task.pk).delete()
    with pytest.raises(DatabaseError):
        update(task, ["title"])
