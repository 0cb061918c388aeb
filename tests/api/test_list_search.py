"""``search``: anywhere in the title, every character literal, without regard to case."""

# ruff: noqa: RUF001, RUF003 (letters that look alike are the point)

import pytest

from tasks.testing import make_project, make_task


@pytest.fixture
def search(api):
    """Searches among tasks of these titles; returns the titles found, oldest first."""

    def run(term, titles):
        project = make_project()
        for title in titles:
            make_task(title, project=project)
        r = api.get("/tasks", project_id=project.pk, search=term, order="asc")
        assert r.status_code == 200
        found = [task["title"] for task in r.json()["data"]]
        assert r.json()["meta"] == {
            "current_page": 1,
            "per_page": 25,
            "total": len(found),
            "last_page": 1,
        }
        return found

    return run


@pytest.mark.parametrize(
    ("term", "found", "others"),
    [
        ("page", ["page", "homepage", "pages"], ["pag", "pa ge"]),
        ("home page", ["My home page"], ["homepage", "home  page"]),
        (" page", ["The page"], ["page", "homepage"]),
        (" ", ["a b"], ["ab"]),
        ("%", ["100%", "%"], ["100", "percent"]),
        ("%%", ["a%%b"], ["100%", "a%b%"]),
        ("_", ["a_b", "_"], ["a-b", "ab"]),
        ("a_b", ["a_b"], ["acb", "a-b"]),
        ("\\", ["C:\\temp"], ["C:/temp"]),
        ("\\%", ["50\\%"], ["50%", "\\ %"]),
        ("\\\\", ["\\\\server"], ["\\server"]),
        ("'", ["it's"], ["its"]),
        ("''", ["it''s"], ["it's"]),
        ('"', ['the "new" page'], ["the new page"]),
        ("' OR 1=1 --", ["x' OR 1=1 --"], ["x"]),
        ("*", ["a*b"], ["ab"]),
        ("a?c", ["a?c"], ["abc"]),
        ("[a]", ["[a]"], ["a"]),
        ("^a", ["^a"], ["a"]),
        ("a$", ["a$"], ["a"]),
        (".", ["a.b"], ["ab"]),
        ("+", ["1+1"], ["1 1"]),
        ("&status=2", ["a&status=2"], ["a"]),
        ("%41", ["%41"], ["A"]),
        ("📋", ["📋 list", "x📋"], ["📌 list", "list"]),
        ("👩‍💻", ["👩‍💻 at work"], ["👩 💻"]),
        ("日本", ["日本語"], ["日 本"]),
        ("\t", ["a\tb"], ["a b"]),
        ("\ufffd", ["a\ufffdb"], ["ab"]),
    ],
)
def test_search_takes_every_character_literally(search, term, found, others):
    assert search(term, [*found, *others]) == found


@pytest.mark.parametrize(
    ("term", "found", "others"),
    [
        ("DESIGN", ["Design", "design", "reDESIGNed"], ["desi gn"]),
        ("É", ["École", "école", "CAFÉ"], ["Ecole", "cafe"]),
        ("é", ["École", "école", "CAFÉ"], ["Ecole"]),
        ("STRASSE", ["Straße", "STRASSE", "strasse", "STRAẞE"], ["Strase"]),
        ("ß", ["Straße", "STRASSE", "Kiss"], ["Kis"]),
        ("ΟΔΟΣ", ["ΟΔΟΣ", "οδος", "οδοσ", "Οδός".replace("ό", "ο")], ["οδο"]),
        ("ς", ["ΟΔΟΣ", "σ"], ["ο"]),
        ("ЗАДАЧА", ["задача", "Задача", "ЗАДАЧА"], ["задач"]),
        ("ё", ["Ёлка"], ["Елка"]),
        ("Ǆ", ["ǆ", "ǅ"], ["dž"]),
        ("ﬁ", ["ﬁnal", "final", "FINAL"], ["f i"]),
        ("ŉ", ["ŉ", "ʼn"], ["n"]),
        ("Ա", ["ա"], []),
        ("ⅷ", ["Ⅷ"], ["VIII"]),
        ("𐐀", ["𐐨"], []),
    ],
)
def test_search_disregards_case_beyond_ascii(search, term, found, others):
    assert search(term, [*found, *others]) == found


@pytest.mark.parametrize(
    ("term", "found", "others"),
    [
        # Case is Unicode's, not one language's: İ is an i with a dot of its own, ı another letter.
        ("i", ["İzmir", "izmir", "IZMIR"], ["ızmır"]),
        ("İ", ["İzmir", "i\u0307zmir"], ["izmir", "Izmir", "ızmir"]),
        ("ı", ["ızmir"], ["izmir", "Izmir", "İzmir"]),
        ("izmir", ["izmir", "Izmir", "IZMIR"], ["İzmir"]),
    ],
)
def test_search_knows_no_language(search, term, found, others):
    assert search(term, [*found, *others]) == found


#: Each text composed, decomposed, and in between where there is something.
ALIKE = {
    "German": ["B\u00fcro", "Bu\u0308ro"],
    "another case": ["B\u00dcRO", "BU\u0308RO", "b\u00fcro", "bu\u0308ro"],
    "Vietnamese": ["Vi\u1ec7t", "Vie\u0323\u0302t", "Vi\u1eb9\u0302t", "Vi\u00ea\u0323t"],
    "Korean": ["\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud558\u11ab\uae00"],
    "Japanese": ["\u30c7\u30fc\u30bf", "\u30c6\u3099\u30fc\u30bf"],
    "Greek": ["\u03ac\u03b4\u03b5\u03b9\u03b1", "\u0391\u0301\u0394\u0395\u0399\u0391"],
    "iota below": ["\u1fb3", "\u03b1\u0345", "\u1fbc", "\u0391\u03b9"],
    "marks in any order": ["q\u0307\u0323", "Q\u0323\u0307"],
    "sharp s": ["Stra\u00dfe in K\u00f6ln", "STRASSE IN KO\u0308LN"],
    "dotted I": ["\u0130zmir", "I\u0307zmir", "i\u0307ZMIR"],
    "signs": ["5 \u212b", "5 \u00c5", "5 a\u030a"],
    "excluded from composition": ["\u0958", "\u0915\u093c"],
}


@pytest.mark.parametrize("titles", ALIKE.values(), ids=ALIKE)
def test_search_finds_composed_and_decomposed_forms(search, titles):
    for term in titles:
        assert search(term, [*titles, "else"]) == titles
        assert search(f"x {term[1:]}", titles) == []


@pytest.mark.parametrize(("term", "title"), [("u", "b\u00fcro"), ("bu", "bu\u0308ro")])
def test_search_for_a_letter_does_not_find_it_under_a_mark(search, term, title):
    assert search(term, [title, "u, bu"]) == ["u, bu"]


@pytest.mark.parametrize("term", ["\x00", "a\x00", "page\x00%"])
def test_search_with_nul_is_refused(api, term):
    r = api.get("/tasks", search=term)
    assert r.status_code == 422
    assert r.json() == {
        "message": "The given data was invalid.",
        "errors": {"search": ["The search contains characters that can't be stored."]},
    }


@pytest.mark.parametrize("length", [255, 256, 766, 60_000])
def test_search_for_long_text_finds_equal_title_only(search, length):
    titles = ["a" * 255]
    assert search("a" * length, titles) == (titles if length <= 255 else [])


def test_search_for_text_that_folds_longer_finds_the_longest_title(search):
    title = "\u0390" * 255
    assert search(title, [title]) == [title]
    assert search(title + "\u0390", [title]) == []


def test_search_after_update_finds_the_new_title_only(api):
    task = make_task("Straße")
    body = "task_title=Weg&task_status=1&task_priority=1"
    assert api.patch(f"/tasks/{task.pk}", body).status_code == 200
    assert api.get("/tasks", search="STRASSE").json()["data"] == []
    assert [found["id"] for found in api.get("/tasks", search="WEG").json()["data"]] == [task.pk]
