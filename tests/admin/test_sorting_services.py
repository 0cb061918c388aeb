"""Sorting by hand, by the services: statuses, priorities, and the milestones of a project."""

from collections.abc import Callable
from functools import partial

import pytest

from tasks.actors import Actor
from tasks.exceptions import (
    MilestoneNotFound,
    MilestoneNotInProject,
    PriorityNotFound,
    StatusNotFound,
)
from tasks.models import HistoryEntry, Milestone, Project, TaskPriority, TaskStatus
from tasks.services import milestones, workflow
from tasks.testing import make_milestone, make_project
from tests.concurrency.conftest import Together, together  # noqa: F401 (a fixture)

ME = Actor()
Move = Callable[..., None]


def status(pk, before):
    workflow.move_status(actor=ME, status_id=pk, before=before)


def priority(pk, before):
    workflow.move_priority(actor=ME, priority_id=pk, before=before)


def milestone(pk, before):
    milestones.move_milestone(actor=ME, milestone_id=pk, before=before)


KINDS = {
    "status": (TaskStatus, status, StatusNotFound),
    "priority": (TaskPriority, priority, PriorityNotFound),
    "milestone": (Milestone, milestone, MilestoneNotFound),
}
kinds = pytest.mark.parametrize(("model", "move", "missing"), KINDS.values(), ids=KINDS)


def some(model):
    if model is Milestone:
        project = make_project()
        for number in range(3):
            make_milestone(project, f"{number}")
    else:
        model.objects.create(title="Last", position=5000)
    return order_of(model)


def order_of(model):
    return list(model.objects.order_by("position", "pk").values_list("pk", flat=True))


@kinds
def test_move_puts_a_row_before_another_or_last(db, model, move, missing):
    first, second, third, *rest = some(model)
    move(third, first)
    assert order_of(model) == [third, first, second, *rest]
    move(first, None)
    assert order_of(model) == [third, second, *rest, first]
    move(third, rest[0])
    assert order_of(model) == [second, third, *rest, first]


@kinds
def test_move_to_where_it_is_changes_nothing_and_is_not_history(db, model, move, missing):
    before = some(model)
    rows, told = list(model.objects.values()), HistoryEntry.objects.count()
    move(before[0], before[1])
    move(before[0], before[0])
    move(before[-1], None)
    assert list(model.objects.values()) == rows
    assert HistoryEntry.objects.count() == told


@kinds
def test_move_tells_apart_rows_of_one_position(db, model, move, missing):
    before = some(model)
    model.objects.update(position=7)
    move(before[-1], before[1])
    assert order_of(model) == [before[0], before[-1], *before[1:-1]]


@kinds
def test_move_is_history_of_who_did_it(db, model, move, missing):
    first, *_rest, last = some(model)
    move(last, first)
    entry = HistoryEntry.objects.latest("pk")
    if model is Milestone:
        assert (entry.verb, entry.subject_id) == ("milestones_sorted", Project.objects.get().pk)
        assert entry.changes["milestones"][1][0] == last
    else:
        assert (entry.verb, entry.subject_id) == ("moved", last)
        assert set(entry.changes) == {"position"}


@kinds
def test_move_of_what_is_not_there_is_refused(db, model, move, missing):
    first, *_ = some(model)
    with pytest.raises(missing):
        move(987654, None)
    with pytest.raises(MilestoneNotInProject if model is Milestone else missing):
        move(first, 987654)


def test_milestone_is_not_moved_before_one_of_another_project(db):
    one, other = make_project(), make_project()
    with pytest.raises(MilestoneNotInProject):
        milestone(one.milestones.get().pk, other.milestones.get().pk)


@pytest.mark.server
@kinds
def test_moves_of_several_people_at_once_end_in_one_order(
    together: Together,  # noqa: F811 (that fixture)
    model,
    move: Move,
    missing,
):
    order = some(model)
    moves = [(order[0], None), (order[-1], order[0]), (order[1], order[-1]), (order[2], order[1])]
    for _ in range(5):
        together(*(partial(move, *one) for one in moves))
        assert sorted(order_of(model)) == sorted(order)
        positions = list(model.objects.values_list("position", flat=True))
        assert len(set(positions)) == len(positions)
