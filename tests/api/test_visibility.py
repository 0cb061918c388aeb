"""``VISIBLE_TO``: what an actor may not see does not exist, whichever way it is asked for.

Two actors take turns in every test, so that nothing kept from the one can serve the other.
"""

import pytest
from django.conf import settings

from tasks.actors import Actor, Door
from tasks.exceptions import TaskNotFound
from tasks.models import Milestone, Project, Task
from tasks.services import assignees, cloning, tagging, tasks
from tests.api.answers import (
    FOREIGN_MILESTONE,
    NO_DEFAULT_MILESTONE,
    TASK_NOT_FOUND,
    expect,
    expect_invalid,
    shown,
)
from tests.api.endpoints import WRITES

RETRIEVED = "Task retrieved successfully."
#: Where the title of the project stands, seen from each model.
PROJECT_TITLE = {Project: "title", Milestone: "project__title", Task: "project__title"}


def own_project_alone(queryset, actor):
    """A key sees the project that is called like it, and what belongs to that."""
    column = PROJECT_TITLE.get(queryset.model)
    return queryset if column is None else queryset.filter(**{column: actor.key.name})


def no_default_milestones(queryset, actor):
    return queryset.filter(is_default=None) if queryset.model is Milestone else queryset


def with_joins_and_duplicates(queryset, actor):
    """The kind of narrowing that doubles rows and can't be locked as it stands."""
    if queryset.model is Task:
        return queryset.filter(project__milestones__position__gt=0).distinct()
    return queryset


@pytest.fixture
def narrowed(settings):
    def narrow(function):
        settings.TASKDOCK = {**getattr(settings, "TASKDOCK", {}), "VISIBLE_TO": function}

    return narrow


@pytest.fixture
def insider(make_api, world, narrowed):
    narrowed(own_project_alone)
    return make_api(name="Website Redesign")


@pytest.fixture
def stranger(make_api, world, narrowed):
    narrowed(own_project_alone)
    return make_api(name="Rebranding")


def test_settings_are_narrowed_in_these_tests_alone():
    assert getattr(settings, "TASKDOCK", {}).get("VISIBLE_TO") is None


def test_retrieve_in_turns_finds_the_task_for_its_own_alone(insider, stranger, world):
    path = f"/tasks/{world.task.pk}"
    found = {"data": shown(world.task), "message": RETRIEVED}
    for _ in range(2):
        expect(insider.get(path), 200, found)
        expect(stranger.get(path), 404, TASK_NOT_FOUND)


def test_list_in_turns_shows_each_their_own(insider, stranger, world):
    theirs = world.write("create").send(
        stranger, task_projectid=world.foreign.pk, task_title="Draw logo"
    )
    own = [world.bystander.pk, world.task.pk]
    for _ in range(2):
        assert [task["id"] for task in insider.get("/tasks").json()["data"]] == own
        answer = stranger.get("/tasks").json()
        assert [task["id"] for task in answer["data"]] == [theirs.json()["data"]["id"]]
        assert answer["meta"]["total"] == 1


def test_list_filtered_by_what_is_invisible_is_empty(stranger, world):
    for query in [
        {"project_id": world.project.pk},
        {"client_id": world.project.client_id},
        {"milestone_id": world.stage.pk},
        {"search": "homepage"},
    ]:
        assert stranger.get("/tasks", **query).json()["data"] == []


@pytest.mark.parametrize("endpoint", [name for name in WRITES if name != "create"])
def test_write_to_an_invisible_task_is_not_found(insider, stranger, world, unchanged, endpoint):
    fields = {}
    if endpoint == "clone":
        fields = {"project_id": world.project.pk, "task_milestoneid": world.milestone.pk}
    write = world.write(endpoint)
    with unchanged():
        expect(write.send(stranger, **fields), 404, TASK_NOT_FOUND)
    assert write.send(insider, **fields).status_code in {200, 201}
    with unchanged():
        expect(write.send(stranger, **fields), 404, TASK_NOT_FOUND)


def test_write_to_an_invisible_task_tells_nothing_of_its_other_mistakes(stranger, world, unchanged):
    path = f"/tasks/{world.task.pk}"
    with unchanged():
        expect(stranger.patch(path, "x", "text/plain"), 404, TASK_NOT_FOUND)
        expect(stranger.patch(path, "{", "application/json"), 404, TASK_NOT_FOUND)
        expect(stranger.patch(path), 404, TASK_NOT_FOUND)


def test_create_in_turns_finds_the_project_for_its_own_alone(insider, stranger, world, unchanged):
    write = world.write("create")
    for _ in range(2):
        assert write.send(insider).status_code == 201
        with unchanged():
            response = write.send(stranger)
        expect_invalid(response, task_projectid="The selected task projectid is invalid.")


def test_create_with_invisible_milestone_conflicts_as_with_an_unknown_one(
    insider, world, unchanged
):
    with unchanged():
        for pk in [world.foreign_milestone.pk, 987654321]:
            response = world.write("create").send(insider, task_milestoneid=pk)
            expect(response, 409, FOREIGN_MILESTONE)


def test_invisible_default_milestone_counts_as_none(api, narrowed, world, unchanged):
    narrowed(no_default_milestones)
    with unchanged():
        expect(world.write("create").send(api), 409, NO_DEFAULT_MILESTONE)
        response = world.write("create").send(api, task_milestoneid=world.milestone.pk)
        expect(response, 409, FOREIGN_MILESTONE)
        response = world.write("update").send(api, task_milestoneid="")
        expect(response, 409, NO_DEFAULT_MILESTONE)
        response = world.write("merge").send(api, task_milestoneid=world.milestone.pk)
        expect(response, 409, FOREIGN_MILESTONE)
        expect(world.write("clone").send(api), 409, FOREIGN_MILESTONE)
    response = world.write("create").send(api, task_milestoneid=world.stage.pk)
    assert response.status_code == 201


def test_clone_into_an_invisible_project_is_invalid(insider, api, world, unchanged):
    with unchanged():
        response = world.write("clone").send(insider)
    expect_invalid(response, project_id="The selected project id is invalid.")


def test_clone_into_an_invisible_milestone_conflicts(insider, world, unchanged):
    with unchanged():
        response = world.write("clone").send(insider, project_id=world.project.pk)
    expect(response, 409, FOREIGN_MILESTONE)


@pytest.mark.parametrize("endpoint", WRITES)
def test_write_under_a_narrowing_with_joins_touches_the_task_once(api, narrowed, world, endpoint):
    narrowed(with_joins_and_duplicates)
    write = world.write(endpoint)
    response = write.send(api)
    data = response.json()["data"]
    expect(response, write.status, {"data": data, "message": write.message})


def test_narrowing_is_called_with_the_actor_of_the_request(api, narrowed, world):
    seen = []

    def spy(queryset, actor):
        seen.append((queryset.model, actor.user.pk, actor.door.value, actor.key.pk))
        return queryset

    narrowed(spy)
    world.write("create").send(api)
    world.write("clone").send(api)
    actor = (api.key.user.pk, "api", api.key.pk)
    assert {(model, *actor) for model in (Task, Project, Milestone)} == set(seen)


def by_id(service, **fields):
    return lambda actor, world: service(actor=actor, task_id=world.task.pk, **fields)


SERVICES = {
    "update": by_id(tasks.update_task, title="Plan"),
    "archive": by_id(tasks.archive_task),
    "activate": by_id(tasks.activate_task),
    "delete": by_id(tasks.delete_task),
    "assigned": by_id(assignees.set_assignees, user_ids=[]),
    "tags": by_id(tagging.set_tags, names=[]),
    "clone": lambda actor, world: cloning.clone_task(
        actor=actor,
        task_id=world.task.pk,
        title="Copy",
        status=world.task.status,
        project=world.foreign,
        milestone_id=world.foreign_milestone.pk,
    ),
}


@pytest.mark.parametrize("call", SERVICES.values(), ids=SERVICES)
def test_service_refuses_an_invisible_task_by_itself(stranger, world, unchanged, call):
    actor = Actor(user=stranger.key.user, door=Door.API, key=stranger.key)
    with unchanged(), pytest.raises(TaskNotFound):
        call(actor, world)
