from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tasks.files import PREFIX
from tasks.services.file_owner import owned_folder


class Folder:
    """The files on the disk, as far as they are of tasks."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Names in the storage, sorted."""
        files = (path for path in (self.root / PREFIX).rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.root)) for path in files)

    def contents(self) -> list[bytes]:
        """What is in them, sorted."""
        return sorted((self.root / name).read_bytes() for name in self.names())

    def put(self, name: str, content: bytes = b"left behind") -> Path:
        """A file that no row names, of this database."""
        path = self.root / owned_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Folder:
    """Where files go: the default storage, on a real disk."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    return Folder(tmp_path / "media")


def image(kind: str = "PNG", size: tuple[int, int] = (3, 2)) -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind)
    return file.getvalue()


@pytest.fixture
def png() -> bytes:
    """A PNG."""
    return image()
