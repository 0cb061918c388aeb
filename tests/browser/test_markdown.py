"""Descriptions in Markdown look as they are written, in the preview and on a page to read."""

import pytest
from django.contrib.auth.models import Permission

from tasks.testing import make_task, make_user
from tests.browser.accessibility import assert_accessible
from tests.browser.chromium import PHONE
from tests.browser.layout import assert_fits

TEXT = """\
# One

Words, `code` and [a link](https://example.com).

- a
- b
  - c
    - d

1. first
2. second

> quoted

## Two

```
a = 1
```

| left | middle | right |
|:-----|:------:|------:|
| 1    | 2      | 3     |

---

- loose

- items
"""
#: What is measured: the marker of each list, how far its text is from the left edge, and so on.
MEASURES = """
shown => {
    const style = selector => getComputedStyle(shown.querySelector(selector));
    const left = selector => Math.round(
        shown.querySelector(selector).getBoundingClientRect().left
        - shown.getBoundingClientRect().left);
    return {
        markers: ["ul > li", "ul ul > li", "ul ul ul > li", "ol > li"]
            .map(selector => style(selector).listStyleType),
        indents: ["p", "h1", "ul > li", "ul ul > li", "ul ul ul > li", "ol > li", "blockquote",
                  "pre", "table", "hr"].map(left),
        sizes: ["h1", "h2", "p", "li", "blockquote p", "td"]
            .map(selector => parseFloat(style(selector).fontSize)),
        headings: ["h1", "h2", "th"].map(selector => style(selector).textTransform),
        aligned: ["td:nth-child(1)", "td:nth-child(2)", "td:nth-child(3)"]
            .map(selector => style(selector).textAlign),
        border: style("blockquote").borderLeftWidth,
    };
}
"""


def assert_as_written(shown):
    found = shown.evaluate(MEASURES)
    assert found["markers"] == ["disc", "circle", "square", "decimal"]
    paragraph, heading, one, two, three, ordered, quote, code, table, rule = found["indents"]
    assert heading == quote == code == table == rule == paragraph
    assert 15 <= one - paragraph <= 40
    assert ordered == one
    assert one < two < three <= 120
    h1, h2, p, li, quoted, cell = found["sizes"]
    assert h1 > h2 > p == li == quoted == cell
    assert found["headings"] == ["none"] * 3
    assert found["aligned"] == ["left", "center", "right"]
    assert found["border"] == "4px"


SIZES = pytest.mark.parametrize("size", [(1440, 900), PHONE], ids=str)
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SIZES
@SCHEMES
def test_preview_looks_as_written(browse, superuser, size, scheme):
    page = browse(superuser, size=size, scheme=scheme)
    page.goto(f"/admin/taskdock/task/{make_task().pk}/change/")
    page.get_by_label("Description", exact=False).first.fill(TEXT)
    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="Preview")
    shown.locator("table").wait_for()
    assert_as_written(shown)
    assert_fits(page)
    assert_accessible(page)


@SIZES
def test_description_to_read_looks_as_written(browse, committed_db, size):
    reader = make_user()
    reader.user_permissions.add(Permission.objects.get(codename="view_task"))
    page = browse(reader, size=size)
    page.goto(f"/admin/taskdock/task/{make_task(description=TEXT).pk}/change/")
    assert_as_written(page.locator(".taskdock-markdown").first)
    assert_fits(page)


def test_preview_on_a_page_of_its_own_looks_as_written(browse, superuser):
    task = make_task()
    page = browse(superuser)
    page.goto(f"/admin/taskdock/task/{task.pk}/change/")
    page.get_by_label("Description", exact=False).first.fill(TEXT)
    with page.expect_navigation():
        page.evaluate(
            """() => {
                const form = document.querySelector("#task_form");
                form.action = "../../preview/";
                form.submit();
            }"""
        )
    assert_as_written(page.locator(".taskdock-markdown").first)
