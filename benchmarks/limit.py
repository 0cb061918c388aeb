"""The limit: what this database and this server can do with a request at all.

A bare WSGI callable on one connection. It looks the key up each time, runs prepared statements,
builds dictionaries and dumps them. It answers the bytes that Taskdock answers and writes the rows
that Taskdock writes, history included, but checks next to nothing. Sums are the database's.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import orjson
import psycopg
from psycopg.types.json import set_json_loads

set_json_loads(orjson.loads)

NAME = "COALESCE(NULLIF(TRIM(person.first_name || ' ' || person.last_name), ''), person.username)"
MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
KEY = f"""
    SELECT key.id, key.name, person.id, {NAME}
    FROM taskdock_apikey key JOIN auth_user person ON person.id = key.user_id
    WHERE key.digest = %s AND key.revoked_at IS NULL AND person.is_active
        AND (key.expires_at IS NULL OR key.expires_at > now())"""
COUNT = "SELECT count(*) FROM taskdock_task WHERE project_id = %s"
TASKS = f"""
    SELECT task.id, task.title, task.description,
        status.id, status.title, status.color, priority.id, priority.title, priority.color,
        task.is_archived, task.is_client_visible, task.is_billable,
        project.id, project.title, client.id, client.name, milestone.id, milestone.title,
        task.start_date::text, task.due_date::text,
        {MOMENT.format("task.created_at")}, {MOMENT.format("task.updated_at")},
        COALESCE((
            SELECT sum(timer.seconds) FROM taskdock_timers_timer timer
            WHERE timer.task_id = task.id AND timer.is_running IS NULL), 0)::bigint,
        (
            SELECT json_agg(json_build_object('id', person.id, 'name', {NAME}) ORDER BY person.id)
            FROM taskdock_taskassignee assignee JOIN auth_user person ON person.id = user_id
            WHERE assignee.task_id = task.id),
        (
            SELECT array_agg(tag.name ORDER BY tag.name COLLATE "C")
            FROM taskdock_tasktag tagged JOIN taskdock_tag tag ON tag.id = tagged.tag_id
            WHERE tagged.task_id = task.id)
    FROM taskdock_task task
        JOIN taskdock_taskstatus status ON status.id = task.status_id
        JOIN taskdock_taskpriority priority ON priority.id = task.priority_id
        JOIN taskdock_milestone milestone ON milestone.id = task.milestone_id
        JOIN taskdock_project project ON project.id = task.project_id
        LEFT JOIN taskdock_client client ON client.id = project.client_id"""
LIST = f"""{TASKS}
    WHERE task.project_id = %s ORDER BY task.created_at DESC, task.id DESC LIMIT %s OFFSET %s"""
DETAIL = f"{TASKS} WHERE task.id = %s"

END_OF_COLUMN = """
    COALESCE((SELECT max(position) FROM taskdock_task WHERE status_id = new.id), 0) + 1024"""
INSERT_TASK = f"""
    INSERT INTO taskdock_task (
        project_id, milestone_id, status_id, priority_id, title, folded_title, description,
        start_date, due_date, is_archived, is_client_visible, is_billable, position,
        status_changed_at, completed_at, completed_by_id, created_by_id,
        created_at, updated_at, version)
    SELECT milestone.project_id, milestone.id, new.id, priority.id, %(title)s, %(folded)s,
        %(description)s, %(start)s::date, %(due)s::date, false, %(visible)s, %(billable)s,
        {END_OF_COLUMN}, now(), CASE WHEN new.is_completed THEN now() END,
        CASE WHEN new.is_completed THEN %(user)s::integer END, %(user)s::integer, now(), now(), 1
    FROM taskdock_milestone milestone, taskdock_taskstatus new, taskdock_taskpriority priority
    WHERE milestone.project_id = %(project)s AND milestone.is_default
        AND new.id = %(status)s AND priority.id = %(priority)s
    RETURNING id"""
UPDATE_STATUS = f"""
    UPDATE taskdock_task task SET
        status_id = new.id, previous_status_id = old.status_id, position = {END_OF_COLUMN},
        status_changed_at = now(), completed_at = CASE WHEN new.is_completed THEN now() END,
        completed_by_id = CASE WHEN new.is_completed THEN %(user)s::integer END,
        updated_at = GREATEST(now(), task.updated_at + interval '1 microsecond'),
        version = task.version + 1
    FROM taskdock_taskstatus new, (
        SELECT locked.id, status_id, status.title
        FROM taskdock_task locked JOIN taskdock_taskstatus status ON status.id = status_id
        WHERE locked.id = %(task)s FOR UPDATE OF locked) old
    WHERE task.id = old.id AND new.id = %(status)s AND new.id <> old.status_id
    RETURNING task.title, old.status_id, old.title, new.id, new.title"""
INSERT_HISTORY = """
    INSERT INTO taskdock_historyentry (
        at, door, actor_id, actor_name, key_id, key_name, verb, subject_type, subject_id,
        subject_name, changes)
    VALUES (now(), 'api', %s, %s, %s, %s, %s, 'task', %s, %s, %s::jsonb)"""

#: Statements are planned once, not for each value; and all data is at hand.
PLANNING = "-c plan_cache_mode=force_generic_plan -c seq_page_cost=0.1 -c random_page_cost=0.11"

#: The key's id and name, the user's id and name.
Caller = tuple[int, str, int, str]
Answer = tuple[str, Any]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The five operations, by method and the number of parts of the path."""
    caller = _caller(environ.get("HTTP_AUTHORIZATION", ""))
    parts = environ["PATH_INFO"].split("/")[2:]
    if caller is None:
        status, answer = "401 Unauthorized", {"message": "Unauthorized."}
    else:
        status, answer = ROUTES[environ["REQUEST_METHOD"], len(parts)](environ, parts, caller)
    start_response(status, [("Content-Type", "application/json")])
    return [orjson.dumps(answer)]


def list_tasks(environ: dict[str, Any], parts: list[str], caller: Caller) -> Answer:
    """``GET /api/tasks?project_id=...``, which is the only filter."""
    query = parse_qs(environ["QUERY_STRING"])
    project = int(query["project_id"][0])
    page, limit = (int(query.get(name, [n])[0]) for name, n in (("page", "1"), ("limit", "25")))
    ((total,),) = _rows(COUNT, (project,))
    rows = _rows(LIST, (project, limit, (page - 1) * limit))
    return "200 OK", {
        "data": [_task_object(row) for row in rows],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        },
        "message": "Tasks retrieved successfully.",
    }


def get_task(environ: dict[str, Any], parts: list[str], caller: Caller) -> Answer:
    """``GET /api/tasks/{id}``."""
    return _task_answer(int(parts[1]), "200 OK", "Task retrieved successfully.")


def create_task(environ: dict[str, Any], parts: list[str], caller: Caller) -> Answer:
    """``POST /api/tasks``, with a body of JSON."""
    body = _body(environ)
    title = body["task_title"]
    values = {
        "project": body["task_projectid"],
        "status": body["task_status"],
        "priority": body["task_priority"],
        "title": title,
        "folded": title.casefold(),
        "description": body.get("task_description"),
        "start": body.get("task_date_start"),
        "due": body.get("task_date_due"),
        "visible": body.get("task_client_visibility", False),
        "billable": body.get("task_billable", False),
        "user": caller[2],
    }
    with _connection().transaction():
        ((task,),) = _rows(INSERT_TASK, values)
        _record(caller, "created", task, title, {})
        return _task_answer(task, "201 Created", "Task created successfully.")


def set_status(environ: dict[str, Any], parts: list[str], caller: Caller) -> Answer:
    """``PUT /api/tasks/{id}/status``; the status that the task has already changes nothing."""
    task = int(parts[1])
    values = {"task": task, "status": _body(environ)["status"], "user": caller[2]}
    with _connection().transaction():
        for title, old, old_title, new, new_title in _rows(UPDATE_STATUS, values):
            moved = [{"id": old, "name": old_title}, {"id": new, "name": new_title}]
            _record(caller, "updated", task, title, {"status": moved})
        return _task_answer(task, "200 OK", "Task status updated successfully.")


ROUTES = {
    ("GET", 1): list_tasks,
    ("GET", 2): get_task,
    ("POST", 1): create_task,
    ("PUT", 3): set_status,
}


@cache
def _connection() -> psycopg.Connection[tuple[Any, ...]]:
    # A worker has one thread, so it needs one connection.
    url = os.environ["DATABASE_URL"]
    return psycopg.connect(url, autocommit=True, prepare_threshold=0, options=PLANNING)


def _rows(statement: str, values: Any) -> list[tuple[Any, ...]]:
    # The statements are constants of this module.
    return _connection().execute(statement.encode(), values).fetchall()


def _caller(authorization: str) -> Caller | None:
    token = authorization.removeprefix("Bearer ")
    rows = _rows(KEY, (hashlib.sha256(token.encode()).hexdigest(),))
    return rows[0] if rows else None


def _body(environ: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(environ["wsgi.input"].read())
    return body


def _record(caller: Caller, verb: str, task: int, title: str, changes: dict[str, Any]) -> None:
    key, key_name, user, name = caller
    text = orjson.dumps(changes).decode()
    values = (str(user), name, key, key_name, verb, task, title, text)
    _connection().execute(INSERT_HISTORY, values)


def _task_answer(task: int, status: str, message: str) -> Answer:
    rows = _rows(DETAIL, (task,))
    if not rows:
        return "404 Not Found", {"message": "Task not found."}
    return status, {"data": _task_object(rows[0]), "message": message}


def _task_object(row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "id": row[0],
        "title": row[1],
        "description": row[2],
        "status": {"id": row[3], "title": row[4], "color": row[5]},
        "priority": {"id": row[6], "title": row[7], "color": row[8]},
        "active_state": "archived" if row[9] else "active",
        "client_visibility": "yes" if row[10] else "no",
        "billable": "yes" if row[11] else "no",
        "project": {"id": row[12], "title": row[13]},
        "client": None if row[14] is None else {"id": row[14], "name": row[15]},
        "milestone": {"id": row[16], "name": row[17]},
        "dates": {"start": row[18], "due": row[19], "created": row[20], "updated": row[21]},
        "time_logged": row[22],
        "assigned": row[23] or [],
        "tags": row[24] or [],
    }
