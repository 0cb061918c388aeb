"""The page on the Python API: what it promises is there, and its examples do what they say."""

import importlib
import inspect
import unittest

import pytest
from django.core import mail
from django.db import models

from comments.services.comments import add_comment
from tasks import exceptions, signals
from tasks.actors import Actor
from tasks.models import TaskStatus
from tasks.services.assignees import set_assignees
from tasks.services.tasks import delete_task, set_status
from tasks.testing import make_task, make_user
from tests.docs.python_api import PAGE, row_of, sections
from tests.growth.test_services import CALLS
from tests.hearing import SIGNALS, hearing

SECTIONS = dict(sections())
FUNCTIONS = [
    (module, name) for module, rows in SECTIONS.items() for name in rows if "signals" not in module
]
MODELS = [(module, name) for module, name in FUNCTIONS if module.endswith(".models")]
OF_SERVICES = [(module, name) for module, name in FUNCTIONS if ".services." in module]
SERVICES = [(module, name) for module, name in OF_SERVICES if name.islower()]
FACTORIES = [(module, name) for module, name in FUNCTIONS if module.endswith(".testing")]


def test_page_tells_of_every_kind_of_thing():
    assert len(SERVICES) > 40
    assert len(FACTORIES) > 10
    assert len(MODELS) > 10
    assert sorted(OF_SERVICES + FACTORIES + MODELS) == sorted(FUNCTIONS)


@pytest.mark.parametrize(("module", "name"), OF_SERVICES + FACTORIES)
def test_function_takes_and_returns_what_the_page_says(module, name):
    function = getattr(importlib.import_module(module), name)
    assert SECTIONS[module][name] == row_of(function)


@pytest.mark.parametrize(("module", "name"), SERVICES)
def test_service_takes_the_actor_and_all_else_by_name(module, name):
    parameters = inspect.signature(getattr(importlib.import_module(module), name)).parameters
    assert next(iter(parameters)) == "actor"
    assert parameters["actor"].default is inspect.Parameter.empty
    by_name = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
    assert {parameter.kind for parameter in parameters.values()} <= by_name


@pytest.mark.parametrize(("module", "name"), MODELS)
def test_model_has_the_fields_that_the_page_says(module, name):
    model = getattr(importlib.import_module(module), name)
    assert issubclass(model, models.Model)
    _, _, listed = SECTIONS[module][name].strip("| ").partition("|")
    documented = {field.strip(" `") for field in listed.split(",")}
    # Some are only there for an index, and no promise.
    assert documented <= {field.name for field in model._meta.concrete_fields}
    assert len(documented) > 2


def test_page_tells_of_every_service():
    assert {name for _, name in SERVICES} == {call.service.__name__ for call in CALLS.values()}


def test_errors_are_what_the_page_says():
    for error in (exceptions.NotFound, exceptions.Refused, exceptions.Invalid):
        assert issubclass(error, exceptions.TaskdockError)
        assert f"`{error.__name__}`" in PAGE.text


def documented_arguments(name):
    _, _, arguments, _, _ = SECTIONS["tasks.signals"][name].split("|")
    return {argument.strip(" `") for argument in arguments.split(",") if argument.strip()}


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_says_what_the_page_says(name, db, django_capture_on_commit_callbacks):
    actor = Actor(user=make_user())
    with hearing(name) as heard, django_capture_on_commit_callbacks(execute=True):
        task = make_task(actor=actor)
        set_assignees(actor=actor, task_id=task.pk, user_ids=[actor.user.pk])
        done = TaskStatus.objects.get(is_completed=True)
        set_status(actor=actor, task_id=task.pk, status=done)
        add_comment(actor=actor, subject=task, text="Good.")
        delete_task(actor=actor, task_id=task.pk)
    assert heard
    for _, said in heard:
        assert set(said) == {"task_id", *documented_arguments(name)}
    assert set(heard.actors) == {actor}


def test_signals_of_the_page_are_all_that_there_are():
    assert set(SECTIONS["tasks.signals"]) == set(SIGNALS)


@pytest.fixture
def receivers():
    """The page's receivers, connected while the test runs."""
    (block,) = (block for block in PAGE.blocks() if "mysite/receivers.py" in block.text)
    names = {"__name__": "mysite.receivers"}
    exec(block.text, names)
    yield names
    signals.task_completed.disconnect(names["tell_boss"])
    signals.task_assigned.disconnect(names["welcome"])


@pytest.mark.django_db
def test_receivers_of_the_page_hear_of_what_happens(
    receivers, django_capture_on_commit_callbacks, capsys
):
    user = make_user()
    task, done = make_task(), TaskStatus.objects.get(is_completed=True)
    with django_capture_on_commit_callbacks(execute=True):
        set_assignees(actor=Actor(user=user), task_id=task.pk, user_ids=[user.pk])
        set_status(actor=Actor(user=user), task_id=task.pk, status=done)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["boss@example.com"], "Design homepage is completed")
    assert message.body == f"Website Redesign, by {user.get_username()}."
    assert capsys.readouterr().out == f"{user.pk} has a new task: {task.pk}.\n"


@pytest.mark.django_db
def test_test_of_the_page_passes(receivers):
    (block,) = (block for block in PAGE.blocks() if "mysite/tests.py" in block.text)
    names = {"__name__": "mysite.tests"}
    exec(block.text, names)
    case = names["ReceiverTests"]("test_boss_is_told_of_a_completed_task")
    result = unittest.TextTestRunner().run(case)
    assert (result.testsRun, result.wasSuccessful()) == (1, True)


def test_blocks_of_the_page_are_those_that_are_run():
    assert [block.text.splitlines()[0] for block in PAGE.blocks()] == [
        "# mysite/receivers.py",
        "# mysite/tests.py",
    ]
