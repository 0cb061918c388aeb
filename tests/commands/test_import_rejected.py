"""``taskdock_import --skip-bad``: what is written for re-import is read by the same mapping."""

import csv

import pytest
from django.core.management import CommandError

from tasks.models import Task, TaskStatus
from tests.commands.contents import whole_database

pytestmark = pytest.mark.django_db

FIELDS = '[fields]\ntitle = "Titel"\nproject = "Projekt"\ndue_date = "Fällig"\n'
TABLE = (
    "Nr;Titel;Projekt;Fällig\r\n1;Büro streichen;Website;morgen\r\n2;Café;Website;2026-12-24\r\n"
)
COMMAS = TABLE.replace(";", ",")
FILES = {
    "cp1252": (TABLE.encode("cp1252"), 'encoding = "cp1252"\ndelimiter = ";"\n'),
    "no delimiter named": (TABLE.encode("cp1252"), 'encoding = "cp1252"\n'),
    "mac": (TABLE.encode("mac_roman"), 'encoding = "mac_roman"\n'),
    "UTF-8, not named": (TABLE.encode(), ""),
    "UTF-8 with a mark": (TABLE.encode("utf-8-sig"), ""),
    "UTF-8 named": (TABLE.encode(), 'encoding = "utf-8"\n'),
    "UTF-8 named, with a mark": (TABLE.encode("utf-8-sig"), 'encoding = "utf-8"\n'),
    "UTF-16, not named": (TABLE.encode("utf-16"), ""),
    "UTF-16 named": (TABLE.encode("utf-16"), 'encoding = "utf-16"\n'),
    "UTF-16-LE without a mark": (TABLE.encode("utf-16-le"), 'encoding = "utf-16-le"\n'),
    "UTF-16-BE with a mark": (("\ufeff" + TABLE).encode("utf-16-be"), 'encoding = "utf-16-be"\n'),
    "tabs": (TABLE.replace(";", "\t").encode(), 'delimiter = "\\t"\n'),
    "a hint": (("sep=;\r\n" + TABLE).encode(), ""),
    "a hint after a mark": (("\ufeffsep=;\r\n" + TABLE).encode(), ""),
    "a hint before the mapping": (("sep=;\r\n" + TABLE).encode(), 'delimiter = ","\n'),
    "lines to skip": (f"Bericht\r\n\r\n{TABLE}".encode(), "skip_lines = 2\n"),
    "lines found": (f"Bericht\r\n\r\n{TABLE}".encode(), ""),
    "a hint and lines": (f"sep=;\r\nBericht\r\n{TABLE}".encode(), "skip_lines = 2\n"),
    "only some rows": (
        (TABLE + "x;Notiz;;\r\n").encode(),
        'delimiter = ";"\n[only]\nNr = ["1", "2"]\n',
    ),
    "not some rows": ((TABLE + "x;Notiz;;\r\n").encode(), "[skip]\nNr = 'x'\n"),
    "commas": (COMMAS.encode("latin-1"), 'encoding = "latin-1"\n'),
    "repeated columns": (TABLE.replace("Nr;", "Titel 2;").encode(), ""),
}


@pytest.mark.parametrize(("content", "options"), FILES.values(), ids=FILES.keys())
def test_rejected_rows_are_read_by_the_mapping_that_made_them(
    run, project, tmp_path, content, options
):
    mapping = options + FIELDS
    assert "1 tasks imported from 2 rows." in run(content, "--skip-bad", mapping=mapping)
    rejected = tmp_path / "tasks.csv.rejected.csv"
    written = rejected.read_bytes()
    for name in ("utf-16-le", "utf-16-be", "latin-1"):
        old, new = "morgen".encode(name), "2026-12-01".encode(name)
        if old in written:
            written = written.replace(old, new, 1)
            break
    told = run(written, "--skip-bad", mapping=mapping, name="mended.csv")
    assert "1 tasks imported from 1 rows." in told
    titles = Task.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["Café", "Büro streichen"]


def test_rejected_rows_that_are_rejected_again_keep_their_columns(run, project, tmp_path):
    text = "title,project,due_date\nA,Website,soon\nB,Website,\n"
    run(text, "--skip-bad")
    again = (tmp_path / "tasks.csv.rejected.csv").read_bytes()
    with pytest.raises(CommandError, match="1 problems in 1 of 1 rows"):
        run(again, name="again.csv")
    run(again + b"C,Website,,,\r\n", "--skip-bad", name="again.csv")
    third = (tmp_path / "again.csv.rejected.csv").read_text("utf-8-sig")
    assert third.splitlines()[0] == "title,project,due_date,import_line,import_problems"
    (row,) = csv.DictReader(third.splitlines())
    assert (row["title"], row["due_date"], row["import_line"]) == ("A", "soon", "2")


ODD_ROWS = {
    "short": ("A", ["A", "", "", "2"]),
    "empty cells beyond": ("A,,,,,", ["A", "", "", "2"]),
    "cells beyond": ("A,Website,,x", ["A", "Website", "", "x", "2"]),
    "a quote inside": ('"A"b,Website,', ["Ab", "Website", "", "2"]),
}


@pytest.mark.parametrize(("row", "cells"), ODD_ROWS.values(), ids=ODD_ROWS.keys())
def test_rejected_row_of_another_length_keeps_all_its_cells(run, project, tmp_path, row, cells):
    run(f"title,project,due_date\n{row}\nB,Website,\n", "--skip-bad")
    lines = (tmp_path / "tasks.csv.rejected.csv").read_text("utf-8-sig").splitlines()
    assert next(csv.reader(lines[1:]))[:-1] == cells


def test_problem_that_the_encoding_lacks_is_written_all_the_same(run, project, tmp_path):
    TaskStatus.objects.create(title="未着手", position=9)
    text = "title,project,status\nÄ,Website,Nope\nB,Website,\n"
    run(text.encode("cp1252"), "--skip-bad", "--encoding", "cp1252")
    assert "Ä,Website,Nope" in (tmp_path / "tasks.csv.rejected.csv").read_text("cp1252")


@pytest.mark.parametrize(
    ("rest", "message"),
    [(b'"open,Website\nC,Website\n', "A quote is opened here"), (b"Pr\xfcfen,Website\n", "Line 3")],
)
def test_rows_are_not_lost_after_what_cannot_be_read(run, project, tmp_path, rest, message):
    before = whole_database()
    with pytest.raises(CommandError, match=message):
        run(b"title,project\nA,Website\n" + rest, "--skip-bad")
    assert whole_database() == before
    assert not list(tmp_path.glob("*.rejected.csv*"))
