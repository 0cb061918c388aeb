"""What services refuse: the admin says it in the language of its reader, the API in English."""

import inspect

import pytest
from django.utils.translation import override

import comments.exceptions
import tasks.exceptions
import tasks.recurring.refusals
import timers.exceptions
from tasks.actors import Actor
from tasks.admin.base import ChangedMeanwhile
from tasks.admin.refusals import refusal_text
from tasks.exceptions import TaskdockError
from tasks.models import TaskStatus
from tasks.services import workflow
from tasks.testing import make_milestone, make_project, make_task
from tests.conftest import ADMIN

#: What an error needs to be made.
MADE_WITH = {
    "TextMissing": ("name",),
    "TooManyFiles": (7,),
    "FileMissing": ("a {plan}.txt",),
    "FileTooLarge": ("5 MB",),
    "FileKindRefused": ([".png", ".txt"],),
    "ImageTooLarge": (50_000_000,),
    "UnstorableText": ("title",),
    "DependencyCycle": (["One", "Two", "One"],),
    "ChecklistItemUnknown": ([0],),
    "MilestoneUnknown": ([0],),
    "NotATeamMember": ([0],),
    "RulePartRefused": ("BYHOUR",),
    "RuleValueUnreadable": ("BYDAY",),
    "RuleNumberOutOfRange": ("BYMONTH", 1, 12),
    "RulePartRepeated": ("BYDAY",),
    "RuleNotAlone": ("EXDATE",),
    "RulePartMisplaced": ("BYWEEKNO", "FREQ=MONTHLY"),
    "NumberedDayMisplaced": ("BYDAY", "FREQ=WEEKLY"),
    "NumberedDayOutOfMonth": ("BYDAY", 5),
    "SetPositionAlone": ("BYSETPOS",),
    "StartOutOfRange": (1900, 2200),
    "DueOutOfRange": (3650,),
}
#: What says nothing of its own.
BASES = {"NotFound", "Refused", "Invalid", "ManagerNotInTeam", "Unavailable", "RefusedBySite"}


def errors():
    found = {ChangedMeanwhile}
    for module in (
        tasks.exceptions,
        tasks.recurring.refusals,
        comments.exceptions,
        timers.exceptions,
    ):
        found |= {
            kind
            for _, kind in inspect.getmembers(module, inspect.isclass)
            if issubclass(kind, TaskdockError)
        }
    return sorted(found - {TaskdockError}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", [one for one in errors() if one.__name__ not in BASES])
def test_refusal_is_translated_at_the_admin_and_english_elsewhere(kind):
    error = kind(*MADE_WITH.get(kind.__name__, ()))
    with override("de"):
        german, message = refusal_text(error), error.message
        named = refusal_text(error, lambda _: "Das Feld")
    with override("en"):
        assert refusal_text(error) == error.message == str(error) == message
    assert german != error.message
    assert "{" not in german.replace("{plan}", "")
    for value in error.values.values():
        assert str(value) in german
    if isinstance(error, tasks.exceptions.Invalid):
        assert "Das Feld" in named


def test_refusal_of_a_site_is_said_as_it_is():
    with override("de"):
        assert refusal_text(TaskdockError("Nicht heute.")) == "Nicht heute."
        assert refusal_text(TaskdockError("")) == ""


@pytest.fixture
def german(admin, settings):
    settings.LANGUAGE_CODE = "de"
    return admin


def test_form_action_and_deletion_of_a_german_site_refuse_in_german(
    german, form_errors, messages_of
):
    project = make_project()
    make_milestone(project, "Eins")
    page = german.open(f"taskdock/milestone/{make_milestone(project, 'Zwei').pk}/change/")
    assert form_errors(page.submit(title="Eins"))["title"] == [
        "Das Projekt hat bereits einen Meilenstein mit diesem Titel."
    ]
    dates = german.open(f"taskdock/task/{make_task(project=project).pk}/change/")
    assert form_errors(dates.submit(start_date="02.01.2026", due_date="01.01.2026")) == {
        "due_date": ["„Fälligkeit“ darf nicht vor „Beginn“ liegen."]
    }
    default = make_project().milestones.get()
    data = {"post": "yes"}
    answer = german.action("taskdock/milestone/", "delete_selected", [default], **data)
    kept = "Der Standardmeilenstein eines Projekts kann nicht gelöscht werden."
    assert messages_of(answer) == [f"{default}: {kept} Es wurde nichts geändert."]
    path = f"{ADMIN}/taskdock/milestone/{default.pk}/delete/"
    assert messages_of(german.client.post(path, data, follow=True)) == [kept]


def test_service_refuses_in_english_wherever_it_is_called(db):
    make_task(status=TaskStatus.objects.get(pk=3))
    with override("de"), pytest.raises(TaskdockError, match="The status still has tasks"):
        workflow.delete_status(actor=Actor(), status_id=3)
