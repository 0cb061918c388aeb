"""The bulk action on comments."""

from __future__ import annotations

from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comments.admin.ownership import is_permitted
from comments.models import Comment
from comments.services import comments
from tasks.admin.bulk import BulkAction, Change, Plan, Refusal
from tasks.people import person_name

_EXCERPT = 60


class DeleteComments(BulkAction):
    """Deletes comments that the user may delete."""

    name = "delete_selected"
    label = _("Delete the selected comments")
    permission = "delete"
    is_deletion = True
    select_related = ("creator",)

    def done(self, count: int) -> str:
        text = ngettext("%(count)d comment was deleted.", "%(count)d comments were deleted.", count)
        return text % {"count": count}

    def label_of(self, row: Comment) -> str:
        text = Truncator(row.text).chars(_EXCERPT)
        return text if row.creator is None else f"{person_name(row.creator)}: {text}"

    def plan(self, row: Comment) -> Plan:
        if not is_permitted(self.request, "delete", row):
            return Refusal(gettext("Only its author may delete it."))
        return Change("", gettext("deleted"))

    def write(self, row: Comment) -> None:
        self.page.log_deletions(self.request, [row])  # type: ignore[arg-type]  # any rows do
        comments.delete_comment(actor=self.actor, comment_id=row.pk)
