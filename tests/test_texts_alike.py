"""Texts that look the same are the same: searched, looked up, unique, by every way in."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comments.services.comments import add_comment
from tasks.actors import Actor
from tasks.exceptions import MilestoneTitleTaken, PriorityTitleTaken, StatusTitleTaken
from tasks.models import (
    APIKey,
    Client,
    ClientTag,
    ImportedKey,
    Milestone,
    Project,
    ProjectTag,
    Tag,
    Task,
    TaskPriority,
    TaskStatus,
    TaskTag,
)
from tasks.people import user_model
from tasks.services import checklists, clients, milestones, projects, tagging, workflow
from tasks.services.bulk import add_tasks
from tasks.services.new_tasks import NewTask
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
from tests.admin.conftest import Browser
from tests.conftest import ADMIN

NFC, NFD = "B\u00fcro", "Bu\u0308ro"
BOTH = [(NFC, NFD), (NFD, NFC)]
#: Composed in part, as Vietnamese keyboards write.
PARTLY, WHOLLY = "Vi\u00ea\u0323t", "Vi\u1ec7t"
SPELLINGS = [*BOTH, (NFC, NFD.upper()), (NFD, NFC.upper()), (PARTLY, WHOLLY), (WHOLLY, PARTLY)]


@pytest.fixture
def admin(db):
    return Browser(make_user(is_superuser=True))


@pytest.mark.parametrize(("stored", "sent"), SPELLINGS)
def test_every_list_of_the_api_finds_the_other_spelling(api, stored, sent):
    client, project = make_client(f"A {stored}"), make_project(f"B {stored}")
    milestone = make_milestone(project=project, title=f"C {stored}")
    task = make_task(f"D {stored}", project=project)
    person = make_user(is_staff=True)
    columns = [field.name for field in user_model()._meta.concrete_fields]
    wanted = {
        "/clients": (client.pk, {}),
        "/projects": (project.pk, {}),
        f"/projects/{project.pk}/milestones": (milestone.pk, {}),
        "/tasks": (task.pk, {}),
    }
    if "first_name" in columns:
        user_model()._default_manager.filter(pk=person.pk).update(first_name=stored)
        wanted["/team"] = (person.pk, {})
    make_task("Bu ro Viet", project=project)
    for path, (pk, query) in wanted.items():
        r = api.get(path, search=sent, **query)
        if r.status_code == 404:
            # Its address has another form.
            r = api.get("/milestones", project_id=project.pk, search=sent)
        assert [str(row["id"]) for row in r.json()["data"]] == [str(pk)], path


@pytest.mark.parametrize(("first", "second"), BOTH)
def test_tag_is_one_wherever_it_is_put(db, first, second):
    actor, project, client = Actor(), make_project(), make_client()
    task = make_task(project=project)
    tagging.set_tags(actor=actor, task_id=task.pk, names=[first, "x"])
    version = tagging.set_tags(actor=actor, task_id=task.pk, names=["x", second]).version
    assert version == Task.objects.get(pk=task.pk).version
    projects.set_project_tags(actor=actor, project_id=project.pk, names=[second, first])
    clients.set_client_tags(actor=actor, client_id=client.pk, names=[second])
    new = NewTask(
        project_id=project.pk, title="N", status_id=1, priority_id=1, tags=[second, f" {first} "]
    )
    add_tasks(actor=actor, tasks=[new])
    tagging.set_tags(actor=actor, task_id=task.pk, names=[second, "y"])
    assert sorted(Tag.objects.values_list("name", flat=True)) == sorted(["x", "y", first])
    kept = Tag.objects.get(name=first)
    for links in (TaskTag, ProjectTag, ClientTag):
        assert links._default_manager.filter(tag=kept).exists()
    assert TaskTag.objects.filter(tag=kept).count() == 2


def test_tag_is_told_apart_by_case_and_by_accent(db):
    task = make_task(tags=[NFC, NFC.lower(), "Buro"])
    assert task.task_tags.count() == 3


@pytest.mark.parametrize(("first", "second"), BOTH)
def test_title_that_looks_the_same_is_taken(api, first, second):
    actor, project = Actor(), make_project()
    make_milestone(project=project, title=first)
    other = make_milestone(project=project, title="Other")
    with pytest.raises(MilestoneTitleTaken):
        milestones.create_milestone(actor=actor, project=project, title=second)
    with pytest.raises(MilestoneTitleTaken):
        milestones.update_milestone(actor=actor, milestone_id=other.pk, title=second)
    milestones.create_milestone(actor=actor, project=make_project("Else"), title=second)
    milestones.create_milestone(actor=actor, project=project, title=second.lower())
    for create, update, error in (
        (workflow.create_status, workflow.update_status, StatusTitleTaken),
        (workflow.create_priority, workflow.update_priority, PriorityTitleTaken),
    ):
        row = create(actor=actor, title=first)
        create(actor=actor, title=second.lower())
        with pytest.raises(error):
            create(actor=actor, title=second)
        third = create(actor=actor, title="Third")
        key = "status_id" if error is StatusTitleTaken else "priority_id"
        with pytest.raises(error):
            update(actor=actor, **{key: third.pk}, title=second)
        # Another spelling of its own is a change like others.
        update(actor=actor, **{key: row.pk}, title=second)


@pytest.mark.parametrize(
    ("model", "kind"), [("taskstatus", TaskStatus), ("taskpriority", TaskPriority)]
)
def test_form_says_at_the_title_that_it_is_taken(admin, model, kind):
    kind._default_manager.create(title=NFC)
    page = admin.open(f"taskdock/{model}/add/").submit(title=NFD)
    assert list(page.context["adminform"].form.errors) == ["title"]
    assert kind._default_manager.filter(title__in=[NFC, NFD]).count() == 1


def test_form_says_at_the_title_that_a_milestone_has_it(admin):
    project = make_project()
    make_milestone(project=project, title=NFC)
    page = admin.open("taskdock/milestone/add/").submit(project=project.pk, title=NFD)
    assert list(page.context["adminform"].form.errors) == ["title"]
    assert Milestone.objects.filter(project=project).count() == 2


@pytest.mark.parametrize(("stored", "sent"), SPELLINGS)
def test_every_page_of_the_admin_finds_the_other_spelling(admin, stored, sent):
    actor, project = Actor(), make_project(stored)
    make_client(stored)
    make_milestone(project=project, title=stored)
    task = make_task(stored, project=project, tags=[stored])
    checklists.add_checklist_item(actor=actor, parent=task, text=f"a {stored}")
    add_comment(actor=actor, subject=task, text=f"a {stored}!")
    APIKey.generate(name=stored, user=admin.user)[0].save()
    for page in (
        *("client", "project", "milestone", "task", "tag", "checklistitem", "apikey"),
        "historyentry",
    ):
        response = admin.get(f"taskdock/{page}/", q=sent)
        assert response.context["cl"].result_list, page
        assert not admin.get(f"taskdock/{page}/", q="Buro").context["cl"].result_list
    assert admin.get("taskdock_comments/comment/", q=sent).context["cl"].result_list
    assert admin.get("taskdock/task/", q=f'"{sent}"').status_code == 200
    assert len(admin.get("taskdock/task/", task_tags__tag__id__exact="", tag_like=sent).content)
    board = admin.get("taskdock/task/board/", q=sent).content.decode()
    assert f'data-card="{task.pk}"' in board


@pytest.mark.parametrize(("stored", "sent"), SPELLINGS)
def test_field_takes_what_is_typed_in_the_other_spelling(admin, stored, sent):
    project = make_project(stored)
    make_project(f"{stored} 2")
    data = {
        "title": "T",
        "status": 1,
        "priority": 1,
        "project-typed": sent,
        "description": "",
        "start_date": "",
        "due_date": "",
        "tags": "",
    }
    response = admin.client.post(f"{ADMIN}/taskdock/task/add/", data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert Task.objects.get().project == project


@pytest.mark.parametrize(("stored", "sent"), SPELLINGS)
def test_people_are_found_by_the_other_spelling(admin, stored, sent):
    if "first_name" not in {field.name for field in user_model()._meta.concrete_fields}:
        pytest.skip("people have no names here")
    person = make_user(is_staff=True)
    user_model()._default_manager.filter(pk=person.pk).update(first_name=stored)
    found = admin.client.get(f"{ADMIN}/taskdock/task/people/assigned/", {"term": sent}).json()
    assert [row["id"] for row in found["results"]] == [str(person.pk)]


CREATED = ("clients", "projects", "milestones")


@pytest.fixture
def run(tmp_path):
    make_user(is_superuser=True)

    def run_import(rows, *arguments):
        path = tmp_path / "tasks.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        out = StringIO()
        try:
            call_command("taskdock_import", str(path), *arguments, stdout=out)
        except CommandError as error:
            return f"{out.getvalue()}\n{error}"
        return out.getvalue()

    return run_import


@pytest.mark.parametrize(("stored", "sent"), SPELLINGS)
def test_import_looks_names_up_by_the_other_spelling(db, run, stored, sent):
    client = make_client(stored)
    project = make_project(stored, client=client)
    milestone = make_milestone(project=project, title=stored)
    status = workflow.create_status(actor=Actor(), title=stored)
    priority = workflow.create_priority(actor=Actor(), title=stored)
    header = ["title", "client", "project", "milestone", "status", "priority", "tags"]
    told = run([header, ["T", *[sent] * 6]])
    task = Task.objects.get()
    assert (task.project, task.milestone) == (project, milestone), told
    assert (task.status, task.priority) == (status, priority)
    assert Client.objects.count() == Project.objects.count() == 1


def test_import_makes_one_of_names_that_look_the_same(db, run):
    header = ["title", "client", "project", "milestone", "tags"]
    rows = [["A", *[NFC] * 4], ["B", *[NFD] * 4], ["C", NFD, NFC, NFD, NFC]]
    told = run([header, *rows], *(f"--create-{kind}" for kind in CREATED))
    assert Task.objects.count() == 3, told
    assert (Client.objects.count(), Project.objects.count()) == (1, 1)
    assert Milestone.objects.filter(is_default=None).count() == 1
    assert Tag.objects.count() == 1


def test_import_knows_a_key_by_the_other_spelling(db, run):
    project = make_project("P")
    run([["title", "project", "key"], ["A", "P", NFC]])
    run([["title", "project", "key"], ["A", "P", NFD], ["B", "P", "other"]])
    assert sorted(Task.objects.filter(project=project).values_list("title", flat=True)) == [
        "A",
        "B",
    ]
    assert ImportedKey.objects.count() == 2
