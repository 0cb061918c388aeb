"""The ``TASKDOCK`` settings dict, read when it is needed and never at import.

Nothing is cached: a look-up costs a microsecond, and ``override_settings`` just works.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.storage import InvalidStorageError, storages
from django.utils.module_loading import import_string

MEBIBYTE = 1024 * 1024
#: The most rows that a page of a list holds, whatever is asked for.
LARGEST_PAGE = 100
_EXTENSION = re.compile(r"\w[\w+-]*(\.\w[\w+-]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A key of ``TASKDOCK``: its default, and what is wrong with a value, or None."""

    default: Any
    problem: Callable[[Any], str | None]


def configured() -> dict[str, Any]:
    """The site's ``TASKDOCK`` as it stands, or an empty dict."""
    value = getattr(settings, "TASKDOCK", None)
    return value if isinstance(value, dict) else {}


def value(name: str) -> Any:
    """What the site says of the setting ``name``, or its default."""
    return configured().get(name, SETTINGS[name].default)


def hook(name: str) -> Callable[..., Any] | None:
    """The function that the setting ``name`` points to, or None where the site sets none."""
    pointer = value(name)
    function: Callable[..., Any] | None = (
        import_string(pointer) if isinstance(pointer, str) else pointer
    )
    return function


def _no_function(pointer: Any) -> str | None:
    try:
        function = import_string(pointer) if isinstance(pointer, str) else pointer
    except (ImportError, ValueError) as error:
        return f"can't be imported: {error}"
    return None if function is None or callable(function) else "is no function."


def _no_positive_integer(number: Any) -> str | None:
    if isinstance(number, int) and not isinstance(number, bool) and number > 0:
        return None
    return "must be a positive integer."


def _no_page_size(number: Any) -> str | None:
    if _no_positive_integer(number) is None and number <= LARGEST_PAGE:
        return None
    return f"must be an integer from 1 to {LARGEST_PAGE}."


def _no_storage(alias: Any) -> str | None:
    if not isinstance(alias, str) or alias not in storages.backends:
        known = ", ".join(sorted(storages.backends))
        return f"must be one of the keys of STORAGES: {known}."
    try:
        storages[alias]
    except InvalidStorageError as error:
        return f"can't be used: {error}"
    return None


def _no_extensions(extensions: Any) -> str | None:
    if extensions is None:
        return None
    if not isinstance(extensions, list | tuple | set | frozenset):
        return 'must be None or a list of file name extensions, such as ["pdf", "png"].'
    for extension in extensions:
        if not isinstance(extension, str) or not _EXTENSION.fullmatch(extension):
            return f'holds {extension!r}: an extension is written without its dot, such as "pdf".'
    return None


#: Every key that ``TASKDOCK`` may hold.
#:
#: ``TEAM_MEMBERS``
#:     Dotted path to a function without parameters that returns the queryset of users who may be
#:     assigned; they are listed as the team. By default the active users with ``is_staff``; those
#:     who are inactive are listed too.
#: ``VISIBLE_TO``
#:     Dotted path to a function ``(queryset, actor) -> queryset`` that narrows what an actor may
#:     see. It is called for every model of ours that is read for somebody, and for your user model
#:     where the team is listed; tell them apart by ``queryset.model``. By default everybody sees
#:     everything.
#: ``PERSON_NAME``
#:     Dotted path to a function ``user -> str`` that names a person wherever one is shown, in the
#:     API, the admin and the history. It is called for one user after another: it should look at
#:     no more than the user's own columns. Where it returns nothing, and by default, a person is
#:     shown by full name, or else by what the user model calls its username.
#: ``PAGE_SIZE``
#:     How many rows a page of the API's lists has where no ``limit`` is sent: 1 to 100, by default
#:     25.
#: ``STORAGE``
#:     The key of Django's ``STORAGES`` under which files are stored. Databases and schemas may
#:     share it: each has a folder of its own there. A copy of a database must not share it: its
#:     rows name the same files, which go when such a row is deleted.
#: ``MAX_FILE_SIZE``
#:     The bytes that a file may have. By default 25 MiB.
#: ``MAX_FILES``
#:     How many files a task may have. By default 100.
#: ``FILE_EXTENSIONS``
#:     The extensions, in any case and without their dots, of the files that are taken; None, the
#:     default, takes all. An extension says what a file is called, not what is in it.
SETTINGS: dict[str, Setting] = {
    "TEAM_MEMBERS": Setting(default=None, problem=_no_function),
    "VISIBLE_TO": Setting(default=None, problem=_no_function),
    "PERSON_NAME": Setting(default=None, problem=_no_function),
    "PAGE_SIZE": Setting(default=25, problem=_no_page_size),
    "STORAGE": Setting(default="default", problem=_no_storage),
    "MAX_FILE_SIZE": Setting(default=25 * MEBIBYTE, problem=_no_positive_integer),
    "MAX_FILES": Setting(default=100, problem=_no_positive_integer),
    "FILE_EXTENSIONS": Setting(default=None, problem=_no_extensions),
}
