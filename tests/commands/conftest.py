"""An administrator who imports, and the command as a function."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tasks.testing import make_project, make_user


@pytest.fixture
def administrator(db):
    return make_user(is_superuser=True, username="root")


@pytest.fixture
def project(administrator):
    return make_project(title="Website")


@pytest.fixture
def run(administrator, tmp_path):
    def run_import(text, *arguments, mapping=None, name="tasks.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if mapping is not None:
            (tmp_path / "mapping.toml").write_text(mapping)
            arguments = (*arguments, "--mapping", str(tmp_path / "mapping.toml"))
        out, err = StringIO(), StringIO()
        call_command("taskdock_import", str(path), *arguments, stdout=out, stderr=err)
        return out.getvalue()

    return run_import


@pytest.fixture
def problems(administrator, tmp_path):
    """What a dry run lists, and what it ends with."""

    def dry_run(text, *arguments, mapping=None):
        path = tmp_path / "tasks.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if mapping is not None:
            (tmp_path / "mapping.toml").write_text(mapping)
            arguments = (*arguments, "--mapping", str(tmp_path / "mapping.toml"))
        out = StringIO()
        with pytest.raises(CommandError) as caught:
            call_command("taskdock_import", str(path), "--dry-run", *arguments, stdout=out)
        assert caught.value.returncode == 1
        return out.getvalue().splitlines(), str(caught.value)

    return dry_run
