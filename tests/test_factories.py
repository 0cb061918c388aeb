"""The factories of ``tasks.testing`` work in whatever state a site's tests leave the tables."""

import pytest
from django.core.management import call_command

from tasks.models import TaskPriority, TaskStatus
from tasks.testing import make_attachment, make_task
from timers.testing import make_running_timer


@pytest.mark.django_db(transaction=True)
def test_factories_work_after_the_tables_were_emptied():
    call_command("flush", interactive=False, verbosity=0)
    assert not TaskStatus.objects.exists()
    task = make_task()
    assert (task.status.title, task.priority.title) == ("To do", "Normal")
    make_attachment(task)
    make_running_timer(task)
    assert (TaskStatus.objects.count(), TaskPriority.objects.count()) == (5, 3)
    make_task()
