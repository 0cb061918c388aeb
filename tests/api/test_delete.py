import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField

from tasks.models import HistoryEntry, Tag, Task
from tests.api.answers import TASK_NOT_FOUND, expect, shown

MESSAGE = "Task deleted successfully."


def referring():
    """Every column, of whatever app, that refers to a task."""
    return [
        (model, field.attname)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey | OneToOneField) and field.related_model is Task
    ]


@pytest.mark.parametrize("slash", ["", "/"])
def test_delete_answers_the_id(api, world, slash):
    response = api.delete(f"/tasks/{world.task.pk}{slash}")
    expect(response, 200, {"data": {"id": world.task.pk}, "message": MESSAGE})
    assert not Task.objects.filter(pk=world.task.pk).exists()


def test_delete_leaves_no_row_of_the_task(api, world):
    assert {model._meta.model_name for model, _ in referring()} >= {"taskassignee", "tasktag"}
    api.delete(f"/tasks/{world.task.pk}")
    for model, column in referring():
        assert not model._base_manager.filter(**{column: world.task.pk}).exists()


def test_delete_leaves_other_tasks_their_tags_and_people_alone(api, world):
    before = shown(world.bystander)
    tags = set(Tag.objects.values_list("name", flat=True))
    api.delete(f"/tasks/{world.task.pk}")
    assert shown(world.bystander) == before
    assert set(Tag.objects.values_list("name", flat=True)) == tags
    assert set(Task.objects.values_list("pk", flat=True)) == {world.bystander.pk}


def test_delete_keeps_the_history_of_the_task(api, world):
    before = list(HistoryEntry.objects.order_by("pk").values())
    api.delete(f"/tasks/{world.task.pk}")
    after = list(HistoryEntry.objects.order_by("pk").values())
    assert after[:-1] == before
    last = HistoryEntry.objects.first()
    assert (last.verb, last.subject_type, last.subject_id) == ("deleted", "task", world.task.pk)
    assert last.subject_name == "Design homepage"


def test_delete_twice_is_not_found(api, world, unchanged):
    api.delete(f"/tasks/{world.task.pk}")
    with unchanged():
        expect(api.delete(f"/tasks/{world.task.pk}"), 404, TASK_NOT_FOUND)


def test_delete_of_an_archived_task_succeeds(api, world):
    world.write("archive").send(api)
    assert api.delete(f"/tasks/{world.task.pk}").status_code == 200


def test_deleted_id_is_not_given_again(api, world):
    new = world.write("create").send(api).json()["data"]["id"]
    api.delete(f"/tasks/{new}")
    assert world.write("create").send(api).json()["data"]["id"] > new
