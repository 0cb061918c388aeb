"""Milestones are made, changed, put in order and deleted, and history says so."""

import pytest

from tasks.models import Milestone, Task
from tasks.services.tasks import POSITION_GAP
from tasks.testing import make_milestone, make_project, make_task
from tests.api.answers import expect, expect_errors
from tests.api.encodings import ENCODINGS, FORM, JSON, MERGE_PATCH
from tests.api.histories import told
from tests.api.milestones.world import TAKEN, one, shown, titles_of
from tests.api.projects.values import each, in_forms
from tests.counting import assert_counted
from timers.testing import make_time

ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
CREATED, UPDATED = "Milestone created successfully.", "Milestone updated successfully."
DELETED = "Milestone deleted successfully."
SORTED = "Milestone positions updated successfully."
KEPT_DEFAULT = {"message": "The default milestone of a project can't be deleted."}
KEYS = (
    *("default", "primary", "info", "success", "warning", "danger"),
    *("a", "Z", "0", "-", "--", "a-b-1", "007", "x" * 50, "on", "null"),
)


@ENCODED
def test_create_appends_a_milestone(api, plan, encoding):
    last = Milestone.objects.get(pk=plan.c.pk).position
    with told() as news:
        r = plan.write("create").send(api, encoding, milestone_title=" Launch \t")
    pk = r.json()["data"]["id"]
    expect(r, 201, one(pk, CREATED))
    data = shown(pk)
    assert (data["title"], data["color"], data["type"]) == ("Launch", "danger", "categorised")
    assert (data["tasks_count"], data["position"]) == (0, last + POSITION_GAP)
    assert data["dates"]["created"] == data["dates"]["updated"]
    row = Milestone.objects.get(pk=pk)
    assert (row.created_by_id, row.folded_title) == (api.key.user_id, "launch")
    assert titles_of(plan.project) == ["Uncategorised", "a", "b", "c", "Launch"]
    assert news == [("created", "milestone", pk, "Launch", {})]


def test_create_in_a_project_without_any_milestone_is_good(api, plan):
    Task.objects.all().delete()
    plan.project.milestones.all().delete()
    r = plan.write("create").send(api)
    assert (r.status_code, r.json()["data"]["position"]) == (201, POSITION_GAP)


@pytest.mark.parametrize("endpoint", ["create", "update", "merge"])
@pytest.mark.parametrize("key", KEYS)
def test_colour_is_any_key(api, plan, endpoint, key):
    r = plan.write(endpoint).send(api, milestone_color=key)
    assert r.json()["data"]["color"] == key


@pytest.mark.parametrize("endpoint", ["create", "update", "merge"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        *each("The milestone color field is required.", "", " ", "\n", None),
        *each(
            "The selected milestone color is invalid.",
            *("a b", "#fff", "#8a94a6", "a_b", "é", "ß", "٣", "a.b", " a", "a ", "a\n"),
        ),
        *each("The milestone color contains characters that can't be stored.", "a\x00", "\ud800"),
        ("x" * 51, "The milestone color may not be greater than 50 characters."),
        *each(
            "The milestone color must be a string.",
            *(1, 0, 2**64, 1.5, True, False, [], ["a"], {}),
        ),
    ],
)
def test_colour_that_is_no_key_is_invalid(*, api, plan, unchanged, endpoint, value, message):
    with unchanged():
        for encoding in ENCODINGS if endpoint != "merge" and in_forms(value) else ["json"]:
            r = plan.write(endpoint).send(api, encoding, milestone_color=value)
            expect_errors(r, {"milestone_color": [message]})


@ENCODED
def test_update_changes_title_and_colour_alone(api, plan, encoding):
    before = shown(plan.a)
    with told() as news:
        r = plan.write("update").send(
            api, encoding, milestone_projectid=plan.other.pk, position=1, tasks_count=9
        )
    expect(r, 200, one(plan.a, UPDATED))
    after = shown(plan.a)
    assert after["dates"]["updated"] > before["dates"]["updated"]
    dates = {"created": before["dates"]["created"], "updated": after["dates"]["updated"]}
    assert after == before | {"title": "Launch", "color": "danger", "dates": dates}
    changes = {"title": ["a", "Launch"], "color": ["default", "danger"]}
    assert news == [("updated", "milestone", plan.a.pk, "Launch", changes)]
    # Its tasks show the new name, and are none the newer for it.
    task = Task.objects.values().get(pk=plan.first.pk)
    assert api.get(f"/tasks/{plan.first.pk}").json()["data"]["milestone"]["name"] == "Launch"
    assert (task["version"], task["updated_at"]) == (1, plan.first.updated_at)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({"milestone_title": "x"}, {"title": ["a", "x"]}),
        ({"milestone_color": "x"}, {"color": ["default", "x"]}),
        ({}, None),
        ({"milestone_title": " a "}, None),
        ({"milestone_color": "default", "milestone_title": "a"}, None),
    ],
)
def test_merge_patch_changes_what_it_names(api, plan, fields, changes):
    write = plan.write("merge")
    before = shown(plan.a)
    with told() as news:
        r = write.send(api, **(dict.fromkeys(write.fields, ...) | fields))
    expect(r, 200, one(plan.a, UPDATED))
    if changes is None:
        assert (shown(plan.a), news) == (before, [])
    else:
        assert [row[4] for row in news] == [changes]
        assert shown(plan.a)["dates"]["updated"] > before["dates"]["updated"]


def test_update_to_what_is_there_changes_nothing(api, plan, unchanged):
    with unchanged():
        r = plan.write("update").send(api, milestone_title="a", milestone_color="default")
    expect(r, 200, one(plan.a, UPDATED))


def test_update_of_the_default_one_is_good_and_keeps_it_the_default(api, plan):
    body = "milestone_title=Backlog&milestone_color=info"
    r = api.patch(f"/milestones/{plan.default.pk}", body)
    expect(r, 200, one(plan.default, UPDATED))
    assert r.json()["data"]["type"] == "uncategorised"


@ENCODED
@pytest.mark.parametrize("endpoint", ["create", "update"])
@pytest.mark.parametrize("title", ["b", " b\t", "Uncategorised", "\u3000Uncategorised"])
def test_title_that_is_taken_is_refused(*, api, plan, unchanged, endpoint, encoding, title):
    with unchanged():
        r = plan.write(endpoint).send(api, encoding, milestone_title=title)
        expect(r, 409, TAKEN)
        if endpoint == "update":
            expect(plan.write("merge").send(api, milestone_title=title), 409, TAKEN)


def test_title_of_another_project_is_free(api, plan):
    r = plan.write("create").send(api, milestone_projectid=plan.other.pk, milestone_title="b")
    assert r.status_code == 201


def test_title_that_differs_by_case_is_another(api, plan):
    assert plan.write("create").send(api, milestone_title="B").status_code == 201


def test_title_that_was_given_up_is_free_again(api, plan):
    assert plan.write("update").send(api).status_code == 200
    assert plan.write("create").send(api, milestone_title="a").status_code == 201
    assert api.delete(f"/milestones/{plan.b.pk}").status_code == 200
    assert plan.write("create").send(api, milestone_title="b").status_code == 201


@pytest.mark.parametrize("endpoint", ["create", "update", "merge"])
@pytest.mark.parametrize("title", ["x" * 255, "ΐ" * 255, "😀" * 255, "0", "<b>%s{x}", "a  b"])
def test_title_is_kept(api, plan, endpoint, title):
    r = plan.write(endpoint).send(api, milestone_title=title)
    assert r.json()["data"]["title"] == title


SWITCHES = {
    "nothing": ("", FORM, ""),
    "off": ("delete_tasks=off", FORM, ""),
    "no": ("delete_tasks=no", FORM, ""),
    "empty": ("delete_tasks=", FORM, ""),
    "false": ('{"delete_tasks": false}', JSON, ""),
    "null": ('{"delete_tasks": null}', JSON, ""),
    "empty object": ("{}", JSON, ""),
    "no in the query": ("", FORM, "?delete_tasks=no"),
    "empty in the query": ("", FORM, "?delete_tasks="),
    "something else": ("delete=yes", FORM, "?tasks=yes"),
    "no in the body, yes in the query": ("delete_tasks=no", FORM, "?delete_tasks=yes"),
    "yes and no in the query": ("", FORM, "?delete_tasks=yes&delete_tasks=no"),
}
ALONG = {
    "yes": ("delete_tasks=yes", FORM, ""),
    "on": ("delete_tasks=on", FORM, ""),
    "1": ('{"delete_tasks": 1}', JSON, ""),
    "true": ('{"delete_tasks": true}', JSON, ""),
    "yes in JSON": ('{"delete_tasks": "yes"}', JSON, ""),
    "yes in the query": ("", FORM, "?delete_tasks=yes"),
    "true in the query": ("", FORM, "?delete_tasks=true"),
    "yes in both": ("delete_tasks=yes", FORM, "?delete_tasks=yes"),
    "yes in the body, no in the query": ("delete_tasks=yes", FORM, "?delete_tasks=no"),
    "yes after no": ("delete_tasks=no&delete_tasks=yes", FORM, ""),
}


def delete(api, milestone, body="", content_type=FORM, query=""):
    return api.request("DELETE", f"/milestones/{milestone.pk}{query}", body, content_type)


@pytest.mark.parametrize("how", SWITCHES.values(), ids=SWITCHES)
def test_delete_moves_its_tasks_to_the_default_one(api, plan, how):
    ids = [plan.first.pk, plan.archived.pk]
    before = {row.pk: row for row in Task.objects.all()}
    with told() as news:
        r = delete(api, plan.a, *how)
    expect(r, 200, {"data": {"id": plan.a.pk}, "message": DELETED})
    assert titles_of(plan.project) == ["Uncategorised", "b", "c"]
    for pk, row in before.items():
        after = Task.objects.get(pk=pk)
        assert after.milestone_id == plan.default.pk
        moved = pk in ids
        assert after.version == row.version + moved
        assert (after.updated_at > row.updated_at) is moved
        assert (after.position, after.is_archived) == (row.position, row.is_archived)
    names = [{"id": plan.a.pk, "name": "a"}, {"id": plan.default.pk, "name": "Uncategorised"}]
    told_of_tasks = {
        ("updated", "task", plan.first.pk, "First", "milestone"),
        ("updated", "task", plan.archived.pk, "Archived", "milestone"),
    }
    assert {(*row[:4], *row[4]) for row in news[:2]} == told_of_tasks
    assert [row[4]["milestone"] for row in news[:2]] == [names, names]
    assert news[2:] == [("deleted", "milestone", plan.a.pk, "a", {})]
    assert shown(plan.default)["tasks_count"] == 3
    assert_counted()
    r = api.get("/milestones", project_id=plan.project.pk)
    assert [row["tasks_count"] for row in r.json()["data"]] == [3, 0, 0]


@pytest.mark.parametrize("how", ALONG.values(), ids=ALONG)
def test_delete_with_tasks_takes_them_along(api, plan, how):
    with told() as news:
        r = delete(api, plan.a, *how)
    expect(r, 200, {"data": {"id": plan.a.pk}, "message": DELETED})
    assert [*Task.objects.all()] == [plan.loose]
    assert {row[:3] for row in news} == {
        ("deleted", "task", plan.first.pk),
        ("deleted", "task", plan.archived.pk),
        ("deleted", "milestone", plan.a.pk),
    }
    assert len(news) == 3
    assert_counted()
    assert shown(plan.default)["tasks_count"] == 1


@ENCODED
@pytest.mark.parametrize("switch", ["yes", "no"])
def test_delete_takes_its_switch_in_every_encoding(api, plan, encoding, switch):
    r = delete(api, plan.a, *ENCODINGS[encoding]({"delete_tasks": switch}))
    assert r.status_code == 200
    assert Task.objects.filter(pk=plan.first.pk).exists() is (switch == "no")


def test_delete_of_an_empty_one_is_a_deletion(api, plan):
    for milestone, query in [(plan.b, ""), (plan.c, "?delete_tasks=yes")]:
        assert delete(api, milestone, query=query).status_code == 200
    assert titles_of(plan.project) == ["Uncategorised", "a"]
    assert_counted()


@pytest.mark.parametrize("how", [*SWITCHES.values(), *ALONG.values()], ids=[*SWITCHES, *ALONG])
def test_delete_of_the_default_one_is_refused(api, plan, unchanged, how):
    with unchanged():
        expect(delete(api, plan.default, *how), 409, KEPT_DEFAULT)


def test_delete_where_the_default_one_is_lost_is_refused(api, plan, unchanged):
    Milestone.objects.filter(pk=plan.default.pk).update(is_default=None)
    with unchanged():
        r = delete(api, plan.a)
    expect(r, 409, {"message": "The project has no default milestone."})
    assert delete(api, plan.a, "delete_tasks=yes").status_code == 200


@pytest.mark.parametrize("where", ["first", "archived"])
def test_delete_with_invoiced_time_is_refused_whole(api, plan, unchanged, where):
    make_time(getattr(plan, where), is_invoiced=True)
    make_time(plan.first)
    with unchanged():
        r = delete(api, plan.a, "delete_tasks=yes")
    expect(r, 409, {"message": "The task has invoiced time."})
    assert_counted()
    # Their tasks may move all the same.
    assert delete(api, plan.a).status_code == 200


@pytest.mark.parametrize("place", ["body", "query", "both"])
@pytest.mark.parametrize("word", ["maybe", "ON", "2", " yes", "yes%20", "%00", "delete_tasks"])
def test_delete_with_a_switch_that_is_none_is_invalid(api, plan, unchanged, place, word):
    body = "" if place == "query" else f"delete_tasks={word}"
    query = "" if place == "body" else f"?delete_tasks={word}"
    message = "The delete tasks field must be on or off."
    with unchanged():
        for milestone in (plan.a, plan.default):
            r = delete(api, milestone, body, FORM, query)
            expect_errors(r, {"delete_tasks": [message]})


@pytest.mark.parametrize(
    ("value"), [2, -1, 1.0, 2**64, [], ["yes"], {}, {"a": 1}, "\ud800", "maybe"], ids=ascii
)
def test_delete_with_a_value_that_is_no_switch_is_invalid(api, plan, unchanged, value):
    with unchanged():
        r = delete(api, plan.a, *ENCODINGS["json"]({"delete_tasks": value}))
    expect_errors(r, {"delete_tasks": ["The delete tasks field must be on or off."]})


def test_delete_with_a_list_in_form_or_query_is_invalid(api, plan, unchanged):
    message = "The delete tasks field must be on or off."
    with unchanged():
        for body, query in [("delete_tasks[]=yes", ""), ("", "?delete_tasks[]=yes")]:
            r = delete(api, plan.a, body, FORM, query)
            expect_errors(r, {"delete_tasks": [message]})


def test_delete_of_many_tasks_moves_them_all(api, db):
    project = make_project()
    stage = make_milestone(project)
    for number in range(30):
        make_task(f"{number}", project=project, milestone_id=stage.pk)
    assert delete(api, stage).status_code == 200
    default = project.milestones.get()
    assert default.tasks.count() == 30
    assert set(default.tasks.values_list("version", flat=True)) == {2}
    assert_counted()


@ENCODED
@pytest.mark.parametrize(
    ("named", "order"),
    [
        ("c", "c default a b"),
        ("default", "default a b c"),
        ("b default", "b default a c"),
        ("c a", "c a default b"),
        ("c b a default", "c b a default"),
        ("default a b c", "default a b c"),
    ],
)
def test_positions_put_the_named_first_and_the_others_behind(*, api, plan, encoding, named, order):
    ids = [row.pk for row in plan.named(named)]
    others = [*plan.other.milestones.order_by("pk").values()]
    before = [row.pk for row in plan.named("default a b c")]
    after = [row.pk for row in plan.named(order)]
    with told() as news:
        r = api.put("/milestones/positions", *ENCODINGS[encoding]({"milestones": ids}))
    expect(r, 200, {"data": {"milestones": ids}, "message": SORTED})
    listed = api.get("/milestones", project_id=plan.project.pk).json()["data"]
    assert [row["id"] for row in listed] == after
    assert [row["position"] for row in listed] == [POSITION_GAP * n for n in range(1, 5)]
    assert [*plan.other.milestones.order_by("pk").values()] == others
    changes = {"milestones": [before, after]}
    entry = ("milestones_sorted", "project", plan.project.pk, "Website Redesign", changes)
    assert news == ([] if before == after else [entry])


def test_positions_again_change_nothing(api, plan, unchanged):
    ids = [plan.c.pk, plan.a.pk]
    first = api.put("/milestones/positions", {"milestones": ids})
    with unchanged():
        again = api.put("/milestones/positions", {"milestones": ids})
    assert first.json() == again.json()


def test_positions_part_milestones_that_were_tied(api, plan):
    Milestone.objects.update(position=0)
    api.put("/milestones/positions", {"milestones": [plan.b.pk]})
    assert titles_of(plan.project) == ["b", "Uncategorised", "a", "c"]


def test_create_after_sorting_is_at_the_end(api, plan):
    api.put("/milestones/positions", {"milestones": [plan.c.pk]})
    plan.write("create").send(api)
    assert titles_of(plan.project) == ["c", "Uncategorised", "a", "b", "Launch"]


@pytest.mark.parametrize(
    "body",
    [
        "milestones[]={c}&milestones[]={a}",
        "milestones[0]={c}&milestones[1]={a}",
        "milestones%5B%5D={c}&milestones%5B%5D={a}",
        "milestones[7]={c}&milestones[9]={a}",
        "milestones[]=00{c}&milestones[]=0{a}",
        "milestones=5&milestones[]={c}&milestones[]={a}",
    ],
)
def test_positions_take_the_arrays_of_php(api, plan, body):
    ids = [plan.c.pk, plan.a.pk]
    r = api.put("/milestones/positions", body.format(a=plan.a.pk, c=plan.c.pk))
    expect(r, 200, {"data": {"milestones": ids}, "message": SORTED})
    assert titles_of(plan.project) == ["c", "a", "Uncategorised", "b"]


def test_merge_patch_is_for_the_milestone_alone(api, plan):
    r = api.request("PUT", "/milestones/positions", "{}", MERGE_PATCH)
    assert r.status_code == 415
