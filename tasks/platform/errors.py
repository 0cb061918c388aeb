"""Every failure becomes the documented ``{"message": ...}``, with ``errors`` for a 422."""

import logging
import math
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, UnreadablePostError
from rest_framework import exceptions, status

from tasks.database_errors import is_broken_trigger, is_outage
from tasks.exceptions import NotFound, Refused, TaskdockError, Unavailable
from tasks.platform import wording
from tasks.platform.answers import Answer

logger = logging.getLogger("tasks.api")


class InvalidInput(Exception):
    """422: ``errors`` maps wire names (``assigned.0`` inside an array) to sentences."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = dict(errors)
        super().__init__(self.errors)


def check_all(*checks: Callable[[], Any]) -> list[Any]:
    """What each check returns. Raises one ``InvalidInput`` with the errors of them all."""
    results: list[Any] = []
    errors: dict[str, list[str]] = {}
    for check in checks:
        try:
            results.append(check())
        except InvalidInput as error:
            errors |= error.errors
    if errors:
        raise InvalidInput(errors)
    return results


class UnsupportedEncoding(exceptions.UnsupportedMediaType):
    """415: the request has a ``Content-Encoding`` other than ``identity``."""

    def __init__(self) -> None:
        super().__init__("", detail=wording.ENCODING)


class ConflictingWrite(Exception):
    """409: another request's change kept getting in the way of this one."""


def error_response(error: Exception, request: HttpRequest) -> Answer:
    """The answer to whatever went wrong; what nobody foresaw is logged and signalled as a 500."""
    if is_outage(error):
        log_outage(error)
        error = Unavailable(wording.UNAVAILABLE)
    if isinstance(error, InvalidInput):
        return Answer(
            {"message": wording.INVALID_DATA, "errors": error.errors},
            status=status.HTTP_422_UNPROCESSABLE_ENTITY,
        )
    for kinds, code, message in _ANSWERS:
        if isinstance(error, kinds):
            said = _said(error) if message is None else message
            return Answer({"message": said}, status=code, headers=_headers(error))
    logger.error("Server error at %s %s", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=type(error), request=request)
    return Answer({"message": wording.SERVER_ERROR}, status=status.HTTP_500_INTERNAL_SERVER_ERROR)


def _said(error: Exception) -> str:
    """What an error says for itself."""
    if isinstance(error, TaskdockError):
        return error.message
    if isinstance(error, exceptions.PermissionDenied):
        return str(error.detail)
    # Of Django's own: a receiver of the site's may say why.
    return str(error) or wording.FORBIDDEN


_UNPARSABLE = (
    exceptions.ParseError,
    RequestDataTooBig,
    SuspiciousOperation,
    UnreadablePostError,
)
#: The message is None where the error brings its own.
_ANSWERS: tuple[tuple[tuple[type[Exception], ...], int, str | None], ...] = (
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), 401, wording.UNAUTHORIZED),
    ((exceptions.MethodNotAllowed,), 405, wording.METHOD),
    ((Http404, exceptions.NotFound), 404, wording.NOT_FOUND),
    ((UnsupportedEncoding,), 415, wording.ENCODING),
    ((exceptions.UnsupportedMediaType,), 415, wording.MEDIA_TYPE),
    (_UNPARSABLE, 400, wording.UNPARSABLE),
    ((ConflictingWrite,), 409, wording.CONFLICT),
    ((exceptions.Throttled,), 429, wording.THROTTLED),
    ((PermissionDenied, exceptions.PermissionDenied), 403, None),
    ((NotFound,), 404, None),
    ((Refused,), 409, None),
    ((Unavailable,), 503, None),
)


#: Seconds after which a request that found the site unavailable is worth another try.
RETRY_AFTER = "1"


def log_outage(error: BaseException) -> None:
    """Log why a request found the site unavailable, and the cure where there is one."""
    if is_broken_trigger(error):
        logger.error(
            "MariaDB takes a sound trigger for broken since a statement was killed: %s. "
            "Run FLUSH TABLES on the server.",
            error,
        )
        return
    logger.warning("Unavailable: %s: %s", type(error).__name__, error)


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, UnsupportedEncoding):
        # RFC 9110, 15.5.16: says what would be accepted.
        return {"Accept-Encoding": "identity"}
    if isinstance(error, exceptions.Throttled):
        return {"Retry-After": str(math.ceil(getattr(error, "wait", None) or 1))}
    if isinstance(error, Unavailable):
        return {"Retry-After": RETRY_AFTER}
    return {}
