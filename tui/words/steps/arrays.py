"""The texts on what formulas do with whole arrays: products, sums and extremes along axes, shapes; and back through it."""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.elementwise import BACK_SPREAD, CHAIN, DERIVATIVES
from gradstep.tui.words.steps.entry import Entry

INDEXING = _("NumPy Developers, NumPy User Guide (2024), Indexing on ndarrays.")
SHAPES = _("NumPy Developers, NumPy User Guide (2024), the absolute basics, on shapes.")
PRODUCTS = _("Goodfellow, Bengio & Courville, Deep Learning (2016), sections 2.2 and 6.5.6.")
SOFTMAX = _(
    "Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4; the shift by the maximum: "
    "Goodfellow, Bengio & Courville, Deep Learning (2016), section 4.1."
)
TIES = _(
    "Maclaurin, Duvenaud & Adams, Autograd (2015), the table of derivatives in its numpy_vjps.py; "
    "PyTorch Contributors, PyTorch documentation (2025), torch.amax."
)
MOVED = _("Every element of {symbol} is one of what it is made of, unchanged: no arithmetic, only another place.")
BACK_MOVED = _("What only moved has the derivative 1: {d} goes back to the place where each element came from.")

PRODUCT: dict[str, Entry] = {
    "matmul": Entry(
        _("Matrix product"),
        (
            _("An element of {symbol} is a row of the first times a column of the second, element by element, summed."),
            _("So the first needs as many columns as the second has rows; arrays of more axes are stacks of matrices."),
            _("A vector stands as a row in front and as a column behind, and that axis is left out of the result."),
        ),
        _("{formula}, each row by each column."),
        PRODUCTS,
        short=_("rows times columns, each pair summed"),
    ),
    "matmul_left": Entry(
        _("Back through a matrix product, to its first factor"),
        (
            _("An element of {of} goes into a whole row of {out}, each time multiplied by an element of the other."),
            _("So it gathers {d} along that row times those elements: {d} times the second factor transposed."),
            _("Where {of} is used for several matrices of a stack, what comes back from them is summed."),
        ),
        _("{formula}: if C = A·B, the gradient with respect to A is that of C times Bᵀ."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.6."),
        short=_("if C = A·B, the gradient by A is that of C times B transposed"),
    ),
    "matmul_right": Entry(
        _("Back through a matrix product, to its second factor"),
        (
            _("An element of {of} goes into a whole column of {out}, each time multiplied by an element of the other."),
            _("So it gathers {d} along that column times those elements: the first factor transposed times {d}."),
            _("Where {of} is used for several matrices of a stack, what comes back from them is summed."),
        ),
        _("{formula}: if C = A·B, the gradient with respect to B is Aᵀ times that of C."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.6."),
        short=_("if C = A·B, the gradient by B is A transposed times that of C"),
    ),
}

REDUCTIONS: dict[str, Entry] = {
    "sum": Entry(
        _("Sum"),
        (
            _("The elements are added up, all of them or those along the axes named; an axis that is summed is gone."),
            _("Its derivative by every term is 1: backward, each of them gets the whole gradient of its sum."),
        ),
        _("{formula}; with keepdims an axis that is summed stays, with size 1."),
        BACK_SPREAD,
        short=_("the sum of all, or of those along an axis"),
    ),
    "mean": Entry(
        _("Mean"),
        (
            _("The elements are added up and divided by how many they are, all of them or those along the axes named."),
            _("Its derivative by each of n elements is 1 / n: a mean does not grow with their number, as a sum does."),
        ),
        _("{formula}; with keepdims an axis that is averaged stays, with size 1."),
        BACK_SPREAD,
        short=_("the mean of all, or of those along an axis"),
    ),
    "max": Entry(
        _("Maximum"),
        (
            _("{symbol} is the largest of all elements, or of those along the axes named."),
            _("Only the largest one counts: small changes of the others change nothing, and no gradient goes to them."),
        ),
        _("{formula}; with keepdims an axis that is gone through stays, with size 1."),
        TIES,
        short=_("the largest of all, or of those along an axis"),
    ),
    "min": Entry(
        _("Minimum"),
        (
            _("{symbol} is the smallest of all elements, or of those along the axes named."),
            _(
                "Only the smallest one counts: small changes of the others change nothing, and no gradient goes to them."
            ),
        ),
        _("{formula}; with keepdims an axis that is gone through stays, with size 1."),
        TIES,
        short=_("the smallest of all, or of those along an axis"),
    ),
    "softmax_along": Entry(
        _("Softmax along an axis"),
        (
            _(
                "Softmax makes numbers shares of 1 along an axis, the last if none is named: exp of each over the sum of all."
            ),
            _("The largest is subtracted first: it cancels, so it changes no value, and exp cannot overflow."),
            _("It works on all of them at once: each share depends on every number along the axis."),
        ),
        _("{formula}, where softmax(u) at k is exp(u[k]) / Σ exp(u[j]), the sum over all j along the axis."),
        SOFTMAX,
        short=_("shares from 0 to 1 along an axis: probabilities, one a class"),
    ),
    "log_softmax": Entry(
        _("The logarithm of softmax"),
        (
            _("It is log(softmax), in one: the number, less the largest, less the logarithm of the sum of exp of all."),
            _("Taken one after the other, a share that rounds to 0 would have the logarithm −∞; this stays finite."),
        ),
        _("{formula}, where log_softmax(u) at k is u[k] − log Σ exp(u[j]), the sum over all j along the axis."),
        SOFTMAX,
        short=_("the logarithm of softmax, without rounding to 0 in between"),
    ),
    "sum_gradient": Entry(
        _("Back through a sum"),
        (
            CHAIN,
            _("The derivative of a sum by each of its terms is 1, so every term gets the gradient of its sum."),
        ),
        _("{formula}: in the place of every element that was added, the gradient of its sum."),
        BACK_SPREAD,
        short=_("a sum's derivative by each term is 1: each gets the sum's gradient"),
    ),
    "mean_gradient": Entry(
        _("Back through a mean"),
        (
            CHAIN,
            _("The derivative of a mean by each of its n elements is 1 / n, so each gets that part of its gradient."),
        ),
        _("{formula}, where n is how many elements went into one mean."),
        BACK_SPREAD,
        short=_("a mean's derivative by each of its n elements is 1 / n"),
    ),
    "max_gradient": Entry(
        _("Back through a maximum"),
        (
            CHAIN,
            _("That derivative is 1 for the largest element and 0 for the others: {d} goes to the largest alone."),
            _("Where several are the largest there is a kink and no derivative: by convention they share it evenly."),
        ),
        _("{formula}: the bracket is 1 for the largest, otherwise 0; of m equal ones each has 1 / m."),
        TIES,
        short=_("the gradient goes to the largest; equal ones share it evenly"),
    ),
    "min_gradient": Entry(
        _("Back through a minimum"),
        (
            CHAIN,
            _("That derivative is 1 for the smallest element and 0 for the others: {d} goes to the smallest alone."),
            _("Where several are the smallest there is a kink and no derivative: by convention they share it evenly."),
        ),
        _("{formula}: the bracket is 1 for the smallest, otherwise 0; of m equal ones each has 1 / m."),
        TIES,
        short=_("the gradient goes to the smallest; equal ones share it evenly"),
    ),
    "softmax_gradient": Entry(
        _("Back through softmax"),
        (
            _(
                "Every share depends on every number along the axis, so each element of {symbol} gathers all of {d} there."
            ),
            _("The derivative of share k by number i is {out}[k] ([i = k] − {out}[i]), where [i = k] is 1 or 0."),
            _("Summed over all k it is {out} ∘ ({d} − Σ {d} ∘ {out}): what {d} has in common along the axis cancels."),
        ),
        _("{formula}, the sum along the axis of the softmax."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4."),
        short=_("shares sum to 1: what {d} has in common cancels"),
    ),
    "log_softmax_gradient": Entry(
        _("Back through the logarithm of softmax"),
        (
            _("Every element of {out} depends on every number along the axis, so all of {d} there comes together."),
            _("The derivative of log y[k] by number i is [i = k] − y[i], where y = exp({out}) is the softmax."),
        ),
        _("{formula}, the sum along the axis of the softmax."),
        _("Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4."),
        short=_("the derivative of log y[k] by number i is [i = k] − y[i]"),
    ),
}

PLACES: dict[str, Entry] = {
    "transposed": Entry(
        _("Transposed"),
        (MOVED, _("The axes stand in another order; of a matrix, rows become columns.")),
        _("{formula}; without an order the axes are turned round."),
        SHAPES,
        short=_("the axes in another order"),
    ),
    "reshaped": Entry(
        _("Reshaped"),
        (MOVED, _("Read row by row the numbers follow one another as before; only the sizes of the axes are others.")),
        _("{formula}; a size of −1 is what is left for it."),
        SHAPES,
        short=_("the same numbers in their order, in another shape"),
    ),
    "flattened": Entry(
        _("Flattened"),
        (MOVED, _("The first axis stays, one sample a row; all others become one, read row by row.")),
        _("{formula}, one row for each sample."),
        SHAPES,
        short=_("the numbers of each sample in one row"),
    ),
    "indexed": Entry(
        _("Some of the elements"),
        (
            _("{symbol} holds the elements that an index or a slice picks, unchanged; indices count from 0."),
            _("Backward, these get the gradient, and those that were not picked get 0: they went into nothing here."),
        ),
        _("{formula}; from:to:step leaves out the last one named, and an index below 0 counts from the end."),
        INDEXING,
        short=_("the elements that are picked, as they are"),
    ),
    "concatenate": Entry(
        _("Joined along an axis"),
        (MOVED, _("The arrays stand one behind the other along an axis that they have, the first if none is named.")),
        _("{formula}; sizes along other axes are the same."),
        SHAPES,
        short=_("the arrays one behind the other along an axis"),
    ),
    "stack": Entry(
        _("Stacked along a new axis"),
        (MOVED, _("The arrays are of one shape; each becomes one place of a new axis, the first if none is named.")),
        _("{formula}, with one axis more."),
        SHAPES,
        short=_("the arrays beside one another along a new axis"),
    ),
    "transposed_back": Entry(
        _("Back through a transposition"),
        (BACK_MOVED, _("So the axes of {d} are put back in the order of {of}.")),
        _("{formula}, the order undone."),
        DERIVATIVES,
        short=_("what only moved: the gradient moves back"),
    ),
    "reshaped_back": Entry(
        _("Back through another shape"),
        (BACK_MOVED, _("So {d} is brought into the shape of {of} again, read row by row as before.")),
        _("{formula}, in the shape of {of}."),
        DERIVATIVES,
        short=_("what only moved: the gradient moves back"),
    ),
    "indexed_back": Entry(
        _("Back to some of the elements"),
        (
            _("What was picked is handed on unchanged, with the derivative 1: {d} goes back to the places picked."),
            _("The others did not go into {out}: its derivative with respect to them is 0, and so is what they get."),
        ),
        _("{formula}: {d} in the places that were picked, 0 elsewhere."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2."),
        short=_("the gradient goes to the places picked, 0 to the others"),
    ),
    "joined_back": Entry(
        _("Back to one of the arrays that were joined"),
        (BACK_MOVED, _("So {of} gets its part of {d}, and the others get theirs.")),
        _("{formula}, the part that {of} had in {out}."),
        _("Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2."),
        short=_("each array gets its own part of the gradient"),
    ),
}

ARRAYS: dict[str, Entry] = {**PRODUCT, **REDUCTIONS, **PLACES}
