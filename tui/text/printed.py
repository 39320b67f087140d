"""Numbers that a source prints, as they are, and the computed ones beside them."""

from __future__ import annotations

from typing import Any

from gradstep.tui.text.numbers import half_up


def as_printed(printed: Any) -> str:
    """One printed value: the text as it is, a number so that it is read back, a truth in lower case; "-" for none."""
    if isinstance(printed, bool):
        return "true" if printed else "false"
    return (printed or "-") if isinstance(printed, str) else repr(printed)


def as_computed(value: Any, printed: Any, *, agrees: bool) -> str:
    """The computed value beside a printed one, to two digits more than are printed.

    What agrees with a printed double is written without its last bits.
    """
    if isinstance(value, bool):
        return as_printed(value)
    if isinstance(printed, str) and printed:
        digits = sum(character.isdigit() for character in printed.lower().partition("e")[0].lstrip("+-−0."))
        shown = min(17, digits + 2)
        return f"{half_up(value, shown - 1, significant=True):.{shown}g}"
    return repr(float(f"{value:.15g}") if agrees else value)
