"""The Team API: who works here, of whatever user model the site has."""

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, Literal, TypedDict

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F, Q, QuerySet
from rest_framework.request import Request

from tasks.exceptions import TeamMemberNotFound
from tasks.people import (
    email_column,
    has_field,
    name_in_database,
    parse_integer,
    parse_user_id,
    person_name,
    storable,
    team_called,
    team_visible_to,
    wire_id,
)
from tasks.platform import wording
from tasks.platform.answers import Answer
from tasks.platform.listing import (
    EVERYTHING,
    NOTHING,
    BadParameter,
    ChoiceFilter,
    Filter,
    IdFilter,
    ListSpec,
    SearchFilter,
)
from tasks.platform.operations import operation
from tasks.platform.pages import page_of
from tasks.platform.shapes import Moment, PersonId, YesNo
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet

#: A search is compared in Python: no column limits it.
_ANY_LENGTH = 2**31


class _StatusFilter(ChoiceFilter):
    """Who has no ``is_active`` is active."""

    def value(self, text: str) -> Any:
        return _where("is_active", wanted=ChoiceFilter.value(self, text), missing=True)

    def condition(self, value: Q) -> Q:
        return value


class _RoleFilter(IdFilter):
    """1 for superusers, 3 for all others; nobody has another role."""

    is_constant = True

    def value(self, text: str) -> Any:
        role = parse_integer(text)
        if role is None:
            raise BadParameter(wording.INTEGER)
        if role not in {1, 3}:
            return NOTHING
        return _where("is_superuser", wanted=role == 1, missing=False)

    def values(self, texts: Sequence[str], values: Sequence[Any]) -> Any:
        found = [value for value in values if value is not NOTHING]
        if not all(found):
            # One without conditions is for everybody.
            return EVERYTHING
        return reduce(or_, dict.fromkeys(found)) if found else NOTHING

    def condition(self, value: Q) -> Q:
        return value


class _PeopleFilter(SearchFilter):
    """Text anywhere in what a member is called, their e-mail address or username."""

    is_constant = True
    variant, stand_in = Filter.variant, Filter.stand_in

    def value(self, text: str) -> Any:
        if "\x00" in text:
            raise BadParameter(wording.CHARACTERS)
        return Q(pk__in=team_called(text))

    def condition(self, value: Q) -> Q:
        return value


#: The orders that a client may ask for, by the names that ``_sorted_by`` gives them in queries.
_SORTS = {
    name: f"taskdock_{name}" for name in ("first_name", "last_name", "email", "created", "name")
}

TEAM_LIST = ListSpec(
    filters={
        "status": _StatusFilter("is_active", {"active": True, "suspended": False}),
        "role_id": _RoleFilter("is_superuser"),
        "search": _PeopleFilter("pk", longest=_ANY_LENGTH),
    },
    sorts=_SORTS,
    default_sort=_SORTS["created"],
    nullable=frozenset(_SORTS.values()),
)


class RoleObject(TypedDict):
    """What somebody is here."""

    id: Literal[1, 3]
    name: Literal["Administrator", "Staff"]


class SocialObject(TypedDict):
    """Nothing that this site knows."""

    facebook: None
    twitter: None
    linkedin: None
    github: None
    dribbble: None


class TeamDatesObject(TypedDict):
    """When the account was made, where the site's user model says; null otherwise."""

    created: Moment | None
    updated: None


class TeamMemberObject(TypedDict):
    """A member of the team. What the site's user model does not have is null."""

    id: PersonId
    first_name: str | None
    last_name: str | None
    name: str
    email: str | None
    phone: None
    job_position: None
    role: RoleObject
    status: Literal["active", "suspended"]
    dashboard_access: YesNo
    social: SocialObject
    dates: TeamDatesObject


TEAM_MEMBER: TeamMemberObject = {
    "id": 53,
    "first_name": "Sam",
    "last_name": "Lee",
    "name": "Sam Lee",
    "email": "sam@example.com",
    "phone": None,
    "job_position": None,
    "role": {"id": 3, "name": "Staff"},
    "status": "active",
    "dashboard_access": "yes",
    "social": {
        "facebook": None,
        "twitter": None,
        "linkedin": None,
        "github": None,
        "dribbble": None,
    },
    "dates": {"created": "2026-05-28T09:30:00.000000Z", "updated": None},
}


class TeamViewSet(APIViewSet):
    """Who works here: all staff, active or not, unless the site says otherwise."""

    not_found = TeamMemberNotFound
    kind = "Team member"
    tag = "Team"

    @operation(
        summary="List and search team members",
        message="Team members retrieved successfully.",
        listing=TEAM_LIST,
        data=TeamMemberObject,
        example=TEAM_MEMBER,
    )
    def list(self, request: Request) -> Answer:
        members, query = team_visible_to(self.actor), self.asked()
        page = page_of(query, _sorted_by(query.column, members))
        data = [member_representation(user) for user in page.of(members)]
        return self.answer(data, meta=page.meta)

    @operation(
        summary="Get a team member",
        message="Team member retrieved successfully.",
        data=TeamMemberObject,
        example=TEAM_MEMBER,
    )
    def retrieve(self, request: Request, person_id: str) -> Answer:
        user_id = parse_user_id(person_id)
        if user_id is None or not storable(user_id):
            raise TeamMemberNotFound
        user = team_visible_to(self.actor).filter(pk=user_id).first()
        if user is None:
            raise TeamMemberNotFound
        return self.answer(member_representation(user))


def member_representation(user: AbstractBaseUser) -> TeamMemberObject:
    """The documented object of a user."""
    is_superuser = _flag(user, "is_superuser", missing=False)
    created = _stored(user, "date_joined")
    return {
        "id": wire_id(user.pk),
        "first_name": _text(user, "first_name"),
        "last_name": _text(user, "last_name"),
        "name": person_name(user),
        "email": _text(user, email_column()),
        "phone": None,
        "job_position": None,
        "role": {"id": 1, "name": "Administrator"} if is_superuser else {"id": 3, "name": "Staff"},
        "status": "active" if _flag(user, "is_active", missing=True) else "suspended",
        "dashboard_access": "yes" if _flag(user, "is_staff", missing=is_superuser) else "no",
        "social": {
            "facebook": None,
            "twitter": None,
            "linkedin": None,
            "github": None,
            "dribbble": None,
        },
        "dates": {
            "created": utc_text(created) if isinstance(created, dt.datetime) else None,
            "updated": None,
        },
    }


def _stored(user: AbstractBaseUser, column: str | None) -> Any:
    return getattr(user, column) if column is not None and has_field(column) else None


def _text(user: AbstractBaseUser, column: str | None) -> str | None:
    value = _stored(user, column)
    return None if value is None else str(value)


def _flag(user: AbstractBaseUser, column: str, *, missing: bool) -> bool:
    return bool(getattr(user, column)) if has_field(column) else missing


def _where(column: str, *, wanted: bool, missing: bool) -> Any:
    """Who has this flag; of a model that lacks it, all have it ``missing``."""
    if has_field(column):
        return Q(**{column: wanted})
    return Q() if wanted is missing else NOTHING


def _sorted_by(order: str, members: QuerySet[AbstractBaseUser]) -> QuerySet[AbstractBaseUser]:
    """These users, with this one of ``_SORTS``; what the model lacks is sorted by name."""
    columns = {
        _SORTS["first_name"]: "first_name",
        _SORTS["last_name"]: "last_name",
        _SORTS["email"]: email_column(),
        _SORTS["created"]: "date_joined",
    }
    column = columns.get(order)
    if column is not None and has_field(column):
        return members.alias(**{order: F(column)})
    return members.alias(**{order: name_in_database(members)})
