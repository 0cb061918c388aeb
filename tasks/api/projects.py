"""The Projects API. Stopping a project's timers comes with the timers app."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from rest_framework.request import Request

from tasks.api.lookups import project_of_path
from tasks.api.serializers import AssignedSerializer, TagsSerializer
from tasks.exceptions import FileMissing, NoDefaultStatus, ProjectNotFound
from tasks.folding import GROWTH
from tasks.models import Project
from tasks.models.projects import TITLE_LENGTH
from tasks.platform.answers import Answer
from tasks.platform.fields import (
    ChoiceField,
    DateField,
    InputSerializer,
    IntegerField,
    RowField,
    SwitchField,
    TextField,
    UserField,
    UserIdField,
)
from tasks.platform.listing import ChoiceFilter, IdFilter, ListSpec, SearchFilter
from tasks.platform.operations import operation
from tasks.platform.parsers import MergePatchParser, as_form
from tasks.platform.shapes import (
    ActiveState,
    Day,
    DoneObject,
    Id,
    Moment,
    NamedObject,
    Percentage,
    PersonObject,
    Shape,
    YesNo,
)
from tasks.platform.views import APIViewSet
from tasks.reads import seen
from tasks.reads.reading import Reading
from tasks.reads.sources import Always, Each, From, Names, People
from tasks.services import project_cloning, projects
from tasks.services.tasks import check_dates

StatusWord = Literal["not_started", "in_progress", "on_hold", "cancelled", "completed"]


class ProjectDatesObject(TypedDict):
    """The days of a project, and when it was made and last changed."""

    start: Annotated[Day | None, From("start_date")]
    due: Annotated[Day | None, From("due_date")]
    created: Annotated[Moment, From("created_at")]
    updated: Annotated[Moment, From("updated_at")]


class ProjectBillingObject(TypedDict):
    """What other sites of this dialect bill by. Here it is always the same."""

    type: Literal["hourly"]
    rate: str
    estimated_hours: int
    costs_estimate: str


class ProjectPermissionsObject(TypedDict):
    """What other sites of this dialect let clients do. Here it is always the same."""

    clientperm_tasks_view: YesNo
    clientperm_tasks_collaborate: YesNo
    clientperm_tasks_create: YesNo
    clientperm_timesheets_view: YesNo
    clientperm_expenses_view: YesNo
    assignedperm_tasks_collaborate: YesNo


BILLING: ProjectBillingObject = {
    "type": "hourly",
    "rate": "0.00",
    "estimated_hours": 0,
    "costs_estimate": "0.00",
}
PERMISSIONS: ProjectPermissionsObject = {
    "clientperm_tasks_view": "no",
    "clientperm_tasks_collaborate": "no",
    "clientperm_tasks_create": "no",
    "clientperm_timesheets_view": "no",
    "clientperm_expenses_view": "no",
    "assignedperm_tasks_collaborate": "yes",
}


def _by_hand(progress: int | None) -> str:
    return "no" if progress is None else "yes"


class ProjectObject(TypedDict):
    """A project.

    Unless it is set by hand, ``progress`` is the share of the active tasks that are completed, as
    a percentage rounded down. ``reference`` and ``category`` are always null here.
    """

    id: Annotated[Id, From("pk")]
    title: Annotated[str, Shape(minLength=1, maxLength=TITLE_LENGTH), From("title")]
    description: Annotated[str | None, From("description")]
    reference: Annotated[None, Always(None)]
    status: Annotated[StatusWord, From("status")]
    active_state: Annotated[ActiveState, From("is_archived")]
    progress: Annotated[Percentage, From("progress")]
    progress_manually: Annotated[YesNo, From("manual_progress", made=_by_hand)]
    client: Annotated[NamedObject | None, Each(id="client_id", name="client__name")]
    category: Annotated[None, Always(None)]
    dates: ProjectDatesObject
    billing: Annotated[ProjectBillingObject, Always(BILLING)]
    permissions: Annotated[ProjectPermissionsObject, Always(PERMISSIONS)]
    assigned: Annotated[list[PersonObject], People("members__user")]
    managers: Annotated[list[PersonObject], People("manager")]
    tags: Annotated[list[str], Names("project_tags__tag__name")]


#: How a project is read: for lists, for one, and for the answers of writes.
PROJECTS = Reading(Project, ProjectObject, rows=seen.projects_with_progress)

PROJECT: ProjectObject = {
    "id": 7,
    "title": "Website Redesign",
    "description": None,
    "reference": None,
    "status": "in_progress",
    "active_state": "active",
    "progress": 40,
    "progress_manually": "no",
    "client": {"id": 12, "name": "Acme Inc"},
    "category": None,
    "dates": {
        "start": "2026-06-01",
        "due": "2026-08-30",
        "created": "2026-05-28T09:30:00.000000Z",
        "updated": "2026-06-17T09:30:00.000000Z",
    },
    "billing": BILLING,
    "permissions": PERMISSIONS,
    "assigned": [{"id": 53, "name": "Sam Lee"}],
    "managers": [{"id": 53, "name": "Sam Lee"}],
    "tags": ["q3"],
}

_STATUSES: Mapping[str, str] = {word: word for word in Project.Status.values}

PROJECT_LIST = ListSpec(
    rows=seen.projects_with_progress,
    filters={
        "status": ChoiceFilter("status", _STATUSES),
        "client_id": IdFilter("client_id"),
        "active_state": ChoiceFilter("is_archived", {"active": False, "archived": True}),
        "search": SearchFilter("folded_title", longest=GROWTH * TITLE_LENGTH),
    },
    sorts={
        "project_title": "title",
        "project_status": "status",
        "project_date_start": "start_date",
        "project_date_due": "due_date",
        "project_created": "created_at",
        "project_progress": "progress",
    },
    default_sort="created_at",
    nullable=frozenset({"start_date", "due_date"}),
)


class _DatesSerializer(InputSerializer):
    """Compares the days as they will be: sent, or else those of the project in the context."""

    def cross_check(self, values: dict[str, Any]) -> None:
        """Raises ``DueBeforeStart``. One that was sent wrong is neither sent nor stored."""
        stored: Project | None = self.context.get("project")
        sent = as_form(self.initial_data)
        names = (("project_date_start", "start_date"), ("project_date_due", "due_date"))
        check_dates(
            **{
                source: values.get(source) if name in sent else getattr(stored, source, None)
                for name, source in names
            }
        )


class ProjectUpdateSerializer(_DatesSerializer):
    """``PATCH``: what is optional and left out keeps its value. The client is fixed."""

    project_title = TextField(source="title", max_length=TITLE_LENGTH, trim=True)
    project_date_start = DateField(source="start_date")
    project_date_due = DateField(source="due_date", required=False, allow_null=True)
    project_description = TextField(source="description", required=False, allow_null=True)
    project_progress_manually = SwitchField(source="progress_by_hand")


class ProjectCreateSerializer(ProjectUpdateSerializer):
    """``POST``."""

    project_clientid = RowField(source="client", rows=seen.clients)
    project_creatorid = UserField(source="created_by_id", required=False)


class ProjectManagerSerializer(InputSerializer):
    """``PUT .../manager``: empty for nobody."""

    manager = UserIdField(source="user_id", allow_null=True)


class ProjectStatusSerializer(InputSerializer):
    """``PUT .../status``."""

    status = ChoiceField(choices=_STATUSES)


class ProjectProgressSerializer(InputSerializer):
    """``PUT .../progress``: a percentage."""

    progress = IntegerField(source="manual_progress", most=100)


class ProjectCloneSerializer(_DatesSerializer):
    """``POST .../clone``: what is left out is the source's; a due date sent empty is none.

    A project has no files of its own that ``copy_files`` could mean.
    """

    project_title = TextField(source="title", max_length=TITLE_LENGTH, trim=True)
    project_clientid = RowField(source="client", rows=seen.clients, required=False)
    project_date_start = DateField(source="start_date", required=False)
    project_date_due = DateField(source="due_date", required=False, allow_null=True)
    copy_milestones = SwitchField()
    copy_tasks = SwitchField()
    copy_tasks_checklist = SwitchField()
    copy_tasks_files = SwitchField()
    copy_files = SwitchField()

    def cross_check(self, values: dict[str, Any]) -> None:
        """Puts what the source has in the place of what was not sent."""
        super().cross_check(values)
        source: Project = self.context["project"]
        for name in ("client", "start_date", "due_date"):
            values.setdefault(name, getattr(source, name))
        values["wanted"] = project_cloning.Wanted(
            milestones=values.pop("copy_milestones", False),
            tasks=values.pop("copy_tasks", False),
            checklists=values.pop("copy_tasks_checklist", False),
            files=values.pop("copy_tasks_files", False),
        )
        values.pop("copy_files", None)


_DETAILS = {
    "project_title": "Website Redesign",
    "project_date_start": "2026-06-01",
    "project_date_due": "2026-08-30",
}


class ProjectViewSet(APIViewSet):
    """Projects, and who works on them."""

    not_found = ProjectNotFound
    kind = "Project"
    tag = "Projects"

    @operation(
        summary="List and search projects",
        message="Projects retrieved successfully.",
        listing=PROJECT_LIST,
        reads=PROJECTS,
        data=ProjectObject,
        example=PROJECT,
    )
    def list(self, request: Request) -> Answer:
        return self.told(PROJECTS)

    @operation(
        summary="Get a project",
        message="Project retrieved successfully.",
        data=ProjectObject,
        example=PROJECT,
        reads=PROJECTS,
    )
    def retrieve(self, request: Request, project_id: str) -> Answer:
        return self.told_one(project_id)

    @operation(
        summary="Create a project",
        message="Project created successfully.",
        status=201,
        body=ProjectCreateSerializer,
        sends={"project_clientid": 12, **_DETAILS},
        data=ProjectObject,
        example={**PROJECT, "status": "not_started", "progress": 0},
    )
    def create(self, request: Request) -> Answer:
        """With its default milestone, "Uncategorised"."""
        project = projects.create_project(actor=self.actor, **self.validate())
        return self._answer_with(project.pk)

    @operation(
        summary="Update a project",
        message="Project updated successfully.",
        body=ProjectUpdateSerializer,
        sends=_DETAILS,
        data=ProjectObject,
        example=PROJECT,
    )
    def update(self, request: Request, project_id: str) -> Answer:
        """An optional field that is left out keeps its value. The client can't be changed here.

        As a merge patch (RFC 7396) nothing is required.
        """
        project = project_of_path(self, project_id)
        projects.update_project(
            actor=self.actor, project_id=project.pk, **self.validate(project=project)
        )
        return self._answer_with(project.pk)

    @operation(
        summary="Delete a project",
        message="Project deleted successfully.",
        data=DoneObject,
        example={"id": 7},
    )
    def destroy(self, request: Request, project_id: str) -> Answer:
        """With its milestones, tasks and all that belongs to them. 409 where time is invoiced."""
        project = project_of_path(self, project_id)
        projects.delete_project(actor=self.actor, project_id=project.pk)
        return self.answer({"id": project.pk})

    @operation(
        summary="Set who works on a project",
        message="Project assignees updated successfully.",
        body=AssignedSerializer,
        sends={"assigned": [53]},
        data=ProjectObject,
        example=PROJECT,
    )
    def assign(self, request: Request, project_id: str) -> Answer:
        """All of its team from now on; each must be a team member."""
        project = project_of_path(self, project_id)
        fields = self.validate(assigned_ids=project.members.values_list("user_id", flat=True))
        projects.set_members(actor=self.actor, project_id=project.pk, **fields)
        return self._answer_with(project.pk)

    @operation(
        summary="Set the manager of a project",
        message="Project manager updated successfully.",
        body=ProjectManagerSerializer,
        sends={"manager": 53},
        data=ProjectObject,
        example=PROJECT,
    )
    def set_manager(self, request: Request, project_id: str) -> Answer:
        """A team member; empty for nobody."""
        project = project_of_path(self, project_id)
        projects.set_manager(actor=self.actor, project_id=project.pk, **self.validate())
        return self._answer_with(project.pk)

    @operation(
        summary="Change the status of a project",
        message="Project status updated successfully.",
        body=ProjectStatusSerializer,
        sends={"status": "in_progress"},
        data=ProjectObject,
        example=PROJECT,
    )
    def set_status(self, request: Request, project_id: str) -> Answer:
        project = project_of_path(self, project_id)
        projects.update_project(actor=self.actor, project_id=project.pk, **self.validate())
        return self._answer_with(project.pk)

    @operation(
        summary="Set the progress of a project by hand",
        message="Project progress updated successfully.",
        body=ProjectProgressSerializer,
        sends={"progress": 40},
        data=ProjectObject,
        example={**PROJECT, "progress_manually": "yes"},
    )
    def set_progress(self, request: Request, project_id: str) -> Answer:
        """It stays until it is set again, or ``project_progress_manually`` is turned off."""
        project = project_of_path(self, project_id)
        projects.update_project(actor=self.actor, project_id=project.pk, **self.validate())
        return self._answer_with(project.pk)

    @operation(
        summary="Set the tags of a project",
        message="Project tags updated successfully.",
        body=TagsSerializer,
        sends={"tags": ["q3"]},
        data=ProjectObject,
        example=PROJECT,
    )
    def set_tags(self, request: Request, project_id: str) -> Answer:
        """All its tags from now on."""
        project = project_of_path(self, project_id)
        projects.set_project_tags(actor=self.actor, project_id=project.pk, **self.validate())
        return self._answer_with(project.pk)

    @operation(
        summary="Archive a project",
        message="Project archived successfully.",
        data=ProjectObject,
        example={**PROJECT, "active_state": "archived"},
    )
    def archive(self, request: Request, project_id: str) -> Answer:
        """Its tasks stay as they are."""
        project = project_of_path(self, project_id)
        projects.archive_project(actor=self.actor, project_id=project.pk)
        return self._answer_with(project.pk)

    @operation(
        summary="Restore an archived project",
        message="Project restored successfully.",
        data=ProjectObject,
        example=PROJECT,
    )
    def restore(self, request: Request, project_id: str) -> Answer:
        project = project_of_path(self, project_id)
        projects.restore_project(actor=self.actor, project_id=project.pk)
        return self._answer_with(project.pk)

    @operation(
        summary="Clone a project",
        message="Project cloned successfully.",
        status=201,
        body=ProjectCloneSerializer,
        sends={
            "project_title": "Website Redesign (copy)",
            "copy_milestones": "on",
            "copy_tasks": "on",
        },
        data=ProjectObject,
        example={
            **PROJECT,
            "id": 40,
            "title": "Website Redesign (copy)",
            "status": "not_started",
            "progress": 0,
        },
        refuses=(FileMissing, NoDefaultStatus),
    )
    def clone(self, request: Request, project_id: str) -> Answer:
        """The copy has not begun: its tasks are in the default status, their checklists pending.

        Client and days are the source's unless they are sent; a due date that is sent empty is
        none. Without their milestones, tasks go to the default one. All or nothing.
        """
        project = project_of_path(self, project_id)
        clone = project_cloning.clone_project(
            actor=self.actor, project_id=project.pk, **self.validate(project=project)
        )
        return self._answer_with(clone.pk)

    def _answer_with(self, project_id: int) -> Answer:
        project = PROJECTS.one(self.actor, project_id)
        if project is None:
            raise ProjectNotFound
        return self.answer(project)


class ProjectDetailViewSet(ProjectViewSet):
    """The path that also takes merge patches."""

    parser_classes = [*APIViewSet.parser_classes, MergePatchParser]
