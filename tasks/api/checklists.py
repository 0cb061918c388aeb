"""The Checklists API: items of a task or of a project."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from rest_framework.request import Request

from tasks import extensions
from tasks.api.lookups import item_of_path
from tasks.api.objects import (
    CHECKLIST_ITEM,
    CHECKLIST_META,
    ChecklistItemObject,
    ChecklistMetaObject,
    ChecklistOrderObject,
    ProgressObject,
)
from tasks.exceptions import ChecklistItemNotFound, ParentUnknown
from tasks.models import ChecklistItem, Project, Task
from tasks.people import BIGGEST_ID
from tasks.platform.answers import Answer
from tasks.platform.errors import check_all
from tasks.platform.fields import (
    ArrayField,
    ChoiceField,
    InputSerializer,
    IntegerField,
    TextField,
)
from tasks.platform.listing import ListSpec
from tasks.platform.operations import operation
from tasks.platform.pages import page_of
from tasks.platform.several import single_values
from tasks.platform.shapes import DoneObject
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
        parent = visible.filter(pk=parent_id).first() if 0 < parent_id <= BIGGEST_ID else None
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
    """Lines to tick off, on a task or on a project."""

    not_found = ChecklistItemNotFound
    kind = "Checklist"
    tag = "Checklists"

    @operation(
        summary="List the checklist of a task or project",
        message="Checklists retrieved successfully.",
        query=ChecklistParentSerializer,
        listing=CHECKLIST_LIST,
        data=ChecklistItemObject,
        example=CHECKLIST_ITEM,
        meta=ChecklistMetaObject,
        meta_example=CHECKLIST_META,
    )
    def list(self, request: Request) -> Answer:
        parent = ChecklistParentSerializer(
            data=single_values(request.query_params), context={"actor": self.actor}
        )
        fields, query = check_all(parent.parsed, self.asked)
        items = checklists.items_of(fields["parent"])
        page = page_of(query, items)
        data = [checklist_representation(item) for item in page.of(_with_comments(items))]
        return self.answer(data, meta=page.meta | {"progress": progress_of(items)})

    @operation(
        summary="Get a checklist item",
        message="Checklist retrieved successfully.",
        data=ChecklistItemObject,
        example=CHECKLIST_ITEM,
    )
    def retrieve(self, request: Request, item_id: str) -> Answer:
        return self._answer_with(self.path_id(item_id))

    @operation(
        summary="Add a checklist item",
        message="Checklist created successfully.",
        status=201,
        body=ChecklistItemCreateSerializer,
        sends={
            "checklistresource_type": "task",
            "checklistresource_id": 120,
            "checklist_text": "Ask for the new logo",
        },
        data=ChecklistItemObject,
        example=CHECKLIST_ITEM,
    )
    def create(self, request: Request) -> Answer:
        """At the end of the list."""
        item = checklists.add_checklist_item(actor=self.actor, **self.validate())
        return self._answer_with(item.pk)

    @operation(
        summary="Change the text of a checklist item",
        message="Checklist updated successfully.",
        body=ChecklistItemUpdateSerializer,
        sends={"checklist_text": "Ask for the new logo"},
        data=ChecklistItemObject,
        example=CHECKLIST_ITEM,
    )
    def update(self, request: Request, item_id: str) -> Answer:
        item = item_of_path(self, item_id)
        checklists.update_checklist_item(actor=self.actor, item_id=item.pk, **self.validate())
        return self._answer_with(item.pk)

    @operation(
        summary="Delete a checklist item",
        message="Checklist deleted successfully.",
        data=DoneObject,
        example={"id": 31},
    )
    def destroy(self, request: Request, item_id: str) -> Answer:
        """With its comments."""
        item = item_of_path(self, item_id)
        checklists.delete_checklist_item(actor=self.actor, item_id=item.pk)
        return self.answer({"id": item.pk})

    @operation(
        summary="Tick a checklist item off, or not",
        message="Checklist status updated successfully.",
        body=ChecklistItemStatusSerializer,
        sends={"status": "completed"},
        data=ChecklistItemObject,
        example={**CHECKLIST_ITEM, "status": "completed"},
    )
    def set_status(self, request: Request, item_id: str) -> Answer:
        item = item_of_path(self, item_id)
        checklists.update_checklist_item(actor=self.actor, item_id=item.pk, **self.validate())
        return self._answer_with(item.pk)

    @operation(
        summary="Sort a checklist",
        message="Checklist positions updated successfully.",
        body=ChecklistPositionsSerializer,
        sends={"checklist_ids": [2, 1]},
        data=ChecklistOrderObject,
        example={"checklist_ids": [2, 1]},
    )
    def set_positions(self, request: Request) -> Answer:
        """These come first, in this order; the parent's others follow."""
        fields = self.validate()
        checklists.sort_checklist(actor=self.actor, **fields)
        return self.answer({"checklist_ids": fields["item_ids"]})

    def _answer_with(self, item_id: int) -> Answer:
        visible = ChecklistItem.objects.visible_to(self.actor)
        item = _with_comments(visible.filter(pk=item_id)).first()
        if item is None:
            raise ChecklistItemNotFound
        return self.answer(checklist_representation(item))


def checklist_representation(item: Any) -> ChecklistItemObject:
    """The documented object of an item that carries its number of comments."""
    return {
        "id": item.pk,
        "text": item.text,
        "status": "completed" if item.is_completed else "pending",
        "position": item.position,
        "resource": {"type": "task", "id": item.task_id}
        if item.task_id
        else {"type": "project", "id": item.project_id},
        "comments_count": item.comments_count,
        "dates": {"created": utc_text(item.created_at), "updated": utc_text(item.updated_at)},
    }


def progress_of(items: QuerySet[Any]) -> ProgressObject:
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
