"""A text of which nothing would show is no text, by every way in."""

from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment
from comments.services.comments import add_comment, edit_comment
from tasks.actors import Actor
from tasks.exceptions import TaskdockError, TitleMissing
from tasks.files import NAMELESS, clean_name
from tasks.models import (
    APIKey,
    ChecklistItem,
    Client,
    Milestone,
    Project,
    Tag,
    Task,
    TaskNote,
    TaskPriority,
    TaskStatus,
)
from tasks.services import (
    api_keys,
    bulk,
    checklists,
    clients,
    cloning,
    milestones,
    notes,
    project_cloning,
    projects,
    tagging,
    tasks,
    workflow,
)
from tasks.services.new_tasks import NewTask
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
from tests.admin.conftest import Browser
from tests.api.texts import INVISIBLE
from tests.conftest import ADMIN

ACTOR = Actor()


@pytest.fixture
def admin(db):
    return Browser(make_user(is_superuser=True))


def written():
    models = (Task, Project, Milestone, Client, ChecklistItem, Comment, Tag, APIKey, TaskStatus)
    return [
        list(model._default_manager.order_by("pk").values()) for model in (*models, TaskPriority)
    ]


def calls(text):
    """Every service that takes a text which must show something."""
    task, project, client = make_task(), make_project(), make_client()
    milestone = make_milestone(project=project, title="M")
    item = checklists.add_checklist_item(actor=ACTOR, parent=task, text="I")
    comment = add_comment(actor=ACTOR, subject=task, text="C")
    status, priority = TaskStatus.objects.get(pk=1), TaskPriority.objects.get(pk=1)
    user = make_user()
    key, _ = api_keys.create_api_key(actor=ACTOR, name="K", user=user)
    new = {"project_id": project.pk, "status_id": 1, "priority_id": 1}
    placed = {"project": project, "status": status}
    calls = (
        partial(tasks.create_task, title=text, priority=priority, **placed),
        partial(tasks.update_task, task_id=task.pk, title=text),
        partial(
            cloning.clone_task, task_id=task.pk, title=text, milestone_id=milestone.pk, **placed
        ),
        partial(bulk.add_tasks, tasks=[NewTask(title=text, **new)]),
        partial(bulk.add_tasks, tasks=[NewTask(title="T", tags=[text], **new)]),
        partial(projects.create_project, title=text),
        partial(projects.update_project, project_id=project.pk, title=text),
        partial(
            project_cloning.clone_project,
            project_id=project.pk,
            title=text,
            client=None,
            start_date=None,
            due_date=None,
            wanted=project_cloning.Wanted(),
        ),
        partial(milestones.create_milestone, project=project, title=text),
        partial(milestones.update_milestone, milestone_id=milestone.pk, title=text),
        partial(clients.create_client, name=text),
        partial(clients.update_client, client_id=client.pk, name=text),
        partial(checklists.add_checklist_item, parent=task, text=text),
        partial(checklists.add_checklist_item, parent=project, text=text),
        partial(checklists.update_checklist_item, item_id=item.pk, text=text),
        partial(add_comment, subject=task, text=text),
        partial(add_comment, subject=item, text=text),
        partial(edit_comment, comment_id=comment.pk, text=text),
        partial(workflow.create_status, title=text),
        partial(workflow.update_status, status_id=1, title=text),
        partial(workflow.create_priority, title=text),
        partial(workflow.update_priority, priority_id=1, title=text),
        partial(tagging.set_tags, task_id=task.pk, names=["a", text]),
        partial(projects.set_project_tags, project_id=project.pk, names=["a", text]),
        partial(clients.set_client_tags, client_id=client.pk, names=[text]),
        partial(api_keys.create_api_key, name=text, user=user),
        partial(api_keys.update_api_key, key_id=key.pk, name=text),
    )
    return [(call, {"actor": ACTOR}) for call in calls]


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_no_service_takes_it(db, text):
    asked = calls(text)
    before = written()
    for call, who in asked:
        with pytest.raises(TaskdockError) as refused:
            call(**who)
        error = getattr(refused.value, "error", refused.value)
        assert isinstance(error, TitleMissing) or str(error) == "A tag has 1 to 100 characters."
    assert written() == before


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_note_of_it_is_none(db, text):
    task, actor = make_task(), Actor(user=make_user())
    notes.set_note(actor=actor, task_id=task.pk, text="N")
    assert notes.set_note(actor=actor, task_id=task.pk, text=text) is None
    assert not TaskNote.objects.exists()


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_file_called_so_has_a_name(text):
    assert clean_name(text) == NAMELESS
    assert clean_name(f"folder/{text}") == NAMELESS
    assert clean_name(f"{text}.txt").endswith(".txt")


@pytest.mark.parametrize("text", [*INVISIBLE, "", " "], ids=ascii)
def test_command_makes_no_key_of_that_name(db, text):
    make_user(is_superuser=True)
    with pytest.raises(CommandError, match="A key's name has 1 to"):
        call_command("taskdock_key", text)
    assert not APIKey.objects.exists()


FORMS = {
    "taskdock/task": "title",
    "taskdock/project": "title",
    "taskdock/milestone": "title",
    "taskdock/client": "name",
    "taskdock/taskstatus": "title",
    "taskdock/taskpriority": "title",
    "taskdock/checklistitem": "text",
    "taskdock/apikey": "name",
    "taskdock_comments/comment": "text",
}


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
@pytest.mark.parametrize(("page", "field"), FORMS.items())
def test_form_says_that_it_is_required(admin, page, field, text):
    task = make_task()
    milestone = make_milestone(project=task.project, title="M")
    checklists.add_checklist_item(actor=ACTOR, parent=task, text="I")
    add_comment(actor=ACTOR, subject=task, text="C")
    make_client()
    APIKey.generate(name="K", user=admin.user)[0].save()
    before = written()
    known = {"taskdock/milestone": milestone.pk}
    model = page.rpartition("/")[2]
    key = known.get(page) or _key_of(model)
    for path in (f"{page}/add/", f"{page}/{key}/change/"):
        response = admin.open(path).submit(**{field: text})
        assert response.status_code == 200, path
        errors = response.context["adminform"].form.errors
        assert errors[field] == ["This field is required."], path
    assert written() == before


def _key_of(model):
    models = (Task, Project, Client, TaskStatus, TaskPriority, ChecklistItem, APIKey, Comment)
    (found,) = (one for one in models if one._meta.model_name == model)
    return found._default_manager.order_by("pk").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_board_and_panels_refuse_it(admin, text):
    task = make_task()
    item = checklists.add_checklist_item(actor=ACTOR, parent=task, text="I")
    comment = add_comment(actor=Actor(user=admin.user), subject=task, text="C")
    before = written()
    added = admin.client.post(
        f"{ADMIN}/taskdock/task/board/add/",
        {"title": text, "project": task.project_id, "status": 1},
        headers={"Accept": "application/json"},
    )
    assert (added.status_code, list(added.json()["errors"])) == (409, ["title"])
    panels = {
        "checklist/add": {"text": text},
        "checklist/edit": {"row": item.pk, "text": text},
        "comments/add": {"text": text},
        "comments/edit": {"row": comment.pk, "text": text},
        "clone/clone": {"title": text, "project": task.project_id, "status": 1},
    }
    for panel, sent in panels.items():
        path = f"{ADMIN}/taskdock/task/{task.pk}/panels/{panel}/"
        answer = admin.client.post(path, sent, headers={"X-Taskdock-Panel": "any"})
        assert answer.status_code == 422, panel
        assert "field is required" in answer.content.decode(), panel
    assert written() == before


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_tag_of_it_is_left_out_of_a_list_of_tags(admin, text):
    task = make_task(tags=["a"])
    page = admin.open(f"taskdock/task/{task.pk}/change/")
    assert page.submit(tags=f"a, {text}, b").status_code == 302
    assert list(Tag.objects.order_by("name").values_list("name", flat=True)) == ["a", "b"]
    path = f"{ADMIN}/taskdock/task/"
    sent = {"action": "add_tags", "_selected_action": str(task.pk)}
    form = {**sent, "tags": text, "preview": "1"}
    assert "field is required" in admin.client.post(path, form).content.decode()


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_import_says_that_it_is_required(db, tmp_path, text):
    make_user(is_superuser=True)
    make_project("P")
    path = tmp_path / "tasks.csv"
    path.write_text(f'title,project,tags\n"{text}",P,\nT,"{text}",\nT,P,"a,{text}"\n', "utf-8")
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("taskdock_import", str(path), stdout=told, stderr=told)
    assert told.getvalue().count("field is required") == 2
    assert not Task.objects.exists()
    call_command("taskdock_import", str(path), "--skip-bad")
    assert list(Tag.objects.values_list("name", flat=True)) == ["a"]


@pytest.mark.parametrize("text", ["\u200bPlan\u2060", "a\u00adb", "\u202ex", "\u3164x"], ids=ascii)
def test_text_with_something_to_see_is_stored_as_sent(api, text):
    project = projects.create_project(actor=ACTOR, title=text)
    r = api.get(f"/projects/{project.pk}")
    assert r.json()["data"]["title"] == text
    assert make_task(text).title == text
