"""The tables of the core app, a module an aggregate."""

from tasks.models.api_keys import APIKey
from tasks.models.attachments import Attachment
from tasks.models.checklists import ChecklistItem
from tasks.models.clients import Client
from tasks.models.dependencies import DependencyTurn, TaskDependency
from tasks.models.file_owner import FileOwner
from tasks.models.history import HistoryEntry
from tasks.models.imports import ImportedKey, TaskImport
from tasks.models.own import TaskNote, TaskPin
from tasks.models.projects import Milestone, Project, ProjectMember
from tasks.models.recurrence import RecurrenceRun, TaskRecurrence
from tasks.models.tags import ClientTag, ProjectTag, Tag, TaskTag
from tasks.models.tallies import TaskTally, WorkflowTally
from tasks.models.tasks import Task, TaskAssignee
from tasks.models.workflow import TaskPriority, TaskStatus

__all__ = [
    "APIKey",
    "Attachment",
    "ChecklistItem",
    "Client",
    "ClientTag",
    "DependencyTurn",
    "FileOwner",
    "HistoryEntry",
    "ImportedKey",
    "Milestone",
    "Project",
    "ProjectMember",
    "ProjectTag",
    "RecurrenceRun",
    "Tag",
    "Task",
    "TaskAssignee",
    "TaskDependency",
    "TaskImport",
    "TaskNote",
    "TaskPin",
    "TaskPriority",
    "TaskRecurrence",
    "TaskStatus",
    "TaskTag",
    "TaskTally",
    "WorkflowTally",
]
