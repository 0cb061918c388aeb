"""Serializer fields of the dialect: strict about what they take, and worded as documented."""

from __future__ import annotations

import copy
import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from rest_framework import serializers
from rest_framework.fields import empty

from tasks.exceptions import Invalid
from tasks.folding import is_blank
from tasks.inputs import SWITCHES, parse_day
from tasks.people import (
    BIGGEST_ID,
    UserId,
    ids_are_integers,
    parse_integer,
    parse_user_id,
    storable,
    users_visible_to,
)
from tasks.platform import wording
from tasks.platform.errors import InvalidInput
from tasks.platform.parsers import FormData, as_form
from tasks.statements import Rows, find_all
from tasks.texts import UNSTORABLE

MAX_ITEMS = 1000

_KEY = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_DIGITS = re.compile("[0-9]+")
_DECIMAL = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?")


class InputSerializer(serializers.Serializer[Any]):
    """The fields that an endpoint takes. Gathers every error of a request, then raises them all.

    ``source`` names the service's argument. Rules over several fields go into ``cross_check``,
    which sees what was valid.
    """

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The declared fields, as copies that share what no request changes.

        DRF's deep copies run every field's constructor again, for each request.
        """
        return {name: copy.copy(field) for name, field in self._declared_fields.items()}

    def parsed(self) -> dict[str, Any]:
        """What was sent, by source; a field that was not sent is not in it.

        Raises ``InvalidInput``.
        """
        data = as_form(self.initial_data)
        values: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        named: list[tuple[RowField, int]] = []
        for field in self._writable_fields:
            try:
                value = field.run_validation(field.get_value(data))
            except serializers.SkipField:
                continue
            except InvalidInput as error:
                errors |= error.errors
            except serializers.ValidationError as error:
                errors[str(field.field_name)] = [str(item) for item in error.detail]
            else:
                values[str(field.source)] = value
                if isinstance(field, RowField) and value is not None:
                    named.append((field, value))
        self._look_up(named, values, errors)
        try:
            self.cross_check(values)
        except Invalid as error:
            for name, messages in self.errors_of(error).items():
                errors.setdefault(name, []).extend(messages)
        if errors:
            raise InvalidInput(errors)
        return values

    def _look_up(
        self,
        named: Sequence[tuple[RowField, int]],
        values: dict[str, Any],
        errors: dict[str, list[str]],
    ) -> None:
        """Put rows in the places of ids, asking for all of them at once."""
        if not named:
            return
        found = find_all([(field.rows, pk) for field, pk in named], self.context["actor"])
        for (field, _), row in zip(named, found, strict=True):
            if row is None:
                del values[str(field.source)]
                errors[str(field.field_name)] = [field.message("selected")]
            else:
                values[str(field.source)] = row

    def cross_check(self, values: dict[str, Any]) -> None:
        """Raise an ``Invalid`` where values that are right by themselves don't fit together.

        May put in place of several values the one that they stand for.
        """

    def errors_of(self, error: Invalid) -> dict[str, list[str]]:
        """A service's refusal under the names, and in the words, that our callers know."""
        names = {str(field.source): str(field.field_name) for field in self.fields.values()}
        culprit = names.get(error.field, error.field)

        def errors_at(key: str) -> list[str]:
            called = {**names, error.field: key}
            return [error.worded(lambda source: wording.spoken(called.get(source, source)))]

        keys = [f"{culprit}.{position}" for position in error.positions] or [culprit]
        return {key: errors_at(key) for key in keys}


class _WordedField(serializers.Field[Any, Any, Any, Any]):
    """Says ``{name}`` in its messages, and takes form and JSON values alike."""

    default_error_messages = {"required": wording.REQUIRED, "null": wording.REQUIRED}

    @property
    def spoken_name(self) -> str:
        return wording.spoken(self.field_name or "")

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        super().fail(key, name=self.spoken_name, **kwargs)

    def message(self, key: str) -> str:
        """What ``fail`` would say."""
        return self.error_messages[key].format(name=self.spoken_name)

    def get_value(self, dictionary: Mapping[str, Any]) -> Any:
        return dictionary.get(self.field_name or "", empty)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        if data == "" and not isinstance(self, TextField | ArrayField | SwitchField):
            data = None
        return super().validate_empty_values(data)

    def to_representation(self, value: Any) -> Any:
        return value


class TextField(_WordedField):
    """A string. With ``trim``, surrounding white space goes. A blank one counts as missing.

    With ``allow_null``, an empty string is null; otherwise it is a missing value.
    """

    default_error_messages = {
        "string": wording.STRING,
        "characters": wording.CHARACTERS,
        "too_long": wording.TOO_LONG,
    }

    def __init__(self, *, max_length: int | None = None, trim: bool = False, **kwargs: Any) -> None:
        self.max_length = max_length
        self.trim = trim
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("string")
        if UNSTORABLE.search(data):
            self.fail("characters")
        text = data.strip() if self.trim else data
        if is_blank(text) and not self.allow_null:
            self.fail("required")
        if self.max_length is not None and len(text) > self.max_length:
            self.fail("too_long", length=self.max_length)
        return text

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(None if data == "" and self.allow_null else data)


class KeyField(TextField):
    """A key of letters, digits and dashes."""

    default_error_messages = {"selected": wording.SELECTED}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not _KEY.fullmatch(text):
            self.fail("selected")
        return text


class IntegerField(_WordedField):
    """Decimal ASCII digits, or a JSON integer; at most ``most``."""

    default_error_messages = {"integer": wording.INTEGER, "between": wording.BETWEEN}

    def __init__(self, *, most: int | None = None, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        number = parse_integer(data)
        if number is None:
            self.fail("integer")
        if self.most is not None and not 0 <= number <= self.most:
            self.fail("between", most=self.most)
        return number


class DecimalField(_WordedField):
    """A number from 0: decimal ASCII digits with an optional fraction, or a JSON number.

    A fraction is taken as it is written: ``0.1`` is a tenth.
    """

    default_error_messages = {"decimal": wording.DECIMAL}

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, str) and _DECIMAL.fullmatch(data):
            return Decimal(data)
        is_number = isinstance(data, int | float) and not isinstance(data, bool)
        if not is_number or not math.isfinite(data) or data < 0:
            self.fail("decimal")
        # The shortest text that means this float is what was written.
        return Decimal(repr(data))


class RowField(IntegerField):
    """The id of a row that must exist, and may be seen; its serializer makes it the row.

    ``rows`` are those that an actor may see, who is in the serializer's context.
    """

    default_error_messages = {"selected": wording.SELECTED}

    def __init__(self, *, rows: Rows, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        number = super().to_internal_value(data)
        if not 0 < number <= BIGGEST_ID:
            self.fail("selected")
        return number


class ChoiceField(_WordedField):
    """One of the documented words; gives what it stands for."""

    default_error_messages = {"selected": wording.SELECTED}

    def __init__(self, *, choices: Mapping[str, Any], **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("selected")
        return self.choices[data]


class DateField(_WordedField):
    """``YYYY-MM-DD`` and nothing else."""

    default_error_messages = {"date": wording.DATE}

    def to_internal_value(self, data: Any) -> dt.date:
        day = parse_day(data) if isinstance(data, str) else None
        if day is None:
            self.fail("date")
        return day


class SwitchField(_WordedField):
    """``on`` and its synonyms turn on, ``off`` and its own turn off; null and empty are off."""

    default_error_messages = {"switch": wording.SWITCH}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(allow_null=True, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation("" if data is None else data)

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, bool):
            return data
        if isinstance(data, int) and data in {0, 1}:
            return data == 1
        if not isinstance(data, str) or data not in SWITCHES:
            self.fail("switch")
        return SWITCHES[data]


class ArrayField(_WordedField):
    """An array of at most ``MAX_ITEMS``; errors of its items are keyed ``name.0``.

    In a form, an empty value stands for the empty array. In JSON, an object whose keys are all
    decimal digits is the array of its values, in the order sent: PHP's ``json_encode`` writes an
    array with gaps that way, and with ``JSON_FORCE_OBJECT`` every array, also the empty one.
    """

    default_error_messages = {"array": wording.ARRAY, "too_many": wording.TOO_MANY}

    def __init__(self, *, item: _WordedField, allow_empty: bool = True, **kwargs: Any) -> None:
        self.item = item
        self.allow_empty = allow_empty
        super().__init__(**kwargs)

    def bind(self, field_name: str, parent: Any) -> None:
        super().bind(field_name, parent)
        # Named for each item of this request.
        self.item = copy.copy(self.item)

    def get_value(self, dictionary: Mapping[str, Any]) -> Any:
        value = super().get_value(dictionary)
        if isinstance(dictionary, FormData):
            return [] if value in ("", [""]) else value
        if isinstance(value, dict) and all(map(_DIGITS.fullmatch, value)):
            return list(value.values())
        return value

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            self.fail("array")
        if not data and not self.allow_empty:
            self.fail("required")
        if len(data) > MAX_ITEMS:
            self.fail("too_many", length=MAX_ITEMS)
        values: list[Any] = []
        errors: dict[str, list[str]] = {}
        for position, item in enumerate(data):
            self.item.field_name = f"{self.field_name}.{position}"
            try:
                values.append(self.item.run_validation(item))
            except serializers.ValidationError as error:
                errors[self.item.field_name] = [str(text) for text in error.detail]
                values.append(None)
        wrong = self.wrong_positions(values)
        for position in wrong:
            name = f"{self.field_name}.{position}"
            message = wording.SELECTED.format(name=wording.spoken(name))
            errors.setdefault(name, [message])
        if errors:
            raise InvalidInput(errors)
        return values

    def wrong_positions(self, values: Sequence[Any]) -> Iterable[int]:
        """Which items, each in the right form (or None where it was not), name nothing."""
        return ()


class UserIdField(_WordedField):
    """The id of a person, in the form that the site's user model has."""

    default_error_messages = {"integer": wording.INTEGER, "person": wording.PERSON}

    def to_internal_value(self, data: Any) -> UserId:
        user_id = parse_user_id(data)
        if user_id is None:
            self.fail("integer" if ids_are_integers() else "person")
        return user_id


class UserField(UserIdField):
    """The id of a user who must exist, team member or not."""

    default_error_messages = {"selected": wording.SELECTED}

    def to_internal_value(self, data: Any) -> UserId:
        user_id = super().to_internal_value(data)
        seen = users_visible_to(self.context["actor"])
        if not storable(user_id) or not seen.filter(pk=user_id).exists():
            self.fail("selected")
        return user_id
