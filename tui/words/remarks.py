"""What is said of a step beside what its operation is."""

from __future__ import annotations

from tui.words.entry import Entry

REMARKS: dict[str, Entry] = {
    "remark:measure": Entry(
        "Part of a measurement",
        ("Here the set {layer} is measured with the updated parameters: no gradient is taken, nothing is learnt.",),
    ),
    "remark:foreign": Entry(
        "Not the derivative of the forward pass",
        (
            "This is not the derivative of the forward pass, {forward}; the scenario asks for it.",
            "So neither {symbol} nor what is made of it is a gradient of {goal}, even if {goal} falls all the same.",
        ),
    ),
    "remark:contribution": Entry(
        "One of several contributions",
        ("{of} is used more than once: this is what one use sends back; the sum of all these is its gradient.",),
    ),
    "remark:epsilon": Entry(
        "The shown loss has ε, its gradient has not",
        ("The ε in the shown loss does not change this gradient: it is that of the exact loss, without ε.",),
    ),
    "remark:logits": Entry(
        "Logits are enough",
        ("The logits are enough: softmax keeps a row's order, so the largest logit is the largest probability.",),
    ),
}
