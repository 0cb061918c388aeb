"""Why a rule is refused, finer than the errors of ``tasks.exceptions`` that these are."""

from django.utils.translation import gettext_noop

from tasks.exceptions import RuleNeverFires, RulePartRefused, RuleUnreadable


class RuleValueUnreadable(RuleUnreadable):
    """A part whose value RFC 5545 does not have."""

    template = gettext_noop("The {rule} has a value in {part} that RFC 5545 does not have.")

    def __init__(self, part: str) -> None:
        self.values = {**self.values, "part": part}
        super().__init__()


class RuleNumberOutOfRange(RuleValueUnreadable):
    """A number beyond what RFC 5545, or we, have; ``least`` below 0 counts from the end."""

    template = gettext_noop(
        "The {rule} has a number in {part} that is 0 or not between {least} and {most}."
    )

    def __init__(self, part: str, least: int, most: int) -> None:
        self.values = {"least": least, "most": most}
        super().__init__(part)


class RulePartRepeated(RuleValueUnreadable):
    template = gettext_noop("The {rule} has {part} more than once.")


class RuleNotAlone(RuleValueUnreadable):
    """A rule with other lines of a calendar, or another such line in its place."""

    template = gettext_noop(
        "The {rule} must be one rule alone: further lines, such as {part}, are not supported."
    )


class RulePartMisplaced(RulePartRefused):
    """A part that RFC 5545 does not have together with another."""

    template = gettext_noop("The {rule} has {part}, which can't be used with {other}.")

    def __init__(self, part: str, other: str) -> None:
        self.values = {"other": other}
        super().__init__(part)


class NumberedDayMisplaced(RulePartMisplaced):
    """A numbered weekday where RFC 5545 has weekdays without numbers only."""

    template = gettext_noop(
        "The {rule} has a number before a day in {part}, which can't be used with {other}."
    )


class NumberedDayOutOfMonth(RulePartRefused):
    """A numbered weekday that no month has."""

    template = gettext_noop(
        "The {rule} has a number in {part} that no month has: numbers of days go to {most}."
    )

    def __init__(self, part: str, most: int) -> None:
        self.values = {"most": most}
        super().__init__(part)


class SetPositionAlone(RulePartRefused):
    """``BYSETPOS`` without another part that makes a set."""

    template = gettext_noop("The {rule} has {part}, which needs another part such as BYDAY.")


class RuleIsOver(RuleNeverFires):
    """All dates of the rule are past, or it ends before its first."""

    template = gettext_noop("The {rule} has no date that is still to come before it ends.")
