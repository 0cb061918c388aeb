"""Where a row says the same thing twice: an id and a title, usernames and names."""

from collections.abc import Sequence

from tasks.folding import fold
from tasks.importing.names import Names
from tasks.importing.row import UNKNOWN, Row
from tasks.people import parse_integer
from tasks.services.new_tasks import NewTask


class Disagreement(ValueError):
    """Two columns mean different rows of ours; the message says which."""


def learn(names: Names, rows: Sequence[Row]) -> None:
    """Look up the ids of rows that also have a title."""
    for kind, learn_ids in (
        ("project", names.learn_project_ids),
        ("milestone", names.learn_milestone_ids),
    ):
        ids = (
            parse_integer(row.texts.get(f"{kind}_id", "")) for row in rows if row.texts.get(kind)
        )
        learn_ids(pk for pk in ids if pk is not None)


def project_id(names: Names, row: Row) -> int | None:
    """The id of a row that also names its project; None where the name decides.

    Raises ``Disagreement`` where the id is that of another project.
    """
    text, title, client = (row.texts.get(name, "") for name in ("project_id", "project", "client"))
    pk = _number("project", text)
    found = names.project_of_id(pk)
    if found is None:
        return None
    if not _is_same(found[0], title):
        raise Disagreement(_differs("project", pk, found[0], title))
    if client and not names.is_client(found[1], client):
        raise Disagreement(
            f"The project {pk}, {found[0]!r}, has another client than {client!r}. {_REMEDY}"
        )
    return pk


def milestone_id(names: Names, row: Row) -> int | None:
    """As ``project_id``, for the milestone of a row whose project is found."""
    pk = _number("milestone", row.texts["milestone_id"])
    title = row.texts["milestone"]
    found = names.milestone_of_id(pk)
    if found is None:
        return None
    if not _is_same(found[0], title):
        raise Disagreement(_differs("milestone", pk, found[0], title))
    if row.project_id != found[1]:
        raise Disagreement(f"The milestone {pk}, {found[0]!r}, is of another project. {_REMEDY}")
    return pk


def check_people(names: Names, row: Row, draft: NewTask) -> None:
    """Raises ``Disagreement`` where the people assigned have other names than the row says."""
    if "assigned_names" not in row.lists or len(draft.assigned) < len(
        row.lists.get("assigned", ())
    ):
        return
    said = row.lists["assigned_names"]
    called = [names.name_of(person) for person in draft.assigned]
    if set(map(_plain, said)) != set(map(_plain, called)):
        raise Disagreement(
            f"The usernames are those of {_listed(called)}, the names are {_listed(said)}. Change "
            "both, or leave out the column of the names."
        )


_REMEDY = (
    "Leave out the column of the ids to go by the titles; --from taskdock does so for the export "
    "of another site."
)


def _number(kind: str, text: str) -> int:
    pk = parse_integer(text)
    if pk is None or pk == UNKNOWN:
        raise Disagreement(f"{text!r} is no id of a {kind}.")
    return pk


def _differs(kind: str, pk: int, here: str, said: str) -> str:
    return f"The {kind} {pk} is {here!r} here, not {said!r}. {_REMEDY}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names)) or "nobody"


def _is_same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return fold(text).strip()
