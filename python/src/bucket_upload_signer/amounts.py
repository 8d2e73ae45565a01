"""Sizes and durations, as people write them."""

from __future__ import annotations

import math
import re
from typing import Union

Size = Union[int, str]
"""Bytes, or a text such as ``"25MB"`` (powers of 1000) or ``"1.5 GiB"`` (powers of 1024)."""

Duration = Union[int, str]
"""Seconds, or a text such as ``"30s"``, ``"15m"``, ``"24h"`` or ``"7d"``."""

MOST = 2**53 - 1
"""The largest whole number that JavaScript can tell from its neighbors."""

_UNITS = {"": 1, "b": 1}
_UNITS.update({f"{letter}b": 1000**power for power, letter in enumerate("kmgt", 1)})
_UNITS.update({f"{letter}ib": 1024**power for power, letter in enumerate("kmgt", 1)})
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_size(value: Size) -> int:
    """Bytes.

    :raises ValueError: for what is no size
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)", str(value).strip().lower())
    factor = _UNITS.get(match[2]) if match else None
    if not match or factor is None or float(match[1]) * factor > MOST:
        raise ValueError(f'"{value}" is not a size. Write a number of bytes, or "25MB".')
    return round(float(match[1]) * factor)


def parse_duration(value: Duration) -> int:
    """Seconds, from one to a hundred years.

    :raises ValueError: for what is no duration
    """
    match = re.fullmatch(r"([0-9]{1,10})\s*([smhd]?)", str(value).strip())
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 1 <= seconds <= 36_500 * 86_400:
        raise ValueError(f'"{value}" is not a duration. Write seconds, or "15m", "24h", "7d".')
    return seconds


def format_size(size: int) -> str:
    """For people. It rounds down, so that "at most" is never more than what is allowed."""
    units = ["bytes", "kB", "MB", "GB", "TB"]
    power = 0
    while power < len(units) - 1 and size >= 1000 ** (power + 1):
        power += 1
    return f"{math.floor(size / 1000**power * 100) / 100:g} {units[power]}"
