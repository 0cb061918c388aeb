"""The bulk service: the rules of one task, for many."""

import datetime as dt

import pytest
from django.forms.models import model_to_dict

from tasks import exceptions
from tasks.actors import Actor
from tasks.models import HistoryEntry, Milestone, Tag, Task, TaskAssignee, TaskStatus, TaskTag
from tasks.services.bulk import BATCH, add_tasks
from tasks.services.new_tasks import InvalidNewTask, NewTask, NewTaskRefused
from tasks.testing import make_actor, make_milestone, make_project, make_task, make_user

TO_DO, COMPLETED, IN_PROGRESS = 1, 2, 3
MARCH = dt.datetime(2026, 3, 5, 9, 30, tzinfo=dt.UTC)
APRIL = dt.datetime(2026, 4, 1, 12, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def new_task(project, **fields):
    return NewTask(
        **{
            "project_id": project.pk,
            "title": "Design homepage",
            "status_id": TO_DO,
            "priority_id": 2,
            **fields,
        }
    )


def add(*tasks, actor=None):
    return add_tasks(actor=actor or Actor(), tasks=tasks)


def all_rows():
    counted = (Task, TaskAssignee, TaskTag, Tag, HistoryEntry)
    return {model: model.objects.count() for model in counted}


def columns(task):
    """Everything a task stores but what tells two tasks apart."""
    stored = {field.attname: getattr(task, field.attname) for field in task._meta.concrete_fields}
    moments = ("created_at", "updated_at", "status_changed_at", "completed_at")
    together = {name: stored.pop(name) for name in moments}
    same = {name for name in moments if together[name] == together["created_at"]}
    return {**stored, "at the same moment": same, "id": None, "position": None}


@pytest.mark.parametrize("status_id", [TO_DO, COMPLETED, IN_PROGRESS])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {
            "title": " Straße ",
            "description": "First draft.",
            "start_date": dt.date(2026, 6, 1),
            "due_date": dt.date(2026, 6, 1),
            "is_billable": True,
            "is_client_visible": True,
        },
    ],
)
def test_added_task_has_the_row_of_a_created_one(status_id, fields):
    project, actor = make_project(), make_actor(make_user())
    fields = {"title": "Design homepage", **fields}
    status = TaskStatus.objects.get(pk=status_id)
    created = make_task(
        project=project, status=status, actor=actor, **{**fields, "title": fields["title"].strip()}
    )

    add(
        new_task(project, status_id=status_id, priority_id=created.priority_id, **fields),
        actor=actor,
    )

    added = Task.objects.exclude(pk=created.pk).get()
    created.refresh_from_db()
    assert columns(added) == columns(created)
    assert added.position > created.position


def test_added_task_with_people_and_tags_has_the_rows_of_the_actions():
    project, one, other = make_project(), make_user(), make_user()
    created = make_task(project=project, assigned=[other, one], tags=["b", "a"])

    add(new_task(project, assigned=[other.pk, one.pk, one.pk], tags=[" a ", "b", "a"]))

    added = Task.objects.exclude(pk=created.pk).get()
    for task in (created, added):
        assert set(task.assignees.values_list("user_id", flat=True)) == {one.pk, other.pk}
        assert sorted(task.task_tags.values_list("tag__name", flat=True)) == ["a", "b"]
    assert Tag.objects.count() == 2


def test_added_task_has_one_history_row_that_tells_people_and_tags():
    project, person = make_project(), make_user(first_name="Sam", last_name="Lee")
    before = HistoryEntry.objects.count()

    add(new_task(project), new_task(project, assigned=[person.pk], tags=["b", "a"]))

    plain, full = HistoryEntry.objects.order_by("id")[before:]
    assert (plain.verb, plain.subject_type, plain.changes) == ("created", "task", {})
    assert plain.subject_name == "Design homepage"
    assert Task.objects.filter(pk__in=[plain.subject_id, full.subject_id]).count() == 2
    assert full.changes["tags"] == [[], ["a", "b"]]
    assert [who["name"] for who in full.changes["assigned"][1]] == ["Sam Lee"]


def test_moments_and_people_from_elsewhere_are_kept():
    project, creator, completer = make_project(), make_user(), make_user()

    add(
        new_task(
            project,
            status_id=COMPLETED,
            previous_status_id=IN_PROGRESS,
            created_at=MARCH,
            created_by_id=creator.pk,
            status_changed_at=APRIL,
            completed_by_id=completer.pk,
            is_archived=True,
        )
    )

    task = Task.objects.get()
    assert (task.created_at, task.created_by_id) == (MARCH, creator.pk)
    assert (task.completed_at, task.completed_by_id) == (APRIL, completer.pk)
    assert (task.status_changed_at, task.updated_at) == (APRIL, APRIL)
    assert (task.previous_status_id, task.is_archived, task.version) == (IN_PROGRESS, True, 1)


def test_tasks_go_to_the_ends_of_their_columns_in_order():
    project = make_project()
    make_task(project=project)
    statuses = [TO_DO, COMPLETED, TO_DO, COMPLETED, TO_DO]

    add(*(new_task(project, title=str(n), status_id=pk) for n, pk in enumerate(statuses)))

    for status_id, titles in ((TO_DO, ["Design homepage", "0", "2", "4"]), (COMPLETED, ["1", "3"])):
        column = Task.objects.filter(status_id=status_id).order_by("position")
        assert list(column.values_list("title", flat=True)) == titles
        assert column.values("position").distinct().count() == len(titles)


def test_task_without_milestone_goes_to_the_default_one_of_its_project():
    projects = [make_project(), make_project()]
    chosen = make_milestone(projects[0])
    add(*(new_task(project) for project in projects), new_task(projects[0], milestone_id=chosen.pk))
    milestones = Task.objects.order_by("pk").values_list("milestone_id", flat=True)
    defaults = [project.milestones.get(is_default=True).pk for project in projects]
    assert list(milestones) == [*defaults, chosen.pk]


REFUSED = {
    "no title": ({"title": ""}, exceptions.Invalid, "title"),
    "blank title": ({"title": " \t "}, exceptions.Invalid, "title"),
    "long title": ({"title": "x" * 256}, exceptions.Invalid, "title"),
    "NUL in the title": ({"title": "a\x00b"}, exceptions.Invalid, "title"),
    "half a character": ({"description": "a\ud83d"}, exceptions.Invalid, "description"),
    "due before start": (
        {"start_date": dt.date(2026, 6, 2), "due_date": dt.date(2026, 6, 1)},
        exceptions.DueBeforeStart,
        "due_date",
    ),
    "unknown project": ({"project_id": 2**63 - 1}, exceptions.ProjectNotFound, None),
    "no possible project": ({"project_id": 2**64}, exceptions.ProjectNotFound, None),
    "unknown status": ({"status_id": 99}, exceptions.StatusNotFound, None),
    "unknown priority": ({"priority_id": 99}, exceptions.PriorityNotFound, None),
    "unknown milestone": ({"milestone_id": 2**40}, exceptions.MilestoneNotInProject, None),
    "unknown previous status": ({"previous_status_id": 99}, InvalidNewTask, "previous_status"),
    "came from where it is": ({"previous_status_id": TO_DO}, InvalidNewTask, "previous_status"),
    "nobody's id": ({"created_by_id": 2**40}, InvalidNewTask, "created_by"),
    "nobody completed it": (
        {"status_id": COMPLETED, "completed_by_id": 2**40},
        InvalidNewTask,
        "completed_by",
    ),
    "completed before it was made": (
        {"status_id": COMPLETED, "created_at": APRIL, "status_changed_at": MARCH},
        InvalidNewTask,
        "status_changed_at",
    ),
    "assigned to nobody there is": ({"assigned": [2**40]}, exceptions.NotATeamMember, "assigned"),
    "empty tag": ({"tags": ["a", " "]}, exceptions.Invalid, "tags"),
    "long tag": ({"tags": ["x" * 101]}, exceptions.Invalid, "tags"),
    "NUL in a tag": ({"tags": ["a\x00"]}, exceptions.Invalid, "tags"),
    "an id beside none": ({"id": 5}, InvalidNewTask, "id"),
}


@pytest.mark.parametrize(("fields", "error", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_task_that_breaks_a_rule_is_named_and_nothing_is_written(fields, error, field):
    project = make_project()
    before = all_rows()

    with pytest.raises(NewTaskRefused) as caught:
        add(new_task(project, tags=["new"]), new_task(project, **fields))

    assert caught.value.index == 1
    assert isinstance(caught.value.error, error)
    assert getattr(caught.value.error, "field", None) == field
    assert str(caught.value) == f"Task 2: {caught.value.error}"
    assert all_rows() == before


def test_milestone_of_another_project_is_refused():
    project, elsewhere = make_project(), make_milestone(make_project())
    with pytest.raises(NewTaskRefused) as caught:
        add(new_task(project, milestone_id=elsewhere.pk))
    assert isinstance(caught.value.error, exceptions.MilestoneNotInProject)


def test_project_without_default_milestone_is_refused():
    project = make_project()
    Milestone.objects.filter(project=project).update(is_default=None)
    with pytest.raises(NewTaskRefused) as caught:
        add(new_task(project))
    assert isinstance(caught.value.error, exceptions.NoDefaultMilestone)


@pytest.mark.parametrize("flags", [{"is_staff": False}, {"is_active": False}])
def test_who_is_no_team_member_is_not_assigned(flags):
    project, member, outsider = make_project(), make_user(), make_user(**flags)
    with pytest.raises(NewTaskRefused) as caught:
        add(new_task(project, assigned=[member.pk, outsider.pk]))
    assert caught.value.error.positions == [1]


def test_completer_of_a_task_that_is_not_completed_is_refused():
    project, person = make_project(), make_user()
    with pytest.raises(NewTaskRefused) as caught:
        add(new_task(project, completed_by_id=person.pk))
    assert caught.value.error.field == "completed_by"


def test_project_that_the_actor_may_not_see_is_refused(settings):
    project = make_project()
    settings.TASKDOCK = {"VISIBLE_TO": lambda queryset, _actor: queryset.none()}
    with pytest.raises(NewTaskRefused) as caught:
        add(new_task(project))
    assert isinstance(caught.value.error, exceptions.ProjectNotFound)


def test_ids_from_elsewhere_are_kept_and_the_next_one_is_free():
    project = make_project()
    highest = make_task(project=project).pk + 5000
    Task.objects.all().delete()

    assert add(new_task(project, id=highest), new_task(project, id=highest - 7)) == 2

    assert set(Task.objects.values_list("pk", flat=True)) == {highest, highest - 7}
    assert make_task(project=project).pk > highest


def test_lower_ids_from_elsewhere_take_no_id_back():
    project = make_project()
    handed_out = make_task(project=project).pk
    Task.objects.all().delete()
    add(new_task(project, id=handed_out + 10))
    Task.objects.all().delete()
    add(new_task(project, id=handed_out + 1))
    assert make_task(project=project).pk > handed_out + 10


@pytest.mark.parametrize("second", ["a stored one's", "the first one's"])
def test_id_that_is_taken_is_refused(second):
    project = make_project()
    stored = make_task(project=project).pk
    again = stored if second == "a stored one's" else stored + 1
    with pytest.raises(NewTaskRefused) as caught:
        add(new_task(project, id=stored + 1), new_task(project, id=again))
    assert (caught.value.index, caught.value.error.field) == (1, "id")
    assert Task.objects.count() == 1


def test_tasks_are_taken_as_they_are_written():
    project, seen = make_project(), []

    def stream():
        for number in range(BATCH + 1):
            seen.append(number)
            yield new_task(project, title=str(number))

    reports = []
    added = add_tasks(
        actor=Actor(),
        tasks=stream(),
        progress=lambda written: reports.append((written, len(seen))),
    )

    assert added == Task.objects.count() == BATCH + 1
    assert reports == [(BATCH, BATCH), (1, BATCH + 1)]


@pytest.mark.parametrize("failure", ["a rule", "the source"])
def test_failure_late_in_the_stream_leaves_nothing(failure):
    project = make_project()
    before = all_rows()

    def stream():
        for number in range(BATCH):
            yield new_task(project, title=str(number), tags=["new"])
        if failure == "the source":
            raise OSError("The file ends in the middle of a line.")
        yield new_task(project, title="")

    with pytest.raises((NewTaskRefused, OSError)):
        add_tasks(actor=Actor(), tasks=stream())
    assert all_rows() == before


def test_no_tasks_are_no_error():
    assert add() == 0


def test_number_of_queries_does_not_grow_with_the_tasks_of_a_batch(django_assert_max_num_queries):
    project, person = make_project(), make_user()
    tasks = [new_task(project, assigned=[person.pk], tags=["a"]) for _ in range(40)]
    with django_assert_max_num_queries(25):
        add(*tasks)
    assert model_to_dict(Task.objects.first())["project"] == project.pk
