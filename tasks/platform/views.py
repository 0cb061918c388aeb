"""The base of every view of the API.

It pins all that ``REST_FRAMEWORK`` could bend, so that a host's settings change nothing here.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from functools import cached_property, partial
from http import HTTPStatus
from typing import Any, NoReturn, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, connections, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from rest_framework import exceptions
from rest_framework.settings import DEFAULTS, IMPORT_STRINGS, APISettings
from rest_framework.viewsets import ViewSet

from tasks.actors import Actor
from tasks.exceptions import Invalid, NotFound, Refused, RefusedBySite
from tasks.people import parse_key
from tasks.platform.answers import Answer, ByContentType
from tasks.platform.authentication import KeyAuthentication, KeyMayWrite
from tasks.platform.errors import InvalidInput, UnsupportedEncoding, error_response
from tasks.platform.fields import InputSerializer
from tasks.platform.listing import ListQuery, ListSpec
from tasks.platform.operations import Operation, operation_of
from tasks.platform.pages import Page, page_for, page_of, question_of, told_page
from tasks.platform.parsers import (
    JSONObjectParser,
    MergePatchParser,
    MultiPartFormParser,
    URLEncodedParser,
)
from tasks.platform.requests import APIRequest
from tasks.platform.unread import discard_unread_body
from tasks.platform.writes import run_write
from tasks.reads.reading import Reading
from tasks.statements import Question, Rows, find

#: The key of what is wrong with no field in particular, as REST framework names it.
_NON_FIELD_ERRORS = "non_field_errors"


class APIViewSet(ViewSet):
    """A resource. Actions get, validate, call a service and answer; the rest happens here."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [KeyMayWrite]
    # What is answered is written where it is made.
    renderer_classes = []
    parser_classes = [URLEncodedParser, JSONObjectParser, MultiPartFormParser]
    content_negotiation_class = ByContentType
    throttle_classes = []
    versioning_class = None
    metadata_class = None
    schema = None
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    # A non-empty dict, since DRF takes an empty one for "read the host's".
    settings = APISettings(cast("Any", {"UNAUTHENTICATED_USER": None}), DEFAULTS, IMPORT_STRINGS)

    #: The error of an id in the path that can't be one.
    not_found: type[NotFound] = NotFound
    #: What the view is about, as messages name it: "Task".
    kind = ""
    #: Where the reference lists it.
    tag = ""

    @classmethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        # The write runner owns the transaction, also where a host has ATOMIC_REQUESTS: only who
        # began a transaction can commit it, learn that this failed, and try again.
        view = super().as_view(actions, **initkwargs)
        for alias in connections:
            view = transaction.non_atomic_requests(alias)(view)
        return view

    @property
    def actor(self) -> Actor:
        """Who calls."""
        return cast("Actor", self.request.auth)

    @cached_property
    def operation(self) -> Operation:
        """What the action that runs was declared as."""
        return operation_of(getattr(self, self.action_map[(self.request.method or "").lower()]))

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> APIRequest:
        """As DRF's, with a request of ours."""
        return APIRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As DRF's, but in English, in the contract's order of errors, and in the write runner."""
        self.args, self.kwargs = args, kwargs
        self.body: InputSerializer | None = None
        self._asked: ListQuery | None = None
        self.request = self.initialize_request(request, *args, **kwargs)
        with nullcontext() if translation.get_language() == "en" else translation.override("en"):
            try:
                answer = self._respond(self.request)
            except Exception as error:  # noqa: BLE001 (every failure is answered in the envelope)
                answer = error_response(error, request)
        answer.headers["Allow"] = ", ".join(self.allowed_methods)
        # A site's cache asks nobody for a key, and knows nothing of a write.
        answer.headers["Cache-Control"] = "private, no-cache"
        if answer.status_code == HTTPStatus.NOT_FOUND:
            # Middleware of a host may look for another path then, LocaleMiddleware for one that
            # begins with a language: to a CMS every path is a page, and ours is answered.
            request.urlconf = "tasks.platform.no_urls"
        if "CONTENT_LENGTH" in request.META or "HTTP_TRANSFER_ENCODING" in request.META:
            discard_unread_body(request)
        return answer

    def _respond(self, request: APIRequest) -> Answer:
        request.foreseen = self._foreseen()
        self.perform_authentication(request)
        method = (request.method or "").lower()
        handler = getattr(self, method, None) if method in self.http_method_names else None
        if handler is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        self.check_permissions(request)
        self.check_throttles(request)

        def respond() -> Answer:
            try:
                response: Answer = handler(request, *self.args, **self.kwargs)
            except Invalid as error:
                # Broken between validation and lock; worded with the names of this body.
                raise InvalidInput((self.body or InputSerializer()).errors_of(error)) from error
            except ValidationError as error:
                raise self._of_receiver(error) from error
            return response

        if method in {"get", "head"}:
            return respond()
        return run_write(partial(_refuse, respond) if request.is_encoded else respond)

    def _of_receiver(self, error: ValidationError) -> Exception:
        """What becomes of a ``ValidationError`` that a signal receiver of the site's raises.

        422 where there is a body that can be invalid, else 409. Its sentences are the site's own.
        """
        if self.operation.body is None:
            return RefusedBySite(" ".join(error.messages))
        if not hasattr(error, "error_dict"):
            return InvalidInput({_NON_FIELD_ERRORS: list(error.messages)})
        fields = (self.body or InputSerializer()).fields.values()
        names = {str(field.source): str(field.field_name) for field in fields}
        names[NON_FIELD_ERRORS] = _NON_FIELD_ERRORS
        return InvalidInput(
            {names.get(name, name): texts for name, texts in error.message_dict.items()}
        )

    def _foreseen(self) -> Question | None:
        """What the action will ask for, if it only reads a row that a path names, or a page."""
        action = getattr(self, self.action_map.get((self.request.method or "").lower(), ""), None)
        declared: Operation | None = getattr(action, "operation", None)
        if declared is None or declared.reads is None:
            return None
        if declared.listing is None:
            (text,) = self.kwargs.values()
            pk = parse_key(text)
            return None if pk is None else declared.reads.question(pk)
        try:
            query = self.asked()
        except InvalidInput:
            # Said to whoever has a key.
            return None
        return question_of(query, declared.reads)

    def path_id(self, text: str) -> int:
        """The id that a path names. Raises ``not_found`` where it can't be one."""
        key = parse_key(text)
        if key is None:
            raise self.not_found
        return key

    def row_of_path(self, rows: Rows, text: str) -> Any:
        """The row that a path names among those that the caller may see.

        It is looked up before the body is read. Raises ``not_found`` where there is none.
        """
        row = find(rows, self.actor, self.path_id(text))
        if row is None:
            raise self.not_found
        return row

    def validate(self, **context: Any) -> dict[str, Any]:
        """What the body says, by the services' names; a merge patch need not say anything.

        Raises ``InvalidInput``.
        """
        essence = self.request.content_type.partition(";")[0].strip().lower()
        partial = MergePatchParser in self.parser_classes and essence == MergePatchParser.media_type
        serializer_class = self.operation.body or InputSerializer
        body = self.body = serializer_class(
            data=self.request.data, partial=partial, context={"actor": self.actor, **context}
        )
        return body.parsed()

    def validate_for(self, rows: Rows, text: str) -> tuple[int, dict[str, Any]]:
        """The id that a path names, and what the body says, where the row itself does not matter.

        Whoever changes the row finds out whether it is there. Asked here is only where the body is
        wrong, since ``not_found`` comes first. Raises ``not_found``, ``InvalidInput``.
        """
        pk = self.path_id(text)
        try:
            return pk, self.validate()
        except DatabaseError:
            # Nothing can be asked in its transaction any more; the write runner knows what to do.
            raise
        except Exception:
            self.row_of_path(rows, text)
            raise

    def asked(self) -> ListQuery:
        """The page that the request asks for. Raises ``InvalidInput``."""
        if self._asked is None:
            listing = cast("ListSpec", self.operation.listing)
            self._asked = listing.parse(self.request.query_params)
        return self._asked

    def page_of(self, rows: QuerySet[Any]) -> Page:
        """That page of these rows. Raises ``InvalidInput``."""
        return page_of(self.asked(), rows)

    def page(self) -> Page:
        """That page of all that the list is of. Raises ``InvalidInput``."""
        return page_for(self.asked(), self.actor)

    def told(self, reading: Reading[Any]) -> Answer:
        """The answer with that page, told by ``reading``. Raises ``InvalidInput``."""
        found = cast("APIRequest", self.request).found
        data, meta = told_page(self.asked(), self.actor, reading, rows=found)
        return self.answer(data, meta=meta)

    def told_one(self, text: str) -> Answer:
        """The answer with the row that a path names. Raises ``not_found``."""
        found, reading = cast("APIRequest", self.request).found, cast("Any", self.operation.reads)
        pk = self.path_id(text)
        told = [reading.one(self.actor, pk)] if found is None else reading.tell(found)
        if not told or told[0] is None:
            raise self.not_found
        return self.answer(told[0])

    def answer(self, data: Any, *, meta: Mapping[str, Any] | None = None) -> Answer:
        """The envelope of a success, with the message and the status that were declared."""
        body: dict[str, Any] = {"data": data}
        if meta is not None:
            body["meta"] = meta
        body["message"] = self.operation.message.format(kind=self.kind)
        return Answer(body, status=self.operation.status)


def _refuse(respond: Callable[[], Answer]) -> NoReturn:
    """Refuse a request with an encoded body, after the 404 of its path.

    An action without a body runs for that, and its transaction is rolled back.
    Raises ``UnsupportedEncoding``, or what comes before it.
    """
    with suppress(Refused, InvalidInput):
        respond()
    raise UnsupportedEncoding
