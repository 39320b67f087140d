"""Numbers in cells of a fixed width, so that nothing moves when they change.

Which digits are shown follows from the width alone, and a number that is larger or smaller than usual takes another
form in the same cells: fewer decimals, an exponent. The points of numbers below ten stand under one another, a minus is
shown and a plus is not, and no number that is not zero looks like zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradstep.engine.arrays import LAST_BITS
from gradstep.tui.text.numbers import FULL_PRECISION, LARGEST_FIXED, SIGNIFICANT, half_up

EXPONENT = 7  # cells of the shortest form of every number: −1e+300
NARROWEST = 9  # cells: −1.2e+300
LEAST_ALIGNED = 7  # cells: −0.1234
FULL = 24  # cells in which every double can be written so that it is read back: −1.2345678901234567e−300
BRIEF_WHOLE = 1e5  # below this a number in few characters has no exponent


def width_of(digits: int) -> int:
    """The cells of a number with this many decimals; 17 asks for all digits there are."""
    return FULL if digits >= FULL_PRECISION else max(NARROWEST, digits + 3)


def cell(value: float, width: int) -> str:
    """A number in exactly `width` cells, at least `NARROWEST` where it may be any: sign, one digit, point, decimals.

    Zeros at the end are blanks where the number is a shorter decimal but for its last bits: 0.15 and not 0.150000000.
    """
    if not math.isfinite(value):
        return ("NaN" if math.isnan(value) else "inf" if value > 0 else "-inf").rjust(4).ljust(width)
    if width >= FULL:
        return _exactly(value, width)
    if value == 0:
        return " 0".ljust(width)
    size, digits = abs(value), SIGNIFICANT if width >= EXPONENT else SIGNIFICANT - 1
    if 10.0 ** (digits + 2 - width) <= size * (1 + LAST_BITS) < min(LARGEST_FIXED, 10.0 ** (width - 3)):
        return _fixed(value, width)
    return _scientific(value, width)


def _fixed(value: float, width: int) -> str:
    whole = len(str(int(abs(value))))
    for decimals in (width - 2 - whole, max(0, width - 3 - whole)):  # rounding may have made it longer
        rounded = half_up(value, decimals, significant=False)
        text = f"{rounded: .{decimals}f}"
        if len(text) <= width:
            break
    if "." in text and abs(float(text) - value) <= LAST_BITS * abs(value):
        text = text.rstrip("0").rstrip(".")
    return text.ljust(width)


def _scientific(value: float, width: int) -> str:
    for decimals in range(max(0, width - EXPONENT), -1, -1):  # of two digits an exponent takes a cell less
        text = f"{half_up(value, decimals, significant=True): .{decimals}e}"
        if len(text) <= width:
            return text.ljust(width)
    raise ValueError(width)


def whole(value: float, width: int) -> str:
    """A whole number in exactly `width` cells, a minus shown and a plus not; raises ValueError where it is longer."""
    text = f"{value + 0.0: .0f}"
    if len(text) > width or float(text) != value:
        raise ValueError(width)
    return text.ljust(width)


def pointed(value: float, width: int, whole: int = 3) -> str:
    """A number in exactly `width` cells, `width` − `whole` − 2 decimals, whose point stands where all others' does.

    Zeros at the end are blanks as in `cell`. What is too large for that, or shows less than two digits, is written with
    an exponent, its point there too where there is room.
    """
    if not math.isfinite(value) or value == 0:
        return (" " * (whole - 1) + cell(value, width - whole + 1))[:width]
    decimals, size = width - whole - 2, abs(value) * (1 + LAST_BITS)
    if 10.0 ** (1 - decimals) <= size < 10.0**whole - 1:
        number = _fixed(value, decimals + 2 + len(str(int(abs(value)))))
        point = number.find(".")
        digits = len(number.rstrip()) if point < 0 else point
        return (" " * (whole + 1 - digits) + number).ljust(width)[:width]
    for before in range(min(whole - 1, width - EXPONENT), 0, -1):
        text = _scientific(value, width - before)
        if "." in text:
            return " " * before + text
    return _scientific(value, width)


def _exactly(value: float, width: int) -> str:
    """The shortest decimal number that is read back as the same double."""
    text = repr(float(value)).removesuffix(".0")
    return (text if text.startswith("-") else f" {text}").ljust(width)


def as_column(values: Sequence[float | None], width: int) -> list[str]:
    """Numbers of a column in exactly `width` cells each, their points under one another; "" for None.

    What needs an exponent keeps its own form.
    """
    texts = ["" if value is None else cell(value, width) for value in values]
    wholes = [_whole_digits(text) for text in texts]
    most = max(wholes, default=0)
    for place, (value, whole) in enumerate(zip(values, wholes, strict=True)):
        if value is None or not 0 < whole < most or width >= FULL:
            continue
        shorter = width - (most - whole)
        moved = cell(value, shorter) if shorter >= LEAST_ALIGNED else ""
        if _whole_digits(moved) == whole:
            texts[place] = " " * (most - whole) + moved
    return texts


def _whole_digits(text: str) -> int:
    """The digits before the point; 0 of what is no decimal number."""
    text = text.strip().removeprefix("-")
    return len(text.partition(".")[0]) if text.replace(".", "", 1).isdigit() else 0


def missing(width: int, sign: str) -> str:
    """The sign of a number that is not computed yet, where its units digit will stand."""
    return f" {sign}".ljust(width)


def brief(value: float, digits: int = 3) -> str:
    """A number in few characters: up to so many significant digits, without a plus, zeros or blanks at its end."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"
    rounded = half_up(value, digits - 1, significant=True) + 0.0  # no minus before a zero
    whole = 10.0**digits <= abs(rounded) < BRIEF_WHOLE
    return f"{half_up(value, 0, significant=False):.0f}" if whole else f"{rounded:.{digits}g}"


def squeezed(value: float, width: int, digits: int = 4) -> str:
    """A number in at most `width` cells, with as many significant digits as fit; "" where not even one does."""
    texts = (brief(value, few) for few in range(digits, 0, -1))
    return next((text for text in texts if len(text) <= width), "")
