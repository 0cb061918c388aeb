"""Two people who share a site and see nothing of each other's, for every door.

Whatever belongs to one of them carries their word, in every text that can be shown.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from comments.testing import make_comment
from tasks.actors import Actor
from tasks.models import Client, Milestone, Project, Task
from tasks.people import user_model
from tasks.services.assignees import set_assignees
from tasks.services.attachments import add_attachment
from tasks.services.checklists import add_checklist_item
from tasks.services.clients import set_client_tags
from tasks.services.projects import set_manager, set_members, set_project_tags
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
from timers.testing import make_running_timer, make_time

#: From each model that a site is asked about to the name of the client that decides.
_PATHS: dict[Any, str] = {
    Client: "name",
    Project: "client__name",
    Milestone: "project__client__name",
    Task: "project__client__name",
}
ONE_SIDED = {"VISIBLE_TO": "tests.sides.own_side"}


def own_side(queryset: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """What belongs to clients that are called like their viewer, and the viewer."""
    if actor.user is None:
        return queryset
    word = word_of(actor.user)
    if queryset.model is user_model():
        login: str = user_model().USERNAME_FIELD
        return queryset.filter(**{f"{login}__contains": word})
    path = _PATHS.get(queryset.model)
    return queryset if path is None else queryset.filter(**{f"{path}__contains": word})


def word_of(user: Any) -> str:
    """The first part of a login."""
    word: str = user.get_username().partition("-")[0]
    return word


class Side:
    """Somebody with two of everything, and their colleague."""

    def __init__(self, word: str, **fields: Any) -> None:
        self.word = word
        self._people = 0
        self.user = self.person(is_superuser=True, **fields)
        self.colleague = self.person()
        self.actor = Actor(user=self.user)
        self.client = make_client(f"{word} client")
        set_client_tags(actor=self.actor, client_id=self.client.pk, names=[f"{word} client's"])
        self.project, self.other_project = (self._project() for _ in range(2))
        self.milestone, self.launch = self.project.milestones.order_by("position")
        self.task, self.other_task = (self._task() for _ in range(2))
        self.item, self.other_item = (
            add_checklist_item(actor=self.actor, parent=self.task, text=f"{word} item")
            for _ in range(2)
        )
        self.comment = make_comment(self.task, f"{word} comment", creator=self.user)
        self.item_comment = make_comment(self.item, f"{word} remark", creator=self.user)
        self.timesheet = make_time(self.task, user=self.user)
        make_running_timer(self.task, user=self.user)
        self.attachment = add_attachment(
            actor=self.actor,
            task_id=self.task.pk,
            file=ContentFile(f"{word} content".encode()),
            name=f"{word}.txt",
        )

    def person(self, **fields: Any) -> Any:
        self._people += 1
        login: str = user_model().USERNAME_FIELD
        name = f"{self.word}-{self._people}@example.com"
        values: dict[str, Any] = {login: name, **fields}
        return make_user(**values)

    def _project(self) -> Project:
        project = make_project(f"{self.word} project", client=self.client)
        make_milestone(project, f"{self.word} launch")
        pk = project.pk
        set_manager(actor=self.actor, project_id=pk, user_id=self.user.pk)
        set_members(actor=self.actor, project_id=pk, user_ids=[self.user.pk])
        set_project_tags(actor=self.actor, project_id=pk, names=[f"{self.word} project's"])
        add_checklist_item(actor=self.actor, parent=project, text=f"{self.word} step")
        return project

    def _task(self) -> Task:
        task = make_task(
            f"{self.word} task",
            project=self.project,
            milestone_id=self.launch.pk,
            description=f"{self.word} description",
            tags=[f"{self.word} tag"],
            actor=self.actor,
        )
        return set_assignees(actor=self.actor, task_id=task.pk, user_ids=[self.user.pk])
