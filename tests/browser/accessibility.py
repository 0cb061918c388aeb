"""WCAG 2.2, level AA, as far as axe can tell, and a focus that can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from playwright.sync_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """
tags => axe.run(document, {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false,
})
"""


class Known(NamedTuple):
    """Markup of Django's own that breaks a rule, where no page of ours has a say."""

    rule: str
    html: str
    reason: str


#: By a pattern that the offending element's HTML matches.
KNOWN = (
    Known(
        "link-in-text-block",
        r'^<a href="/admin/(auth/)?">',
        "the breadcrumbs of an app's page of Django's have no underline",
    ),
)


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page, a line each: rule, place, markup, what it says of it."""
    # It measures with inline styles, which the policy of the page refuses.
    with page.watch.looking_away():
        if not page.evaluate("() => 'axe' in window"):
            # By the debugger, to which that policy does not apply.
            page.evaluate(_axe())
        result = page.evaluate(_RUN, _TAGS)
    return list(_lines(result))


def _lines(result: Any) -> Iterator[str]:
    for found in result["violations"]:
        for node in found["nodes"]:
            if not _is_known(found["id"], node["html"]):
                summary = re.sub(r"\s+", " ", node["failureSummary"])
                place = " ".join(map(str, node["target"]))
                yield f"{found['id']} at {place}: {node['html'][:200]}: {summary[:300]}"


def _is_known(rule: str, html: str) -> bool:
    return any(rule == known.rule and re.search(known.html, html) for known in KNOWN)


def assert_accessible(page: Page) -> None:
    """Fail with all that axe finds on the page as it stands, open dialogs and messages included."""
    found = violations(page)
    assert not found, "\n".join([f"{len(found)} violations on {page.url}:", *found])


#: Each element that the keyboard reaches and that looks no different for having the focus.
_UNSEEN_FOCUS = """
() => {
    const looks = element => {
        const own = [];
        for (const one of [element, element.parentElement, ...(element.labels || [])]) {
            for (const part of [null, "::before", "::after"]) {
                const style = getComputedStyle(one, part);
                own.push(
                    style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor,
                    style.boxShadow, style.borderColor, style.backgroundColor, style.color,
                    style.textDecorationLine, style.clipPath, style.clip, style.position,
                );
            }
        }
        return own.join("|");
    };
    const reachable = "a[href], button, input, select, textarea, summary, [tabindex]";
    const unseen = [];
    for (const element of document.querySelectorAll(reachable)) {
        if (element.tabIndex < 0 || element.disabled || !element.checkVisibility()) {
            continue;
        }
        document.activeElement?.blur();
        const before = looks(element);
        element.focus({focusVisible: true, preventScroll: true});
        if (document.activeElement === element && looks(element) === before) {
            unseen.push(element.outerHTML.slice(0, 200));
        }
    }
    document.activeElement?.blur();
    return unseen;
}
"""


def unseen_focus(page: Page) -> list[str]:
    """The elements that take the keyboard's focus without showing it."""
    found: list[str] = page.evaluate(_UNSEEN_FOCUS)
    return [f"focus is not seen: {html}" for html in found]
