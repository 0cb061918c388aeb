"""What the database ends for another's sake is done again, on every page that writes."""

from threading import Barrier, Lock

import pytest
from django.contrib import admin
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import OperationalError, connections
from django.test import RequestFactory

from tasks.admin.clients import ClientAdmin
from tasks.database import connection
from tasks.models import Client, HistoryEntry
from tasks.platform.writes import ATTEMPTS
from tasks.testing import make_client, make_user
from tests.concurrency.conftest import together  # noqa: F401 (a fixture)


class Crossing(ClientAdmin):
    """Pages whose first two writes wait for each other's locks."""

    def __init__(self, others):
        super().__init__(Client, admin.site)
        self.others, self.meeting = others, Barrier(2, timeout=30)
        self.attempts, self._lock = [], Lock()

    def _cross(self, pk):
        Client.objects.select_for_update().get(pk=pk)
        with self._lock:
            self.attempts.append(pk)
            is_first = self.attempts.count(pk) == 1
        if is_first:
            self.meeting.wait()
        Client.objects.select_for_update().get(pk=self.others[pk])

    def update_row(self, actor, pk, values):
        self._cross(pk)
        super().update_row(actor, pk, values)

    def delete_row(self, actor, pk):
        # Renamed for once, so that what became of it can be seen.
        self.update_row(actor, pk, {"name": "new"})


def changed(page, request, pk):
    return page.changeform_view(request, str(pk))


def deleted(page, request, pk):
    return page.delete_view(request, str(pk))


def acted(page, request, pk):
    return page.changelist_view(request)


def data_of(view, pk):
    if view is acted:
        return {"action": "delete_selected", "_selected_action": [str(pk)], "post": "yes"}
    if view is deleted:
        return {"post": "yes"}
    return {"name": "new", "status": "active", "initial-name": "old", "_save": "1"}


def posted(user, data):
    request = RequestFactory().post("/", data)
    request.user, request._dont_enforce_csrf_checks = user, True
    request._messages = CookieStorage(request)
    return request


@pytest.mark.server
@pytest.mark.parametrize("view", [changed, deleted, acted])
def test_writes_that_lock_in_opposite_orders_both_succeed(together, view):  # noqa: F811 (that fixture)
    one, other = make_client("old").pk, make_client("old").pk
    page, user = Crossing({one: other, other: one}), make_user(is_superuser=True)
    requests = {pk: posted(user, data_of(view, pk)) for pk in (one, other)}
    answers = together(*(lambda pk=pk: view(page, requests[pk], pk) for pk in requests))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(page.attempts) > 2  # the deadlock did happen
    assert {client.name for client in Client.objects.all()} == {"new"}
    assert HistoryEntry.objects.filter(verb="updated").count() == 2
    for request in requests.values():
        # What the attempt that failed would have said is not said.
        assert len(request._messages._queued_messages) == 1


class Ended(ClientAdmin):
    """Pages whose every write the database ends."""

    def __init__(self):
        super().__init__(Client, admin.site)
        self.attempts = 0

    def update_row(self, actor, pk, values):
        self.attempts += 1
        super().update_row(actor, pk, values)
        raise OperationalError(1213, "Deadlock found when trying to get lock")


def test_write_that_never_settles_is_shown_with_what_was_typed(committed_db):
    client, page = make_client("old"), Ended()
    request = posted(make_user(is_superuser=True), data_of(changed, client.pk))
    response = changed(page, request, client.pk)
    assert (response.status_code, page.attempts) == (200, ATTEMPTS)
    html = response.render().content.decode()
    assert "was changed at the same time" in html
    assert 'value="new"' in html
    assert not request._messages._queued_messages
    client.refresh_from_db()
    assert client.name == "old"
    connections.close_all()


def test_write_in_a_transaction_of_the_sites_that_is_lost_is_told_of(db):
    client, page = make_client("old"), Ended()
    request = posted(make_user(is_superuser=True), data_of(changed, client.pk))
    response = changed(page, request, client.pk)
    connection().needs_rollback = False
    assert (response.status_code, page.attempts) == (302, 1)
    (message,) = request._messages._queued_messages
    assert "was changed at the same time" in str(message)
