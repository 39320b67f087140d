"""The characters that numbers are drawn with: how far one is from zero, and on which side of it.

Negative numbers have characters of their own, so that nothing is lost without colours; so have NaN and the infinities.
A blank is 0 and nothing else is. Heat maps and images are drawn by `sign_of`; the surface, whose levels need not begin
at 0, takes the ramps alone.
"""

from __future__ import annotations

import math

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import pictures as words

SHADES = " ░▒▓█"
ASCII_SHADES = " .+*#"
NEGATIVE = " -=≡▬"
ASCII_NEGATIVE = " -=%@"
NAN, BELOW, ABOVE = "?", "v", "^"


def ramps(ascii: bool) -> tuple[str, str]:
    """The characters of positive and of negative numbers, from blank to the darkest."""
    return (ASCII_SHADES, ASCII_NEGATIVE) if ascii else (SHADES, NEGATIVE)


def nonfinite_sign(value: float) -> Piece:
    """The character of NaN or an infinity, and its style."""
    return (NAN if math.isnan(value) else ABOVE if value > 0 else BELOW), "nonfinite"


def sign_of(value: float, largest: float, *, ascii: bool) -> Piece:
    """The character of a number up to `largest` in magnitude, and its style; blank only for 0."""
    if not math.isfinite(value):
        return nonfinite_sign(value)
    positive, negative = ramps(ascii)
    shades, key = (negative, "negative") if value < 0 else (positive, "positive")
    steps = len(shades) - 1
    level = 0 if value == 0 else min(steps, max(1, math.ceil(abs(value) / largest * steps - 1e-9)))
    return shades[level], key


def largest_magnitude(values: Array) -> float:
    """The largest finite magnitude, which the darkest characters stand for; 0 where there is none."""
    finite = np.isfinite(values)
    return float(max(np.max(values, initial=0.0, where=finite), -np.min(values, initial=0.0, where=finite)))


def flat(values: Array) -> str:
    """Why numbers have no scale: all are 0, or none is finite."""
    return words.ALL_ZERO if np.isfinite(values).any() else words.NONE_FINITE


def nonfinite_legend(values: Array) -> str:
    """The meaning of the signs of NaN and infinities, where there are any among the values."""
    there = ((NAN, "NaN", np.isnan(values)), (ABOVE, "+inf", values == np.inf), (BELOW, "-inf", values == -np.inf))
    return "  ".join(f"{sign} {word}" for sign, word, places in there if places.any())
