"""The tag by which a site shows on its own pages which timer of the reader's runs."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from tasks.actors import Actor, Door
from timers.reads import running_timer_of
from timers.running import bar_of

register = template.Library()


@register.simple_tag(takes_context=True)
def running_timer(context: dict[str, Any]) -> SafeString:
    """The bar of the timer that the user of the context's ``request`` has running, or nothing.

    Takes one query. It leads to the admin, and stops there, where the site has ours and lets the
    user do so.
    """
    request: Any = context.get("request")
    user: Any = getattr(request, "user", None)
    timer = None
    if user is not None and user.is_authenticated:
        timer = running_timer_of(Actor(user=user, door=Door.CODE))
    if timer is None:
        return mark_safe("")
    is_staff = bool(user.is_active and getattr(user, "is_staff", False))

    def address(name: str, *args: Any, needs: str) -> str | None:
        allowed = needs.split()
        if not is_staff or not any(map(user.has_perm, allowed)):
            return None
        try:
            return reverse(f"admin:{name}", args=args)
        except NoReverseMatch:
            return None

    return bar_of(
        request,
        timer,
        task_url=address(
            "taskdock_task_change",
            timer.task_id,
            needs="taskdock.view_task taskdock.change_task",
        ),
        stop_url=address(
            "taskdock_timers_timer_stop", timer.pk, needs="taskdock_timers.change_timer"
        ),
    )
