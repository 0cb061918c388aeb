"""Field types that our models share."""

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django import forms
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Contains, GreaterThan
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tasks.folding import fold, normal


class FlagField(models.BooleanField):  # type: ignore[type-arg]  # the stub's arguments are private
    """A flag that at most one row may carry: true, or null where a plain flag would be false.

    Null is what lets an ordinary unique constraint say "at most one" on SQLite, PostgreSQL and
    MariaDB alike: nulls never collide, and MariaDB has no partial indexes. The owning model adds
    that constraint, and a check that false is never stored.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["null"] = True
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> bool | None:
        return super().to_python(value) or None

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", forms.BooleanField)
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", capfirst(self.verbose_name))
        kwargs.setdefault("help_text", self.help_text)
        kwargs.pop("choices_form_class", None)
        return kwargs.pop("form_class")(**kwargs)


class TextCopyField(models.CharField):  # type: ignore[type-arg]  # as above
    """A copy of another text field as it is compared, made when the model writes the row.

    ``source`` names that field; a subclass says how the copy is made. The copy may be ``GROWTH``
    times as long as the source.
    """

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        kwargs["editable"] = False
        kwargs.setdefault("verbose_name", _("search text"))
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def copy_of(self, text: str) -> str:
        """The copy of a text."""
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        copy = self.copy_of(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, copy)
        return copy


class CasefoldedField(TextCopyField):
    """A copy without regard to case, nor to composed and decomposed forms: see ``fold``.

    Searching the copy is searching without regard to case beyond ASCII, which neither SQLite's
    LIKE nor every collation does. The text that is searched for is folded too.
    """

    def copy_of(self, text: str) -> str:
        return fold(text)


class NormalField(TextCopyField):
    """A copy in Normalization Form C, for what is unique: it is told apart by case alone."""

    def copy_of(self, text: str) -> str:
        return normal(text)


#: What ``pg_trgm`` makes a trigram of: a word that ends has a blank behind it, one that begins two.
_TRIGRAM = re.compile(r"[^\W_]{3}|[^\W_]{2}[\W_]|[\W_][^\W_]")


def has_trigram(text: str) -> bool:
    """Whether PostgreSQL's index of trigrams helps to find a text, as it does from three letters.

    It would be read from end to end otherwise, which takes longer than to read all rows.
    """
    return _TRIGRAM.search(text) is not None


@CasefoldedField.register_lookup
class _Contains(Contains):
    """``contains`` in words that never use an index of trigrams where it does not help."""

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(self.rhs, str) and not has_trigram(self.rhs):
            return compiler.compile(GreaterThan(StrIndex(self.lhs, Value(self.rhs)), 0))
        return self.as_sql(compiler, connection)


class CopiedMomentField(models.DateTimeField):  # type: ignore[type-arg]  # as above
    """A moment of what a foreign key of the row points to, copied when the row is written.

    For indexes, which know one table only. ``source`` names the foreign key and the field, as
    ``"task.created_at"``. Whoever has the object at hand saves the query that looks it up. What
    changes there afterwards is copied by the database: see ``tasks.models.copying``.
    """

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if getattr(model_instance, self.attname) is None:
            moment = attrgetter(self.source)(model_instance)
            setattr(model_instance, self.attname, moment)
        return super().pre_save(model_instance, add)


class FoldingModel(models.Model):
    """A model whose copies of texts follow their sources, whichever fields are saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """As Django's; a source that is saved takes its copies along."""
        if update_fields is not None:
            update_fields = with_copies(type(self), frozenset(update_fields))
        super().save(*args, update_fields=update_fields, **kwargs)


@lru_cache(maxsize=1000)
def with_copies(model: type[models.Model], names: frozenset[str]) -> frozenset[str]:
    """These fields of a model, and the copies of those that have some."""
    copies = (one for one in model._meta.concrete_fields if isinstance(one, TextCopyField))
    return names | {copy.name for copy in copies if copy.source in names}
