"""Programs of this machine, run as a reader of a page would run them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

#: What the tests' own site was told, and no other is to hear.
_TOLD = {
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "HTTPS",
    "MEDIA_ROOT",
    "SECRET_KEY",
    "STATIC_ROOT",
}


def environment(**variables: str) -> dict[str, str]:
    """This environment without what concerns the tests' own site, and with these variables."""
    kept = {name: value for name, value in os.environ.items() if name not in _TOLD}
    return kept | {"no_proxy": "*"} | variables


def required(program: str) -> str:
    """The path of a program; without it the test is skipped, or fails in CI."""
    path = shutil.which(program)
    if path is not None:
        return path
    reason = f"needs {program}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def path_with(folder: Path, **programs: str) -> str:
    """A PATH on which each of these names is that shell script, kept in ``folder``."""
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    for name, script in programs.items():
        (bin_folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (bin_folder / name).chmod(0o755)
    return os.pathsep.join([str(bin_folder), str(Path(sys.executable).parent), os.environ["PATH"]])


def run(command: list[str], *, folder: Path, environ: dict[str, str] | None = None) -> str:
    """What a program prints; fails with all that it said where it does not end well."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(**(environ or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), f"{done.stdout}\n{done.stderr}"
    return done.stdout
