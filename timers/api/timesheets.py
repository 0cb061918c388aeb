"""The Timesheets API: the time entries of all tasks, by hand, stopped and running."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request

from tasks.actors import Actor
from tasks.exceptions import Invalid
from tasks.people import members_visible_to, storable, wire_id
from tasks.platform import wording
from tasks.platform.answers import Answer
from tasks.platform.fields import (
    DateField,
    DecimalField,
    InputSerializer,
    IntegerField,
    UserIdField,
)
from tasks.platform.listing import (
    ChoiceFilter,
    DateFilter,
    IdFilter,
    ListQuery,
    ListSpec,
    UserFilter,
)
from tasks.platform.operations import operation
from tasks.platform.pages import ListShape, told_page
from tasks.platform.parsers import MergePatchParser, as_form
from tasks.platform.shapes import Count, Day, DoneObject, Id, Moment, PagesObject, PersonId
from tasks.platform.views import APIViewSet
from tasks.querysets import is_narrowed
from tasks.reads.reading import Reading
from tasks.reads.sources import Always, From, Words
from tasks.statements import seen
from timers.exceptions import TimeOutOfRange, TimerIsInvoiced, TimerIsRunning, TimerNotFound
from timers.models import Timer, TimeTally
from timers.models.timers import seconds_at, status_of
from timers.reads import TimeTotals, entries, time_sums
from timers.services import timers
from timers.services.timers import HOUR, MINUTE

TIMESHEET_LIST = ListSpec(
    rows=entries,
    filters={
        "task_id": IdFilter("task_id", is_steady=True),
        "project_id": IdFilter("task__project_id"),
        "client_id": IdFilter("task__project__client_id"),
        "user_id": UserFilter("user_id", is_steady=True),
        "status": ChoiceFilter("is_running", {"running": True, "stopped": None}),
        "billing_status": ChoiceFilter("is_invoiced", {"not_invoiced": False, "invoiced": True}),
        "date_start": DateFilter("work_date__gte"),
        "date_end": DateFilter("work_date__lte"),
    },
    # "Created" is the day of the work, as in the object. Running timers have no time yet.
    sorts={"timer_created": "work_date", "timer_time": "seconds"},
    default_sort="work_date",
)
#: Filters by what the tally tells apart.
TALLIED = {"billing_status", "date_start", "date_end"}


def time_readable(seconds: int) -> str:
    """``1h 30m``, ``2h``, ``30m``; seconds only below a minute, ``45s``, and none is ``0m``."""
    minutes, beyond = divmod(seconds, MINUTE)
    if minutes == 0:
        return f"{beyond}s" if beyond else "0m"
    hours, minutes = divmod(minutes, HOUR // MINUTE)
    return " ".join(f"{number}{unit}" for number, unit in ((hours, "h"), (minutes, "m")) if number)


def _person_id(user_id: Any) -> int | str | None:
    return None if user_id is None else wire_id(user_id)


class TimesheetBillingObject(TypedDict):
    """Whether the time is invoiced. There are no invoices here, so their id is null."""

    status: Annotated[
        Annotated[Literal["not_invoiced", "invoiced"], Words("not_invoiced", "invoiced")],
        From("is_invoiced"),
    ]
    invoice_id: Annotated[Id | None, Always(None)]


class TimesheetDatesObject(TypedDict):
    """The day of the work, and when its timer ran; null for time entered by hand."""

    created: Annotated[Day, From("work_date")]
    started: Annotated[Moment | None, From("started_at")]
    stopped: Annotated[Moment | None, From("stopped_at")]


def _readable_at(*timer: Any) -> str:
    return time_readable(seconds_at(*timer))


class TimesheetObject(TypedDict):
    """A time entry. ``time_seconds`` of a running timer are those so far."""

    id: Annotated[Id, From("pk")]
    task_id: Annotated[Id, From("task_id")]
    project_id: Annotated[Id, From("task__project_id")]
    client_id: Annotated[Id | None, From("task__project__client_id")]
    worked_by_id: Annotated[PersonId | None, From("user_id", made=_person_id)]
    recorded_by_id: Annotated[PersonId | None, From("recorded_by_id", made=_person_id)]
    time_seconds: Annotated[
        Count, From("is_running", "started_at", "seconds", made=seconds_at, at_once=True)
    ]
    time_readable: Annotated[
        str, From("is_running", "started_at", "seconds", made=_readable_at, at_once=True)
    ]
    status: Annotated[Literal["running", "stopped"], From("is_running", made=status_of)]
    billing: TimesheetBillingObject
    dates: TimesheetDatesObject


#: How a time entry is read: for lists, for one, and for the answers of writes.
TIMESHEETS = Reading(Timer, TimesheetObject, rows=entries)

TIMESHEET: TimesheetObject = {
    "id": 1,
    "task_id": 120,
    "project_id": 7,
    "client_id": 12,
    "worked_by_id": 53,
    "recorded_by_id": 53,
    "time_seconds": 5400,
    "time_readable": "1h 30m",
    "status": "stopped",
    "billing": {"status": "not_invoiced", "invoice_id": None},
    "dates": {"created": "2026-06-17", "started": None, "stopped": None},
}


class TimesheetMetaObject(PagesObject):
    """The page, and the seconds of all entries that match."""

    time_seconds: Count


class _TeamMemberField(UserIdField):
    """The id of a team member; gives the user."""

    default_error_messages = {"selected": wording.SELECTED}

    def to_internal_value(self, data: Any) -> Any:
        user_id = super().to_internal_value(data)
        members = members_visible_to(self.context["actor"])
        member = members.filter(pk=user_id).first() if storable(user_id) else None
        if member is None:
            self.fail("selected")
        return member


class TimesheetUpdateSerializer(InputSerializer):
    """``PATCH``: both parts of the time; in a merge patch, one left out keeps what it was."""

    hours = DecimalField()
    minutes = DecimalField()

    def cross_check(self, values: dict[str, Any]) -> None:
        """Raises ``TimeOutOfRange`` for the time as it will be."""
        stored: Timer | None = self.context.get("timer")
        if self._is_whole(values):
            timers.check_seconds(
                timers.seconds_of(
                    hours=values.get("hours"),
                    minutes=values.get("minutes"),
                    stored=0 if stored is None else stored.seconds,
                )
            )

    def errors_of(self, error: Invalid) -> dict[str, list[str]]:
        """The time is that of both parts, and the mistake is told at the last."""
        if isinstance(error, TimeOutOfRange):
            return {"minutes": [error.worded(lambda _: "time")]}
        return super().errors_of(error)

    def _is_whole(self, values: Mapping[str, Any]) -> bool:
        """Whether the time is known from what was sent and, in a merge patch, what is stored."""
        parts = {"hours", "minutes"}
        wanted = parts & as_form(self.initial_data).keys() if self.partial else parts
        return bool(wanted) and wanted <= values.keys()


class TimesheetCreateSerializer(TimesheetUpdateSerializer):
    """``POST``: everything is required. The task is looked for once all else is right."""

    task_id = IntegerField()
    user_id = _TeamMemberField(source="user")
    timer_created = DateField(source="work_date")

    def cross_check(self, values: dict[str, Any]) -> None:
        """Puts the seconds in place of both parts. Raises ``TimeOutOfRange``."""
        super().cross_check(values)
        if self._is_whole(values):
            values["seconds"] = timers.seconds_of(
                hours=values.pop("hours"), minutes=values.pop("minutes")
            )


class TimesheetViewSet(APIViewSet):
    """Time entries of all tasks. Timers are started and stopped in the admin."""

    not_found = TimerNotFound
    kind = "Timesheet"
    tag = "Timesheets"

    @operation(
        summary="List timesheets",
        message="Timesheets retrieved successfully.",
        listing=TIMESHEET_LIST,
        data=TimesheetObject,
        example=TIMESHEET,
        meta=TimesheetMetaObject,
        meta_example={"time_seconds": 5400},
    )
    def list(self, request: Request) -> Answer:
        """Sorted by time, a running timer counts as 0; its seconds so far are in the total."""
        query, now = self.asked(), timezone.now()
        totals = _totals(query, self.actor, now)
        data, meta = told_page(query, self.actor, TIMESHEETS, total=totals.entries, now=now)
        return self.answer(data, meta=meta | {"time_seconds": totals.seconds})

    @operation(
        summary="Get a timesheet",
        message="Timesheet retrieved successfully.",
        data=TimesheetObject,
        example=TIMESHEET,
        reads=TIMESHEETS,
    )
    def retrieve(self, request: Request, timesheet_id: str) -> Answer:
        return self.told_one(timesheet_id)

    @operation(
        summary="Record time",
        message="Timesheet created successfully.",
        status=201,
        body=TimesheetCreateSerializer,
        sends={
            "task_id": 120,
            "user_id": 53,
            "hours": 1,
            "minutes": 30,
            "timer_created": "2026-06-17",
        },
        data=TimesheetObject,
        example=TIMESHEET,
    )
    def create(self, request: Request) -> Answer:
        """Between one minute and 24 hours, to the nearest second, on the given day.

        A task that does not exist is a 404.
        """
        timer = timers.add_time(actor=self.actor, **self.validate())
        return self._answer_with(timer.pk)

    @operation(
        summary="Change the time of a timesheet",
        message="Timesheet updated successfully.",
        body=TimesheetUpdateSerializer,
        sends={"hours": 1, "minutes": 30},
        data=TimesheetObject,
        example=TIMESHEET,
        refuses=(TimerIsInvoiced, TimerIsRunning),
    )
    def update(self, request: Request, timesheet_id: str) -> Answer:
        """As a merge patch (RFC 7396), of hours and minutes one left out keeps what it was."""
        timer = timer_of_path(self, timesheet_id)
        timers.correct_time(actor=self.actor, timer_id=timer.pk, **self.validate(timer=timer))
        return self._answer_with(timer.pk)

    @operation(
        summary="Delete a timesheet",
        message="Timesheet deleted successfully.",
        data=DoneObject,
        example={"id": 1},
        refuses=(TimerIsInvoiced,),
    )
    def destroy(self, request: Request, timesheet_id: str) -> Answer:
        """Also of a timer that runs."""
        timer = timer_of_path(self, timesheet_id)
        timers.delete_timer(actor=self.actor, timer_id=timer.pk)
        return self.answer({"id": self.path_id(timesheet_id)})

    def _answer_with(self, timer_id: int) -> Answer:
        entry = TIMESHEETS.one(self.actor, timer_id)
        if entry is None:
            raise TimerNotFound
        return self.answer(entry)


class TimesheetDetailViewSet(TimesheetViewSet):
    """The path that also takes merge patches."""

    parser_classes = [*APIViewSet.parser_classes, MergePatchParser]


def timer_of_path(view: APIViewSet, timesheet_id: str) -> Timer:
    """The entry that a path names, if its caller may see it. Raises ``TimerNotFound``."""
    timer: Timer = view.row_of_path(entries, timesheet_id)
    return timer


def _totals(query: ListQuery, actor: Actor, now: dt.datetime) -> TimeTotals:
    if query.is_impossible:
        return TimeTotals(0, 0)
    shape = ListShape.of(query)
    sums = seen(query.spec.of_everything, actor, _sums, shape, is_steady=shape.is_steady)
    return TimeTotals.of(sums.rows(query.values), now=now)


def _sums(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    values = shape.values()
    # What runs is few, and counted as it is: the tally knows of the rest.
    is_told = values.pop("status", None) is None and values.keys() <= TALLIED
    counted = None
    if is_told and not is_narrowed():
        filters = [shape.spec.filters[name].condition(value) for name, value in values.items()]
        counted = TimeTally._default_manager.filter(*filters)
    return time_sums(shape.matching(rows), counted=counted)
