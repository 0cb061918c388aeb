"""What goes in comes out: texts of any kind through every encoding, and searches for them."""

# ruff: noqa: RUF001 (letters that look alike are the point)

import json
from unicodedata import normalize
from urllib.parse import urlencode

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tasks.folding import fold, is_blank, normal
from tasks.testing import make_project, make_task

FORM = "application/x-www-form-urlencoded"
in_one_transaction = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
#: Where case and patterns go wrong, if they do.
TRICKY = st.sampled_from(
    [*"aAiIßSsẞΣσςéÉИиİıŉ%_\\'\"*? 0", "ﬁ", "🚀", "\u0345", "\u03b9", *"\u0308\u0323ếu한"]
)


def texts(longest):
    """Texts that say something, once trimmed, and are not too long."""
    any_text = st.text(STORABLE, min_size=1, max_size=40) | st.text(TRICKY, min_size=1, max_size=12)
    return any_text.map(lambda text: text[:longest]).filter(lambda text: not is_blank(text))


def as_form(fields):
    return urlencode([*flat(fields)]), FORM


def as_multipart(fields):
    return encode_multipart(BOUNDARY, dict(flat(fields))), MULTIPART_CONTENT


def as_json(fields):
    return json.dumps(fields), "application/json"


def flat(fields):
    for name, value in fields.items():
        if not isinstance(value, list):
            yield name, value
        elif not value:
            yield f"{name}[]", ""
        else:
            yield from ((f"{name}[{index}]", item) for index, item in enumerate(value))


in_every_encoding = pytest.mark.parametrize("encode", [as_form, as_multipart, as_json])


@in_every_encoding
@settings(in_one_transaction, max_examples=40)
@given(title=texts(255), description=st.text(STORABLE))
@example(title="a" * 255, description="\r\n a \t")
@example(title=" \u3000a\n", description=" ")
@example(title="\u0390" * 255, description="\ufeff\uffff\U0010ffff\x7f\x01")
def test_create_with_any_text_gives_it_back(api, encode, title, description):
    project = make_project()
    fields = {
        "task_projectid": str(project.pk),
        "task_title": title,
        "task_status": "1",
        "task_priority": "1",
        "task_description": description,
    }
    r = api.post("/tasks", *encode(fields))
    assert r.status_code == 201, r.json()
    task = r.json()["data"]
    assert task["title"] == title.strip()
    assert task["description"] == (description or None)
    assert api.get(f"/tasks/{task['id']}").json()["data"] == task


@in_every_encoding
@settings(in_one_transaction, max_examples=30)
@given(tags=st.lists(texts(100), max_size=5))
@example(tags=["a", "A", " a ", "ä", "\u00e4"])
@example(tags=["\uffff", "\U00010000"])
@example(tags=["a" * 100])
@example(tags=["\u00e4", "a\u0308", " a\u0308"])
def test_set_tags_to_any_texts_gives_them_back_by_code_point(api, encode, tags):
    task = make_task(tags=["before"])
    r = api.put(f"/tasks/{task.pk}/tags", *encode({"tags": tags}))
    assert r.status_code == 200, r.json()
    given = r.json()["data"]["tags"]
    assert given == sorted(given)
    # Each as it was first sent, by whichever example.
    assert sorted(map(normal, given)) == sorted({normal(tag.strip()) for tag in tags})
    assert api.get(f"/tasks/{task.pk}").json()["data"] == r.json()["data"]


@settings(in_one_transaction, max_examples=100)
@given(titles=st.lists(texts(60), min_size=1, max_size=3), data=st.data())
def test_search_finds_exactly_the_titles_that_contain_the_term(api, titles, data):
    part = st.sampled_from(titles).flatmap(
        lambda title: st.tuples(*[st.integers(0, len(title))] * 2).map(
            lambda ends: title[min(ends) : max(ends)]
        )
    )
    mixed = part.flatmap(
        lambda text: st.sampled_from(
            [text, text.upper(), text.lower(), normalize("NFC", text), normalize("NFD", text)]
        )
    )
    term = data.draw(mixed | texts(8), "term")
    assume(term)
    project = make_project()
    made = [make_task(title.strip(), project=project) for title in titles]
    r = api.get("/tasks", project_id=project.pk, search=term, order="asc")
    assert r.status_code == 200
    expected = [task.pk for task in made if fold(term) in fold(task.title)]
    assert [task["id"] for task in r.json()["data"]] == expected


@settings(in_one_transaction, max_examples=60)
@given(title=texts(60), data=st.data())
@example(title="Stra\u00dfe nach \u0130zmir, Vi\u1ec7t \ud55c\uae00 \u1fb3", data=None)
def test_search_finds_a_title_by_every_spelling_of_it(api, title, data):
    project = make_project()
    task = make_task(title.strip(), project=project)
    for form in ("NFC", "NFD"):
        for cased in (str, str.upper, str.lower, str.casefold, str.swapcase):
            term = normalize(form, cased(task.title))
            # Where Unicode's capitals are other letters, as those of a dotless i.
            if fold(term) != fold(task.title):
                continue
            r = api.get("/tasks", project_id=project.pk, search=term)
            assert [found["id"] for found in r.json()["data"]] == [task.pk]


@settings(in_one_transaction, max_examples=60)
@given(text=st.text(st.sampled_from([chr(c) for c in range(1, 0x110000) if is_blank(chr(c))])))
def test_create_with_a_title_of_which_nothing_shows_is_invalid(api, text):
    r = api.post("/tasks", *as_json({"task_title": text}))
    assert r.status_code == 422
    assert r.json()["errors"]["task_title"] == ["The task title field is required."]
