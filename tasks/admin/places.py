"""The pages that people go to from every page of ours, and the frame around those that are no
list and no form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tasks import extensions
from tasks.admin.permissions import may

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page for everybody who may view the rows of a model.

    ``name`` is that of its URL in the admin's namespace, ``model`` the label of the model.
    """

    name: str
    title: StrOrPromise
    model: str = "taskdock.Task"


_OWN = (
    Place(name="taskdock_task_board", title=_("Board")),
    Place(name="taskdock_task_changelist", title=_("Tasks")),
)


def places() -> Sequence[Place]:
    """All of them, in the order in which they are offered."""
    return [*_OWN, *extensions.admin_places()]


def links_to_places(request: HttpRequest, site: AdminSite) -> list[dict[str, Any]]:
    """What leads to the places that there are on this site for this user."""
    links = []
    for place in places():
        if not may(request, "view", apps.get_model(place.model), site):
            continue
        try:
            url = reverse(f"admin:{place.name}", current_app=site.name)
        except NoReverseMatch:
            # The site has a page of its own for the model.
            continue
        links.append({"url": url, "title": place.title, "is_here": url == request.path})
    return links


def render_place(
    request: HttpRequest,
    site: AdminSite,
    template: str,
    *,
    title: StrOrPromise,
    context: dict[str, Any],
) -> TemplateResponse:
    """A page in the admin's frame; ``template`` extends ``taskdock/place.html``."""
    request.current_app = site.name
    frame = {
        **site.each_context(request),
        "title": title,
        "subtitle": None,
        "places": links_to_places(request, site),
    }
    return TemplateResponse(request, template, {**frame, **context})
