"""Which files may be a task's cover."""

from typing import IO, Any

from tasks.exceptions import ImageTooLarge, NotAnImage, PillowMissing

#: Formats that every browser shows and none runs: SVG, which may hold scripts, is not among them.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
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
