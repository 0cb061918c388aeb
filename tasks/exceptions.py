"""What a service may refuse, each error named for the fact.

The platform turns a ``NotFound`` into 404, a ``Refused`` into 409 and an ``Invalid`` into 422;
the admin shows any of them at the form. ``str(error)`` is a full English sentence, which the API
says everywhere; the sentences are marked for translation, for the admin.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

#: How many rows a sentence names.
_NAMED = 5


class TaskdockError(Exception):
    """Base of all that services raise; ``message`` is the sentence that callers see."""

    message = gettext_noop("The request was refused.")
    #: What a sentence is made of that tells of something: ``values`` are for its names in braces.
    template = ""
    values: Mapping[str, object] = {}

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        elif self.template:
            self.message = self.template.format_map(self.values)
        super().__init__(self.message)

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language, where ``translate`` knows it."""
        if self.template:
            return translate(self.template).format_map(self.values)
        return translate(self.message) if self.message else ""


class NotFound(TaskdockError):
    """The row does not exist, or the actor may not see it: the two look alike on purpose."""


class TaskNotFound(NotFound):
    message = gettext_noop("Task not found.")


class ProjectNotFound(NotFound):
    message = gettext_noop("Project not found.")


class MilestoneNotFound(NotFound):
    message = gettext_noop("Milestone not found.")


class ClientNotFound(NotFound):
    message = gettext_noop("Client not found.")


class ChecklistItemNotFound(NotFound):
    message = gettext_noop("Checklist not found.")


class RecurrenceNotFound(NotFound):
    message = gettext_noop("The task does not repeat.")


class AttachmentNotFound(NotFound):
    message = gettext_noop("File not found.")


class StatusNotFound(NotFound):
    message = gettext_noop("Status not found.")


class PriorityNotFound(NotFound):
    message = gettext_noop("Priority not found.")


class TeamMemberNotFound(NotFound):
    message = gettext_noop("Team member not found.")


class KeyNotFound(NotFound):
    message = gettext_noop("API key not found.")


class Unavailable(TaskdockError):
    """What the site runs on can't do now what it could before; the same may succeed later."""


class StorageUnavailable(Unavailable):
    """The storage takes or gives no file: it is full, read-only, out of reach."""

    message = gettext_noop("The storage of files is not available. Try again later.")


class Refused(TaskdockError):
    """The state of the data forbids what was asked."""


class MilestoneNotInProject(Refused):
    message = gettext_noop("The selected milestone does not belong to the project.")


class NoDefaultMilestone(Refused):
    message = gettext_noop("The project has no default milestone.")


class DefaultMilestoneKept(Refused):
    message = gettext_noop("The default milestone of a project can't be deleted.")


class MilestoneTitleTaken(Refused):
    message = gettext_noop("The project has a milestone of this title already.")


class StatusTitleTaken(Refused):
    message = gettext_noop("There is a status of this title already.")


class PriorityTitleTaken(Refused):
    message = gettext_noop("There is a priority of this title already.")


class NoDefaultStatus(Refused):
    message = gettext_noop("One status must be the default.")


class NoCompletedStatus(Refused):
    message = gettext_noop("One status must mean completed.")


class NoDefaultPriority(Refused):
    message = gettext_noop("One priority must be the default.")


class StillInUse(Refused):
    """A row that other rows refer to can't be deleted."""

    message = gettext_noop("It is still in use.")


class StatusInUse(StillInUse):
    message = gettext_noop("The status still has tasks.")


class PriorityInUse(StillInUse):
    message = gettext_noop("The priority still has tasks.")


class ClientInUse(StillInUse):
    message = gettext_noop("The client still has projects.")


class StillReferredTo(StillInUse):
    """Rows of the site's refer to what is to be deleted, and their foreign keys keep it.

    ``objects`` are those rows where Django has read them: of a foreign key with ``PROTECT`` or
    ``RESTRICT``. ``table`` is the name of their table where only the database knows of the key.
    """

    message = gettext_noop("Other records still refer to it.")
    #: The sentence for people who can be shown which.
    naming = gettext_noop("Other records still refer to it: {names}.")

    def __init__(self, objects: Iterable[Any] = (), *, table: str = "") -> None:
        self.objects, self.table = tuple(objects), table
        super().__init__()

    def translated(self, translate: Callable[[str], str]) -> str:
        named = [f"{one._meta.verbose_name} “{one}”" for one in self.objects[:_NAMED]]
        if not named and self.table:
            named = [self.table]
        if len(self.objects) > _NAMED:
            named.append("…")
        if not named:
            return translate(self.message)
        return translate(self.naming).format_map({"names": ", ".join(named)})


class DatabaseRefused(Refused):
    """A constraint or a trigger of the site's own in our tables forbids the write.

    ``reason`` is what the trigger says, or the constraint's name; it may be empty.
    """

    message = gettext_noop("A rule of the database forbids it.")

    def __init__(self, reason: str = "") -> None:
        self.values = {"reason": reason.rstrip(". ")}
        if reason:
            self.template = gettext_noop("A rule of the database forbids it: {reason}.")
        super().__init__()


class RefusedBySite(Refused):
    """A signal receiver of the site's raises ``ValidationError``; its sentence is the site's."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or None)


class TooManyFiles(Refused):
    template = gettext_noop("A task may not have more than {limit} files.")

    def __init__(self, limit: int) -> None:
        self.values = {"limit": limit}
        super().__init__()


class FileMissing(Refused):
    """The storage has lost a file of ours, or somebody took it from there."""

    template = gettext_noop("The file {name} is missing from the storage.")

    def __init__(self, name: str) -> None:
        self.values = {"name": name}
        super().__init__()


class PillowMissing(Refused):
    message = gettext_noop(
        "Cover images need the Python package Pillow, which this site does not have."
    )


class DependencyCycle(Refused):
    """A task would wait for itself; of ``path``, from it to it, each is to block the next."""

    template = gettext_noop("Tasks can't wait for each other: {path}.")

    def __init__(self, path: Sequence[str]) -> None:
        self.values = {"path": " → ".join(path)}
        super().__init__()


class TooManyDependencies(Refused):
    """More tasks hang together than are searched for a cycle."""

    message = gettext_noop(
        "Too many tasks wait for each other to see whether one would wait for itself."
    )


class NobodyActs(Refused):
    """What belongs to a person was asked for by code that acts for none."""

    message = gettext_noop("Only a person can have that.")


class Invalid(TaskdockError):
    """A value breaks a rule.

    ``field`` names the model's field. ``template`` names fields in braces, and every door fills in
    what it calls them: wire names in the API, labels in the admin. ``positions`` tells which items
    of an array it is about, counted from 0.
    """

    field = ""
    template = ""
    positions: Sequence[int] = ()

    def __init__(self) -> None:
        super().__init__(self.worded(lambda field: field.replace("_", " ")))

    def worded(
        self, name: Callable[[str], str], translate: Callable[[str], str] | None = None
    ) -> str:
        """The sentence, with each field called what ``name(field)`` returns."""
        template = self.template if translate is None else translate(self.template)
        return template.format_map(_Names(name, self.values))

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language; fields are called what the models call them."""
        return self.worded(lambda field: field.replace("_", " "), translate)


class _Names(dict[str, object]):
    def __init__(self, name: Callable[[str], str], values: Mapping[str, object]) -> None:
        super().__init__(values)
        self._name = name

    def __missing__(self, field: str) -> str:
        return self._name(field)


class DueBeforeStart(Invalid):
    field = "due_date"
    template = gettext_noop("The {due_date} must be a date after or equal to {start_date}.")


class ParentUnknown(Invalid):
    """What a checklist is to belong to does not exist."""

    field = "parent_id"
    template = gettext_noop("The selected {parent_id} is invalid.")


class ChecklistItemUnknown(Invalid):
    """An id names no item, one of another parent than the others do, or one named already."""

    field = "item_ids"
    template = gettext_noop("The selected {item_ids} is invalid.")

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = positions
        super().__init__()


class ProjectUnknown(Invalid):
    """What a milestone is to belong to does not exist."""

    field = "project"
    template = gettext_noop("The selected {project} is invalid.")


class MilestoneUnknown(Invalid):
    """An id names no milestone, one of another project than the others do, or one named already."""

    field = "milestone_ids"
    template = gettext_noop("The selected {milestone_ids} is invalid.")

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = positions
        super().__init__()


class ManagerNotInTeam(Invalid):
    """Somebody who may not manage a project."""

    field = "user_id"
    template = gettext_noop("The selected {user_id} is invalid.")


class FileTooLarge(Invalid):
    field = "file"
    template = gettext_noop("The {file} may not be larger than {limit}.")

    def __init__(self, limit: str) -> None:
        self.values = {"limit": limit}
        super().__init__()


class FileKindRefused(Invalid):
    """Its name has none of the extensions that the site takes."""

    field = "file"
    template = gettext_noop("The {file} must be of a kind that is taken here: {kinds}.")

    def __init__(self, extensions: Sequence[str]) -> None:
        self.values = {"kinds": ", ".join(extensions)}
        if not extensions:
            self.template = gettext_noop(
                "The {file} must be of a kind that is taken here: none at all."
            )
        super().__init__()


class NotAnImage(Invalid):
    field = "is_cover"
    template = gettext_noop("The {is_cover} must be an image: PNG, JPEG, GIF or WebP.")


class ImageTooLarge(Invalid):
    field = "is_cover"
    template = gettext_noop("The {is_cover} may not have more than {megapixels} megapixels.")

    def __init__(self, pixels: int) -> None:
        self.values = {"megapixels": pixels // 10**6}
        super().__init__()


class TitleMissing(Invalid):
    field = "title"
    template = gettext_noop("The {title} field is required.")


class TextMissing(TitleMissing):
    """A text that must show something is empty, or of white space and invisible characters."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__()

    def worded(
        self, name: Callable[[str], str], translate: Callable[[str], str] | None = None
    ) -> str:
        """The sentence, with the field called what ``name(field)`` returns."""
        return super().worded(lambda _: name(self.field), translate)


class TitleTooLong(Invalid):
    field = "title"
    template = gettext_noop("The {title} may not be greater than 255 characters.")


class UnstorableText(Invalid):
    """A text holds a NUL character or half of a surrogate pair."""

    template = gettext_noop("The {text} contains characters that can't be stored.")

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__()

    def worded(
        self, name: Callable[[str], str], translate: Callable[[str], str] | None = None
    ) -> str:
        """The sentence, with the field called what ``name(field)`` returns."""
        return super().worded(lambda _: name(self.field), translate)


class NotATeamMember(Invalid):
    """Somebody who may not be assigned."""

    field = "assigned"
    template = gettext_noop("The selected {assigned} is invalid.")

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = positions
        super().__init__()


class RuleUnreadable(Invalid):
    """A text that is no single rule by RFC 5545."""

    field = "rule"
    template = gettext_noop(
        "The {rule} must be one rule by RFC 5545 on one line, such as FREQ=WEEKLY;BYDAY=MO."
    )


class RulePartRefused(Invalid):
    """A part that is not supported."""

    field = "rule"
    template = gettext_noop("The {rule} has {part}, which is not supported.")

    def __init__(self, part: str) -> None:
        self.values = {**self.values, "part": part}
        super().__init__()


class RuleTooFrequent(Invalid):
    field = "rule"
    template = gettext_noop("The {rule} may not repeat more often than daily.")


class RuleWithTwoEnds(Invalid):
    field = "rule"
    template = gettext_noop("The {rule} may end after a number of times or on a day, not both.")


class RuleNeverFires(Invalid):
    """No day of the calendar fits the rule from its start on."""

    field = "rule"
    template = gettext_noop("The {rule} has no date: no day fits all of its parts.")


class StartOutOfRange(Invalid):
    field = "starts_on"
    template = gettext_noop("The {starts_on} must be between the years {first} and {last}.")

    def __init__(self, first: int, last: int) -> None:
        self.values = {"first": first, "last": last}
        super().__init__()


class DueOutOfRange(Invalid):
    field = "due_after_days"
    template = gettext_noop("The {due_after_days} must be between 0 and {most}.")

    def __init__(self, most: int) -> None:
        self.values = {"most": most}
        super().__init__()


class ZoneUnknown(Invalid):
    field = "zone"
    template = gettext_noop(
        "The {zone} must be a name of the IANA time zone database, such as Europe/Berlin."
    )
