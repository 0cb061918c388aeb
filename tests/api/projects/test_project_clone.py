"""``POST /projects/{id}/clone``: what is copied, what is not, and that it is all or nothing."""

import datetime as dt
import itertools
from pathlib import Path

import pytest
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from comments.testing import make_comment
from tasks.database import connection
from tasks.files import PREFIX
from tasks.models import (
    Attachment,
    ChecklistItem,
    HistoryEntry,
    Milestone,
    Project,
    Task,
    TaskPriority,
    TaskStatus,
    TaskTally,
)
from tasks.people import users, wire_id
from tasks.services.attachments import set_cover
from tasks.services.bulk import add_tasks
from tasks.services.checklists import add_checklist_item, sort_checklist, update_checklist_item
from tasks.services.milestones import sort_milestones, update_milestone
from tasks.services.new_tasks import NewTask
from tasks.services.projects import update_project
from tasks.services.tasks import set_status, update_task
from tasks.services.workflow import update_status
from tasks.testing import make_actor, make_attachment, make_milestone, make_project, make_task
from tests.api.answers import expect, expect_errors
from tests.api.encodings import ENCODINGS
from tests.api.histories import told
from tests.api.projects.world import age, completed, one, shown
from tests.attachments.conftest import image
from tests.counting import assert_counted
from timers.models import Timer
from timers.testing import make_running_timer, make_time

ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
CLONED = "Project cloned successfully."
SWITCHES = ("copy_milestones", "copy_tasks", "copy_tasks_checklist", "copy_tasks_files")
DUE_BEFORE_START = {
    "project_date_due": [
        "The project date due must be a date after or equal to project date start."
    ]
}


class Folder:
    """The files on the disk, as far as they are of tasks."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> set[str]:
        files = (path for path in (self.root / PREFIX).rglob("*") if path.is_file())
        return {str(path.relative_to(self.root)) for path in files}

    def contents(self) -> list[bytes]:
        return sorted((self.root / name).read_bytes() for name in self.names())


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    return Folder(tmp_path / "media")


@pytest.fixture
def full(site):
    """The world, with a checklist, files, time and comments at the task that is done.

    Of its milestones "Review" stands before "Launch".
    """
    actor, done = make_actor(), site.done
    site.review = make_milestone(site.project, "Review")
    update_milestone(actor=actor, milestone_id=site.review.pk, color="x-1")
    sort_milestones(actor=actor, milestone_ids=[site.default.pk, site.review.pk, site.launch.pk])
    site.rich = make_task(
        "Rich",
        project=site.project,
        milestone_id=site.review.pk,
        description=" As it is. ",
        start_date=dt.date(2026, 6, 3),
        due_date=dt.date(2026, 6, 4),
        is_client_visible=True,
        is_billable=True,
        priority=TaskPriority.objects.get(pk=3),
        assigned=[site.person, site.colleague],
        tags=["a", "B"],
    )
    items = [add_checklist_item(actor=actor, parent=done, text=text) for text in "abc"]
    update_checklist_item(actor=actor, item_id=items[1].pk, is_completed=True)
    sort_checklist(actor=actor, item_ids=[items[2].pk])
    add_checklist_item(actor=actor, parent=site.project, text="of the project")
    make_comment(done)
    make_comment(items[0])
    make_time(done, is_invoiced=True)
    make_running_timer(done)
    make_attachment(done, "one.txt", b"first")
    make_attachment(done, "empty", b"")
    make_attachment(site.archived, "old.txt", b"old")
    return site


def send(api, site, encoding="json", **fields):
    r = site.write("clone").send(api, encoding, **fields)
    assert r.status_code == 201, r.content
    pk = r.json()["data"]["id"]
    expect(r, 201, one(pk, CLONED))
    assert_counted()
    return Project.objects.get(pk=pk)


def everything_else(project):
    """All rows that are not of this project, but for history."""
    tasks = Task.objects.filter(project=project).values("pk")
    return {
        model.__name__: [*rows.order_by("pk").values()]
        for model, rows in {
            Project: Project.objects.exclude(pk=project.pk),
            Milestone: Milestone.objects.exclude(project=project),
            Task: Task.objects.exclude(project=project),
            ChecklistItem: ChecklistItem.objects.exclude(task__in=tasks),
            Attachment: Attachment.objects.exclude(task__in=tasks),
            TaskTally: TaskTally.objects.exclude(project_id=project.pk),
            Comment: Comment.objects,
            Timer: Timer.objects,
        }.items()
    }


@ENCODED
def test_clone_copies_the_project_itself(api, full, encoding):
    age(full.project)
    update_project(actor=make_actor(), project_id=full.project.pk, manual_progress=80)
    before = shown(full.project)
    with told() as news:
        copy = send(api, full, encoding, project_title=" Copy ")
    data = shown(copy)
    kept = ("description", "client", "assigned", "managers", "tags")
    assert {name: data[name] for name in kept} == {name: before[name] for name in kept}
    assert data["title"] == "Copy"
    assert (data["status"], data["active_state"]) == ("not_started", "active")
    assert (data["progress"], data["progress_manually"]) == (0, "no")
    assert (data["dates"]["start"], data["dates"]["due"]) == ("2026-06-01", "2026-08-30")
    assert data["dates"]["created"] == data["dates"]["updated"] > before["dates"]["created"]
    assert copy.created_by_id == api.key.user_id
    (milestone,) = copy.milestones.all()
    assert (milestone.title, milestone.color, milestone.is_default) == (
        "Uncategorised", "default", True,
    )  # fmt: skip
    assert not copy.tasks.exists()
    assert not copy.checklist_items.exists()
    assert shown(full.project) == before
    source = {"id": full.project.pk, "name": "Website Redesign"}
    assert news == [("cloned", "project", copy.pk, "Copy", {"source": [None, source]})]


@ENCODED
def test_clone_takes_what_is_sent_in_place_of_the_sources(api, full, encoding):
    copy = send(
        api,
        full,
        encoding,
        project_clientid=full.globex.pk,
        project_date_start="2026-07-01",
        project_date_due="2026-07-01",
    )
    assert (copy.client, copy.start_date, copy.due_date) == (
        full.globex, dt.date(2026, 7, 1), dt.date(2026, 7, 1),
    )  # fmt: skip


@pytest.mark.parametrize("empty", ["", None])
def test_clone_with_an_empty_due_date_has_none(api, full, empty):
    copy = send(api, full, project_date_start="2027-01-01", project_date_due=empty)
    assert (copy.start_date, copy.due_date) == (dt.date(2027, 1, 1), None)


@ENCODED
@pytest.mark.parametrize(
    "fields",
    [
        {"project_date_start": "2026-08-31"},
        {"project_date_due": "2026-05-31"},
        {"project_date_start": "2026-07-02", "project_date_due": "2026-07-01"},
    ],
)
def test_clone_compares_the_days_as_they_will_be(api, full, unchanged, encoding, fields):
    with unchanged():
        r = full.write("clone").send(api, encoding, **fields)
    expect_errors(r, DUE_BEFORE_START)


def test_clone_of_a_project_without_client_and_days_has_none(api, db):
    project = make_project("Bare", client=None)
    r = api.post(f"/projects/{project.pk}/clone", "project_title=Copy")
    copy = Project.objects.get(pk=r.json()["data"]["id"])
    expect(r, 201, one(copy, CLONED))
    assert (copy.client, copy.start_date, copy.due_date) == (None, None, None)


@pytest.mark.parametrize("switches", list(itertools.product([False, True], repeat=4)), ids=str)
def test_clone_copies_what_is_switched_on_and_no_more(api, full, folder, switches):
    milestones, tasks, checklists, files = switches
    before = folder.names()
    sent = {name: "on" for name, is_on in zip(SWITCHES, switches, strict=True) if is_on}
    others = everything_else(full.project) | everything_else(full.other)
    copy = send(api, full, **sent)
    wanted = ["Uncategorised", "Review", "Launch"] if milestones else ["Uncategorised"]
    rows = [*copy.milestones.order_by("position", "pk")]
    assert [row.title for row in rows] == wanted
    assert [row.is_default for row in rows] == [True, *[None] * (len(rows) - 1)]
    copies = {task.title: task for task in copy.tasks.all()}
    assert set(copies) == ({"Done", "Open", "Loose", "Archived", "Rich"} if tasks else set())
    if tasks:
        places = {title: task.milestone.title for title, task in copies.items()}
        expected = {"Done": "Launch", "Open": "Launch", "Rich": "Review"} if milestones else {}
        others_at = dict.fromkeys(copies, "Uncategorised")
        assert places == others_at | expected
    items = ChecklistItem.objects.filter(task__project=copy).order_by("position", "pk")
    texts = [(item.task.title, item.text, item.is_completed) for item in items]
    copied = [("Done", text, False) for text in "cab"]
    assert texts == (copied if tasks and checklists else [])
    rows = Attachment.objects.filter(task__project=copy)
    names = {(row.task.title, row.name, row.size) for row in rows}
    if tasks and files:
        assert names == {("Done", "one.txt", 5), ("Done", "empty", 0), ("Archived", "old.txt", 3)}
        assert {row.file.name for row in rows} == folder.names() - before
        assert folder.contents() == sorted([b"first", b"", b"old"] * 2)
    else:
        assert (names, folder.names()) == (set(), before)
    assert {row.uploaded_by_id for row in rows} <= {api.key.user_id}
    # All else is as it was.
    after = everything_else(full.project) | everything_else(full.other)
    assert after["Comment"] == others["Comment"]
    assert after["Timer"] == others["Timer"]


@ENCODED
def test_clone_of_everything_leaves_the_source_as_it_was(api, full, encoding):
    before = everything_else(Project(pk=0))
    copy = send(api, full, encoding, **dict.fromkeys(SWITCHES, "on"), copy_files="on")
    assert everything_else(copy) == before


def test_clone_copies_each_task_without_what_was_done(api, full):
    status = TaskStatus.objects.get(is_default=True)
    last = max(Task.objects.filter(status=status).values_list("position", flat=True))
    copy = send(api, full, copy_tasks="on", copy_milestones="on")
    for source in full.project.tasks.all():
        task = copy.tasks.get(title=source.title)
        for name in (
            *("description", "start_date", "due_date", "priority_id", "is_archived"),
            *("is_client_visible", "is_billable"),
        ):
            assert getattr(task, name) == getattr(source, name), name
        assert [row.user_id for row in task.assignees.order_by("user_id")] == [
            row.user_id for row in source.assignees.order_by("user_id")
        ]
        assert {row.tag_id for row in task.task_tags.all()} == {
            row.tag_id for row in source.task_tags.all()
        }
        assert task.status == status
        assert (task.completed_at, task.completed_by_id, task.previous_status_id) == (None,) * 3
        assert (task.version, task.created_by_id) == (1, api.key.user_id)
        assert task.created_at == task.updated_at == task.status_changed_at
        assert task.created_at > source.created_at
        assert task.position > last
        assert task.folded_title == source.folded_title
        for path in ("timers", "comments"):
            assert api.get(f"/tasks/{task.pk}/{path}").json()["data"] == []
        assert api.get(f"/tasks/{task.pk}").json()["data"]["time_logged"] == 0
    archived = copy.tasks.get(title="Archived")
    assert archived.is_archived
    assert shown(copy)["progress"] == 0
    # The copies stand one behind the other, in the order of what they are copies of.
    titles = [*full.project.tasks.order_by("pk").values_list("title", flat=True)]
    assert [*copy.tasks.order_by("pk").values_list("title", flat=True)] == titles
    assert [*copy.tasks.order_by("position").values_list("title", flat=True)] == titles


def test_clone_tells_history_of_each_task(api, full):
    with told() as news:
        copy = send(api, full, copy_tasks="on", copy_milestones="on")
    sources = dict(full.project.tasks.values_list("title", "pk"))
    expected = {
        ("cloned", "task", task.pk, task.title, sources[task.title]) for task in copy.tasks.all()
    }
    expected |= {("cloned", "project", copy.pk, "Copy", full.project.pk)}
    assert {(*row[:4], row[4]["source"][1]["id"]) for row in news} == expected
    assert len(news) == len(expected)
    entries = HistoryEntry.objects.order_by("-pk")[: len(news)]
    assert {entry.key_id for entry in entries} == {api.key.pk}


def test_clone_with_milestones_keeps_titles_colours_and_order(api, full):
    update_milestone(actor=make_actor(), milestone_id=full.default.pk, title="Backlog")
    copy = send(api, full, copy_milestones="yes")
    columns = ("title", "color", "is_default")
    rows = [*copy.milestones.order_by("position").values_list(*columns)]
    assert rows == [*full.project.milestones.order_by("position").values_list(*columns)]
    assert rows[0] == ("Backlog", "default", True)
    positions = [*copy.milestones.values_list("position", flat=True)]
    assert len(set(positions)) == 3
    assert {row.created_by_id for row in copy.milestones.all()} == {api.key.user_id}


@pytest.mark.parametrize("with_tasks", [False, True])
def test_clone_without_milestones_has_a_default_one_of_the_usual_name(api, full, with_tasks):
    actor = make_actor()
    update_milestone(actor=actor, milestone_id=full.default.pk, title="Backlog", color="danger")
    make_milestone(full.project, "Uncategorised")
    copy = send(api, full, copy_tasks="on" if with_tasks else "off")
    (milestone,) = copy.milestones.all()
    assert (milestone.title, milestone.color) == ("Uncategorised", "default")
    assert milestone.tasks.count() == (5 if with_tasks else 0)


def test_clone_of_a_clone_is_none_the_worse(api, full):
    everything = dict.fromkeys(SWITCHES, "on")
    first = send(api, full, **everything)
    r = api.post(f"/projects/{first.pk}/clone", {"project_title": "Again", **everything})
    second = Project.objects.get(pk=r.json()["data"]["id"])
    assert second.tasks.count() == first.tasks.count() == 5
    assert second.milestones.count() == 3
    assert Attachment.objects.filter(task__project=second).count() == 3
    assert_counted()


def test_clone_of_an_archived_project_is_active(api, full):
    assert api.put(f"/projects/{full.project.pk}/archive").status_code == 200
    assert send(api, full, copy_tasks="on").is_archived is False


def test_clone_has_what_it_copied_counted(api, full):
    copy = send(api, full, copy_tasks="on", copy_milestones="on")
    data = api.get("/milestones", project_id=copy.pk).json()["data"]
    assert [(row["title"], row["tasks_count"]) for row in data] == [
        ("Uncategorised", 2),
        ("Review", 1),
        ("Launch", 2),
    ]
    assert (
        api.put(f"/tasks/{copy.tasks.get(title='Done').pk}/status", "status=2").status_code == 200
    )
    assert api.get(f"/projects/{copy.pk}").json()["data"]["progress"] == 25


@pytest.mark.parametrize("which", ["source", "copy"])
def test_files_and_their_copies_go_their_own_ways(committed_db, api, full, folder, which):
    copy = send(api, full, copy_tasks="on", copy_tasks_files="on")
    gone, kept = (full.project, copy) if which == "source" else (copy, full.project)
    Timer.objects.all().delete()
    assert api.delete(f"/projects/{gone.pk}").status_code == 200
    rows = Attachment.objects.all()
    assert {row.task.project_id for row in rows} == {kept.pk}
    assert {row.file.name for row in rows} == folder.names()
    assert folder.contents() == sorted([b"first", b"", b"old"])


def test_clone_keeps_covers(api, full, folder):
    cover = make_attachment(full.loose, "c.png", image(), content_type="image/png")
    set_cover(actor=make_actor(), task_id=full.loose.pk, attachment_id=cover.pk)
    copy = send(api, full, copy_tasks="on", copy_tasks_files="on")
    row = Attachment.objects.get(task__project=copy, name="c.png")
    assert (row.is_cover, row.content_type) == (True, "image/png")


def test_clone_with_a_file_that_is_missing_is_refused_whole(api, full, folder, unchanged):
    lost = Attachment.objects.get(name="old.txt")
    (folder.root / lost.file.name).unlink()
    names = folder.names()
    with unchanged():
        r = full.write("clone").send(api, **dict.fromkeys(SWITCHES, "on"))
    expect(r, 409, {"message": "The file old.txt is missing from the storage."})
    assert folder.names() == names
    # Without the files there is nothing amiss.
    send(api, full, copy_tasks="on")


def test_clone_of_tasks_without_a_default_status_is_refused(api, full, unchanged):
    TaskStatus.objects.filter(is_default=True).update(is_default=None)
    with unchanged():
        r = full.write("clone").send(api, copy_tasks="on")
    expect(r, 409, {"message": "One status must be the default."})
    send(api, full)


def test_clone_into_a_default_status_that_means_completed_completes_the_copies(api, full):
    update_status(actor=make_actor(), status_id=completed().pk, is_default=True)
    copy = send(api, full, copy_tasks="on")
    for task in copy.tasks.all():
        assert task.status_id == completed().pk
        assert (task.completed_at, task.completed_by_id) == (task.created_at, api.key.user_id)
    assert shown(copy)["progress"] == 100


def test_clone_keeps_who_has_left_the_team(api, full):
    for user in (full.person, full.manager):
        users().filter(pk=user.pk).update(is_active=False)
    copy = send(api, full, copy_tasks="on")
    data = shown(copy)
    assert [row["id"] for row in data["assigned"]] == [wire_id(full.person.pk)]
    assert [row["id"] for row in data["managers"]] == [wire_id(full.manager.pk)]
    assert full.person.pk in copy.tasks.get(title="Rich").assignees.values_list(
        "user_id", flat=True
    )


def test_clone_of_hundreds_of_tasks_takes_a_bounded_number_of_queries(api, db):
    def clone(number):
        project = make_project()
        stage = make_milestone(project)
        new = [
            NewTask(
                project_id=project.pk,
                title=f"Task {place:03}",
                status_id=1 + place % 2,
                priority_id=1,
                milestone_id=stage.pk if place % 3 else None,
                tags=[f"tag {place % 7}"],
            )
            for place in range(number)
        ]
        add_tasks(actor=make_actor(), tasks=new)
        ChecklistItem.objects.bulk_create(
            ChecklistItem(task_id=pk, text=text, position=place)
            for pk in project.tasks.values_list("pk", flat=True)
            for place, text in enumerate("ab")
        )
        with CaptureQueriesContext(connection()) as captured:
            r = api.post(
                f"/projects/{project.pk}/clone",
                {"project_title": "Copy", **dict.fromkeys(SWITCHES, "on")},
            )
        assert r.status_code == 201
        copy = Project.objects.get(pk=r.json()["data"]["id"])
        titles = [*copy.tasks.order_by("position").values_list("title", flat=True)]
        assert titles == [f"Task {place:03}" for place in range(number)]
        items = ChecklistItem.objects.filter(task__project=copy)
        assert items.count() == 2 * number
        assert_counted()
        return len(captured)

    few, many = clone(2), clone(600)
    assert few < 50
    assert many < 2 * few + 20


def test_clone_does_not_carry_a_completion_along(api, site):
    actor = make_actor(site.person)
    set_status(actor=actor, task_id=site.loose.pk, status=completed())
    update_task(actor=actor, task_id=site.loose.pk, description="x")
    copy = send(api, site, copy_tasks="on")
    task = copy.tasks.get(title="Loose")
    assert (task.completed_at, task.completed_by_id, task.description) == (None, None, "x")
