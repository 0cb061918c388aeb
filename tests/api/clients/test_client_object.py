"""``GET /clients/{id}``: every documented key, and null where nothing is known."""

import pytest

from tasks.models import Client
from tasks.people import person_name, users, wire_id
from tasks.testing import make_user
from tests.api.answers import expect
from tests.api.clients.world import FULL, make, shown
from tests.api.path_ids import UNKNOWN
from tests.moments import utc

MESSAGE = "Client retrieved successfully."
MADE = utc(2026, 5, 28, 9, 30)
CHANGED = utc(2026, 6, 17, 9, 30, 0, 7)
DATES = {"created": "2026-05-28T09:30:00.000000Z", "updated": "2026-06-17T09:30:00.000007Z"}


def stamped(client):
    Client.objects.filter(pk=client.pk).update(created_at=MADE, updated_at=CHANGED)
    return client


def test_client_with_everything_shows_everything(api):
    owner = make_user(first_name="Sam", last_name="Lee")
    client = stamped(make(owner=owner, tags=["Zebra", "apple", "ä", "Ä"], **FULL))
    expect(
        api.get(f"/clients/{client.pk}"),
        200,
        {
            "data": {
                "id": client.pk,
                "company_name": "Acme Inc",
                "description": "Pays late.\n",
                "status": "suspended",
                "phone": "+49 30 123",
                "website": "https://acme.example/?a=1&b=<2>",
                "vat": "DE123",
                "category": None,
                "owner": {"id": wire_id(owner.pk), "name": person_name(owner)},
                "billing": {
                    "street": "Straße 1",
                    "city": "Köln",
                    "state": "NRW",
                    "zip": "01234",
                    "country": "Deutschland",
                    "invoice_due_days": "7",
                },
                "shipping": {
                    "street": "Quai 2",
                    "city": "Genève",
                    "state": "GE",
                    "zip": "1200",
                    "country": "Suisse 📋",
                },
                "dates": DATES,
                "tags": ["Zebra", "apple", "Ä", "ä"],
            },
            "message": MESSAGE,
        },
    )


def test_client_with_nothing_but_a_name_shows_null(api):
    client = stamped(make("Solo"))
    address = dict.fromkeys(("street", "city", "state", "zip", "country"))
    expect(
        api.get(f"/clients/{client.pk}/"),
        200,
        {
            "data": {
                "id": client.pk,
                "company_name": "Solo",
                "description": None,
                "status": "active",
                "phone": None,
                "website": None,
                "vat": None,
                "category": None,
                "owner": None,
                "billing": {**address, "invoice_due_days": None},
                "shipping": address,
                "dates": DATES,
                "tags": [],
            },
            "message": MESSAGE,
        },
    )


@pytest.mark.parametrize(("days", "text"), [(None, None), (0, "0"), (7, "7"), (32767, "32767")])
def test_days_to_pay_are_a_string(api, days, text):
    client = make(invoice_due_days=days)
    data = api.get(f"/clients/{client.pk}").json()["data"]
    assert data["billing"]["invoice_due_days"] == text


def test_owner_who_no_longer_exists_is_null(api):
    owner = make_user()
    client = make(owner=owner)
    assert api.get(f"/clients/{client.pk}").json()["data"]["owner"]["id"] == wire_id(owner.pk)
    users().filter(pk=owner.pk).delete()
    expect(api.get(f"/clients/{client.pk}"), 200, {"data": shown(client), "message": MESSAGE})
    assert shown(client)["owner"] is None


def test_path_that_names_no_client_is_not_found(api):
    client = make()
    for text in UNKNOWN.values():
        r = api.request("GET", f"/clients/{text.format(id=client.pk)}")
        expect(r, 404, {"message": "Client not found."})
