"""The values that requests are filled with, read from the rows that there are."""

from collections.abc import Mapping
from random import Random

import psycopg
from psycopg.rows import dict_row

from benchmarks.seed import STATUSES
from benchmarks.skew import BIG_PROJECT, BUSY_USER, DISCUSSED_EVERY, RARE_STATUS

PAGE = 25
POOL = 5_000
OF_A_TASK = f"""
    SELECT task.id AS task, project_id AS project, client_id AS client, task.status_id AS status,
        priority_id AS priority, milestone_id AS milestone, user_id AS user,
        1 + task.status_id %% {STATUSES} AS next_status,
        -- To whom the seed gave the tasks with ids of u - 1 and u - 8, it gave none of this status.
        1 + user_id %% {STATUSES} AS others_status,
        greatest(task.id - task.id %% {DISCUSSED_EVERY}, {DISCUSSED_EVERY}) AS discussed
    FROM taskdock_task task
        JOIN taskdock_project project ON project.id = project_id
        JOIN (SELECT task_id, max(user_id) AS user_id FROM taskdock_taskassignee
            WHERE task_id = ANY(%(tasks)s) GROUP BY 1) assignee ON assignee.task_id = task.id
    WHERE client_id IS NOT NULL AND task.id = ANY(%(tasks)s) ORDER BY task.id"""
SKEWED = {"big_project": BIG_PROJECT, "busy_user": BUSY_USER, "rare_status": RARE_STATUS}


def draws(database: str, seed: int) -> list[Mapping[str, object]]:
    """Values of up to 5,000 tasks that were drawn by chance, each with all that is its own.

    So a filter, or several together, has at least that hit. The same seed draws the same.
    """
    rng = Random(seed)
    with psycopg.connect(database, row_factory=dict_row) as connection:
        counts = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE NOT is_archived) AS active FROM taskdock_task"
        ).fetchall()[0]
        tasks, active = counts["count"], counts["active"]
        numbers = {"tasks": rng.sample(range(1, tasks + 1), min(POOL, tasks))}
        rows = connection.execute(OF_A_TASK.encode(), numbers).fetchall()
    rng.shuffle(rows)
    return [
        {
            **row,
            # Among the rows up to 10 to the power of n, a number of n - 1 digits is in 11 titles.
            "few": rng.randrange(tasks // 100, tasks // 10),
            "digit": rng.randint(1, 9),
            "far_page": max(1, tasks * 3 // 4 // PAGE - rng.randrange(100)),
            "active_far_page": max(1, active * 3 // 4 // PAGE - rng.randrange(100)),
            "last_page": -(-tasks // PAGE),
            **SKEWED,
        }
        for row in rows
    ]
