"""What is done to many tasks at once, after a preview."""

from tasks.admin.bulk import BulkAction
from tasks.admin.task_list.bulk.fields import SetDates, SetMilestone, SetPriority, SetStatus
from tasks.admin.task_list.bulk.sets import AddTags, Assign, RemoveTags, Unassign
from tasks.admin.task_list.bulk.states import Activate, Archive, Delete, StopTimers

#: In the order in which the list offers them.
ACTIONS: tuple[type[BulkAction], ...] = (
    SetStatus,
    SetPriority,
    Assign,
    Unassign,
    AddTags,
    RemoveTags,
    SetMilestone,
    SetDates,
    Archive,
    Activate,
    StopTimers,
    Delete,
)

__all__ = ["ACTIONS", "BulkAction"]
