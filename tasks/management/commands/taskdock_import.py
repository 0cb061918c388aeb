"""``taskdock_import``: tasks from a file of comma-separated values."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from tasks.actors import Actor, Door
from tasks.exceptions import TaskdockError
from tasks.importing.files import STANDARD_INPUT, Snapshot, snapshot
from tasks.importing.mapping import TaskMapping
from tasks.importing.mapping_file import dumped, preset, preset_names, read_mapping
from tasks.importing.overrides import Overrides
from tasks.importing.rejected import Rejected, rejected
from tasks.importing.row import Creating, Row
from tasks.importing.run import Checked, Import, first_titles, with_header
from tasks.importing.starter import guessed_mapping, is_header, source_name, starter
from tasks.management.users import first_administrator, user_called
from tasks.models import TaskImport
from tasks.services.imports import source_of

#: How many problems a real run names; a dry run names all.
SHOWN = 20
#: What shells call a program that Ctrl-C has ended.
INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Imports tasks from a CSV file, by the rules of the API and into the history. The whole "
        "file is checked first; while anything is wrong with it, nothing is written. An import "
        "that was stopped goes on where it was, by the same command."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help='A CSV file, or "-" for standard input.')
        parser.add_argument(
            "--mapping",
            metavar="TOML",
            help="Which column is which field (default: the columns that are called as ours are).",
        )
        parser.add_argument(
            "--from",
            dest="preset",
            metavar="PROGRAM",
            help="The file is an export of this program, read by its mapping unless --mapping "
            f"gives another: {', '.join(preset_names())}.",
        )
        parser.add_argument(
            "--write-mapping",
            metavar="TOML",
            help="Write a mapping to begin with, made of the file's header or, with --from, of "
            "that program's mapping, and do no more.",
        )
        parser.add_argument(
            "--project", metavar="TITLE", help="The project of all rows, in place of a column."
        )
        for name, what in (
            ("person", "a person's name in the file stands for this one here"),
            ("status", "a status of the file stands for this one"),
            ("priority", "a priority of the file stands for this one"),
        ):
            parser.add_argument(
                f"--{name}",
                action="append",
                default=[],
                metavar="TEXT=MEANING",
                help=f"Say that {what}. May be repeated.",
            )
        parser.add_argument(
            "--date-format",
            action="append",
            default=[],
            metavar="FORMAT",
            help="How dates of the file may be written too, as strptime has it: %%d/%%m/%%Y. May "
            "be repeated.",
        )
        parser.add_argument(
            "--ignore-unknown-people",
            action="store_true",
            help="Leave out people that are not here, in place of a problem.",
        )
        parser.add_argument(
            "--source",
            metavar="NAME",
            help="Whose keys they are: keys of different sources are different tasks.",
        )
        parser.add_argument(
            "--ignore-renamed",
            action="store_true",
            help="Leave a task that was imported before as it is, also if the file has another "
            "title for its key.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="List all that is wrong; write nothing."
        )
        parser.add_argument(
            "--user",
            metavar="WHO",
            help="Who imports, by username or what this site's users sign in with instead "
            "(default: the first active superuser). What they may not see is not there.",
        )
        for kind in ("projects", "clients", "milestones"):
            parser.add_argument(
                f"--create-{kind}", action="store_true", help=f"Make {kind} that are missing."
            )
        parser.add_argument(
            "--skip-bad", action="store_true", help="Import the rows that nothing is wrong with."
        )
        parser.add_argument(
            "--rejected",
            metavar="CSV",
            help="Where --skip-bad writes the others (default: FILE.rejected.csv).",
        )
        parser.add_argument(
            "--again", action="store_true", help="Import all rows, whatever was imported before."
        )
        parser.add_argument("--encoding", help="The file's encoding (default: UTF-8).")
        parser.add_argument("--delimiter", help="What stands between cells (default: a guess).")

    def handle(self, *args: Any, file: str, delimiter: str | None, **options: Any) -> None:
        delimiter = "\t" if delimiter in {"tab", "\\t"} else delimiter
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise CommandError("--delimiter must be one character, or tab.")
        try:
            with snapshot(file, program=options["preset"]) as copy:
                if options["write_mapping"] is not None:
                    self._write_mapping(copy, delimiter, options)
                else:
                    self._import(self._asked(copy, delimiter, options), file, options)
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was written.", returncode=INTERRUPTED) from None
        except (DatabaseError, TaskdockError) as error:
            raise CommandError(str(error)) from error

    def _asked(self, copy: Snapshot, delimiter: str | None, options: dict[str, Any]) -> Import:
        who = options["user"]
        user = first_administrator("an import could act as") if who is None else user_called(who)
        return Import.of(
            actor=Actor(user=user, door=Door.COMMAND),
            file=copy,
            mapping=self._mapping(options),
            overrides=_overrides(options),
            creating=Creating(
                projects=options["create_projects"],
                clients=options["create_clients"],
                milestones=options["create_milestones"],
            ),
            encoding=options["encoding"],
            delimiter=delimiter,
        )

    def _mapping(self, options: dict[str, Any]) -> TaskMapping | None:
        path, program = options["mapping"], options["preset"]
        if path is not None:
            return read_mapping(path)
        return None if program is None else preset(program)

    def _write_mapping(
        self, copy: Snapshot, delimiter: str | None, options: dict[str, Any]
    ) -> None:
        path = Path(options["write_mapping"])
        given, told = self._mapping(options), ""
        overrides = _overrides(options)
        mapping, layout, header = with_header(
            copy,
            None if given is None else overrides.applied(given),
            encoding=options["encoding"],
            delimiter=delimiter,
            is_header=is_header if given is None else None,
        )
        copy.check_decodable(layout.encoding)
        if given is None and not mapping.taskdock_export:
            guessed = guessed_mapping(header)
            source = overrides.source
            if source is None:
                source = source_of(first_titles(copy, layout, guessed, header))
            if source is None:
                source = source_name(copy.name, copy.digest)
            elif overrides.source is None:
                told = f"Tasks of this file were imported before, from the source {source!r}. "
            text = starter(
                header,
                delimiter=layout.delimiter,
                encoding=layout.encoding,
                skip_lines=layout.header_line - 1,
                source=source,
            )
        else:
            mapping.check(header)
            text = dumped(mapping.of_columns(header))
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror}.") from error
        self.stdout.write(
            f"{told}{path} is written. Look through it, then import with --mapping {path}"
        )

    def _import(self, asked: Import, path: str, options: dict[str, Any]) -> None:
        if asked.left_out:
            self.stdout.write(f"Not imported: the columns {', '.join(asked.left_out)}.")
        if options["dry_run"]:
            self._dry_run(asked)
            return
        standing = asked.standing(again=options["again"])
        if standing.finished_at is not None:
            self.stdout.write(
                f"This file is imported already: {standing.tasks_added} tasks of "
                f"{standing.rows_done} rows. Nothing was written."
            )
            return
        if standing.rows_done:
            self.stdout.write(f"Going on after {standing.rows_done} rows that are done.")
        checked = self._check(asked, standing, path, options)
        self._write(asked, standing, checked)

    def _dry_run(self, asked: Import) -> None:
        def tell(row: Row) -> None:
            for problem in row.problems:
                self.stdout.write(str(problem))

        with self._bar(asked.file.size, "B", "Checking") as bar:
            checked = asked.check(found=tell, progress=_to(bar))
        self._refuse_nothing(checked)
        if checked.problems:
            raise CommandError(f"{_problems(checked)} Nothing was written.")
        self.stdout.write(
            f"{checked.rows} rows, nothing wrong. {_known(checked)}{_left_out(checked)}"
            "Nothing was written."
        )

    def _check(
        self, asked: Import, standing: TaskImport, path: str, options: dict[str, Any]
    ) -> Checked:
        skips, shown = options["skip_bad"], 0
        default = "rejected.csv" if path == STANDARD_INPUT else f"{path}.rejected.csv"
        target = options["rejected"] or default
        keeping = (
            rejected(
                target,
                asked.header,
                layout=asked.layout,
                preamble=asked.file.preamble(asked.layout),
            )
            if skips
            else nullcontext()
        )
        with keeping as others, self._bar(asked.file.size, "B", "Checking") as bar:

            def tell(row: Row) -> None:
                nonlocal shown
                for problem in row.problems:
                    shown += 1
                    if shown <= SHOWN:
                        self.stderr.write(str(problem))
                if others is not None:
                    others.add(row)

            checked = asked.check(found=tell, skip=standing.rows_done, progress=_to(bar))
            if others is not None:
                _finish(others, checked, standing)
        self._refuse_nothing(checked)
        if checked.problems:
            if shown > SHOWN:
                self.stderr.write(f"and {shown - SHOWN} more: --dry-run lists all.")
            if not skips:
                raise CommandError(f"{_problems(checked)} Nothing was written.")
            self.stdout.write(f"{_problems(checked)} These rows are in {target}.")
        elif others is not None and not others.kept:
            Path(target).unlink(missing_ok=True)
        return checked

    def _write(self, asked: Import, standing: TaskImport, checked: Checked) -> None:
        try:
            with self._bar(checked.rows, " rows", "Importing") as bar:
                bar.update(standing.rows_done)
                asked.write(standing=standing, checked=checked, progress=bar.update)
        except KeyboardInterrupt:
            told = f"Stopped. {_standing(standing, checked)}"
            raise CommandError(told, returncode=INTERRUPTED) from None
        except (DatabaseError, TaskdockError) as error:
            raise CommandError(f"{error}\n{_standing(standing, checked)}") from error
        told = f"{standing.tasks_added} tasks imported from {checked.rows} rows. {_known(checked)}"
        told += _left_out(checked)
        self.stdout.write(told.rstrip())

    def _refuse_nothing(self, checked: Checked) -> None:
        if not checked.rows:
            raise CommandError(f"The file has a header and no rows. {_left_out(checked)}".rstrip())

    @contextmanager
    def _bar(self, total: int, unit: str, label: str) -> Iterator[Any]:
        # disable=None: no bar where nobody watches.
        with tqdm(
            total=total,
            unit=unit,
            unit_scale=True,
            desc=label,
            file=sys.stderr,
            disable=None,
            leave=False,
        ) as bar:
            yield bar


def _finish(others: Rejected, checked: Checked, standing: TaskImport) -> None:
    if checked.unreadable is not None:
        raise CommandError(
            f"{checked.unreadable} --skip-bad can't leave out what could not be read. Nothing was "
            "written."
        )
    if standing.rows_done:
        others.keep(before=checked.first_line)


def _overrides(options: dict[str, Any]) -> Overrides:
    return Overrides(
        project=options["project"],
        source=options["source"],
        people=_pairs("person", options),
        statuses=_pairs("status", options),
        priorities=_pairs("priority", options),
        date_formats=tuple(options["date_format"]),
        ignore_unknown_people=options["ignore_unknown_people"],
        ignore_renamed=options["ignore_renamed"],
    )


def _pairs(name: str, options: dict[str, Any]) -> dict[str, str]:
    pairs = {}
    for given in options[name]:
        text, sign, meaning = given.partition("=")
        if not sign or not text.strip():
            raise CommandError(f'--{name} must be as "text in the file=meaning here".')
        pairs[text.strip()] = meaning.strip()
    return pairs


def _left_out(checked: Checked) -> str:
    told = f"{checked.left_out} rows are left out by the mapping. " if checked.left_out else ""
    if checked.ignored_people:
        people = ", ".join(sorted(checked.ignored_people))
        told += f"People who are not here were left out: {people}. "
    if checked.ignored_dates:
        dates = [f"{text!r} (line {line})" for text, line in checked.ignored_dates.items()]
        more = f" and {len(dates) - SHOWN} more" if len(dates) > SHOWN else ""
        told += f"Dates that could not be taken: {', '.join(dates[:SHOWN])}{more}. "
    return told


def _to(bar: Any) -> Any:
    """Moves a bar to a place."""
    return lambda place: bar.update(place - bar.n)


def _problems(checked: Checked) -> str:
    rows = len(checked.bad)
    return f"{checked.problems} problems in {rows} of {checked.rows} rows."


def _known(checked: Checked) -> str:
    told = f"{checked.known} were imported before, by their key. " if checked.known else ""
    return f"{told}{checked.here} are tasks of this site already. " if checked.here else told


def _standing(standing: TaskImport, checked: Checked) -> str:
    done = f"{standing.rows_done} of {checked.rows} rows are done."
    return f"{done} The same command goes on from there."
