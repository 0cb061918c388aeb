"""Where the ticks of an axis are: at round numbers, few enough to be read."""

from __future__ import annotations

from collections.abc import Sequence

#: Steps between two ticks, times any power of ten.
_ROUND = (1, 2, 5, 10)
_HOUR = 3600
#: Steps of an axis of time, in seconds, below ten hours.
_STEPS_OF_TIME = (60, 300, 900, 1800, _HOUR, 2 * _HOUR, 5 * _HOUR)


def ticks(top: float, *, most: int = 5) -> list[int]:
    """Whole numbers from 0 to the first that is ``top`` or more; 0 and 1 where there is nothing."""
    return _up_to(max(top, 1), _step(max(top, 1), most))


def time_ticks(seconds: float, *, most: int = 5) -> list[int]:
    """The same of time, in seconds: at minutes, quarters, hours."""
    top = max(seconds, 60)
    for step in _STEPS_OF_TIME:
        if top <= step * most:
            return _up_to(top, step)
    return _up_to(top, _step(top / _HOUR, most) * _HOUR)


def spread(count: int, *, most: int) -> Sequence[int]:
    """Which of so many points in a row are labelled: the first, and others at one distance."""
    return range(0, count, max(1, -(-count // most)))


def _step(top: float, most: int) -> int:
    power = 1
    while True:
        for one in _ROUND:
            if top <= one * power * most:
                return one * power
        power *= 10


def _up_to(top: float, step: int) -> list[int]:
    last = -(-int(-(-top // 1)) // step)
    return [step * number for number in range(last + 1)]
