from tasks.testing import make_task
from timers.testing import make_time


def test_smoke(admin):
    from tasks.clock import today

    t = make_task("a <b>")
    e = make_time(t, user=admin.user, work_date=today())
    r = admin.get("taskdock_timers/timer/week/")
    assert r.status_code == 200
    print(r.content.decode())
    r = admin.get(
        "taskdock_timers/timer/week/", cell_day=today().isoformat(), cell_person=admin.user.pk
    )
    assert r.status_code == 200
    r = admin.get("taskdock_timers/timer/week/export/")
    print(b"".join(r.streaming_content).decode())
