"""Which files may be a task's cover."""

from io import BytesIO
from typing import IO, Any

from tasks.exceptions import ImageTooLarge, NotAnImage, PillowMissing

#: Formats that every browser shows and none runs: SVG, which may hold scripts, is not among them.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
#: What these are called, and how a file of each begins.
INLINE_TYPES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
#: A picture of more could take a browser, or whoever makes a thumbnail, down with its pixels.
MAX_PIXELS = 50_000_000
#: Unpacking a pixel takes 4 bytes: 64 MB for so many, and of one core 0.3 s (one colour) to 1.6 s
#: (noise) for a PNG.
_MOST_UNPACKED = 16_000_000
_SMALL_TYPE = "image/webp"


def check_image(file: IO[Any]) -> None:
    """Raises ``NotAnImage``, ``ImageTooLarge``, or ``PillowMissing`` where nobody can tell.

    Reads what the format says of itself; no pixel is unpacked.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise PillowMissing from error
    try:
        with Image.open(file, formats=FORMATS) as image:
            width, height = image.size
            if width * height <= MAX_PIXELS:
                image.verify()
                return
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLarge(MAX_PIXELS) from error
    except Exception as error:  # a broken image raises whatever its format's reader runs into
        raise NotAnImage from error
    raise ImageTooLarge(MAX_PIXELS)


def image_type(file: IO[Any]) -> str | None:
    """Which of the types that browsers show and do not run a file begins as, or None."""
    start = file.read(12)
    file.seek(0)
    for name, beginnings in INLINE_TYPES.items():
        if start.startswith(beginnings) and (name != "image/webp" or start[8:] == b"WEBP"):
            return name
    return None


def smaller(file: IO[Any], side: int) -> tuple[bytes, str] | None:
    """An image at most ``side`` pixels wide and high, and its type.

    It stands upright and keeps what is transparent, and nothing of what a camera wrote beside the
    picture, such as where it was taken. None where the file is small as it is, where unpacking it
    would take too much, where it is broken, and where Pillow is not installed.
    """
    try:
        from PIL import Image, ImageOps
    except ImportError:
        return None
    try:
        with Image.open(file, formats=FORMATS) as image:
            if max(image.size) <= side and not image.getexif():
                return None
            if image.format in {"JPEG", "MPO"} and not image.info.get("progressive"):
                # Read at a fraction of its size; a progressive one is put together whole first.
                image.draft("RGB", (side, side))
            width, height = image.size
            if width * height > _MOST_UNPACKED:
                return None
            ImageOps.exif_transpose(image, in_place=True)
            mode = "RGBA" if image.has_transparency_data else "RGB"
            shown = image if image.mode == mode else image.convert(mode)
            shown.thumbnail((side, side))
            shown.info.clear()
            made = BytesIO()
            shown.save(made, "WEBP", quality=80, method=2)
    except Exception:  # noqa: BLE001 (a broken image raises whatever its format's reader runs into)
        return None
    finally:
        file.seek(0)
    return made.getvalue(), _SMALL_TYPE
