"""The texts of a curve: its name and axis, and the value that it has where the cursor is.

Captions come longest first; whoever draws them takes the first that fits.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.curve import Losses
from gradstep.tui.pages.status import loss_here
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.words import curve as words

DIGITS = 6


def titled(name: str, losses: Losses) -> str:
    """The name of a curve and of its axis."""
    if losses.axis is None:
        return name
    axis = words.LOGARITHMIC if losses.axis.logarithmic else words.LINEAR
    return words.ON_AXIS.format(name=name, axis=axis)


def loss_captions(moment: Moment, notation: Notation) -> Sequence[str]:
    """Where the cursor is and the loss there."""
    if moment.step is None and not moment.losses.size:
        return (words.NOTHING_YET,)
    iteration, loss = moment.position.iteration, loss_here(moment, notation, DIGITS)
    where = words.ITERATION.format(iteration=iteration, total=moment.iterations)
    return (f"{where}  {loss}", f"{iteration:,}  {loss}", loss, f"{iteration:,}")


def series_captions(losses: Losses, iterations: int) -> Sequence[str]:
    """The number of the cursor's iteration, where it is known."""
    cursor, place = losses.cursor, losses.place
    if cursor is None:
        return ()
    if place is None or (losses.known is not None and not losses.known[place]):
        return (words.ITERATION.format(iteration=cursor, total=iterations), f"{cursor:,}")
    value = short(float(losses.values[place]), DIGITS)
    return (
        words.AT_END_OF_TOTAL.format(value=value, iteration=cursor, total=iterations),
        words.AT_END_OF_ITERATION.format(value=value, iteration=cursor),
        words.AT_END_OF.format(value=value, iteration=cursor),
        value,
    )
