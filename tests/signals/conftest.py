from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.hearing import Heard, hearing


@pytest.fixture
def heard(db: None) -> Iterator[Heard]:
    """What all receivers were told; a test that makes rows first forgets that with ``take``."""
    with hearing() as found:
        yield found


@pytest.fixture
def committing(
    django_capture_on_commit_callbacks: Any,
) -> Callable[[], AbstractContextManager[Any]]:
    """``with committing():`` what is written in the block is committed at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
