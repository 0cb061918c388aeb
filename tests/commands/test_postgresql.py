"""What the stand-alone site's own PostgreSQL backend adds to Django's."""

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.postgresql


def terminate(pid):
    """End a session of the server, and wait until it is gone."""
    with psycopg.connect(**connection.get_connection_params() | {"options": ""}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def test_connection_is_usable_until_the_server_ends_it(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ((pid,),) = cursor.fetchall()
    assert connection.is_usable()
    terminate(pid)
    assert not connection.is_usable()
    connection.close()
    assert not connection.is_usable()
    connection.ensure_connection()
    assert connection.is_usable()


def test_request_after_the_server_ended_the_connection_is_answered(committed_db, make_api):
    api = make_api()
    assert api.get("/statuses").status_code == 200
    # Django checks a connection that it kept before the first statement of a request.
    connection.health_check_enabled = True
    connection.health_check_done = False
    terminate(connection.connection.info.backend_pid)
    assert api.get("/statuses").status_code == 200


def test_notice_that_waits_does_not_make_a_connection_unusable(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN taskdock_test")
    other = psycopg.connect(**connection.get_connection_params() | {"options": ""})
    with other:
        other.execute("NOTIFY taskdock_test")
    other.close()
    assert connection.is_usable()
