"""What the command line says about a file beside its mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tasks.importing.cells import FORMATS, is_format
from tasks.importing.mapping import TaskMapping
from tasks.importing.problems import FileRefused
from tasks.models.imports import SOURCE_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a mapping leaves to each site. What is None, empty or False changes nothing."""

    project: str | None = None
    source: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    date_formats: Sequence[str] = ()
    ignore_unknown_people: bool = False
    ignore_renamed: bool = False

    def applied(self, mapping: TaskMapping) -> TaskMapping:
        """The mapping as the command line has it. Raises ``FileRefused``."""
        if self.source is not None and len(self.source) > SOURCE_LENGTH:
            raise FileRefused(f"A source has at most {SOURCE_LENGTH} characters.")
        if self.project is not None:
            mapping = mapping.without("project_id").with_value("project", self.project)
        for name, texts in (
            ("assigned", self.people),
            ("created_by", self.people),
            ("completed_by", self.people),
            ("status", self.statuses),
            ("priority", self.priorities),
        ):
            mapping = mapping.with_texts(name, texts)
        for form in self.date_formats:
            if not is_format(form):
                raise FileRefused(f"The date format {form!r} is {FORMATS}.")
        mapping = mapping.with_formats(self.date_formats)
        return replace(
            mapping,
            source=mapping.source if self.source is None else self.source,
            ignore_unknown_people=mapping.ignore_unknown_people or self.ignore_unknown_people,
            ignore_renamed=self.ignore_renamed,
        )
