"""What people, projects, clients and tasks are called, as far as somebody sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from tasks.actors import Actor
from tasks.models import Client, Project, Task
from tasks.people import person_name, users_visible_to


class Names:
    """The names of those that are asked for: a query for each kind."""

    def __init__(
        self, actor: Actor, *, people: Iterable[Any], projects: Iterable[Any], tasks: Iterable[Any]
    ) -> None:
        self.people = {
            user.pk: person_name(user)
            for user in users_visible_to(actor).filter(pk__in=_known(people))
        }
        rows = Project.objects.visible_to(actor).filter(pk__in=_known(projects)).order_by()
        found = list(rows.values_list("pk", "title", "client_id"))
        self.projects = {pk: title for pk, title, _client in found}
        self.client_of = {pk: client for pk, _title, client in found}
        clients = Client.objects.visible_to(actor).filter(pk__in=_known(self.client_of.values()))
        self.clients = dict(clients.order_by().values_list("pk", "name"))
        titles = Task.objects.visible_to(actor).filter(pk__in=_known(tasks)).order_by()
        self.tasks = dict(titles.values_list("pk", "title"))

    def person(self, pk: Any) -> str:
        """Somebody's name."""
        if pk is None:
            return _("Somebody who is gone")
        return self.people.get(pk) or _("Somebody else")

    def project(self, pk: Any) -> str:
        """A project's title."""
        return self.projects.get(pk) or _("Another project")

    def client(self, pk: Any) -> str:
        """A client's name."""
        if pk is None:
            return _("No client")
        return self.clients.get(pk) or _("Another client")

    def task(self, pk: Any) -> str:
        """A task's title."""
        return self.tasks.get(pk) or _("Another task")


def _known(keys: Iterable[Any]) -> set[Any]:
    return {key for key in keys if key is not None}
