"""A row of a file on its way to a task."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tasks.importing.files import Record
from tasks.importing.problems import Problem
from tasks.services.new_tasks import NewTask

#: Stands for a row of ours where none is known, so that the rest of a task can be checked.
UNKNOWN = 0


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
    made. ``is_known``: its key was imported before, or the task ``is_here``, of our own export.
    ``lists`` has the texts of people and tags.
    """

    record: Record
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    task: NewTask | None = None
    client: str | None = None
    client_id: int | None = None
    project: str | None = None
    project_id: int = UNKNOWN
    milestone: str | None = None
    milestone_id: int | None = None
    is_known: bool = False
    is_here: bool = False


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
