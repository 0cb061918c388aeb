"""Small images in the admin have the colours that the original shows."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from tasks.images import smaller
from tests.admin.test_images import as_shown
from tests.icc import DISPLAY_P3, SRGB, grey_profile, rgb_profile

SIZE = (600, 400)
#: What lossy compression may change of a plain colour.
TOLERANCE = 4


def png(mode, colour, *, chunks=b"", **options):
    """A picture of one colour; ``chunks`` follow its header."""
    made = BytesIO()
    Image.new(mode, SIZE, colour).save(made, "PNG", **options)
    content = made.getvalue()
    return content[:33] + chunks + content[33:]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of_samples(colour_type, samples, *, chunks=b""):
    """A PNG with sixteen bits a channel, which Pillow itself writes of grey alone."""
    width, height = SIZE
    row = b"\0" + struct.pack(f">{len(samples)}H", *samples) * width
    header = struct.pack(">2I5B", width, height, 16, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunks
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


def encoded(kind, mode, colour, **options):
    made = BytesIO()
    Image.new(mode, SIZE, colour).save(made, kind, **options)
    return made.getvalue()


def palette(colour, **options):
    image = Image.new("P", SIZE, 1)
    image.putpalette([0, 0, 0, *colour])
    made = BytesIO()
    image.save(made, "PNG", **options)
    return made.getvalue()


def animated(kind):
    made = BytesIO()
    first, second = Image.new("RGB", SIZE, "red"), Image.new("RGB", SIZE, "blue")
    first.save(made, kind, save_all=True, append_images=[second], duration=100)
    return made.getvalue()


def in_srgb(colour, primaries, gamma=2.2):
    """What a colour of a screen with these primaries is in sRGB: the oracle."""
    light = [(value / 255) ** gamma for value in colour]
    xyz = [sum(c * p[i] for c, p in zip(light, primaries, strict=True)) for i in range(3)]
    inverse = (
        (3.1339, -1.6169, -0.4906),
        (-0.9788, 1.9161, 0.0335),
        (0.0719, -0.2290, 1.4052),
    )
    linear = [sum(row[i] * xyz[i] for i in range(3)) for row in inverse]
    return tuple(encode(min(1, max(0, value))) for value in linear)


def encode(light):
    value = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(255 * value)


SKIN = (200, 120, 90)
P3 = rgb_profile(DISPLAY_P3)
#: Red of this one is green: nobody can miss that it counts.
SWAPPED = rgb_profile((SRGB[1], SRGB[2], SRGB[0]))
SRGB_CHUNK = chunk(b"sRGB", b"\0")


def gamma(value):
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


CASES = {
    "grey of 16 bits": (png("I;16", 0x8080), (128, 128, 128)),
    "dark grey of 16 bits": (png("I;16", 0x2000), (32, 32, 32)),
    "black of 16 bits": (png("I;16", 0), (0, 0, 0)),
    "white of 16 bits": (png("I;16", 0xFFFF), (255, 255, 255)),
    "grey of 16 bits, just above 255": (png("I;16", 300), (1, 1, 1)),
    "RGB of 16 bits": (png_of_samples(2, (0xC800, 0x7800, 0x5A00)), SKIN),
    "grey and alpha of 16 bits": (png_of_samples(4, (0x8080, 0xFFFF)), (128, 128, 128)),
    "RGB and alpha of 16 bits": (png_of_samples(6, (0xC800, 0x7800, 0x5A00, 0xFFFF)), SKIN),
    "grey": (png("L", 120), (120, 120, 120)),
    "grey and alpha": (png("LA", (120, 255)), (120, 120, 120)),
    "one bit": (png("1", 1), (255, 255, 255)),
    "palette": (palette(SKIN), SKIN),
    "CMYK": (encoded("JPEG", "CMYK", (0, 255, 255, 0), quality=95), (255, 0, 0)),
    "progressive": (encoded("JPEG", "RGB", SKIN, quality=95, progressive=True), SKIN),
    "WebP": (encoded("WEBP", "RGB", SKIN, lossless=True), SKIN),
    "animated GIF": (animated("GIF"), (255, 0, 0)),
    "animated WebP": (animated("WEBP"), (255, 0, 0)),
    "sRGB profile": (png("RGB", SKIN, icc_profile=rgb_profile(SRGB)), in_srgb(SKIN, SRGB)),
    "Display P3": (png("RGB", SKIN, icc_profile=P3), in_srgb(SKIN, DISPLAY_P3)),
    "Display P3 with alpha": (
        png("RGBA", (*SKIN, 255), icc_profile=P3),
        in_srgb(SKIN, DISPLAY_P3),
    ),
    "Display P3 in a JPEG": (
        encoded("JPEG", "RGB", SKIN, quality=95, icc_profile=P3),
        in_srgb(SKIN, DISPLAY_P3),
    ),
    "Display P3 in a WebP": (
        encoded("WEBP", "RGB", SKIN, lossless=True, icc_profile=P3),
        in_srgb(SKIN, DISPLAY_P3),
    ),
    "Display P3 of a palette": (palette(SKIN, icc_profile=P3), in_srgb(SKIN, DISPLAY_P3)),
    "swapped primaries": (png("RGB", (255, 0, 0), icc_profile=SWAPPED), (0, 255, 0)),
    "linear grey profile": (
        png("L", 55, icc_profile=grey_profile(1.0)),
        (encode(55 / 255),) * 3,
    ),
    "linear grey profile with alpha": (
        png("LA", (55, 255), icc_profile=grey_profile(1.0)),
        (encode(55 / 255),) * 3,
    ),
    "linear grey profile of 16 bits": (
        png("I;16", 55 * 257, icc_profile=grey_profile(1.0)),
        (encode(55 / 255),) * 3,
    ),
    "broken profile": (png("RGB", SKIN, icc_profile=b"no profile at all"), SKIN),
    "cut profile": (png("RGB", SKIN, icc_profile=P3[:150]), SKIN),
    "empty profile": (encoded("WEBP", "RGB", SKIN, lossless=True, icc_profile=b"\0" * 200), SKIN),
    "profile of another kind": (png("RGB", SKIN, icc_profile=grey_profile(1.0)), SKIN),
    "profile of colours for grey": (png("L", 120, icc_profile=P3), (120, 120, 120)),
    "linear gamma": (
        png("RGB", (55, 55, 55), chunks=gamma(1.0)),
        (encode(55 / 255),) * 3,
    ),
    "usual gamma": (png("RGB", SKIN, chunks=gamma(0.45455)), SKIN),
    "gamma beside sRGB": (png("RGB", SKIN, chunks=SRGB_CHUNK + gamma(1.0)), SKIN),
    "gamma of nothing": (png("RGB", SKIN, chunks=gamma(0.0)), SKIN),
    "gamma beside a profile": (
        png("RGB", SKIN, chunks=gamma(1.0), icc_profile=P3),
        in_srgb(SKIN, DISPLAY_P3),
    ),
}


@pytest.mark.parametrize(("content", "colour"), CASES.values(), ids=CASES)
def test_small_image_has_the_colours_of_the_original(admin, db, content, colour):
    kind, body, shown = as_shown(admin, content)
    assert (kind, shown.size) == ("image/webp", (240, 160))
    assert shown.convert("RGB").getpixel((120, 80)) == pytest.approx(colour, abs=TOLERANCE)
    assert "icc_profile" not in shown.info
    assert len(body) < 3000


TRANSPARENT = {
    "alpha": png("RGBA", (*SKIN, 0)),
    "alpha with a profile": png("RGBA", (*SKIN, 0), icc_profile=P3),
    "grey and alpha": png("LA", (120, 0)),
    "grey and alpha with a profile": png("LA", (120, 0), icc_profile=grey_profile(1.0)),
    "alpha of 16 bits": png_of_samples(6, (0xC800, 0x7800, 0x5A00, 0)),
    "colour of a palette": palette(SKIN, transparency=1),
    "colour of a palette with a profile": palette(SKIN, transparency=1, icc_profile=P3),
    "grey": png("L", 120, transparency=120),
    "colour": png("RGB", SKIN, transparency=SKIN),
    "grey of 16 bits": png("I;16", 0x8080, transparency=0x8080),
    "WebP": encoded("WEBP", "RGBA", (*SKIN, 0), lossless=True, icc_profile=P3),
    "GIF": encoded("GIF", "P", 1, transparency=1),
}


@pytest.mark.parametrize("content", TRANSPARENT.values(), ids=TRANSPARENT)
def test_small_image_keeps_what_is_transparent_in_every_mode(content):
    small = smaller(BytesIO(content), 240)
    assert small is not None
    assert Image.open(BytesIO(small[0])).convert("RGBA").getpixel((120, 80))[3] == 0


def test_grey_of_16_bits_beside_a_transparent_one_is_opaque():
    small = smaller(BytesIO(png("I;16", 0x8080, transparency=0x8081)), 240)
    assert Image.open(BytesIO(small[0])).convert("RGBA").getpixel((5, 5))[3] == 255


def test_steps_of_16_bit_grey_stay_apart():
    row = [column * 65535 // (SIZE[0] - 1) for column in range(SIZE[0])]
    image = Image.frombytes("I;16", SIZE, struct.pack(f"<{SIZE[0]}H", *row) * SIZE[1])
    made = BytesIO()
    image.save(made, "PNG")
    small = Image.open(BytesIO(smaller(BytesIO(made.getvalue()), 240)[0])).convert("L")
    for place, expected in [(0, 0), (60, 64), (120, 128), (180, 191), (239, 255)]:
        assert small.getpixel((place, 80)) == pytest.approx(expected, abs=4)


def test_image_with_a_profile_is_shown_where_pillow_has_no_colour_management(monkeypatch):
    def missing(*_args, **_kwargs):
        raise ImportError

    monkeypatch.setattr(ImageCms, "ImageCmsProfile", missing)
    small = smaller(BytesIO(png("RGB", SKIN, icc_profile=P3)), 240)
    shown = Image.open(BytesIO(small[0])).convert("RGB")
    assert shown.getpixel((9, 9)) == pytest.approx(SKIN, abs=TOLERANCE)
