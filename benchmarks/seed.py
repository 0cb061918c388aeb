"""Fill an empty, migrated PostgreSQL database by COPY: ``python -m benchmarks.seed --tasks N``.

Ids begin at 1 and have no gaps, and the same number of tasks makes the same rows, but for the
table of keys, which stays empty. The database is that of ``DATABASE_URL``.
"""

import argparse
import datetime as dt
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg
from psycopg import sql

USERS, CLIENTS, TAGS, STATUSES, PRIORITIES = 300, 200, 60, 5, 3
TASKS_A_PROJECT = 500
MILESTONES_A_PROJECT = 3
#: The id of the status that means completed; a migration brings the statuses.
COMPLETED = 2
END = dt.datetime(2026, 6, 30, 18, tzinfo=dt.UTC)
SPAN = dt.timedelta(days=730)

Rows = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Sizes:
    """How many rows of what there are."""

    tasks: int

    @property
    def projects(self) -> int:
        """A project has 500 tasks on average."""
        return max(1, self.tasks // TASKS_A_PROJECT)


@dataclass(frozen=True)
class SeededTask:
    """What other tables need to know of a task, found out from its id alone."""

    id: int
    project: int
    created: dt.datetime

    @property
    def status(self) -> int:
        """``load.lua`` counts on this: a task's status follows from its id."""
        return 1 + self.id % STATUSES


def seeded_tasks(sizes: Sizes) -> Iterator[SeededTask]:
    """All tasks, oldest first, spread over the projects by chance."""
    rng = Random(1)
    for number in range(1, sizes.tasks + 1):
        # Never a whole second: some libraries would leave the fraction out then.
        fraction = dt.timedelta(microseconds=1 + number % 999_983)
        seconds = int(SPAN.total_seconds() * (number / sizes.tasks - 1))
        created = END + dt.timedelta(seconds=seconds) + fraction
        yield SeededTask(number, rng.randint(1, sizes.projects), created)


def fill(connection: psycopg.Connection[Any], sizes: Sizes) -> None:
    """Copy every table's rows, all in one transaction, and move the sequences past them."""
    with connection.transaction():
        for table, columns, rows in _tables(sizes):
            names = sql.SQL(", ").join(map(sql.Identifier, ("id", *columns.split())))
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for number, row in enumerate(rows, 1):
                    copy.write_row((number, *row))
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                    sql.Literal(table), sql.Identifier(table)
                )
            )


def _tables(sizes: Sizes) -> Iterator[tuple[str, str, Rows]]:
    yield (
        "auth_user",
        "username password first_name last_name email is_staff is_active is_superuser date_joined",
        _users(),
    )
    yield (
        "taskdock_client",
        (
            "name folded_name description status phone website vat"
            " billing_street billing_city billing_state billing_zip billing_country"
            " shipping_street shipping_city shipping_state shipping_zip shipping_country"
            " created_at updated_at"
        ),
        _clients(),
    )
    yield (
        "taskdock_project",
        (
            "client_id title folded_title status is_archived manager_id created_by_id"
            " created_at updated_at"
        ),
        _projects(sizes),
    )
    yield "taskdock_projectmember", "project_id user_id", _members(sizes)
    yield (
        "taskdock_milestone",
        (
            "project_id title folded_title normal_title color position is_default"
            " created_at updated_at"
        ),
        _milestones(sizes),
    )
    tags = (f"tag {number}" for number in range(1, TAGS + 1))
    yield "taskdock_tag", "name normal_name", ((name, name) for name in tags)
    yield (
        "taskdock_task",
        (
            "project_id milestone_id status_id priority_id title folded_title description"
            " start_date due_date is_archived is_client_visible is_billable position"
            " status_changed_at completed_at completed_by_id created_by_id created_at updated_at"
            " version"
        ),
        _tasks(sizes),
    )
    yield "taskdock_taskassignee", "task_id user_id task_created_at", _assignees(sizes)
    yield "taskdock_tasktag", "task_id tag_id", _task_tags(sizes)
    yield (
        "taskdock_timers_timer",
        (
            "task_id user_id recorded_by_id started_at stopped_at seconds work_date is_invoiced"
            " created_at"
        ),
        _timers(sizes),
    )


def _users() -> Rows:
    for number in range(1, USERS + 1):
        name = f"person{number}"
        yield (
            *(name, "!", f"First{number}", f"Last{number}", f"{name}@example.com"),
            *(True, True, number == 1, END - SPAN),
        )


def _clients() -> Rows:
    for number in range(1, CLIENTS + 1):
        name = f"Client {number}"
        yield (name, name.casefold(), "", "active", *[""] * 13, END - SPAN, END - SPAN)


def _projects(sizes: Sizes) -> Rows:
    for number in range(1, sizes.projects + 1):
        title = f"Project {number}"
        client = None if number % 5 == 0 else 1 + number % CLIENTS
        created = END - SPAN + dt.timedelta(seconds=number)
        manager = 1 + number % USERS
        yield (
            *(client, title, title.casefold(), "in_progress", False),
            *(manager, 1, created, created),
        )


def _members(sizes: Sizes) -> Rows:
    for number in range(1, sizes.projects + 1):
        for step in range(3):
            yield number, 1 + (number + step) % USERS


def _milestones(sizes: Sizes) -> Rows:
    titles = ["Uncategorised", *(f"Phase {n}" for n in range(1, MILESTONES_A_PROJECT))]
    for project in range(1, sizes.projects + 1):
        for place, title in enumerate(titles):
            flag = True if place == 0 else None
            yield (
                *(project, title, title.casefold(), title, "default", place * 1024, flag),
                *(END - SPAN, END - SPAN),
            )


def _tasks(sizes: Sizes) -> Rows:
    for task in seeded_tasks(sizes):
        title = f"Task {task.id}: see to the matter of the {task.id % 997} pages"
        milestone = (task.project - 1) * MILESTONES_A_PROJECT + 1 + task.id % MILESTONES_A_PROJECT
        done = task.status == COMPLETED
        yield (
            *(task.project, milestone, task.status, 1 + task.id % PRIORITIES),
            *(title, title.casefold(), "What is to be done, in a line or two. " * 3),
            task.created.date(),
            task.created.date() + dt.timedelta(days=task.id % 30),
            *(task.id // 7 % 10 == 0, task.id % 4 == 0, task.id % 2 == 0),
            (task.id // STATUSES + 1) * 1024,
            *(task.created, task.created if done else None, 1 if done else None),
            *(1 + task.id % USERS, task.created, task.created, 1),
        )


def _assignees(sizes: Sizes) -> Rows:
    for task in seeded_tasks(sizes):
        yield task.id, 1 + task.id % USERS, task.created
        if task.id % 2:
            yield task.id, 1 + (task.id + 7) % USERS, task.created


def _task_tags(sizes: Sizes) -> Rows:
    return ((task, 1 + task % TAGS) for task in range(1, sizes.tasks + 1))


def _timers(sizes: Sizes) -> Rows:
    for task in seeded_tasks(sizes):
        user, seconds = 1 + task.id % USERS, 60 + task.id % 7200
        stopped = task.created + dt.timedelta(seconds=seconds)
        yield (
            *(task.id, user, user, task.created, stopped, seconds, task.created.date()),
            *(task.id % 3 == 0, task.created),
        )


def main() -> None:
    """Fill the database of the environment."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tasks", type=int, default=10_000)
    sizes = Sizes(parser.parse_args().tasks)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        fill(connection, sizes)
        connection.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
