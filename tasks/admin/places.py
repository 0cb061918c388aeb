"""The pages that people go to from every page of ours, and the frame around those that are no
list and no form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tasks import extensions
from tasks.admin.permissions import may
from tasks.models import Task

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What makes an app's bar for a request, and its buttons for some tasks, by their keys.
Bar = Callable[[HttpRequest, AdminSite], SafeString | None]
Buttons = Callable[[HttpRequest, AdminSite, Sequence[Task]], Mapping[int, SafeString]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page for everybody who may view the rows of a model.

    ``name`` is that of its URL in the admin's namespace, ``model`` the label of the model.
    """

    name: str
    title: StrOrPromise
    model: str = "taskdock.Task"


_OWN = (
    Place(name="taskdock_task_mine", title=_("My work")),
    Place(name="taskdock_task_board", title=_("Board")),
    Place(name="taskdock_task_changelist", title=_("Tasks")),
)


def places() -> Sequence[Place]:
    """All of them, in the order in which they are offered."""
    return [*_OWN, *extensions.admin_places()]


def links_to_places(request: HttpRequest, site: AdminSite) -> list[dict[str, Any]]:
    """What leads to the places that there are on this site for this user.

    The one that the page is, or is below, is marked as ``aria-current`` has it.
    """
    links: list[dict[str, Any]] = []
    for place in places():
        if not may(request, "view", apps.get_model(place.model), site):
            continue
        try:
            url = reverse(f"admin:{place.name}", current_app=site.name)
        except NoReverseMatch:
            # The site has a page of its own for the model.
            continue
        links.append({"url": url, "title": place.title, "current": None})
    around = [link for link in links if request.path.startswith(link["url"])]
    if around:
        nearest = max(around, key=lambda link: len(link["url"]))
        nearest["current"] = "page" if nearest["url"] == request.path else "true"
    return links


class Frame:
    """What is around the content of each page of ours; made where a template shows it."""

    def __init__(self, request: HttpRequest, site: AdminSite) -> None:
        self._request, self._site = request, site

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        """The places to go to."""
        return links_to_places(self._request, self._site)

    @cached_property
    def token_url(self) -> str:
        """The address of a fresh CSRF token; empty where the site has no page of ours for it."""
        for model_admin in self._site._registry.values():
            link_to = getattr(model_admin, "link_to", None)
            if link_to is not None and hasattr(model_admin, "token_view"):
                return str(link_to("token"))
        return ""

    @property
    def login_url(self) -> str:
        """The address of the login."""
        return reverse("admin:login", current_app=self._site.name)

    @property
    def user_key(self) -> str:
        """The key of the user for whom the page is made."""
        return str(self._request.user.pk)

    @cached_property
    def bars(self) -> list[SafeString]:
        """What the apps have to say."""
        made = [bar(self._request, self._site) for bar in extensions.admin_bars()]
        return [bar for bar in made if bar]


def buttons_beside(
    request: HttpRequest, site: AdminSite, tasks: Sequence[Task]
) -> dict[int, list[SafeString]]:
    """What the apps offer beside each of these tasks, by their keys."""
    found: dict[int, list[SafeString]] = {task.pk: [] for task in tasks}
    for buttons in extensions.admin_buttons():
        for pk, made in buttons(request, site, tasks).items():
            found[pk].append(made)
    return found


def page_context(request: HttpRequest, site: AdminSite) -> dict[str, Any]:
    """What each page of ours is given beside its own: the site's context, and the frame.

    Its template includes ``taskdock/frame.html`` above its title.
    """
    return {**site.each_context(request), "frame": Frame(request, site)}


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
    frame = {**page_context(request, site), "title": title, "subtitle": None}
    return TemplateResponse(request, template, {**frame, **context})


def back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To the page of this site that a form was sent from, as its field ``next`` says."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(asked if is_ours else otherwise)
