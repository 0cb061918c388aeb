"""A bulk action: what it would change in each of many rows, and the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.admin.utils import model_ngettext
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

from tasks.admin.base import actor_of
from tasks.database import of_self

if TYPE_CHECKING:
    from tasks.admin.base import ServiceModelAdmin


@dataclass(frozen=True, slots=True)
class Change:
    """The old and the new value of a row, and a warning that does not prevent the change."""

    before: str
    after: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row can't be changed."""

    reason: str


#: None where a row has the new value already.
Plan = Change | Refusal | None


class BulkForm(forms.Form):
    """The values that an action needs; its choices may depend on the selected rows."""

    def __init__(
        self,
        *args: Any,
        page: ServiceModelAdmin,
        request: HttpRequest,
        rows: Sequence[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.request, self.rows = page, request, rows
        self.actor = actor_of(request)


class BulkAction:
    """An action on each of the selected rows, which are read in one transaction.

    ``plan`` returns what would change in one row. It sends no query: ``load`` reads what all plans
    need. ``write`` changes one row through its service.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    #: The page's permission that the action needs: the name in its ``has_..._permission``.
    permission: ClassVar[str] = "change"
    form: ClassVar[type[BulkForm] | None] = None
    is_deletion: ClassVar[bool] = False
    select_related: ClassVar[Sequence[str]] = ("project", "status", "priority")

    def done(self, count: int) -> str:
        """The message after ``count`` rows were changed."""
        text = ngettext(
            "%(count)d %(objects)s was changed.", "%(count)d %(objects)s were changed.", count
        )
        return text % {"count": count, "objects": model_ngettext(self.page.opts, count)}

    @classmethod
    def locked(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with a lock, taken in the order in which the services take theirs."""
        return rows.prefetch_related(None).select_for_update(of=of_self())

    def __init__(
        self,
        page: ServiceModelAdmin,
        request: HttpRequest,
        rows: Sequence[Any],
        values: dict[str, Any],
    ) -> None:
        self.page, self.request, self.rows, self.values = page, request, rows, values
        self.actor = actor_of(request)
        self.load()

    def label_of(self, row: Any) -> str:
        """The row as the preview and the messages name it."""
        return str(row)

    def load(self) -> None:
        """Read what the plans need, for all rows at once."""

    def plan(self, row: Any) -> Plan:
        """What the action would change in a row."""
        raise NotImplementedError

    def write(self, row: Any) -> None:
        """Change a locked row. Raises what its service refuses with."""
        raise NotImplementedError
