"""Bodies and single values: whatever is sent is read as its sender meant it, or refused."""

# ruff: noqa: RUF001 (letters that look alike are the point)

import datetime as dt
import io
import json
import re
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.serializers import Serializer

from tasks.people import parse_integer
from tasks.platform.fields import DateField, SwitchField
from tasks.platform.parsers import MAX_FIELDS, JSONObjectParser, URLEncodedParser, php_form

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAME = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[]"), min_size=1)
WORD_KEY = NAME.filter(lambda key: not re.fullmatch("[0-9]+", key))
VALUE = TEXT | st.lists(TEXT, min_size=1, max_size=12) | st.dictionaries(WORD_KEY, TEXT, min_size=1)
JSON_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda values: st.lists(values) | st.dictionaries(TEXT, values),
    max_leaves=10,
)


def pairs_of(data):
    """The pairs that PHP's ``http_build_query`` makes of a value, nested ones included."""

    def flat(name, value):
        if isinstance(value, str):
            yield name, value
            return
        for key, item in enumerate(value) if isinstance(value, list) else value.items():
            yield from flat(f"{name}[{key}]", item)

    return [pair for name, value in data.items() for pair in flat(name, value)]


def http_build_query(data):
    query = [f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs_of(data)]
    return "&".join(query).encode()


def refuses(parse, *values):
    try:
        parse(*values)
    except (ParseError, ValidationError):
        return True
    return False


@given(st.dictionaries(NAME, VALUE))
def test_form_of_php_is_read_as_it_was_built(data):
    assert URLEncodedParser().parse(io.BytesIO(http_build_query(data))) == data


@given(st.dictionaries(NAME, VALUE, min_size=1), st.data())
def test_form_with_brackets_left_empty_is_read_as_a_list(data, draw):
    pairs = [(re.sub(r"\[[0-9]+\]$", "[]", name), value) for name, value in pairs_of(data)]
    assert php_form(pairs) == data


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), TEXT)))
def test_form_with_repeated_names_counts_the_last(pairs):
    assert php_form(pairs) == dict(pairs)


@given(st.lists(st.sampled_from(["a", "a[]", "a[0]", "a[7]", "a[x]"]), min_size=1))
def test_form_that_mixes_one_name_obeys_the_last_kind(names):
    """As in PHP: a plain value replaces an array, an array a plain value."""
    pairs = [(name, str(number)) for number, name in enumerate(names)]
    array, plain = {}, None
    for name, value in pairs:
        key = name[2:-1]
        if name == "a":
            array, plain = {}, value
        else:
            plain = None
            numbers = [taken for taken in array if isinstance(taken, int)]
            index = int(key) if key.isdigit() else key
            array[max(numbers, default=-1) + 1 if key == "" else index] = value
    if plain is not None:
        expected = plain
    elif all(isinstance(key, int) for key in array):
        expected = list(array.values())
    else:
        expected = array
    assert php_form(pairs) == {"a": expected}


@given(st.lists(st.tuples(st.text("ab[]0x", max_size=8), TEXT)))
def test_form_of_any_names_is_read_somehow(pairs):
    form = php_form(pairs)
    assert set(form) <= {name for name, _ in pairs} | {name.partition("[")[0] for name, _ in pairs}


def test_form_of_as_many_fields_as_there_may_be_is_read():
    assert php_form([("a[]", "x")] * MAX_FIELDS) == {"a": ["x"] * MAX_FIELDS}


@given(st.lists(TEXT, min_size=1, max_size=5), NAME)
def test_form_with_nested_array_is_never_a_list_of_texts(texts, name):
    value = php_form(pairs_of({name: [texts]}))[name]
    assert not (isinstance(value, list) and all(isinstance(item, str) for item in value))


@given(st.binary(max_size=60))
def test_form_of_any_bytes_is_read_or_refused(body):
    if not refuses(URLEncodedParser().parse, io.BytesIO(body)):
        form = URLEncodedParser().parse(io.BytesIO(body))
        json.dumps(form, ensure_ascii=False).encode()  # no half of a surrogate pair


@settings(max_examples=50)
@given(st.dictionaries(TEXT, JSON_VALUE), st.sampled_from(["utf-8", "utf-8-sig"]), st.booleans())
def test_json_object_is_read_as_it_was_written(data, encoding, ensure_ascii):
    body = json.dumps(data, ensure_ascii=ensure_ascii).encode(encoding)
    assert JSONObjectParser().parse(io.BytesIO(body)) == data


@given(JSON_VALUE.filter(lambda value: not isinstance(value, dict)))
def test_json_that_is_no_object_is_refused(value):
    assert refuses(JSONObjectParser().parse, io.BytesIO(json.dumps(value).encode()))


@given(st.binary(max_size=60))
@example(b"[" * 100_000)
@example(b'{"a": NaN}')
@example(b'{"a": -Infinity}')
@example(b'{"a": 1' + b"0" * 10_000 + b"}")
@example('{"a": 1}'.encode("utf-16"))
def test_json_of_any_bytes_is_an_object_or_refused(body):
    if not refuses(JSONObjectParser().parse, io.BytesIO(body)):
        assert isinstance(JSONObjectParser().parse(io.BytesIO(body)), dict)


@given(st.text() | st.text("0123456789+-_. ٣１²eE", max_size=30))
@example("")
@example("007")
@example("9" * 1000)
@example("1\n")
def test_integer_in_a_string_is_ascii_digits_and_nothing_else(text):
    expected = int(text) if re.fullmatch("[0-9]+", text, re.ASCII) else None
    assert parse_integer(text) == expected


@given(st.integers())
def test_integer_of_json_is_itself(number):
    assert parse_integer(number) == number


@given(JSON_VALUE.filter(lambda value: type(value) not in {int, str}))
@example(True)
@example(1.0)
def test_integer_is_nothing_else_of_json(value):
    assert parse_integer(value) is None


class Switches(Serializer):
    switch = SwitchField()
    date = DateField()


def parse_switch(value):
    return Switches().fields["switch"].run_validation(value)


def parse_date(value):
    return Switches().fields["date"].run_validation(value)


ON = ["on", "yes", "1", "true", True, 1]
OFF = ["off", "no", "0", "false", "", False, 0, None]


@pytest.mark.parametrize("value", ON, ids=repr)
def test_switch_of_documented_words_turns_on(value):
    assert parse_switch(value) is True


@pytest.mark.parametrize("value", OFF, ids=repr)
def test_switch_of_documented_words_turns_off(value):
    assert parse_switch(value) is False


def is_switch(value):
    """1.0 and 0.0 equal integers in Python but are none of what is documented."""
    return any(value == known and type(value) is type(known) for known in ON + OFF)


@given((JSON_VALUE | st.text("onyestrufalc01 ONT", max_size=6)).filter(lambda v: not is_switch(v)))
@example("ON")
@example(" on")
@example("2")
@example(2)
@example(1.0)
@example(-0.0)
@example([])
@example({})
@example([True])
def test_switch_of_anything_else_is_refused(value):
    assert refuses(parse_switch, value)


@given(st.dates())
def test_date_in_iso_form_is_read(day):
    assert parse_date(f"{day.year:04}-{day.month:02}-{day.day:02}") == day


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
@example("2026-02-29")
@example("0000-01-01")
@example("2026-00-10")
@example("2026-04-31")
def test_date_that_no_calendar_has_is_refused(text):
    year, month, day = map(int, text.split("-"))
    try:
        expected = dt.date(year, month, day)
    except ValueError:
        assert refuses(parse_date, text)
    else:
        assert parse_date(text) == expected


@given(
    (JSON_VALUE | st.text("0123456789-T:Z ٣", min_size=1, max_size=12)).filter(
        lambda v: not (isinstance(v, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", v))
    )
)
@example("20260601")
@example("2026-W23-1")
@example("2026-6-1")
@example("2026-06-01T00:00:00")
@example("2026-06-01\n")
@example("٢٠٢٦-٠٦-٠١")
@example("01.06.2026")
@example(20260601)
def test_date_in_another_form_is_refused(value):
    assert refuses(parse_date, value)
