"""From an action of the list to its form, its preview, and what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.admin.base import ChangedMeanwhile
from tasks.admin.lists import ACTED_ON
from tasks.admin.places import page_context
from tasks.admin.refusals import refusal_text
from tasks.admin.task_list.bulk.action import BulkAction, BulkForm, Change, Refusal
from tasks.database import atomic, of_self
from tasks.exceptions import TaskdockError
from tasks.models import Task

if TYPE_CHECKING:
    from tasks.admin.base import ServiceModelAdmin

#: How many tasks of a kind a page names before it only counts.
NAMED = 50
#: How many reasons a message names.
_REASONS = 5


def function_of(kind: type[BulkAction]) -> Callable[..., HttpResponse | None]:
    """The action as Django's list calls it."""

    def run(
        page: ServiceModelAdmin, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        return _run(page, request, queryset, kind)

    run.__name__ = kind.name
    return admin.action(description=kind.label, permissions=[kind.permission])(run)


@dataclass
class Outcome:
    """What became, or would become, of each task."""

    changed: list[tuple[Task, Change]] = field(default_factory=list)
    same: list[Task] = field(default_factory=list)
    refused: list[tuple[Task, Refusal]] = field(default_factory=list)

    @classmethod
    def of(cls, action: BulkAction) -> Outcome:
        """What an action would do."""
        outcome = cls()
        for task in action.tasks:
            plan = action.plan(task)
            if plan is None:
                outcome.same.append(task)
            elif isinstance(plan, Refusal):
                outcome.refused.append((task, plan))
            else:
                outcome.changed.append((task, plan))
        return outcome


def _run(
    page: ServiceModelAdmin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    kind: type[BulkAction],
) -> HttpResponse | None:
    sent = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
    if not request.POST.get("select_across", "0").strip("0"):
        # As chosen: a task that is no longer what the list shows is not passed over in silence.
        queryset = page.get_queryset(request).filter(pk__in=sent)
    keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: ACTED_ON + 1])
    if len(keys) > ACTED_ON:
        text = _("At most %(count)d rows at once: narrow the list by a filter or a search.")
        page.message_user(request, text % {"count": ACTED_ON}, messages.ERROR)
        return None
    if not keys:
        page.message_user(request, _("The selected rows don't exist."), messages.ERROR)
        return None
    missing = max(len(set(sent)) - len(keys), 0)
    confirmed = request.POST.get("post") == "yes"
    tasks = _tasks(page, request, keys, locked=confirmed)
    form = _form(kind, page, request, tasks)
    if form is not None and not (form.is_bound and form.is_valid()):
        return _asked(page, request, kind, tasks, form)
    action = kind(page, request, tasks, {} if form is None else form.cleaned_data)
    if not confirmed:
        return _preview(page, request, action, form, missing)
    if action.is_deletion and page.get_deleted_objects(tasks, request)[2]:
        raise PermissionDenied
    _report(action, _apply(action), missing)
    return None


def _tasks(
    page: ServiceModelAdmin, request: HttpRequest, keys: Sequence[int], *, locked: bool
) -> list[Task]:
    """The tasks as they are now; locked, in the order in which everybody locks them."""
    rows = page.get_queryset(request).filter(pk__in=keys).order_by("pk")
    if locked:
        found = rows.prefetch_related(None).select_for_update(of=of_self())
        keys = list(found.values_list("pk", flat=True))
    return list(rows.filter(pk__in=keys).select_related("project", "status", "priority"))


def _form(
    kind: type[BulkAction], page: ServiceModelAdmin, request: HttpRequest, tasks: Sequence[Task]
) -> BulkForm | None:
    if kind.form is None:
        return None
    known: Any = {"page": page, "request": request, "tasks": tasks}
    asked = request.POST.keys() & {"preview", "post", "back"}
    form = kind.form(request.POST if asked else None, **known)
    if "back" not in request.POST:
        return form
    form.full_clean()
    # As it was, as far as that may still be chosen, and not yet told what is wrong with it.
    return kind.form(initial={name: form[name].data for name in form.cleaned_data}, **known)


def _apply(action: BulkAction) -> Outcome:
    """Do what can be done; the rules are those of now, not of the preview."""
    planned = Outcome.of(action)
    outcome = Outcome(same=planned.same, refused=planned.refused)
    for task, change in planned.changed:
        try:
            with atomic(tries_again=True):
                action.write(task)
        except TaskdockError as error:
            outcome.refused.append((task, Refusal(refusal_text(error))))
        except IntegrityError:
            outcome.refused.append((task, Refusal(refusal_text(ChangedMeanwhile()))))
        else:
            outcome.changed.append((task, change))
    return outcome


def _report(action: BulkAction, outcome: Outcome, missing: int) -> None:
    page, request, number = action.page, action.request, len(outcome.changed)
    if number:
        page.message_user(request, action.done(number) % {"count": number}, messages.SUCCESS)
    warned = [(task, change) for task, change in outcome.changed if change.warning]
    for warning, count in Counter(change.warning for _task, change in warned).items():
        first = next(task for task, change in warned if change.warning == warning)
        text = ngettext(
            "%(count)d of them (%(task)s): %(reason)s",
            "%(count)d of them (%(task)s and others): %(reason)s",
            count,
        )
        said = text % {"count": count, "task": first, "reason": warning}
        page.message_user(request, said, messages.WARNING)
    same = len(outcome.same)
    if same:
        text = ngettext("%(count)d task was so already.", "%(count)d tasks were so already.", same)
        page.message_user(request, text % {"count": same}, messages.INFO)
    reasons = Counter(refusal.reason for _task, refusal in outcome.refused)
    for reason, count in reasons.most_common(_REASONS):
        first = next(task for task, refusal in outcome.refused if refusal.reason == reason)
        text = ngettext(
            "%(count)d task was not changed (%(task)s): %(reason)s",
            "%(count)d tasks were not changed (%(task)s and others): %(reason)s",
            count,
        )
        said = text % {"count": count, "task": first, "reason": reason}
        page.message_user(request, said, messages.WARNING)
    if missing:
        page.message_user(request, _gone(missing), messages.WARNING)


def _gone(missing: int) -> str:
    text = ngettext(
        "%(count)d selected task is no longer there.",
        "%(count)d selected tasks are no longer there.",
        missing,
    )
    return text % {"count": missing}


def _asked(
    page: ServiceModelAdmin,
    request: HttpRequest,
    kind: type[BulkAction],
    tasks: Sequence[Task],
    form: BulkForm,
) -> HttpResponse:
    return _page(page, request, kind, tasks, "form", form=form, media=page.media + form.media)


def _chosen(form: BulkForm) -> Iterator[tuple[str, Any]]:
    """What the form has to be sent to choose the same again: rows by key, also if typed by name."""
    for name in form.fields:
        data = form[name].data
        values = data if isinstance(data, list) else [data]
        yield from ((name, value) for value in values if value not in (None, False, ""))


def _preview(
    page: ServiceModelAdmin,
    request: HttpRequest,
    action: BulkAction,
    form: BulkForm | None,
    missing: int,
) -> HttpResponse:
    outcome = Outcome.of(action)
    more: dict[str, Any] = {}
    if action.is_deletion:
        going = [task for task, _change in outcome.changed]
        _lines, counts, lacking, _protected = page.get_deleted_objects(going, request)
        more = {"model_count": counts.items(), "perms_lacking": lacking}
    return _page(
        page,
        request,
        type(action),
        action.tasks,
        "preview",
        media=page.media,
        outcome=outcome,
        changed=outcome.changed[:NAMED],
        same=outcome.same[:NAMED],
        refused=outcome.refused[:NAMED],
        more_changed=max(len(outcome.changed) - NAMED, 0),
        more_same=max(len(outcome.same) - NAMED, 0),
        more_refused=max(len(outcome.refused) - NAMED, 0),
        values=[] if form is None else list(_chosen(form)),
        has_form=form is not None,
        gone=_gone(missing) if missing else "",
        **more,
    )


def _page(
    page: ServiceModelAdmin,
    request: HttpRequest,
    kind: type[BulkAction],
    tasks: Sequence[Task],
    template: str,
    **context: Any,
) -> HttpResponse:
    request.current_app = page.admin_site.name
    number = ngettext("%(count)d task", "%(count)d tasks", len(tasks)) % {"count": len(tasks)}
    return TemplateResponse(
        request,
        f"taskdock/task_list/bulk_{template}.html",
        {
            **page_context(request, page.admin_site),
            "title": f"{kind.label} ({number})",
            "subtitle": None,
            "action": kind.name,
            "is_deletion": kind.is_deletion,
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "keys": [str(task.pk) for task in tasks],
            "back_url": request.get_full_path(),
            "opts": page.opts,
            **context,
        },
    )
