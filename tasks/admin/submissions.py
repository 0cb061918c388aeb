"""Submissions of scripts: what is sent again after a lost connection is done once."""

from __future__ import annotations

from django.http import HttpRequest

#: The header with the key that a script gives to a submission.
HEADER = "X-Taskdock-Submission"
_SESSION_KEY = "taskdock_submissions"
#: How many keys a session remembers, and how long one may be.
_REMEMBERED, _MAX_LENGTH = 50, 64


def is_done(request: HttpRequest) -> bool:
    """Whether this submission was written before, by a request whose response was lost."""
    key = request.headers.get(HEADER, "")
    return bool(key) and key in request.session.get(_SESSION_KEY, ())


def remember(request: HttpRequest) -> None:
    """Note in the session that this submission is written."""
    key = request.headers.get(HEADER, "")
    if key and len(key) <= _MAX_LENGTH:
        known = [*request.session.get(_SESSION_KEY, ()), key]
        request.session[_SESSION_KEY] = known[-_REMEMBERED:]
