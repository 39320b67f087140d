"""The texts on a step that a formula stands in the place of."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

FORMULAS: dict[str, Entry] = {
    "formula": Entry(
        _("Another formula in its place"),
        (
            _("Here {symbol} is computed by a formula that stands in the place of the program's own step."),
            _(
                "What comes after it is made of it. Whether gradients are still those of {goal}, central differences tell."
            ),
        ),
        _("{formula}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 11.5."),
        short=_("whether gradients are still those of {goal} is told by d"),
    ),
    "carried": Entry(
        _("Carried to the next iteration"),
        (
            _(
                "{of} is no parameter: no gradient moves it, it follows what the iterations see, by a line of the scenario."
            ),
            _("{symbol} is what the next iteration finds as {of}, and what a measurement behind the update reads."),
        ),
        _("{formula}."),
        _("Ioffe & Szegedy, Batch Normalization (2015), section 3.1."),
        short=_("no parameter: it follows what the iterations see"),
    ),
    "measured": Entry(
        _("Another line where the net is measured"),
        (
            _(
                "To learn from, this line is another one: here, where the net is only measured, this stands in its place."
            ),
            _("So a measurement need not depend on which rows happen to be measured together."),
        ),
        _("{formula}."),
        _("Ioffe & Szegedy, Batch Normalization (2015), section 3.1."),
        short=_("where the net is measured, this stands in the place of the line to learn by"),
    ),
    "own_gradient": Entry(
        _("A line of a backward pass of one's own"),
        (
            _("{symbol} is computed by a line of the scenario's own backward pass, and the net is trained by it."),
            _("The gradient that is derived from the forward pass is computed beside it, and the two are compared."),
        ),
        _("{formula}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 11.5."),
        short=_("a line of the scenario's own backward pass; the derived gradient stands beside it"),
    ),
}
