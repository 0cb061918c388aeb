"""Whether the visitor has pinned a task."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tasks.admin.panels.forms import PanelForm
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Visit, needs
from tasks.models import TaskPin
from tasks.services.pins import pin_task, unpin_task


def _pin(visit: Visit, values: Values) -> None:
    pin_task(actor=visit.actor, task_id=visit.row.pk)


def _unpin(visit: Visit, values: Values) -> None:
    unpin_task(actor=visit.actor, task_id=visit.row.pk)


class PinPanel(Panel):
    """A button that pins the task for the visitor, or takes that back."""

    name = "pin"
    title = _("My pin")
    template = "taskdock/panels/pin.html"
    order = 70
    actions = (
        Action(
            name="pin",
            form=PanelForm,
            allowed=needs("add", TaskPin),
            write=_pin,
            said=_("The task is pinned."),
        ),
        Action(
            name="unpin",
            form=PanelForm,
            allowed=needs("delete", TaskPin),
            write=_unpin,
            said=_("The task is no longer pinned."),
        ),
    )

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", TaskPin)

    def context(self, visit: Visit) -> dict[str, Any]:
        is_pinned = TaskPin.objects.visible_to(visit.actor).filter(task=visit.row).exists()
        return {
            "is_pinned": is_pinned,
            "pin": self.form(visit, "pin"),
            "unpin": self.form(visit, "unpin"),
        }


PIN = PinPanel()
