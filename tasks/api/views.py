"""The Tasks API: each action gets, validates, calls a service and answers."""

from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api import serializers
from tasks.api.filters import TASK_LIST
from tasks.api.lookups import task_of_path
from tasks.database import connection
from tasks.exceptions import TaskNotFound
from tasks.models import Task
from tasks.platform.parsers import MergePatchParser
from tasks.platform.views import APIViewSet
from tasks.reads import task_record, task_records
from tasks.services import assignees, cloning, tagging, tasks


class TaskViewSet(APIViewSet):
    """Tasks. Parameters, objects and messages are those of the documented dialect."""

    not_found = TaskNotFound

    def list(self, request: Request) -> Response:
        query = TASK_LIST.parse(request.query_params)
        rows, meta = query.page_of(Task.objects.visible_to(self.actor))
        data = [serializers.task_representation(record) for record in task_records(rows)]
        return self.answer(data, "Tasks retrieved successfully.", meta=meta)

    def retrieve(self, request: Request, task_id: str) -> Response:
        record = task_record(actor=self.actor, task_id=self.path_id(task_id))
        return self.answer(serializers.task_representation(record), "Task retrieved successfully.")

    def create(self, request: Request) -> Response:
        fields = self.validate(serializers.TaskCreateSerializer)
        task = tasks.create_task(actor=self.actor, **fields)
        return self._answer_with(task.pk, "Task created successfully.", status=201)

    def update(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        fields = self.validate(serializers.TaskUpdateSerializer, task=task)
        tasks.update_task(actor=self.actor, task_id=task.pk, **fields)
        return self._answer_with(task.pk, "Task updated successfully.")

    def destroy(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        tasks.delete_task(actor=self.actor, task_id=task.pk)
        return self.answer({"id": self.path_id(task_id)}, "Task deleted successfully.")

    def set_status(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        fields = self.validate(serializers.TaskStatusSerializer)
        tasks.set_status(actor=self.actor, task_id=task.pk, **fields)
        return self._answer_with(task.pk, "Task status updated successfully.")

    def set_assigned(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        fields = self.validate(serializers.TaskAssignedSerializer, task=task)
        assignees.set_assignees(actor=self.actor, task_id=task.pk, **fields)
        return self._answer_with(task.pk, "Task assignees updated successfully.")

    def set_tags(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        fields = self.validate(serializers.TaskTagsSerializer)
        tagging.set_tags(actor=self.actor, task_id=task.pk, **fields)
        return self._answer_with(task.pk, "Task tags updated successfully.")

    def archive(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        tasks.archive_task(actor=self.actor, task_id=task.pk)
        return self._answer_with(task.pk, "Task archived successfully.")

    def activate(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        tasks.activate_task(actor=self.actor, task_id=task.pk)
        return self._answer_with(task.pk, "Task activated successfully.")

    def clone(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        fields = self.validate(serializers.TaskCloneSerializer)
        clone = cloning.clone_task(actor=self.actor, task_id=task.pk, **fields)
        return self._answer_with(clone.pk, "Task cloned successfully.", status=201)

    def _answer_with(self, task_id: int, message: str, status: int = 200) -> Response:
        try:
            record = task_record(actor=self.actor, task_id=task_id)
        except TaskNotFound:
            # Just written and not there: its project, milestone, status or priority was deleted
            # meanwhile. The database would say so at commit, and lets the write runner try again.
            connection().check_constraints([Task._meta.db_table])
            raise
        return self.answer(serializers.task_representation(record), message, status=status)


class TaskDetailViewSet(TaskViewSet):
    """The path that also takes merge patches."""

    parser_classes = [*APIViewSet.parser_classes, MergePatchParser]
