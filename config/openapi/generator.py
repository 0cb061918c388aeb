"""drf-spectacular, told what our views declare instead of guessing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

from django.urls import URLPattern
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from config.openapi.answers import Schema, prose
from config.openapi.inputs import INPUT_SCHEMAS, body_content, path_parameter, query_parameters
from config.openapi.responses import ERROR_RESPONSES, ERROR_SCHEMAS, responses_of
from tasks.platform.operations import Operation, operation_of

DESCRIPTION = """\
Every request carries a key, `Authorization: Bearer YOUR_API_KEY`. An answer is \
`{"data": ..., "message": "..."}`, a list has a `meta` beside it, and a failure is \
`{"message": "..."}`, with `errors` by field where something that was sent breaks a rule. A \
request that fails has changed nothing.

Bodies are forms, multipart or JSON. Unknown fields and parameters are ignored, empty parameters \
count as absent, and of a value sent twice the last counts. A path may end in a slash, and `HEAD` \
is answered wherever `GET` is. Titles and tags are counted after white space around them is gone.\
"""
SECURITY_SCHEME = "key"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_USUAL = {"list", "create", "retrieve", "update", "destroy"}
_PARAMETER = re.compile(r"{(\w+)}")


class Schemas(AutoSchema):
    """One operation of the reference."""

    @property
    def declared(self) -> Operation:
        """What the action says of itself."""
        return operation_of(getattr(self.view, self.view.action))

    def get_operation_id(self) -> str:
        """``tasks_list``, ``tasks_set_status``, ``task_comments_create``."""
        words = [part.replace("-", "_") for part in self.path.split("/") if part and part[0] != "{"]
        if self.view.action not in _USUAL and len(words) > 1:
            words.pop()
        owners = [word.removesuffix("s") for word in words[:-1]]
        return "_".join([*owners, words[-1], self.view.action])

    def get_summary(self) -> str:
        return self.declared.summary.format(kind=self.view.kind)

    def get_description(self) -> str:
        return prose(getattr(self.view, self.view.action).__doc__)

    def get_tags(self) -> list[str]:
        return [tag_of(self.view)]

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{SECURITY_SCHEME: []}]

    def _get_parameters(self) -> list[Schema]:
        in_path = [path_parameter(name) for name in _PARAMETER.findall(self.path)]
        return [*in_path, *query_parameters(self.declared.query, self.declared.listing)]

    def _get_request_body(self, direction: str = "request") -> Schema | None:
        if self.declared.body is None:
            return None
        media_types = [str(parser.media_type) for parser in self.view.parser_classes]
        content = body_content(self.declared.body, media_types, self.declared.sends)
        has_required = any(field.required for field in self.declared.body().fields.values())
        return {"content": content, "required": has_required}

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Schema]:
        return responses_of(
            self.declared,
            method=self.method,
            view=self.view,
            has_id="{" in self.path,
            register=self._register,
        )

    def _register(self, name: str, kind: Any, make: Callable[[], Schema]) -> Schema:
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, object=kind)
        registry: ComponentRegistry = self.registry
        if component not in registry:
            registry.register(component)
            component.schema = make()
        elif registry[component].object is not kind:
            raise TypeError(f"Two types are called {name}: {kind}, {registry[component].object}")
        ref: Schema = component.ref
        return ref


class Endpoints(EndpointEnumerator):
    """Those that declare an operation; ``schema = None`` hides them from everybody else."""

    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        actions = getattr(callback, "actions", None) or {}
        return any(
            hasattr(getattr(callback.cls, name, None), "operation") for name in actions.values()
        )

    def get_allowed_methods(self, callback: Any) -> list[str]:
        return sorted(super().get_allowed_methods(callback), key=_METHODS.index)

    def get_path_from_regex(self, path_regex: str) -> str:
        path: str = super().get_path_from_regex(path_regex)
        return path.replace("\\", "").rstrip("/")


class Generator(SchemaGenerator):
    """The part of the reference that one app's URL patterns make."""

    endpoint_inspector_cls = Endpoints

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        view = super().create_view(callback, method, request)
        # Where a class has a schema, reading it tells the schema its view; ours have none.
        view.schema = Schemas()
        view.schema.view = view
        return view

    def get_schema(self, request: Any = None, public: bool = True) -> Schema:
        schema: Schema = super().get_schema(request, public=True)
        schema["info"] |= {"version": version("django-taskdock"), "description": DESCRIPTION}
        components = schema["components"]
        components["schemas"] |= ERROR_SCHEMAS | INPUT_SCHEMAS
        components["responses"] = ERROR_RESPONSES
        components["securitySchemes"] = {
            SECURITY_SCHEME: {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key. It acts as the user that it belongs to.",
            }
        }
        schema["tags"] = [
            {"name": name, "description": text} for name, text in self._tags().items()
        ]
        return schema

    def _tags(self) -> dict[str, str]:
        tags: dict[str, str] = {}
        for _path, _regex, _method, callback in self.endpoints:
            tags.setdefault(tag_of(callback.cls), prose(callback.cls.__doc__))
        return tags


def tag_of(view: Any) -> str:
    """Under what the reference lists a view."""
    tag: str = view.tag or view.kind
    return tag


def part_of(patterns: Iterable[URLPattern]) -> Schema:
    """The reference of an app's URL patterns, without prefix."""
    part: Schema = Generator(patterns=list(patterns)).get_schema()
    return part
