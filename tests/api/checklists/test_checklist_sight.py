"""A site that narrows what people see: two of them in turn, at every endpoint."""

import pytest
from django.test import override_settings

from tasks.exceptions import ChecklistItemNotFound, ChecklistItemUnknown, ParentUnknown
from tasks.services import checklists
from tasks.testing import make_actor, make_project, make_task, make_user
from tests.api.answers import expect, expect_errors
from tests.api.checklists.world import make_item, shown
from tests.api.narrowing import NARROWED, mark_of

NOT_FOUND = {"message": "Checklist not found."}
KINDS = pytest.mark.parametrize("kind", ["task", "project"])


@pytest.fixture
def views(make_api):
    """Two people, each with a key, and with a task and a project that they alone see."""
    found = []
    for _ in range(2):
        user = make_user()
        project = make_project(mark_of(user))
        parents = {"project": project, "task": make_task(mark_of(user), project=project)}
        found.append((make_api(user=user), parents, user))
    return found


@KINDS
def test_endpoints_show_each_of_two_only_what_is_theirs(views, unchanged, kind):
    items = {user: make_item(parents[kind], "x") for _, parents, user in views}
    one, other = views
    with override_settings(TASKDOCK=NARROWED):
        for (api, parents, user), (_, others, stranger) in [
            (one, other),
            (other, one),
            (one, other),
        ]:
            mine, theirs = items[user], items[stranger]
            path = f"/checklists/{theirs.pk}"
            with unchanged():
                expect(api.get(path), 404, NOT_FOUND)
                expect(api.patch(path, "checklist_text=y"), 404, NOT_FOUND)
                expect(api.delete(path), 404, NOT_FOUND)
                expect(api.put(f"{path}/status", "status=completed"), 404, NOT_FOUND)
                r = api.get("/checklists", resource_type=kind, resource_id=others[kind].pk)
                expect_errors(r, {"resource_id": ["The selected resource id is invalid."]})
                r = api.post(
                    "/checklists",
                    {
                        "checklistresource_type": kind,
                        "checklistresource_id": others[kind].pk,
                        "checklist_text": "y",
                    },
                )
                message = "The selected checklistresource id is invalid."
                expect_errors(r, {"checklistresource_id": [message]})
                r = api.put("/checklists/positions", {"checklist_ids": [mine.pk, theirs.pk]})
                message = "The selected checklist ids.1 is invalid."
                expect_errors(r, {"checklist_ids.1": [message]})
                r = api.put("/checklists/positions", {"checklist_ids": [theirs.pk]})
                message = "The selected checklist ids.0 is invalid."
                expect_errors(r, {"checklist_ids.0": [message]})
            expected = {"data": shown(mine), "message": "Checklist retrieved successfully."}
            expect(api.get(f"/checklists/{mine.pk}"), 200, expected)
            r = api.get("/checklists", resource_type=kind, resource_id=parents[kind].pk)
            assert r.json()["data"] == [shown(mine)]
            assert r.json()["meta"]["progress"]["total"] == 1
            assert api.put("/checklists/positions", f"checklist_ids[]={mine.pk}").status_code == 200


@KINDS
def test_services_refuse_what_the_actor_may_not_see(views, unchanged, kind):
    (_, _, user), (_, hidden, _) = views
    actor, item = make_actor(user), make_item(hidden[kind], "x")
    with override_settings(TASKDOCK=NARROWED), unchanged():
        with pytest.raises(ParentUnknown):
            checklists.add_checklist_item(actor=actor, parent=hidden[kind], text="y")
        with pytest.raises(ChecklistItemNotFound):
            checklists.update_checklist_item(actor=actor, item_id=item.pk, text="y")
        with pytest.raises(ChecklistItemNotFound):
            checklists.delete_checklist_item(actor=actor, item_id=item.pk)
        with pytest.raises(ChecklistItemUnknown):
            checklists.sort_checklist(actor=actor, item_ids=[item.pk])
