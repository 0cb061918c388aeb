"""``DELETE /projects/{id}``: everything of it goes but its history, or nothing at all."""

import pytest
from django.apps import apps

from comments.testing import make_comment
from tasks.files import PREFIX
from tasks.models import HistoryEntry, Project, Tag
from tasks.models.tallies import Tally
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_attachment, make_project, make_task
from tests.api.answers import expect
from tests.api.histories import told
from tests.api.projects.world import NOT_FOUND, ProjectWorld
from tests.counting import assert_counted
from timers.testing import make_running_timer, make_stopped_timer, make_time

DELETED = "Project deleted successfully."
INVOICED = {"message": "The task has invoiced time."}


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    return tmp_path / "media"


def files(root):
    return sorted(str(path) for path in (root / PREFIX).rglob("*") if path.is_file())


def tables():
    """The number of rows in every table of ours but the history, the tags and the tallies."""
    return {
        model.__name__: model._base_manager.count()
        for label in ("taskdock", "taskdock_comments", "taskdock_timers")
        for model in apps.get_app_config(label).get_models()
        if model not in {HistoryEntry, Tag} and not issubclass(model, Tally)
    }


def fill(site):
    actor = make_actor(site.person)
    for parent in (site.done, site.project):
        item = add_checklist_item(actor=actor, parent=parent, text="Look")
        make_comment(item)
    make_comment(site.archived)
    make_time(site.done)
    make_stopped_timer(site.archived)
    make_running_timer(site.open)
    make_attachment(site.done)
    make_attachment(site.archived)


def test_delete_leaves_nothing_but_history(committed_db, api, root):
    kept = make_task(project=make_project("Another"))
    make_attachment(kept)
    make_time(kept)
    before, on_disk = tables(), files(root)
    site = ProjectWorld()
    extra = make_project("To go along", client=None)
    site.other.delete()
    fill(site)
    others = {"APIKey", "Client"}
    pks = [*site.project.tasks.values_list("pk", flat=True)]
    with told() as news:
        r = api.delete(f"/projects/{site.project.pk}")
    expect(r, 200, {"data": {"id": site.project.pk}, "message": DELETED})
    extra.delete()
    after = tables()
    assert {name: n for name, n in after.items() if name not in others} == {
        name: n for name, n in before.items() if name not in others
    }
    assert files(root) == on_disk
    assert_counted()
    assert sorted((verb, kind, pk) for verb, kind, pk, *_ in news) == sorted(
        [("deleted", "project", site.project.pk), *(("deleted", "task", pk) for pk in pks)]
    )
    assert HistoryEntry.objects.filter(subject_type="project", verb="created").exists()
    expect(api.delete(f"/projects/{site.project.pk}"), 404, NOT_FOUND)
    expect(api.get(f"/projects/{site.project.pk}"), 404, NOT_FOUND)
    for pk in pks:
        assert api.get(f"/tasks/{pk}").status_code == 404


def test_delete_leaves_the_other_projects_alone(api, site):
    make_task(project=site.other, tags=["q3"], assigned=[site.person])
    before = api.get(f"/projects/{site.other.pk}").json()
    assert api.delete(f"/projects/{site.project.pk}").status_code == 200
    assert api.get(f"/projects/{site.other.pk}").json() == before
    assert [*Project.objects.all()] == [site.other]


@pytest.mark.parametrize("where", ["open", "archived"])
def test_delete_with_invoiced_time_is_refused_whole(committed_db, api, root, unchanged, where):
    site = ProjectWorld()
    fill(site)
    make_time(getattr(site, where), is_invoiced=True)
    on_disk = files(root)
    with unchanged():
        expect(api.delete(f"/projects/{site.project.pk}"), 409, INVOICED)
    assert files(root) == on_disk
    assert len(on_disk) == 2
    assert_counted()


def test_delete_of_an_archived_or_an_empty_project_is_a_deletion(api, db):
    for project in (make_project(is_archived=True), make_project(client=None)):
        assert api.delete(f"/projects/{project.pk}").status_code == 200
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"), [("{", "application/json"), ("x", "text/plain"), ("a=b", None)]
)
def test_delete_reads_no_body(api, site, body, content_type):
    r = api.request("DELETE", f"/projects/{site.project.pk}", body, content_type)
    assert r.status_code == 200
