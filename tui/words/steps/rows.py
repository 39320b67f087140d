"""The texts on rows of the data: drawn to learn from, or taken whole to measure on."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

SOURCE_OF_BATCHES = _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3.")
ON_AVERAGE = _(
    "At fixed parameters the mean gradient of these rows is, on average over all draws, that of all rows; their sum is N times it."
)

DATA: dict[str, Entry] = {
    "draw:all": Entry(
        _("The batch: all inputs"),
        (
            _("{symbol} holds the inputs that this iteration learns from, one sample a row, {N} in all."),
            _("They are all the rows there are, in their order, and the same in every iteration."),
            _("So the gradient is that of the loss on all the data, not an estimate of it from some of them."),
        ),
        _("{symbol} = all rows of the data."),
        SOURCE_OF_BATCHES,
        short=_("the samples that this iteration learns from: all there are"),
    ),
    "draw:in_order": Entry(
        _("The batch: inputs, in order"),
        (
            _("{symbol} holds the inputs that this iteration learns from, one sample a row, {N} in all."),
            _(
                "They are the next rows of the data in their order, behind the last the first: a batch wraps that does not divide them."
            ),
            _("Nothing is random: where the rows are sorted, by their class say, a batch is no fair sample of them."),
        ),
        _("{symbol} = the next rows of the data."),
        SOURCE_OF_BATCHES,
        short=_("the samples that this iteration learns from: the next rows in order"),
    ),
    "draw:with_replacement": Entry(
        _("The batch: inputs, drawn with replacement"),
        (
            _("{symbol} holds the inputs that this iteration learns from, one sample a row, {N} in all."),
            _("Each row is drawn at random from all of the data, whatever was drawn before: rows may repeat."),
            ON_AVERAGE,
        ),
        _("{symbol} = rows of the data, drawn at random with replacement."),
        SOURCE_OF_BATCHES,
        short=_("the samples that this iteration learns from, drawn at random"),
    ),
    "draw:without_replacement": Entry(
        _("The batch: inputs, drawn without replacement"),
        (
            _("{symbol} holds the inputs that this iteration learns from, one sample a row, {N} in all."),
            _("The rows are shuffled for every epoch and taken batch by batch: within an epoch none repeats."),
            ON_AVERAGE,
        ),
        _("{symbol} = rows of the data, drawn at random without replacement."),
        SOURCE_OF_BATCHES,
        short=_("the samples that this iteration learns from, from shuffled rows"),
    ),
    "draw:target": Entry(
        _("The batch: targets"),
        (
            _("{symbol} holds what the network should answer, one row for each row of the inputs, {N} in all."),
            _("They belong to the rows of the inputs, row by row."),
        ),
        _("{symbol} = the targets of the rows of the inputs."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3."),
        short=_("what the network should answer to these samples"),
    ),
    "iteration": Entry(
        _("The number of the iteration"),
        (
            _("{symbol} says which iteration this is, the first being 1; the run counts it, no arithmetic makes it."),
            _("An optimizer may need it, to change its learning rate, say; no gradient flows to it."),
        ),
        _("{symbol} = the number of this iteration."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.3.1."),
        short=_("counted by the run: the first iteration is 1"),
    ),
    "epoch": Entry(
        _("The number of the epoch"),
        (
            _(
                "{symbol} says which epoch this is, the first being 1: each sees as many samples as there are to learn from."
            ),
            _("An optimizer may need it, to change its learning rate, say; no gradient flows to it."),
        ),
        _("{symbol} = the number of this epoch."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.1.3."),
        short=_("counted by the run: an epoch sees as many samples as there are"),
    ),
    "all_rows:test": Entry(
        _("Measuring: the inputs to test on"),
        (
            _("{symbol} holds the inputs of the set {layer}, every row once, {N} in all: nothing is drawn."),
            _("These rows are set apart and never learnt from, so they show how the network does on new data."),
        ),
        _("{symbol} = all rows of the set {layer}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.2."),
        short=_("rows that are never learnt from show how the net does on new data"),
    ),
    "all_rows:train": Entry(
        _("Measuring: the inputs to train on"),
        (
            _("{symbol} holds the inputs of the set {layer}, every row once, {N} in all: nothing is drawn."),
            _("These rows are learnt from, so what is measured on them says nothing yet about new data."),
        ),
        _("{symbol} = all rows of the set {layer}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.2."),
        short=_("the rows that are learnt from, to be measured as a whole"),
    ),
    "all_rows:target": Entry(
        _("Measuring: the targets of a whole set"),
        (
            _("{symbol} holds the targets of the set {layer}, every row once, {N} in all."),
            _("They are only compared with what the network answers; nothing is learnt from them here."),
        ),
        _("{symbol} = the targets of all rows of the set {layer}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.2."),
        short=_("the right answers, to be compared with the network's"),
    ),
    "accuracy": Entry(
        _("Measuring: the accuracy"),
        (
            _("The accuracy is the share of rows in which {y} and {t} have their largest element at the same place."),
            _("Its gradient is 0 almost everywhere: it changes only where a class flips, and is constant in between."),
            _("That is why a loss that changes gradually is minimized, and the accuracy is only measured."),
        ),
        _("{formula}, over {N} rows; of equal elements the first counts."),
        _(
            "Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.1.2; "
            "Bishop, Pattern Recognition and Machine Learning (2006), section 4.1.7."
        ),
        ("y", "t"),
        short=_("the share of rows whose largest element is at the right place"),
    ),
    "accuracy:column": Entry(
        _("Measuring: the accuracy"),
        (
            _("The accuracy is the share of rows where {y} and {t} are both above ½, or both not."),
            _("Its gradient is 0 almost everywhere: it changes only where a class flips, and is constant in between."),
            _("That is why a loss that changes gradually is minimized, and the accuracy is only measured."),
        ),
        _("{symbol} = mean [({y} > ½) = ({t} > ½)], over {N} rows, for an output of a single column."),
        _(
            "Goodfellow, Bengio & Courville, Deep Learning (2016), section 5.1.2; "
            "Bishop, Pattern Recognition and Machine Learning (2006), section 4.1.7."
        ),
        ("y", "t"),
        short=_("the share of rows on the right side of ½"),
    ),
}
