"""Every command on the project's own pages is run, here or by CI."""

import re

from tests.docs.markdown import REPOSITORY, Page, own_pages
from tests.docs.server import QUICKSTART

README = Page(REPOSITORY / "README.md")
#: Whose commands a module of their own runs.
FOLLOWED = {
    "deploying.md",
    "import-from.md",
    "importing.md",
    "mounting.md",
    "python.md",
    "recurring.md",
    "scaling.md",
}


def test_commands_of_the_readme_are_those_that_are_run():
    quickstart, install, tests = (
        command for block in README.blocks() for command in block.commands
    )
    assert quickstart == f"pip install uv && uv run {' '.join(QUICKSTART)}"
    assert install in Page(REPOSITORY / "docs" / "mounting.md").text
    assert tests == "uv run pytest"


def test_no_other_page_has_commands():
    others = [page for page in own_pages() if page.path.name not in FOLLOWED | {README.path.name}]
    assert others
    for page in others:
        for block in page.blocks():
            assert block.is_request or block.language == "json", block


def test_links_between_pages_lead_to_a_heading():
    for page in own_pages():
        for name, anchor in re.findall(r"\]\((?!\w+://)([^)#]*)#?([^)]*)\)", page.text):
            target = Page((page.path.parent / name).resolve() if name else page.path)
            assert target.path.is_file(), (page.path.name, name)
            assert not anchor or anchor in target.anchors(), (page.path.name, name, anchor)
