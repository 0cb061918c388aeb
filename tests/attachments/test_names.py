import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.files import PREFIX, clean_content_type, clean_name, readable_size, stored_name

LONG = "x" * 300


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a/b", "b"),
        ("a/b/", "file"),
        (r"C:\Users\jo\plan.docx", "plan.docx"),
        (r"..\..\boot.ini", "boot.ini"),
        ("a\x00b.txt", "ab.txt"),
        ("two\r\nlines: here.txt", "twolines: here.txt"),
        ("line\u2028end.txt", "lineend.txt"),
        ("half\ud800.txt", "half.txt"),
        ("😀.png", "😀.png"),
        ("👩\u200d💻.png", "👩\u200d💻.png"),
        ("Übersicht 日本.txt", "Übersicht 日本.txt"),
        ('say "hi".txt', 'say "hi".txt'),
        (LONG, LONG[:254]),
        (LONG + ".pdf", LONG[:250] + ".pdf"),
        ("x." + LONG, ("x." + LONG)[:254]),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        (" ", "file"),
        ("\x00", "file"),
        ("/", "file"),
        (".gitignore", ".gitignore"),
        ("  spaced out.txt  ", "spaced out.txt"),
        ("trailing.exe. . ", "trailing.exe"),
        ("CON", "_CON"),
        ("con" + " " * 300 + "x", "_con"),
        ("con." + LONG, "_con." + LONG[:250]),
        ("x" * 253 + ". " + "y" * 30, "x" * 253),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("lpt¹", "_lpt¹"),
        ("console.txt", "console.txt"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("evil\u2067fdp.exe", "evilfdp.exe"),
        ("שלום.txt", "שלום.txt"),
    ],
)
def test_clean_name_of_any_upload_keeps_what_is_harmless(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(alphabet=st.characters(), max_size=300))
def test_clean_name_of_any_text_is_storable_and_stays_as_it_is(name):
    kept = clean_name(name)
    assert 1 <= len(kept) <= 255
    assert "/" not in kept
    assert "\\" not in kept
    assert not [c for c in kept if unicodedata.category(c) in {"Cc", "Cs"}]
    assert kept not in {".", ".."}
    assert clean_name(kept) == kept


@pytest.mark.parametrize(
    ("content_type", "kept"),
    [
        ("image/png", "image/png"),
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("", ""),
        ("nonsense", ""),
        ("text/html\r\nX-Evil: 1", ""),
        ("text/plainé", ""),
        ("a/" + "b" * 98, "a/" + "b" * 98),
        ("a/" + "b" * 99, ""),
    ],
)
def test_clean_content_type_of_any_claim_keeps_what_can_be_one(content_type, kept):
    assert clean_content_type(content_type) == kept


def test_stored_name_holds_nothing_of_the_uploader_and_is_never_the_same():
    names = {stored_name(None, "../../secret.php") for _ in range(1000)}
    assert len(names) == 1000
    for name in names:
        prefix, first, token = name.rsplit("/", 2)
        assert prefix == PREFIX
        assert len(token) == 32
        assert token.startswith(first)
        assert set(token) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (25 * 1024**2, "25 MiB"),
        (3 * 1024**3, "3 GiB"),
    ],
)
def test_readable_size_has_the_largest_unit_that_fits(size, text):
    assert readable_size(size) == text
