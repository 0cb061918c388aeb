import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[2]
Uv: TypeAlias = Callable[..., str]

#: What would lead a clean environment back to this one.
LEADS_BACK = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"} | {
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "SECRET_KEY",
}


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """What a command prints; it fails with all that the command said."""
    environment = {name: value for name, value in os.environ.items() if name not in LEADS_BACK}
    done = subprocess.run(
        command, cwd=cwd, env=environment | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def uv() -> Uv:
    """Runs uv at the root of the project, whose settings it takes."""
    # "uv run" names itself to what it runs.
    binary = os.environ.get("UV") or shutil.which("uv")
    assert binary, "uv is needed: run the tests with 'uv run pytest'"
    return lambda *arguments: run(binary, *arguments, cwd=ROOT)


@pytest.fixture(scope="session")
def distributions(uv: Uv, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--out-dir", folder)
    return folder


@pytest.fixture(scope="session")
def clean_python(uv: Uv, distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and what it asks for, no more."""
    environment = tmp_path_factory.mktemp("clean") / "venv"
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    uv("venv", "--python", sys.executable, environment)
    (wheel,) = distributions.glob("*.whl")
    uv("pip", "install", "--python", python, wheel)
    return python
