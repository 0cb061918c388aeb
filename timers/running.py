"""The bar that shows which timer runs, for the admin and for a site's own pages."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from timers.clock import clock
from timers.models import Timer


def bar_of(
    request: HttpRequest, timer: Timer, *, task_url: str | None, stop_url: str | None
) -> SafeString:
    """The task, the time so far, and a button to stop it where it is sent to ``stop_url``."""
    seconds = timer.seconds_at(timezone.now())
    context = {
        "timer": timer,
        "seconds": str(seconds),
        "clock": clock(seconds),
        "task_url": task_url,
        "stop_url": stop_url,
        "here": request.get_full_path(),
    }
    return render_to_string("taskdock_timers/running.html", context, request=request)
