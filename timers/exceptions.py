"""What the services of time entries refuse."""

from tasks.exceptions import Invalid, NotFound, Refused


class TimerNotFound(NotFound):
    message = "Timesheet not found."


class TaskHasInvoicedTime(Refused):
    message = "The task has invoiced time."


class TimerIsInvoiced(Refused):
    message = "The time entry is invoiced."


class TimerIsRunning(Refused):
    message = "The time entry is running."


class TimeOutOfRange(Invalid):
    field = "seconds"
    template = "The {seconds} must be between one minute and 24 hours."
