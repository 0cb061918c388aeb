"""The Tasks API: each action gets, validates, calls a service and answers."""

from rest_framework.request import Request

from tasks.api import serializers
from tasks.api.filters import TASK_LIST
from tasks.api.lookups import task_of_path
from tasks.api.objects import TASK, TASKS, TaskObject
from tasks.database import connection
from tasks.exceptions import FileMissing, MilestoneNotInProject, NoDefaultMilestone, TaskNotFound
from tasks.models import Task
from tasks.platform.answers import Answer
from tasks.platform.operations import operation
from tasks.platform.parsers import MergePatchParser
from tasks.platform.shapes import DoneObject
from tasks.platform.views import APIViewSet
from tasks.reads import seen
from tasks.services import assignees, cloning, tagging, tasks

_DETAILS = {
    "task_title": "Design homepage",
    "task_status": 1,
    "task_priority": 2,
    "task_date_start": "2026-06-01",
    "task_date_due": "2026-06-30",
    "task_billable": "on",
}


class TaskViewSet(APIViewSet):
    """Tasks, and what is done to them."""

    not_found = TaskNotFound
    kind = "Task"
    tag = "Tasks"

    @operation(
        summary="List and search tasks",
        message="Tasks retrieved successfully.",
        listing=TASK_LIST,
        reads=TASKS,
        data=TaskObject,
        example=TASK,
    )
    def list(self, request: Request) -> Answer:
        return self.told(TASKS)

    @operation(
        summary="Get a task",
        message="Task retrieved successfully.",
        data=TaskObject,
        example=TASK,
        reads=TASKS,
    )
    def retrieve(self, request: Request, task_id: str) -> Answer:
        return self.told_one(task_id)

    @operation(
        summary="Create a task",
        message="Task created successfully.",
        status=201,
        body=serializers.TaskCreateSerializer,
        sends={"task_projectid": 7, **_DETAILS},
        data=TaskObject,
        example=TASK,
        refuses=(MilestoneNotInProject, NoDefaultMilestone),
    )
    def create(self, request: Request) -> Answer:
        """The task goes to the end of its status's column."""
        task = tasks.create_task(actor=self.actor, **self.validate())
        return self._answer_with(task.pk)

    @operation(
        summary="Update a task",
        message="Task updated successfully.",
        body=serializers.TaskUpdateSerializer,
        sends={**_DETAILS, "task_status": 1},
        data=TaskObject,
        example=TASK,
        refuses=(MilestoneNotInProject, NoDefaultMilestone),
    )
    def update(self, request: Request, task_id: str) -> Answer:
        """An optional field that is left out keeps its value, one that is sent empty is cleared.

        As a merge patch (RFC 7396) nothing is required.
        """
        task = task_of_path(self, task_id)
        tasks.update_task(actor=self.actor, task_id=task.pk, **self.validate(task=task))
        return self._answer_with(task.pk)

    @operation(
        summary="Delete a task",
        message="Task deleted successfully.",
        data=DoneObject,
        example={"id": 120},
    )
    def destroy(self, request: Request, task_id: str) -> Answer:
        """With its comments, time entries, checklist and files. 409 where time is invoiced."""
        pk = self.path_id(task_id)
        tasks.delete_task(actor=self.actor, task_id=pk)
        return self.answer({"id": pk})

    @operation(
        summary="Change the status of a task",
        message="Task status updated successfully.",
        body=serializers.TaskStatusSerializer,
        sends={"status": 2},
        data=TaskObject,
        example=TASK,
    )
    def set_status(self, request: Request, task_id: str) -> Answer:
        pk, fields = self.validate_for(seen.tasks, task_id)
        tasks.set_status(actor=self.actor, task_id=pk, **fields)
        return self._answer_with(pk)

    @operation(
        summary="Set who works on a task",
        message="Task assignees updated successfully.",
        body=serializers.AssignedSerializer,
        sends={"assigned": [53]},
        data=TaskObject,
        example=TASK,
    )
    def set_assigned(self, request: Request, task_id: str) -> Answer:
        """All who are to work on it from now on; each must be a team member."""
        task = task_of_path(self, task_id)
        fields = self.validate(assigned_ids=task.assignees.values_list("user_id", flat=True))
        assignees.set_assignees(actor=self.actor, task_id=task.pk, **fields)
        return self._answer_with(task.pk)

    @operation(
        summary="Set the tags of a task",
        message="Task tags updated successfully.",
        body=serializers.TagsSerializer,
        sends={"tags": ["priority"]},
        data=TaskObject,
        example=TASK,
    )
    def set_tags(self, request: Request, task_id: str) -> Answer:
        """All its tags from now on."""
        pk, fields = self.validate_for(seen.tasks, task_id)
        tagging.set_tags(actor=self.actor, task_id=pk, **fields)
        return self._answer_with(pk)

    @operation(
        summary="Archive a task",
        message="Task archived successfully.",
        data=TaskObject,
        example={**TASK, "active_state": "archived"},
    )
    def archive(self, request: Request, task_id: str) -> Answer:
        task = tasks.archive_task(actor=self.actor, task_id=self.path_id(task_id))
        return self._answer_with(task.pk)

    @operation(
        summary="Activate an archived task",
        message="Task activated successfully.",
        data=TaskObject,
        example=TASK,
    )
    def activate(self, request: Request, task_id: str) -> Answer:
        task = tasks.activate_task(actor=self.actor, task_id=self.path_id(task_id))
        return self._answer_with(task.pk)

    @operation(
        summary="Clone a task",
        message="Task cloned successfully.",
        status=201,
        body=serializers.TaskCloneSerializer,
        sends={
            "task_title": "Design homepage (copy)",
            "task_status": 1,
            "project_id": 7,
            "task_milestoneid": 21,
            "copy_checklist": "on",
        },
        data=TaskObject,
        example={**TASK, "id": 601, "title": "Design homepage (copy)"},
        refuses=(MilestoneNotInProject, FileMissing),
    )
    def clone(self, request: Request, task_id: str) -> Answer:
        """The copy is active; it never takes along comments, time entries or completion."""
        task = task_of_path(self, task_id)
        clone = cloning.clone_task(actor=self.actor, task_id=task.pk, **self.validate())
        return self._answer_with(clone.pk)

    def _answer_with(self, task_id: int) -> Answer:
        task = TASKS.one(self.actor, task_id)
        if task is None:
            # Just written and not there: its project, milestone, status or priority was deleted
            # meanwhile. The database would say so at commit, and lets the write runner try again.
            connection().check_constraints([Task._meta.db_table])
            raise TaskNotFound
        return self.answer(task)


class TaskDetailViewSet(TaskViewSet):
    """The path that also takes merge patches."""

    parser_classes = [*APIViewSet.parser_classes, MergePatchParser]
