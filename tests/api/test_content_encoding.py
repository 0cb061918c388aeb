"""A body with a ``Content-Encoding`` other than ``identity`` is refused on every write."""

import gzip

import pytest

from tests.api.answers import TASK_NOT_FOUND, UNAUTHORIZED, expect
from tests.api.encodings import ENCODINGS, FORM, JSON
from tests.api.endpoints import IN_EVERY_ENCODING, WRITES
from tests.conftest import API

REFUSED = {
    "message": "Unsupported media type. The request has a Content-Encoding: "
    "send the body uncompressed, without that header."
}
GZIP = {"Content-Encoding": "gzip"}
CODINGS = [
    *("gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "compress", "aws-chunked", "none"),
    *("identity, gzip", "gzip, identity", "gzip,", " gzip ", "identity;q=1", "*"),
]
IDENTITIES = ["", " ", "identity", "Identity", "IDENTITY", " identity ", "identity, identity", ","]


def send(api, write, coding, encoding="json", *, compress=True, path=None):
    """A good request but for its coding."""
    body, content_type = write.body(encoding)
    data = body.encode() if isinstance(body, str) else body
    data = gzip.compress(data) if compress else data
    return api.request(
        write.method, path or write.path, data, content_type, **{"Content-Encoding": coding}
    )


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("compress", [True, False], ids=["compressed", "plain"])
def test_write_with_an_encoded_body_is_refused(api, world, unchanged, coding, compress):
    with unchanged():
        for endpoint in WRITES:
            response = send(api, world.write(endpoint), coding, compress=compress)
            expect(response, 415, REFUSED, Accept_Encoding="identity")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encoded_body_of_any_type_is_refused(api, world, unchanged, encoding):
    with unchanged():
        for endpoint in IN_EVERY_ENCODING:
            expect(send(api, world.write(endpoint), "gzip", encoding), 415, REFUSED)


@pytest.mark.parametrize("content_type", [JSON, FORM, "text/plain", ""])
def test_encoding_without_a_body_is_refused(api, world, unchanged, content_type):
    with unchanged():
        for endpoint in WRITES:
            write = world.write(endpoint)
            response = api.request(write.method, write.path, "", content_type, **GZIP)
            expect(response, 415, REFUSED)


@pytest.mark.parametrize("coding", IDENTITIES)
def test_write_with_the_identity_coding_succeeds(api, world, coding):
    for endpoint in WRITES:
        write = world.write(endpoint)
        assert send(api, write, coding, compress=False).status_code == write.status


def test_read_with_a_content_encoding_succeeds(api, world):
    for path in ("/tasks", f"/tasks/{world.task.pk}"):
        assert api.request("GET", path, **GZIP).status_code == 200


def test_encoded_body_is_refused_in_the_order_of_errors(api, make_api, world, unchanged):
    read_only = make_api(is_read_only=True)
    with unchanged():
        for endpoint in WRITES:
            write = world.write(endpoint)
            path = write.path.replace(str(world.task.pk), "987654321")
            expect(send(API("wrong"), write, "gzip"), 401, UNAUTHORIZED)
            assert send(read_only, write, "gzip").status_code == 403
            if path != write.path:
                expect(send(api, write, "gzip", path=path), 404, TASK_NOT_FOUND)
                expect(send(api, write, "gzip", path="/tasks/abc"), *NOT_ALLOWED_OR_FOUND[endpoint])


METHOD = (405, {"message": "Method not allowed."})
NOT_ALLOWED_OR_FOUND = dict.fromkeys(WRITES, METHOD) | dict.fromkeys(
    ("update", "merge", "delete"), (404, TASK_NOT_FOUND)
)


def test_encoded_write_that_would_conflict_is_a_415(api, world, unchanged):
    """415 comes before 409, also where no body is read."""
    milestone = world.project.milestones.get(is_default=True)
    path = f"/milestones/{milestone.pk}"
    with unchanged():
        assert api.delete(path).status_code == 409
        expect(api.request("DELETE", path, **GZIP), 415, REFUSED)
