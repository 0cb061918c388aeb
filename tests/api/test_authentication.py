import datetime as dt

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import alias
from tasks.models import APIKey
from tasks.models.api_keys import digest_of
from tasks.people import has_field
from tasks.services.api_keys import revoke_api_key
from tasks.testing import make_user
from tests.api.answers import READ_ONLY, UNAUTHORIZED, expect, shown
from tests.api.endpoints import WRITES, Write
from tests.conftest import API

MINUTE = dt.timedelta(minutes=1)


def bearer(api):
    return api.client.defaults["HTTP_AUTHORIZATION"].partition(" ")[2]


def statements(queries):
    return [query["sql"].partition(" ")[0] for query in queries.captured_queries]


def captured():
    return CaptureQueriesContext(connections[alias()])


MALFORMED = {
    "no scheme": "{token}",
    "empty": "",
    "scheme alone": "Bearer",
    "scheme and a space": "Bearer ",
    "scheme and spaces": "Bearer    ",
    "basic": "Basic {token}",
    "token scheme": "Token {token}",
    "scheme glued": "Bearer{token}",
    "colon": "Bearer: {token}",
    "tab": "Bearer\t{token}",
    "quoted": 'Bearer "{token}"',
    "twice": "Bearer {token} {token}",
    "two schemes": "Bearer Bearer {token}",
    "in a list": "Bearer {token},",
    "cut": "Bearer {cut}",
    "longer": "Bearer {token}x",
    "other case": "Bearer {upper}",
    "unknown": "Bearer tdk_0000000000000000000000000000000000000000000",
    "the hash": "Bearer {digest}",
    "non-ascii": "Bearer \xff\xfe\x80",
    "utf-8 as latin-1": "Bearer \xd0\xba\xd0\xbb",
    "NUL": "Bearer {token}\x00",
    "very long": "Bearer " + "k" * 100_000,
}


@pytest.fixture
def bad_headers(api):
    token = bearer(api)
    return {
        name: text.format(token=token, cut=token[:-1], upper=token.upper(), digest=digest_of(token))
        for name, text in MALFORMED.items()
    }


@pytest.mark.parametrize("kind", MALFORMED)
def test_read_with_malformed_header_is_unauthorized(anonymous, bad_headers, world, unchanged, kind):
    with captured() as queries:
        response = anonymous.request(
            "GET", f"/tasks/{world.task.pk}", Authorization=bad_headers[kind]
        )
    expect(response, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")
    assert statements(queries) == ["SELECT"]


def revoked(make_api):
    api = make_api()
    revoke_api_key(actor=Actor(), key_id=api.key.pk)
    return api


def expired(make_api):
    return make_api(expires_at=timezone.now() - MINUTE)


def expired_and_revoked(make_api):
    api = expired(make_api)
    revoke_api_key(actor=Actor(), key_id=api.key.pk)
    return api


def of_inactive_user(make_api):
    if not has_field("is_active"):
        pytest.skip("the user model can't deactivate anybody")
    return make_api(user=make_user(is_active=False))


def of_deleted_user(make_api):
    user = make_user()
    api = make_api(user=user)
    user.delete()
    assert APIKey.objects.get(pk=api.key.pk).user_id is None
    return api


def without_key(make_api):
    return API(None)


BAD_KEYS = [without_key, revoked, expired, expired_and_revoked, of_inactive_user, of_deleted_user]


@pytest.mark.parametrize("kind", BAD_KEYS)
def test_request_with_bad_key_is_unauthorized_and_changes_nothing(make_api, world, unchanged, kind):
    api = kind(make_api)
    requests = [Write("GET", "/tasks", 0, ""), Write("GET", f"/tasks/{world.task.pk}", 0, "")]
    requests += [world.write(endpoint) for endpoint in WRITES]
    with unchanged():
        for request in requests:
            with captured() as queries:
                response = request.send(api)
            expect(response, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")
            # As many queries for every kind of bad key: nothing tells them apart.
            assert statements(queries) == ["SELECT"]


def test_unauthorized_answers_are_the_same_to_the_byte(make_api, anonymous, bad_headers, world):
    path = f"/tasks/{world.task.pk}"
    kinds = [kind for kind in BAD_KEYS if kind is not of_inactive_user or has_field("is_active")]
    answers = [kind(make_api).get(path) for kind in kinds]
    answers += [anonymous.request("GET", path, Authorization=text) for text in bad_headers.values()]
    assert len({(a.status_code, a.content, tuple(sorted(a.items()))) for a in answers}) == 1


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
# RFC 9110 lets more than one space stand between the scheme and the key.
@pytest.mark.parametrize("space", [" ", "  "])
def test_read_with_scheme_in_any_case_succeeds(api, anonymous, world, scheme, space):
    response = anonymous.request(
        "GET", f"/tasks/{world.task.pk}", Authorization=f"{scheme}{space}{bearer(api)}"
    )
    data = shown(world.task)
    expect(response, 200, {"data": data, "message": "Task retrieved successfully."})


@pytest.mark.parametrize("place", ["?api_key={}", "?token={}", "?access_token={}"])
def test_read_with_key_in_the_query_is_unauthorized(api, anonymous, world, place):
    response = anonymous.request("GET", f"/tasks/{world.task.pk}{place.format(bearer(api))}")
    expect(response, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


def test_revoked_key_stops_at_once(api, world):
    path = f"/tasks/{world.task.pk}"
    assert api.get(path).status_code == 200
    revoke_api_key(actor=Actor(), key_id=api.key.pk)
    expect(api.get(path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


def test_expired_key_stops_at_once(api, world):
    path = f"/tasks/{world.task.pk}"
    APIKey.objects.update(expires_at=timezone.now() + MINUTE)
    assert api.get(path).status_code == 200
    APIKey.objects.update(expires_at=timezone.now())
    expect(api.get(path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


def test_key_of_a_deactivated_user_stops_at_once_and_comes_back(api, world):
    if not has_field("is_active"):
        pytest.skip("the user model can't deactivate anybody")
    path = f"/tasks/{world.task.pk}"
    user = api.key.user
    user.is_active = False
    user.save()
    expect(api.get(path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")
    user.is_active = True
    user.save()
    assert api.get(path).status_code == 200


def test_key_of_a_user_who_is_no_staff_has_full_access(make_api, world):
    api = make_api(user=make_user(is_staff=False))
    assert world.write("update").send(api).status_code == 200


def test_write_with_read_only_key_is_forbidden(make_api, world, unchanged):
    api = make_api(is_read_only=True)
    with unchanged():
        for endpoint in WRITES:
            expect(world.write(endpoint).send(api), 403, READ_ONLY)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/tasks", "/tasks/{id}"])
def test_read_with_read_only_key_succeeds(make_api, world, method, path):
    api = make_api(is_read_only=True)
    assert api.request(method, path.format(id=world.task.pk)).status_code == 200


def last_use(api):
    return APIKey.objects.values_list("last_used_at", flat=True).get(pk=api.key.pk)


def test_first_use_of_a_key_is_noted(api):
    before = timezone.now()
    api.get("/tasks")
    assert before <= last_use(api) <= timezone.now()


@pytest.mark.parametrize("seconds", [0, 30, 55])
def test_use_of_a_key_within_a_minute_writes_nothing(api, seconds):
    recent = timezone.now() - dt.timedelta(seconds=seconds)
    APIKey.objects.update(last_used_at=recent)
    with captured() as queries:
        api.get("/tasks")
    assert last_use(api) == recent
    assert not [query for query in queries.captured_queries if "UPDATE" in query["sql"]]


@pytest.mark.parametrize("seconds", [60, 3600])
def test_use_of_a_key_after_a_minute_is_noted(make_api, seconds):
    api, other = make_api(), make_api()
    old = timezone.now() - dt.timedelta(seconds=seconds)
    APIKey.objects.update(last_used_at=old)
    before = timezone.now()
    api.get("/tasks")
    assert last_use(api) >= before
    assert last_use(other) == old


def test_use_of_a_bad_key_is_not_noted(make_api):
    api = revoked(make_api)
    api.get("/tasks")
    assert last_use(api) is None
