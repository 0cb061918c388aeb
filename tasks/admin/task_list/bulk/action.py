"""One thing that is done to many tasks: what it would do to each, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import ngettext

from tasks.admin.base import actor_of
from tasks.models import Task

if TYPE_CHECKING:
    from tasks.admin.base import ServiceModelAdmin


@dataclass(frozen=True, slots=True)
class Change:
    """What a task would be changed from and to, and what speaks against it all the same."""

    before: str
    after: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a task can't be changed."""

    reason: str


#: None where a task is as it should be already.
Plan = Change | Refusal | None


class BulkForm(forms.Form):
    """What an action has to know; may offer what the chosen tasks have."""

    def __init__(
        self,
        *args: Any,
        page: ServiceModelAdmin,
        request: HttpRequest,
        tasks: Sequence[Task],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.request, self.tasks = page, request, tasks
        self.actor = actor_of(request)


class BulkAction:
    """Something that is done to each of some tasks, which are of one moment.

    ``plan`` tells it of one and asks the database nothing that grows with the tasks: what it needs
    is read by ``load``. ``write`` does it, by the service of one task.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    #: Which permission of the page's it needs: the name of its ``has_..._permission``.
    permission: ClassVar[str] = "change"
    form: ClassVar[type[BulkForm] | None] = None
    is_deletion: ClassVar[bool] = False

    @classmethod
    def done(cls, count: int) -> str:
        """What is said of so many tasks to which it was done."""
        return ngettext("%(count)d task was changed.", "%(count)d tasks were changed.", count)

    def __init__(
        self,
        page: ServiceModelAdmin,
        request: HttpRequest,
        tasks: Sequence[Task],
        values: dict[str, Any],
    ) -> None:
        self.page, self.request, self.tasks, self.values = page, request, tasks, values
        self.actor = actor_of(request)
        self.load()

    def load(self) -> None:
        """Read what the plans need, for all the tasks at once."""

    def plan(self, task: Task) -> Plan:
        """What would become of a task."""
        raise NotImplementedError

    def write(self, task: Task) -> None:
        """Do it to a task that is locked. Raises what the service refuses with."""
        raise NotImplementedError
