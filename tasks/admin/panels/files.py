"""The files of a task, its cover among them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tasks import conf
from tasks.admin.links import list_url
from tasks.admin.panels.forms import PanelForm, RowForm
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Visit, needs
from tasks.admin.people import person_label
from tasks.files import readable_size
from tasks.images import INLINE_TYPES
from tasks.models import Attachment
from tasks.services import attachments

#: How many files a page shows, as many as a task has where the site changes no setting.
SHOWN = 100


class FilesInput(forms.ClearableFileInput):
    """A plain input for several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": FilesInput(), "allow_empty_file": True, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        one = super().clean
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return [one(file, initial) for file in files]


class AddForm(PanelForm):
    """New files."""

    is_once = True

    file = FilesField(label=_("Files"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = readable_size(conf.value("MAX_FILE_SIZE"))
        self.fields["file"].help_text = format_lazy(_("At most {size} each."), size=size)


class FileForm(RowForm):
    """Something that is done to a file."""

    def rows(self) -> QuerySet[Any]:
        return files_of(self.visit)


def files_of(visit: Visit) -> QuerySet[Any]:
    """The files that the visitor sees, in the order in which they came."""
    rows = Attachment.objects.visible_to(visit.actor).filter(task=visit.row)
    return rows.select_related("uploaded_by").order_by("pk")


def _add(visit: Visit, values: Values) -> None:
    for file in values["file"]:
        attachments.add_attachment(
            actor=visit.actor,
            task_id=visit.row.pk,
            file=file,
            name=file.name,
            content_type=file.content_type or "",
        )


def _delete(visit: Visit, values: Values) -> None:
    attachments.delete_attachment(actor=visit.actor, attachment_id=values["row"].pk)


def _cover(visit: Visit, values: Values) -> None:
    attachments.set_cover(actor=visit.actor, task_id=visit.row.pk, attachment_id=values["row"].pk)


def _uncover(visit: Visit, values: Values) -> None:
    attachments.set_cover(actor=visit.actor, task_id=visit.row.pk, attachment_id=None)


class FilesPanel(Panel):
    """The files of a task."""

    name = "files"
    title = _("Files")
    template = "taskdock/panels/files.html"
    order = 40
    touches = ("history",)
    actions = (
        Action(
            name="add",
            form=AddForm,
            allowed=needs("add", Attachment),
            write=_add,
            said=_("The files were added."),
        ),
        Action(
            name="cover",
            form=FileForm,
            allowed=needs("change", Attachment),
            write=_cover,
            said=_("The cover was changed."),
        ),
        Action(
            name="uncover",
            form=PanelForm,
            allowed=needs("change", Attachment),
            write=_uncover,
            said=_("The cover was changed."),
        ),
        Action(
            name="delete",
            form=FileForm,
            allowed=needs("delete", Attachment),
            write=_delete,
            said=_("The file was deleted."),
        ),
    )

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", Attachment)

    def context(self, visit: Visit) -> dict[str, Any]:
        shown = list(files_of(visit)[: SHOWN + 1])
        cover = next((file for file in shown if file.is_cover), None)
        return {
            "cover": cover
            and {
                "name": cover.name,
                "small": _page(visit, "cover", cover),
                "whole": _page(visit, "image", cover),
            },
            "files": [_file(visit, one) for one in shown[:SHOWN]],
            "has_more": len(shown) > SHOWN,
            "all": list_url(visit.page, "attachment", task__id__exact=visit.row.pk),
            "add": self.form(visit, "add"),
        }


def _file(visit: Visit, file: Attachment) -> dict[str, Any]:
    is_image = file.content_type in INLINE_TYPES
    uploader = None if file.uploaded_by is None else person_label(file.uploaded_by)
    return {
        "file": file,
        "pk": str(file.pk),
        "size": filesizeformat(file.size),
        "uploader": uploader,
        "is_image": is_image,
        "download": _page(visit, "download", file),
        "image": _page(visit, "image", file) if is_image else None,
        "thumbnail": _page(visit, "thumbnail", file) if is_image else None,
    }


def _page(visit: Visit, name: str, file: Attachment) -> str | None:
    site = visit.page.admin_site.name
    try:
        return reverse(
            f"admin:taskdock_attachment_{name}", args=[quote(str(file.pk))], current_app=site
        )
    except NoReverseMatch:
        # The host shows files on pages of its own.
        return None


FILES = FilesPanel()
