"""What requests may say as JSON Schema: bodies, a schema each media type, and parameters.

A form knows text alone, JSON has types. In both, what a schema takes is taken, but for the ids of
rows that are not there and for rules over several fields; and what it refuses is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from config.openapi.answers import Schema, one_of, reference_to
from tasks.api.reference import PAGE_SIZE
from tasks.conf import LARGEST_PAGE
from tasks.platform import fields, listing, parsers, several

#: Components that bodies and parameters are made of.
INPUT_SCHEMAS: dict[str, Schema] = {
    "Digits": {
        "type": "string",
        "description": "An integer as text: decimal digits and nothing else.",
        "pattern": "^[0-9]+$",
        "maxLength": 1000,
        "examples": ["1"],
    },
    "DecimalDigits": {
        "type": "string",
        "description": "A number as text: decimal digits, with a fraction or without.",
        "pattern": r"^[0-9]{1,40}(\.[0-9]{1,40})?$",
        "examples": ["1.5"],
    },
    "Day": {
        "type": "string",
        "description": "`YYYY-MM-DD` and nothing else.",
        "format": "date",
        "pattern": "^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "examples": ["2026-06-30"],
    },
    "Switch": {
        "description": "`on` or `off`, or one of their synonyms.",
        "enum": ["on", "yes", "1", "true", True, 1, "off", "no", "0", "false", "", False, 0, None],
    },
    "SwitchWord": {
        "type": "string",
        "description": "`on` or `off`, or one of their synonyms.",
        "enum": ["on", "yes", "1", "true", "off", "no", "0", "false", ""],
    },
}
_DIGITS, _DECIMAL, _DAY = map(reference_to, ("Digits", "DecimalDigits", "Day"))
_EMPTY: Schema = {"type": "string", "const": ""}
# Spelled out, since dialects of regular expressions differ in what white space is.
_WHITE = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_STORABLE = r"^[^\u0000]*$"
_NOT_BLANK = rf"^[^\u0000]*[^\u0000{_WHITE}][^\u0000]*$"
_NULL: Schema = {"type": "null"}
_DIRECTIONS = {True: "desc", False: "asc"}


class Carrier(Enum):
    """How a request says something."""

    JSON = "json"
    FORM = "form"
    QUERY = "query"


def field_schema(field: Any, carrier: Carrier) -> Schema:
    """What a field takes. Raises ``TypeError`` for a field that is not of ours."""
    for kind in type(field).__mro__:
        if kind in _MAKERS:
            schema = _MAKERS[kind](field, carrier)
            break
    else:
        raise TypeError(f"The reference can't tell what {type(field).__name__} takes.")
    if field.allow_null and not isinstance(field, fields.SwitchField):
        schema = _with_nothing(schema, carrier)
    if field.help_text:
        schema["description"] = str(field.help_text)
    return schema


def _with_nothing(schema: Schema, carrier: Carrier) -> Schema:
    """An empty string stands for null everywhere; JSON has a null of its own."""
    if schema == _text(_STORABLE):
        return schema if carrier is not Carrier.JSON else one_of([schema, _NULL])
    if carrier is not Carrier.JSON:
        return {"anyOf": [schema, dict(_EMPTY)]}
    return {"anyOf": [*schema.get("anyOf", [schema]), dict(_EMPTY), dict(_NULL)]}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _text_schema(field: fields.TextField, carrier: Carrier) -> Schema:
    schema = _text(_STORABLE if field.allow_null else _NOT_BLANK)
    if field.max_length is not None:
        schema["maxLength"] = field.max_length
    return schema


def _key_schema(field: fields.KeyField, carrier: Carrier) -> Schema:
    return _text_schema(field, carrier) | _text("^[A-Za-z0-9-]+$")


def _integer_schema(field: fields.IntegerField, carrier: Carrier) -> Schema:
    if field.most is not None:
        whole: Schema = {"type": "integer", "minimum": 0, "maximum": field.most}
        digits: Schema = {"type": "string", "pattern": _digits_up_to(field.most), "maxLength": 1000}
        by_carrier: dict[Carrier, Schema] = {Carrier.FORM: digits, Carrier.QUERY: whole}
        return by_carrier.get(carrier, {"anyOf": [whole, digits]})
    if carrier is Carrier.FORM:
        return dict(_DIGITS)
    if carrier is Carrier.QUERY:
        return {"type": "integer", "minimum": 0}
    return {"anyOf": [{"type": "integer"}, dict(_DIGITS)]}


def _digits_up_to(most: int) -> str:
    """The pattern of the integers from 0 to ``most``, zeros before them or not."""
    digits = str(most)
    shorter = [f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    smaller = [
        f"{digits[:place]}[0-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}"
        for place, digit in enumerate(digits)
        if digit != "0"
    ]
    return f"^0*({'|'.join([*shorter, *smaller, digits])})$"


def _decimal_schema(field: fields.DecimalField, carrier: Carrier) -> Schema:
    if carrier is not Carrier.JSON:
        return dict(_DECIMAL)
    return {"anyOf": [{"type": "number", "minimum": 0}, dict(_DECIMAL)]}


def _row_schema(field: fields.RowField, carrier: Carrier) -> Schema:
    if carrier is Carrier.FORM:
        return dict(_DIGITS)
    whole = {"type": "integer", "minimum": 1}
    return whole if carrier is Carrier.QUERY else {"anyOf": [whole, dict(_DIGITS)]}


def _choice_schema(field: fields.ChoiceField, carrier: Carrier) -> Schema:
    return {"type": "string", "enum": list(field.choices)}


def _date_schema(field: fields.DateField, carrier: Carrier) -> Schema:
    return dict(_DAY)


def _switch_schema(field: fields.SwitchField, carrier: Carrier) -> Schema:
    return reference_to("Switch" if carrier is Carrier.JSON else "SwitchWord")


def _array_schema(field: fields.ArrayField, carrier: Carrier) -> Schema:
    items = field_schema(field.item, carrier)
    array: Schema = {"type": "array", "items": items, "maxItems": fields.MAX_ITEMS}
    if not field.allow_empty or carrier is not Carrier.JSON:
        array["minItems"] = 1
    return {"anyOf": [array, _with_gaps(array)]} if carrier is Carrier.JSON else array


def _with_gaps(array: Schema) -> Schema:
    """An array as PHP's ``json_encode`` writes one with gaps: an object with numbers as keys."""
    limits = {"maxItems": "maxProperties", "minItems": "minProperties"}
    return {
        "type": "object",
        "propertyNames": {"pattern": "^[0-9]+$"},
        "additionalProperties": array["items"],
        **{limits[name]: limit for name, limit in array.items() if name in limits},
    }


def _person_schema(field: fields.UserIdField, carrier: Carrier) -> Schema:
    return reference_to("PersonIdInput" if carrier is Carrier.JSON else "PersonIdText")


_MAKERS: Mapping[type, Callable[[Any, Carrier], Schema]] = {
    fields.KeyField: _key_schema,
    fields.TextField: _text_schema,
    fields.RowField: _row_schema,
    fields.IntegerField: _integer_schema,
    fields.DecimalField: _decimal_schema,
    fields.ChoiceField: _choice_schema,
    fields.DateField: _date_schema,
    fields.SwitchField: _switch_schema,
    fields.ArrayField: _array_schema,
    fields.UserIdField: _person_schema,
}


def body_content(
    serializer_class: type[fields.InputSerializer], media_types: list[str], sends: Mapping[str, Any]
) -> dict[str, Any]:
    """The content of a request body: each media type with its schema and an example."""
    serializer = serializer_class()
    content = {
        media_type: _CONTENTS.get(media_type, _form_content)(serializer, sends)
        for media_type in media_types
    }
    arrays = [name for name, field in serializer.fields.items() if _is_array(field)]
    if arrays:
        # Each item is a pair or a part of its own, of the same name. This is the default of
        # OpenAPI, but swagger-client joins the items with commas where it is not said.
        for form in (parsers.URLEncodedParser, parsers.MultiPartFormParser):
            content[form.media_type]["encoding"] = {
                f"{name}[]": {"style": "form", "explode": True} for name in arrays
            }
    return content


def required_names(serializer: fields.InputSerializer) -> list[str]:
    """The fields that a request must have."""
    return [name for name, field in serializer.fields.items() if field.required]


def _json_content(serializer: fields.InputSerializer, sends: Mapping[str, Any]) -> Schema:
    schema = _patch_schema(serializer)
    return {"schema": _requiring(schema, required_names(serializer)), "example": dict(sends)}


def _patch_content(serializer: fields.InputSerializer, sends: Mapping[str, Any]) -> Schema:
    required = required_names(serializer)
    some = {name: value for name, value in sends.items() if name not in required}
    return {"schema": _patch_schema(serializer), "example": some or dict(sends)}


def _patch_schema(serializer: fields.InputSerializer) -> Schema:
    properties = {
        name: field_schema(field, Carrier.JSON) for name, field in serializer.fields.items()
    }
    return {"type": "object", "properties": properties}


def _form_content(serializer: fields.InputSerializer, sends: Mapping[str, Any]) -> Schema:
    names = {name: _form_name(name, field) for name, field in serializer.fields.items()}
    schema: Schema = {
        "type": "object",
        "properties": {
            names[name]: _form_schema(field, sends.get(name))
            for name, field in serializer.fields.items()
        },
    }
    required = [names[name] for name in required_names(serializer)]
    example = {names[name]: _as_text(value) for name, value in sends.items()}
    return {"schema": _requiring(schema, required), "example": example}


def _form_name(name: str, field: Any) -> str:
    return f"{name}[]" if _is_array(field) else name


def _is_array(field: Any) -> bool:
    return isinstance(field, fields.ArrayField)


def _form_schema(field: Any, example: Any) -> Schema:
    schema = field_schema(field, Carrier.FORM)
    # Tools that show a form take its examples field by field, and invent one where there is none.
    if example is not None:
        schema["examples"] = [_as_text(example)]
    elif field.allow_null:
        schema["examples"] = [""]
    if _is_array(field) and field.allow_empty:
        # A form can't say an empty array but by one empty value.
        nothing = {"items": dict(_EMPTY), "maxItems": 1}
        schema["anyOf"] = [{"items": schema.pop("items")}, nothing]
    return schema


def _requiring(schema: Schema, names: list[str]) -> Schema:
    return {**schema, "required": names} if names else schema


def _as_text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_as_text(item) for item in value] or [""]
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


_CONTENTS: Mapping[str, Callable[[fields.InputSerializer, Mapping[str, Any]], Schema]] = {
    parsers.JSONObjectParser.media_type: _json_content,
    parsers.MergePatchParser.media_type: _patch_content,
}


def path_parameter(name: str) -> Schema:
    """An id in the path."""
    is_person = name == "person_id"
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": reference_to("PersonIdText") if is_person else {"type": "integer", "minimum": 1},
    }


def query_parameters(
    serializer_class: type[fields.InputSerializer] | None, spec: listing.ListSpec | None
) -> Iterator[Schema]:
    """The parameters of a list."""
    if serializer_class is not None:
        for name, field in serializer_class().fields.items():
            schema = field_schema(field, Carrier.QUERY)
            yield _query_parameter(name, schema, required=field.required)
    if spec is None:
        return
    for name, filter_ in spec.filters.items():
        schema = _filter_schema(filter_)
        yield _query_parameter(name, schema)
        if not isinstance(filter_, listing.SearchFilter | listing.DateFilter):
            yield _several_parameter(name, schema)
    if spec.sorts:
        yield _sort_parameter(spec)
        yield _order_parameter(spec)
    page: Schema = {"type": "integer", "minimum": 1, "default": 1}
    yield _query_parameter("page", page, "Counted from 1. One past the end is empty.")
    limit: Schema = {"type": "integer", "minimum": 1}
    if spec.whole:
        yield _query_parameter(
            "limit",
            limit,
            f"Rows a page; above {LARGEST_PAGE} it is taken as {LARGEST_PAGE}. With "
            "neither `page` nor `limit`, all rows are one page.",
        )
    else:
        yield _query_parameter(
            "limit",
            {**limit, "default": PAGE_SIZE},
            f"Rows a page; above {LARGEST_PAGE} it is taken as {LARGEST_PAGE}.",
        )


def _several_parameter(name: str, schema: Schema) -> Schema:
    """A filter with several values, as PHP's ``http_build_query`` sends an array."""
    array: Schema = {"type": "array", "items": schema, "maxItems": several.MAX_VALUES}
    parameter = _query_parameter(f"{name}[]", array, f"As `{name}`, for rows with any of these.")
    return parameter | {"style": "form", "explode": True}


def _sort_parameter(spec: listing.ListSpec) -> Schema:
    schema: Schema = {"type": "string", "enum": list(spec.sorts)}
    # By what a list is sorted unless told otherwise may be no column that can be asked for.
    for name, column in spec.sorts.items():
        if column == spec.default_sort:
            schema["default"] = name
            break
    return _query_parameter("sort", schema)


def _order_parameter(spec: listing.ListSpec) -> Schema:
    schema: Schema = {"type": "string", "enum": ["asc", "desc"]}
    unasked = _DIRECTIONS[spec.default_descending]
    if spec.sorted_descending in {None, spec.default_descending}:
        return _query_parameter("order", {**schema, "default": unasked})
    asked = _DIRECTIONS[bool(spec.sorted_descending)]
    return _query_parameter(
        "order", schema, f"By default `{asked}` with a `sort`, else `{unasked}`."
    )


def _filter_schema(filter_: listing.Filter) -> Schema:
    if isinstance(filter_, listing.IdFilter):
        return {"type": "integer", "minimum": 0}
    if isinstance(filter_, listing.UserFilter):
        return reference_to("PersonIdText")
    if isinstance(filter_, listing.ChoiceFilter):
        return {"type": "string", "enum": list(filter_.choices)}
    if isinstance(filter_, listing.DateFilter):
        return dict(_DAY)
    if isinstance(filter_, listing.SearchFilter):
        return _text(_STORABLE)
    raise TypeError(f"The reference can't tell what {type(filter_).__name__} takes.")


def _query_parameter(
    name: str, schema: Schema, description: str = "", *, required: bool = False
) -> Schema:
    parameter: Schema = {"name": name, "in": "query", "schema": schema}
    # An empty parameter counts as absent.
    parameter |= {"required": True} if required else {"allowEmptyValue": True}
    if description:
        parameter["description"] = description
    return parameter
