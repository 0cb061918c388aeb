"""Texts in a CSV file, however a spreadsheet splits it: no formula, and the text comes back."""

import re
import subprocess
from shutil import which
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.admin.spreadsheets import _cell
from tasks.formulas import guard, unguard

SIGNS = "=+-@"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
TRAPS = st.text(
    st.sampled_from(list("=+-@;,|:\t\n\r '\"\u2019\xa0\u200b\uff1d1aA(!.)[")), max_size=14
)

UNCHANGED = [
    "",
    "plain",
    "-5",
    "-5 °C",
    "-5°C",
    "-5 degrees",
    "-3.5 %",
    "-10%",
    "-5 to -10 degrees",
    "+49 30 1234",
    "+49 (0)30 1234",
    "+1 (555) 123-4567",
    "\u22125 °C",
    "x = 5",
    "a-b, c-d",
    "Ask Ann, @ben and @cem; then e-mail",
    "List:\n- one\n- two, of three\n- [ ] three\n+49 30 1234",
    "| a | -1 |\n|---|---|",
    "https://example.com/?a=1&b=-2",
    "Range: -5 to +5 :-)",
]
CHANGED = {
    "=1+1": "'=1+1",
    "+1+1": "'+1+1",
    "-1+1": "'-1+1",
    "@home": "'@home",
    "-A1": "'-A1",
    "- buy milk": "'- buy milk",
    "-5-3": "'-5-3",
    "-1:5": "'-1:5",
    "+SUM(A1)": "'+SUM(A1)",
    "\uff1d1+1": "'\uff1d1+1",
    "\t1": "'\t1",
    "  =1": "  \u2019=1",
    "'=1": "'\u2019=1",
    "a;=1+1": "a;\u2019=1+1",
    "a;+1+1": "a;\u2019+1+1",
    "b\t=1+1": "b\t\u2019=1+1",
    "c,=1+1": "c,\u2019=1+1",
    "d|=1+1": "d|\u2019=1+1",
    "e =1+1": "e \u2019=1+1",
    "f\n=1+1": "f\n\u2019=1+1",
    'g;"=1+1': 'g;"\u2019=1+1',
    "h\n-1+1": "h\n\u2019-1+1",
    "i\n- see SUM(A1)": "i\n\u2019- see SUM(A1)",
    "j, -cmd|'/C calc'!A0": "j, \u2019-cmd|'/C calc'!A0",
    "k @SUM(1)": "k \u2019@SUM(1)",
}


@pytest.mark.parametrize("text", UNCHANGED)
def test_ordinary_text_is_not_changed(text):
    assert guard(text) == text
    assert unguard(text) == text


@pytest.mark.parametrize(("text", "guarded"), CHANGED.items())
def test_text_that_may_be_a_formula_has_an_apostrophe_before_it(text, guarded):
    assert guard(text) == guarded
    assert unguard(guarded) == text


@settings(max_examples=500)
@given(TEXTS | TRAPS)
@example("'\t=1")
@example("-1 a +2(3)")
def test_guarded_text_comes_back(text):
    assert unguard(guard(text)) == text
    assert unguard(guard(text, inner="'"), inner="'") == text


def cells_of(line, separator, quote):
    """The cells that a program may make of a line, as a plain reading of its rules."""
    cells, position = [], 0
    while position <= len(line):
        text, end = "", position
        if quote and line.startswith(quote, position):
            end += 1
            while end < len(line):
                if line.startswith(quote * 2, end):
                    text, end = text + quote, end + 2
                elif line[end] == quote:
                    end += 1
                    break
                else:
                    text, end = text + line[end], end + 1
        while end < len(line) and line[end] not in separator:
            text, end = text + line[end], end + 1
        cells.append(text)
        position = end + 1
    return cells


def is_formula(cell):
    """What could calculate something: an equals sign, or a sign with a call or a sum behind it."""
    cell = cell.lstrip()
    return bool(
        re.match(r"=\S", cell)
        or re.match(r"[+\-@][^\s;]*[\w.]\(", cell)
        or re.match(r"[+\-]\d+[+\-*/]\d", cell)
    )


@settings(max_examples=500)
@given(TRAPS, TRAPS)
@example("a;=1+1;", "b\t=1+1\t")
def test_no_reading_of_a_line_finds_a_formula(one, other):
    line = f"7,{_cell(one)},{_cell(other)},1"
    for separators in (",", ";", "\t", "|", ",;\t"):
        for quote in ('"', ""):
            # Where no quotes are known, a line break ends the line too.
            ends = r"[\r\n]" if quote == "" or "," not in separators else r"\Z"
            for part in re.split(ends, line):
                for cell in cells_of(part, separators, quote):
                    assert not is_formula(cell), (separators, quote, cell)


SEPARATORS = {
    "the defaults": "44/59/9,34",
    "commas": "44,34",
    "semicolons": "59,34",
    "tabs": "9,34",
    "blanks": "32,34",
    "bars": "124,34",
    "colons": "58,34",
    "semicolons, merged": "59/MRG,34",
    "all, merged": "44/59/9/32/MRG,34",
    "apostrophes for quotes": "44/59/9/32,39",
    "no quotes": "44/59/9,",
}
TO_OPEN = [
    *UNCHANGED,
    *CHANGED,
    "l,'=1+1',m",
    "n;'=1+1';o",
    "p\n'=1+1'\n",
    "q\r=1+1",
    "a => b",
    "a ===",
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The formulas and the texts of a file that LibreOffice has opened."""
    if which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed.")
    folder = tmp_path_factory.mktemp("office")

    def open_file(content, tokens):
        (folder / "file.csv").write_bytes(content)
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                f"--infilter=Text - txt - csv (StarCalc):{tokens}",
                "--convert-to",
                "fods",
                "--outdir",
                str(folder),
                str(folder / "file.csv"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        root = ElementTree.parse(folder / "file.fods").getroot()
        table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
        found = list(root.iter(f"{table}table-cell"))
        formulas = [cell.get(f"{table}formula") for cell in found]
        texts = ["\n".join("".join(line.itertext()) for line in cell) for cell in found]
        return [formula for formula in formulas if formula], texts

    return open_file


def test_libreoffice_finds_formulas_where_nothing_guards_them(opened):
    formulas, _ = opened(b"id,title\r\n1,=1+1\r\n2,a;=1+1\r\n", "44/59/9,34,76,1")
    assert len(formulas) == 2


@pytest.mark.slow
@pytest.mark.parametrize("tokens", SEPARATORS.values(), ids=SEPARATORS.keys())
def test_libreoffice_finds_no_formula_in_a_file(opened, tokens):
    lines = [f"{number},{_cell(text)},{_cell('end')}" for number, text in enumerate(TO_OPEN)]
    content = ("\ufeffid,title,end\r\n" + "\r\n".join(lines) + "\r\n").encode()
    for trim in ("false", "true"):
        formulas, texts = opened(content, f"{tokens},76,1,,0,false,true,false,false,{trim},0,true")
        assert formulas == []
        if tokens.startswith("44") and tokens.endswith(",34") and "MRG" not in tokens:
            assert {"-5 °C", "+49 30 1234", "'=1+1", "a;\u2019=1+1"} <= set(texts)
