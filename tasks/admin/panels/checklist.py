"""The checklist of a task: ticked, added to, edited and sorted in place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tasks.admin.fields import MultilineField
from tasks.admin.links import list_url
from tasks.admin.panels.forms import PanelForm, RowForm
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Visit, needs
from tasks.models import ChecklistItem
from tasks.services import checklists

#: How many items a page shows; the others are in their own list.
SHOWN = 100
UP, DOWN, BEFORE, LAST = "up", "down", "before", "last"


def items_of(visit: Visit) -> QuerySet[Any]:
    """The items that the visitor sees, in their order."""
    rows = ChecklistItem.objects.visible_to(visit.actor).filter(task=visit.row)
    return rows.order_by("position", "pk")


class ItemForm(RowForm):
    """Something that is done to an item."""

    def rows(self) -> QuerySet[Any]:
        return items_of(self.visit)


class AddForm(PanelForm):
    """A new item."""

    empties = "text"
    text = MultilineField(
        label=_("New item"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class TickForm(ItemForm):
    """Ticks an item, or takes that back."""

    is_completed = forms.BooleanField(required=False)


class EditForm(ItemForm):
    """Another text for an item."""

    text = MultilineField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 2}))


class MoveForm(ItemForm):
    """Another place for an item: one up or down, before another one, or at the end."""

    to = forms.ChoiceField(
        choices=[(name, name) for name in (UP, DOWN, BEFORE, LAST)], widget=forms.HiddenInput
    )
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)


def _add(visit: Visit, values: Values) -> None:
    checklists.add_checklist_item(actor=visit.actor, parent=visit.row, text=values["text"])


def _change(visit: Visit, values: Values) -> None:
    fields: Any = {name: values[name] for name in values if name != "row"}
    checklists.update_checklist_item(actor=visit.actor, item_id=values["row"].pk, **fields)


def _delete(visit: Visit, values: Values) -> None:
    checklists.delete_checklist_item(actor=visit.actor, item_id=values["row"].pk)


def _move(visit: Visit, values: Values) -> None:
    before = list(items_of(visit).values_list("pk", flat=True))
    if values["row"].pk in before:
        order = moved(before, values["row"].pk, values["to"], values["before"])
        checklists.sort_checklist(actor=visit.actor, item_ids=order)


def moved(order: list[int], pk: int, to: str, before: int | None) -> list[int]:
    """The keys in their new order."""
    place, rest = order.index(pk), [one for one in order if one != pk]
    if to == UP:
        target = max(place - 1, 0)
    elif to == DOWN:
        target = place + 1
    elif to == BEFORE and before in rest:
        target = rest.index(before)
    else:
        target = len(rest)
    return [*rest[:target], pk, *rest[target:]]


class ChecklistPanel(Panel):
    """The checklist of a task."""

    name = "checklist"
    title = _("Checklist")
    template = "taskdock/panels/checklist.html"
    order = 10
    touches = ("history",)
    actions = (
        Action(
            name="add",
            form=AddForm,
            allowed=needs("add", ChecklistItem),
            write=_add,
            said=_("The item was added."),
        ),
        Action(
            name="tick",
            form=TickForm,
            allowed=needs("change", ChecklistItem),
            write=_change,
            said=_("The item was changed."),
        ),
        Action(
            name="edit",
            form=EditForm,
            allowed=needs("change", ChecklistItem),
            write=_change,
            said=_("The item was changed."),
        ),
        Action(
            name="move",
            form=MoveForm,
            allowed=needs("change", ChecklistItem),
            write=_move,
            said=_("The item was moved."),
        ),
        Action(
            name="delete",
            form=ItemForm,
            allowed=needs("delete", ChecklistItem),
            write=_delete,
            said=_("The item was deleted."),
        ),
    )

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", ChecklistItem)

    def context(self, visit: Visit) -> dict[str, Any]:
        rows = items_of(visit)
        shown = list(rows[: SHOWN + 1])
        items = [
            {
                "item": item,
                "pk": str(item.pk),
                "edit": self.form(visit, "edit", row=item.pk, initial={"text": item.text}),
            }
            for item in shown[:SHOWN]
        ]
        has_more = len(shown) > SHOWN
        return {
            "items": items,
            "has_more": has_more,
            "done": sum(one["item"].is_completed for one in items),
            "all": list_url(visit.page, "checklistitem", task__id__exact=visit.row.pk),
            "add": self.form(visit, "add"),
        }


CHECKLIST = ChecklistPanel()
