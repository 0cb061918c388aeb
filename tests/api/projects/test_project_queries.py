"""How many queries an endpoint takes, whatever hangs on the projects."""

import pytest
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.reads.people import name_columns
from tasks.services.projects import set_manager, set_members, set_project_tags
from tasks.testing import make_actor, make_milestone, make_project, make_task, make_user
from tests.api.projects.world import make_done

#: The people have a query of their own where their model makes their names itself.
PEOPLE = 0 if name_columns() is not None else 1
#: The page with all that is told of its projects and the total, together with the key; where a site
#: narrows or filters meet, the key and the ids of the page come first.
LIST = {"plain": 1 + PEOPLE, "narrowed": 3 + PEOPLE}
#: What depends on nobody is asked for together with the key.
RETRIEVE = {"plain": 1 + PEOPLE, "narrowed": 2 + PEOPLE}


def all_of_it(queryset, actor):
    return queryset


#: A narrowing is a subquery of its own.
MODES = {"plain": {}, "narrowed": {"VISIBLE_TO": all_of_it}}


def fill(number):
    actor, everybody = make_actor(), make_user()
    for index in range(number):
        project = make_project(f"Project {index}")
        pk = project.pk
        set_members(actor=actor, project_id=pk, user_ids=[everybody.pk, make_user().pk])
        set_manager(actor=actor, project_id=pk, user_id=make_user().pk)
        set_project_tags(actor=actor, project_id=pk, names=["all", f"tag {index}"])
        make_milestone(project)
        make_done(project)
        make_task(project=project)
    return project


def count(call, status=200):
    with CaptureQueriesContext(connection()) as captured:
        r = call()
    assert r.status_code == status
    return len(captured), r


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"sort": "project_progress"},
        {"search": "project", "status": "not_started", "active_state": "active", "page": 1},
    ],
)
def test_list_of_any_length_takes_the_same_queries(api, mode, parameters):
    api.get("/projects")  # the first use of a key within a minute is written down
    queries_of_list = LIST["narrowed" if "search" in parameters else mode]
    with override_settings(TASKDOCK=MODES[mode]):
        for total in (1, 25):
            fill(1 if total == 1 else 24)
            queries, r = count(lambda: api.get("/projects", **parameters))
            assert (queries, len(r.json()["data"])) == (queries_of_list, total)


@pytest.mark.parametrize("mode", MODES)
def test_retrieve_takes_the_same_queries(api, mode):
    project = fill(1)
    api.get("/projects")
    with override_settings(TASKDOCK=MODES[mode]):
        path = f"/projects/{project.pk}"
        assert count(lambda: api.get(path))[0] == RETRIEVE[mode]
        for _ in range(10):
            make_task(project=project)
        ids = [make_user().pk for _ in range(10)]
        set_members(actor=make_actor(), project_id=project.pk, user_ids=ids)
        assert count(lambda: api.get(path))[0] == RETRIEVE[mode]


def test_delete_of_many_tasks_takes_few_queries(api, db):
    def delete(number):
        project = make_project()
        for _ in range(number):
            make_task(project=project, tags=["a"])
        return count(lambda: api.delete(f"/projects/{project.pk}"))[0]

    api.get("/projects")
    few = delete(2)
    assert delete(60) == few
