"""Who looks at whose panels: what a panel is asked with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.utils import quote
from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import HttpRequest

from tasks.actors import Actor
from tasks.admin.base import ServiceModelAdmin, actor_of

if TYPE_CHECKING:
    from tasks.admin.panels.forms import PanelForm


@dataclass(eq=False)
class Visit:
    """Somebody at the page of a row, and what they sent that was refused."""

    request: HttpRequest
    page: ServiceModelAdmin
    row: Any
    refused: PanelForm | None = None
    #: Whether a panel has shown the refused form at its place.
    is_shown: bool = field(default=False, init=False)

    @cached_property
    def actor(self) -> Actor:
        """Who acts."""
        return actor_of(self.request)

    def may(self, verb: str, model: type[models.Model]) -> bool:
        """Whether Django's permissions let them ``view``, ``add``, ``change`` or ``delete``."""
        try:
            page: Any = self.page.admin_site.get_model_admin(model)
        except NotRegistered:
            opts = model._meta
            codename = f"{opts.app_label}.{get_permission_codename(verb, opts)}"
            return self.request.user.has_perm(codename)
        return bool(getattr(page, f"has_{verb}_permission")(self.request))

    def url(self, panel: str, action: str) -> str:
        """Where an action of a panel is sent to."""
        return self.page.link_to("panel", quote(self.row.pk), panel, action)


#: Whether somebody may do something at a page.
Rule = Callable[[Visit], bool]


def needs(verb: str, model: type[models.Model]) -> Rule:
    """The rule that a permission of Django's is needed: ``needs("add", Comment)``."""
    return lambda visit: visit.may(verb, model)
