"""What is said of rows of the data: drawn to learn from, or taken whole to measure on."""

from __future__ import annotations

from engine.words.language import _
from tui.words.steps.entry import Entry

DATA: dict[str, Entry] = {
    "draw:input": Entry(
        _("The batch: inputs"),
        (
            _("{symbol} holds the inputs that this iteration learns from, one sample a row, {N} in all."),
            _("With replacement rows may repeat, drawn independently; without replacement none repeats in an epoch."),
            _("The mean loss of a random batch has, on average, the gradient of that over all rows, for less work."),
        ),
        _("{symbol} = rows of the data, as the scenario draws them: all, at random, or in order."),
        _(
            "Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3; "
            "Robbins & Monro, A Stochastic Approximation Method (1951)."
        ),
    ),
    "draw:target": Entry(
        _("The batch: targets"),
        (
            _("{symbol} holds what the network should answer, one row for each row of the inputs, {N} in all."),
            _("They belong to the rows of the inputs, drawn with replacement, without replacement, or in order."),
        ),
        _("{symbol} = the targets of the rows that were drawn."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3."),
    ),
    "all_rows:input": Entry(
        _("Measuring: the inputs of a whole set"),
        (
            _("{symbol} holds the inputs of the set {layer}, every row once, {N} in all: nothing is drawn."),
            _(
                "Rows that are set apart to test on are never learnt from, so they show how the network does on new data."
            ),
        ),
        _("{symbol} = all rows of the set {layer}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.2."),
    ),
    "all_rows:target": Entry(
        _("Measuring: the targets of a whole set"),
        (
            _("{symbol} holds the targets of the set {layer}, every row once, {N} in all."),
            _("They are only compared with what the network answers; nothing is learnt from them here."),
        ),
        _("{symbol} = the targets of all rows of the set {layer}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.2."),
    ),
    "accuracy": Entry(
        _("Measuring: the accuracy"),
        (
            _("The accuracy is the share of rows in which {y} and {t} have their largest element at the same place."),
            _("It has no gradient to follow: it changes only where a class flips, and is constant in between."),
            _("That is why a loss that changes gradually is minimized, and the accuracy is only measured."),
        ),
        _("{formula}, over {N} rows; of equal elements the first counts."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), sections 5.1.2 and 8.1.2."),
        ("y", "t"),
    ),
    "accuracy:column": Entry(
        _("Measuring: the accuracy"),
        (
            _("The accuracy is the share of rows where {y} and {t} are both above ½, or both not."),
            _("It has no gradient to follow: it changes only where a class flips, and is constant in between."),
            _("That is why a loss that changes gradually is minimized, and the accuracy is only measured."),
        ),
        _("{symbol} = mean [({y} > ½) = ({t} > ½)], over {N} rows, for an output of a single column."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), sections 5.1.2 and 8.1.2."),
        ("y", "t"),
    ),
}
