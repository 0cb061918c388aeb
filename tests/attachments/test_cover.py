import struct
import sys
import zlib

import pytest
from django.db.models import Q

from tasks.actors import Actor
from tasks.exceptions import (
    AttachmentNotFound,
    FileMissing,
    ImageTooLarge,
    NotAnImage,
    PillowMissing,
    TaskNotFound,
)
from tasks.models import Attachment, HistoryEntry
from tasks.services.attachments import delete_attachment, set_cover
from tasks.testing import make_attachment, make_task
from tests.attachments.conftest import image

pytestmark = pytest.mark.django_db


def cover_of(task):
    return Attachment.objects.filter(Q(is_cover=True), task=task).first()


def covered(attachment):
    set_cover(actor=Actor(), task_id=attachment.task_id, attachment_id=attachment.pk)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def promising_png(width, height):
    """A PNG of some bytes that promises this many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_set_cover_to_an_image_whatever_it_is_called_takes_it(kind):
    task = make_task()
    before = (task.updated_at, task.version)
    attachment = make_attachment(task, "picture.dat", image(kind), content_type="text/html")
    covered(attachment)
    assert cover_of(task) == attachment
    task.refresh_from_db()
    assert (task.updated_at, task.version) == before
    entry = HistoryEntry.objects.first()
    assert (entry.verb, entry.subject_id) == ("cover_changed", task.pk)
    assert entry.changes == {"cover": [None, {"id": attachment.pk, "name": "picture.dat"}]}


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script>alert(1)</script></svg>'
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Notes.",
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"<html><img></html>",
        image("BMP"),
        image("TIFF"),
        image("PDF"),
        image("PNG")[:30],
        image("PNG")[:8],
        image("PNG").replace(b"IDAT", b"IDXT"),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    ],
)
def test_set_cover_to_what_is_no_image_is_refused(content):
    task = make_task()
    kept = make_attachment(task, content=image())
    covered(kept)
    attachment = make_attachment(task, "picture.png", content, content_type="image/png")
    entries = HistoryEntry.objects.count()
    expected = r"^The is cover must be an image: PNG, JPEG, GIF or WebP\.$"
    with pytest.raises(NotAnImage, match=expected):
        covered(attachment)
    assert cover_of(task) == kept
    assert HistoryEntry.objects.count() == entries


@pytest.mark.parametrize("size", [(8_000, 7_000), (10_000, 10_000), (2**31 - 1, 2**31 - 1)])
def test_set_cover_to_an_image_of_too_many_pixels_is_refused(size):
    attachment = make_attachment(make_task(), content=promising_png(*size))
    assert attachment.size < 100
    with pytest.raises(ImageTooLarge, match=r"^The is cover may not have more than 50 megapixels"):
        covered(attachment)


def test_set_cover_moves_it_and_none_takes_it_away():
    task, other = make_task(), make_task()
    one = make_attachment(task, "one.png", image())
    two = make_attachment(task, "two.png", image())
    elsewhere = make_attachment(other, "three.png", image())
    for attachment in (one, elsewhere, two):
        covered(attachment)
    assert cover_of(task) == two
    assert cover_of(other) == elsewhere
    entries = HistoryEntry.objects.count()
    covered(two)
    assert HistoryEntry.objects.count() == entries
    for _ in range(2):
        set_cover(actor=Actor(), task_id=task.pk, attachment_id=None)
    assert cover_of(task) is None
    assert HistoryEntry.objects.count() == entries + 1
    assert HistoryEntry.objects.first().changes == {
        "cover": [{"id": two.pk, "name": "two.png"}, None]
    }


def test_set_cover_without_the_file_is_refused(folder):
    attachment = make_attachment(make_task(), "gone.png", image())
    (folder.root / attachment.file.name).unlink()
    with pytest.raises(FileMissing, match=r"^The file gone\.png is missing from the storage\.$"):
        covered(attachment)


def test_set_cover_without_pillow_says_what_is_missing(monkeypatch):
    attachment = make_attachment(make_task(), content=image())
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(PillowMissing, match="need the Python package Pillow"):
        covered(attachment)


def test_set_cover_of_another_task_is_refused():
    task, other = make_task(), make_task()
    attachment = make_attachment(other, content=image())
    with pytest.raises(AttachmentNotFound):
        set_cover(actor=Actor(), task_id=task.pk, attachment_id=attachment.pk)
    with pytest.raises(TaskNotFound):
        set_cover(actor=Actor(), task_id=task.pk + 100, attachment_id=attachment.pk)


def test_delete_of_the_cover_leaves_the_task_without_one():
    task = make_task()
    attachment = make_attachment(task, content=image())
    covered(attachment)
    delete_attachment(actor=Actor(), attachment_id=attachment.pk)
    assert cover_of(task) is None
    again = make_attachment(task, content=image())
    covered(again)
    assert cover_of(task) == again
