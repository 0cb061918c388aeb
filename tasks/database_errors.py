"""What an error of the database means: an outage, another writer, or a rule that somebody set.

The drivers sort errors into classes that differ from database to database: a read-only server is
an ``InternalError`` of PostgreSQL and an ``OperationalError`` of MariaDB. So the codes decide:
SQLSTATE on PostgreSQL, error numbers on MariaDB and MySQL, extended result codes on SQLite.
"""

from __future__ import annotations

import enum
import errno
import re
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from django.db.models import UniqueConstraint

#: All our tables begin with this.
_OUR_TABLES = "taskdock_"

#: PostgreSQL: serialization failure, deadlock, lock timeout.
_COLLISION_STATES = frozenset({"40001", "40P01", "55P03"})
#: MariaDB: lock timeout, deadlock, row changed since the snapshot, table altered meanwhile.
_COLLISION_CODES = frozenset({1205, 1213, 1020, 1412})

#: Read-only server, idle or long transaction ended. Their drivers' classes are not operational.
_OUTAGE_STATES = frozenset({"25006", "25P03", "25P04"})
#: Connection, insufficient resources, operator intervention, system error.
_OUTAGE_CLASSES = ("08", "53", "57", "58")
#: "Trigger ... has an error in its body", under each number that servers give it.
_TRIGGER_CODES = frozenset({1064, 1710, 1711})
_TRIGGER_TEXT = "has an error in its body"
#: Below this, numbers are of the operating system's errors: a full disk, a lost file.
_FIRST_SERVER_CODE = 1000
#: SIGNAL of a trigger that gives no number of its own.
_SIGNAL_CODE = 1644

#: What a full, read-only or exhausted system answers to whoever writes or opens a file.
_OUTAGE_ERRNOS = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
    }
)


class Kind(enum.Enum):
    """Which kind of rule a write breaks."""

    #: A foreign key; SQLite does not say from which side.
    FOREIGN_KEY = enum.auto()
    #: A row is to go, or to change its key, that others refer to.
    REFERRED_TO = enum.auto()
    #: A row refers to one that does not exist.
    REFERENCE = enum.auto()
    UNIQUE = enum.auto()
    CHECK = enum.auto()
    NOT_NULL = enum.auto()
    #: A trigger, or other code in the database, raises an error with a text of its own.
    RAISED = enum.auto()
    UNKNOWN = enum.auto()


class Violation(NamedTuple):
    """A rule that a write breaks.

    ``name`` is the constraint's, or for want of one the column's; ``table`` is the table that has
    the rule, and for a foreign key the one that refers; ``text`` is what a trigger says. Each is
    empty where the database does not tell it.
    """

    kind: Kind
    name: str = ""
    table: str = ""
    text: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether the rule is one of our models', which validation has found kept just before.

        Another writer can have broken it since, so that another attempt can succeed.
        """
        match self.kind:
            case Kind.FOREIGN_KEY | Kind.REFERRED_TO | Kind.REFERENCE:
                return self.table.startswith(_OUR_TABLES)
            case Kind.UNIQUE:
                return self.name in _our_names() or _is_implied(self.name)
            case Kind.CHECK:
                return self.name in _our_names()
            case Kind.NOT_NULL:
                return self.name in _our_columns()
        return False

    @property
    def reason(self) -> str:
        """What can be said of the rule: the words of its author, or its name."""
        return self.text or self.name


def is_collision(error: BaseException) -> bool:
    """Whether the database ended a write, or had it wait too long, for another writer's sake."""
    if _state(error) in _COLLISION_STATES:
        return True
    return isinstance(error, OperationalError) and (
        _code(error) in _COLLISION_CODES or "database is locked" in str(error)
    )


def is_outage(error: BaseException) -> bool:
    """Whether the database, or the disk, can't do now what it could before and will again."""
    if isinstance(error, OSError):
        return error.errno in _OUTAGE_ERRNOS
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    state, code = _state(error), _code(error)
    if state in _OUTAGE_STATES or state.startswith(_OUTAGE_CLASSES):
        return not _is_raised(error)
    if is_broken_trigger(error) or is_collision(error):
        return True
    if isinstance(error, InternalError):
        return 0 < code < _FIRST_SERVER_CODE
    return isinstance(error, OperationalError | InterfaceError) and not _is_raised(error)


def is_broken_trigger(error: BaseException) -> bool:
    """Whether MariaDB takes the body of a sound trigger for broken.

    A server does so after a statement was killed while the trigger was loaded, for each write to
    its table, until somebody runs ``FLUSH TABLES``.
    """
    is_of_number = isinstance(error, DatabaseError) and _code(error) in _TRIGGER_CODES
    return is_of_number and _TRIGGER_TEXT in str(error)


def violation_of(error: BaseException) -> Violation | None:
    """The rule that a write has broken; None for any other error."""
    if not isinstance(error, DatabaseError) or is_collision(error) or is_outage(error):
        return None
    cause: Any = error.__cause__
    if hasattr(cause, "sqlite_errorname"):
        return _violation_on_sqlite(error, cause.sqlite_errorname)
    if _state(error):
        return _violation_on_postgresql(error, cause)
    if _code(error):
        return _violation_on_mysql(error)
    # Raised by code in Python, in words of its own.
    return Violation(Kind.UNKNOWN, text=str(error)) if isinstance(error, IntegrityError) else None


def _violation_on_postgresql(error: DatabaseError, cause: Any) -> Violation | None:
    state, diag = _state(error), cause.diag
    if _is_raised(error):
        return Violation(Kind.RAISED, text=diag.message_primary or "")
    name, table = diag.constraint_name or "", diag.table_name or ""
    match state:
        case "23503" | "23001":
            # In every language the message names the table referred to only if that loses a row.
            named = set(re.findall(rf"\b{_OUR_TABLES}\w+", diag.message_primary or ""))
            is_referred_to = bool(named - {name, table})
            kind = Kind.REFERRED_TO if is_referred_to else Kind.REFERENCE
            return Violation(kind, name, table)
        case "23505":
            return Violation(Kind.UNIQUE, name, table)
        case "23514":
            return Violation(Kind.CHECK, name, table)
        case "23502":
            return Violation(Kind.NOT_NULL, f"{table}.{diag.column_name}", table)
    return Violation(Kind.UNKNOWN, name, table) if isinstance(error, IntegrityError) else None


_MYSQL_TABLE = re.compile(r"\(`[^`]*`\.`([^`]+)`, CONSTRAINT `([^`]+)`")
_MYSQL_CHECK = re.compile(r"CONSTRAINT `([^`]+)` failed for `[^`]*`\.`([^`]+)`|'([^']+)'")
_MYSQL_QUOTED = re.compile(r"'([^']*)'")


def _violation_on_mysql(error: DatabaseError) -> Violation | None:
    code, text = _code(error), str(error.args[1]) if len(error.args) > 1 else ""
    match code:
        case 1451 | 1452 | 1216 | 1217:
            kind = Kind.REFERRED_TO if code in {1451, 1217} else Kind.REFERENCE
            found = _MYSQL_TABLE.search(text)
            return Violation(kind, found[2] if found else "", found[1] if found else "")
        case 1062 | 1586 | 1859:
            # MySQL puts the table in front of the name.
            return Violation(Kind.UNIQUE, (_MYSQL_QUOTED.findall(text) or [""])[-1].split(".")[-1])
        case 4025 | 3819:
            check = _MYSQL_CHECK.search(text)
            return Violation(Kind.CHECK, (check[1] or check[3]) if check else "")
        case 1048 | 1364:
            return Violation(Kind.NOT_NULL, (_MYSQL_QUOTED.findall(text) or [""])[0])
        case _ if code == _SIGNAL_CODE:
            return Violation(Kind.RAISED, text=text)
    return Violation(Kind.UNKNOWN) if isinstance(error, IntegrityError) else None


def _violation_on_sqlite(error: DatabaseError, name: str) -> Violation | None:
    _, _, what = str(error).partition(" constraint failed: ")
    match name:
        case "SQLITE_CONSTRAINT_FOREIGNKEY":
            return Violation(Kind.FOREIGN_KEY)
        case "SQLITE_CONSTRAINT_UNIQUE" | "SQLITE_CONSTRAINT_PRIMARYKEY":
            return Violation(Kind.UNIQUE, what, what.partition(".")[0])
        case "SQLITE_CONSTRAINT_CHECK":
            return Violation(Kind.CHECK, what)
        case "SQLITE_CONSTRAINT_NOTNULL":
            return Violation(Kind.NOT_NULL, what, what.partition(".")[0])
        case "SQLITE_CONSTRAINT_TRIGGER":
            return Violation(Kind.RAISED, text=str(error))
    return Violation(Kind.UNKNOWN) if isinstance(error, IntegrityError) else None


def _is_raised(error: BaseException) -> bool:
    """Whether code in the database raised the error on purpose: ``RAISE`` or ``SIGNAL``."""
    diag = getattr(error.__cause__, "diag", None)
    if diag is not None:
        return bool(diag.source_function == "exec_stmt_raise")
    return _code(error) == _SIGNAL_CODE


def _state(error: BaseException) -> str:
    """The SQLSTATE that PostgreSQL gave, through psycopg 3 or 2; empty elsewhere."""
    cause = error.__cause__
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")


def _code(error: BaseException) -> int:
    """The number that MariaDB or MySQL gave; 0 elsewhere."""
    code = error.args[0] if error.args else 0
    return code if isinstance(code, int) else 0


def _is_implied(name: str) -> bool:
    """Whether a unique index is one that Django or the database named: of a key or a column."""
    return name == "PRIMARY" or (
        name.startswith(_OUR_TABLES) and re.search(r"_(pkey|key|uniq|like)$", name) is not None
    )


@cache
def _our_names() -> frozenset[str]:
    """The names of our models' constraints; as SQLite names them, the columns of the unique."""
    names: set[str] = set()
    for model in _our_models():
        table, meta = model._meta.db_table, model._meta
        for field in meta.concrete_fields:
            if field.unique or field.primary_key:
                names.add(f"{table}.{field.column}")
        for constraint in meta.constraints:
            names.add(constraint.name)
            if isinstance(constraint, UniqueConstraint) and constraint.fields:
                columns = [meta.get_field(name).column for name in constraint.fields]
                names.add(", ".join(f"{table}.{column}" for column in columns))
                names.add(f"index '{constraint.name}'")
    return frozenset(names)


@cache
def _our_columns() -> frozenset[str]:
    """Every column of ours that may not be null, alone as MariaDB names it and with its table."""
    names: set[str] = set()
    for model in _our_models():
        for field in model._meta.concrete_fields:
            names |= {str(field.column), f"{model._meta.db_table}.{field.column}"}
    return frozenset(names)


def _our_models() -> list[Any]:
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.db_table.startswith(_OUR_TABLES)]
