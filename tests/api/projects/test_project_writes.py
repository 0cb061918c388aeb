"""Projects are made and changed, in every encoding, and history says so."""

import pytest

from tasks.models import HistoryEntry, Milestone, Project, Tag
from tasks.people import person_name, wire_id
from tasks.services.projects import update_project
from tasks.testing import make_actor, make_project, make_user
from tests.api.answers import expect, expect_errors
from tests.api.encodings import ENCODINGS, FORM, JSON, merge_patch
from tests.api.histories import told
from tests.api.projects.world import (
    IN_EVERY_ENCODING,
    LONG_AGO,
    OF_A_PROJECT,
    WITH_BODY,
    age,
    one,
    shown,
)
from tests.api.texts import KEPT
from tests.moments import utc

ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
UPDATED = "Project updated successfully."
DUE_BEFORE_START = {
    "project_date_due": [
        "The project date due must be a date after or equal to project date start."
    ]
}


@ENCODED
def test_create_makes_the_project_with_its_default_milestone(api, site, encoding):
    with told() as news:
        r = site.write("create").send(
            api,
            encoding,
            project_title="  Plan \t",
            project_date_due="2026-06-02",
            project_description="  As said.\r\n",
        )
    pk = r.json()["data"]["id"]
    expect(r, 201, one(pk, "Project created successfully."))
    data = shown(pk)
    assert (data["title"], data["description"]) == ("Plan", "  As said.\r\n")
    assert data["client"] == {"id": site.globex.pk, "name": "Globex"}
    assert (data["dates"]["start"], data["dates"]["due"]) == ("2026-06-02", "2026-06-02")
    assert data["dates"]["created"] == data["dates"]["updated"]
    assert (data["status"], data["active_state"]) == ("not_started", "active")
    assert (data["progress"], data["progress_manually"]) == (0, "no")
    assert (data["assigned"], data["managers"], data["tags"]) == ([], [], [])
    assert Project.objects.get(pk=pk).created_by_id == api.key.user_id
    milestone = Milestone.objects.get(project=pk)
    assert (milestone.title, milestone.is_default) == ("Uncategorised", True)
    assert milestone.created_by_id == api.key.user_id
    assert milestone.created_at == milestone.updated_at
    assert news == [("created", "project", pk, "Plan", {})]
    entry = HistoryEntry.objects.latest("pk")
    assert (entry.door, entry.key_id, entry.actor_id) == (
        "api",
        api.key.pk,
        str(api.key.user_id),
    )


def test_create_needs_no_more_than_what_is_required(api, site):
    r = site.write("create").send(api)
    pk = r.json()["data"]["id"]
    expect(r, 201, one(pk, "Project created successfully."))
    assert (shown(pk)["description"], shown(pk)["dates"]["due"]) == (None, None)


@ENCODED
@pytest.mark.parametrize(
    ("switch", "manually"), [("on", "yes"), ("1", "yes"), ("off", "no"), ("", "no"), (..., "no")]
)
def test_create_with_progress_by_hand_begins_at_nothing(api, site, encoding, switch, manually):
    r = site.write("create").send(api, encoding, project_progress_manually=switch)
    data = r.json()["data"]
    assert (data["progress"], data["progress_manually"]) == (0, manually)


@ENCODED
@pytest.mark.parametrize("who", ["colleague", "outsider", "suspended"])
def test_create_by_another_user_keeps_who_that_is(api, site, encoding, who):
    user = getattr(site, who)
    r = site.write("create").send(api, encoding, project_creatorid=wire_id(user.pk))
    assert r.status_code == 201
    project = Project.objects.get(pk=r.json()["data"]["id"])
    assert project.created_by_id == user.pk
    # History tells who really did it.
    entry = HistoryEntry.objects.filter(subject_type="project").latest("pk")
    assert entry.actor_name == person_name(api.key.user)


@pytest.mark.parametrize("value", ["", None, ...])
@pytest.mark.parametrize("field", ["project_date_due", "project_description"])
def test_create_with_an_empty_optional_field_has_none(api, site, field, value):
    r = site.write("create").send(api, **{field: value})
    data = r.json()["data"]
    assert r.status_code == 201
    assert (data["description"], data["dates"]["due"]) == (None, None)


@ENCODED
def test_update_changes_what_is_sent_and_no_more(api, site, encoding):
    age(site.project)
    before = shown(site.project)
    with told() as news:
        r = site.write("update").send(
            api,
            encoding,
            project_clientid=site.globex.pk,
            client_id=site.globex.pk,
            project_creatorid=wire_id(site.outsider.pk),
            status="completed",
            progress=7,
            manager="",
            tags="",
        )
    after = shown(site.project)
    expect(r, 200, {"data": after, "message": UPDATED})
    assert after["dates"]["updated"] > before["dates"]["updated"]
    dates = before["dates"] | {"start": "2026-06-02", "updated": after["dates"]["updated"]}
    assert after == before | {"title": "Plan", "dates": dates}
    changes = {"title": ["Website Redesign", "Plan"], "start_date": ["2026-06-01", "2026-06-02"]}
    assert news == [("updated", "project", site.project.pk, "Plan", changes)]
    assert site.reload().created_by_id is None
    assert site.reload().folded_title == "plan"


@ENCODED
@pytest.mark.parametrize(
    ("field", "key"), [("project_description", "description"), ("project_date_due", "due")]
)
def test_update_with_an_empty_optional_field_clears_it(api, site, encoding, field, key):
    r = site.write("update").send(api, encoding, **{field: ""})
    expect(r, 200, one(site.project, UPDATED))
    data = r.json()["data"]
    assert (data | data["dates"])[key] is None


@pytest.mark.parametrize("endpoint", ["update", "merge"])
def test_update_with_null_clears_what_may_be_null(api, site, endpoint):
    r = site.write(endpoint).send(api, project_description=None, project_date_due=None)
    expect(r, 200, one(site.project, UPDATED))
    data = r.json()["data"]
    assert (data["description"], data["dates"]["due"]) == (None, None)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({"project_title": "New"}, {"title": ["Website Redesign", "New"]}),
        ({"project_date_start": "2026-06-05"}, {"start_date": ["2026-06-01", "2026-06-05"]}),
        ({"project_date_due": "2026-06-01"}, {"due_date": ["2026-08-30", "2026-06-01"]}),
        ({"project_date_due": None}, {"due_date": ["2026-08-30", None]}),
        ({"project_date_due": ""}, {"due_date": ["2026-08-30", None]}),
        ({"project_description": "x"}, {"description": ["First draft.\n", "x"]}),
        ({"project_description": None}, {"description": ["First draft.\n", None]}),
        ({"project_progress_manually": "on"}, {"manual_progress": [None, 33]}),
        ({"project_progress_manually": True}, {"manual_progress": [None, 33]}),
        (
            {"project_date_start": "2027-01-01", "project_date_due": "2027-01-01"},
            {
                "start_date": ["2026-06-01", "2027-01-01"],
                "due_date": ["2026-08-30", "2027-01-01"],
            },
        ),
    ],
)
def test_merge_patch_changes_one_thing(api, site, fields, changes):
    age(site.project)
    before = Project.objects.values().get(pk=site.project.pk)
    write = site.write("merge")
    with told() as news:
        r = write.send(api, **(dict.fromkeys(write.fields, ...) | fields))
    expect(r, 200, one(site.project, UPDATED))
    after = Project.objects.values().get(pk=site.project.pk)
    assert after.pop("updated_at") > before.pop("updated_at")
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"folded_title"} == set(changes)
    assert news == [("updated", "project", site.project.pk, after["title"], changes)]


def test_merge_patch_of_nothing_changes_nothing(api, site, unchanged):
    with unchanged():
        r = api.patch(f"/projects/{site.project.pk}", "{}", "application/merge-patch+json")
    expect(r, 200, one(site.project, UPDATED))


@pytest.mark.parametrize("field", ["project_title", "project_date_start"])
@pytest.mark.parametrize("empty", [None, "", " "])
def test_merge_patch_of_nothing_for_what_must_be_is_invalid(api, site, unchanged, field, empty):
    with unchanged():
        r = site.write("merge").send(api, **{field: empty})
    spoken = field.replace("_", " ")
    message = f"The {spoken} field is required."
    if field == "project_date_start" and empty == " ":
        message = f"The {spoken} is not a valid date."
    expect_errors(r, {field: [message]})


def test_update_to_what_is_there_changes_nothing(api, site, unchanged):
    with unchanged():
        r = site.write("update").send(
            api,
            project_title=" Website Redesign ",
            project_date_start="2026-06-01",
            project_date_due="2026-08-30",
            project_description="First draft.\n",
            project_progress_manually="off",
        )
    expect(r, 200, one(site.project, UPDATED))


@pytest.mark.parametrize(
    ("fields", "is_good"),
    [
        ({"project_date_start": "2026-08-30"}, True),
        ({"project_date_start": "2026-08-31"}, False),
        ({"project_date_start": "2026-08-31", "project_date_due": "2026-08-31"}, True),
        ({"project_date_start": "2026-08-31", "project_date_due": "2026-08-30"}, False),
        ({"project_date_start": "2026-08-31", "project_date_due": ""}, True),
        ({"project_date_start": "2026-08-31", "project_date_due": None}, True),
        ({"project_date_start": ..., "project_date_due": "2026-06-01"}, True),
        ({"project_date_start": ..., "project_date_due": "2026-05-31"}, False),
    ],
)
def test_update_compares_the_days_as_they_will_be(api, site, unchanged, fields, is_good):
    for endpoint in ("merge",) if ... in fields.values() else ("merge", "update"):
        if is_good:
            r = site.write(endpoint).send(api, **fields)
            expect(r, 200, one(site.project, UPDATED))
            continue
        with unchanged():
            r = site.write(endpoint).send(api, **fields)
        expect_errors(r, DUE_BEFORE_START)


def test_update_with_one_day_wrong_says_nothing_of_their_order(api, site, unchanged):
    wrong = {"project_date_start": ["The project date start is not a valid date."]}
    with unchanged():
        r = site.write("update").send(api, project_date_start="soon", project_date_due="1999-01-01")
        expect_errors(r, wrong)
        r = site.write("create").send(api, project_date_start="soon", project_date_due="1999-01-01")
        expect_errors(r, wrong)


@ENCODED
def test_create_with_due_before_start_is_invalid(api, site, unchanged, encoding):
    with unchanged():
        r = site.write("create").send(api, encoding, project_date_due="2026-06-01")
    expect_errors(r, DUE_BEFORE_START)


def test_update_of_a_project_without_start_must_give_it_one(api, site, unchanged):
    project = make_project("In-house", client=None)
    path = f"/projects/{project.pk}"
    with unchanged():
        r = api.patch(path, "project_title=New")
        message = "The project date start field is required."
        expect_errors(r, {"project_date_start": [message]})
    r = api.patch(path, *merge_patch({"project_title": "New"}))
    expect(r, 200, one(project, UPDATED))
    r = api.patch(path, "project_title=New&project_date_start=2026-06-01")
    expect(r, 200, one(project, UPDATED))


@ENCODED
def test_update_with_progress_by_hand_keeps_what_it_shows_and_without_counts_again(
    api, site, encoding
):
    def send(switch):
        r = site.write("update").send(api, encoding, project_progress_manually=switch)
        expect(r, 200, one(site.project, UPDATED))
        return r.json()["data"]["progress"], r.json()["data"]["progress_manually"]

    assert send("on") == (33, "yes")
    assert api.delete(f"/tasks/{site.open.pk}").status_code == 200
    assert send("on") == (33, "yes")
    assert api.put(f"/projects/{site.project.pk}/progress", "progress=7").status_code == 200
    assert send("on") == (7, "yes")
    assert send(...) == (7, "yes")
    assert send("off") == (50, "no")
    assert send(...) == (50, "no")
    assert api.put(f"/tasks/{site.loose.pk}/status", "status=2").status_code == 200
    assert send("") == (100, "no")
    assert send("on") == (100, "yes")


@ENCODED
@pytest.mark.parametrize("word", Project.Status.values)
def test_status_is_set(api, site, encoding, word):
    before = shown(site.project)
    with told() as news:
        r = site.write("status").send(api, encoding, status=word)
    expect(r, 200, one(site.project, "Project status updated successfully."))
    after = r.json()["data"]
    assert after["status"] == word
    if word == "in_progress":
        assert (after, news) == (before, [])
    else:
        assert after["dates"]["updated"] > before["dates"]["updated"]
        changes = {"status": ["in_progress", word]}
        assert news == [("updated", "project", site.project.pk, "Website Redesign", changes)]


@ENCODED
@pytest.mark.parametrize("value", [0, 1, 40, 99, 100])
def test_progress_is_set_by_hand(api, site, encoding, value):
    with told() as news:
        r = site.write("progress").send(api, encoding, progress=value)
    expect(r, 200, one(site.project, "Project progress updated successfully."))
    assert (r.json()["data"]["progress"], r.json()["data"]["progress_manually"]) == (value, "yes")
    changes = {"manual_progress": [None, value]}
    assert news == [("updated", "project", site.project.pk, "Website Redesign", changes)]


def test_progress_to_what_it_is_by_hand_changes_nothing(api, site, unchanged):
    site.write("progress").send(api)
    with unchanged():
        site.write("progress").send(api)
        site.write("progress").send(api, progress="040")


def test_progress_to_what_is_counted_is_by_hand_from_then_on(api, site):
    r = site.write("progress").send(api, progress=33)
    assert r.json()["data"]["progress_manually"] == "yes"


def test_archive_and_restore_are_idempotent(api, site, unchanged):
    age(site.project)
    tasks = [*site.project.tasks.order_by("pk").values()]
    pk = site.project.pk
    for endpoint, state in [("archive", "archived"), ("restore", "active")]:
        write = site.write(endpoint)
        with told() as news:
            r = write.send(api)
        expect(r, 200, one(site.project, write.message))
        assert r.json()["data"]["active_state"] == state
        assert site.reload().updated_at > LONG_AGO
        change = {"is_archived": [state == "active", state == "archived"]}
        verb = {"archive": "archived", "restore": "restored"}[endpoint]
        assert news == [(verb, "project", pk, "Website Redesign", change)]
        with unchanged():
            expect(write.send(api), 200, one(site.project, write.message))
            # A body has nothing to say here, whatever it is.
            for body, content_type in [("{", JSON), ("x", "text/plain"), ("a=%ff", FORM)]:
                assert api.put(write.path, body, content_type).status_code == 200
    assert [*site.project.tasks.order_by("pk").values()] == tasks


@pytest.mark.parametrize(
    "endpoint", [name for name in OF_A_PROJECT if name not in {"clone", "restore", "delete"}]
)
def test_write_that_changes_something_moves_the_date_and_leaves_the_other_project(
    api, site, endpoint
):
    age(site.project)
    other = Project.objects.values().get(pk=site.other.pk)
    r = site.write(endpoint).send(api)
    assert r.status_code == 200
    row = site.reload()
    assert row.updated_at > LONG_AGO
    assert row.created_at == LONG_AGO
    assert Project.objects.values().get(pk=site.other.pk) == other


def test_date_moves_also_where_the_clock_was_set_back(api, site):
    ahead = utc(2099, 1, 1)
    Project.objects.filter(pk=site.project.pk).update(updated_at=ahead)
    for endpoint in ("update", "assign", "manager", "status", "progress", "tags", "archive"):
        before = site.reload().updated_at
        assert site.write(endpoint).send(api).status_code == 200
        assert site.reload().updated_at > before


@pytest.mark.parametrize("endpoint", IN_EVERY_ENCODING)
@ENCODED
def test_write_answers_the_whole_project_in_every_encoding(api, site, endpoint, encoding):
    write = site.write(endpoint)
    r = write.send(api, encoding)
    expect(r, write.status, one(r.json()["data"]["id"], write.message))


@pytest.mark.parametrize("endpoint", WITH_BODY)
def test_write_ignores_unknown_fields(api, site, endpoint):
    write = site.write(endpoint)
    r = write.send(
        api, id=1, project_categoryid=3, project_billing_rate="x", reference=[], whatever={}
    )
    assert (r.status_code, r.json()["message"]) == (write.status, write.message)


@pytest.mark.parametrize("endpoint", [name for name in OF_A_PROJECT if name != "delete"])
def test_write_to_a_path_with_a_slash_is_served(api, site, endpoint):
    write = site.write(endpoint)
    r = api.request(write.method, write.path + "/", *write.body())
    expect(r, write.status, one(r.json()["data"]["id"], write.message))


@pytest.mark.parametrize("endpoint", ["create", "update"])
@ENCODED
def test_description_is_kept_exactly_as_sent(api, site, endpoint, encoding):
    for text in [*KEPT.values(), "   ", "😀" * 50_000]:
        r = site.write(endpoint).send(api, encoding, project_description=text)
        assert r.json()["data"]["description"] == text
        assert Project.objects.get(pk=r.json()["data"]["id"]).description == text


@pytest.mark.parametrize("endpoint", ["create", "update", "merge", "clone"])
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("\u3000x\u00a0", "x"),
        ("x" * 255, "x" * 255),
        (" " * 99 + "😀" * 255 + "\n", "😀" * 255),
        ("ΐ" * 255, "ΐ" * 255),  # thrice as long once its case is folded
        ("a  b", "a  b"),
        ("<b>%s{x}", "<b>%s{x}"),
        ("0", "0"),
    ],
)
def test_title_is_trimmed_and_kept(api, site, endpoint, sent, kept):
    r = site.write(endpoint).send(api, project_title=sent)
    assert r.json()["data"]["title"] == kept
    # And found again, in any case.
    found = api.get("/projects", search=kept[:80].upper()).json()["data"]
    assert r.json()["data"]["id"] in [project["id"] for project in found]


def test_titles_need_not_be_unique(api, site):
    for _ in range(2):
        assert site.write("create").send(api).status_code == 201


def test_writes_are_attributed_to_the_key(make_api, site):
    user = make_user(first_name="Eva", last_name="Key")
    api = make_api(user=user, name="robot")
    for name in OF_A_PROJECT:
        with told() as news:
            assert site.write(name).send(api).status_code < 300
        assert news or name == "merge"
        entry = HistoryEntry.objects.latest("pk")
        assert (entry.key_name, entry.actor_id) == ("robot", str(user.pk))


def test_failed_update_makes_no_tag(api, site):
    before = Tag.objects.count()
    r = site.write("tags").send(api, tags=["fresh", ""])
    assert r.status_code == 422
    assert Tag.objects.count() == before


def test_service_changes_several_fields_at_once(site):
    project = update_project(
        actor=make_actor(), project_id=site.project.pk, status="completed", progress_by_hand=True
    )
    assert (project.status, project.manual_progress) == ("completed", 33)
