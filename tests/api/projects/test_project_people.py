"""Manager, team and tags of a project: whole sets, set again and again."""

import uuid

import pytest

from tasks.exceptions import NotATeamMember
from tasks.models import HistoryEntry, ProjectTag, TaskAssignee
from tasks.people import has_field, ids_are_integers, users, wire_id
from tasks.services.projects import set_members
from tasks.testing import make_actor, make_user
from tests.api.answers import expect, expect_errors, not_an_id
from tests.api.encodings import ENCODINGS, FORM, JSON
from tests.api.histories import told
from tests.api.projects.values import CHARACTERS, REQUIRED, STRING, each
from tests.api.projects.world import age, one, person, shown

ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
ASSIGNED = "Project assignees updated successfully."
MANAGED = "Project manager updated successfully."
TAGGED = "Project tags updated successfully."
INVALID_MANAGER = {"manager": ["The selected manager is invalid."]}
NO_IDS = [
    *("abc", " ", "5.0", "+5", "-5", " 5", "5\n", "٣", "0x5", "\x00", "😀", "true", "null"),
    *("00000000-0000-0000-0000-00000000000g", "{}"),
]
NO_VALUES = [5.0, True, False, [], [5], {}, {"id": 5}, "\ud800"]


def unknown_ids():
    if ids_are_integers():
        return [0, 987654321, 2**31, 2**63 - 1, 2**63, 2**64, 10**30]
    return [str(uuid.uuid4()), "0" * 8 + "-0000" * 3 + "-" + "0" * 12]


def wire(*people):
    return [wire_id(user.pk) for user in people]


def members(site):
    return set(site.project.members.values_list("user_id", flat=True))


def leave(user):
    users().filter(pk=user.pk).update(
        **{name: False for name in ("is_active", "is_staff") if has_field(name)}
    )


@ENCODED
def test_assign_replaces_the_team_and_answers_the_project(api, site, encoding):
    age(site.project)
    with told() as news:
        r = site.write("assign").send(api, encoding)
    expect(r, 200, one(site.project, ASSIGNED))
    assert r.json()["data"]["assigned"] == [person(site.colleague)]
    assert members(site) == {site.colleague.pk}
    assert r.json()["data"]["dates"]["updated"] > r.json()["data"]["dates"]["created"]
    changes = {"assigned": [[person(site.person)], [person(site.colleague)]]}
    assert news == [("assigned", "project", site.project.pk, "Website Redesign", changes)]
    assert not TaskAssignee.objects.exists()


@ENCODED
def test_assign_in_any_order_and_twice_shows_each_once_by_id(api, site, encoding):
    people = sorted([site.person, site.colleague, make_user()], key=lambda user: user.pk)
    r = site.write("assign").send(api, encoding, assigned=wire(*reversed(people), *people))
    expect(r, 200, one(site.project, ASSIGNED))
    assert r.json()["data"]["assigned"] == [person(user) for user in people]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"assigned": []}', JSON),
        *((body, FORM) for body in ("assigned=", "assigned[]=", "assigned%5B%5D=", "assigned")),
    ],
)
def test_assign_nobody_clears_the_team(api, site, body, content_type):
    r = api.put(f"/projects/{site.project.pk}/assign", body, content_type)
    expect(r, 200, one(site.project, ASSIGNED))
    assert r.json()["data"]["assigned"] == []


def test_assign_again_changes_nothing(api, site, unchanged):
    with unchanged():
        for sent in (wire(site.person), wire(site.person, site.person)):
            r = site.write("assign").send(api, assigned=sent)
            expect(r, 200, one(site.project, ASSIGNED))


def test_assign_of_who_has_left_the_team_lets_them_stay_but_not_come_back(api, site, unchanged):
    leave(site.person)
    r = site.write("assign").send(api, assigned=wire(site.person, site.colleague))
    expect(r, 200, one(site.project, ASSIGNED))
    assert members(site) == {site.person.pk, site.colleague.pk}
    assert site.write("assign").send(api, assigned=wire(site.colleague)).status_code == 200
    with unchanged():
        r = site.write("assign").send(api, assigned=wire(site.colleague, site.person))
    expect_errors(r, {"assigned.1": ["The selected assigned.1 is invalid."]})


def test_assign_of_the_manager_makes_no_member_of_them_by_itself(api, site, unchanged):
    leave(site.manager)
    with unchanged():
        r = site.write("assign").send(api, assigned=wire(site.manager))
    expect_errors(r, {"assigned.0": ["The selected assigned.0 is invalid."]})


@ENCODED
def test_assign_with_outsiders_and_unknowns_names_each(api, site, unchanged, encoding):
    strangers = [wire_id(site.outsider.pk), *unknown_ids(), wire_id(site.suspended.pk)]
    sent = [wire_id(site.colleague.pk), *strangers]
    with unchanged():
        r = site.write("assign").send(api, encoding, assigned=sent)
    errors = {
        f"assigned.{place}": [f"The selected assigned.{place} is invalid."]
        for place in range(1, len(sent))
    }
    expect_errors(r, errors)


def test_assign_with_what_is_no_id_is_invalid(api, site, unchanged):
    for value in [*NO_IDS, *NO_VALUES]:
        with unchanged():
            r = site.write("assign").send(api, assigned=[wire_id(site.colleague.pk), value])
        expect_errors(r, {"assigned.1": [not_an_id("assigned.1")]})
    with unchanged():
        r = site.write("assign").send(api, assigned=[None, ""])
    required = "The assigned.{} field is required."
    expect_errors(r, {f"assigned.{place}": [required.format(place)] for place in (0, 1)})


@pytest.mark.parametrize("endpoint", ["assign", "tags"])
def test_set_that_is_none_is_invalid(api, site, unchanged, endpoint):
    (name,) = site.write(endpoint).fields
    with unchanged():
        for value in (..., None):
            r = site.write(endpoint).send(api, **{name: value})
            expect_errors(r, {name: [f"The {name} field is required."]})
        for value in ("", "5", 5, 0, 1.5, True, False, {"a": 5}):
            r = site.write(endpoint).send(api, **{name: value})
            expect_errors(r, {name: [f"The {name} must be an array."]})
        for body in (f"{name}=5", f"{name}=5,8", f"{name}[a]=5", f"{name}=%20"):
            r = api.put(site.write(endpoint).path, body)
            expect_errors(r, {name: [f"The {name} must be an array."]})
        r = site.write(endpoint).send(api, **{name: ["1"] * 1001})
        expect_errors(r, {name: [f"The {name} may not have more than 1000 items."]})


@ENCODED
def test_manager_is_set_removed_and_set_again(api, site, encoding):
    age(site.project)
    pk = site.project.pk
    with told() as news:
        r = site.write("manager").send(api, encoding)
        expect(r, 200, one(site.project, MANAGED))
        assert r.json()["data"]["managers"] == [person(site.colleague)]
        r = site.write("manager").send(api, encoding, manager="")
        expect(r, 200, one(site.project, MANAGED))
        assert r.json()["data"]["managers"] == []
        r = site.write("manager").send(api, encoding, manager=wire_id(site.manager.pk))
        expect(r, 200, one(site.project, MANAGED))
    assert [changes["manager"] for *_, changes in news] == [
        [person(site.manager), person(site.colleague)],
        [person(site.colleague), None],
        [None, person(site.manager)],
    ]
    assert {row[:4] for row in news} == {("updated", "project", pk, "Website Redesign")}
    assert members(site) == {site.person.pk}


@pytest.mark.parametrize("is_merge", [False, True])
def test_manager_null_removes_and_is_no_change_the_second_time(api, site, unchanged, is_merge):
    r = site.write("manager").send(api, manager=None)
    expect(r, 200, one(site.project, MANAGED))
    assert r.json()["data"]["managers"] == []
    with unchanged():
        expect(site.write("manager").send(api, manager=None), 200, one(site.project, MANAGED))


def test_manager_who_has_left_the_team_may_stay_but_not_come_back(api, site, unchanged):
    leave(site.manager)
    with unchanged():
        r = site.write("manager").send(api, manager=wire_id(site.manager.pk))
        expect(r, 200, one(site.project, MANAGED))
    site.write("manager").send(api)
    with unchanged():
        r = site.write("manager").send(api, manager=wire_id(site.manager.pk))
    expect_errors(r, INVALID_MANAGER)


def test_manager_whose_account_is_gone_is_followed_by_another(api, site):
    users().get(pk=site.manager.pk).delete()
    with told() as news:
        r = site.write("manager").send(api)
    expect(r, 200, one(site.project, MANAGED))
    assert news[0][4] == {"manager": [None, person(site.colleague)]}


@ENCODED
@pytest.mark.parametrize("who", ["outsider", "suspended"])
def test_manager_from_beyond_the_team_is_invalid(api, site, unchanged, encoding, who):
    with unchanged():
        r = site.write("manager").send(api, encoding, manager=wire_id(getattr(site, who).pk))
    expect_errors(r, INVALID_MANAGER)


def test_manager_who_is_a_member_but_left_the_team_is_invalid(api, site, unchanged):
    leave(site.person)
    with unchanged():
        r = site.write("manager").send(api, manager=wire_id(site.person.pk))
    expect_errors(r, INVALID_MANAGER)


def test_manager_that_is_nobody_is_invalid(api, site, unchanged):
    with unchanged():
        for value in unknown_ids():
            r = site.write("manager").send(api, manager=value)
            expect_errors(r, INVALID_MANAGER)
        for value in [*NO_IDS, *NO_VALUES]:
            r = site.write("manager").send(api, manager=value)
            expect_errors(r, {"manager": [not_an_id("manager")]})
        r = site.write("manager").send(api, manager=...)
        expect_errors(r, {"manager": ["The manager field is required."]})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (["  urgent\t", "urgent"], ["urgent"]),
        (["web", "Web", "WEB"], ["WEB", "Web", "web"]),
        (["😀", "ä", "a", "Z", "10", "9", "é"], ["10", "9", "Z", "a", "ä", "é", "😀"]),
        (["x" * 100, " " * 50 + "😀" * 100], ["x" * 100, "😀" * 100]),
        (["a, b", "'"], ["'", "a, b"]),
        ([f"tag {n:03}" for n in range(300)], [f"tag {n:03}" for n in range(300)]),
        ([], []),
    ],
)
def test_tags_replace_the_set(api, site, sent, kept):
    for encoding in ENCODINGS:
        site.write("tags").send(api, tags=["before"])
        r = site.write("tags").send(api, encoding, tags=sent)
        expect(r, 200, one(site.project, TAGGED))
        assert r.json()["data"]["tags"] == kept
    assert not ProjectTag.objects.filter(content_object=site.other).exists()


def test_tags_tell_history_and_move_the_date_once(api, site, unchanged):
    age(site.project)
    with told() as news:
        site.write("tags").send(api, tags=["new", "q3"])
    changes = {"tags": [["Web", "q3"], ["new", "q3"]]}
    assert news == [("tagged", "project", site.project.pk, "Website Redesign", changes)]
    dates = shown(site.project)["dates"]
    assert dates["updated"] > dates["created"]
    with unchanged():
        r = site.write("tags").send(api, tags=["q3", " new ", "new"])
        expect(r, 200, one(site.project, TAGGED))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        *each(REQUIRED, "", " ", "\u3000", None),
        *each(STRING, 5, 2**64, 1.5, True, [], ["a"], {}),
        *each(CHARACTERS, "a\x00", "\ud800"),
        ("x" * 101, "The {} may not be greater than 100 characters."),
    ],
)
def test_tags_that_are_none_are_invalid(api, site, unchanged, value, message):
    with unchanged():
        r = site.write("tags").send(api, tags=["good", value])
    expect_errors(r, {"tags.1": [message.format("tags.1")]})


def test_service_that_refuses_names_the_strangers(api, site, unchanged):
    ids = [site.colleague.pk, site.outsider.pk]
    with unchanged(), pytest.raises(NotATeamMember) as caught:
        set_members(actor=make_actor(), project_id=site.project.pk, user_ids=ids)
    assert caught.value.positions == [1]


def test_sets_of_a_project_go_with_their_people(api, site):
    users().get(pk=site.person.pk).delete()
    assert members(site) == set()
    assert HistoryEntry.objects.filter(verb="assigned", subject_type="project").exists()
