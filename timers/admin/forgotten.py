"""Timers that ran on after the work: the admin asks for their time before they stop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from tasks.admin.refusals import refusal_text
from tasks.exceptions import Refused, TaskdockError
from timers.admin.week.times import TimeField
from timers.clock import clock
from timers.exceptions import TimeExceedsTimer
from timers.models import Timer
from timers.services import timers


class TimerWasForgotten(Refused):
    """Another timer of the person has run for so long that its time is to be checked first."""

    message = gettext_noop(
        "The running timer has run for more than 12 hours. Stop it first, and check its time."
    )


def is_long(timer: Timer) -> bool:
    """Whether the timer has run for longer than people work in one go."""
    return bool(timer.is_running) and timer.seconds_at(timezone.now()) > timers.LONG_SECONDS


def check_other_timer(user: Any, task_id: int) -> None:
    """Raise ``TimerWasForgotten`` where a start on this task would stop a long timer."""
    running = Timer.objects.filter(user_id=user.pk, is_running=True).exclude(task_id=task_id)
    if any(is_long(timer) for timer in running):
        raise TimerWasForgotten


class StopFields(forms.Form):
    """How a timer stops: with the time so far, or with a shorter one.

    ``keep`` is the name of the button that keeps the time of a long timer. ``seconds`` of the
    cleaned data is None for the time so far.
    """

    time = TimeField(label=_("Time worked"), required=False)

    #: The timer; None for one that is gone.
    timer: Timer | None = None

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        timer, seconds = self.timer, values.get("time")
        if "keep" in self.data:
            # The other button of the form: its field does not count.
            self.errors.pop("time", None)
            return {**values, "seconds": None}
        values["seconds"] = seconds
        if timer is None or "time" in self.errors:
            return values
        if seconds is None:
            if is_long(timer):
                raise ValidationError(self.question)
            return values
        try:
            timers.check_seconds(seconds)
            if timer.is_running and seconds > timer.seconds_at(timezone.now()):
                raise TimeExceedsTimer
        except TaskdockError as error:
            self.add_error("time", refusal_text(error, lambda _name: gettext("time")))
        return values

    @property
    def question(self) -> str:
        """What the page asks about the timer."""
        seconds = 0 if self.timer is None else self.timer.seconds_at(timezone.now())
        text = gettext("The timer has run for %(time)s. Keep that, or enter the time worked.")
        return text % {"time": clock(seconds)}


class StopForm(StopFields):
    """The form of the page that asks about one timer."""

    def __init__(self, *args: Any, timer: Timer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timer = timer


def stop_form(request: HttpRequest, timer: Timer) -> StopForm:
    """The form as it was sent; unbound where the request says nothing about the time."""
    is_answer = bool({"keep", "time"} & request.POST.keys())
    return StopForm(request.POST if is_answer else None, timer=timer)
