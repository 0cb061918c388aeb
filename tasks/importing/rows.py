"""From the cells of rows to new tasks, with all that is wrong with them."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.utils import timezone

from tasks.actors import Actor
from tasks.exceptions import (
    Invalid,
    MilestoneNotInProject,
    NoDefaultMilestone,
    NotATeamMember,
    PriorityNotFound,
    ProjectNotFound,
    StatusNotFound,
    TaskdockError,
)
from tasks.folding import is_blank, normal
from tasks.importing import cells
from tasks.importing.files import Record
from tasks.importing.mapping import TaskMapping
from tasks.importing.names import Ambiguous, Missing, Names
from tasks.importing.problems import Problem
from tasks.models.imports import KEY_LENGTH
from tasks.people import UserId, parse_integer
from tasks.services.imports import known_keys
from tasks.services.new_tasks import NewTask, Rules
from tasks.texts import check_storable, clean_title

T = TypeVar("T")
#: Stands for a row of ours where none is known, so that the rest of a task can be checked.
UNKNOWN = 0
#: What services call the fields that files call otherwise, and what errors without one are about.
_FIELDS = {
    "is_client_visible": "client_visible",
    "is_billable": "billable",
    "is_archived": "archived",
    "status_changed_at": "completed_at",
}
_ABOUT: tuple[tuple[type[TaskdockError], str], ...] = (
    (ProjectNotFound, "project_id"),
    (MilestoneNotInProject, "milestone_id"),
    (NoDefaultMilestone, "project"),
    (StatusNotFound, "status"),
    (PriorityNotFound, "priority"),
)


@dataclass(frozen=True, slots=True)
class Creating:
    """What is made where a file names one that is missing."""

    projects: bool = False
    clients: bool = False
    milestones: bool = False


@dataclass(slots=True)
class Row:
    """A row of the file. What it is to be is in ``task`` unless it has ``problems``.

    ``project``, ``client`` and ``milestone`` are names that stand for nothing yet, and are to be
    made. ``is_known``: its key was imported before.
    """

    record: Record
    texts: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    task: NewTask | None = None
    client: str | None = None
    client_id: int | None = None
    project: str | None = None
    project_id: int = UNKNOWN
    milestone: str | None = None
    milestone_id: int | None = None
    is_known: bool = False


class RowReader:
    """Makes tasks of rows, a batch at a time in a few queries, and writes nothing."""

    def __init__(
        self, *, actor: Actor, mapping: TaskMapping, header: Sequence[str], creating: Creating
    ) -> None:
        self.mapping = mapping
        self.header = header
        self.creating = creating
        self.names = Names(actor)
        self.rules = Rules(actor)
        self._places = mapping.columns(header)
        self._zone: dt.tzinfo = (
            zoneinfo.ZoneInfo(mapping.timezone)
            if mapping.timezone
            else timezone.get_default_timezone()
        )

    def read(self, records: Sequence[Record]) -> list[Row]:
        """The rows of a batch."""
        rows = [self._row(record) for record in records]
        sound = [row for row in rows if not row.problems]
        self._find_projects(sound)
        self._find_milestones(sound)
        self.names.learn_people(
            text
            for row in sound
            for text in (
                *cells.several(row.texts.get("assigned", ""), self.mapping.separator),
                row.texts.get("created_by", ""),
                row.texts.get("completed_by", ""),
            )
        )
        drafts = [(row, self._draft(row)) for row in sound]
        self.rules.learn([draft for _, draft in drafts])
        for row, draft in drafts:
            self._check(row, draft)
            if not row.problems:
                row.task = draft
        self._find_keys(sound)
        return rows

    def _row(self, record: Record) -> Row:
        row = Row(record, {})
        if record.error is not None:
            row.problems.append(Problem(record.line, None, record.error))
            return row
        found, wanted = len(record.cells), len(self.header)
        if found < wanted or any(record.cells[wanted:]):
            message = f"The row has {found} cells, the header {wanted}."
            row.problems.append(Problem(record.line, None, message))
            return row
        for name, place in self._places.items():
            source = self.mapping.fields[name]
            text = source.value or "" if place is None else record.cells[place]
            # Several have texts of their own to be put in place.
            if name not in {"assigned", "tags"}:
                text = source.text(text)
            else:
                items = cells.several(text, self.mapping.separator)
                text = self.mapping.separator.join(filter(None, map(source.text, items)))
                text = text or source.default
            if name != "description":
                text = "" if is_blank(text) else text.strip()
            if name == "key":
                text = normal(text)
            row.texts[name] = text
            self._try(row, name, partial(check_storable, name, text))
        return row

    def _find_projects(self, rows: Sequence[Row]) -> None:
        self.names.learn_clients(row.texts.get("client", "") for row in rows)
        self.names.learn_projects(row.texts.get("project", "") for row in rows)
        for row in rows:
            if text := row.texts.get("project_id", ""):
                row.project_id = parse_integer(text) or UNKNOWN
                continue
            if (name := row.texts.get("client", "")) and not self._find_client(row, name):
                continue
            title = row.texts.get("project", "")
            if not title:
                self._tell(row, "project", "The {project} field is required.")
                continue
            try:
                row.project_id = self._project_id(row, title)
            except Ambiguous as several:
                self._tell(
                    row,
                    "project",
                    f"There are {several} projects {title!r}: name the client, or use project_id.",
                )
            except Missing:
                whose = f" of the client {name!r}" if name else ""
                row.project = self._new_title(
                    row, "project", title, may=self.creating.projects, whose=whose
                )

    def _project_id(self, row: Row, title: str) -> int:
        if row.client is not None:
            raise Missing
        return self.names.project(title, row.client_id)

    def _find_client(self, row: Row, name: str) -> bool:
        try:
            row.client_id = self.names.client(name)
        except Ambiguous as several:
            self._tell(row, "client", f"There are {several} clients {name!r}.")
            return False
        except Missing:
            row.client = self._new_title(row, "client", name, may=self.creating.clients)
            return row.client is not None
        return True

    def _find_milestones(self, rows: Sequence[Row]) -> None:
        named = [row for row in rows if row.texts.get("milestone")]
        self.names.learn_milestones(
            (row.project_id, row.texts["milestone"]) for row in named if row.project_id
        )
        for row in rows:
            if text := row.texts.get("milestone_id", ""):
                row.milestone_id = parse_integer(text) or UNKNOWN
        for row in named:
            title = row.texts["milestone"]
            if row.milestone_id is not None or not (row.project_id or row.project):
                continue
            try:
                row.milestone_id = self.names.milestone(row.project_id, title)
            except Ambiguous as several:
                self._tell(
                    row,
                    "milestone",
                    f"The project has {several} milestones {title!r}: use milestone_id.",
                )
            except Missing:
                row.milestone = self._new_title(
                    row, "milestone", title, may=self.creating.milestones, whose=" in the project"
                )

    def _new_title(
        self, row: Row, field: str, title: str, *, may: bool, whose: str = ""
    ) -> str | None:
        if not may:
            self._tell(
                row,
                field,
                f"There is no {field} {title!r}{whose}; --create-{field}s would make it.",
            )
            return None
        return self._try(
            row, field, lambda: clean_title(title), named=lambda _: self.mapping.column(field)
        )

    def _draft(self, row: Row) -> NewTask:
        texts = row.texts
        status_id = self._stage(row, "status")
        values: dict[str, Any] = {
            "project_id": row.project_id,
            "milestone_id": row.milestone_id,
            "title": texts.get("title", ""),
            "description": texts.get("description") or None,
            "status_id": status_id,
            "priority_id": self._stage(row, "priority"),
            "assigned": [
                person
                for text in cells.several(texts.get("assigned", ""), self.mapping.separator)
                if (person := self._person(row, "assigned", text)) is not None
            ],
            "tags": cells.several(texts.get("tags", ""), self.mapping.separator),
            "created_by_id": self._person(row, "created_by", texts.get("created_by", "")),
            "completed_by_id": self._person(row, "completed_by", texts.get("completed_by", "")),
        }
        for name in ("start_date", "due_date"):
            values[name] = self._read(row, name, cells.day, self._formats(name))
        for name, ours in (
            ("client_visible", "is_client_visible"),
            ("billable", "is_billable"),
            ("archived", "is_archived"),
        ):
            values[ours] = self._read(row, name, cells.switch) or False
        created, completed, updated = (
            self._read(row, name, cells.moment, self._formats(name), self._zone)
            for name in ("created_at", "completed_at", "updated_at")
        )
        if completed is not None and status_id in self.rules.statuses:
            if self.rules.statuses[status_id].is_completed:
                values["status_changed_at"] = completed
            else:
                self._tell(row, "completed_at", "Only a completed task has a {completed_at}.")
        given = [moment for moment in (created, completed, updated) if moment is not None]
        values["created_at"] = created or min(given, default=None)
        values["updated_at"] = updated
        return NewTask(**values)

    def _check(self, row: Row, draft: NewTask) -> None:
        told = {problem.column for problem in row.problems}
        to_be_made = row.project is not None or row.milestone is not None
        is_placed = bool(row.texts.get("project_id")) or (
            draft.project_id != UNKNOWN and not to_be_made and self._column("milestone") not in told
        )
        for error in self.rules.problems(draft, is_placed=is_placed):
            name = self._field_of(error)
            if self._column(name) in told:
                continue
            if isinstance(error, NotATeamMember):
                self._tell_outsiders(row, error)
            else:
                self._tell_error(row, name, error)

    def _tell_outsiders(self, row: Row, error: NotATeamMember) -> None:
        texts = cells.several(row.texts["assigned"], self.mapping.separator)
        for position in error.positions:
            self._tell(row, "assigned", f"{texts[position]!r} is not a member of the team.")

    def _find_keys(self, rows: Sequence[Row]) -> None:
        keyed = [row for row in rows if row.texts.get("key")]
        known = known_keys(source=self.mapping.source, keys=(row.texts["key"] for row in keyed))
        for row in keyed:
            row.is_known = row.texts["key"] in known
            if len(row.texts["key"]) > KEY_LENGTH:
                self._tell(row, "key", f"The {{key}} has at most {KEY_LENGTH} characters.")

    def _stage(self, row: Row, name: str) -> int:
        stages = self.names.statuses if name == "status" else self.names.priorities
        text = row.texts.get(name, "")
        try:
            return stages.find(text)
        except Ambiguous:
            self._tell(row, name, f"The {name} {text!r} could be several: write it as it is.")
        except Missing:
            there = ", ".join(stages.titles)
            self._tell(row, name, f"There is no {name} {text!r}. There are: {there}.")
        return UNKNOWN

    def _person(self, row: Row, name: str, text: str) -> UserId | None:
        if not text:
            return None
        try:
            return self.names.person(text)
        except Ambiguous as several:
            self._tell(row, name, f"{text!r} is the address of {several} people: use an id.")
        except Missing:
            self._tell(row, name, f"There is nobody with the address, username or id {text!r}.")
        return None

    def _read(self, row: Row, name: str, read: Callable[..., T], *arguments: object) -> T | None:
        text = row.texts.get(name, "")
        try:
            return read(text, *arguments)
        except cells.Unreadable as error:
            self._tell(row, name, str(error))
        return None

    def _formats(self, name: str) -> Sequence[str]:
        source = self.mapping.fields.get(name)
        return source.formats if source else ()

    def _try(
        self,
        row: Row,
        name: str,
        rule: Callable[[], T],
        named: Callable[[str], str] | None = None,
    ) -> T | None:
        try:
            return rule()
        except Invalid as error:
            message = error.worded(named or self._column)
            row.problems.append(Problem(row.record.line, self._column(name), message))
        return None

    def _field_of(self, error: TaskdockError) -> str:
        if isinstance(error, Invalid):
            return _FIELDS.get(error.field, error.field)
        return next((name for kind, name in _ABOUT if isinstance(error, kind)), "title")

    def _tell_error(self, row: Row, name: str, error: TaskdockError) -> None:
        message = error.worded(self._column) if isinstance(error, Invalid) else str(error)
        row.problems.append(Problem(row.record.line, self._column(name), message))

    def _tell(self, row: Row, name: str, message: str) -> None:
        """``message`` may name columns in braces, unless it quotes a cell that has some."""
        if f"{{{name}}}" in message:
            message = message.replace(f"{{{name}}}", self._column(name))
        row.problems.append(Problem(row.record.line, self._column(name), message))

    def _column(self, name: str) -> str:
        return self.mapping.column(_FIELDS.get(name, name))


def batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    """The records, so many at a time."""
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
