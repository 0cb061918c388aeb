"""From the cells of rows to new tasks, with all that is wrong with them."""

import datetime as dt
from collections.abc import Callable, Sequence
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
from tasks.folding import is_blank
from tasks.importing import agreement, cells, known
from tasks.importing.columns import Columns
from tasks.importing.files import Record
from tasks.importing.mapping import TaskMapping, plain
from tasks.importing.names import Ambiguous, Missing, Names
from tasks.importing.problems import Problem
from tasks.importing.row import UNKNOWN, Creating, Row
from tasks.people import UserId, parse_integer
from tasks.services.new_tasks import NOBODY, NewTask, Nobody, Rules
from tasks.services.projects import DEFAULT_MILESTONE_TITLE
from tasks.texts import check_storable, clean_title

T = TypeVar("T")
#: Stands for the completed status where no status has this title.
COMPLETED = "completed"
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


class RowReader:
    """Makes tasks of rows, a batch at a time in a few queries, and writes nothing."""

    def __init__(
        self, *, actor: Actor, mapping: TaskMapping, header: Sequence[str], creating: Creating
    ) -> None:
        self.mapping = mapping
        self.header = header
        self.creating = creating
        self.names = Names(
            actor, by_username=mapping.taskdock_export, by_client=mapping.is_by_client(header)
        )
        self.rules = Rules(actor)
        self._columns = Columns(mapping, header)
        self._zone: dt.tzinfo = mapping.zone or timezone.get_default_timezone()
        self._completed_id = next(
            (pk for pk, status in self.rules.statuses.items() if status.is_completed), UNKNOWN
        )
        #: Names of people that stand for nobody, where the mapping leaves them out.
        self.ignored_people: set[str] = set()
        #: Dates that a lenient field leaves out, and the line in which each is first.
        self.ignored_dates: dict[str, int] = {}

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
                *row.lists.get("assigned", ()),
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
        known.find_keys(sound, self.mapping, self._tell)
        known.find_exported(drafts, self.names.actor, self.mapping, self._tell)
        return rows

    def _row(self, record: Record) -> Row:
        row = Row(record)
        if record.error is not None:
            row.problems.append(Problem(record.line, None, record.error))
            return row
        if not all(map(is_blank, record.cells[len(self.header) :])):
            message = f"The row has {len(record.cells)} cells, the header {len(self.header)}."
            row.problems.append(Problem(record.line, None, message))
            return row
        texts = self._columns.texts(record)
        row.texts, row.lists = texts.one, texts.several
        for name, different in texts.conflicts.items():
            self._tell(
                row,
                name,
                f"There are several texts: {', '.join(map(repr, different))}. In a mapping, "
                'pick = "first" takes the first.',
            )
        lists = {name: "".join(items) for name, items in row.lists.items()}
        for name, text in (row.texts | lists).items():
            self._try(row, name, partial(check_storable, name, text))
        return row

    def _find_projects(self, rows: Sequence[Row]) -> None:
        self.names.learn_clients(row.texts.get("client", "") for row in rows)
        self.names.learn_projects(row.texts.get("project", "") for row in rows)
        agreement.learn(self.names, rows)
        for row in rows:
            if self._has_project_id(row):
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
                whose = f" of the client {name!r}" if name else self.names.no_client
                row.project = self._new_title(
                    row, "project", title, may=self.creating.projects, whose=whose
                )

    def _has_project_id(self, row: Row) -> bool:
        """Whether the project is not to be found by its name."""
        if not (text := row.texts.get("project_id", "")):
            return False
        if not row.texts.get("project"):
            row.project_id = parse_integer(text) or UNKNOWN
            return True
        try:
            row.project_id = agreement.project_id(self.names, row) or UNKNOWN
        except agreement.Disagreement as error:
            self._tell(row, "project_id", str(error))
            return True
        return row.project_id != UNKNOWN

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
            if (text := row.texts.get("milestone_id", "")) and not row.texts.get("milestone"):
                row.milestone_id = parse_integer(text) or UNKNOWN
        for row in named:
            title = row.texts["milestone"]
            is_default = title.casefold() == DEFAULT_MILESTONE_TITLE.casefold()
            # A project that is made has this milestone.
            if not row.project_id and (row.project is None or is_default):
                continue
            try:
                if row.texts.get("milestone_id"):
                    row.milestone_id = agreement.milestone_id(self.names, row)
                if row.milestone_id is not None:
                    continue
                row.milestone_id = self.names.milestone(row.project_id, title)
            except agreement.Disagreement as error:
                self._tell(row, "milestone_id", str(error))
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
        status_id, completed = self._status(row)
        values: dict[str, Any] = {
            "project_id": row.project_id,
            "milestone_id": row.milestone_id,
            "title": texts.get("title", ""),
            "description": texts.get("description") or None,
            "status_id": status_id,
            "priority_id": self._stage(row, "priority"),
            "assigned": [
                person
                for text in row.lists.get("assigned", ())
                if (person := self._person(row, "assigned", text)) is not None
            ],
            "tags": row.lists.get("tags", ()),
            "created_by_id": self._author(row, "created_by"),
            "completed_by_id": self._author(row, "completed_by"),
        }
        for name in ("start_date", "due_date"):
            values[name] = self._read(row, name, cells.day, self._formats(name), self._zone)
        for name, ours in (
            ("client_visible", "is_client_visible"),
            ("billable", "is_billable"),
            ("archived", "is_archived"),
        ):
            values[ours] = self._read(row, name, cells.switch) or False
        created, updated = (self._moment(row, name) for name in ("created_at", "updated_at"))
        values["status_changed_at"] = completed
        given = [moment for moment in (created, completed, updated) if moment is not None]
        values["created_at"] = created or min(given, default=None)
        values["updated_at"] = updated
        return NewTask(**values)

    def _status(self, row: Row) -> tuple[int, dt.datetime | None]:
        """The status, and when the task was completed.

        A task is completed by the field for it whatever its status is called, and by a date of
        completion where no status is named.
        """
        is_completed, completed = self._completion(row)
        moment = self._moment(row, "completed_at")
        is_completed |= moment is not None and not row.texts.get("status")
        status_id = self._completed_id if is_completed else self._stage(row, "status")
        completed = moment or completed
        if completed is not None and status_id not in {self._completed_id, UNKNOWN}:
            if moment is not None and self.mapping.fields["completed_at"].is_lenient:
                self.ignored_dates.setdefault(row.texts["completed_at"], row.record.line)
                return status_id, None
            self._tell(row, "completed_at", "Only a completed task has a {completed_at}.")
            return status_id, None
        return status_id, completed

    def _completion(self, row: Row) -> tuple[bool, dt.datetime | None]:
        text = row.texts.get("completed", "")
        if when := self.mapping.fields["completed"].when if text else ():
            return plain(text) in map(plain, when), None
        formats = self._formats("completed")
        return self._read(row, "completed", cells.completion, formats, self._zone) or (True, None)

    def _moment(self, row: Row, name: str) -> dt.datetime | None:
        return self._read(row, name, cells.moment, self._formats(name), self._zone)

    def _check(self, row: Row, draft: NewTask) -> None:
        try:
            agreement.check_people(self.names, row, draft)
        except agreement.Disagreement as differing:
            self._tell(row, "assigned", str(differing))
        told = {problem.column for problem in row.problems}
        to_be_made = row.project is not None or row.milestone is not None
        names = ("milestone", "milestone_id")
        is_placed = bool(row.texts.get("project_id") and not row.texts.get("project")) or (
            draft.project_id != UNKNOWN
            and not to_be_made
            and told.isdisjoint(map(self._column, names))
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
        # One that stands for nobody is no member, and has no position, either.
        texts = [text for text in row.lists["assigned"] if self.names.stands_for(text)]
        for position in error.positions:
            self._tell(row, "assigned", f"{texts[position]!r} is not a member of the team.")

    def _stage(self, row: Row, name: str) -> int:
        stages = self.names.statuses if name == "status" else self.names.priorities
        text = row.texts.get(name, "")
        try:
            return stages.find(text)
        except Ambiguous:
            self._tell(row, name, f"The {name} {text!r} could be several: write it as it is.")
        except Missing:
            if name == "status" and text.casefold() == COMPLETED:
                return self._completed_id
            there = ", ".join(stages.titles)
            self._tell(row, name, f"There is no {name} {text!r}. There are: {there}.")
        return UNKNOWN

    def _author(self, row: Row, name: str) -> UserId | Nobody | None:
        text = row.texts.get(name, "")
        if not text and self.mapping.taskdock_export and name in self.mapping.fields:
            return NOBODY
        return self._person(row, name, text)

    def _person(self, row: Row, name: str, text: str) -> UserId | None:
        if not text:
            return None
        try:
            return self.names.person(text)
        except Ambiguous as several:
            self._tell(row, name, f"{text!r} stands for {several} people: use an id.")
        except Missing:
            if self.mapping.ignore_unknown_people:
                self.ignored_people.add(text)
                return None
            self._tell(row, name, f"Nobody has the address, username, id or name {text!r}.")
        return None

    def _read(self, row: Row, name: str, read: Callable[..., T], *arguments: object) -> T | None:
        text = row.texts.get(name, "")
        try:
            return read(text, *arguments)
        except cells.Unreadable as error:
            source = self.mapping.fields.get(name)
            if source is not None and source.is_lenient:
                self.ignored_dates.setdefault(text, row.record.line)
                return None
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
