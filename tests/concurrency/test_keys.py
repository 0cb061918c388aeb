"""Keys that many programs use at once."""

import pytest
from django.utils import timezone

from tasks.actors import Actor
from tasks.models import APIKey
from tasks.services.api_keys import revoke_api_key, update_api_key

pytestmark = pytest.mark.postgresql

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


def test_key_revoked_while_in_use_answers_each_request_one_way_or_the_other(together, make_api):
    first = make_api()
    twins = [type(first)(None, first.key) for _ in range(3)]
    for twin in twins:
        twin.client.headers = first.client.headers
        twin.client.defaults |= first.client.defaults

    def read_until_refused(api):
        codes = [200]
        while codes[-1] == 200:
            codes.append(api.get("/tasks").status_code)
        return codes[-1]

    *ends, _ = together(
        *[lambda api=api: read_until_refused(api) for api in twins],
        lambda: revoke_api_key(actor=Actor(), key_id=first.key.pk),
    )
    assert ends == [401, 401, 401]
    assert first.get("/tasks").status_code == 401


def test_first_use_by_many_at_once_is_written_down_once(together, make_api):
    first = make_api()
    before = timezone.now()
    headers = {"Authorization": first.client.defaults["HTTP_AUTHORIZATION"]}

    def read():
        return type(first)(None).request("GET", "/tasks", **headers).status_code

    assert together(*[read] * THREADS) == [200] * THREADS
    used = APIKey.objects.get(pk=first.key.pk).last_used_at
    assert before <= used <= timezone.now()
    assert together(*[read] * THREADS) == [200] * THREADS
    assert APIKey.objects.get(pk=first.key.pk).last_used_at == used
