"""Field types that our models share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


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


class CasefoldedField(models.CharField):  # type: ignore[type-arg]  # as above
    """A casefolded copy of another text field, made whenever the row is written through the model.

    Searching the copy is searching without regard to case beyond ASCII, which neither SQLite's
    LIKE nor every collation does.
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

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded: str = getattr(model_instance, self.source).casefold()
        setattr(model_instance, self.attname, folded)
        return folded


class FoldingModel(models.Model):
    """A model whose casefolded copies follow their sources, whichever fields are saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """As Django's; a source that is saved takes its folded copy along."""
        if update_fields is not None:
            saved = set(update_fields)
            copies = (field for field in self._meta.concrete_fields if _is_copy_of(field, saved))
            update_fields = saved | {field.name for field in copies}
        super().save(*args, update_fields=update_fields, **kwargs)


def _is_copy_of(field: Any, names: set[str]) -> bool:
    return isinstance(field, CasefoldedField) and field.source in names
