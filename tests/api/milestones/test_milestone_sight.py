"""A site that narrows what people see: the milestones of an unseen project are unseen too."""

import pytest
from django.test import override_settings

from tasks.exceptions import MilestoneNotFound, MilestoneUnknown, ProjectUnknown
from tasks.models import Task
from tasks.services import milestones
from tasks.testing import make_actor, make_milestone, make_project, make_task, make_user
from tests.api.answers import expect, expect_errors
from tests.api.milestones.world import NOT_FOUND
from tests.api.narrowing import NARROWED, mark_of
from tests.counting import assert_counted

UPDATE = "milestone_title=Launch&milestone_color=x"


@pytest.fixture
def views(make_api):
    """Two people, each with a key, and a milestone in a project that they alone see."""
    found = []
    for _ in range(2):
        user = make_user()
        project = make_project(mark_of(user))
        found.append((make_api(user=user), project, make_milestone(project, "Stage"), user))
    return found


def test_endpoints_show_each_of_two_only_what_is_theirs(views, unchanged):
    with override_settings(TASKDOCK=NARROWED):
        for (api, project, mine, _), (_, hidden, theirs, _) in [views, views[::-1], views]:
            path = f"/milestones/{theirs.pk}"
            with unchanged():
                expect(api.get(path), 404, NOT_FOUND)
                expect(api.patch(path, UPDATE), 404, NOT_FOUND)
                expect(api.patch(path, "{", "application/json"), 404, NOT_FOUND)
                expect(api.delete(path), 404, NOT_FOUND)
                expect(api.delete(f"{path}?delete_tasks=maybe"), 404, NOT_FOUND)
                r = api.get("/milestones", project_id=hidden.pk)
                expect_errors(r, {"project_id": ["The selected project id is invalid."]})
                r = api.post("/milestones", f"{UPDATE}&milestone_projectid={hidden.pk}")
                message = "The selected milestone projectid is invalid."
                expect_errors(r, {"milestone_projectid": [message]})
                for ids, wrong in [([theirs.pk], 0), ([mine.pk, theirs.pk], 1)]:
                    r = api.put("/milestones/positions", {"milestones": ids})
                    name = f"milestones.{wrong}"
                    expect_errors(r, {name: [f"The selected {name} is invalid."]})
            for call in (
                lambda api=api, mine=mine: api.get(f"/milestones/{mine.pk}"),
                lambda api=api, mine=mine: api.patch(f"/milestones/{mine.pk}", UPDATE),
                lambda api=api, mine=mine: api.put(
                    "/milestones/positions", {"milestones": [mine.pk]}
                ),
                lambda api=api, project=project: api.get("/milestones", project_id=project.pk),
            ):
                assert call().status_code == 200
            body = f"milestone_title=More&milestone_color=x&milestone_projectid={project.pk}"
            r = api.post("/milestones", body)
            assert r.status_code == 201
            assert api.delete(f"/milestones/{r.json()['data']['id']}").status_code == 200


def test_title_in_an_unseen_project_takes_nothing(views):
    (api, project, *_), (_, hidden, *_) = views
    make_milestone(hidden, "Launch")
    with override_settings(TASKDOCK=NARROWED):
        r = api.post("/milestones", f"{UPDATE}&milestone_projectid={project.pk}")
        assert r.status_code == 201


def test_numbers_are_of_what_each_sees_while_deletions_are_of_all(views):
    """What is deleted with its project or milestone goes whole: no task may be left behind."""
    (api, project, stage, user), (_, _, _, stranger) = views
    for owner in (user, user, stranger):
        make_task(mark_of(owner), project=project, milestone_id=stage.pk)
    with override_settings(TASKDOCK=NARROWED):
        assert api.get(f"/milestones/{stage.pk}").json()["data"]["tasks_count"] == 2
        assert api.delete(f"/milestones/{stage.pk}").status_code == 200
        default = api.get("/milestones", project_id=project.pk).json()["data"][0]
        assert default["tasks_count"] == 2
    assert Task.objects.filter(milestone=default["id"]).count() == 3
    assert_counted()
    with override_settings(TASKDOCK=NARROWED):
        assert api.delete(f"/projects/{project.pk}").status_code == 200
    assert not Task.objects.exists()
    assert_counted()


def no_defaults(queryset, actor):
    if queryset.model.__name__ == "Milestone":
        return queryset.filter(is_default=None)
    return queryset


def test_milestone_that_is_hidden_itself_is_not_there(api, plan, unchanged):
    """Its neighbours are sorted, and its project keeps it as the default one, all the same."""
    with override_settings(TASKDOCK={"VISIBLE_TO": no_defaults}):
        with unchanged():
            expect(api.get(f"/milestones/{plan.default.pk}"), 404, NOT_FOUND)
            expect(api.delete(f"/milestones/{plan.default.pk}"), 404, NOT_FOUND)
            ids = [plan.a.pk, plan.default.pk]
            r = api.put("/milestones/positions", {"milestones": ids})
            expect_errors(r, {"milestones.1": ["The selected milestones.1 is invalid."]})
        r = api.get("/milestones", project_id=plan.project.pk)
        assert [row["title"] for row in r.json()["data"]] == ["a", "b", "c"]
        assert r.json()["meta"]["total"] == 3
        assert api.put("/milestones/positions", {"milestones": [plan.c.pk]}).status_code == 200
        assert api.delete(f"/milestones/{plan.a.pk}").status_code == 200
    assert plan.default.tasks.count() == 3
    assert_counted()


def test_services_refuse_what_the_actor_may_not_see(views, unchanged):
    (_, _, _, user), (_, hidden, theirs, _) = views
    actor = make_actor(user)
    with override_settings(TASKDOCK=NARROWED), unchanged():
        with pytest.raises(ProjectUnknown):
            milestones.create_milestone(actor=actor, project=hidden, title="x")
        with pytest.raises(MilestoneNotFound):
            milestones.update_milestone(actor=actor, milestone_id=theirs.pk, title="x")
        with pytest.raises(MilestoneNotFound):
            milestones.delete_milestone(actor=actor, milestone_id=theirs.pk)
        with pytest.raises(MilestoneUnknown):
            milestones.sort_milestones(actor=actor, milestone_ids=[theirs.pk])
