"""Which files may be a task's cover."""

from __future__ import annotations

import math
from collections.abc import Mapping
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from tasks.exceptions import ImageTooLarge, NotAnImage, PillowMissing

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

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
#: In bytes. The largest profiles in use, those of printing presses, have 1 to 3 MB.
_MAX_PROFILE = 8 * 1024 * 1024
#: The exponent with which files are encoded that say nothing else; sRGB is close to it.
_USUAL_GAMMA = 1 / 2.2
#: Exponents beyond these are mistakes.
_LEAST_GAMMA, _MOST_GAMMA = 0.01, 100
#: Where the curve of sRGB stops being a line.
_END_OF_LINE = 0.0031308
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

    It stands upright, has the colours that a browser shows of the original, keeps what is
    transparent, and nothing of what a camera wrote beside the
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
            shown = _eight_bit(image)
            shown.thumbnail((side, side))
            shown = _in_srgb(shown, image.info)
            shown.info.clear()
            made = BytesIO()
            shown.save(made, "WEBP", quality=80, method=2)
    except Exception:  # noqa: BLE001 (a broken image raises whatever its format's reader runs into)
        return None
    finally:
        file.seek(0)
    return made.getvalue(), _SMALL_TYPE


def _eight_bit(image: PillowImage) -> PillowImage:
    """The image with eight bits a channel, in a mode that can be resized: not of a palette."""
    if image.mode.startswith("I"):
        return _eight_bit_grey(image)
    if image.mode in {"1", "P", "PA"} or (image.mode in {"L", "RGB"} and _has_key(image)):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    # A copy, since it is resized in place; what else there is, no format of ours has.
    return (
        image.copy() if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} else image.convert("RGB")
    )


def _has_key(image: PillowImage) -> bool:
    """Whether one colour of the image is transparent."""
    return "transparency" in image.info


def _eight_bit_grey(image: PillowImage) -> PillowImage:
    """Sixteen bits of grey as eight: Pillow's ``convert`` would cut off all above 255."""
    from PIL import Image, ImageMath

    deep = image.convert("I")
    grey = deep.point(lambda value: value * (1 / 257)).convert("L")
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return grey
    alpha = ImageMath.lambda_eval(
        lambda args: args["convert"](255 * (args["deep"] != key), "L"), deep=deep
    )
    return Image.merge("LA", (grey, alpha))


def _in_srgb(image: PillowImage, info: Mapping[Any, Any]) -> PillowImage:
    """The image as RGB or RGBA, in the colours of sRGB.

    ``info`` is what the file says of its colours: an ICC profile, or else a gamma. One that is
    broken, or of another kind of image, is ignored, as browsers do.
    """
    has_alpha = image.mode in {"LA", "RGBA"}
    alpha = image.getchannel("A") if has_alpha else None
    base = image.convert(image.mode.removesuffix("A")) if has_alpha else image
    profile = info.get("icc_profile")
    converted = _by_profile(base, profile) if profile else None
    if converted is None:
        converted = base.convert("RGB")
        if not profile and "srgb" not in info:
            converted = _by_gamma(converted, info.get("gamma"))
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _by_profile(image: PillowImage, profile: bytes) -> PillowImage | None:
    """The image converted from an ICC profile to sRGB; None where that is not possible."""
    from PIL import ImageCms

    if len(profile) > _MAX_PROFILE:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except Exception:  # noqa: BLE001 (also an ImportError, where Pillow has no LittleCMS)
        return None


def _by_gamma(image: PillowImage, gamma: Any) -> PillowImage:
    """The image encoded as sRGB, of one encoded with another exponent."""
    if not isinstance(gamma, float) or not _LEAST_GAMMA < gamma < _MOST_GAMMA:
        return image
    if abs(gamma - _USUAL_GAMMA) < 0.05 * _USUAL_GAMMA:
        return image
    table = [round(255 * _srgb(math.pow(value / 255, 1 / gamma))) for value in range(256)]
    return image.point(table * 3)


def _srgb(light: float) -> float:
    """An amount of light, 0 to 1, as sRGB encodes it (IEC 61966-2-1)."""
    return 12.92 * light if light <= _END_OF_LINE else 1.055 * math.pow(light, 1 / 2.4) - 0.055
