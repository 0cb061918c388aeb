"""What is compared: normal forms, case, and texts of which nothing shows."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.folding import GROWTH, fold, is_blank, normal, spellings

EVERY = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
#: Characters that normalization or casefolding changes, and marks that they are changed by.
CHANGING = [
    one
    for one in EVERY
    if unicodedata.decomposition(one) or unicodedata.combining(one) or one.casefold() != one
]
TEXTS = st.text(st.sampled_from(CHANGING), max_size=8) | st.text(max_size=20)


def canonical_caseless(text):
    """The Unicode Standard, section 3.13, D145."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFD", decomposed.casefold())


@given(TEXTS)
def test_fold_is_the_same_for_all_forms_and_no_longer_than_the_columns(text):
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)
    assert fold(fold(text)) == fold(text)
    assert fold(normal(text)) == fold(text)
    assert max(len(fold(text)), len(normal(text))) <= GROWTH * len(text)


@given(TEXTS, TEXTS)
def test_fold_is_equal_for_canonical_caseless_matches_alone(one, other):
    for left, right in ((one, other), (one, one.swapcase()), (one, one.upper())):
        is_match = canonical_caseless(left) == canonical_caseless(right)
        assert (fold(left) == fold(right)) is is_match


def test_fold_of_every_character_is_stable():
    for one in EVERY:
        assert fold(unicodedata.normalize("NFD", one)) == fold(one) == fold(fold(one))
        assert len(fold(one)) <= GROWTH


@given(TEXTS)
def test_normal_is_the_composed_form(text):
    assert normal(text) == unicodedata.normalize("NFC", text)
    assert set(spellings(text)) == {text, normal(text), unicodedata.normalize("NFD", text)}


#: Of each range that is ignored by default, or has no ink, the ends.
FILLERS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2065\u2800\u3164\ufe00\ufe0f\uffa0\ufff0\ufff8"
)
FILLERS += "\U00013441\U00013442\U00016fe4\U0001d159\U000e0000\U000e01ef\U000e0fff"


def test_blank_are_spaces_controls_format_characters_and_fillers():
    invisible = {"Cc", "Cf", "Zs", "Zl", "Zp"}
    for one in EVERY:
        if unicodedata.category(one) in invisible or one.isspace() or one in FILLERS:
            assert is_blank(one), ascii(one)
    assert is_blank("")
    assert is_blank("".join(FILLERS))


@pytest.mark.parametrize(
    "text", ["a", "\u0301", "\u0308", "-", ".", "\ufffc", "\uffff", "\ue000", "\u00d8", "\u2801"]
)
def test_what_shows_something_is_not_blank(text):
    assert not is_blank(text)
    assert not is_blank(f"\u200b\u3164{text}\u200b")


def test_blank_is_no_letter_number_or_punctuation():
    fillers = set(FILLERS)
    for one in EVERY:
        if unicodedata.category(one)[0] in "LNPS" and one not in fillers:
            assert not is_blank(one), ascii(one)
