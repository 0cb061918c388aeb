"""The comments on a task, as a thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.admin.ownership import is_permitted
from comments.models import TEXT_LENGTH, Comment
from comments.services import comments
from tasks.admin.fields import MultilineField
from tasks.admin.panels import Action, Panel, PanelForm, RowForm, Values, Visit, needs
from tasks.admin.people import person_label
from tasks.models import HistoryEntry

#: How many comments a page shows: the newest. All are in their own list.
SHOWN = 50


def comments_on(visit: Visit) -> QuerySet[Any]:
    """The comments on the task that the visitor sees."""
    return Comment.objects.visible_to(visit.actor).filter(task=visit.row)


class AddForm(PanelForm):
    """A new comment."""

    empties = "text"
    text = MultilineField(
        label=_("New comment"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommentForm(RowForm):
    """An action on a comment; ``verb`` is the permission that others' comments need."""

    verb: ClassVar[str] = "delete"

    def rows(self) -> QuerySet[Any]:
        return comments_on(self.visit)

    def clean_row(self) -> Any:
        comment = super().clean_row()
        if not is_permitted(self.visit.request, self.verb, comment):
            raise ValidationError(gettext("Only its author may do this."))
        return comment


class EditForm(CommentForm):
    """Another text for a comment."""

    verb = "change"

    text = MultilineField(
        label=_("Text"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


def _add(visit: Visit, values: Values) -> None:
    comments.add_comment(actor=visit.actor, subject=visit.row, text=values["text"])


def _edit(visit: Visit, values: Values) -> None:
    comments.edit_comment(actor=visit.actor, comment_id=values["row"].pk, text=values["text"])


def _delete(visit: Visit, values: Values) -> None:
    comments.delete_comment(actor=visit.actor, comment_id=values["row"].pk)


class CommentsPanel(Panel):
    """The comments on a task, the newest last."""

    name = "comments"
    title = _("Comments")
    template = "taskdock_comments/panel.html"
    order = 20
    actions = (
        Action(
            name="add",
            form=AddForm,
            allowed=needs("add", Comment),
            write=_add,
            said=_("The comment was added."),
        ),
        Action(
            name="edit",
            form=EditForm,
            allowed=needs("change", Comment),
            write=_edit,
            said=_("The comment was changed."),
        ),
        Action(
            name="delete",
            form=CommentForm,
            allowed=needs("delete", Comment),
            write=_delete,
            said=_("The comment was deleted."),
        ),
    )

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", Comment)

    def context(self, visit: Visit) -> dict[str, Any]:
        newest = comments_on(visit).select_related("creator").order_by("-created_at", "-pk")
        found = list(newest[: SHOWN + 1])
        request = visit.request
        edited = [row.pk for row in found if row.updated_at != row.created_at]
        editors = _editors(edited) if edited else {}
        shown = [
            {
                "comment": comment,
                "pk": str(comment.pk),
                "may_edit": is_permitted(request, "change", comment),
                "may_delete": is_permitted(request, "delete", comment),
                "editor": _other(editors.get(comment.pk), comment),
                "author": None if comment.creator is None else person_label(comment.creator),
                "is_edited": comment.updated_at != comment.created_at,
                "edit": self.form(visit, "edit", row=comment.pk, initial={"text": comment.text}),
            }
            for comment in reversed(found[:SHOWN])
        ]
        return {
            "comments": shown,
            "all": _list_of(visit) if len(found) > SHOWN else None,
            "add": self.form(visit, "add"),
        }


def _editors(comment_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The id and the name of the last editor, by comment."""
    entries = HistoryEntry.objects.filter(
        subject_type="comment", subject_id__in=list(comment_ids), verb="updated"
    )
    rows = entries.order_by("id").values_list("subject_id", "actor_id", "actor_name")
    return {pk: (actor_id, name) for pk, actor_id, name in rows}


def _other(editor: tuple[str, str] | None, comment: Comment) -> str:
    """The name of the last editor where that is not the author."""
    if editor is None or editor[0] == str(comment.creator_id):
        return ""
    return editor[1]


def _list_of(visit: Visit) -> str | None:
    try:
        url = reverse(
            "admin:taskdock_comments_comment_changelist",
            current_app=visit.page.admin_site.name,
        )
    except NoReverseMatch:
        return None
    return f"{url}?{urlencode({'task__id__exact': visit.row.pk})}"


PANELS = (CommentsPanel(),)
