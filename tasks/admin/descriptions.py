"""Descriptions in Markdown: written with a preview, and shown as what they mean."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tasks.admin.base import ServiceModelAdmin
from tasks.admin.markdown import rendered
from tasks.admin.panels.pages import ASKS
from tasks.admin.places import page_context


class DescriptionPages(ServiceModelAdmin):
    """Pages of rows with a ``description`` in Markdown."""

    class Media:
        js = [Script("taskdock/markdown.js", type="module")]

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "preview/",
            self.admin_site.admin_view(require_POST(self.preview_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_preview",
        )
        return [preview, *super().get_urls()]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What a description would look like: for our script alone, else as a page."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        if ASKS in request.headers:
            return HttpResponse(rendered(request.POST.get("text", "")))
        context = {
            **page_context(request, self.admin_site),
            "title": gettext("Preview"),
            "subtitle": request.POST.get("title") or None,
            "description": rendered(request.POST.get("description", "")),
            "opts": self.opts,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "taskdock/preview.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        writes = (
            self.has_add_permission(request)
            if row is None
            else self.has_change_permission(request, row)
        )
        if writes:
            context["preview_url"] = self.link_to("preview")
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "description":
            kwargs["widget"] = AdminTextareaWidget(
                attrs={
                    "data-preview": self.link_to("preview"),
                    "data-words": gettext("Preview"),
                    "data-lost": gettext("The preview could not be made."),
                }
            )
            kwargs["help_text"] = _("Markdown.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("description"))
    def rendered_description(self, obj: Any) -> SafeString:
        return format_html(
            '<div class="taskdock-markdown">{}</div>', rendered(obj.description or "")
        )
