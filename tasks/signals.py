"""What a site's code can hear of tasks: signals, sent once a change has been committed.

A receiver is called once for each change, by whichever door it came in: the API, the admin, a
command, or a service that code of the site calls. What is rolled back is never told of. A receiver
that fails harms nobody: what it raises goes to the log ``django.dispatch``. Where nobody listens a
signal costs nothing.

The sender is always ``tasks.models.Task``. Every signal has these arguments:

``task_id``
    The task's primary key.
``actor``
    Who did it: a ``tasks.actors.Actor``.
``at``
    When, as history has it.
"""

from django.dispatch import Signal

#: A task was made. ``source_id``: the task that it is a copy of, or None.
task_created = Signal(use_caching=True)
#: A task was changed; once for all that one call changed. ``changes``: by the name of a field what
#: it was and what it is, ``{"title": ("Plan", "Plan B")}``, as history keeps them: a day as text, a
#: related row or a person as ``{"id": ..., "name": ...}``, "assigned" and "tags" as lists.
task_updated = Signal(use_caching=True)
#: A task moved to another status; sent after its ``task_updated``. ``old`` and ``new``: the two
#: statuses, each ``{"id": ..., "name": ...}``.
task_status_changed = Signal(use_caching=True)
#: A task entered the completed status, or was made in it.
task_completed = Signal(use_caching=True)
#: People were assigned to a task or are no longer, or it was made with people. ``added`` and
#: ``removed``: the primary keys of the users, as tuples.
task_assigned = Signal(use_caching=True)
#: A comment was written on a task. ``comment_id``: its primary key.
task_commented = Signal(use_caching=True)
#: A task was deleted. ``title``, ``project_id``: what it was called and where it was.
task_deleted = Signal(use_caching=True)
