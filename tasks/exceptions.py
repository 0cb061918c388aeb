"""What a service may refuse, each error named for the fact.

The platform turns a ``NotFound`` into 404, a ``Refused`` into 409 and an ``Invalid`` into 422;
the admin shows any of them at the form. ``str(error)`` is a full English sentence.
"""

from collections.abc import Callable, Sequence


class TaskdockError(Exception):
    """Base of all that services raise; ``message`` is the sentence that callers see."""

    message = "The request was refused."

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)


class NotFound(TaskdockError):
    """The row does not exist, or the actor may not see it: the two look alike on purpose."""


class TaskNotFound(NotFound):
    message = "Task not found."


class ProjectNotFound(NotFound):
    message = "Project not found."


class MilestoneNotFound(NotFound):
    message = "Milestone not found."


class ClientNotFound(NotFound):
    message = "Client not found."


class ChecklistItemNotFound(NotFound):
    message = "Checklist not found."


class AttachmentNotFound(NotFound):
    message = "File not found."


class StatusNotFound(NotFound):
    message = "Status not found."


class PriorityNotFound(NotFound):
    message = "Priority not found."


class TeamMemberNotFound(NotFound):
    message = "Team member not found."


class KeyNotFound(NotFound):
    message = "API key not found."


class Refused(TaskdockError):
    """The state of the data forbids what was asked."""


class MilestoneNotInProject(Refused):
    message = "The selected milestone does not belong to the project."


class NoDefaultMilestone(Refused):
    message = "The project has no default milestone."


class DefaultMilestoneKept(Refused):
    message = "The default milestone of a project can't be deleted."


class MilestoneTitleTaken(Refused):
    message = "The project has a milestone of this title already."


class NoDefaultStatus(Refused):
    message = "One status must be the default."


class NoCompletedStatus(Refused):
    message = "One status must mean completed."


class NoDefaultPriority(Refused):
    message = "One priority must be the default."


class StillInUse(Refused):
    """A row that other rows refer to can't be deleted."""

    message = "It is still in use."


class TooManyFiles(Refused):
    def __init__(self, limit: int) -> None:
        super().__init__(f"A task may not have more than {limit} files.")


class FileMissing(Refused):
    """The storage has lost a file of ours, or somebody took it from there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The file {name} is missing from the storage.")


class PillowMissing(Refused):
    message = "Cover images need the Python package Pillow, which this site does not have."


class DependencyCycle(Refused):
    """A task would wait for itself; of ``path``, from it to it, each is to block the next."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(f"Tasks can't wait for each other: {' → '.join(path)}.")


class TooManyDependencies(Refused):
    """More tasks hang together than are searched for a cycle."""

    message = "Too many tasks wait for each other to see whether one would wait for itself."


class NobodyActs(Refused):
    """What belongs to a person was asked for by code that acts for none."""

    message = "Only a person can have that."


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

    def worded(self, name: Callable[[str], str]) -> str:
        """The sentence, with each field called what ``name(field)`` returns."""
        return self.template.format_map(_Names(name))


class _Names(dict[str, str]):
    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name

    def __missing__(self, field: str) -> str:
        return self._name(field)


class DueBeforeStart(Invalid):
    field = "due_date"
    template = "The {due_date} must be a date after or equal to {start_date}."


class ParentUnknown(Invalid):
    """What a checklist is to belong to does not exist."""

    field = "parent_id"
    template = "The selected {parent_id} is invalid."


class ChecklistItemUnknown(Invalid):
    """An id names no item, one of another parent than the others do, or one named already."""

    field = "item_ids"
    template = "The selected {item_ids} is invalid."

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = positions
        super().__init__()


class ProjectUnknown(Invalid):
    """What a milestone is to belong to does not exist."""

    field = "project"
    template = "The selected {project} is invalid."


class MilestoneUnknown(Invalid):
    """An id names no milestone, one of another project than the others do, or one named already."""

    field = "milestone_ids"
    template = "The selected {milestone_ids} is invalid."

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = positions
        super().__init__()


class ManagerNotInTeam(Invalid):
    """Somebody who may not manage a project."""

    field = "user_id"
    template = "The selected {user_id} is invalid."


class FileTooLarge(Invalid):
    field = "file"

    def __init__(self, limit: str) -> None:
        self.template = f"The {{file}} may not be larger than {limit}."
        super().__init__()


class FileKindRefused(Invalid):
    """Its name has none of the extensions that the site takes."""

    field = "file"

    def __init__(self, extensions: Sequence[str]) -> None:
        kinds = ", ".join(extensions) or "none at all"
        self.template = f"The {{file}} must be of a kind that is taken here: {kinds}."
        super().__init__()


class NotAnImage(Invalid):
    field = "is_cover"
    template = "The {is_cover} must be an image: PNG, JPEG, GIF or WebP."


class ImageTooLarge(Invalid):
    field = "is_cover"

    def __init__(self, pixels: int) -> None:
        self.template = f"The {{is_cover}} may not have more than {pixels // 10**6} megapixels."
        super().__init__()


class TitleMissing(Invalid):
    field = "title"
    template = "The {title} field is required."


class TitleTooLong(Invalid):
    field = "title"
    template = "The {title} may not be greater than 255 characters."


class UnstorableText(Invalid):
    """A text holds a NUL character or half of a surrogate pair."""

    def __init__(self, field: str) -> None:
        self.field = field
        self.template = f"The {{{field}}} contains characters that can't be stored."
        super().__init__()


class NotATeamMember(Invalid):
    """Somebody who may not be assigned."""

    field = "assigned"
    template = "The selected {assigned} is invalid."

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = positions
        super().__init__()
