"""A site that narrows what people see: two of them in turn, at every endpoint."""

import pytest
from django.test import override_settings

from comments.exceptions import CommentNotFound
from comments.models import Comment
from comments.services import comments
from comments.testing import make_comment
from tasks.exceptions import NotFound
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_project, make_task, make_user
from tests.api.answers import expect
from tests.api.comments.world import KINDS, not_found, shown
from tests.api.narrowing import NARROWED, mark_of

OF_EACH_KIND = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def views(make_api):
    """Two people, each with a key and with something of every kind that they alone see."""
    found = []
    for _ in range(2):
        user = make_user()
        project = make_project(mark_of(user))
        task = make_task(mark_of(user), project=project)
        subjects = {
            "task": task,
            "item": add_checklist_item(actor=make_actor(), parent=task, text="x"),
            "item of a project": add_checklist_item(actor=make_actor(), parent=project, text="x"),
        }
        found.append((make_api(user=user), subjects, user))
    return found


@OF_EACH_KIND
def test_endpoints_show_each_of_two_only_what_is_theirs(views, unchanged, kind):
    resource = "tasks" if kind == "task" else "checklists"
    for _, subjects, user in views:
        make_comment(subjects[kind], creator=user)
    with override_settings(TASKDOCK=NARROWED):
        for api, own, other in [
            (views[0][0], views[0][1], views[1][1]),
            (views[1][0], views[1][1], views[0][1]),
            (views[0][0], views[0][1], views[1][1]),
        ]:
            mine, theirs = (f"/{resource}/{which[kind].pk}/comments" for which in (own, other))
            comment = other[kind].comments.get()
            with unchanged():
                expect(api.get(theirs), 404, not_found(kind))
                expect(api.post(theirs, "comment=x"), 404, not_found(kind))
                expect(api.delete(f"{theirs}/{comment.pk}"), 404, not_found(kind))
                expect(api.delete(f"{mine}/{comment.pk}"), 404, {"message": "Comment not found."})
            assert api.get(mine).json()["data"] == [shown(own[kind].comments.get())]
            added = api.post(mine, "comment=x")
            assert added.status_code == 201
            r = api.delete(f"{mine}/{added.json()['data']['id']}")
            assert r.status_code == 200


@OF_EACH_KIND
def test_services_refuse_what_the_actor_may_not_see(views, unchanged, kind):
    (_, own, _), (_, _, stranger) = views
    comment = make_comment(own[kind])
    with override_settings(TASKDOCK=NARROWED), unchanged():
        with pytest.raises(NotFound):
            comments.add_comment(actor=make_actor(stranger), subject=own[kind], text="x")
        with pytest.raises(CommentNotFound):
            comments.edit_comment(actor=make_actor(stranger), comment_id=comment.pk, text="x")
        with pytest.raises(CommentNotFound):
            comments.delete_comment(actor=make_actor(stranger), comment_id=comment.pk)
    assert Comment.objects.filter(pk=comment.pk).exists()
