"""Rows that the seed does not have, made by SQL in a copy: comments, and what is far from even."""

import psycopg

#: Every so many tasks one is discussed, at that length; so there is a comment a task.
DISCUSSED_EVERY = 20
BIG_PROJECT, BUSY_USER, RARE_STATUS = 1, 1, 99
#: How many tasks have the rare status; they are the oldest.
RARE = 50

COMMENTS = f"""
    INSERT INTO taskdock_comments_comment (text, task_id, creator_id, created_at, updated_at)
    SELECT 'The client likes the second draft.', id, created_by_id, moment, moment
    FROM taskdock_task, generate_series(1, {DISCUSSED_EVERY}) number,
        LATERAL (SELECT created_at + number * interval '1 hour' AS moment) later
    WHERE id % {DISCUSSED_EVERY} = 0"""
SKEW = (
    f"""
    INSERT INTO taskdock_taskstatus (id, title, normal_title, color, position)
    VALUES ({RARE_STATUS}, 'Rare', 'Rare', '#8a94a6', {RARE_STATUS * 1024})""",
    # A fifth by chance: what the seed chose follows from the remainders of ids.
    f"""
    UPDATE taskdock_task task SET
        project_id = CASE WHEN is_moved THEN {BIG_PROJECT} ELSE project_id END,
        milestone_id = CASE WHEN is_moved THEN default_id ELSE milestone_id END,
        status_id = CASE WHEN task.id <= {RARE} THEN {RARE_STATUS} ELSE status_id END,
        is_archived = is_old
    FROM (
        SELECT id, hashint8(id) % 5 = 0 AS is_moved, id <= number / 10 AS is_old, default_id
        FROM taskdock_task, (SELECT count(*) AS number FROM taskdock_task) counted, (
            SELECT min(id) AS default_id FROM taskdock_milestone
            WHERE project_id = {BIG_PROJECT}) milestone) wanted
    WHERE wanted.id = task.id
        AND (is_moved OR is_archived <> is_old OR task.id <= {RARE})""",
    f"""
    UPDATE taskdock_taskassignee assignee SET user_id = {BUSY_USER}
    FROM (
        SELECT min(id) AS id FROM taskdock_taskassignee WHERE hashint8(task_id + 1) % 5 = 0
        GROUP BY task_id HAVING NOT bool_or(user_id = {BUSY_USER})) chosen
    WHERE chosen.id = assignee.id""",
)


def comment(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """A comment a task, in threads of ``DISCUSSED_EVERY``."""
    connection.execute(COMMENTS.encode())


def skew(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """A project and a user with a fifth of all tasks, a rare status, archived ones all old."""
    for statement in SKEW:
        connection.execute(statement.encode())
