"""Images in pages of the admin: small ones, made of whatever was uploaded."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import ExifTags, Image

from tasks.services.attachments import add_attachment, set_cover
from tasks.testing import make_actor, make_task
from tests.conftest import ADMIN
from tests.pictures import picture


def kept(content, task=None):
    return add_attachment(
        actor=make_actor(),
        task_id=(task or make_task()).pk,
        file=ContentFile(content),
        name="file",
        content_type="image/png",
    )


def as_shown(admin, content, page="thumbnail"):
    file = kept(content)
    response = admin.get(f"taskdock/attachment/{file.pk}/{page}/")
    assert response.status_code == 200
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, max-age=3600"
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response["Content-Type"], body, Image.open(BytesIO(body))


@pytest.mark.parametrize(("page", "side"), [("thumbnail", 240), ("cover", 720)])
@pytest.mark.parametrize(
    "content",
    [
        picture(),
        picture("JPEG", progressive=True),
        picture("JPEG", size=(3000, 1500)),
        # As phones write them: a JPEG that holds a second picture.
        picture("MPO", size=(8000, 4000), save_all=True, append_images=[Image.new("RGB", (9, 9))]),
        picture("WEBP"),
        picture("GIF"),
        picture(mode="RGBA"),
        picture(mode="L"),
        picture("JPEG", mode="CMYK"),
    ],
)
def test_image_in_a_page_is_a_small_one(admin, db, content, page, side):
    kind, body, shown = as_shown(admin, content, page)
    assert (kind, shown.format, shown.size) == ("image/webp", "WEBP", (side, side // 2))
    assert len(body) < 5000


def test_small_image_stands_upright_and_does_not_tell_where_it_was_taken(admin, db):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitude: (52.0, 31.0, 12.0)}
    for size in [(1000, 500), (100, 50)]:
        content = picture("JPEG", size=size, exif=exif)
        assert Image.open(BytesIO(content)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
        kind, body, shown = as_shown(admin, content)
        # Turned to the right: what was below is on the left.
        assert (kind, shown.size) == ("image/webp", (min(size[1], 120), min(size[0], 240)))
        shades = [shown.convert("L").getpixel((place, 20)) for place in (2, shown.width - 3)]
        assert shades == [pytest.approx(0, abs=50), pytest.approx(255, abs=50)]
        assert not shown.getexif()
        assert b"Exif" not in body


def test_small_image_keeps_what_is_transparent(admin, db):
    made = BytesIO()
    Image.new("RGBA", (600, 600), (255, 0, 0, 0)).save(made, "PNG")
    _kind, _body, shown = as_shown(admin, made.getvalue())
    assert shown.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    "content",
    [
        # Small as it is.
        picture(size=(200, 100)),
        # 36 million pixels in a few bytes: nothing is unpacked.
        picture(size=(6000, 6000), mode="1"),
        picture("JPEG", size=(5000, 5000), mode="L", progressive=True),
        # Only its beginning.
        picture("JPEG")[:600],
    ],
)
def test_image_that_can_not_or_need_not_be_made_smaller_is_sent_as_it_is(admin, db, content):
    response = admin.get(f"taskdock/attachment/{kept(content).pk}/thumbnail/")
    assert b"".join(response.streaming_content) == content


def test_cover_is_shown_large_above_the_files(admin, db):
    task = make_task()
    file = kept(picture(), task)
    page = admin.get(f"taskdock/task/{task.pk}/change/").content.decode()
    assert "taskdock-cover" not in page
    set_cover(actor=make_actor(), task_id=task.pk, attachment_id=file.pk)
    page = admin.get(f"taskdock/task/{task.pk}/change/").content.decode()
    assert page.count(f'src="{ADMIN}/taskdock/attachment/{file.pk}/cover/"') == 1
    assert f'src="{ADMIN}/taskdock/attachment/{file.pk}/thumbnail/"' in page
    whole = f"{ADMIN}/taskdock/attachment/{file.pk}/image/"
    assert page.count(f'href="{whole}"') == 2
    assert b"".join(admin.client.get(whole).streaming_content) == picture()
