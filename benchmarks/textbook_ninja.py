"""Textbook django-ninja: schemas with resolvers over model instances, a filter schema."""

import datetime as dt
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path
from ninja import Field, FilterLookup, FilterSchema, NinjaAPI, Query, Schema
from ninja.security import HttpBearer
from pydantic import PlainSerializer

from benchmarks.textbook_queries import create_task, key_of, set_status, tasks_with_all
from tasks.models import Project, Task, TaskPriority, TaskStatus


class KeyAuthentication(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return key_of(token)


#: Django's encoder would drop the microseconds.
Moment = Annotated[dt.datetime, PlainSerializer(lambda moment: f"{moment:%FT%T.%fZ}")]
api = NinjaAPI(auth=KeyAuthentication(), docs_url=None)


class Stage(Schema):
    id: int
    title: str
    color: str


class ProjectName(Schema):
    id: int
    title: str


class Named(Schema):
    id: int
    name: str


class MilestoneName(Schema):
    id: int
    name: str = Field(alias="title")


class Assignee(Schema):
    id: int = Field(alias="user.id")
    name: str = Field(alias="user.get_full_name")


class Dates(Schema):
    start: dt.date | None = Field(alias="start_date")
    due: dt.date | None = Field(alias="due_date")
    created: Moment = Field(alias="created_at")
    updated: Moment = Field(alias="updated_at")


class TaskOut(Schema):
    id: int
    title: str
    description: str | None
    status: Stage
    priority: Stage
    active_state: str
    client_visibility: str
    billable: str
    project: ProjectName
    client: Named | None = Field(alias="project.client")
    milestone: MilestoneName
    dates: Dates
    time_logged: int
    assigned: list[Assignee] = Field(alias="assignees")
    tags: list[str]

    @staticmethod
    def resolve_active_state(task: Task) -> str:
        return "archived" if task.is_archived else "active"

    @staticmethod
    def resolve_client_visibility(task: Task) -> str:
        return "yes" if task.is_client_visible else "no"

    @staticmethod
    def resolve_billable(task: Task) -> str:
        return "yes" if task.is_billable else "no"

    @staticmethod
    def resolve_dates(task: Task) -> Task:
        return task

    @staticmethod
    def resolve_tags(task: Task) -> list[str]:
        return sorted(tag.name for tag in task.tags.all())


class Meta(Schema):
    current_page: int
    per_page: int
    total: int
    last_page: int


class TaskAnswer(Schema):
    data: TaskOut
    message: str


class TaskListAnswer(Schema):
    data: list[TaskOut]
    meta: Meta
    message: str


class TaskFilters(FilterSchema):
    project_id: int | None = None
    client_id: Annotated[int | None, FilterLookup("project__client_id")] = None
    status: int | None = None
    priority: int | None = None
    milestone_id: int | None = None
    assigned_user_id: Annotated[int | None, FilterLookup("assignees__user_id")] = None
    search: Annotated[str | None, FilterLookup("title__icontains")] = None


class TaskIn(Schema):
    task_projectid: int
    task_title: str = Field(min_length=1, max_length=255)
    task_status: int
    task_priority: int
    task_description: str | None = None
    task_date_start: dt.date | None = None
    task_date_due: dt.date | None = None
    task_client_visibility: bool = False
    task_billable: bool = False


class StatusIn(Schema):
    status: int


@api.get("/tasks", response=TaskListAnswer)
def list_tasks(
    request: HttpRequest, filters: Query[TaskFilters], page: int = 1, limit: int = 25
) -> Any:
    found = Paginator(filters.filter(tasks_with_all()), min(limit, 100)).page(page)
    meta = {
        "current_page": page,
        "per_page": limit,
        "total": found.paginator.count,
        "last_page": found.paginator.num_pages,
    }
    rows = list(found.object_list)
    return {"data": rows, "meta": meta, "message": "Tasks retrieved successfully."}


@api.post("/tasks", response={201: TaskAnswer})
def create(request: HttpRequest, body: TaskIn) -> Any:
    task = create_task(
        key=request.auth,
        project=get_object_or_404(Project, pk=body.task_projectid),
        status=get_object_or_404(TaskStatus, pk=body.task_status),
        priority=get_object_or_404(TaskPriority, pk=body.task_priority),
        title=body.task_title,
        description=body.task_description,
        start_date=body.task_date_start,
        due_date=body.task_date_due,
        is_client_visible=body.task_client_visibility,
        is_billable=body.task_billable,
    )
    return 201, _answer(task.pk, "created")


@api.get("/tasks/{task_id}", response=TaskAnswer)
def retrieve(request: HttpRequest, task_id: int) -> Any:
    return _answer(task_id, "retrieved")


@api.put("/tasks/{task_id}/status", response=TaskAnswer)
def change_status(request: HttpRequest, task_id: int, body: StatusIn) -> Any:
    status = get_object_or_404(TaskStatus, pk=body.status)
    set_status(key=request.auth, task_id=task_id, status=status)
    return _answer(task_id, "status updated")


def _answer(task_id: int, done: str) -> dict[str, Any]:
    task = get_object_or_404(tasks_with_all(), pk=task_id)
    return {"data": task, "message": f"Task {done} successfully."}


urlpatterns = [path("api/", api.urls)]
