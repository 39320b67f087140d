"""The texts on dropout: the mask that is drawn, what it does, and the way back through it."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

_DROPOUT = _("Srivastava et al., Dropout (2014), sections 4 and 10.")

DROPOUT: dict[str, Entry] = {
    "dropout_mask": Entry(
        _("A mask of dropout, drawn at random"),
        (
            _("{symbol} says which numbers are left out in this iteration: those in whose place it has 0."),
            _("It is drawn from the seed and the number of the iteration, so going back shows the same one again."),
            _("The others are 1 / (1 − rate), so that on average over all masks nothing grows or shrinks."),
        ),
        _("{symbol} = 0 with the chance of the rate, otherwise 1 / (1 − rate)."),
        _DROPOUT,
        short=_("drawn at random for this iteration: 0 is left out, the others are scaled"),
    ),
    "dropout": Entry(
        _("Dropout"),
        (
            _("Each number is multiplied by its place in the mask: some are left out, the others grow a little."),
            _("A unit cannot rely on another one that may be missing, so that a net learns less by heart."),
            _("Where the net is measured nothing is left out: there dropout hands on what it is given."),
        ),
        _("{formula}, element by element."),
        _DROPOUT,
        short=_("some numbers are left out, the others grow a little"),
    ),
    "dropout_gradient": Entry(
        _("Back through dropout"),
        (
            _("The mask is a constant factor: {d} is multiplied by the same one as in the forward pass."),
            _("What was left out went into nothing, so no gradient goes back to it."),
        ),
        _("{formula}, element by element."),
        _DROPOUT,
        short=_("the same mask as forward: what was left out gets no gradient"),
    ),
}
