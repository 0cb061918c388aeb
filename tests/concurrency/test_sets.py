"""Assignees and tags that are replaced at once."""

from collections import Counter

import pytest

from tasks.models import HistoryEntry, Milestone, Tag, TaskAssignee, TaskTag
from tasks.people import wire_id
from tasks.testing import make_project, make_task, make_user

pytestmark = pytest.mark.server


def put(api, task, name, values):
    return api.put(f"/tasks/{task.pk}/{name}", {name: values})


def test_set_assigned_to_two_sets_at_once_leaves_exactly_one(together, make_api):
    one, other = make_api(), make_api()
    people = [
        wire_id(user.pk) for user in sorted((make_user() for _ in range(5)), key=lambda u: u.pk)
    ]
    task = make_task()
    seen = set()
    for number in range(60):
        sets = [people[:3], people[2:]] if number % 2 else [people[1:4], []]
        answers = together(
            lambda ids=sets[0]: put(one, task, "assigned", ids),
            lambda ids=sets[1]: put(other, task, "assigned", ids),
        )
        assert [r.status_code for r in answers] == [200, 200]
        shown = [[person["id"] for person in r.json()["data"]["assigned"]] for r in answers]
        assert shown == sets
        stored = TaskAssignee.objects.filter(task=task).order_by("user_id")
        final = [wire_id(pk) for pk in stored.values_list("user_id", flat=True)]
        assert final in sets
        seen.add(sets.index(final))
        last = HistoryEntry.objects.filter(subject_id=task.pk, verb="assigned").first()
        assert [person["id"] for person in last.changes["assigned"][1]] == final
    task.refresh_from_db()
    assert task.version == 1 + HistoryEntry.objects.filter(verb="assigned").count()


def test_set_tags_to_two_sets_at_once_leaves_exactly_one(together, make_api):
    one, other = make_api(), make_api()
    task = make_task()
    for number in range(60):
        sets = [["a", f"new {number}"], ["b", f"new {number}", "z"]]
        answers = together(
            lambda tags=sets[0]: put(one, task, "tags", tags),
            lambda tags=sets[1]: put(other, task, "tags", tags),
        )
        assert [r.status_code for r in answers] == [200, 200]
        assert [r.json()["data"]["tags"] for r in answers] == sets
        final = sorted(
            TaskTag.objects.filter(content_object=task).values_list("tag__name", flat=True)
        )
        assert final in sets


def test_same_new_tags_on_many_tasks_at_once_become_one_row_each(together, make_api):
    apis = [make_api() for _ in range(4)]
    tasks = [make_task() for _ in apis]
    names = [f"tag {number}" for number in range(12)]
    for number in range(40):
        wanted = [f"{name} of {number}" for name in names]
        orders = [wanted, wanted[::-1], wanted[6:] + wanted[:6], wanted[::2] + wanted[1::2]]
        answers = together(
            *[
                lambda api=api, task=task, tags=tags: put(api, task, "tags", tags)
                for api, task, tags in zip(apis, tasks, orders, strict=True)
            ]
        )
        assert [r.status_code for r in answers] == [200] * 4
        assert [r.json()["data"]["tags"] for r in answers] == [sorted(wanted)] * 4
    counts = Counter(Tag.objects.values_list("name", flat=True))
    assert len(counts) == 40 * len(names)
    assert set(counts.values()) == {1}


def test_new_tags_while_one_task_gets_them_twice_are_not_doubled(together, make_api):
    one, other = make_api(), make_api()
    for number in range(40):
        task = make_task()
        tags = sorted([f"a {number}", f"b {number}"])
        answers = together(
            lambda task=task, tags=tags: put(one, task, "tags", tags),
            lambda task=task, tags=tags: put(other, task, "tags", tags[::-1]),
        )
        assert [r.status_code for r in answers] == [200, 200]
        assert [r.json()["data"]["tags"] for r in answers] == [tags, tags]
        task.refresh_from_db()
        assert task.version == 2


def test_two_spellings_of_a_new_tag_at_once_become_one_row(together, make_api):
    apis = [make_api() for _ in range(4)]
    for number in range(20):
        composed, decomposed = f"B\u00fcro {number}", f"Bu\u0308ro {number}"
        tasks = [make_task() for _ in apis]
        answers = together(
            *[
                lambda api=api, task=task, name=name: put(api, task, "tags", [name])
                for api, task, name in zip(apis, tasks, [composed, decomposed] * 2, strict=True)
            ]
        )
        assert [r.status_code for r in answers] == [200] * 4
        tag = Tag.objects.get(normal_name=composed)
        assert [r.json()["data"]["tags"] for r in answers] == [[tag.name]] * 4
        assert not Tag.objects.filter(name__in=[composed, decomposed]).exclude(pk=tag.pk).exists()
        assert TaskTag.objects.filter(tag=tag).count() == 4


def test_two_spellings_of_a_milestone_at_once_leave_one(together, make_api):
    apis = [make_api() for _ in range(2)]
    for number in range(10):
        project = make_project()
        titles = [f"B\u00fcro {number}", f"Bu\u0308ro {number}"]
        answers = together(
            *[
                lambda api=api, title=title, project=project: api.post(
                    "/milestones",
                    {
                        "milestone_projectid": project.pk,
                        "milestone_title": title,
                        "milestone_color": "info",
                    },
                )
                for api, title in zip(apis, titles, strict=True)
            ]
        )
        assert sorted(r.status_code for r in answers) == [201, 409]
        assert Milestone.objects.filter(project=project).count() == 2
