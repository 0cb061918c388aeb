"""A start that collides is begun anew as a whole where its savepoint is lost."""

from django.db import connection as default

from tasks.actors import Actor
from tasks.platform.writes import run_write
from tasks.testing import make_task, make_user
from timers.models import Timer
from timers.services.timers import start_timer


def test_start_whose_savepoint_is_lost_begins_anew(committed_db):
    user, task, other = make_user(), make_task(), make_task()
    lost = []

    def lose_savepoint(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "taskdock_timers_timer" in sql and not lost:
            lost.append(default.savepoint_ids[-1])
            # Somebody is faster, and the server forgets the savepoint, as after a deadlock.
            running = Timer(task=other, user=user, is_running=True, started_at=task.created_at)
            running.work_date = task.created_at.date()
            running.save(force_insert=True)
            with default.cursor() as cursor:
                cursor.execute(default.ops.savepoint_commit_sql(lost[0]))
        return execute(sql, params, many, context)

    with default.execute_wrapper(lose_savepoint):
        timer = run_write(lambda: start_timer(actor=Actor(), task_id=task.pk, user=user))
    assert len(lost) == 1
    assert [*Timer.objects.values_list("pk", "task_id")] == [(timer.pk, task.pk)]
