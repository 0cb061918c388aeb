"""The base of every admin page: it writes through the services, and shows what they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite, helpers
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextInputWidget
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    FieldDoesNotExist,
    PermissionDenied,
    ValidationError,
)
from django.db import models
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from tasks.actors import Actor, Door
from tasks.admin.changes import told
from tasks.admin.choosing import RowChoosing, RowSelect, is_key
from tasks.admin.deletion import deletion_of
from tasks.admin.fields import MultilineField
from tasks.admin.lists import ACTED_ON, BoundedLists
from tasks.admin.people import People, found_people, search_where_many
from tasks.admin.places import Frame, page_context
from tasks.admin.refusals import field_name, refusal_text
from tasks.admin.stale import conflicts_of, take_theirs
from tasks.database import alias, atomic, connection
from tasks.exceptions import Invalid, Refused, RefusedBySite, TaskdockError
from tasks.folding import is_blank
from tasks.models import HistoryEntry
from tasks.platform.errors import ConflictingWrite
from tasks.platform.writes import run_write
from tasks.querysets import VisibleQuerySet

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _ModelForm = forms.ModelForm[Any]
else:  # Django's own classes take no type parameters when they run.
    _ModelAdmin = admin.ModelAdmin
    _ModelForm = forms.ModelForm

HISTORY_PAGE = 100
#: What a page shows as a message: a rule that a service holds, or other writes that kept coming
#: between (a foreign key gone, a deadlock).
REFUSALS = (TaskdockError, ConflictingWrite)
#: From this length on, a line of text gets a wide field.
LONG_LINE = 200
MOMENTS = Script("taskdock/moments.js", type="module")
FORMS = Script("taskdock/forms.js", type="module")

T = TypeVar("T")


class ChangedMeanwhile(Refused):
    """The database refused what the services let through: somebody else wrote at the same time."""

    message = gettext_noop("Something else still refers to it, or was changed at the same time.")


def actor_of(request: HttpRequest) -> Actor:
    """Whoever is logged in, at the admin's door."""
    return Actor(user=request.user, door=Door.ADMIN)  # type: ignore[arg-type]  # staff are no AnonymousUser


def visible(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """What of these rows the site lets this user see."""
    return rows.visible_to(actor_of(request)) if isinstance(rows, VisibleQuerySet) else rows


def register_once(site: AdminSite, model: type[models.Model], page: type[_ModelAdmin]) -> None:
    """Register a model, unless the host did so with pages of its own."""
    if not site.is_registered(model):
        site.register(model, page)


class ServiceForm(_ModelForm):
    """A form whose rules are the services'.

    What counts as changed is what differs from what the page showed, so that saving a page never
    takes back what somebody else changed meanwhile. What both have changed is refused once, with
    both values shown.
    """

    actor: ClassVar[Actor]
    page: ClassVar[ServiceModelAdmin | None] = None
    refusal: ClassVar[TaskdockError | None] = None
    #: At which field a refusal is shown that is about one.
    refused_at: ClassVar[Mapping[type[TaskdockError], str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        for field in fields.values():
            inner = getattr(field.widget, "widget", None)
            if isinstance(inner, RowChoosing):
                # What is around a select tells it its choices when it is shown: too late.
                inner.choices = field.choices
        if self.page is None:
            return
        for name, people in self.page.people_fields.items():
            if name in self.fields:
                url = self.page.link_to("people", name)
                search_where_many(self.fields[name], people(self.actor), url)

    def full_clean(self) -> None:
        if self.is_bound:
            take_theirs(self)
        super().full_clean()

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        self._refuse_blanks()
        if self.instance.pk is not None:
            self._keep_unchanged()
            for conflict in conflicts_of(self):
                self.add_error(conflict.name, conflict.message)
        for check in self.rules(self.cleaned_data):
            try:
                check()
            except TaskdockError as error:
                self.add_refusal(error)
        if self.refusal is not None:
            self.add_refusal(self.refusal)
        return self.cleaned_data

    def rules(self, values: Mapping[str, Any]) -> Iterable[Callable[[], object]]:
        """Checks that raise what a service would refuse these values with; some may be missing."""
        return ()

    def add_refusal(self, error: TaskdockError) -> None:
        """Show a service's error: at its field if it names one of the form, else above it."""
        message = refusal_text(error, self._spoken)
        field = error.field if isinstance(error, Invalid) else self._place_of(error)
        where = field if field in self.fields else None
        if message not in self.errors.get(where or NON_FIELD_ERRORS, []):
            self.add_error(where, message)

    def values(self) -> dict[str, Any]:
        """The values for a new row, or the changed ones of a row that exists."""
        if self.instance.pk is None:
            return dict(self.cleaned_data)
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def _refuse_blanks(self) -> None:
        """A text that is required must show something."""
        fields: Mapping[str, Any] = self.fields
        for name, field in fields.items():
            text = self.cleaned_data.get(name)
            if field.required and isinstance(text, str) and is_blank(text):
                self.add_error(name, field.error_messages["required"])

    def _keep_unchanged(self) -> None:
        # The rules are to hold for the row as it is now, which the page may not have shown.
        for name in self.cleaned_data.keys() - set(self.changed_data):
            try:
                self.instance._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            self.cleaned_data[name] = getattr(self.instance, name)

    def _place_of(self, error: TaskdockError) -> str:
        return self.refused_at.get(type(error), "")

    def _spoken(self, name: str) -> str:
        return field_name(str(self.fields[name].label or "") if name in self.fields else "", name)


class HistoryPage(BoundedLists):
    """An object's history page shows what happened to it through every door."""

    object_history_template = "taskdock/object_history.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]  # Django's own, unlisted
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        entries = visible(
            HistoryEntry.objects.filter(subject_type=self.opts.model_name, subject_id=obj.pk),
            request,
        ).order_by("-id")
        page = self.get_paginator(request, entries, HISTORY_PAGE).get_page(
            request.GET.get(PAGE_VAR, 1)
        )
        context = {
            **page_context(request, self.admin_site),
            "title": _("Change history: %s") % obj,
            "subtitle": None,
            "entries": [told(entry, self.model) for entry in page],
            "page": page,
            "page_var": PAGE_VAR,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            "media": self.media,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template or "", context)


class ReadOnlyAdmin(BoundedLists):
    """Pages to look at; nobody adds, changes or deletes here."""

    object_history_template = "taskdock/read_only_history.html"

    class Media:
        css = {"all": ["taskdock/admin.css"]}
        js = [MOMENTS, FORMS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "frame": Frame(request, self.admin_site),
            "media": self.media,
            **(extra_context or {}),
        }
        return super().history_view(request, object_id, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ServiceModelAdmin(HistoryPage):
    """Pages whose every write goes through the services.

    A subclass says which: ``create_row``, ``update_row``, ``delete_row``. What they refuse is
    shown at the form (or as a message, where there is none), and nothing is changed then.
    """

    form = ServiceForm
    #: Which people the fields of the form offer that are for people, by the field's name.
    people_fields: ClassVar[Mapping[str, People]] = {}

    class Media:
        css = {"all": ["taskdock/admin.css", "taskdock/pages.css", "taskdock/sending.css"]}
        js = [MOMENTS, FORMS, Script("taskdock/labels.js", type="module")]

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        """Call the service that makes a row of all the form's values."""
        raise NotImplementedError

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        """Call the service that changes a row; ``values`` are those that were changed."""
        raise NotImplementedError

    def delete_row(self, actor: Actor, pk: int) -> None:
        """Call the service that deletes a row."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The row; locked where a form is about to be compared with it and saved.

        Otherwise two who save at the same instant would both find nothing changed since they
        looked, and the second one's text would take the place of the first one's.
        """
        is_writing = request.method == "POST" and connection().in_atomic_block
        if is_writing and is_key(self.opts.pk, object_id):
            rows = self.model._base_manager.using(alias()).select_for_update()
            rows.filter(pk=object_id).order_by().values_list("pk").first()
        return super().get_object(request, object_id, from_field)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, models.TextField):
            kwargs.setdefault("form_class", MultilineField)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.show_hidden_initial = True
        if isinstance(field, MultilineField) and db_field.null:
            field.empty_value = None
        widget: Any = getattr(field, "widget", None)
        if isinstance(widget, AdminTextInputWidget) and (db_field.max_length or 0) >= LONG_LINE:
            widget.attrs["class"] = "vLargeTextField"
        if isinstance(widget, AdminSplitDateTime):
            # The field's label is for neither of the two.
            for part, label in zip(widget.widgets, (_("Date"), _("Time")), strict=True):
                part.attrs["aria-label"] = f"{capfirst(str(db_field.verbose_name))}: {label}"
        if hasattr(widget, "can_delete_related"):
            # Deleting a project from the form of one of its tasks is nobody's wish.
            widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        rows = kwargs.get("queryset")
        if rows is None:
            rows = db_field.remote_field.model._default_manager.all()
        kwargs["queryset"] = visible(rows, request)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowSelect(db_field, self.admin_site, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form: type[Any] = super().get_form(request, obj, change, **kwargs)
        form.actor, form.page = actor_of(request), self
        form.refusal = getattr(request, "taskdock_refusal", None)
        return form

    def get_urls(self) -> list[URLPattern]:
        people = path(
            "people/<str:field>/",
            self.admin_site.admin_view(require_safe(self.people_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_people",
        )
        token = path(
            "token/",
            self.admin_site.admin_view(require_safe(self.token_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_token",
        )
        return [people, token, *super().get_urls()]

    def token_view(self, request: HttpRequest) -> HttpResponse:
        """A CSRF token for the session of now, and whose session that is.

        A page that was made before a login in another tab sends its forms with it. It works with
        ``CSRF_USE_SESSIONS`` and ``CSRF_COOKIE_HTTPONLY`` too, under which no script reads the
        token from a cookie.
        """
        user: Any = request.user
        known = {"token": get_token(request), "user": str(user.pk), "name": user.get_username()}
        return JsonResponse(known, headers={"Cache-Control": "no-store"})

    def people_view(self, request: HttpRequest, field: str) -> HttpResponse:
        """The people whom a field of the form offers and a search means."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        if field not in self.people_fields:
            raise Http404
        return found_people(request, self.people_fields[field](actor_of(request)))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        view = super().changeform_view
        try:
            return self.written(request, lambda: view(request, object_id, form_url, extra_context))
        except REFUSALS as error:
            if connection().needs_rollback:
                return self._ask_again(request, error)
            # Rolled back by now. The same request again, with an error that its form will show.
            request.taskdock_refusal = refusal_of(error)  # type: ignore[attr-defined]  # read in get_form
            return view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        view = super().delete_view
        try:
            return self.written(request, lambda: view(request, object_id, extra_context))
        except REFUSALS as error:
            self.message_user(request, refusal_text(refusal_of(error)), messages.ERROR)
            return HttpResponseRedirect(self.link_to("change", object_id))

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        if not all(is_key(self.opts.pk, pk) for pk in chosen):
            self.message_user(request, _("The selected rows don't exist."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        across = forms.BooleanField(required=False).clean(request.POST.get("select_across"))
        if across and queryset.order_by()[ACTED_ON : ACTED_ON + 1].exists():
            text = _("At most %(count)d rows at once: narrow the list by a filter or a search.")
            self.message_user(request, text % {"count": ACTED_ON}, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        act = super().response_action
        try:
            return self.written(request, lambda: act(request, queryset.all(), *args, **kwargs))
        except REFUSALS as error:
            text = _("%(error)s Nothing was changed.") % {"error": refusal_text(refusal_of(error))}
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def written(self, request: HttpRequest, view: Callable[[], T]) -> T:
        """What a page answers; all that it writes is one transaction, files included.

        As in the API, what another write got in the way of is done again, from the beginning. The
        messages of an attempt that failed are never shown. Raises what ``run_write`` does, and
        ``RefusedBySite`` for a ``ValidationError`` of a signal receiver of the site's.
        """
        if request.method != "POST":
            return view()

        def attempt() -> T:
            request.taskdock_messages = []  # type: ignore[attr-defined]  # read in message_user
            try:
                return view()
            except ValidationError as error:
                # Of a signal receiver of the site's; what a form finds wrong never gets here.
                raise RefusedBySite(" ".join(error.messages)) from error

        held: list[tuple[Any, ...]] = []
        try:
            answer = run_write(attempt)
            held = request.taskdock_messages  # type: ignore[attr-defined]  # set by the attempt
        finally:
            request.taskdock_messages = None  # type: ignore[attr-defined]  # said at once from now on
        for message in held:
            self.message_user(request, *message)
        return answer

    def message_user(
        self,
        request: HttpRequest,
        message: Any,
        level: Any = messages.INFO,
        extra_tags: str = "",
        fail_silently: bool = False,
    ) -> None:
        held = getattr(request, "taskdock_messages", None)
        if held is not None:
            held.append((message, level, extra_tags, fail_silently))
            return
        super().message_user(request, message, level, extra_tags, fail_silently)

    def _ask_again(self, request: HttpRequest, error: Exception) -> HttpResponse:
        # Inside a transaction of the site's that is lost nothing can be read to show the form.
        self.message_user(request, refusal_text(refusal_of(error)), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = form.values()
        if not change:
            row = self.create_row(actor_of(request), values)
            obj.pk = row.pk
            obj._state.adding, obj._state.db = False, row._state.db
        elif values:
            self.update_row(actor_of(request), obj.pk, values)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: what belongs to a row was written by the service."""

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        self.delete_row(actor_of(request), obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.for_each(request, queryset, self.delete_row)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        return deletion_of(objs, request, self)

    def blocks_deletion(self, model: type[models.Model]) -> bool:
        """Whether protected rows of this model are in the way, as the database sees it."""
        return True

    def for_each(
        self, request: HttpRequest, rows: QuerySet[Any], write: Callable[[Actor, int], object]
    ) -> int:
        """Call a service for every row, all or none; returns how many there were.

        A refusal names the row.
        """
        actor = actor_of(request)
        named = [(row.pk, str(row)) for row in rows.order_by("pk")]
        with atomic():
            for pk, name in named:
                try:
                    write(actor, pk)
                except TaskdockError as error:
                    raise Refused(f"{name}: {refusal_text(error)}") from error
        return len(named)

    def link_to(self, page: str, *args: Any) -> str:
        """The address of one of this model's pages on this site."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=args, current_app=self.admin_site.name)

    def confirmation(
        self, request: HttpRequest, rows: QuerySet[Any], *, template: str, title: str, action: str
    ) -> TemplateResponse:
        """A page that asks whether the action is really meant for these rows."""
        context = {
            **page_context(request, self.admin_site),
            "title": title,
            "subtitle": None,
            "rows": rows,
            "action": action,
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "changelist": self.link_to("changelist"),
            "opts": self.opts,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, context)


def refusal_of(error: Exception) -> TaskdockError:
    """What is told of an error that a page shows as a message."""
    return error if isinstance(error, TaskdockError) else ChangedMeanwhile()
