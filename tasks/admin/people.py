"""Choosing people of whatever user model the site has."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks.people import person_name, user_model

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
