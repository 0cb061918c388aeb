"""Pictures, for whoever uploads some."""

from io import BytesIO
from typing import Any

from PIL import Image


def picture(
    kind: str = "PNG", size: tuple[int, int] = (1000, 500), mode: str = "RGB", **options: Any
) -> bytes:
    """A file with a picture whose upper half is white and whose lower half is black."""
    made = BytesIO()
    image = Image.new(mode, size, "black")
    image.paste("white", (0, 0, size[0], size[1] // 2))
    image.save(made, kind, **options)
    return made.getvalue()
