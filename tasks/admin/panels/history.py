"""What happened to a row lately, with a link to all of it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.utils.translation import gettext_lazy as _

from tasks.admin.changes import told
from tasks.admin.panels.panel import Panel
from tasks.admin.panels.visits import Visit
from tasks.models import HistoryEntry

#: How many of the newest entries the panel shows.
NEWEST = 10


class HistoryPanel(Panel):
    """The newest entries of a row's history."""

    name = "history"
    title = _("History")
    template = "taskdock/panels/history.html"
    order = 90

    def context(self, visit: Visit) -> dict[str, Any]:
        entries = HistoryEntry.objects.visible_to(visit.actor).filter(
            subject_type=visit.page.opts.model_name, subject_id=visit.row.pk
        )
        return {
            "entries": [
                told(entry, visit.page.model) for entry in entries.order_by("-id")[:NEWEST]
            ],
            "all": visit.page.link_to("history", quote(visit.row.pk)),
        }


HISTORY = HistoryPanel()
