"""The comments on a task, as a thread."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
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
        newest = _with_editors(comments_on(visit)).select_related("creator")
        newest = newest.order_by("-created_at", "-pk")
        found = list(newest[: SHOWN + 1])
        request = visit.request
        shown = [
            {
                "comment": comment,
                "pk": str(comment.pk),
                "may_edit": is_permitted(request, "change", comment),
                "may_delete": is_permitted(request, "delete", comment),
                "editor": _editor(comment),
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


def _with_editors(comments: QuerySet[Any]) -> QuerySet[Any]:
    """The comments with the id and the name of the last editor of those that were edited."""
    entries = HistoryEntry.objects.filter(
        subject_type="comment", subject_id=OuterRef("pk"), verb="updated"
    ).order_by("-id")
    edited = Q(updated_at__gt=F("created_at"))
    annotated: QuerySet[Any] = comments.annotate(
        **{
            name: Case(When(edited, then=Subquery(entries.values(column)[:1])), default=None)
            for name, column in (("editor_id", "actor_id"), ("editor_name", "actor_name"))
        }
    )
    return annotated


def _editor(comment: Any) -> str:
    """The name of the last editor where that is not the author."""
    is_other = comment.editor_id is not None and comment.editor_id != str(comment.creator_id)
    return comment.editor_name if is_other else ""


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
