"""People as the database holds them, and what the API makes of them."""

from typing import Any

from tasks.people import has_field, person_name, users, wire_id
from tests.moments import moment_text


def shown(user: Any) -> dict[str, Any]:
    """The documented object of what the database holds now, of any user model."""
    row: Any = users().get(pk=user.pk)
    joined = row.date_joined if has_field("date_joined") else None
    return {
        "id": wire_id(row.pk),
        "first_name": row.first_name if has_field("first_name") else None,
        "last_name": row.last_name if has_field("last_name") else None,
        "name": person_name(row),
        "email": row.email if has_field("email") else None,
        "phone": None,
        "job_position": None,
        "role": {"id": 1, "name": "Administrator"}
        if row.is_superuser
        else {"id": 3, "name": "Staff"},
        "status": "active" if row.is_active else "suspended",
        "dashboard_access": "yes" if row.is_staff else "no",
        "social": dict.fromkeys(("facebook", "twitter", "linkedin", "github", "dribbble")),
        "dates": {"created": joined and moment_text(joined), "updated": None},
    }


def answer(
    found: list[Any], *, total: int | None = None, page: int = 1, limit: int = 25
) -> dict[str, Any]:
    """The whole answer that a list of these people, in this order, must be."""
    total = len(found) if total is None else total
    return {
        "data": [shown(user) for user in found],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        },
        "message": "Team members retrieved successfully.",
    }


def sorted_by(column: str, people: list[Any], *, descending: bool) -> list[Any]:
    """As the API sorts: by the column or, where the model lacks it, by name; nulls and ties last.

    For texts that every database sorts alike.
    """

    def key(user: Any) -> Any:
        value = getattr(user, column) if has_field(column) else person_name(user)
        return value, user.pk

    return sorted(people, key=key, reverse=descending)
