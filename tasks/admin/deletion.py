"""What a deletion would take along and what forbids it, in bounded time.

Django's own collector loads every row of it: a project of ten thousand tasks, or a status that a
hundred thousand have, would take a page of as many lines. Here the first ``COUNTED`` keys of each
kind are followed from kind to kind, and where they are more the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.utils import quote
from django.db import models
from django.db.models import CASCADE, PROTECT, RESTRICT, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tasks.actors import Actor
from tasks.admin.lists import MoreThan
from tasks.querysets import VisibleQuerySet, is_narrowed

if TYPE_CHECKING:
    from tasks.admin.base import ServiceModelAdmin

#: How many rows a page names before it only counts.
SHOWN = 50
#: How many rows of a kind are counted, and followed to what hangs on them.
COUNTED = 1_000

#: The primary keys of rows by model: at most one more than are counted.
_Keys = dict[type[models.Model], set[Any]]


def deletion_of(
    objs: QuerySet[Any] | Sequence[models.Model], request: HttpRequest, page: ServiceModelAdmin
) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
    """As Django's ``get_deleted_objects``: rows, counts, lacking permissions, what protects."""
    from tasks.admin.base import actor_of

    actor = actor_of(request)
    gone, kept = _reached(page.model, {obj.pk for obj in objs})
    lacking = set()
    for model, keys in gone.items():
        try:
            allowed = page.admin_site.get_model_admin(model).has_delete_permission(request)
        except NotRegistered:
            continue
        if keys and not allowed:
            lacking.add(str(model._meta.verbose_name))
    protected: list[Any] = []
    for model, keys in kept.items():
        if page.blocks_deletion(model):
            protected += _named(model, keys, actor, page)
    shown = _named(page.model, gone[page.model], actor, page)
    told = {model: _seen(model, keys, actor) for model, keys in gone.items()}
    labels = {
        str(model._meta.verbose_name_plural): _counted(keys) for model, keys in told.items() if keys
    }
    return shown, labels, lacking, protected


def protected_by(rows: Sequence[models.Model]) -> dict[Any, list[models.Model]]:
    """By the key of each row that can't be deleted, some rows whose foreign keys protect it.

    One query for each foreign key that does, whatever the number of rows.
    """
    found: dict[Any, list[models.Model]] = {}
    if not rows:
        return found
    relations: Iterable[Any] = get_candidate_relations_to_delete(rows[0]._meta)
    for relation in relations:
        if not _always_keeps(relation):
            continue
        name = relation.field.name
        among = relation.related_model._base_manager.filter(**{f"{name}__in": rows})
        for protecting in among.order_by("pk")[:COUNTED]:
            found.setdefault(getattr(protecting, relation.field.attname), []).append(protecting)
    return found


def _always_keeps(relation: Any) -> bool:
    """Whether a foreign key keeps its row whatever else goes.

    ``RESTRICT`` lets a row go whose referrer goes along by another key.
    """
    keys = (field for field in relation.related_model._meta.concrete_fields if field.is_relation)
    return relation.on_delete is PROTECT or (
        relation.on_delete is RESTRICT
        and all(key.remote_field.on_delete is not CASCADE for key in keys)
    )


def _reached(model: type[models.Model], keys: set[Any]) -> tuple[_Keys, _Keys]:
    """The rows that go along and those that forbid it."""
    gone: _Keys = {}
    kept: _Keys = {}
    restricted: _Keys = {}

    def follow(model: type[models.Model], keys: set[Any]) -> None:
        gone[model] = gone.get(model, set()) | keys
        relations: Iterable[Any] = get_candidate_relations_to_delete(model._meta)
        for relation in relations:
            child: type[models.Model] = relation.related_model
            if relation.on_delete is CASCADE and child is not model:
                follow(child, _children(relation, keys))
            elif relation.on_delete is PROTECT:
                kept[child] = kept.get(child, set()) | _children(relation, keys)
            elif relation.on_delete is RESTRICT:
                restricted[child] = restricted.get(child, set()) | _children(relation, keys)

    follow(model, keys)
    for child, found in restricted.items():
        # What goes along by another way is not in the way.
        if child not in gone:
            kept[child] = kept.get(child, set()) | found
    return gone, kept


def _children(relation: Any, keys: set[Any]) -> set[Any]:
    """The first keys of the rows that refer to these."""
    if not keys:
        return set()
    rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__pk__in": keys})
    return set(rows.order_by().values_list("pk", flat=True)[: COUNTED + 1])


def _counted(keys: set[Any]) -> int:
    return MoreThan(COUNTED) if len(keys) > COUNTED else len(keys)


def _named(
    model: type[models.Model], keys: set[Any], actor: Actor, page: ServiceModelAdmin
) -> list[Any]:
    """The first rows by name and how many more there are, of those that the actor may see.

    How many are out of sight is not told, but that there are.
    """
    seen = _seen(model, keys, actor)
    rows = model._base_manager.filter(pk__in=seen).order_by("pk")
    lines: list[Any] = [_line(row, page) for row in rows[:SHOWN]]
    items = model._meta.verbose_name_plural
    more = len(seen) - len(lines)
    if more:
        rest = MoreThan(COUNTED - len(lines)) if len(seen) > COUNTED else more
        lines.append(_("and %(count)s more %(items)s") % {"count": rest, "items": items})
    if len(seen) < len(keys):
        lines.append(_("and %(items)s that you can't see") % {"items": items})
    return lines


def _seen(model: type[models.Model], keys: set[Any], actor: Actor) -> set[Any]:
    """The keys of the rows that the actor may see."""
    if not keys or not is_narrowed():
        return keys
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
    if not isinstance(rows, VisibleQuerySet):
        return keys
    return set(rows.visible_to(actor).order_by().values_list("pk", flat=True))


def _line(row: models.Model, page: ServiceModelAdmin) -> Any:
    kind = capfirst(row._meta.verbose_name)
    try:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        url = reverse(name, args=[quote(row.pk)], current_app=page.admin_site.name)
    except NoReverseMatch:
        return f"{kind}: {row}"
    return format_html('{}: <a href="{}">{}</a>', kind, url, row)
