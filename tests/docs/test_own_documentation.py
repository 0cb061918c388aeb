"""Every example on the project's own pages, against a live server."""

import pytest

from tests.docs.clients import answer_to
from tests.docs.markdown import REPOSITORY, as_shown, differences, own_pages

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("docs site")]

EXAMPLES = [block for page in own_pages() for block in page.requests()]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example_is_answered_as_shown(example, site, tmp_path):
    answer = answer_to(example, site, tmp_path)
    assert answer.status == example.status
    if example.answer is None:
        assert answer.body["message"] == example.message
    else:
        assert differences(answer.body, as_shown(example.answer)) == []


def test_api_page_has_examples_in_every_language():
    page = REPOSITORY / "docs" / "api.md"
    assert {block.language for block in EXAMPLES if block.page == page} == {"bash", "python", "php"}
