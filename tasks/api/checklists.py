"""The Checklists API: items of a task or of a project."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from tasks import extensions
from tasks.exceptions import ChecklistItemNotFound, ParentUnknown
from tasks.models import ChecklistItem, Project, Task
from tasks.people import BIGGEST_ID
from tasks.platform.errors import check_all
from tasks.platform.fields import (
    ArrayField,
    ChoiceField,
    InputSerializer,
    IntegerField,
    TextField,
)
from tasks.platform.listing import ListSpec
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet
from tasks.services import checklists

PARENTS: Mapping[str, type[Task | Project]] = {"task": Task, "project": Project}

CHECKLIST_LIST = ListSpec(
    filters={},
    sorts={
        "checklist_position": "position",
        "checklist_status": "is_completed",
        "checklist_created": "created_at",
    },
    default_sort="position",
    default_descending=False,
)


class _ParentSerializer(InputSerializer):
    """Takes a parent by its type and id, under whatever names."""

    def cross_check(self, values: dict[str, Any]) -> None:
        """Puts the parent in place of its type and id. Raises ``ParentUnknown``."""
        if "model" not in values or "parent_id" not in values:
            return
        model, parent_id = values.pop("model"), values.pop("parent_id")
        visible = model.objects.visible_to(self.context["actor"])
        parent = visible.filter(pk=parent_id).first() if 0 <= parent_id <= BIGGEST_ID else None
        if parent is None:
            raise ParentUnknown
        values["parent"] = parent


class ChecklistParentSerializer(_ParentSerializer):
    """The parent that a list is asked for, both required."""

    resource_type = ChoiceField(source="model", choices=PARENTS)
    resource_id = IntegerField(source="parent_id")


class ChecklistItemCreateSerializer(_ParentSerializer):
    """``POST /checklists``."""

    checklistresource_type = ChoiceField(source="model", choices=PARENTS)
    checklistresource_id = IntegerField(source="parent_id")
    checklist_text = TextField(source="text")


class ChecklistItemUpdateSerializer(InputSerializer):
    """``PATCH /checklists/{id}``."""

    checklist_text = TextField(source="text")


class ChecklistItemStatusSerializer(InputSerializer):
    """``PUT /checklists/{id}/status``."""

    status = ChoiceField(source="is_completed", choices={"pending": False, "completed": True})


class ChecklistPositionsSerializer(InputSerializer):
    """``PUT /checklists/positions``: ids of one parent, each once."""

    checklist_ids = ArrayField(source="item_ids", item=IntegerField(), allow_empty=False)

    def cross_check(self, values: dict[str, Any]) -> None:
        """Raises as ``sort_checklist`` will."""
        if "item_ids" in values:
            checklists.parent_of_all(actor=self.context["actor"], item_ids=values["item_ids"])


class ChecklistViewSet(APIViewSet):
    """Checklist items. Their comments come with the comments app."""

    not_found = ChecklistItemNotFound

    def list(self, request: Request) -> Response:
        asked = ChecklistParentSerializer(data=request.query_params, context={"actor": self.actor})
        fields, query = check_all(asked.parsed, lambda: CHECKLIST_LIST.parse(request.query_params))
        items = checklists.items_of(fields["parent"])
        rows, meta = query.page_of(items)
        data = [checklist_representation(item) for item in _with_comments(rows)]
        message = "Checklists retrieved successfully."
        return self.answer(data, message, meta=meta | {"progress": progress_of(items)})

    def retrieve(self, request: Request, item_id: str) -> Response:
        return self._answer_with(self.path_id(item_id), "Checklist retrieved successfully.")

    def create(self, request: Request) -> Response:
        fields = self.validate(ChecklistItemCreateSerializer)
        item = checklists.add_checklist_item(actor=self.actor, **fields)
        return self._answer_with(item.pk, "Checklist created successfully.", status=201)

    def update(self, request: Request, item_id: str) -> Response:
        item = item_of_path(self, item_id)
        fields = self.validate(ChecklistItemUpdateSerializer)
        checklists.update_checklist_item(actor=self.actor, item_id=item.pk, **fields)
        return self._answer_with(item.pk, "Checklist updated successfully.")

    def destroy(self, request: Request, item_id: str) -> Response:
        item = item_of_path(self, item_id)
        checklists.delete_checklist_item(actor=self.actor, item_id=item.pk)
        return self.answer({"id": item.pk}, "Checklist deleted successfully.")

    def set_status(self, request: Request, item_id: str) -> Response:
        item = item_of_path(self, item_id)
        fields = self.validate(ChecklistItemStatusSerializer)
        checklists.update_checklist_item(actor=self.actor, item_id=item.pk, **fields)
        return self._answer_with(item.pk, "Checklist status updated successfully.")

    def set_positions(self, request: Request) -> Response:
        fields = self.validate(ChecklistPositionsSerializer)
        checklists.sort_checklist(actor=self.actor, **fields)
        data = {"checklist_ids": fields["item_ids"]}
        return self.answer(data, "Checklist positions updated successfully.")

    def _answer_with(self, item_id: int, message: str, status: int = 200) -> Response:
        visible = ChecklistItem.objects.visible_to(self.actor)
        item = _with_comments(visible.filter(pk=item_id)).first()
        if item is None:
            raise ChecklistItemNotFound
        return self.answer(checklist_representation(item), message, status=status)


def item_of_path(view: APIViewSet, item_id: str) -> ChecklistItem:
    """The item that a path names. Raises ``ChecklistItemNotFound``."""
    visible = ChecklistItem.objects.visible_to(view.actor)
    item: ChecklistItem | None = visible.filter(pk=view.path_id(item_id)).first()
    if item is None:
        raise ChecklistItemNotFound
    return item


def checklist_representation(item: Any) -> dict[str, Any]:
    """The documented object of an item that carries its number of comments."""
    kind, parent_id = ("task", item.task_id) if item.task_id else ("project", item.project_id)
    return {
        "id": item.pk,
        "text": item.text,
        "status": "completed" if item.is_completed else "pending",
        "position": item.position,
        "resource": {"type": kind, "id": parent_id},
        "comments_count": item.comments_count,
        "dates": {"created": utc_text(item.created_at), "updated": utc_text(item.updated_at)},
    }


def progress_of(items: QuerySet[Any]) -> dict[str, int]:
    """``{total, completed, percentage}`` of a whole list, the percentage rounded down."""
    counts = items.aggregate(total=Count("pk"), completed=Count("pk", filter=Q(is_completed=True)))
    total, completed = counts["total"], counts["completed"]
    return {
        "total": total,
        "completed": completed,
        "percentage": completed * 100 // total if total else 0,
    }


def _with_comments(items: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = items.annotate(comments_count=extensions.checklist_comments())
    return counted
