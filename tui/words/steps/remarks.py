"""The texts on what is special about a step, beside its operation."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

REMARKS: dict[str, Entry] = {
    "remark:measure": Entry(
        _("Part of a measurement"),
        (_("Here the set {layer} is measured with the updated parameters: no gradient is taken, nothing is learnt."),),
    ),
    "remark:foreign": Entry(
        _("Not the derivative of the forward pass"),
        (
            _("This is not the derivative of the forward pass, {forward}; the scenario asks for it."),
            _("So {symbol} and what is made of it need not be gradients of {goal}, even if {goal} falls all the same."),
        ),
    ),
    "remark:behind": Entry(
        _("Made of what is not a derivative"),
        (_("It is made of {culprit}, which is not the derivative of the forward pass."),),
    ),
    "remark:behind_formula": Entry(
        _("Made of what another formula computes"),
        (_("It is made of {culprit}, where another formula stands in the place of the program's own."),),
    ),
    "remark:contribution": Entry(
        _("One of several contributions"),
        (_("{of} is used more than once: this is what one use sends back; the sum of all these is its gradient."),),
    ),
    "remark:spread": Entry(
        _("Summed over what was spread"),
        (_("{of} was spread over the places of {out} (broadcasting), so what flows back from all of them is summed."),),
        short=_("{of} was spread over {out} (broadcasting): what flows back is summed"),
    ),
    "remark:epsilon": Entry(
        _("The shown loss has ε, its gradient has not"),
        (
            _("It is the gradient of the exact loss, without ε, and not quite that of the {goal} shown."),
            _(
                "With one-hot targets that would be p / (p + ε) times this in each row, p the right class's probability."
            ),
        ),
    ),
    "remark:logits": Entry(
        _("Logits are enough"),
        (_("The logits are enough: softmax keeps a row's order, so the largest logit is the largest probability."),),
    ),
}
