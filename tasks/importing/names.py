"""What the names in a file stand for: looked up a batch at a time, and remembered."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from typing import Any, Generic, TypeVar

from django.db.models import F, Q
from django.db.models.functions import Lower

from tasks.actors import Actor
from tasks.folding import fold, normal, spellings
from tasks.models import Client, Milestone, Project, TaskPriority, TaskStatus
from tasks.people import (
    UserId,
    email_column,
    parse_integer,
    parse_user_id,
    person_name,
    storable,
    team_visible_to,
    users,
)
from tasks.services.administrators import username_field

K = TypeVar("K", bound=Hashable)


class Missing(LookupError):
    """A name that stands for nothing there is."""


class Ambiguous(LookupError):
    """A name that stands for several; the message is how many."""


class _Titles(Generic[K]):
    """Ids by folded title: of those that are written just so, or else of those in any case.

    Composed and decomposed forms are one way to write it.
    """

    def __init__(self) -> None:
        self.asked: set[K] = set()
        self._ids: dict[K, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))

    def add(self, key: K, title: str, pk: int) -> None:
        self._ids[key][normal(title)].add(pk)

    def ids(self, key: K, title: str) -> set[int]:
        spelt = self._ids.get(key, {})
        return spelt.get(normal(title)) or set().union(*spelt.values())

    def find(self, key: K, title: str) -> int:
        ids = self.ids(key, title)
        if not ids:
            raise Missing
        if len(ids) > 1:
            raise Ambiguous(str(len(ids)))
        return next(iter(ids))


class Names:
    """What an actor's names stand for: only what the actor may see.

    ``by_client``: without a client, a title stands for a project that has none.
    """

    def __init__(self, actor: Actor, *, by_username: bool = False, by_client: bool = False) -> None:
        self.actor = actor
        self.by_username, self.by_client = by_username, by_client
        #: Projects that this import has made: one for a client is found by that client alone.
        self.made: Collection[int] = ()
        self.no_client = " without a client" if by_client else ""
        self.statuses = _Stages(TaskStatus)
        self.priorities = _Stages(TaskPriority)
        self._clients: _Titles[str] = _Titles()
        self._projects: _Titles[str] = _Titles()
        self._of_client: _Titles[tuple[str, int | None]] = _Titles()
        self._milestones: _Titles[tuple[int, str]] = _Titles()
        self._people: dict[str, list[UserId]] = {}
        self._members: dict[str, list[UserId]] | None = None
        self._names_of_people: dict[UserId, str] = {}
        self._projects_by_id: dict[int, tuple[str, int | None]] = {}
        self._milestones_by_id: dict[int, tuple[str, int]] = {}

    def learn_clients(self, names: Iterable[str]) -> None:
        new = {fold(name) for name in names if name} - self._clients.asked
        self._clients.asked |= new
        if new:
            rows = Client.objects.visible_to(self.actor).filter(folded_name__in=new)
            for pk, name in rows.values_list("pk", "name"):
                self._clients.add(fold(name), name, pk)

    def learn_projects(self, titles: Iterable[str]) -> None:
        new = {fold(title) for title in titles if title} - self._projects.asked
        self._projects.asked |= new
        if new:
            rows = Project.objects.visible_to(self.actor).filter(folded_title__in=new)
            for pk, title, client_id in rows.values_list("pk", "title", "client_id"):
                self.add_project(pk, title, client_id)

    def learn_project_ids(self, ids: Iterable[int]) -> None:
        new = {pk for pk in ids if storable(pk)} - self._projects_by_id.keys()
        if new:
            rows = Project.objects.visible_to(self.actor).filter(pk__in=new)
            for pk, title, client_id in rows.values_list("pk", "title", "client_id"):
                self._projects_by_id[pk] = (title, client_id)

    def learn_milestone_ids(self, ids: Iterable[int]) -> None:
        new = {pk for pk in ids if storable(pk)} - self._milestones_by_id.keys()
        if new:
            rows = Milestone.objects.visible_to(self.actor).filter(pk__in=new)
            for pk, title, project_id in rows.values_list("pk", "title", "project_id"):
                self._milestones_by_id[pk] = (title, project_id)

    def learn_milestones(self, wanted: Iterable[tuple[int, str]]) -> None:
        new = {(project, fold(title)) for project, title in wanted} - self._milestones.asked
        self._milestones.asked |= new
        if new:
            rows = Milestone.objects.visible_to(self.actor).filter(
                project_id__in={project for project, _ in new},
                folded_title__in={title for _, title in new},
            )
            for pk, project_id, title in rows.values_list("pk", "project_id", "title"):
                self.add_milestone(pk, project_id, title)

    def learn_people(self, texts: Iterable[str]) -> None:
        new = {text for text in texts if text and "\x00" not in text} - self._people.keys()
        if not new:
            return
        email, username = email_column(), username_field()
        spelt = {text: set(spellings(text)) for text in new}
        every = set().union(*spelt.values())
        folded = {text.lower() for text in every}
        ids = {pk for text in new if (pk := parse_user_id(text)) is not None and storable(pk)}
        is_meant = Q(pk__in=ids) | Q(**{f"{username}__in": every})
        rows = users()
        if email is not None:
            rows = rows.annotate(taskdock_email=Lower(F(email)))
            is_meant |= Q(taskdock_email__in=folded)
        found = list(rows.filter(is_meant))
        for text in new:
            by_name = [user.pk for user in found if user.get_username() in spelt[text]]
            by_email = [
                user.pk
                for user in found
                if email is not None and fold(getattr(user, email) or "") == fold(text)
            ]
            by_id = [user.pk for user in found if user.pk == parse_user_id(text)]
            if self.by_username and by_name:
                self._people[text] = by_name
            else:
                self._people[text] = by_email or by_name or by_id
        self._names_of_people |= {user.pk: person_name(user) for user in found}
        self._learn_members({text for text in new if not self._people[text]})

    def _learn_members(self, texts: Collection[str]) -> None:
        """Members of the team by their name, for texts that stand for nobody else.

        A team is small, and a name may be made by the model: it is compared here.
        """
        if not texts:
            return
        if self._members is None:
            self._members = defaultdict(list)
            for user in team_visible_to(self.actor).iterator():
                name = person_name(user)
                self._members[fold(name)].append(user.pk)
                self._names_of_people[user.pk] = name
        for text in texts:
            self._people[text] = self._members.get(fold(text), [])

    def add_client(self, pk: int, name: str) -> None:
        self._clients.add(fold(name), name, pk)

    def add_project(self, pk: int, title: str, client_id: int | None) -> None:
        if client_id is None or pk not in self.made:
            self._projects.add(fold(title), title, pk)
        self._of_client.add((fold(title), client_id), title, pk)

    def add_milestone(self, pk: int, project_id: int, title: str) -> None:
        self._milestones.add((project_id, fold(title)), title, pk)

    def client(self, name: str) -> int:
        return self._clients.find(fold(name), name)

    def project(self, title: str, client_id: int | None) -> int:
        if client_id is None and not self.by_client:
            return self._projects.find(fold(title), title)
        return self._of_client.find((fold(title), client_id), title)

    def milestone(self, project_id: int, title: str) -> int:
        return self._milestones.find((project_id, fold(title)), title)

    def project_of_id(self, pk: int) -> tuple[str, int | None] | None:
        """The title of a project, and the id of its client; None for no project."""
        return self._projects_by_id.get(pk)

    def milestone_of_id(self, pk: int) -> tuple[str, int] | None:
        """The title of a milestone, and the id of its project; None for no milestone."""
        return self._milestones_by_id.get(pk)

    def is_client(self, pk: int | None, name: str) -> bool:
        """Whether a client, which may be none, has this name."""
        return pk is not None and pk in self._clients.ids(fold(name), name)

    def name_of(self, person: UserId) -> str:
        """The name of somebody whom a text stood for."""
        return self._names_of_people[person]

    def stands_for(self, text: str) -> bool:
        """Whether a text stands for one person."""
        return len(self._people.get(text, ())) == 1

    def person(self, text: str) -> UserId:
        found = self._people.get(text, [])
        if not found:
            raise Missing
        if len(found) > 1:
            raise Ambiguous(str(len(found)))
        return found[0]


class _Stages:
    """The statuses, or the priorities: by title, or else by id. Nothing means the default."""

    def __init__(self, model: type[TaskStatus] | type[TaskPriority]) -> None:
        rows: list[Any] = list(model._default_manager.all())
        self._titles: _Titles[str] = _Titles()
        for row in rows:
            self._titles.add(fold(row.title), row.title, row.pk)
        self.ids = {row.pk for row in rows}
        self.default = next((row.pk for row in rows if row.is_default), None)
        self.titles = [row.title for row in rows]

    def find(self, text: str) -> int:
        if not text and self.default is not None:
            return int(self.default)
        try:
            return self._titles.find(fold(text), text)
        except Missing:
            number = parse_integer(text)
            if number is None or number not in self.ids:
                raise
            return number
