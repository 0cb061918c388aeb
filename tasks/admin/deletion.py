"""What a deletion would take along and what forbids it, counted by the database.

Django's own collector loads every row of it: a project of ten thousand tasks, or a status that a
hundred thousand have, would take a page of as many lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.utils import quote
from django.db import models
from django.db.models import CASCADE, PROTECT, RESTRICT, Q, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tasks.actors import Actor
from tasks.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from tasks.admin.base import ServiceModelAdmin

#: How many rows a page names before it only counts.
SHOWN = 50


def deletion_of(
    objs: QuerySet[Any] | Sequence[models.Model], request: HttpRequest, page: ServiceModelAdmin
) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
    """As Django's ``get_deleted_objects``: rows, counts, lacking permissions, what protects."""
    from tasks.admin.base import actor_of

    site = page.admin_site
    actor = actor_of(request)
    if isinstance(objs, QuerySet):
        pks: Any = objs.order_by().values("pk")
    else:
        pks = [obj.pk for obj in objs]
    gone, kept = _reached(page.model, pks)
    rows = {model: model._base_manager.filter(which) for model, which in gone.items()}
    counts = {model: queryset.count() for model, queryset in rows.items()}
    lacking = set()
    for model, count in counts.items():
        try:
            allowed = site.get_model_admin(model).has_delete_permission(request)
        except NotRegistered:
            continue
        if count and not allowed:
            lacking.add(str(model._meta.verbose_name))
    protected: list[Any] = []
    for model, which in kept.items():
        if page.blocks_deletion(model):
            protected += _named(model._base_manager.filter(which), actor, page)
    shown = _named(rows[page.model], actor, page)
    labels = {
        str(model._meta.verbose_name_plural): count for model, count in counts.items() if count
    }
    return shown, labels, lacking, protected


def _reached(
    model: type[models.Model], pks: Any
) -> tuple[dict[type[models.Model], Q], dict[type[models.Model], Q]]:
    """Conditions for the rows, by model, that go along and for those that forbid it."""
    gone: dict[type[models.Model], Q] = {}
    kept: dict[type[models.Model], Q] = {}
    restricted: dict[type[models.Model], Q] = {}

    def follow(model: type[models.Model], lookup: str) -> None:
        gone[model] = gone.get(model, Q()) | Q(**{f"{lookup}pk__in": pks})
        relations: Iterable[Any] = get_candidate_relations_to_delete(model._meta)
        for relation in relations:
            child: type[models.Model] = relation.related_model
            path = f"{relation.field.name}__{lookup}"
            found = Q(**{f"{path}pk__in": pks})
            if relation.on_delete is CASCADE and child is not model:
                follow(child, path)
            elif relation.on_delete is PROTECT:
                kept[child] = kept.get(child, Q()) | found
            elif relation.on_delete is RESTRICT:
                restricted[child] = restricted.get(child, Q()) | found

    follow(model, "")
    for child, found in restricted.items():
        # What goes along by another way is not in the way.
        if child not in gone:
            kept[child] = kept.get(child, Q()) | found
    return gone, kept


def _named(rows: QuerySet[Any], actor: Actor, page: ServiceModelAdmin) -> list[Any]:
    """The first rows by name, those that the actor may see, and how many more there are."""
    total = rows.count()
    seen = rows.visible_to(actor) if isinstance(rows, VisibleQuerySet) else rows
    lines: list[Any] = [_line(row, page) for row in seen.order_by("pk")[:SHOWN]]
    if total > len(lines):
        lines.append(
            _("and %(count)d more %(items)s")
            % {"count": total - len(lines), "items": rows.model._meta.verbose_name_plural}
        )
    return lines


def _line(row: models.Model, page: ServiceModelAdmin) -> Any:
    kind = capfirst(row._meta.verbose_name)
    try:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        url = reverse(name, args=[quote(row.pk)], current_app=page.admin_site.name)
    except NoReverseMatch:
        return f"{kind}: {row}"
    return format_html('{}: <a href="{}">{}</a>', kind, url, row)
