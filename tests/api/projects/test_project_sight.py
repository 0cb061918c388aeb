"""A site that narrows what people see: two of them in turn, at every endpoint."""

import pytest
from django.test import override_settings

from tasks.exceptions import ProjectNotFound
from tasks.services import project_cloning, projects
from tasks.services.projects import set_members, set_project_tags
from tasks.testing import (
    make_actor,
    make_client,
    make_milestone,
    make_project,
    make_task,
    make_user,
)
from tests.api.answers import expect, expect_errors
from tests.api.encodings import merge_patch
from tests.api.narrowing import NARROWED, mark_of
from tests.api.projects.world import NOT_FOUND, OF_A_PROJECT, ProjectWorld, make_done


@pytest.fixture
def views(make_api):
    """Two people, each with a key, and with a project that they alone see, and tasks in both."""
    found = []
    for _ in range(2):
        user = make_user()
        project = make_project(mark_of(user))
        make_milestone(project, "Launch")
        found.append((make_api(user=user), project, user))
    (_, one, user), (_, other, stranger) = found
    # In the project of the one: 1 of 2 of the one is done, and 0 of 3 of the other.
    for project in (one, other):
        default = project.milestones.get(is_default=True)
        make_done(project, title=mark_of(user), milestone_id=default.pk)
        make_task(mark_of(user), project=project)
        for _ in range(3):
            make_task(mark_of(stranger), project=project)
    return found


def test_reads_count_only_what_each_of_two_sees(views):
    with override_settings(TASKDOCK=NARROWED):
        for (api, project, _), progress, count in [
            (views[0], 50, 2),
            (views[1], 0, 3),
            (views[0], 50, 2),
        ]:
            data = api.get(f"/projects/{project.pk}").json()["data"]
            assert data["progress"] == progress
            for parameters in ({}, {"sort": "project_progress"}, {"search": "<"}):
                r = api.get("/projects", **parameters).json()
                assert r["data"] == [data]
                assert r["meta"]["total"] == 1
            milestones = api.get("/milestones", project_id=project.pk).json()["data"]
            assert [row["tasks_count"] for row in milestones] == [count, 0]
            default = milestones[0]
            assert api.get(f"/milestones/{default['id']}").json()["data"] == default
    # Without a narrowing everybody sees it all: 1 of 5.
    for api, project, _ in views:
        assert api.get(f"/projects/{project.pk}").json()["data"]["progress"] == 20


def test_progress_kept_by_hand_is_what_the_caller_saw(views):
    api, project, _ = views[0]
    with override_settings(TASKDOCK=NARROWED):
        body = merge_patch({"project_progress_manually": "on"})
        assert api.patch(f"/projects/{project.pk}", *body).json()["data"]["progress"] == 50


def test_tags_and_people_of_a_project_out_of_sight_stay_there(views):
    (api, _, user), (_, hidden, _) = views
    set_members(actor=make_actor(), project_id=hidden.pk, user_ids=[user.pk])
    set_project_tags(actor=make_actor(), project_id=hidden.pk, names=["secret"])
    with override_settings(TASKDOCK=NARROWED):
        assert "secret" not in api.get("/projects").content.decode()


@pytest.mark.parametrize("endpoint", ["retrieve", "stop-timers", *OF_A_PROJECT])
def test_endpoint_finds_only_what_each_of_two_sees(views, unchanged, endpoint):
    site = ProjectWorld()
    with override_settings(TASKDOCK=NARROWED):
        for (api, mine, user), (_, theirs, _) in [views, views[::-1], views]:
            title = mark_of(user)

            def send(project, api=api, title=title):
                path = f"/projects/{project.pk}"
                if endpoint == "retrieve":
                    return api.get(path)
                if endpoint == "stop-timers":
                    return api.put(f"{path}/stop-timers")
                write = site.write(endpoint)
                fields = {"project_title": title} if "project_title" in write.fields else {}
                path = write.path.replace(f"/projects/{site.project.pk}", path)
                return api.request(write.method, path, *write.body(**fields))

            with unchanged():
                expect(send(theirs), 404, NOT_FOUND)
            if endpoint != "delete":
                assert send(mine).status_code in {200, 201}
                with unchanged():
                    expect(send(theirs), 404, NOT_FOUND)


def test_list_never_shows_what_is_out_of_sight(views):
    (api, mine, _), (_, theirs, _) = views
    with override_settings(TASKDOCK=NARROWED):
        for parameters in (
            {"client_id": theirs.client_id},
            {"search": theirs.title},
            {"page": 2},
        ):
            assert api.get("/projects", **parameters).json()["data"] == []
        ids = [row["id"] for row in api.get("/projects").json()["data"]]
        assert ids == [mine.pk]


def no_clients(queryset, actor):
    return queryset.none() if queryset.model.__name__ == "Client" else queryset


def test_client_out_of_sight_is_none_to_be_chosen(api, site, unchanged):
    invalid = {"project_clientid": ["The selected project clientid is invalid."]}
    with override_settings(TASKDOCK={"VISIBLE_TO": no_clients}):
        with unchanged():
            expect_errors(site.write("create").send(api), invalid)
            fields = {"project_clientid": site.globex.pk}
            expect_errors(site.write("clone").send(api, **fields), invalid)
        # The copy of what is seen stays its client's.
        r = site.write("clone").send(api)
        assert r.json()["data"]["client"] == {"id": site.acme.pk, "name": "Acme Inc"}


def test_clone_copies_what_its_maker_sees(views):
    (api, project, user), _ = views
    with override_settings(TASKDOCK=NARROWED):
        body = {"project_title": mark_of(user), "copy_tasks": "on", "copy_milestones": "on"}
        r = api.post(f"/projects/{project.pk}/clone", body)
        assert r.status_code == 201
        pk = r.json()["data"]["id"]
        milestones = api.get("/milestones", project_id=pk).json()["data"]
        assert [row["tasks_count"] for row in milestones] == [2, 0]
        assert r.json()["data"]["progress"] == 0
    copies = projects.Project.objects.get(pk=pk).tasks.values_list("title", flat=True)
    assert list(copies) == [mark_of(user)] * 2


def only_extra_milestones(queryset, actor):
    if queryset.model.__name__ == "Milestone":
        return queryset.filter(is_default=None)
    return queryset


@pytest.mark.parametrize("with_milestones", [False, True])
def test_clone_has_a_default_milestone_where_that_of_the_source_is_out_of_sight(
    api, site, with_milestones
):
    if with_milestones:
        make_milestone(site.other, "x")
        site.default.title = "Before"
        site.default.save()
        make_milestone(site.project, "Uncategorised")
    with override_settings(TASKDOCK={"VISIBLE_TO": only_extra_milestones}):
        switch = "on" if with_milestones else "off"
        r = site.write("clone").send(api, copy_tasks="on", copy_milestones=switch)
        assert r.status_code == 201
    clone = projects.Project.objects.get(pk=r.json()["data"]["id"])
    default = clone.milestones.get(is_default=True)
    titles = [*clone.milestones.order_by("position").values_list("title", flat=True)]
    if with_milestones:
        assert titles == ["Launch", "Uncategorised", "Uncategorised 2"]
        assert default.tasks.count() == 2
    else:
        assert titles == ["Uncategorised"]
        assert default.tasks.count() == 4


SERVICES = {
    "update": lambda actor, pk: projects.update_project(actor=actor, project_id=pk, title="x"),
    "archive": lambda actor, pk: projects.archive_project(actor=actor, project_id=pk),
    "restore": lambda actor, pk: projects.restore_project(actor=actor, project_id=pk),
    "manager": lambda actor, pk: projects.set_manager(actor=actor, project_id=pk, user_id=None),
    "members": lambda actor, pk: projects.set_members(actor=actor, project_id=pk, user_ids=[]),
    "tags": lambda actor, pk: projects.set_project_tags(actor=actor, project_id=pk, names=[]),
    "delete": lambda actor, pk: projects.delete_project(actor=actor, project_id=pk),
    "clone": lambda actor, pk: project_cloning.clone_project(
        actor=actor,
        project_id=pk,
        title="x",
        client=make_client(),
        start_date=None,
        due_date=None,
        wanted=project_cloning.Wanted(),
    ),
}


@pytest.mark.parametrize("name", SERVICES)
def test_service_refuses_what_the_actor_may_not_see(views, name):
    (_, _, user), (_, hidden, _) = views
    with override_settings(TASKDOCK=NARROWED), pytest.raises(ProjectNotFound):
        SERVICES[name](make_actor(user), hidden.pk)
