"""The WSGI application: ``uv run granian --interface wsgi config.wsgi:application``.

A request runs when its body is complete (``config.bodies``) and a slot is free (``config.slots``).
"""

import gc
import json
import os
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Whatever needs the settings comes after they are named.
from config.bodies import Bodies, Refused
from config.slots import SlottedHandler, StartResponse

_handle = SlottedHandler(get_wsgi_application(), settings.CONCURRENCY)
_bodies = Bodies(
    max_size=settings.MAX_BODY_SIZE,
    max_waiting=settings.MAX_WAITING_BODIES,
    timeout=settings.BODY_TIMEOUT,
)


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """The stand-alone site."""
    try:
        _bodies.complete(environ)
    except Refused as refused:
        return _refuse(refused, environ, start_response)
    return _handle(environ, start_response)


def _refuse(
    refused: Refused, environ: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    if environ.get("PATH_INFO", "").startswith("/api/"):
        kind, content = "application/json", json.dumps({"message": refused.message})
    else:
        kind, content = "text/plain; charset=utf-8", f"{refused.message}\n"
    headers = [("Content-Type", kind), ("Content-Length", str(len(content)))]
    if refused.retry_after is not None:
        headers.append(("Retry-After", str(refused.retry_after)))
    if not environ.get("SERVER_SOFTWARE", "").startswith("WSGIServer"):
        # What is left of the body would be taken for the next request. The server of the standard
        # library takes no such header, and closes anyway.
        headers.append(("Connection", "close"))
    start_response(refused.status, headers)
    return [content.encode()]


# All that stays for good is loaded now, and the garbage collector need not go through it again:
# that would be a tenth of each request.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
