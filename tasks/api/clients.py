"""The Clients API: who projects are done for, managed in the admin."""

from collections.abc import Iterable
from typing import Annotated, Literal, TypedDict, cast

from rest_framework.request import Request

from tasks.api.serializers import known_person
from tasks.exceptions import ClientNotFound
from tasks.folding import GROWTH
from tasks.models import Client, ClientTag
from tasks.models.clients import NAME_LENGTH
from tasks.people import people_by_id
from tasks.platform.answers import Answer
from tasks.platform.listing import ChoiceFilter, ListSpec, SearchFilter
from tasks.platform.operations import operation
from tasks.platform.shapes import Id, MomentsObject, PersonObject, Shape
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet
from tasks.reads import seen
from tasks.reads.groups import grouped

CLIENT_LIST = ListSpec(
    rows=seen.clients,
    filters={
        "status": ChoiceFilter("status", {status.value: status for status in Client.Status}),
        "search": SearchFilter("folded_name", longest=GROWTH * NAME_LENGTH),
    },
    sorts={
        "client_company_name": "name",
        "client_status": "status",
        "client_created": "created_at",
        "client_updated": "updated_at",
    },
    default_sort="created_at",
)


class AddressObject(TypedDict):
    """An address; what nobody filled in is null."""

    street: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None


class BillingObject(AddressObject):
    """Where invoices go, and within how many days they are to be paid: a number as a string."""

    invoice_due_days: Annotated[str, Shape(pattern="^[0-9]+$")] | None


class ClientObject(TypedDict):
    """A client. ``category`` is always null."""

    id: Id
    company_name: str
    description: str | None
    status: Literal["active", "suspended"]
    phone: str | None
    website: str | None
    vat: str | None
    category: None
    owner: PersonObject | None
    billing: BillingObject
    shipping: AddressObject
    dates: MomentsObject
    tags: list[str]


CLIENT: ClientObject = {
    "id": 12,
    "company_name": "Acme Inc",
    "description": None,
    "status": "active",
    "phone": "+1 555 0100",
    "website": "https://acme.example",
    "vat": None,
    "category": None,
    "owner": {"id": 53, "name": "Sam Lee"},
    "billing": {
        "street": "1 Main Street",
        "city": "Springfield",
        "state": None,
        "zip": "12345",
        "country": "United States",
        "invoice_due_days": "7",
    },
    "shipping": {"street": None, "city": None, "state": None, "zip": None, "country": None},
    "dates": {
        "created": "2026-05-28T09:30:00.000000Z",
        "updated": "2026-06-17T09:30:00.000000Z",
    },
    "tags": ["retainer"],
}


class ClientViewSet(APIViewSet):
    """Who projects are done for."""

    not_found = ClientNotFound
    kind = "Client"
    tag = "Clients"

    @operation(
        summary="List and search clients",
        message="Clients retrieved successfully.",
        listing=CLIENT_LIST,
        data=ClientObject,
        example=CLIENT,
    )
    def list(self, request: Request) -> Answer:
        page = self.page()
        seen = Client.objects.visible_to(self.actor)
        return self.answer(client_representations(page.of(seen)), meta=page.meta)

    @operation(
        summary="Get a client",
        message="Client retrieved successfully.",
        data=ClientObject,
        example=CLIENT,
    )
    def retrieve(self, request: Request, client_id: str) -> Answer:
        rows = Client.objects.visible_to(self.actor).filter(pk=self.path_id(client_id))
        found = client_representations(rows)
        if not found:
            raise ClientNotFound
        return self.answer(found[0])


def client_representations(rows: Iterable[Client]) -> list[ClientObject]:
    """The documented objects, in three queries whatever their number: clients, owners, tags."""
    clients = list(rows)
    owners = people_by_id(client.owner_id for client in clients if client.owner_id is not None)
    tagged = ClientTag.objects.filter(content_object__in=[client.pk for client in clients])
    # Sorted here: a database sorts text by its collation, not by code point.
    tags = grouped(sorted(tagged.values_list("content_object_id", "tag__name")))
    return [
        {
            "id": client.pk,
            "company_name": client.name,
            "description": client.description or None,
            "status": cast("Literal['active', 'suspended']", client.status),
            "phone": client.phone or None,
            "website": client.website or None,
            "vat": client.vat or None,
            "category": None,
            "owner": known_person(owners, client.owner_id),
            "billing": _billing(client),
            "shipping": {
                "street": client.shipping_street or None,
                "city": client.shipping_city or None,
                "state": client.shipping_state or None,
                "zip": client.shipping_zip or None,
                "country": client.shipping_country or None,
            },
            "dates": {
                "created": utc_text(client.created_at),
                "updated": utc_text(client.updated_at),
            },
            "tags": tags.get(client.pk, []),
        }
        for client in clients
    ]


def _billing(client: Client) -> BillingObject:
    days = client.invoice_due_days
    return {
        "street": client.billing_street or None,
        "city": client.billing_city or None,
        "state": client.billing_state or None,
        "zip": client.billing_zip or None,
        "country": client.billing_country or None,
        "invoice_due_days": None if days is None else str(days),
    }
