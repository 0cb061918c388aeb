"""``taskdock_import``: encodings, byte order marks, and files that are no CSV."""

import codecs

import pytest
from django.core.management import CommandError

from tasks.models import Task
from tests.commands.contents import whole_database

pytestmark = pytest.mark.django_db

MAPPING = '[fields]\ntitle = "Title"\nproject = "Project"\n'
MARKED = {
    "utf-8": ("utf-8", codecs.BOM_UTF8),
    "utf-8-sig": ("utf-8", codecs.BOM_UTF8),
    "UTF8": ("utf-8", codecs.BOM_UTF8),
    "utf-16": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16LE": ("utf-16-le", codecs.BOM_UTF16_LE),
    "utf-16-le": ("utf-16-le", codecs.BOM_UTF16_LE),
    "utf-16-be": ("utf-16-be", codecs.BOM_UTF16_BE),
    "utf-32": ("utf-32-be", codecs.BOM_UTF32_BE),
    "utf-32-le": ("utf-32-le", codecs.BOM_UTF32_LE),
}


def encoded(text, name):
    encoding, mark = MARKED[name]
    return mark + text.encode(encoding)


@pytest.mark.parametrize("where", ["command line", "mapping", "nowhere"])
@pytest.mark.parametrize("name", MARKED)
def test_mark_is_no_part_of_a_name_wherever_the_encoding_is_named(run, project, name, where):
    content = encoded("Title;Project\r\nPrüfen;Website\r\n", name)
    if where == "mapping":
        run(content, mapping=f'encoding = "{name}"\n{MAPPING}')
    elif where == "command line":
        run(content, "--encoding", name, mapping=MAPPING)
    else:
        run(content, mapping=MAPPING)
    assert Task.objects.get().title == "Prüfen"


@pytest.mark.parametrize("name", MARKED)
def test_written_mapping_has_no_mark(run, project, tmp_path, name):
    target = tmp_path / "starter.toml"
    content = encoded("Task Name;Project\r\nA;Website\r\n", name)
    run(content, "--encoding", name, "--write-mapping", str(target))
    text = target.read_text(encoding="utf-8")
    assert 'title = "Task Name"' in text
    assert "\ufeff" not in text
    assert "ufeff" not in text
    run(content, mapping=text)
    assert Task.objects.get().title == "A"


ODD_MARKS = {
    "twice": "\ufeff\ufeffTitle,Project\nA,Website\n",
    "before quotes": '\ufeff"Title","Project"\nA,Website\n',
    "behind a hint": "sep=,\n\ufeffTitle,Project\nA,Website\n",
    "behind a preamble": "Report\n\ufeffTitle,Project\nA,Website\n",
    "as three letters": "\u00ef\u00bb\u00bfTitle,Project\nA,Website\n",
    "within the header": "Project,\ufeffTitle\nWebsite,A\n",
}


@pytest.mark.parametrize("text", ODD_MARKS.values(), ids=ODD_MARKS.keys())
def test_mark_in_an_odd_place_is_no_part_of_a_name(run, project, text):
    run(text.encode(), mapping=f'encoding = "utf-8"\n{MAPPING}')
    run(text.encode(), "--again", mapping=MAPPING)
    assert Task.objects.filter(title="A").count() == 2


PLAIN = b"title,project\r\nA,BC\r\n"
LATIN = "title,project\nA,Website\nPrüfen,Website\n".encode("latin-1")
UNFIT = {
    "no mark of UTF-16": (PLAIN, "utf-16", "does not begin with the byte order mark of utf-16"),
    "no mark of UTF-32": (PLAIN, "utf-32", "does not begin with the byte order mark of utf-32"),
    "no UTF-16": (PLAIN, "utf-16-le", "The file is not utf-16-le"),
    "no UTF-16, an odd byte": (PLAIN + b"\n", "utf-16-be", "The file is not utf-16-be"),
    "no UTF-32": (PLAIN, "utf-32-le", "The file is not utf-32-le"),
    "unknown": (PLAIN, "utf-9", "There is no encoding 'utf-9'"),
    "nothing": (PLAIN, "", "There is no encoding ''"),
    "not of text": (PLAIN, "base64", "There is no encoding 'base64'"),
    "not of files": (PLAIN, "idna", "There is no encoding 'idna'"),
    "fails always": (PLAIN, "undefined", "There is no encoding 'undefined'"),
    "latin-1 as UTF-8": (LATIN, "utf-8", "Line 3 is not utf-8: the byte 0xfc"),
    "latin-1 as ASCII": (LATIN, "ascii", "Line 3 is not ascii: the byte 0xfc"),
    "half a character": (
        codecs.BOM_UTF16_LE + "title,project\nA,Website\n".encode("utf-16-le") + b"B",
        "utf-16",
        "is not utf-16",
    ),
    "another mark": (codecs.BOM_UTF8 + PLAIN, "cp1252", "byte order mark of utf-8"),
    "the other order": (encoded("title,project\n", "utf-16-le"), "utf-16-be", "of utf-16-le"),
}


@pytest.mark.parametrize("mode", ["import", "dry run", "skip bad", "mapping", "write mapping"])
@pytest.mark.parametrize("unfit", UNFIT.values(), ids=UNFIT.keys())
def test_encoding_that_does_not_fit_is_one_sentence_and_nothing_is_written(
    run, project, tmp_path, unfit, mode
):
    content, name, message = unfit
    before = whole_database()
    target = tmp_path / "starter.toml"
    arguments, mapping = ("--encoding", name), None
    if mode == "mapping":
        mapping = f'encoding = "{name}"\n[fields]\ntitle = "title"\nproject = "project"\n'
        arguments = ()
    elif mode != "import":
        chosen = {
            "dry run": ("--dry-run",),
            "skip bad": ("--skip-bad",),
            "write mapping": ("--write-mapping", str(target)),
        }
        arguments += chosen[mode]
    with pytest.raises(CommandError) as caught:
        run(content, *arguments, mapping=mapping)
    assert caught.value.returncode == 1
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert whole_database() == before
    assert not target.exists()
    assert not list(tmp_path.glob("*.rejected.csv*"))


def test_utf_16_without_a_mark_is_suggested(run, project):
    content = "title,project\nA,Website\n".encode("utf-16-le")
    with pytest.raises(CommandError, match="--encoding utf-16-le"):
        run(content)
    run(content, "--encoding", "utf-16-le")
    assert Task.objects.count() == 1


@pytest.mark.parametrize("name", ["cp1252", "cp437", "mac_roman", "cp037", "utf-7"])
def test_encodings_without_marks_are_read(run, project, name):
    run("title,project\nPrüfen,Website\n".encode(name), "--encoding", name)
    assert Task.objects.get().title == "Prüfen"


OTHER_KINDS = {
    "xlsx": (b"PK\x03\x04....", "a ZIP file, as workbooks"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "an old Office file"),
    "gzip": (b"\x1f\x8b\x08....", "a gzip file"),
    "PDF": (b"%PDF-1.7\n", "a PDF"),
    "JSON": (b'{"name": "Board", "cards": []}', "JSON"),
    "a list in JSON": (b'\n[{"title": "A"}]', "JSON"),
    "marked JSON": (codecs.BOM_UTF8 + b"[]", "JSON"),
    "XML": (b'<?xml version="1.0"?><Workbook/>', "XML or HTML"),
    "HTML": (b"<!DOCTYPE html><table>", "XML or HTML"),
}


@pytest.mark.parametrize("mode", [(), ("--dry-run",), ("--encoding", "cp1252"), ("--skip-bad",)])
@pytest.mark.parametrize(("content", "message"), OTHER_KINDS.values(), ids=OTHER_KINDS.keys())
def test_file_of_another_kind_is_named(run, project, content, message, mode):
    with pytest.raises(CommandError, match=f"The file is no CSV but {message}"):
        run(content, *mode)
