"""Textbook Django REST framework: model serializers, a generic viewset, django-filter."""

from typing import Any

import django_filters
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, routers, serializers, viewsets
from rest_framework.authentication import BaseAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from benchmarks.textbook_queries import create_task, key_of, set_status, tasks_with_all
from tasks.models import Client, Milestone, Project, Task, TaskAssignee, TaskPriority, TaskStatus


class StatusSerializer(serializers.ModelSerializer):
    class Meta:
        model = TaskStatus
        fields = ["id", "title", "color"]


class PrioritySerializer(serializers.ModelSerializer):
    class Meta:
        model = TaskPriority
        fields = ["id", "title", "color"]


class ProjectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Project
        fields = ["id", "title"]


class ClientSerializer(serializers.ModelSerializer):
    class Meta:
        model = Client
        fields = ["id", "name"]


class MilestoneSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="title")

    class Meta:
        model = Milestone
        fields = ["id", "name"]


class AssigneeSerializer(serializers.ModelSerializer):
    id = serializers.IntegerField(source="user.id")
    name = serializers.CharField(source="user.get_full_name")

    class Meta:
        model = TaskAssignee
        fields = ["id", "name"]


class DatesSerializer(serializers.ModelSerializer):
    start = serializers.DateField(source="start_date")
    due = serializers.DateField(source="due_date")
    created = serializers.DateTimeField(source="created_at")
    updated = serializers.DateTimeField(source="updated_at")

    class Meta:
        model = Task
        fields = ["start", "due", "created", "updated"]


class TaskSerializer(serializers.ModelSerializer):
    status = StatusSerializer()
    priority = PrioritySerializer()
    active_state = serializers.SerializerMethodField()
    client_visibility = serializers.SerializerMethodField()
    billable = serializers.SerializerMethodField()
    project = ProjectSerializer()
    client = ClientSerializer(source="project.client")
    milestone = MilestoneSerializer()
    dates = DatesSerializer(source="*")
    time_logged = serializers.IntegerField()
    assigned = AssigneeSerializer(source="assignees", many=True)
    tags = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = [
            *("id", "title", "description", "status", "priority", "active_state"),
            *("client_visibility", "billable", "project", "client", "milestone", "dates"),
            *("time_logged", "assigned", "tags"),
        ]

    def get_active_state(self, task: Task) -> str:
        return "archived" if task.is_archived else "active"

    def get_client_visibility(self, task: Task) -> str:
        return "yes" if task.is_client_visible else "no"

    def get_billable(self, task: Task) -> str:
        return "yes" if task.is_billable else "no"

    def get_tags(self, task: Task) -> list[str]:
        return sorted(tag.name for tag in task.tags.all())


class TaskCreateSerializer(serializers.ModelSerializer):
    task_projectid = serializers.PrimaryKeyRelatedField(
        source="project", queryset=Project.objects.all()
    )
    task_title = serializers.CharField(source="title", max_length=255)
    task_status = serializers.PrimaryKeyRelatedField(
        source="status", queryset=TaskStatus.objects.all()
    )
    task_priority = serializers.PrimaryKeyRelatedField(
        source="priority", queryset=TaskPriority.objects.all()
    )
    task_description = serializers.CharField(source="description", required=False)
    task_date_start = serializers.DateField(source="start_date", required=False)
    task_date_due = serializers.DateField(source="due_date", required=False)
    task_client_visibility = serializers.BooleanField(source="is_client_visible", default=False)
    task_billable = serializers.BooleanField(source="is_billable", default=False)

    class Meta:
        model = Task
        fields = [
            *("task_projectid", "task_title", "task_status", "task_priority", "task_description"),
            *("task_date_start", "task_date_due", "task_client_visibility", "task_billable"),
        ]


class StatusChangeSerializer(serializers.Serializer):
    status = serializers.PrimaryKeyRelatedField(queryset=TaskStatus.objects.all())


class TaskFilterSet(django_filters.FilterSet):
    project_id = django_filters.NumberFilter()
    client_id = django_filters.NumberFilter(field_name="project__client_id")
    status = django_filters.NumberFilter(field_name="status_id")
    priority = django_filters.NumberFilter(field_name="priority_id")
    milestone_id = django_filters.NumberFilter()
    assigned_user_id = django_filters.NumberFilter(field_name="assignees__user_id")
    search = django_filters.CharFilter(field_name="title", lookup_expr="icontains")

    class Meta:
        model = Task
        fields = ["project_id"]


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Any, Any]:
        key = key_of(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if key is None:
            raise AuthenticationFailed
        return key.user, key


class Pagination(PageNumberPagination):
    page_size = 25
    page_size_query_param = "limit"
    max_page_size = 100

    def get_paginated_response(self, data: Any) -> Response:
        paginator = self.page.paginator
        meta = {
            "current_page": self.page.number,
            "per_page": paginator.per_page,
            "total": paginator.count,
            "last_page": paginator.num_pages,
        }
        return Response({"data": data, "meta": meta, "message": "Tasks retrieved successfully."})


class TaskViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    queryset = tasks_with_all()
    serializer_class = TaskSerializer
    authentication_classes = [KeyAuthentication]
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]
    pagination_class = Pagination
    filter_backends = [DjangoFilterBackend]
    filterset_class = TaskFilterSet

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.get_object(), "retrieved")

    def create(self, request: Request) -> Response:
        body = TaskCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        task = create_task(key=request.auth, **body.validated_data)
        return self._answer(self.get_queryset().get(pk=task.pk), "created", status=201)

    @action(detail=True, methods=["put"])
    def status(self, request: Request, pk: str) -> Response:
        body = StatusChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        set_status(key=request.auth, task_id=self.get_object().pk, **body.validated_data)
        return self._answer(self.get_object(), "status updated")

    def _answer(self, task: Task, done: str, status: int = 200) -> Response:
        data = self.get_serializer(task).data
        return Response({"data": data, "message": f"Task {done} successfully."}, status=status)


router = routers.SimpleRouter(trailing_slash=False)
router.register("api/tasks", TaskViewSet)
urlpatterns = router.urls
