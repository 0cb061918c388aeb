"""Forms of what people work on and what is tagged."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks.admin.base import ServiceForm
from tasks.admin.fields import TagsField, format_tags, unix_lines
from tasks.admin.people import PeopleField, PeopleSelect, by_login
from tasks.people import members_visible_to, users


class SetsForm(ServiceForm):
    """A row with who works on it and its tags; which rows say so is for the subclasses to tell."""

    assigned = PeopleField(
        queryset=None,
        required=False,
        show_hidden_initial=True,
        label=_("Assigned"),
        widget=PeopleSelect(_("team members"), is_stacked=False),
    )
    tags = TagsField(show_hidden_initial=True)

    def assigned_rows(self) -> Any:
        """The rows that name who works on the instance by ``user_id``."""
        raise NotImplementedError

    def tag_rows(self) -> Any:
        """The rows that put a ``tag`` on the instance."""
        raise NotImplementedError

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tag_names: list[str] = []
        assigned: list[Any] = []
        if self.instance.pk is not None:
            assigned = list(self.assigned_rows().values_list("user_id", flat=True))
            self.tag_names = sorted(self.tag_rows().values_list("tag__name", flat=True))
            self.initial["assigned"] = assigned
            self.initial["tags"] = format_tags(self.tag_names)
        self.fields["assigned"].queryset = by_login(  # type: ignore[attr-defined]  # a PeopleField
            users().filter(
                Q(pk__in=members_visible_to(self.actor).values("pk")) | Q(pk__in=assigned)
            )
        )

    def clean_tags(self) -> list[str]:
        """A tag that a browser rewrote (it ends lines its own way) is still the one it was."""
        written = {unix_lines(name): name for name in self.tag_names}
        return [written.get(name, name) for name in self.cleaned_data["tags"]]
