"""Keys that many programs use at once."""

import pytest
from django.utils import timezone

from tasks.actors import Actor
from tasks.models import APIKey
from tasks.services.api_keys import revoke_api_key, update_api_key

pytestmark = pytest.mark.server

THREADS = 8


def test_key_revoked_by_another_stops_at_the_next_request(together, api):
    assert api.get("/tasks").status_code == 200
    together(lambda: revoke_api_key(actor=Actor(), key_id=api.key.pk))
    for _ in range(3):
        r = api.get("/tasks")
        assert r.status_code == 401
        assert r.json() == {"message": "Unauthorized. A valid API key is required."}


def test_key_made_read_only_by_another_stops_writing_at_the_next_request(together, api):
    assert api.put("/tasks/1/archive").status_code == 404
    together(lambda: update_api_key(actor=Actor(), key_id=api.key.pk, is_read_only=True))
    assert api.put("/tasks/1/archive").status_code == 403


@pytest.fixture
def read(api):
    """Makes functions that list tasks with one key, each through a client of its own."""
    token = api.client.defaults["HTTP_AUTHORIZATION"]

    def make():
        client = type(api)(None)
        return lambda: client.request("GET", "/tasks", Authorization=token)

    return make


def test_key_revoked_while_in_use_answers_each_request_one_way_or_the_other(together, api, read):
    def codes_until_refused(reader):
        codes = {200}
        while codes == {200}:
            codes.add(reader().status_code)
        return codes

    readers = [read() for _ in range(3)]
    *ends, _ = together(
        *[lambda reader=reader: codes_until_refused(reader) for reader in readers],
        lambda: revoke_api_key(actor=Actor(), key_id=api.key.pk),
    )
    assert ends == [{200, 401}] * 3
    assert api.get("/tasks").status_code == 401


def test_first_use_by_many_at_once_is_written_down_once(together, api, read):
    before = timezone.now()
    readers = [read() for _ in range(THREADS)]
    assert [r.status_code for r in together(*readers)] == [200] * THREADS
    used = APIKey.objects.get(pk=api.key.pk).last_used_at
    assert before <= used <= timezone.now()
    assert [r.status_code for r in together(*readers)] == [200] * THREADS
    assert APIKey.objects.get(pk=api.key.pk).last_used_at == used
