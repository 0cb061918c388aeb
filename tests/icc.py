"""ICC profiles (version 2.1, made of a matrix and a curve), for whoever uploads a picture."""

import struct

#: The primaries of sRGB and of Display P3 as XYZ, adapted to D50 (Bradford).
SRGB = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
D50 = (0.9642, 1.0, 0.8249)


def rgb_profile(primaries: tuple[tuple[float, ...], ...], gamma: float = 2.2) -> bytes:
    """A profile of a screen with these primaries."""
    curve = _curve(gamma)
    colours = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, primaries), strict=True))
    return _profile(b"RGB ", colours | {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})


def grey_profile(gamma: float) -> bytes:
    """A profile of grey with this exponent."""
    return _profile(b"GRAY", {b"kTRC": _curve(gamma)})


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = b"Made for a test\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78
    tags = {
        b"desc": description + b"\0" * (-len(description) % 4),
        b"cprt": b"text\0\0\0\0" + text,
        b"wtpt": _xyz(D50),
    } | tags
    start = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += name + struct.pack(">2I", start + len(data), len(value))
        data += value
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIQI12s48s",
        *(start + len(data), b"", 0x02100000, b"mntr", space, b"XYZ ", b"", b"acsp"),
        *(b"", 0, 0, 0, 0, 0, struct.pack(">3i", *(round(v * 65536) for v in D50)), b""),
    )
    return header + table + data
