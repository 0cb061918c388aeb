"""What the comments app tells ``tasks``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from comments import demo
from comments.models import Comment
from tasks.extensions import TaskExtension

if TYPE_CHECKING:
    from tasks.admin.panels import Panel


def checklist_comments() -> Combinable:
    """The number of a checklist item's comments."""
    counted = (
        Comment.objects.filter(checklist_item=OuterRef("pk"))
        .order_by()
        .values("checklist_item")
        .annotate(total=Count("pk"))
        .values("total")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def admin_panels() -> Sequence[Panel]:
    """What a task's page in the admin shows of this app; there need not be an admin."""
    from comments.admin.panels import PANELS

    return PANELS


EXTENSION = TaskExtension(
    name="comments",
    checklist_comments=checklist_comments,
    fill_demo=demo.fill,
    reference=Path(__file__).with_name("openapi.json"),
    admin_panels=admin_panels,
)
