"""Which files may be a task's cover."""

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
