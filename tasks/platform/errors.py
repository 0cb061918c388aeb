"""Every failure becomes the documented ``{"message": ...}``, with ``errors`` for a 422."""

import logging
import math
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, UnreadablePostError
from rest_framework import exceptions, status

from tasks.exceptions import NotFound, Refused
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
    for kinds, code, message in _ANSWERS:
        if isinstance(error, kinds):
            return Answer({"message": message}, status=code, headers=_headers(error))
    if isinstance(error, InvalidInput):
        return Answer(
            {"message": wording.INVALID_DATA, "errors": error.errors},
            status=status.HTTP_422_UNPROCESSABLE_ENTITY,
        )
    if isinstance(error, NotFound):
        return Answer({"message": error.message}, status=status.HTTP_404_NOT_FOUND)
    if isinstance(error, Refused):
        return Answer({"message": error.message}, status=status.HTTP_409_CONFLICT)
    if isinstance(error, exceptions.PermissionDenied):
        return Answer({"message": str(error.detail)}, status=status.HTTP_403_FORBIDDEN)
    logger.error("Server error at %s %s", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=type(error), request=request)
    return Answer({"message": wording.SERVER_ERROR}, status=status.HTTP_500_INTERNAL_SERVER_ERROR)


_UNPARSABLE = (
    exceptions.ParseError,
    RequestDataTooBig,
    SuspiciousOperation,
    UnreadablePostError,
)
_ANSWERS: tuple[tuple[tuple[type[Exception], ...], int, str], ...] = (
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), 401, wording.UNAUTHORIZED),
    ((exceptions.MethodNotAllowed,), 405, wording.METHOD),
    ((PermissionDenied,), 403, wording.FORBIDDEN),
    ((Http404, exceptions.NotFound), 404, wording.NOT_FOUND),
    ((UnsupportedEncoding,), 415, wording.ENCODING),
    ((exceptions.UnsupportedMediaType,), 415, wording.MEDIA_TYPE),
    (_UNPARSABLE, 400, wording.UNPARSABLE),
    ((ConflictingWrite,), 409, wording.CONFLICT),
    ((exceptions.Throttled,), 429, wording.THROTTLED),
    ((OperationalError, InterfaceError), 503, wording.UNAVAILABLE),
)


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, UnsupportedEncoding):
        # RFC 9110, 15.5.16: says what would be accepted.
        return {"Accept-Encoding": "identity"}
    if isinstance(error, exceptions.Throttled):
        return {"Retry-After": str(math.ceil(getattr(error, "wait", None) or 1))}
    if isinstance(error, OperationalError | InterfaceError):
        return {"Retry-After": "1"}
    return {}
