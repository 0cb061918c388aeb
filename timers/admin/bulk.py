"""Bulk actions on time entries, each with a preview."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tasks.admin.bulk import BulkAction, Change, Plan, Refusal
from tasks.admin.refusals import refusal_text
from tasks.database import of_self
from tasks.models import Task
from tasks.people import person_name
from timers.admin.forgotten import is_long
from timers.clock import clock
from timers.exceptions import TimerIsInvoiced, TimerIsRunning
from timers.models import Timer
from timers.services import timers


class TimerAction(BulkAction):
    """An action on time entries."""

    select_related = ("task", "user")

    @classmethod
    def locked(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        # Services lock the task before its entries.
        tasks = Task._base_manager.filter(pk__in=rows.order_by().values("task_id"))
        list(tasks.order_by("pk").select_for_update(of=of_self()).values_list("pk"))
        return super().locked(rows)

    def label_of(self, row: Timer) -> str:
        day = date_format(row.work_date, "SHORT_DATE_FORMAT")
        who = "" if row.user is None else f"{person_name(row.user)}, "
        return f"{row.task.title} ({who}{day})"


class StopTimers(TimerAction):
    """Stops timers with the time so far."""

    name = "stop"
    label = _("Stop the selected timers")

    def done(self, count: int) -> str:
        text = ngettext("%(count)d timer stopped.", "%(count)d timers stopped.", count)
        return text % {"count": count}

    def plan(self, row: Timer) -> Plan:
        if not row.is_running:
            return None
        warning = gettext("Longer than 12 hours: stop it by itself to enter another time.")
        return Change(
            clock(row.seconds_at(timezone.now())),
            gettext("stopped"),
            warning=warning if is_long(row) else "",
        )

    def write(self, row: Timer) -> None:
        timers.stop_timer(actor=self.actor, timer_id=row.pk)


class _SetInvoiced(TimerAction):
    is_invoiced: ClassVar[bool]

    def done(self, count: int) -> str:
        text = ngettext("%(count)d entry marked.", "%(count)d entries marked.", count)
        return text % {"count": count}

    def plan(self, row: Timer) -> Plan:
        if row.is_running:
            return Refusal(refusal_text(TimerIsRunning()))
        if row.is_invoiced is self.is_invoiced:
            return None
        words = [gettext("not invoiced"), gettext("invoiced")]
        return Change(words[row.is_invoiced], words[self.is_invoiced])

    def write(self, row: Timer) -> None:
        timers.set_invoiced(actor=self.actor, timer_id=row.pk, is_invoiced=self.is_invoiced)


class MarkInvoiced(_SetInvoiced):
    """Marks entries as invoiced."""

    name = "mark_invoiced"
    label = _("Mark as invoiced")
    is_invoiced = True


class MarkNotInvoiced(_SetInvoiced):
    """Marks entries as not invoiced."""

    name = "unmark_invoiced"
    label = _("Mark as not invoiced")
    is_invoiced = False


class DeleteTimers(TimerAction):
    """Deletes entries that are not invoiced."""

    name = "delete_selected"
    label = _("Delete the selected time entries")
    permission = "delete"
    is_deletion = True

    def done(self, count: int) -> str:
        text = ngettext(
            "%(count)d time entry was deleted.", "%(count)d time entries were deleted.", count
        )
        return text % {"count": count}

    def plan(self, row: Timer) -> Plan:
        if row.is_invoiced:
            return Refusal(refusal_text(TimerIsInvoiced()))
        return Change(clock(row.seconds_at(timezone.now())), gettext("deleted"))

    def write(self, row: Timer) -> None:
        self.page.log_deletions(self.request, [row])  # type: ignore[arg-type]  # any rows do
        timers.delete_timer(actor=self.actor, timer_id=row.pk)


ACTIONS: tuple[type[BulkAction], ...] = (StopTimers, MarkInvoiced, MarkNotInvoiced, DeleteTimers)
