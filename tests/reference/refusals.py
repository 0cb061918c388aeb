"""A check of schemathesis: what the reference calls right is refused for what it can't say alone.

Read by ``schemathesis.toml``.
"""

import json
import re
from typing import Any

import schemathesis

FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}
#: Rules over rows that are there or not, and over several fields.
BEYOND_A_SCHEMA = re.compile(
    r"The selected .+ is invalid\."
    r"|The .+ must be a date after or equal to .+\."
    r"|The time must be between one minute and 24 hours\."
)


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Leave out forms with something else than an array: sent, that is an array of one text."""
    if case.media_type not in FORMS or not isinstance(case.body, dict):
        return True
    return all(isinstance(value, list) for name, value in case.body.items() if name.endswith("[]"))


@schemathesis.check
def refused_for_what_no_schema_can_say(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """Each sentence of a 422 to data that the reference allows is about rows, or several fields."""
    is_allowed = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_allowed or response.status_code != 422:
        return
    errors = json.loads(response.content)["errors"]
    others = [
        f"{name}: {sentence}"
        for name, sentences in errors.items()
        for sentence in sentences
        if not BEYOND_A_SCHEMA.fullmatch(sentence) and not _is_whole_float(case.body, name)
    ]
    assert not others, f"The reference allows what is refused: {others}"


def _is_whole_float(body: Any, name: str) -> bool:
    """Whether ``1.0`` was sent, which JSON Schema can't tell from 1, and we do."""
    value = body
    for key in name.split("."):
        if isinstance(value, dict) and key.isdigit():
            # An array with gaps, as PHP writes it.
            value = list(value.values())
        if isinstance(value, list) and key.isdigit():
            value = value[int(key)]
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return isinstance(value, float) and value.is_integer()
