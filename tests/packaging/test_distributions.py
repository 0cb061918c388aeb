"""What we hand out: the three apps whole, and nothing of the stand-alone site."""

import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("tasks", "comments", "timers")

pytestmark = pytest.mark.slow


def sources() -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_holds_the_apps_whole_and_nothing_else(distributions):
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    (dist_info,) = {name.split("/")[0] for name in names if ".dist-info/" in name}
    assert dist_info.startswith("django_taskdock-")
    assert {name for name in names if not name.startswith(f"{dist_info}/")} == sources()


@pytest.mark.parametrize("app", APPS)
def test_wheel_holds_what_is_no_code(distributions, app):
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert f"{app}/py.typed" in names
    assert f"{app}/migrations/__init__.py" in names
    assert f"{app}/locale/de/LC_MESSAGES/django.mo" in names


def test_wheel_says_what_it_is(distributions):
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode()
        licences = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
    assert "\nName: django-taskdock\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert licences
    required = [
        line.removeprefix("Requires-Dist: ")
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    ]
    for server_side in ("granian", "whitenoise", "environs", "psycopg", "pytest"):
        assert not [line for line in required if line.startswith(server_side)]


def test_sdist_holds_neither_the_site_nor_the_tests(distributions):
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        paths = {name.partition("/")[2] for name in archive.getnames()}
    top = {path.partition("/")[0] for path in paths} - {"PKG-INFO", ".gitignore"}
    assert top == {*APPS, "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}
    assert sources() <= paths
