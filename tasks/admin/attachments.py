from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tasks import conf
from tasks.actors import Actor
from tasks.admin.base import ServiceForm, ServiceModelAdmin, register_once
from tasks.admin.lists import LATEST, SEARCHES_LATEST
from tasks.admin.people import person_label
from tasks.admin.places import page_context
from tasks.admin.refusals import refusal_text
from tasks.exceptions import FileMissing
from tasks.files import clean_name, readable_size
from tasks.images import image_type, smaller
from tasks.models import Attachment
from tasks.services import attachments
from tasks.services.files import reading

#: What a browser may do with a file that somebody uploaded: keep it.
DOWNLOAD_HEADERS: Mapping[str, str] = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


#: The pages of an image, and how many pixels wide or high each shows it at most: twice what a list
#: and a card have room for.
IMAGES: Mapping[str, int | None] = {"image": None, "thumbnail": 240, "cover": 720}


class AttachmentForm(ServiceForm):
    """A new file of a task."""

    # A plain input: Django's own would link to where the storage serves the file.
    file = forms.FileField(label=_("File"), allow_empty_file=True, widget=forms.FileInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = readable_size(conf.value("MAX_FILE_SIZE"))
        self.fields["file"].help_text = gettext("At most %(size)s.") % {"size": size}

    def rules(self, values: Mapping[str, Any]) -> Iterator[Callable[[], object]]:
        file = values.get("file")
        if file is not None:
            yield lambda: attachments.check_file(name=file.name, size=file.size)


class CoverForm(ServiceForm):
    """All that can be changed of a file: whether it is its task's cover."""

    def _get_validation_exclusions(self) -> set[str]:
        # The service takes the flag from the file that has it.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, unlisted
        return excluded | {"is_cover"}


class AttachmentAdmin(ServiceModelAdmin):
    """Files of tasks. They are read here, as downloads, and never from a media URL."""

    list_display = (
        "name",
        "task",
        "readable_size",
        "content_type",
        "cover",
        "uploader",
        "created_at",
        "download",
    )
    list_select_related = ("task", "uploaded_by")
    search_fields = ("name",)
    search_latest = LATEST
    search_help_text = SEARCHES_LATEST
    sortable_by = ()
    autocomplete_fields = ("task",)
    ordering = ("-id",)
    change_form_template = "taskdock/attachment_change_form.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("task", "file")
        return ("is_cover", *self.get_readonly_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        return ("task", "name", "readable_size", "content_type", "uploader", "created_at")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        kwargs["form"] = AttachmentForm if obj is None else CoverForm
        return super().get_form(request, obj, change, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        download = path(
            "<path:object_id>/download/",
            self.admin_site.admin_view(require_safe(self.download_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_download",
        )
        images = [
            path(
                f"<path:object_id>/{page}/",
                self.admin_site.admin_view(require_safe(self.image_view), cacheable=True),
                {"side": side},
                name=f"{self.opts.app_label}_{self.opts.model_name}_{page}",
            )
            for page, side in IMAGES.items()
        ]
        return [download, *images, *super().get_urls()]

    def image_view(
        self, request: HttpRequest, object_id: str, side: int | None
    ) -> HttpResponseBase:
        """An image to be shown in a page: as what it begins as, or not at all.

        Made smaller where it is larger than ``side``, and as it is where it can't be.
        """
        attachment = self._readable(request, object_id)
        try:
            file = attachments.open_attachment(attachment)
        except FileMissing as error:
            raise Http404 from error
        with reading():
            content_type = image_type(file)
        if content_type is None:
            file.close()
            raise Http404
        # What a file holds never changes.
        headers = {**DOWNLOAD_HEADERS, "Cache-Control": "private, max-age=3600"}
        with reading():
            small = None if side is None else smaller(file, side)
        if small is not None:
            file.close()
            content, small_type = small
            headers["Content-Disposition"] = 'inline; filename="image"'
            return HttpResponse(content, content_type=small_type, headers=headers)
        return FileResponse(file, content_type=content_type, headers=headers, filename="image")

    def download_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The file, to be kept and not to be shown: whatever it claims to be, it is bytes."""
        attachment = self._readable(request, object_id)
        try:
            file = attachments.open_attachment(attachment)
        except FileMissing as error:
            return self._missing(request, attachment, error)
        return FileResponse(
            file,
            as_attachment=True,
            filename=clean_name(attachment.name),
            content_type="application/octet-stream",
            headers=DOWNLOAD_HEADERS,
        )

    def _readable(self, request: HttpRequest, object_id: str) -> Attachment:
        if not self.has_view_permission(request):
            raise PermissionDenied
        attachment: Attachment | None = self.get_object(request, unquote(object_id))
        if attachment is None:
            raise Http404
        if not self.has_view_permission(request, attachment):
            raise PermissionDenied
        return attachment

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        attachment = context.get("original")
        if attachment is not None:
            context["download_url"] = self.link_to("download", quote(attachment.pk))
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("size"))
    def readable_size(self, obj: Attachment) -> str:
        return filesizeformat(obj.size)

    @admin.display(description=_("cover"), boolean=True)
    def cover(self, obj: Attachment) -> bool:
        return bool(obj.is_cover)

    @admin.display(description=_("uploaded by"))
    def uploader(self, obj: Attachment) -> str | None:
        return None if obj.uploaded_by is None else person_label(obj.uploaded_by)

    @admin.display(description=_("download"))
    def download(self, obj: Attachment) -> str:
        url = self.link_to("download", quote(obj.pk))
        return format_html('<a href="{}">{}</a>', url, gettext("Download"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            # The form knows an upload; the row knows what became of it.
            obj.refresh_from_db()

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        file = values["file"]
        return attachments.add_attachment(
            actor=actor,
            task_id=values["task"].pk,
            file=file,
            name=file.name,
            content_type=file.content_type or "",
        )

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        attachment = attachments.lock_attachment(actor=actor, attachment_id=pk)
        if values["is_cover"] or attachment.is_cover:
            attachments.set_cover(
                actor=actor,
                task_id=attachment.task_id,
                attachment_id=pk if values["is_cover"] else None,
            )

    def delete_row(self, actor: Actor, pk: int) -> None:
        attachments.delete_attachment(actor=actor, attachment_id=pk)

    def _missing(
        self, request: HttpRequest, attachment: Attachment, error: FileMissing
    ) -> HttpResponse:
        context = {
            **page_context(request, self.admin_site),
            "title": gettext("The file is missing"),
            "subtitle": None,
            "message": refusal_text(error),
            "attachment": attachment,
            "changelist": self.link_to("changelist"),
            "change": self.link_to("change", quote(attachment.pk)),
            "opts": self.opts,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "taskdock/attachment_missing.html", context, status=404)


def register(site: AdminSite) -> None:
    """Register files."""
    register_once(site, Attachment, AttachmentAdmin)
