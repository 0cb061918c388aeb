"""Archiving, activating, stopping timers, deleting: what takes no form."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tasks import extensions
from tasks.admin.bulk import BulkAction, Change, Plan, Refusal
from tasks.admin.deletion import protected_by
from tasks.admin.refusals import refusal_text
from tasks.exceptions import StillReferredTo
from tasks.models import Task
from tasks.services import tasks


class _SetArchived(BulkAction):
    is_archived: ClassVar[bool]

    def done(self, count: int) -> str:
        if self.is_archived:
            text = ngettext("%(count)d task is archived.", "%(count)d tasks are archived.", count)
        else:
            text = ngettext("%(count)d task is active.", "%(count)d tasks are active.", count)
        return text % {"count": count}

    def plan(self, task: Task) -> Plan:
        if task.is_archived is self.is_archived:
            return None
        words = [gettext("active"), gettext("archived")]
        return Change(words[task.is_archived], words[self.is_archived])

    def write(self, task: Task) -> None:
        write = tasks.archive_task if self.is_archived else tasks.activate_task
        write(actor=self.actor, task_id=task.pk)


class Archive(_SetArchived):
    """Puts tasks away."""

    name = "archive"
    label = _("Archive selected tasks")
    is_archived = True


class Activate(_SetArchived):
    """Brings tasks back."""

    name = "activate"
    label = _("Activate selected tasks")
    is_archived = False


class StopTimers(BulkAction):
    """Stops whatever timers run on tasks, whoever started them."""

    name = "stop_timers"
    label = _("Stop the timers of selected tasks")
    permission = "stop_timers"

    def load(self) -> None:
        keys = [task.pk for task in self.rows]
        rows = Task._base_manager.filter(pk__in=keys).order_by()
        running = rows.annotate(running=extensions.running_timers())
        self.running = dict(running.values_list("pk", "running"))

    def plan(self, task: Task) -> Plan:
        number = self.running.get(task.pk, 0)
        if not number:
            return None
        text = ngettext("%(count)d timer runs", "%(count)d timers run", number)
        return Change(text % {"count": number}, gettext("stopped"))

    def write(self, task: Task) -> None:
        extensions.stop_timers(actor=self.actor, task_id=task.pk)


class Delete(BulkAction):
    """Deletes tasks with all that belongs to them, but their history."""

    name = "delete_selected"
    label = _("Delete selected tasks")
    permission = "delete"
    is_deletion = True

    def done(self, count: int) -> str:
        text = ngettext("%(count)d task was deleted.", "%(count)d tasks were deleted.", count)
        return text % {"count": count}

    def load(self) -> None:
        rows = Task._base_manager.filter(pk__in=[task.pk for task in self.rows])
        self.kept = extensions.kept_tasks(rows)
        self.protected = protected_by(self.rows)

    def plan(self, task: Task) -> Plan:
        if task.pk in self.kept:
            return Refusal(gettext(self.kept[task.pk]))
        if task.pk in self.protected:
            return Refusal(refusal_text(StillReferredTo(self.protected[task.pk])))
        now = gettext("archived") if task.is_archived else gettext("active")
        return Change(now, gettext("deleted"))

    def write(self, task: Task) -> None:
        self.page.log_deletions(self.request, [task])  # type: ignore[arg-type]  # any rows do
        tasks.delete_task(actor=self.actor, task_id=task.pk)
