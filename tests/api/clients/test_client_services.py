"""What the services of clients write: the row, when it changed, and what is told of it."""

import pytest

from tasks.exceptions import ClientNotFound
from tasks.models import Client, ClientTag, Tag
from tasks.people import wire_id
from tasks.services import clients
from tasks.testing import make_actor, make_user
from tests.api.clients.world import FULL, make
from tests.api.histories import told


def tags_of(client):
    return sorted(client.client_tags.values_list("tag__name", flat=True))


def test_create_takes_every_field(db):
    owner = make_user()
    with told() as news:
        client = clients.create_client(actor=make_actor(), name="Straße", owner=owner, **FULL)
    row = Client.objects.get(pk=client.pk)
    assert {name: getattr(row, name) for name in FULL} == FULL
    assert (row.owner_id, row.folded_name) == (owner.pk, "strasse")
    assert news == [("created", "client", client.pk, "Straße", {})]


def test_update_changes_the_given_fields_alone_and_tells_them(db):
    client, owner = make(**FULL), make_user()
    with told() as news:
        clients.update_client(
            actor=make_actor(),
            client_id=client.pk,
            name="ÉCOLE",
            owner=owner,
            invoice_due_days=None,
            phone=FULL["phone"],
        )
    row = Client.objects.get(pk=client.pk)
    assert (row.folded_name, row.invoice_due_days, row.vat) == ("école", None, "DE123")
    assert row.updated_at > client.updated_at
    changes = {
        "name": ["Acme Inc", "ÉCOLE"],
        "owner": [None, {"id": wire_id(owner.pk), "name": str(owner)}],
        "invoice_due_days": [7, None],
    }
    assert news == [("updated", "client", client.pk, "ÉCOLE", changes)]


def test_update_to_what_is_there_changes_nothing(db, unchanged):
    client = make(**FULL, tags=["a"])
    with unchanged():
        clients.update_client(actor=make_actor(), client_id=client.pk, **FULL)
        clients.set_client_tags(actor=make_actor(), client_id=client.pk, names=[" a", "a "])


def test_set_tags_replaces_them_and_moves_updated(db):
    client, other = make(tags=["a", "b"]), make(tags=["a"])
    with told() as news:
        clients.set_client_tags(actor=make_actor(), client_id=client.pk, names=["B", "a", " c "])
    assert (tags_of(client), tags_of(other)) == (["B", "a", "c"], ["a"])
    assert Client.objects.get(pk=client.pk).updated_at > client.updated_at
    assert news == [
        ("tagged", "client", client.pk, "Acme Inc", {"tags": [["a", "b"], ["B", "a", "c"]]})
    ]


def test_delete_takes_the_tags_of_the_client_along(db):
    client = make(tags=["a"])
    clients.delete_client(actor=make_actor(), client_id=client.pk)
    assert not ClientTag.objects.exists()
    assert Tag.objects.get().name == "a"


@pytest.mark.parametrize(
    "call",
    [
        lambda pk: clients.update_client(actor=make_actor(), client_id=pk, phone="1"),
        lambda pk: clients.set_client_tags(actor=make_actor(), client_id=pk, names=["a"]),
        lambda pk: clients.delete_client(actor=make_actor(), client_id=pk),
    ],
)
def test_service_for_an_unknown_client_refuses(db, unchanged, call):
    with unchanged(), pytest.raises(ClientNotFound):
        call(987654321)
