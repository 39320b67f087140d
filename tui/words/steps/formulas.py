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
