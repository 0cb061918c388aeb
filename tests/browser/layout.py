"""What a page looks like that fits its window."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.chromium import Scheme, Size

#: The outermost elements that reach beyond the window, unless something around them scrolls.
_TOO_WIDE = """
() => {
    const width = document.documentElement.clientWidth;
    const scrolls = [document.scrollingElement, document.body, document.getElementById("main")]
        .some(element => element && element.scrollWidth > element.clientWidth
            && getComputedStyle(element).overflowX !== "hidden");
    if (!scrolls) {
        return [];
    }
    const wide = [];
    for (const element of document.body.querySelectorAll("*")) {
        const box = element.getBoundingClientRect();
        if (box.width && box.right + scrollX > width + 1) {
            wide.push(`${Math.round(box.right)}: ${element.outerHTML.slice(0, 120)}`);
        }
    }
    return wide.length ? wide.slice(0, 5) : ["(something)"];
}
"""


#: Colours that are on their way from one to another are neither.
_AT_ONCE = """
() => {
    if (!document.adoptedStyleSheets.length) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("*, ::before, ::after { transition: none !important; }");
        document.adoptedStyleSheets.push(sheet);
    }
}
"""


def show_as(page: Page, size: Size, scheme: Scheme) -> None:
    """Show the page that is open in a window of another size and in another colour scheme."""
    page.evaluate(_AT_ONCE)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways; empty if it does not."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return [f"wider than the window: {text}" for text in found]


def assert_fits(page: Page) -> None:
    """Fail if the page as a whole scrolls sideways."""
    found = too_wide(page)
    assert not found, "\n".join([page.url, *found])
