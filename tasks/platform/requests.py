"""DRF's request, past the two places where a host gets in between."""

from typing import Any

from django.http.request import RawPostDataException
from rest_framework.exceptions import ParseError
from rest_framework.request import Request


class APIRequest(Request):
    """Makes nobody up for who is not known, and notices a body that was lost before it came here.

    A host's middleware that looks at ``request.POST`` uses up the stream of an upload; what Django
    made of it is all that is left then.
    """

    def _not_authenticated(self) -> None:
        # DRF's own would call the host's UNAUTHENTICATED_USER and put the result on its request.
        self._authenticator = None
        self._user = None
        self._auth = None

    def _parse(self) -> Any:
        try:
            data, files = super()._parse()  # type: ignore[misc]  # not in the stubs
        except RawPostDataException as error:
            raise ParseError from error
        # Asked for its POST, a request that nobody looked into before would parse itself now.
        parsed_before = getattr(self._request, "_post", None)
        if data is parsed_before and not data and not files and self._is_more_than_an_end():
            # Django leaves an empty form behind where it could not parse one.
            raise ParseError
        return data, files

    def _is_more_than_an_end(self) -> bool:
        boundary = (self._request.content_params or {}).get("boundary", "")
        length = int(self._request.META.get("CONTENT_LENGTH") or 0)
        return length > len(f"\r\n--{boundary}--\r\n")
