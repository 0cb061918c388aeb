"""The Milestones API."""

from typing import Annotated, Any, Literal, TypedDict

from django.db.models import QuerySet
from rest_framework.request import Request

from tasks.api.lookups import milestone_of_path
from tasks.exceptions import (
    DefaultMilestoneKept,
    MilestoneNotFound,
    MilestoneTitleTaken,
    NoDefaultMilestone,
)
from tasks.folding import GROWTH
from tasks.models import Milestone
from tasks.models.projects import COLOR_KEY, COLOR_LENGTH, TITLE_LENGTH
from tasks.people import wire_id
from tasks.platform.answers import Answer
from tasks.platform.errors import check_all
from tasks.platform.fields import (
    ArrayField,
    InputSerializer,
    IntegerField,
    KeyField,
    RowField,
    SwitchField,
    TextField,
)
from tasks.platform.listing import ChoiceFilter, ListSpec, SearchFilter
from tasks.platform.operations import operation
from tasks.platform.pages import page_of
from tasks.platform.parsers import MergePatchParser
from tasks.platform.several import single_values
from tasks.platform.shapes import Count, DoneObject, Id, MomentsObject, PersonId, Shape
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet
from tasks.progress import tasks_of_milestone
from tasks.reads import seen
from tasks.services import milestones


class MilestoneObject(TypedDict):
    """A stage of a project. The one that is ``uncategorised`` takes what has no other."""

    id: Id
    title: Annotated[str, Shape(minLength=1, maxLength=TITLE_LENGTH)]
    project_id: Id
    type: Literal["categorised", "uncategorised"]
    color: Annotated[str, Shape(pattern=f"^{COLOR_KEY}$", maxLength=COLOR_LENGTH)]
    position: int
    creator_id: PersonId | None
    tasks_count: Count
    dates: MomentsObject


MILESTONE: MilestoneObject = {
    "id": 22,
    "title": "Launch",
    "project_id": 7,
    "type": "categorised",
    "color": "success",
    "position": 2048,
    "creator_id": 53,
    "tasks_count": 4,
    "dates": {
        "created": "2026-05-28T09:30:00.000000Z",
        "updated": "2026-05-28T09:30:00.000000Z",
    },
}


class MilestoneOrderObject(TypedDict):
    """The ids as they were sent."""

    milestones: list[Id]


MILESTONE_LIST = ListSpec(
    filters={
        "type": ChoiceFilter("is_default__isnull", {"categorised": True, "uncategorised": False}),
        "search": SearchFilter("folded_title", longest=GROWTH * TITLE_LENGTH),
    },
    sorts={
        "milestone_title": "title",
        "milestone_position": "position",
        "milestone_created": "created_at",
    },
    default_sort="position",
    default_descending=False,
    sorted_descending=True,
)


class MilestoneProjectSerializer(InputSerializer):
    """The project that a list is asked for."""

    project_id = RowField(source="project", rows=seen.projects)


class MilestoneUpdateSerializer(InputSerializer):
    """``PATCH``."""

    milestone_title = TextField(source="title", max_length=TITLE_LENGTH, trim=True)
    milestone_color = KeyField(source="color", max_length=COLOR_LENGTH)


class MilestoneCreateSerializer(MilestoneUpdateSerializer):
    """``POST``."""

    milestone_projectid = RowField(source="project", rows=seen.projects)


class MilestoneDeleteSerializer(InputSerializer):
    """``DELETE``, in the body or in the query."""

    delete_tasks = SwitchField()


class MilestonePositionsSerializer(InputSerializer):
    """``PUT /milestones/positions``: ids of one project, each once."""

    milestones = ArrayField(source="milestone_ids", item=IntegerField(), allow_empty=False)

    def cross_check(self, values: dict[str, Any]) -> None:
        """Raises as ``sort_milestones`` will."""
        if "milestone_ids" in values:
            milestones.project_of_all(
                actor=self.context["actor"], milestone_ids=values["milestone_ids"]
            )


class MilestoneViewSet(APIViewSet):
    """The milestones of a project."""

    not_found = MilestoneNotFound
    kind = "Milestone"
    tag = "Milestones"

    @operation(
        summary="List the milestones of a project",
        message="Milestones retrieved successfully.",
        query=MilestoneProjectSerializer,
        listing=MILESTONE_LIST,
        data=MilestoneObject,
        example=MILESTONE,
    )
    def list(self, request: Request) -> Answer:
        """Without ``sort``, by position from the first."""
        asked = MilestoneProjectSerializer(
            data=single_values(request.query_params), context={"actor": self.actor}
        )
        fields, query = check_all(asked.parsed, self.asked)
        seen = self._seen().filter(project=fields["project"])
        page = page_of(query, seen)
        return self.answer([milestone_representation(row) for row in page.of(seen)], meta=page.meta)

    @operation(
        summary="Get a milestone",
        message="Milestone retrieved successfully.",
        data=MilestoneObject,
        example=MILESTONE,
    )
    def retrieve(self, request: Request, milestone_id: str) -> Answer:
        return self._answer_with(self.path_id(milestone_id))

    @operation(
        summary="Create a milestone",
        message="Milestone created successfully.",
        status=201,
        body=MilestoneCreateSerializer,
        sends={
            "milestone_projectid": 7,
            "milestone_title": "Press week",
            "milestone_color": "success",
        },
        data=MilestoneObject,
        example={**MILESTONE, "tasks_count": 0},
        refuses=(MilestoneTitleTaken,),
    )
    def create(self, request: Request) -> Answer:
        """At the end of the project's."""
        milestone = milestones.create_milestone(actor=self.actor, **self.validate())
        return self._answer_with(milestone.pk)

    @operation(
        summary="Update a milestone",
        message="Milestone updated successfully.",
        body=MilestoneUpdateSerializer,
        sends={"milestone_title": "Press week", "milestone_color": "success"},
        data=MilestoneObject,
        example=MILESTONE,
        refuses=(MilestoneTitleTaken,),
    )
    def update(self, request: Request, milestone_id: str) -> Answer:
        """As a merge patch (RFC 7396) nothing is required."""
        milestone = milestone_of_path(self, milestone_id)
        milestones.update_milestone(actor=self.actor, milestone_id=milestone.pk, **self.validate())
        return self._answer_with(milestone.pk)

    @operation(
        summary="Delete a milestone",
        message="Milestone deleted successfully.",
        query=MilestoneDeleteSerializer,
        body=MilestoneDeleteSerializer,
        sends={"delete_tasks": "yes"},
        data=DoneObject,
        example={"id": 22},
        refuses=(DefaultMilestoneKept, NoDefaultMilestone),
    )
    def destroy(self, request: Request, milestone_id: str) -> Answer:
        """Its tasks move to the project's default milestone; with ``delete_tasks`` they go too.

        ``delete_tasks`` may stand in the body or in the query; where both have it, the body counts.
        """
        milestone = milestone_of_path(self, milestone_id)
        asked = MilestoneDeleteSerializer(data=request.query_params)
        queried, sent = check_all(asked.parsed, self.validate)
        milestones.delete_milestone(actor=self.actor, milestone_id=milestone.pk, **(queried | sent))
        return self.answer({"id": milestone.pk})

    @operation(
        summary="Sort the milestones of a project",
        message="Milestone positions updated successfully.",
        body=MilestonePositionsSerializer,
        sends={"milestones": [2, 1]},
        data=MilestoneOrderObject,
        example={"milestones": [2, 1]},
    )
    def set_positions(self, request: Request) -> Answer:
        """These come first, in this order; the project's others follow."""
        fields = self.validate()
        milestones.sort_milestones(actor=self.actor, **fields)
        return self.answer({"milestones": fields["milestone_ids"]})

    def _seen(self) -> QuerySet[Any]:
        seen: QuerySet[Any] = Milestone.objects.visible_to(self.actor)
        counted: QuerySet[Any] = seen.annotate(tasks_count=tasks_of_milestone(self.actor))
        return counted

    def _answer_with(self, milestone_id: int) -> Answer:
        milestone = self._seen().filter(pk=milestone_id).first()
        if milestone is None:
            raise MilestoneNotFound
        return self.answer(milestone_representation(milestone))


class MilestoneDetailViewSet(MilestoneViewSet):
    """The path that also takes merge patches."""

    parser_classes = [*APIViewSet.parser_classes, MergePatchParser]


def milestone_representation(milestone: Any) -> MilestoneObject:
    """The documented object of a milestone that carries its number of tasks."""
    creator_id = milestone.created_by_id
    return {
        "id": milestone.pk,
        "title": milestone.title,
        "project_id": milestone.project_id,
        "type": "uncategorised" if milestone.is_default else "categorised",
        "color": milestone.color,
        "position": milestone.position,
        "creator_id": None if creator_id is None else wire_id(creator_id),
        "tasks_count": max(0, milestone.tasks_count),
        "dates": {
            "created": utc_text(milestone.created_at),
            "updated": utc_text(milestone.updated_at),
        },
    }
