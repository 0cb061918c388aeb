"""A site that narrows what people see: two of them in turn."""

import pytest
from django.test import override_settings

from tasks.exceptions import ClientNotFound
from tasks.models import Client
from tasks.services import clients
from tasks.testing import make_actor, make_user
from tests.api.answers import expect
from tests.api.clients.world import answer, make, shown

NOT_FOUND = {"message": "Client not found."}


def own_clients(queryset, actor):
    return queryset.filter(owner=actor.user) if queryset.model is Client else queryset


@pytest.fixture
def views(make_api):
    """Two people, each with a key and with a client that they alone see."""
    people = [make_user(), make_user()]
    return [(make_api(user=user), make(owner=user, tags=["t"]), user) for user in people]


def test_endpoints_show_each_of_two_only_what_is_theirs(views):
    one, other = views
    with override_settings(TASKDOCK={"VISIBLE_TO": own_clients}):
        for (api, mine, _), (_, theirs, _) in [(one, other), (other, one), (one, other)]:
            expect(api.get("/clients"), 200, answer([mine]))
            expect(api.get("/clients", search="acme"), 200, answer([mine]))
            found = {"data": shown(mine), "message": "Client retrieved successfully."}
            expect(api.get(f"/clients/{mine.pk}"), 200, found)
            expect(api.get(f"/clients/{theirs.pk}"), 404, NOT_FOUND)


def test_services_refuse_what_the_actor_may_not_see(views, unchanged):
    (_, _, user), (_, hidden, _) = views
    actor = make_actor(user)
    with override_settings(TASKDOCK={"VISIBLE_TO": own_clients}), unchanged():
        with pytest.raises(ClientNotFound):
            clients.update_client(actor=actor, client_id=hidden.pk, phone="1")
        with pytest.raises(ClientNotFound):
            clients.set_client_tags(actor=actor, client_id=hidden.pk, names=["x"])
        with pytest.raises(ClientNotFound):
            clients.delete_client(actor=actor, client_id=hidden.pk)
