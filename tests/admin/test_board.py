"""The board of the admin, without a script; and the service that moves a task."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.actors import Actor
from tasks.admin.board import columns
from tasks.database import atomic
from tasks.exceptions import TaskNotFound
from tasks.models import HistoryEntry, Task, TaskStatus
from tasks.platform.writes import run_write
from tasks.services.assignees import set_assignees
from tasks.services.attachments import add_attachment, set_cover
from tasks.services.checklists import add_checklist_item
from tasks.services.moving import move_task
from tasks.services.projects import update_project
from tasks.services.tagging import set_tags
from tasks.services.tasks import archive_task, update_task
from tasks.testing import make_dependency, make_project, make_task, make_user
from tests.concurrency.conftest import Together, together  # noqa: F401 (a fixture)
from tests.conftest import ADMIN
from tests.growth.rows import Rows
from tests.pictures import picture
from tests.sides import ONE_SIDED, Side

ME = Actor()
BOARD = "taskdock/task/board/"
URL = f"{ADMIN}/{BOARD}"
JSON = {"Accept": "application/json"}


def status(pk=1):
    return TaskStatus.objects.get(pk=pk)


def column(pk=1):
    rows = Task.objects.filter(status_id=pk).order_by("position", "pk")
    return list(rows.values_list("pk", flat=True))


def cards(response):
    return [int(pk) for pk in re.findall(r'data-card="(\d+)"', response.content.decode())]


@given(moves=st.lists(st.tuples(*[st.integers(0, 7)] * 2, st.booleans()), max_size=30))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_moves_leave_the_order_that_they_ask_for(db, moves):
    with atomic():
        Task.objects.all().delete()
        project = make_project()
        tasks = [make_task(project=project) for _ in range(8)]
        # No room at all, and ties.
        for number, task in enumerate(tasks):
            Task.objects.filter(pk=task.pk).update(position=number // 3)
        order = column()
        for moved, at, is_before in moves:
            pk, target = tasks[moved].pk, tasks[at].pk
            if pk == target:
                continue
            side = {"before_id" if is_before else "after_id": target}
            assert move_task(actor=ME, task_id=pk, status=status(), **side).is_at_place
            order.remove(pk)
            order.insert(order.index(target) + (0 if is_before else 1), pk)
            assert column() == order


def test_move_without_room_touches_few_neighbours_and_one_with_room_none(db):
    project = make_project()
    tasks = [make_task(project=project) for _ in range(60)]
    for place, task in enumerate(tasks):
        near = 30 <= place < 35
        Task.objects.filter(pk=task.pk).update(position=30 if near else place * 1000)
    Task.objects.filter(pk__in=[task.pk for task in tasks[:30]]).update(position=-5000)
    before = dict(Task.objects.values_list("pk", "position"))
    move_task(actor=ME, task_id=tasks[59].pk, status=status(), before_id=tasks[32].pk)
    after = dict(Task.objects.values_list("pk", "position"))
    changed = {pk for pk in after if after[pk] != before[pk]}
    assert tasks[59].pk in changed
    assert 2 <= len(changed) <= 6
    order = column()
    assert order[order.index(tasks[32].pk) - 1] == tasks[59].pk
    move_task(actor=ME, task_id=tasks[0].pk, status=status(), after_id=tasks[50].pk)
    changed = {pk for pk, at in Task.objects.values_list("pk", "position") if at != after[pk]}
    assert changed == {tasks[0].pk}


def test_place_alone_is_no_version_and_a_status_is_an_update(db):
    project = make_project()
    one, other = make_task(project=project), make_task(project=project)
    # It is the last already, and then where it is wanted.
    move_task(actor=ME, task_id=other.pk, status=status())
    for _ in range(2):
        move_task(actor=ME, task_id=other.pk, status=status(), before_id=one.pk)
    other.refresh_from_db()
    moves = HistoryEntry.objects.filter(verb="moved", subject_id=other.pk)
    assert (other.version, moves.count()) == (1, 1)
    done = TaskStatus.objects.get(is_completed=True)
    moved = move_task(actor=ME, task_id=other.pk, status=done).task
    assert moved.completed_at is not None
    assert (moved.version, moved.previous_status_id) == (2, 1)
    assert HistoryEntry.objects.latest("id").changes.keys() == {"status"}


def test_neighbours_that_are_gone_send_it_to_the_end_and_it_says_so(db):
    project = make_project()
    one, other, elsewhere = (make_task(project=project) for _ in range(3))
    update_task(actor=ME, task_id=elsewhere.pk, status=status(3))
    moved = move_task(actor=ME, task_id=one.pk, status=status(), before_id=elsewhere.pk)
    assert not moved.is_at_place
    assert column() == [other.pk, one.pk]
    both = {"before_id": 987654321, "after_id": elsewhere.pk}
    assert move_task(actor=ME, task_id=one.pk, status=status(3), **both).is_at_place
    with pytest.raises(TaskNotFound):
        move_task(actor=ME, task_id=2**70, status=status(), before_id=one.pk)


@pytest.mark.server
def test_moves_at_once_end_in_one_order_without_an_error(together):  # noqa: F811 (a fixture)
    project = make_project()
    tasks = [make_task(project=project) for _ in range(6)]
    Task.objects.update(position=7)
    pks = [task.pk for task in tasks]

    def move(pk, **at):
        return lambda: (
            run_write(lambda: move_task(actor=ME, task_id=pk, status=status(), **at)).task.pk
        )

    for turn in range(10):
        # One between the same two, two that swap, and one into a place that is leaving.
        a, b, c, d = (pks[(turn + step) % 6] for step in range(4))
        done = together(
            move(a, before_id=d), move(b, before_id=d), move(c, after_id=a), move(d, before_id=c)
        )
        assert done == [a, b, c, d]
        assert sorted(column()) == sorted(pks)


def test_page_shows_active_tasks_in_their_columns_and_moves_without_a_script(admin, messages_of):
    project = make_project("Website")
    person = make_user(first_name="Grace", last_name="Hopper")
    one = make_task("One", project=project, assigned=[person], tags=["blue"], due_date="2020-01-01")
    two = make_task("Two", project=project)
    gone = make_task("Gone", project=project)
    archive_task(actor=ME, task_id=gone.pk)
    add_checklist_item(actor=ME, parent=one, text="A")
    page = admin.get(BOARD)
    html = page.content.decode()
    assert cards(page) == [one.pk, two.pk]
    for text in ("Website", "Grace Hopper", ">GH<", "blue", "overdue by", "0 of 1 checked"):
        assert text in html
    blocker = make_task("Blocks", project=project)
    make_dependency(task=one, blocker=blocker)
    done = TaskStatus.objects.get(is_completed=True)
    path = f"{URL}move/?q=o"
    sent = admin.client.post(path, {"move": f"{one.pk}:{done.pk}"}, follow=True)
    assert sent.request["QUERY_STRING"] == "q=o"
    assert "waits for open tasks" in messages_of(sent)[0]
    assert column(done.pk) == [one.pk]


@pytest.mark.parametrize("sent", ["", "x:1", "1:x", "987654:1", f"{2**70}:1", "1:987654"])
def test_move_that_is_none_is_refused(admin, sent):
    answer = admin.client.post(f"{URL}move/", {"move": sent}, headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["said"]
    assert admin.client.post(f"{URL}move/", {"move": sent}).status_code == 302


def test_who_only_looks_is_offered_nothing_and_refused(make_staff):
    task = make_task()
    viewer, editor = make_staff("view_task"), make_staff("view_task", "change_task")
    shown = viewer.get(BOARD).content.decode()
    assert f'data-card="{task.pk}"' in shown
    for offer in ("data-grip", "data-move", "data-add", "taskdock-card-menu"):
        assert offer not in shown
    assert "data-grip" in editor.get(BOARD).content.decode()
    assert viewer.client.post(f"{URL}move/", {"move": f"{task.pk}:3"}).status_code == 403
    assert editor.client.post(f"{URL}add/", {"title": "A"}).status_code == 403
    assert make_staff().get(BOARD).status_code == 403


def test_filters_narrow_and_sums_count_what_nothing_narrows(admin):
    one, other = make_project("One"), make_project("Other")
    first = make_task("Write", project=one, tags=["blue"], assigned=[admin.user])
    second = make_task("Read", project=other)
    tag = first.task_tags.get().tag_id
    for query, found, count in [
        ({}, [first.pk, second.pk], 2),
        ({"project__id__exact": one.pk}, [first.pk], 1),
        ({"milestone__id__exact": first.milestone_id}, [first.pk], None),
        ({"assigned": "me"}, [first.pk], None),
        ({"assigned": admin.user.pk}, [first.pk], None),
        ({"task_tags__tag__id__exact": tag}, [first.pk], None),
        ({"q": "WRI"}, [first.pk], None),
        ({"q": "\x00"}, [first.pk, second.pk], 2),
        ({"project__id__exact": "abc"}, [], None),
    ]:
        page = admin.get(BOARD, **query)
        assert cards(page) == found, query
        assert page.context["columns"][0].count == count, query


def test_task_is_added_at_the_foot_and_refused_at_its_field(admin):
    project = make_project()
    data = {"status": 3, "project": project.pk, "title": "New"}
    assert admin.client.post(f"{URL}add/", data, headers=JSON).status_code == 200
    assert Task.objects.get().status_id == 3
    answer = admin.client.post(f"{URL}add/", {**data, "title": " "}, headers=JSON)
    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["title"])
    page = admin.client.post(f"{URL}add/?project__id__exact={project.pk}", {**data, "title": ""})
    assert "This field is required" in page.content.decode()


def test_long_column_goes_on_by_its_cursor(admin):
    project = make_project()
    tasks = [make_task(project=project).pk for _ in range(120)]
    Task.objects.filter(pk__in=tasks[40:70]).update(
        position=Task.objects.get(pk=tasks[40]).position
    )
    page = admin.get(BOARD)
    shown = cards(page)
    while more := re.search(r'data-query="\?(start=[-\d.]+)"', page.content.decode()):
        page = admin.client.get(f"{URL}cards/?{more[1]}")
        shown += cards(page)
    assert shown == tasks
    assert cards(admin.client.get(f"{URL}?{'start=1.0.1'}"))[:1] == tasks[:1]
    assert cards(admin.client.get(f"{URL}cards/?start=x")) == []


@pytest.mark.parametrize("free", [range(5), range(3, 9), range(95, 120), range(120), range(0)])
@pytest.mark.parametrize("walk", [1, 60, 1000])
def test_tasks_of_nobody_are_found_wherever_they_are(admin, monkeypatch, free, walk):
    monkeypatch.setattr(columns, "_WALK", walk)
    project, places = make_project(), range(120)
    tasks = [
        make_task(project=project, assigned=[] if place in free else [admin.user])
        for place in places
    ]
    other = make_task(project=project, status=status(2))
    page = admin.get(BOARD, assigned="nobody")
    shown = cards(page)
    while more := re.search(r'data-query="\?([^"]*start=[-\d.]+)"', page.content.decode()):
        page = admin.client.get(f"{URL}cards/?{more[1].replace('&amp;', '&')}")
        shown += cards(page)
    assert [pk for pk in shown if pk != other.pk] == [tasks[place].pk for place in free]
    assert shown.count(other.pk) == 1


def test_card_shows_the_cover_to_who_may_view_files(admin, make_staff):
    task, other = make_task(), make_task()
    files = [
        add_attachment(actor=ME, task_id=one.pk, file=ContentFile(picture()), name="a.png")
        for one in (task, task, other)
    ]
    assert "card-cover" not in admin.get(BOARD).content.decode()
    stamp = admin.get(BOARD).context["stamp"]
    set_cover(actor=ME, task_id=task.pk, attachment_id=files[1].pk)
    page = admin.get(BOARD)
    assert re.findall(r'src="[^"]*/attachment/(\d+)/cover/"', page.content.decode()) == [
        str(files[1].pk)
    ]
    assert page.context["stamp"] != stamp
    assert "card-cover" not in make_staff("view_task").get(BOARD).content.decode()
    seen = make_staff("view_task", "view_attachment").get(BOARD).content.decode()
    assert "card-cover" in seen


def test_answer_that_nothing_changed_changes_with_all_that_is_shown(admin):
    project = make_project()
    one, two = make_task(project=project), make_task(project=project)

    def asked(tag):
        path = f"{URL}changes/"
        return admin.client.get(path, headers={"If-None-Match": tag})

    stamp = admin.get(BOARD).context["stamp"]
    tag = f'"{stamp}"'
    assert asked(tag).status_code == 304
    for change in [
        lambda: move_task(actor=ME, task_id=two.pk, status=status(), before_id=one.pk),
        lambda: update_task(actor=ME, task_id=one.pk, title="Other"),
        lambda: update_project(actor=ME, project_id=project.pk, title="Renamed"),
        lambda: set_tags(actor=ME, task_id=one.pk, names=["new"]),
        lambda: set_assignees(actor=ME, task_id=one.pk, user_ids=[admin.user.pk]),
        lambda: add_checklist_item(actor=ME, parent=one, text="A"),
        lambda: archive_task(actor=ME, task_id=one.pk),
    ]:
        change()
        answer = asked(tag)
        assert answer.status_code == 200
        assert answer["ETag"] != tag
        tag = answer["ETag"]
        assert asked(tag).status_code == 304


def test_board_shows_ones_own_side_alone(db):
    from tests.admin.conftest import Browser

    one, other = Side("annas"), Side("berts")
    with override_settings(TASKDOCK=ONE_SIDED):
        for mine, theirs in ((one, other), (other, one)):
            browser = Browser(mine.user)
            for path in (BOARD, f"{BOARD}changes/", f"{BOARD}cards/?start=1.-1.1"):
                html = browser.client.get(f"{ADMIN}/{path}").content.decode()
                assert mine.word in html
                assert theirs.word not in html
            data = {"move": f"{theirs.task.pk}:3"}
            assert browser.client.post(f"{URL}move/", data, headers=JSON).status_code == 409
            assert browser.get(BOARD).context["columns"][0].count is None


@pytest.mark.parametrize("path", [BOARD, f"{BOARD}changes/", f"{BOARD}cards/?start=1.-1.1"])
def test_queries_do_not_grow_with_cards_or_statuses(admin, path, django_assert_max_num_queries):
    rows = Rows()
    rows.grow(2)
    with django_assert_max_num_queries(40) as few:
        admin.client.get(f"{ADMIN}/{path}")
    number = len(few)
    rows.grow(20)
    for place in range(4):
        TaskStatus.objects.create(title=f"Another {place}", position=9000 + place)
    with django_assert_max_num_queries(number):
        admin.client.get(f"{ADMIN}/{path}")


def test_answer_that_nothing_changed_takes_few_queries(admin, django_assert_max_num_queries):
    make_task()
    tag = admin.client.get(f"{URL}changes/")["ETag"]
    # The session, the user, and two for the latest entries.
    with django_assert_max_num_queries(4):
        answer = admin.client.get(f"{URL}changes/", headers={"If-None-Match": tag})
    assert answer.status_code == 304
