from pathlib import Path

import pytest

# What builds the wheel.
from tests.packaging.conftest import distributions, uv  # noqa: F401 (fixtures)

FOLDER = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    # These install other people's projects, which takes minutes: only where they are named.
    named = any(FOLDER.name in Path(argument).parts for argument in config.args)
    return None if named else True


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if not any(FOLDER.name in Path(argument).parts for argument in config.args):
        terminalreporter.write_line(
            f"tests/{FOLDER.name} was not collected here: pytest tests/{FOLDER.name}"
        )
