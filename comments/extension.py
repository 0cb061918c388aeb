"""What the comments app tells ``tasks``."""

from pathlib import Path

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from comments import demo
from comments.models import Comment
from tasks.extensions import TaskExtension


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


EXTENSION = TaskExtension(
    name="comments",
    checklist_comments=checklist_comments,
    fill_demo=demo.fill,
    reference=Path(__file__).with_name("openapi.json"),
)
