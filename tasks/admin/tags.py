from django.contrib import admin
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from tasks.admin.base import ReadOnlyAdmin, register_once
from tasks.admin.links import tasks_link
from tasks.models import Tag


class TagAdmin(ReadOnlyAdmin):
    """The tags in use. They come and go on tasks: renaming one here would change tasks unseen."""

    list_display = ("name", "tasks")
    search_fields = ("name",)
    empty_text = _("They come with the tasks, projects and clients that carry them.")
    fields = ("name", "tasks")

    @admin.display(description=_("tasks"))
    def tasks(self, obj: Tag) -> str:
        return tasks_link(self, _("Tasks"), task_tags__tag__id__exact=obj.pk)


def register(site: AdminSite) -> None:
    """Register tags."""
    register_once(site, Tag, TagAdmin)
