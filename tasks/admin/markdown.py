"""Markdown as safe HTML: what somebody wrote can neither run, nor load, nor pretend anything."""

from __future__ import annotations

import logging
from functools import cache
from urllib.parse import urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

logger = logging.getLogger("tasks.admin")

#: What a link may lead to: these, and what is on the same site.
SCHEMES = frozenset({"", "http", "https", "mailto"})
#: How much of a text is shown as what it means; a page of more is shown as it was typed.
LONGEST = 50_000


def rendered(text: str) -> SafeString:
    """The HTML of a text in CommonMark, with tables and strikethrough.

    HTML in it is shown and not meant; links lead to the web or a mail alone; an image is a link
    to it, since a page of ours loads nothing from elsewhere. A text on which the parser fails is
    shown as it was typed.
    """
    shown = text[:LONGEST]
    html = _html(shown)
    if html is None:
        html = format_html('<div class="taskdock-plain">{}</div>', shown)
    if len(text) > LONGEST:
        html += "<p>…</p>"
    return mark_safe(html)  # noqa: S308 (made by a parser that escapes all that it is given)


def _html(text: str) -> str | None:
    """What the parser makes of a text; None where it fails."""
    # Before 4.3, markdown-it-py fails on a quoted table whose last line is an empty quote, unless
    # a line break ends it. (A line break after every text would be one more in a block of code.)
    for attempt in (text, f"{text}\n"):
        try:
            return str(_markdown().render(attempt))
        except Exception as error:  # noqa: BLE001 (what a version of the parser fails on)
            logger.warning("A text could not be rendered as Markdown: %r", error)
    return None


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.validateLink = _is_safe  # type: ignore[method-assign]  # as its documentation has it
    parser.core.ruler.push("images_are_links", _images_to_links)
    parser.core.ruler.push("links_are_foreign", _mark_links)
    parser.core.ruler.push("no_style", _style_to_class)
    return parser


def _is_safe(url: str) -> bool:
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return False
    # A path whose first part has a colon may be a scheme to somebody who reads it otherwise.
    return scheme in SCHEMES and bool(scheme or ":" not in url.partition("/")[0])


def _images_to_links(state: StateCore) -> None:
    for block in state.tokens:
        if block.children:
            block.children = _without_images(block.children)


def _without_images(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type == "link_open":
            depth += 1
        elif token.type == "link_close":
            depth -= 1
        if token.type != "image":
            kept.append(token)
            continue
        words = Token("text", "", 0, content=token.content or str(token.attrs.get("src", "")))
        if depth:
            # A link in a link would be none.
            kept.append(words)
            continue
        address = {"href": token.attrs.get("src", "")}
        opening = Token("link_open", "a", 1, attrs=address)
        kept += [opening, words, Token("link_close", "a", -1)]
    return kept


def _mark_links(state: StateCore) -> None:
    for block in state.tokens:
        for token in block.children or ():
            if token.type == "link_open":
                token.attrs["rel"] = "nofollow noopener noreferrer"


def _style_to_class(state: StateCore) -> None:
    # How a table's columns are aligned; the policy of a page forbids to write that into it.
    for token in state.tokens:
        style = str(token.attrs.pop("style", ""))
        if style:
            token.attrs["class"] = f"taskdock-{style.rpartition(':')[2]}"
