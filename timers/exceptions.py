"""What the services of time entries refuse."""

from django.utils.translation import gettext_noop

from tasks.exceptions import Invalid, NotFound, Refused


class TimerNotFound(NotFound):
    message = gettext_noop("Timesheet not found.")


class TaskHasInvoicedTime(Refused):
    message = gettext_noop("The task has invoiced time.")


class TimerIsInvoiced(Refused):
    message = gettext_noop("The time entry is invoiced.")


class TimerIsRunning(Refused):
    message = gettext_noop("The time entry is running.")


class TimeOutOfRange(Invalid):
    field = "seconds"
    template = gettext_noop("The {seconds} must be between one minute and 24 hours.")


class TimeExceedsTimer(Invalid):
    field = "seconds"
    template = gettext_noop("The {seconds} must not be longer than the timer has run.")
