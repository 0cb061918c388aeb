"""What a panel is: a part of a row's page with actions of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from tasks.admin.panels.forms import PanelForm
from tasks.admin.panels.visits import Rule, Visit

#: What an action's form made of what was sent.
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done in a panel.

    ``write`` calls the service with the visit and what the form made of what was sent; ``said`` is
    what the visitor is told then. ``then`` makes the address of the page to go on to of what
    ``write`` returned, where that is another one.
    """

    name: str
    form: type[PanelForm]
    allowed: Rule
    write: Callable[[Visit, Values], Any]
    said: Any
    then: Callable[[Visit, Any], str] | None = None


class Panel:
    """A part of a row's page. It is told to who may see it, and shows what they may do.

    ``template`` extends ``taskdock/panels/panel.html`` and is given what ``context`` returns, in
    a fixed number of queries, with ``panel``, ``visit``, ``can``: which actions are allowed, and
    ``urls``: where they are sent to.
    ``touches`` names the panels that show what this one's actions write, too.
    """

    name: ClassVar[str]
    title: ClassVar[Any]
    template: ClassVar[str]
    actions: ClassVar[Sequence[Action]] = ()
    touches: ClassVar[Sequence[str]] = ()
    #: Where it stands among the others: the lower ones first.
    order: ClassVar[int] = 100

    @property
    def media(self) -> forms.Media:
        """Scripts and style of its own."""
        return forms.Media()

    @cached_property
    def action_of(self) -> dict[str, Action]:
        """The actions by name."""
        return {action.name: action for action in self.actions}

    def is_visible(self, visit: Visit) -> bool:
        """Whether this visitor sees the panel at all."""
        return True

    def context(self, visit: Visit) -> dict[str, Any]:
        """What the template shows."""
        raise NotImplementedError

    def form(self, visit: Visit, name: str, *, row: Any = None, **kwargs: Any) -> PanelForm:
        """A form to show: as it was refused where it was, else a fresh one."""
        action, refused = self.action_of[name], visit.refused
        if (
            refused is not None
            and (refused.panel.name, refused.action.name) == (self.name, name)
            and str(refused.row_key) == str(row)
        ):
            visit.is_shown = True
            return refused
        return action.form(visit=visit, panel=self, action=action, row=row, **kwargs)

    def render(self, visit: Visit, *, said: str = "") -> SafeString:
        """The panel as HTML."""
        visit.is_shown = False
        own = visit.refused is not None and visit.refused.panel.name == self.name
        context = {
            "panel": self,
            "visit": visit,
            "can": {action.name: action.allowed(visit) for action in self.actions},
            "urls": {action.name: visit.url(self.name, action.name) for action in self.actions},
            "said": said,
            **self.context(visit),
        }
        if own:
            context["refused"] = visit.refused
            # What it was about is gone, and with it the place where it would be shown.
            context["homeless"] = not visit.is_shown
        return render_to_string(self.template, context, request=visit.request)
