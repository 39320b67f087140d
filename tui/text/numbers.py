"""How a number is written.

All numbers of one array are written the same way, so that they can be compared by looking down a column:
the sign is always there, the decimal points stand under one another, and no number that is not zero looks
like zero. The last bits of a number, which differ between machines, decide neither how many digits it has nor, in the
middle between two decimal numbers, to which it is rounded: that is away from zero. How is decided once for an array
(`number_format`); writing one number is then an f-string. Where the numbers stand on the screen is left to `text.grid`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from gradstep.engine.arrays import LAST_BITS

FULL_PRECISION = 17  # asking for this many digits writes every number so that the same double is read back
LARGEST_FIXED = 1e7  # from this magnitude on numbers are written with an exponent
SIGNIFICANT = 3  # digits that count of a number in fixed notation at least, or the array gets exponents
EXACT_LIMIT = 4096  # in arrays with more elements than this nobody looks for numbers that need few decimals
EXACT_INTEGERS = 2.0**53  # below this every integer is a double, so that a value can be scaled to one without loss


@dataclass(frozen=True)
class NumberFormat:
    """One way of writing numbers, made for the numbers of one array."""

    width: int  # cells of every number written with it
    decimals: int  # digits after the point; 0 for no point
    scientific: bool  # with an exponent: +3.510188e-05
    shortest: bool = False  # digits beyond those that tell the double from its neighbours are written 0

    @property
    def units(self) -> int:
        """How many cells lead up to and include the units digit, the one before the point."""
        if self.scientific:
            return 2
        return self.width - (self.decimals + 1 if self.decimals else 0)

    def text(self, value: float) -> str:
        """`value` in exactly `width` cells, if it is one of the numbers the format was made for.

        Zero is a lone 0 before the point, blanks after it; its sign, which may be the machine's own, is only shown in
        full precision.
        """
        if value == 0:
            zero = "-0" if self.shortest and math.copysign(1.0, value) < 0 else "+0"
            return zero.rjust(self.units).ljust(self.width)
        if not math.isfinite(value):
            word = "NaN" if math.isnan(value) else "+inf" if value > 0 else "-inf"
            return word.rjust(self.width if self.scientific else self.units).ljust(self.width)
        if self.shortest:
            return self._shortest(value)
        value = half_up(value, self.decimals, significant=self.scientific)
        if self.scientific:
            return f"{value:+.{self.decimals}e}".ljust(self.width)
        return f"{value:+{self.width}.{self.decimals}f}"

    def _shortest(self, value: float) -> str:
        """The decimal number `repr` knows, which reads back as the same double, filled up with zeros."""
        number = Decimal(repr(float(value)))
        if not self.scientific:
            return f"{number:+.{self.decimals}f}".rjust(self.width)
        mantissa, exponent = f"{number:+.{self.decimals}e}".split("e")
        return f"{mantissa}e{int(exponent):+03d}".ljust(self.width)


def number_format(values: npt.ArrayLike, digits: int) -> NumberFormat:
    """One format for all of an array of any shape, with at most `digits` decimals.

    `digits` is 4 to 17; 17 asks for full precision, for which small numbers may get more decimals than that.
    Fewer decimals are used where they write every element exactly but for its last bits (0.15, 0.25, 1), in arrays of
    up to `EXACT_LIMIT` elements. Exponents are used from `LARGEST_FIXED` on and wherever an element would otherwise
    show fewer than `SIGNIFICANT` digits.
    """
    numbers = np.asarray(values, dtype=np.float64).ravel()
    is_finite = np.isfinite(numbers)
    words = 0
    if not is_finite.all():
        words = 4 if np.isinf(numbers).any() else 3
        numbers = numbers[is_finite]
    magnitudes = np.abs(numbers)
    largest = float(np.max(magnitudes, initial=0.0))
    smallest = float(np.min(magnitudes, initial=math.inf, where=magnitudes > 0))
    to_the_bit = digits >= FULL_PRECISION
    slack = 0.0 if to_the_bit else LAST_BITS
    exact = _exact_decimals(numbers, slack, digits)
    full = to_the_bit and exact is None
    least = 10.0 ** (SIGNIFICANT - 1 - (6 if full else digits))
    if largest * (1 + slack) >= LARGEST_FIXED or (exact is None and smallest * (1 + slack) < least):
        decimals = 16 if to_the_bit else digits
        loose = NumberFormat(0, decimals, scientific=True, shortest=to_the_bit)
        width = max(words, *(len(loose.text(magnitude)) for magnitude in (largest, min(smallest, largest))))
        return NumberFormat(width, decimals, scientific=True, shortest=to_the_bit)
    decimals = exact if exact is not None else 16 - _exponent(smallest) if full else digits
    loose = NumberFormat(0, decimals, scientific=False, shortest=to_the_bit)
    units = max(len(loose.text(largest).partition(".")[0]), words)
    return NumberFormat(units + (decimals + 1 if decimals else 0), decimals, scientific=False, shortest=to_the_bit)


def half_up(value: float, digits: int, *, significant: bool) -> float:
    """A number, moved past the middle between two decimal numbers where but for its last bits it lies there.

    digits: after the point, or significant ones after the first. It is moved by no more than a thousandth of the last.
    """
    most = 10.0 ** -(digits + 3)
    moved = value + math.copysign(min(LAST_BITS * abs(value), most * (abs(value) / 10 if significant else 1)), value)
    return moved if math.isfinite(moved) else value


def short(value: float, digits: int) -> str:
    """A single number, by the same rules but without the blanks around it."""
    return number_format(value, digits).text(value).strip()


def plain_number(value: float, digits: int) -> str:
    """As `short`, without a plus."""
    return short(value, digits).removeprefix("+")


def byte_count(count: int) -> str:
    """A number of bytes in three digits and a unit."""
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1024
    return f"{size:.3g} GiB"


def _exact_decimals(numbers: npt.NDArray[np.float64], slack: float, digits: int) -> int | None:
    """The fewest decimals, up to `digits`, that write all of `numbers` exactly; None if those do not.

    slack: by how much of itself a number may be another one, as long as `digits` decimals would be the same and zeros.
    As long as n is an integer below 2**53, n / 10**k is the double nearest to that decimal number, the one
    that is read back.
    """
    if numbers.size > EXACT_LIMIT:
        return None
    magnitudes = np.abs(numbers)
    largest = float(np.max(magnitudes, initial=0.0))
    slacks = np.minimum(slack * magnitudes, 0.5 * 10.0**-digits)
    for decimals in range(digits + 1):
        power = 10.0**decimals
        if largest * power >= EXACT_INTEGERS:
            return None
        if (np.abs(np.rint(numbers * power) / power - numbers) <= slacks).all():
            return decimals
    return None


def _exponent(magnitude: float) -> int:
    """The power of ten of the first digit that counts."""
    return int(f"{magnitude:.16e}".partition("e")[2])
