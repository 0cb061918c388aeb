"""What a service refuses, in the language of whoever looks at the page.

The services' sentences are English, as the API says them; here they are translated.
"""

from collections.abc import Callable

from django.utils.translation import get_language, gettext

from tasks.exceptions import Invalid, TaskdockError


def refusal_text(error: TaskdockError, spoken: Callable[[str], str] | None = None) -> str:
    """The sentence of an error; ``spoken`` says what a form calls a field."""
    if isinstance(error, Invalid) and spoken is not None:
        return error.worded(spoken, gettext)
    return error.translated(gettext)


def field_name(label: str, name: str) -> str:
    """A field's label as a sentence has it; ``name`` where it has none."""
    if not label:
        return name.replace("_", " ")
    if (get_language() or "en").startswith("en"):
        return label[:1].lower() + label[1:]
    return label
