"""Choosing people of whatever user model the site has."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple, FilteredSelectMultiple
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks import conf
from tasks.actors import Actor
from tasks.admin.choosing import RowChoosing, RowSelect
from tasks.admin.lists import is_searchable, page_asked_for
from tasks.folding import fold
from tasks.matching import holds_alike
from tasks.models import TaskAssignee
from tasks.people import email_column, has_field, person_name, user_model

#: How many people a form lists; where there are more, they are searched for.
LISTED = 200
#: How many people a search shows at once.
FOUND = 20
#: Among how many a search looks for names that the site makes, which no database knows.
NAMED = 10_000
#: Which people a field of a form offers to somebody.
People = Callable[[Actor], QuerySet[Any]]

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Any]
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Any]
else:  # Django's own classes take no type parameters when they run.
    _ModelChoiceField = forms.ModelChoiceField
    _ModelMultipleChoiceField = forms.ModelMultipleChoiceField


def by_login(users: QuerySet[Any]) -> QuerySet[Any]:
    """These users, ordered by what they log in with."""
    login: str = user_model().USERNAME_FIELD  # type: ignore[attr-defined]  # every user model has it
    return users.order_by(login)


def person_label(user: AbstractBaseUser) -> str:
    """The name, with the login beside it: two people may have one name."""
    name, login = person_name(user), str(user.get_username() or "")
    return f"{name} ({login})" if login and login != name else name


class PeopleSelect(FilteredSelectMultiple):
    """Two lists to move people between."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        # Django's script puts its lists first in whatever holds the field; here that is the label.
        return format_html(
            '<div class="related-widget-wrapper">{}</div>', super().render(*args, **kwargs)
        )


class PersonField(_ModelChoiceField):
    """One person."""

    def label_from_instance(self, obj: Any) -> str:
        return person_label(obj)


class PeopleField(_ModelMultipleChoiceField):
    """Several people."""

    def label_from_instance(self, obj: Any) -> str:
        return person_label(obj)


class _Searched(RowChoosing):
    """Asks a page of ours for people, which needs no permission for the site's user model."""

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(TaskAssignee._meta.get_field("user"), None, None, **kwargs)
        self.url = url

    def get_url(self) -> str:
        return self.url

    def called(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return people_called(text, rows)

    def names_of(self, row: Any) -> Iterable[str]:
        return [person_name(row), str(row.get_username())]


class PersonSearch(_Searched, RowSelect):
    """One person of many."""


class PeopleSearch(_Searched, AutocompleteSelectMultiple):
    """Several people of many."""


def search_where_many(field: Any, people: QuerySet[Any], url: str) -> None:
    """Have a field search for people at ``url`` where they are too many to list them all."""
    if not people.order_by()[LISTED : LISTED + 1].exists():
        return
    kind = PeopleSearch if isinstance(field, PeopleField) else PersonSearch
    field.widget = kind(url)
    field.widget.is_required = field.required
    field.widget.choices = field.choices


def found_people(request: HttpRequest, people: QuerySet[Any]) -> JsonResponse:
    """A page of the people that a search means, as Django's script for such fields reads them."""
    first = (page_asked_for(request) - 1) * FOUND
    rows = list(people_called(request.GET.get("term", ""), people)[first : first + FOUND + 1])
    return JsonResponse(
        {
            "results": [{"id": str(row.pk), "text": person_label(row)} for row in rows[:FOUND]],
            "pagination": {"more": len(rows) > FOUND},
        }
    )


def people_called(text: str, people: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the people that a search for ``text`` means, in the order of their logins."""
    if not is_searchable(text):
        return people.none()
    return by_login(people.filter(_said_of(text.split(), people)))


def _said_of(words: Iterable[str], people: QuerySet[Any]) -> Q:
    """That each of these words is in a name, the e-mail address or the login.

    Names that the site makes are looked for here: among the first ``NAMED`` of these people.
    """
    login: str = user_model().USERNAME_FIELD  # type: ignore[attr-defined]  # every user model has it
    columns = {login, *filter(has_field, ("first_name", "last_name")), email_column() or login}
    named = [
        (user.pk, fold(person_name(user)))
        for user in (by_login(people)[:NAMED] if conf.hook("PERSON_NAME") else ())
    ]
    found = Q()
    for word in words:
        said = Q(pk__in=[pk for pk, name in named if fold(word) in name])
        for column in sorted(columns):
            said |= holds_alike(column, word)
        found &= said
    return found
