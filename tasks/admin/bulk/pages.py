"""The pages of a bulk action: its form, its preview, and the report of what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks.admin.base import ChangedMeanwhile
from tasks.admin.bulk.action import BulkAction, BulkForm, Change, Refusal
from tasks.admin.lists import ACTED_ON
from tasks.admin.places import page_context
from tasks.admin.refusals import refusal_text
from tasks.database import atomic, connection
from tasks.database_errors import violation_of
from tasks.exceptions import TaskdockError
from tasks.platform.writes import refusal_for

if TYPE_CHECKING:
    from tasks.admin.base import ServiceModelAdmin

#: How many rows of one outcome a page lists before it only counts them.
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
    """What the action changes, or would change, in each row."""

    changed: list[tuple[Any, Change]] = field(default_factory=list)
    same: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, Refusal]] = field(default_factory=list)

    @classmethod
    def of(cls, action: BulkAction) -> Outcome:
        """The outcome of the action's plans."""
        outcome = cls()
        for row in action.rows:
            plan = action.plan(row)
            if plan is None:
                outcome.same.append(row)
            elif isinstance(plan, Refusal):
                outcome.refused.append((row, plan))
            else:
                outcome.changed.append((row, plan))
        return outcome


def _run(
    page: ServiceModelAdmin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    kind: type[BulkAction],
) -> HttpResponse | None:
    sent = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
    if not request.POST.get("select_across", "0").strip("0"):
        # As selected: a row that has left the filtered list meanwhile is not skipped in silence.
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
    rows = _rows(kind, page, request, keys, locked=confirmed)
    form = _form(kind, page, request, rows)
    if form is not None and not (form.is_bound and form.is_valid()):
        return _form_page(page, request, kind, rows, form)
    action = kind(page, request, rows, {} if form is None else form.cleaned_data)
    if not confirmed:
        return _preview(page, request, action, form, missing)
    if action.is_deletion and page.get_deleted_objects(rows, request)[2]:
        raise PermissionDenied
    _report(action, _apply(action), missing)
    return None


def _rows(
    kind: type[BulkAction],
    page: ServiceModelAdmin,
    request: HttpRequest,
    keys: Sequence[int],
    *,
    locked: bool,
) -> list[Any]:
    """The rows as they are now, by primary key."""
    rows = page.get_queryset(request).filter(pk__in=keys).order_by("pk")
    if locked:
        keys = list(kind.locked(rows).values_list("pk", flat=True))
    return list(rows.filter(pk__in=keys).select_related(*kind.select_related))


def _form(
    kind: type[BulkAction], page: ServiceModelAdmin, request: HttpRequest, rows: Sequence[Any]
) -> BulkForm | None:
    if kind.form is None:
        return None
    known: Any = {"page": page, "request": request, "rows": rows}
    asked = request.POST.keys() & {"preview", "post", "back"}
    form = kind.form(request.POST if asked else None, **known)
    if "back" not in request.POST:
        return form
    form.full_clean()
    # The valid values of before, without error messages.
    return kind.form(initial={name: form[name].data for name in form.cleaned_data}, **known)


def _apply(action: BulkAction) -> Outcome:
    """Change what can be changed; the rules apply as they are now, not as in the preview."""
    planned = Outcome.of(action)
    outcome = Outcome(same=planned.same, refused=planned.refused)
    for row, change in planned.changed:
        try:
            with atomic(tries_again=True):
                action.write(row)
        except TaskdockError as error:
            outcome.refused.append((row, Refusal(refusal_text(error))))
        except ValidationError as error:
            # Of a signal receiver of the site's.
            outcome.refused.append((row, Refusal(" ".join(error.messages))))
        except DatabaseError as error:
            if connection().needs_rollback or violation_of(error) is None:
                # Nothing can be read in this transaction any more, or this row is not to blame.
                raise
            refusal = refusal_for(error) or ChangedMeanwhile()
            outcome.refused.append((row, Refusal(refusal_text(refusal))))
        else:
            outcome.changed.append((row, change))
    return outcome


def _report(action: BulkAction, outcome: Outcome, missing: int) -> None:
    page, request, number = action.page, action.request, len(outcome.changed)
    if number:
        page.message_user(request, action.done(number), messages.SUCCESS)
    warned = [(row, change) for row, change in outcome.changed if change.warning]
    for warning, count in Counter(change.warning for _row, change in warned).items():
        first = next(row for row, change in warned if change.warning == warning)
        text = ngettext(
            "%(count)d of them (%(row)s): %(reason)s",
            "%(count)d of them (%(row)s and others): %(reason)s",
            count,
        )
        said = text % {"count": count, "row": action.label_of(first), "reason": warning}
        page.message_user(request, said, messages.WARNING)
    same = len(outcome.same)
    if same:
        text = ngettext(
            "%(count)d %(objects)s needed no change.",
            "%(count)d %(objects)s needed no change.",
            same,
        )
        page.message_user(request, _counted(page, text, same), messages.INFO)
    reasons = Counter(refusal.reason for _row, refusal in outcome.refused)
    for reason, count in reasons.most_common(_REASONS):
        first = next(row for row, refusal in outcome.refused if refusal.reason == reason)
        text = ngettext(
            "%(count)d %(objects)s was not changed (%(row)s): %(reason)s",
            "%(count)d %(objects)s were not changed (%(row)s and others): %(reason)s",
            count,
        )
        page.message_user(
            request,
            _counted(page, text, count, row=action.label_of(first), reason=reason),
            messages.WARNING,
        )
    if missing:
        page.message_user(request, _gone(page, missing), messages.WARNING)


def _counted(page: ServiceModelAdmin, text: str, count: int, **values: Any) -> str:
    return text % {"count": count, "objects": model_ngettext(page.opts, count), **values}


def _gone(page: ServiceModelAdmin, missing: int) -> str:
    text = ngettext(
        "%(count)d selected %(objects)s no longer exists.",
        "%(count)d selected %(objects)s no longer exist.",
        missing,
    )
    return _counted(page, text, missing)


def _form_page(
    page: ServiceModelAdmin,
    request: HttpRequest,
    kind: type[BulkAction],
    rows: Sequence[Any],
    form: BulkForm,
) -> HttpResponse:
    return _page(page, request, kind, rows, "form", form=form, media=page.media + form.media)


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
        going = [row for row, _change in outcome.changed]
        _lines, counts, lacking, _protected = page.get_deleted_objects(going, request)
        more = {"model_count": counts.items(), "perms_lacking": lacking}
    return _page(
        page,
        request,
        type(action),
        action.rows,
        "preview",
        media=page.media,
        outcome=outcome,
        changed=[(action.label_of(row), change) for row, change in outcome.changed[:NAMED]],
        same=[action.label_of(row) for row in outcome.same[:NAMED]],
        refused=[(action.label_of(row), refusal) for row, refusal in outcome.refused[:NAMED]],
        more_changed=max(len(outcome.changed) - NAMED, 0),
        more_same=max(len(outcome.same) - NAMED, 0),
        more_refused=max(len(outcome.refused) - NAMED, 0),
        objects={
            name: model_ngettext(page.opts, number)
            for name, number in (
                ("changed", len(outcome.changed)),
                ("refused", len(outcome.refused)),
                ("same", len(outcome.same)),
            )
        },
        values=[] if form is None else list(_chosen(form)),
        has_form=form is not None,
        gone=_gone(page, missing) if missing else "",
        **more,
    )


def _page(
    page: ServiceModelAdmin,
    request: HttpRequest,
    kind: type[BulkAction],
    rows: Sequence[Any],
    template: str,
    **context: Any,
) -> HttpResponse:
    request.current_app = page.admin_site.name
    number = f"{len(rows)} {model_ngettext(page.opts, len(rows))}"
    return TemplateResponse(
        request,
        f"taskdock/bulk/{template}.html",
        {
            **page_context(request, page.admin_site),
            "title": f"{kind.label} ({number})",
            "subtitle": None,
            "action": kind.name,
            "is_deletion": kind.is_deletion,
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "keys": [str(row.pk) for row in rows],
            "back_url": request.get_full_path(),
            "opts": page.opts,
            **context,
        },
    )
