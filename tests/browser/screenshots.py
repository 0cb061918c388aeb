"""Screenshots of the site with its demo: ``uv run python -m tests.browser.screenshots DIRECTORY``.

Each page as ``NAME-desktop-light.png`` and so on, in all four. For documentation, and to look at.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.chromium import Scheme, Size

#: The demo ends before this day: the same pictures whenever they are taken.
_TODAY = dt.date(2026, 11, 13)


def _addresses() -> dict[str, str]:
    """The main pages by name."""
    from django.contrib.admin import site
    from django.urls import reverse

    from tasks.demo.documented import TASK_ID
    from tasks.models import Project

    project = Project.objects.order_by("-pk").values_list("pk", flat=True).first()
    pages = {
        "welcome": "/",
        "index": reverse("admin:index"),
        "app": reverse("admin:app_list", args=["taskdock"]),
        "board": reverse("admin:taskdock_task_board"),
        "tasks-none": reverse("admin:taskdock_task_changelist") + "?q=nothing+is+called+so",
        "my-work": reverse("admin:taskdock_task_mine"),
        "task": reverse("admin:taskdock_task_change", args=[TASK_ID]),
        "task-history": reverse("admin:taskdock_task_history", args=[TASK_ID]),
        "task-delete": reverse("admin:taskdock_task_delete", args=[TASK_ID]),
        "time": _time(),
        "time-all": _time(person="all", group="project", span="month"),
        "project-progress": reverse("admin:taskdock_project_progress", args=[project]),
        "project": reverse("admin:taskdock_project_change", args=[project]),
        "project-delete": reverse("admin:taskdock_project_delete", args=[project]),
        "status-delete": reverse("admin:taskdock_taskstatus_delete", args=[1]),
    }
    for model in site._registry:
        if "taskdock" in model._meta.app_label:
            name = f"{model._meta.app_label}_{model._meta.model_name}"
            kind = str(model._meta.verbose_name_plural).replace(" ", "-")
            pages[f"{kind}"] = reverse(f"admin:{name}_changelist")
            pages[f"{kind}-add"] = reverse(f"admin:{name}_add")
    return pages


def _give_work(user: Any) -> None:
    """Tasks of the demo for whoever looks: due at various days, pinned, with time that runs."""
    from tasks.actors import Actor, Door
    from tasks.clock import today
    from tasks.models import Task
    from tasks.services import assignees, pins, tasks
    from timers.services.timers import start_timer

    actor = Actor(user=user, door=Door.ADMIN)
    rows = Task.objects.filter(is_archived=False, status__is_completed=None).order_by("-pk")
    days = (-4, -1, 0, 0, 2, 5, 6, 30, None, None)
    found = list(rows[: len(days) + 2])
    for task, days_ahead in zip(found, days, strict=False):
        due = None if days_ahead is None else today() + dt.timedelta(days=days_ahead)
        assignees.set_assignees(actor=actor, task_id=task.pk, user_ids=[user.pk])
        tasks.update_task(actor=actor, task_id=task.pk, start_date=None, due_date=due)
    for task in (found[2], *found[len(days) :]):
        tasks.update_task(actor=actor, task_id=task.pk, start_date=None)
        pins.pin_task(actor=actor, task_id=task.pk)
    start_timer(actor=actor, task_id=found[2].pk, user=user)


def _time(**query: str) -> str:
    """A week near the demo's end, without the timer that runs, with a cell open."""
    from django.urls import reverse
    from django.utils.http import urlencode

    from timers.models import Timer

    day = _TODAY - dt.timedelta(weeks=2)
    rows = Timer.objects.filter(work_date__lte=day, user__isnull=False)
    last = rows.order_by("-work_date", "-seconds").values("user", "work_date", "task__project")
    query |= {"day": str(day), **({"tasks": "1"} if "person" in query else {})}
    if (found := last.first()) is not None:
        query |= {
            "person": query.get("person") or str(found["user"]),
            "cell_day": str(found["work_date"]),
            "cell_person": str(found["user"]),
            "cell_project": str(found["task__project"]),
        }
    return f"{reverse('admin:taskdock_timers_timer_week')}?{urlencode(query)}"


def _combinations(width: int) -> Iterator[tuple[str, Size, Scheme]]:
    from tests.browser.chromium import DESKTOP, PHONE

    for scheme in ("light", "dark"):
        yield f"desktop-{scheme}", (width, DESKTOP[1]), scheme
        yield f"phone-{scheme}", PHONE, scheme


def _take(
    browser: Browser,
    base_url: str,
    *,
    session: str,
    pages: dict[str, str],
    directory: Path,
    width: int,
    whole: bool,
) -> None:
    from tests.browser.chromium import new_context

    for suffix, size, scheme in _combinations(width):
        context = new_context(browser, base_url, size=size, scheme=scheme, session=session)
        page = context.new_page()
        for name, path in pages.items():
            response = page.goto(path)
            if response is not None and response.ok:
                target = directory / f"{name}-{suffix}.png"
                page.screenshot(path=target, full_page=whole)
        context.close()


def main() -> None:
    """Fill a site of its own in memory, and look at it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--tasks", type=int, default=300, help="of the demo; 0 for an empty site")
    parser.add_argument("--only", nargs="*", help="the names of pages (default: all)")
    parser.add_argument("--width", type=int, default=1280, help="of a desktop's window, in pixels")
    parser.add_argument("--whole", action="store_true", help="the page as long as it is")
    arguments = parser.parse_args()

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    django.setup()

    from django.core.management import call_command
    from django.test import Client
    from pytest_django.live_server_helper import LiveServer

    from tasks.demo.load import load
    from tasks.testing import make_user
    from tests.browser.chromium import chromium

    call_command("migrate", verbosity=0)
    if arguments.tasks:
        load(tasks=arguments.tasks, today=_TODAY)
    client = Client()
    user: Any = make_user(is_superuser=True, first_name="Ada", last_name="Admin")
    client.force_login(user)
    if arguments.tasks:
        _give_work(user)
    session = client.cookies["sessionid"].value
    pages = _addresses()
    if arguments.only:
        pages = {name: path for name, path in pages.items() if name in arguments.only}
    arguments.directory.mkdir(parents=True, exist_ok=True)
    server = LiveServer("127.0.0.1")
    try:
        with chromium() as browser:
            _take(
                browser,
                server.url,
                session=session,
                pages=pages,
                directory=arguments.directory,
                width=arguments.width,
                whole=arguments.whole,
            )
    finally:
        server.stop()


if __name__ == "__main__":
    main()
