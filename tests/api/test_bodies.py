"""Bodies of every kind, good and broken, on every write that takes one."""

import json

import pytest
from django.conf import settings

from tests.api.answers import (
    MEDIA_TYPE,
    TASK_NOT_FOUND,
    UNPARSABLE,
    expect,
    expect_invalid,
    shown,
)
from tests.api.encodings import (
    ENCODINGS,
    FORM,
    JSON,
    MERGE_PATCH,
    MULTIPART,
    multipart_body,
    pairs,
)
from tests.api.endpoints import IN_EVERY_ENCODING, WITH_BODY
from tests.api.test_row_fields import ALL_REQUIRED, REQUIRED, worded

MAX_BODY = 10 * 1024 * 1024


@pytest.mark.parametrize("endpoint", IN_EVERY_ENCODING)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_in_every_encoding_succeeds(api, world, endpoint, encoding):
    write = world.write(endpoint)
    response = write.send(api, encoding)
    data = shown(response.json()["data"]["id"])
    expect(response, write.status, {"data": data, "message": write.message})


TYPES = {
    "form": [
        FORM + "; charset=utf-8",
        FORM + ";charset=UTF-8",
        FORM + ' ; charset="utf-8"',
        FORM.upper(),
        "application/X-WWW-Form-URLEncoded;",
    ],
    "multipart": [
        "multipart/form-data; boundary=frontier; charset=utf-8",
        'multipart/form-data; charset=UTF-8; boundary="frontier"',
        "Multipart/Form-Data;boundary=frontier",
    ],
    "json": [
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "Application/JSON",
        "application/json; indent=4; version=2",
    ],
}


@pytest.mark.parametrize(
    ("encoding", "content_type"), [(name, text) for name, texts in TYPES.items() for text in texts]
)
def test_write_with_parameters_in_the_content_type_succeeds(api, world, encoding, content_type):
    write = world.write("create")
    body, _ = write.body(encoding, task_title="Größe 😀")
    response = api.request(write.method, write.path, body, content_type)
    assert response.status_code == 201
    assert response.json()["data"]["title"] == "Größe 😀"


UNSUPPORTED = [
    "text/plain",
    "text/html",
    "text/json",
    "application/xml",
    "application/octet-stream",
    "application/vnd.api+json",
    "application/jsonx",
    "application/json-patch+json",
    "multipart/mixed; boundary=frontier",
    "application/x-www-form-urlencoded2",
    "json",
    "*/*",
    ",application/json",
    "",
]


@pytest.mark.parametrize("content_type", UNSUPPORTED)
def test_write_in_an_unsupported_type_is_refused(api, world, unchanged, content_type):
    with unchanged():
        for endpoint in WITH_BODY:
            write = world.write(endpoint)
            body, _ = write.body()
            response = api.request(write.method, write.path, body, content_type)
            expect(response, 415, MEDIA_TYPE)


def test_merge_patch_is_taken_by_the_update_alone(api, world, unchanged):
    with unchanged():
        for endpoint in IN_EVERY_ENCODING:
            if endpoint == "update":
                continue
            write = world.write(endpoint)
            body, _ = write.body()
            expect(api.request(write.method, write.path, body, MERGE_PATCH), 415, MEDIA_TYPE)
    response = api.patch(f"/tasks/{world.task.pk}", "{}", MERGE_PATCH)
    expect(response, 200, {"data": shown(world.task), "message": "Task updated successfully."})


NO_OBJECTS = ["[]", '[{"task_title": "A"}]', '"task_title"', "7", "1.5", "null", "true", "false"]
NO_JSON = {
    "word": "task_title",
    "form": "task_title=A&task_status=1",
    "blank": " \n ",
    "truncated": '{"task_title": "A"',
    "truncated text": '{"task_title": "A',
    "cut after colon": '{"task_title":',
    "trailing comma": '{"task_title": "A",}',
    "trailing text": '{"task_title": "A"} x',
    "two objects": '{"task_title": "A"}{"task_title": "B"}',
    "single quotes": "{'task_title': 'A'}",
    "comment": '{"task_title": "A" /* title */}',
    "bare key": '{task_title: "A"}',
    "bare newline in text": '{"task_title": "A\nB"}',
    "NaN": '{"task_status": NaN}',
    "Infinity": '{"task_status": Infinity}',
    "-Infinity": '{"task_status": -Infinity}',
    "NaN in an unknown field": '{"other": [NaN]}',
    "leading zero": '{"task_status": 01}',
    "plus": '{"task_status": +1}',
    "hex": '{"task_status": 0x1}',
    "bad escape": '{"task_title": "\\x41"}',
    "cut escape": '{"task_title": "\\ud8"}',
    "nested lists": "[" * 100_000,
    "nested lists in an object": '{"other": ' + "[" * 100_000,
    "nested objects": '{"other": ' * 100_000,
    "NUL": "\x00",
    "invalid UTF-8": b'{"task_title": "\xff"}',
    "cut UTF-8": b'{"task_title": "\xf0\x9f\x98"}',
    "encoded surrogate": b'{"task_title": "\xed\xa0\x80"}',
    "overlong": b'{"task_title": "\xc0\xaf"}',
    "latin-1": '{"task_title": "ä"}'.encode("latin-1"),
    "utf-16": '{"task_title": "A"}'.encode("utf-16"),
    "utf-16 without mark": '{"task_title": "A"}'.encode("utf-16-le"),
    "utf-32": '{"task_title": "A"}'.encode("utf-32"),
}


@pytest.mark.parametrize(
    "body", [*NO_OBJECTS, *NO_JSON.values()], ids=[*NO_OBJECTS, *NO_JSON.keys()]
)
def test_write_with_broken_json_is_unparsable(api, world, unchanged, body):
    with unchanged():
        for endpoint in WITH_BODY:
            write = world.write(endpoint)
            content_type = MERGE_PATCH if write.is_merge_patch else JSON
            response = api.request(write.method, write.path, body, content_type)
            expect(response, 400, UNPARSABLE)


def test_write_with_deep_but_complete_json_is_unparsable(api, world, unchanged):
    depth = 100_000
    with unchanged():
        response = api.post("/tasks", '{"other": ' + "[" * depth + "]" * depth + "}", JSON)
    expect(response, 400, UNPARSABLE)


@pytest.mark.parametrize(
    "number", ["9" * 5000, "-" + "9" * 5000, "1" + "0" * 100_000, "1e999", "-1e999", "1e-999"]
)
def test_write_with_enormous_number_in_an_unknown_field_succeeds(api, world, number):
    write = world.write("create")
    body, _ = write.body()
    response = api.post("/tasks", f'{body[:-1]}, "other": {number}}}', JSON)
    assert response.status_code == 201


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1E0"])
def test_write_with_overflowing_float_is_invalid(api, world, unchanged, number):
    with unchanged():
        response = api.put(f"/tasks/{world.task.pk}/status", f'{{"status": {number}}}', JSON)
    expect_invalid(response, status="The status must be an integer.")


def test_write_with_duplicate_keys_in_json_takes_the_last(api, world):
    body = '{"status": 987654321, "status": [], "status": 3}'
    response = api.put(f"/tasks/{world.task.pk}/status", body, JSON)
    assert response.json()["data"]["status"] == world.status(3)


def test_write_with_byte_order_mark_in_json_succeeds(api, world):
    body = b'\xef\xbb\xbf{"status": 3}'
    assert api.put(f"/tasks/{world.task.pk}/status", body, JSON).status_code == 200


def test_write_with_escapes_in_json_reads_them(api, world):
    body, _ = world.write("create").body(task_title="\N{GRINNING FACE} \N{LATIN SMALL LETTER A}")
    assert "\\ud83d\\ude00" in body
    assert api.post("/tasks", body, JSON).json()["data"]["title"] == "😀 a"


@pytest.mark.parametrize("content_type", [FORM, JSON, MULTIPART, "multipart/form-data", "", "x/y"])
@pytest.mark.parametrize(("endpoint", "fields"), ALL_REQUIRED.items(), ids=ALL_REQUIRED)
def test_write_without_body_is_an_empty_one_whatever_its_type(  # noqa: PLR0917 (a table's columns)
    api, world, unchanged, endpoint, fields, content_type
):
    write = world.write(endpoint)
    with unchanged():
        response = api.request(write.method, write.path, **{"Content-Type": content_type})
    expect_invalid(response, **{name: worded(REQUIRED, name) for name in fields})


def test_merge_patch_without_body_changes_nothing(api, world, unchanged):
    with unchanged():
        path = f"/tasks/{world.task.pk}"
        response = api.request("PATCH", path, **{"Content-Type": MERGE_PATCH})
    expect(response, 200, {"data": shown(world.task), "message": "Task updated successfully."})


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_with_unknown_fields_ignores_them(api, world, encoding):
    extra = {
        "id": 1,
        "position": 5,
        "version": 99,
        "task_id": 7,
        "title": "no",
        "status": 2,
        "active_state": "archived",
        "created": "2000-01-01",
        "assigned": ["1"],
        "tags": ["no"],
        "_method": "DELETE",
        "csrfmiddlewaretoken": "x",
        "__proto__": "x",
    }
    response = world.write("create").send(api, encoding, **extra)
    data = shown(response.json()["data"]["id"])
    expect(response, 201, {"data": data, "message": "Task created successfully."})
    assert (data["title"], data["status"]["id"], data["active_state"]) == ("Plan", 1, "active")
    assert (data["assigned"], data["tags"]) == ([], [])


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_write_with_a_plain_value_sent_twice_takes_the_last(api, world, encoding):
    sent = [("status", "abc"), ("status", "987654321"), ("status", "3")]
    body = {
        "form": ("&".join(f"{name}={value}" for name, value in sent), FORM),
        "multipart": (multipart_body(sent), MULTIPART),
    }[encoding]
    response = api.put(f"/tasks/{world.task.pk}/status", *body)
    assert response.json()["data"]["status"] == world.status(3)


BAD_FORMS = {
    "escaped byte": "{good}&x=%ff",
    "escaped byte in a name": "{good}&%ff=x",
    "cut character": "{good}&x=%f0%9f%98",
    "encoded surrogate": "{good}&x=%ed%a0%80",
    "too many fields": "{good}" + "&x=" * 10_001,
    "too many items": "{good}" + "&x[]=1" * 10_001,
}


@pytest.mark.parametrize("text", BAD_FORMS.values(), ids=BAD_FORMS)
def test_write_with_broken_form_is_unparsable(api, world, unchanged, text):
    with unchanged():
        for endpoint in IN_EVERY_ENCODING:
            write = world.write(endpoint)
            good, _ = write.body("form")
            response = api.request(write.method, write.path, text.format(good=good), FORM)
            expect(response, 400, UNPARSABLE)


@pytest.mark.parametrize("raw", [b"\xff", "ä".encode("latin-1"), b"\xed\xa0\x80"])
def test_write_with_raw_bytes_that_are_no_utf8_in_a_form_is_unparsable(api, world, unchanged, raw):
    good, _ = world.write("create").body("form")
    with unchanged():
        response = api.post("/tasks", good.encode() + b"&task_description=" + raw, FORM)
    expect(response, 400, UNPARSABLE)


def test_write_with_raw_utf8_in_a_form_succeeds(api, world):
    good, _ = world.write("create").body("form", task_title=...)
    response = api.post("/tasks", f"{good}&task_title=Größe+😀".encode(), FORM)
    assert response.json()["data"]["title"] == "Größe 😀"


@pytest.mark.parametrize("body", ["&&&", "=", "==&=", "x", "%", "%zz", "[]=1", "[", "a[=1", "a]=1"])
def test_write_with_odd_form_is_read_for_what_it_is(api, world, unchanged, body):
    with unchanged():
        response = api.put(f"/tasks/{world.task.pk}/status", body, FORM)
    expect_invalid(response, status="The status field is required.")


def sent(write):
    return pairs(write.fields)


GOOD_PART = b'--frontier\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n'
BAD_MULTIPARTS = {
    "no boundary": (multipart_body, "multipart/form-data"),
    "empty boundary": (multipart_body, "multipart/form-data; boundary="),
    "boundary with bad characters": (multipart_body, "multipart/form-data; boundary=fröntier"),
    "json": (lambda pairs: json.dumps(dict(pairs)).encode(), MULTIPART),
    "too many fields": (
        lambda pairs: multipart_body(pairs, end=b"") + GOOD_PART * 10_001 + b"--frontier--\r\n",
        MULTIPART,
    ),
}
#: Django takes what it can of these, and nobody can tell afterwards.
MULTIPARTS_THAT_DJANGO_TAKES = {
    "no end": (lambda pairs: multipart_body(pairs, end=b""), MULTIPART),
    "cut end": (lambda pairs: multipart_body(pairs, end=b"--frontier"), MULTIPART),
    "cut in a value": (lambda pairs: multipart_body(pairs, end=b"")[:-4], MULTIPART),
    "cut in a header": (
        lambda pairs: multipart_body(pairs, end=b"--frontier\r\nContent-Dispo"),
        MULTIPART,
    ),
    "a form": (lambda _: b"task_title=A", MULTIPART),
    "another boundary": (multipart_body, "multipart/form-data; boundary=other"),
    "invalid utf-8": (
        lambda pairs: (
            multipart_body(pairs, end=b"") + GOOD_PART.replace(b"y", b"\xff") + b"--frontier--\r\n"
        ),
        MULTIPART,
    ),
}


def send_unparsable(api, writes, make, content_type):
    for write in writes:
        response = api.request(write.method, write.path, make(sent(write)), content_type)
        expect(response, 400, UNPARSABLE)


@pytest.mark.parametrize(("make", "content_type"), BAD_MULTIPARTS.values(), ids=BAD_MULTIPARTS)
def test_write_with_broken_multipart_is_unparsable(api, world, unchanged, make, content_type):
    writes = [world.write(endpoint) for endpoint in IN_EVERY_ENCODING]
    with unchanged():
        send_unparsable(api, writes, make, content_type)


@pytest.mark.parametrize(
    ("make", "content_type"),
    MULTIPARTS_THAT_DJANGO_TAKES.values(),
    ids=MULTIPARTS_THAT_DJANGO_TAKES,
)
def test_write_with_cut_or_garbled_multipart_is_unparsable(
    api, world, unchanged, make, content_type
):
    writes = [world.write(endpoint) for endpoint in IN_EVERY_ENCODING]
    if settings.ROOT_URLCONF != "config.urls":
        # A host's middleware may have used up a POST, and only a POST, before it comes to us.
        writes = [write for write in writes if write.method != "POST"]
    with unchanged():
        send_unparsable(api, writes, make, content_type)


@pytest.mark.parametrize("end", [b"--frontier--", b"--frontier--\r\n\r\n", b"--frontier-- \r\n"])
def test_write_with_multipart_that_ends_in_another_way_succeeds(api, world, end):
    write = world.write("create")
    body = b"a preamble\r\n" + multipart_body(sent(write), end=end)
    assert api.post("/tasks", body, MULTIPART).status_code == 201


FILE = (
    b'--frontier\r\nContent-Disposition: form-data; name="task_title"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nA title in a file\r\n"
)


def test_write_with_a_file_for_a_text_field_is_invalid(api, world, unchanged):
    body = FILE + multipart_body(pairs({**world.write("create").fields, "task_title": ""}))
    body = body.replace(b'name="task_title"\r\n\r\n\r\n', b'name="other"\r\n\r\n\r\n')
    with unchanged():
        response = api.post("/tasks", body, MULTIPART)
    expect_invalid(response, task_title="The task title field is required.")


def test_write_with_a_file_beside_a_text_field_ignores_the_file(api, world):
    body = FILE + multipart_body(sent(world.write("create")))
    response = api.post("/tasks", body, MULTIPART)
    assert response.status_code == 201
    assert response.json()["data"]["title"] == "Plan"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_with_a_body_above_the_limit_is_unparsable(api, world, unchanged, encoding):
    with unchanged():
        response = world.write("create").send(api, encoding, other="x" * MAX_BODY)
    expect(response, 400, UNPARSABLE)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_with_two_megabytes_succeeds(api, world, encoding):
    text = "x" * 2_000_000
    response = world.write("create").send(api, encoding, task_description=text)
    assert response.status_code == 201
    assert response.json()["data"]["description"] == text


@pytest.mark.parametrize("body", ["", "{", "x=%ff", b"\xff", '{"status": 2}'])
@pytest.mark.parametrize("content_type", [FORM, JSON, MULTIPART, "text/plain", ""])
def test_action_without_parameters_does_not_read_its_body(api, world, body, content_type):
    for endpoint in ["archive", "activate"]:
        write = world.write(endpoint)
        response = api.request(write.method, write.path, body, content_type)
        expect(response, 200, {"data": shown(world.task), "message": write.message})
    assert shown(world.task)["status"] == world.status(1)


def test_delete_does_not_read_its_body(api, world):
    response = api.request("DELETE", f"/tasks/{world.task.pk}", "{", "text/plain")
    body = {"data": {"id": world.task.pk}, "message": "Task deleted successfully."}
    expect(response, 200, body)
    expect(api.get(f"/tasks/{world.task.pk}"), 404, TASK_NOT_FOUND)
