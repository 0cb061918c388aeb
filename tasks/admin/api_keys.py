from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite, SimpleListFilter
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceForm, ServiceModelAdmin, actor_of, register_once
from tasks.admin.choosing import RowSelect, is_key
from tasks.admin.marks import badge
from tasks.admin.people import LISTED, PersonField, by_login, person_label
from tasks.admin.places import page_context
from tasks.models import APIKey
from tasks.people import has_field, person_name, user_model, users_visible_to
from tasks.services import api_keys


class APIKeyForm(ServiceForm):
    """A key. Whose it is, is settled when it is made."""

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        changed = self.instance.pk is None or "expires_at" in self.changed_data
        if changed and expires_at is not None and expires_at <= timezone.now():
            raise ValidationError(gettext("The expiry must lie in the future."))
        return expires_at


class StateFilter(SimpleListFilter):
    """What a key is good for now."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("Active")), ("expired", _("Expired")), ("revoked", _("Revoked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        kept = queryset.filter(revoked_at__isnull=True)
        expired = Q(expires_at__isnull=False, expires_at__lte=timezone.now())
        match self.value():
            case "active":
                return kept.exclude(expired)
            case "expired":
                return kept.filter(expired)
            case "revoked":
                return queryset.filter(revoked_at__isnull=False)
        return queryset


class PersonFilter(SimpleListFilter):
    """Whose keys; people without any are not offered, nor anybody by name where they are many."""

    title = _("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        keys = APIKey.objects.exclude(user=request.user.pk).values("user")
        people = users_visible_to(actor_of(request)).filter(pk__in=keys)
        others = list(by_login(people)[: LISTED + 1])
        named = [] if len(others) > LISTED else [(str(one.pk), person_label(one)) for one in others]
        return [("me", _("Me")), *named]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value == "me":
            return queryset.filter(user=request.user.pk)
        if value is None:
            return queryset
        known = is_key(user_model()._meta.pk, value)
        return queryset.filter(user=value) if known else queryset.none()


class APIKeyAdmin(ServiceModelAdmin):
    """Keys. Made here, shown once; they are revoked, never deleted, so that history keeps sense."""

    form = APIKeyForm
    change_form_template = "taskdock/api_key_change_form.html"
    list_display = (
        "name",
        "hint",
        "acts_as",
        "access",
        "last_used_at",
        "expires_at",
        "state",
    )
    list_filter = (StateFilter, PersonFilter, "is_read_only")
    list_select_related = ("user",)
    search_fields = ("name", "hint")
    empty_text = _("With a key a program uses the API, as one of the people here.")
    actions = ("revoke",)

    class Media:
        js = ("taskdock/copy.js",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("name", "user", "is_read_only", "expires_at")
        record = ("acts_as", "hint", "state", "created_at", "last_used_at", "revoked_at")
        return ("name", "is_read_only", "expires_at", *record)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        return ("acts_as", "hint", "state", "created_at", "last_used_at", "revoked_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the permission, everybody their own keys; only superusers other people's.

        Making a read-only key of somebody else's write, or last, is not for everybody.
        """
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed or getattr(request.user, "is_superuser", False):
            return allowed
        return bool(obj.user_id == request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given: Mapping[str, Any] = super().get_changeform_initial_data(request)
        return {"user": request.user.pk, **given}

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "user":
            kwargs |= {"form_class": PersonField, "queryset": by_login(_owners(request))}
            kwargs["widget"] = self._owner_widget(db_field, request)
            kwargs["required"] = True
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "user":
            # No links that add or change a user in passing.
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    @admin.display(description=_("acts as"))
    def acts_as(self, obj: APIKey) -> str | None:
        return None if obj.user is None else person_label(obj.user)

    @admin.display(description=_("access"), ordering="is_read_only")
    def access(self, obj: APIKey) -> Any:
        return _("Read-only") if obj.is_read_only else _("Read and write")

    @admin.display(description=_("state"))
    def state(self, obj: APIKey) -> Any:
        if obj.revoked_at is not None:
            return badge(_("Revoked"), "muted")
        if not obj.is_usable(timezone.now()):
            return badge(_("Expired"), "warning")
        if obj.user is None or not obj.user.is_active:
            return badge(_("Without an active user"), "bad")
        return badge(_("Active"), "good")

    @admin.action(description=_("Revoke selected API keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            return self._ask(request, queryset, action="revoke")
        count = self.for_each(
            request, queryset, lambda actor, pk: api_keys.revoke_api_key(actor=actor, key_id=pk)
        )
        text = ngettext("%(count)d API key is revoked.", "%(count)d API keys are revoked.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        return None

    def get_urls(self) -> list[URLPattern]:
        revoke = path(
            "<path:object_id>/revoke/",
            self.admin_site.admin_view(self.revoke_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_revoke",
        )
        return [revoke, *super().get_urls()]

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, and revoke one key."""
        key = self.get_object(request, unquote(object_id))
        # Revoking is what everybody with the permission may do to every key: it only takes away.
        if not self.has_change_permission(request):
            raise PermissionDenied
        if key is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]  # Django's own, unlisted
        if request.method != "POST":
            return self._ask(request, self.get_queryset(request).filter(pk=key.pk), action="")
        self.written(
            request, lambda: api_keys.revoke_api_key(actor=actor_of(request), key_id=key.pk)
        )
        self.log_change(request, key, gettext("Revoked."))
        text = gettext("The API key “%(name)s” is revoked.") % {"name": key.name}
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.link_to("changelist"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        key = context.get("original")
        if key is not None and key.revoked_at is None and self.has_change_permission(request):
            context["revoke_url"] = self.link_to("revoke", quote(key.pk))
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The one page that shows the key: an answer that nobody stores, not even this site."""
        context = {
            **page_context(request, self.admin_site),
            "title": gettext("The API key was made"),
            "subtitle": None,
            "key": obj,
            "token": obj.token,
            "person": person_name(obj.user),
            "changelist": self.link_to("changelist"),
            "opts": self.opts,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        headers = {"Cache-Control": "no-store"}
        return TemplateResponse(request, "taskdock/api_key_made.html", context, headers=headers)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        key, obj.token = api_keys.create_api_key(actor=actor_of(request), **form.values())
        obj.pk, obj._state.adding, obj._state.db = key.pk, False, key._state.db

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        api_keys.update_api_key(actor=actor, key_id=pk, **values)

    def _owner_widget(self, db_field: models.ForeignKey[Any, Any], request: HttpRequest) -> Any:
        if not _may_choose(request):
            return None
        if not self.admin_site.is_registered(user_model()):
            return None
        if self.admin_site.get_model_admin(user_model()).get_search_fields(request):
            return RowSelect(db_field, self.admin_site, request)
        return ForeignKeyRawIdWidget(db_field.remote_field, self.admin_site)

    def _ask(self, request: HttpRequest, keys: QuerySet[Any], *, action: str) -> TemplateResponse:
        return self.confirmation(
            request,
            keys,
            template="taskdock/revoke_confirmation.html",
            title=gettext("Revoke API keys"),
            action=action,
        )


def _may_choose(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _owners(request: HttpRequest) -> QuerySet[Any]:
    """Whom a new key may act as: for a superuser anybody active, else only oneself."""
    seen = users_visible_to(actor_of(request))
    active = seen.filter(**({"is_active": True} if has_field("is_active") else {}))
    return active if _may_choose(request) else active.filter(pk=request.user.pk)


def register(site: AdminSite) -> None:
    """Register API keys."""
    register_once(site, APIKey, APIKeyAdmin)
