"""Clients as the database holds them, and what the API makes of them."""

from typing import Any

from tasks.models import Client
from tasks.people import person_name, wire_id
from tasks.services import clients
from tasks.testing import make_actor
from tests.moments import moment_text

FULL: dict[str, Any] = {
    "description": "Pays late.\n",
    "status": "suspended",
    "phone": "+49 30 123",
    "website": "https://acme.example/?a=1&b=<2>",
    "vat": "DE123",
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
    "shipping_country": "Suisse 📋",
}


def make(name: str = "Acme Inc", tags: Any = (), **fields: Any) -> Client:
    client = clients.create_client(actor=make_actor(), name=name, **fields)
    if tags:
        client = clients.set_client_tags(actor=make_actor(), client_id=client.pk, names=tags)
    return client


def shown(client: Client) -> dict[str, Any]:
    """The documented object of what the database holds now, read column by column."""
    row = Client.objects.get(pk=client.pk)
    parts = ("street", "city", "state", "zip", "country")
    days = row.invoice_due_days
    return {
        "id": row.pk,
        "company_name": row.name,
        "description": row.description or None,
        "status": row.status,
        "phone": row.phone or None,
        "website": row.website or None,
        "vat": row.vat or None,
        "category": None,
        "owner": row.owner and {"id": wire_id(row.owner.pk), "name": person_name(row.owner)},
        "billing": {
            **{part: getattr(row, f"billing_{part}") or None for part in parts},
            "invoice_due_days": None if days is None else f"{days}",
        },
        "shipping": {part: getattr(row, f"shipping_{part}") or None for part in parts},
        "dates": {
            "created": moment_text(row.created_at),
            "updated": moment_text(row.updated_at),
        },
        "tags": sorted(row.client_tags.values_list("tag__name", flat=True)),
    }


def answer(
    found: list[Client], *, total: int | None = None, page: int = 1, limit: int = 25
) -> dict[str, Any]:
    """The whole answer that a list of these clients, in this order, must be."""
    total = len(found) if total is None else total
    return {
        "data": [shown(client) for client in found],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        },
        "message": "Clients retrieved successfully.",
    }
