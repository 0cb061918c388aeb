"""DRF's request, past the two places where a host gets in between."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from tasks.platform.errors import UnsupportedEncoding
from tasks.platform.parsers import MAX_BODY
from tasks.statements import Question, Row


class APIRequest(Request):
    """Makes nobody up for who is not known, and notices a body that was lost before it came here.

    A host's middleware that looks at ``request.POST`` uses up the stream of an upload; what Django
    made of it is all that is left then.

    ``foreseen`` is what will be asked if the key is good. It is asked together with the key, and
    ``found`` are the rows then.
    """

    foreseen: Question | None = None
    found: Sequence[Row] | None = None

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        # What is not here is looked for behind, once it has been missed here.
        self.method, self.META = request.method, request.META

    @property
    def is_encoded(self) -> bool:
        """Whether the body has a ``Content-Encoding`` other than ``identity``."""
        codings = self.META.get("HTTP_CONTENT_ENCODING", "").split(",")
        return any(coding.strip().lower() not in {"", "identity"} for coding in codings)

    def _not_authenticated(self) -> None:
        # DRF's own would call the host's UNAUTHENTICATED_USER and put the result on its request.
        self._authenticator = None
        self._user = None
        self._auth = None

    def _load_stream(self) -> None:
        super()._load_stream()  # type: ignore[misc]  # not in the stubs
        if self._stream is None and not self._request.META.get("CONTENT_LENGTH"):
            self._stream = self._stream_without_length()

    def _stream_without_length(self) -> BytesIO | None:
        """A body sent in chunks says no length, and Django takes it for none at all.

        Where the server marks where it ends, it is read like any other; elsewhere it is refused,
        since a change that was asked for and not made must not look like a success.
        """
        meta = self._request.META
        body: bytes = b""
        if meta.get("wsgi.input_terminated"):
            body = meta["wsgi.input"].read(MAX_BODY + 1)
        elif "wsgi.input" not in meta:
            # An ASGI server's, which Django has read to its end.
            body = self._request.body
        elif "HTTP_TRANSFER_ENCODING" in meta:
            raise ParseError
        return BytesIO(body) if body else None

    def _parse(self) -> Any:
        if self.is_encoded:
            raise UnsupportedEncoding
        try:
            data, files = super()._parse()  # type: ignore[misc]  # not in the stubs
        except RawPostDataException as error:
            raise ParseError from error
        # Asked for its POST, a request that nobody looked into before would parse itself now.
        parsed_before = getattr(self._request, "_post", None)
        if data is not parsed_before:
            return data, files
        if not data and not files and not self._is_an_empty_upload():
            # Django leaves an empty form behind where it could not parse one.
            raise ParseError
        # As our own parser has it: DRF would let a file take the place of a field.
        return data, MultiValueDict()

    def _is_an_empty_upload(self) -> bool:
        boundary = (self._request.content_params or {}).get("boundary", "")
        length = int(self._request.META.get("CONTENT_LENGTH") or 0)
        return len(f"--{boundary}--") <= length <= len(f"\r\n--{boundary}--\r\n")
