"""The pages of clients: every field, who looks after them, their tags."""

import pytest
from django.contrib.admin.models import LogEntry

from tasks.actors import Actor
from tasks.models import Client, HistoryEntry
from tasks.services import clients
from tasks.testing import make_user

FIELDS = {
    "name": "Acme Inc",
    "status": "suspended",
    "vat": "DE123",
    "description": "Pays\nlate. ",
    "phone": "+49 30 123",
    "website": "https://acme.example/?a=1&b=<2>",
    "billing_street": "Straße 1",
    "billing_city": "Köln",
    "billing_state": "NRW",
    "billing_zip": "01234",
    "billing_country": "Deutschland",
    "invoice_due_days": 7,
    "shipping_street": "Quai 2",
    "shipping_city": "Genève",
    "shipping_state": "GE",
    "shipping_zip": "1200",
    "shipping_country": "Suisse \N{PARTY POPPER}",
}


def make(name="Acme Inc", tags=(), **fields):
    client = clients.create_client(actor=Actor(), name=name, **fields)
    if tags:
        clients.set_client_tags(actor=Actor(), client_id=client.pk, names=tags)
    return client


def tags_of(client):
    return sorted(client.client_tags.values_list("tag__name", flat=True))


def told():
    return list(HistoryEntry.objects.order_by("pk").values_list("verb", "door", "changes"))


def test_client_is_made_with_every_field(admin):
    owner = make_user()
    page = admin.open("taskdock/client/add/")
    assert page.values["status"] == ["active"]
    page.submit(**FIELDS, owner=owner.pk, tags='b, "a, c", b')
    client = Client.objects.get()
    assert {name: getattr(client, name) for name in FIELDS} == FIELDS
    assert (client.owner_id, tags_of(client)) == (owner.pk, ["a, c", "b"])
    assert told() == [
        ("created", "admin", {}),
        ("tagged", "admin", {"tags": [[], ["a, c", "b"]]}),
    ]


def test_client_is_made_with_a_name_alone(admin):
    admin.open("taskdock/client/add/").submit(name="Solo")
    client = Client.objects.get()
    empty = {name: getattr(client, name) for name in FIELDS}
    assert empty == {
        **dict.fromkeys(FIELDS, ""),
        "name": "Solo",
        "status": "active",
        "invoice_due_days": None,
    }
    assert (client.owner, tags_of(client)) == (None, [])
    assert told() == [("created", "admin", {})]


def test_page_that_is_saved_as_it_is_changes_nothing(admin):
    names = ["a, b", 'say "hi"', "two\nlines"]
    client = make(**FIELDS, owner=make_user(), tags=names)
    before = (Client.objects.values().get(), told())
    assert admin.open(f"taskdock/client/{client.pk}/change/").submit().status_code == 302
    assert (Client.objects.values().get(), told()) == before
    assert tags_of(client) == sorted(names)


def test_two_people_who_change_different_fields_lose_nothing(admin):
    client, owner = make(tags=["a"]), make_user()
    mine, theirs = (admin.open(f"taskdock/client/{client.pk}/change/") for _ in range(2))
    theirs.submit(tags="a, b", owner=owner.pk, invoice_due_days=30)
    mine.submit(phone="123", status="suspended")
    client.refresh_from_db()
    assert (client.phone, client.status, client.invoice_due_days) == ("123", "suspended", 30)
    assert (client.owner_id, tags_of(client)) == (owner.pk, ["a", "b"])


def test_fields_can_be_cleared(admin):
    client = make(**FIELDS, owner=make_user(), tags=["a"])
    cleared = dict.fromkeys(FIELDS, "") | {"name": "Acme Inc", "status": "active"}
    admin.open(f"taskdock/client/{client.pk}/change/").submit(**cleared, owner="", tags="")
    client.refresh_from_db()
    assert {name: getattr(client, name) for name in FIELDS} == {**cleared, "invoice_due_days": None}
    assert (client.owner, tags_of(client)) == (None, [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"status": "dead"}, "status"),
        ({"status": ""}, "status"),
        ({"invoice_due_days": "-1"}, "invoice_due_days"),
        ({"invoice_due_days": "1.5"}, "invoice_due_days"),
        ({"invoice_due_days": str(2**64)}, "invoice_due_days"),
        ({"phone": "1" * 51}, "phone"),
        ({"billing_zip": "1" * 21}, "billing_zip"),
        ({"owner": "999999"}, "owner"),
        ({"owner": "abc"}, "owner"),
        ({"owner": str(2**64)}, "owner"),
        ({"tags": "x" * 101}, "tags"),
        ({"tags": '"open'}, "tags"),
    ],
)
def test_client_that_breaks_a_rule_is_refused_at_the_field(admin, form_errors, changes, field):
    client = make()
    before = (Client.objects.values().get(), told())
    form = admin.open(f"taskdock/client/{client.pk}/change/")
    assert list(form_errors(form.submit(**{"vat": "New", **changes}))) == [field]
    assert (Client.objects.values().get(), told()) == before
    assert not LogEntry.objects.exists()


def test_owner_is_a_team_member_or_stays_who_it_was(admin, form_errors):
    outsider, leaver = make_user(is_staff=False), make_user()
    client = make(owner=leaver)
    leaver.is_active = False
    leaver.save()
    form = admin.open(f"taskdock/client/{client.pk}/change/")
    assert form.values["owner"] == [str(leaver.pk)]
    assert list(form_errors(form.submit(owner=outsider.pk))) == ["owner"]
    assert form.submit(phone="1").status_code == 302
    client.refresh_from_db()
    assert (client.owner_id, client.phone) == (leaver.pk, "1")
    form = admin.open("taskdock/client/add/")
    assert list(form_errors(form.submit(name="B", owner=leaver.pk))) == ["owner"]


def test_list_shows_status_and_owner(admin):
    make(owner=make_user(first_name="Sam", last_name="<Lee>"), status="suspended")
    html = admin.get("taskdock/client/").content.decode()
    assert "Sam &lt;Lee&gt;" in html
    assert "suspended" in html


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status__exact": "active"}, {"Café Straße"}),
        ({"status__exact": "suspended"}, {"100% Acme"}),
        ({"q": "STRASSE"}, {"Café Straße"}),
        ({"q": "É"}, {"Café Straße"}),
        ({"q": "0%"}, {"100% Acme"}),
        ({"q": "_"}, set()),
    ],
)
def test_list_filters_by_status_and_searches_folded_names(admin, query, names):
    make("Café Straße")
    make("100% Acme", status="suspended")
    found = admin.get("taskdock/client/", **query).context["cl"].result_list
    assert {client.name for client in found} == names


def test_choosing_a_client_for_a_project_searches_folded_names(admin):
    client = make("Café Straße")
    query = {"app_label": "taskdock", "model_name": "project", "field_name": "client"}
    found = admin.get("autocomplete/", **query, term="STRASSE").json()["results"]
    assert [row["id"] for row in found] == [str(client.pk)]


def test_view_only_page_shows_everything(make_staff):
    client = make(**FIELDS, owner=make_user(), tags=["a, b"])
    html = make_staff("view_client").get(f"taskdock/client/{client.pk}/change/").content.decode()
    assert "Suisse" in html
    assert "&quot;a, b&quot;" in html
    assert "<select" not in html
