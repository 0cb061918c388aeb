"""Textbook FastAPI with async SQLAlchemy: mapped classes, eager loading, response models."""

import datetime as dt
import hashlib
import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    column_property,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)
from sqlalchemy.types import DateTime

_address = os.environ["DATABASE_URL"].partition("://")[2]
engine = create_async_engine(f"postgresql+asyncpg://{_address}")
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    type_annotation_map = {dt.datetime: DateTime(timezone=True), dict[str, Any]: JSONB}


class User(Base):
    __tablename__ = "auth_user"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    is_active: Mapped[bool]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Key(Base):
    __tablename__ = "taskdock_apikey"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    digest: Mapped[str]
    revoked_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    user: Mapped[User] = relationship()


class Status(Base):
    __tablename__ = "taskdock_taskstatus"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    color: Mapped[str]
    is_completed: Mapped[bool | None]


class Priority(Base):
    __tablename__ = "taskdock_taskpriority"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    color: Mapped[str]


class Client(Base):
    __tablename__ = "taskdock_client"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Project(Base):
    __tablename__ = "taskdock_project"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey(Client.id))
    client: Mapped[Client | None] = relationship()


class Milestone(Base):
    __tablename__ = "taskdock_milestone"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id))
    title: Mapped[str]
    is_default: Mapped[bool | None]


class Timer(Base):
    __tablename__ = "taskdock_timers_timer"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int]
    seconds: Mapped[int]
    is_running: Mapped[bool | None]


class Assignee(Base):
    __tablename__ = "taskdock_taskassignee"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("taskdock_task.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    user: Mapped[User] = relationship()


class Tag(Base):
    __tablename__ = "taskdock_tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class TaskTag(Base):
    __tablename__ = "taskdock_tasktag"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("taskdock_task.id"))
    tag_id: Mapped[int] = mapped_column(ForeignKey(Tag.id))


class Task(Base):
    __tablename__ = "taskdock_task"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id))
    milestone_id: Mapped[int] = mapped_column(ForeignKey(Milestone.id))
    status_id: Mapped[int] = mapped_column(ForeignKey(Status.id))
    priority_id: Mapped[int] = mapped_column(ForeignKey(Priority.id))
    title: Mapped[str]
    folded_title: Mapped[str]
    description: Mapped[str | None]
    start_date: Mapped[dt.date | None]
    due_date: Mapped[dt.date | None]
    is_archived: Mapped[bool] = mapped_column(default=False)
    is_client_visible: Mapped[bool]
    is_billable: Mapped[bool]
    position: Mapped[int]
    previous_status_id: Mapped[int | None]
    status_changed_at: Mapped[dt.datetime | None]
    completed_at: Mapped[dt.datetime | None]
    completed_by_id: Mapped[int | None]
    created_by_id: Mapped[int | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = relationship()
    milestone: Mapped[Milestone] = relationship()
    status: Mapped[Status] = relationship()
    priority: Mapped[Priority] = relationship()
    assignees: Mapped[list[Assignee]] = relationship(order_by=Assignee.user_id)
    tag_rows: Mapped[list[Tag]] = relationship(
        secondary=TaskTag.__table__, order_by=Tag.name, viewonly=True
    )

    @property
    def client(self) -> Client | None:
        return self.project.client

    @property
    def active_state(self) -> str:
        return "archived" if self.is_archived else "active"

    @property
    def client_visibility(self) -> str:
        return "yes" if self.is_client_visible else "no"

    @property
    def billable(self) -> str:
        return "yes" if self.is_billable else "no"

    @property
    def dates(self) -> "Task":
        return self

    @property
    def assigned(self) -> list[User]:
        return [row.user for row in self.assignees]

    @property
    def tags(self) -> list[str]:
        return [tag.name for tag in self.tag_rows]


Task.time_logged = column_property(
    select(func.coalesce(func.sum(Timer.seconds), 0))
    .where(Timer.task_id == Task.id, Timer.is_running.is_(None))
    .correlate_except(Timer)
    .scalar_subquery()
)


class History(Base):
    __tablename__ = "taskdock_historyentry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    door: Mapped[str]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    key_id: Mapped[int | None]
    key_name: Mapped[str]
    verb: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    subject_name: Mapped[str]
    changes: Mapped[dict[str, Any]]


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StageOut(Out):
    id: int
    title: str
    color: str


class ProjectOut(Out):
    id: int
    title: str


class NamedOut(Out):
    id: int
    name: str


class MilestoneOut(Out):
    id: int
    name: str = Field(validation_alias="title")


class DatesOut(Out):
    start: dt.date | None = Field(validation_alias="start_date")
    due: dt.date | None = Field(validation_alias="due_date")
    created: dt.datetime = Field(validation_alias="created_at")
    updated: dt.datetime = Field(validation_alias="updated_at")


class TaskOut(Out):
    id: int
    title: str
    description: str | None
    status: StageOut
    priority: StageOut
    active_state: str
    client_visibility: str
    billable: str
    project: ProjectOut
    client: NamedOut | None
    milestone: MilestoneOut
    dates: DatesOut
    time_logged: int
    assigned: list[NamedOut]
    tags: list[str]


class MetaOut(Out):
    current_page: int
    per_page: int
    total: int
    last_page: int


class TaskAnswer(Out):
    data: TaskOut
    message: str


class TaskListAnswer(Out):
    data: list[TaskOut]
    meta: MetaOut
    message: str


class TaskIn(BaseModel):
    task_projectid: int
    task_title: str = Field(min_length=1, max_length=255)
    task_status: int
    task_priority: int
    task_description: str | None = None
    task_date_start: dt.date | None = None
    task_date_due: dt.date | None = None
    task_client_visibility: bool = False
    task_billable: bool = False


class StatusIn(BaseModel):
    status: int


class TaskFilters(BaseModel):
    project_id: int | None = None
    client_id: int | None = None
    status: int | None = None
    priority: int | None = None
    milestone_id: int | None = None
    search: str | None = None
    page: int = Field(1, ge=1)
    limit: int = Field(25, ge=1, le=100)


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened


Session = Annotated[AsyncSession, Depends(session)]


async def caller(
    opened: Session, sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
) -> Key:
    digest = hashlib.sha256(sent.credentials.encode()).hexdigest()
    query = select(Key).where(Key.digest == digest).options(joinedload(Key.user))
    key = await opened.scalar(query)
    if key is None or key.revoked_at is not None or not key.user.is_active:
        raise HTTPException(401)
    if key.expires_at is not None and key.expires_at <= dt.datetime.now(dt.UTC):
        raise HTTPException(401)
    return key


Caller = Annotated[Key, Depends(caller)]
EVERYTHING = (
    joinedload(Task.status),
    joinedload(Task.priority),
    joinedload(Task.milestone),
    joinedload(Task.project).joinedload(Project.client),
    selectinload(Task.assignees).joinedload(Assignee.user),
    selectinload(Task.tag_rows),
)
app = FastAPI(openapi_url=None)


@app.get("/api/tasks", response_model=TaskListAnswer)
async def list_tasks(opened: Session, key: Caller, asked: Annotated[TaskFilters, Query()]) -> Any:
    conditions = {
        Task.project_id: asked.project_id,
        Project.client_id: asked.client_id,
        Task.status_id: asked.status,
        Task.priority_id: asked.priority,
        Task.milestone_id: asked.milestone_id,
    }
    where = [column == value for column, value in conditions.items() if value is not None]
    if asked.search is not None:
        where.append(Task.title.icontains(asked.search, autoescape=True))
    matching = select(Task).where(*where)
    counted = select(func.count(Task.id)).where(*where)
    if asked.client_id is not None:
        matching, counted = matching.join(Task.project), counted.join(Task.project)
    total = await opened.scalar(counted) or 0
    page = (
        matching.options(*EVERYTHING)
        .order_by(Task.created_at.desc(), Task.id.desc())
        .limit(asked.limit)
        .offset((asked.page - 1) * asked.limit)
    )
    rows = (await opened.scalars(page)).all()
    meta = {
        "current_page": asked.page,
        "per_page": asked.limit,
        "total": total,
        "last_page": max(1, -(-total // asked.limit)),
    }
    return {"data": rows, "meta": meta, "message": "Tasks retrieved successfully."}


@app.get("/api/tasks/{task_id}", response_model=TaskAnswer)
async def retrieve(opened: Session, key: Caller, task_id: int) -> Any:
    return await _answer(opened, task_id, "retrieved")


@app.post("/api/tasks", response_model=TaskAnswer, status_code=201)
async def create(opened: Session, key: Caller, body: TaskIn) -> Any:
    """The task and its history."""
    project = await _get(opened, Project, body.task_projectid)
    priority = await _get(opened, Priority, body.task_priority)
    status = await _get(opened, Status, body.task_status)
    default = select(Milestone).where(Milestone.project_id == project.id, Milestone.is_default)
    now = dt.datetime.now(dt.UTC)
    task = Task(
        project=project,
        milestone=(await opened.scalars(default)).one(),
        priority=priority,
        title=body.task_title,
        folded_title=body.task_title.casefold(),
        description=body.task_description,
        start_date=body.task_date_start,
        due_date=body.task_date_due,
        is_client_visible=body.task_client_visibility,
        is_billable=body.task_billable,
        created_by_id=key.user_id,
        created_at=now,
        updated_at=now,
    )
    await _enter(opened, task, status, key, now)
    opened.add(task)
    await opened.flush()
    _record(opened, key, "created", task, {})
    await opened.commit()
    return await _answer(opened, task.id, "created")


@app.put("/api/tasks/{task_id}/status", response_model=TaskAnswer)
async def change_status(opened: Session, key: Caller, task_id: int, body: StatusIn) -> Any:
    status = await _get(opened, Status, body.status)
    locked = select(Task).where(Task.id == task_id).with_for_update(of=Task)
    task = await opened.scalar(locked.options(joinedload(Task.status)))
    if task is None:
        raise HTTPException(404)
    old, now = task.status, dt.datetime.now(dt.UTC)
    if old is not status:
        task.previous_status_id = old.id
        await _enter(opened, task, status, key, now)
        task.updated_at, task.version = now, task.version + 1
        moved = [{"id": stage.id, "name": stage.title} for stage in (old, status)]
        _record(opened, key, "updated", task, {"status": moved})
    await opened.commit()
    return await _answer(opened, task_id, "status updated")


async def _get(opened: AsyncSession, model: Any, key: int) -> Any:
    found = await opened.get(model, key)
    if found is None:
        raise HTTPException(422)
    return found


async def _enter(
    opened: AsyncSession, task: Task, status: Status, key: Key, now: dt.datetime
) -> None:
    with opened.no_autoflush:
        last = await opened.scalar(
            select(func.max(Task.position)).where(Task.status_id == status.id)
        )
    task.status, task.position, task.status_changed_at = status, (last or 0) + 1024, now
    task.completed_at = now if status.is_completed else None
    task.completed_by_id = key.user_id if status.is_completed else None


def _record(opened: AsyncSession, key: Key, verb: str, task: Task, changes: dict[str, Any]) -> None:
    opened.add(
        History(
            at=dt.datetime.now(dt.UTC),
            door="api",
            actor_id=str(key.user_id),
            actor_name=key.user.name,
            key_id=key.id,
            key_name=key.name,
            verb=verb,
            subject_type="task",
            subject_id=task.id,
            subject_name=task.title,
            changes=changes,
        )
    )


async def _answer(opened: AsyncSession, task_id: int, done: str) -> dict[str, Any]:
    query = select(Task).where(Task.id == task_id).options(*EVERYTHING)
    task = await opened.scalar(query.execution_options(populate_existing=True))
    if task is None:
        raise HTTPException(404)
    return {"data": task, "message": f"Task {done} successfully."}
