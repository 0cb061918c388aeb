"""Markdown becomes HTML that can neither run, nor load, nor lead astray."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.admin.markdown import LONGEST, rendered
from tasks.testing import make_task
from tests.conftest import ADMIN

ALLOWED = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"href", "rel", "title", "class", "start"}


class Markup(HTMLParser):
    """What some HTML is made of."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.attributes, self.open = [], [], set(), 0
        self.nested = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "a":
            self.nested = self.nested or self.open > 0
            self.open += 1
            self.links.append(dict(attrs).get("href"))

    def handle_endtag(self, tag):
        self.open -= tag == "a"


CASES = [
    ("**bold** and *thin*", "<strong>bold</strong>"),
    ("~~gone~~", "<s>gone</s>"),
    ("- one\n- two", "<li>one</li>"),
    ("<script>alert(1)</script>", "&lt;script&gt;"),
    ("<img src=x onerror=alert(1)>", "&lt;img"),
    ("a <b onclick=x>b</b>", "&lt;b onclick=x&gt;"),
    ("[x](https://example.com)", 'href="https://example.com" rel="nofollow noopener noreferrer"'),
    ("[x](mailto:a@example.com)", 'href="mailto:a@example.com"'),
    ("![a picture](https://example.com/a.png)", '<a href="https://example.com/a.png"'),
    ("![](https://example.com/a.png)", ">https://example.com/a.png</a>"),
    ("|a|\n|:-:|\n|b|", '<th class="taskdock-center">a</th>'),
    ("&lt;script&gt;", "&lt;script&gt;"),
    ('`<a href="javascript:x">`', "<code>&lt;a href="),
]
NO_LINK = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](data:image/png;base64,AAAA)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
]


@pytest.mark.parametrize(("text", "html"), CASES)
def test_text_becomes_html(text, html):
    assert html in rendered(text)


@pytest.mark.parametrize("text", NO_LINK)
def test_link_that_could_run_is_none(text):
    assert Markup(rendered(text)).links == []


def test_image_in_a_link_is_words_of_that_link():
    found = Markup(rendered("[![alt](https://a.example/x.png)](https://b.example)"))
    assert found.links == ["https://b.example"]


PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "&",
            '"',
            "'",
            "`",
            "*",
            "_",
            "[",
            "]",
            "(",
            ")",
            "!",
            "#",
            "|",
            "-",
            "\n",
            " ",
        ),
        *("javascript:", "data:", "https://a.example", "onload=", "<script>", "<svg/onload=x>"),
        *("[a](", "![b](", "&#106;", "\\", "style=", "|-|:-:|", "x", "\u202e", "\x00"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_is_typed_is_made_of_harmless_tags(text):
    found = Markup(rendered(text))
    assert set(found.tags) <= ALLOWED
    assert found.attributes <= ATTRIBUTES
    assert not found.nested
    for link in found.links:
        assert link is None or not link.lower().lstrip().startswith(
            ("javascript", "data", "vbscript", "file")
        )


@pytest.mark.parametrize("text", ["[" * 60_000, "*" * 60_000, "> " * 20_000, "`" * 60_000])
def test_text_made_to_take_long_is_cut(text):
    assert len(rendered(text)) < LONGEST * 8


#: What markdown-it-py before 4.3 fails on: a quoted table that ends with an empty quote.
QUOTED_TABLES = [
    "> |a|b|\n> |-|-|\n>",
    "> |a|b|\n> |-|-|\n> |1|2|\n> ",
    "- > |a|b|\n  > |-|-|\n  >",
]


@pytest.mark.parametrize("text", QUOTED_TABLES)
def test_quoted_table_is_a_table(text):
    assert Markup(rendered(text)).tags.count("table") == 1


@pytest.mark.parametrize("error", [IndexError("string index out of range"), RecursionError()])
def test_text_on_which_the_parser_fails_is_shown_as_typed(admin, db, monkeypatch, error):
    """Whatever the installed version fails on, a page must not."""

    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr("markdown_it.MarkdownIt.render", fail)
    text = "> |a|\n> <b>"
    assert rendered(text) == '<div class="taskdock-plain">&gt; |a|\n&gt; &lt;b&gt;</div>'
    assert rendered("x" * (LONGEST + 1)).endswith("</div><p>…</p>")
    form = {"text": text, "description": text}
    task = make_task(description=text)
    assert admin.client.post(f"{ADMIN}/taskdock/task/preview/", form).status_code == 200
    assert admin.get(f"taskdock/task/{task.pk}/change/").status_code == 200
