"""The texts on what formulas do element by element: arithmetic, comparisons, functions of one number; and back through it.

How many symbols such a step reads depends on the formula (a number is none, a value used twice is one), so these texts
name what every step of the kind has: its formula, what it reads, and of a gradient what flows in and what it is of.
"""

from __future__ import annotations

from gradstep.engine.words.language import _
from gradstep.tui.words.steps.entry import Entry

EACH = _(
    "It works element by element: an element of {symbol} is made of what stands in its place, and of nothing else."
)
SPREAD = _("What has fewer elements is spread over the others (broadcasting); an axis of size 1 fits every size.")
CHAIN = _("The chain rule: {symbol} is the upstream gradient {d} times the derivative of {out} with respect to {of}.")
LOCAL = _("{out} depends on {of} element by element, so each element needs only the upstream gradient in its place.")
BROADCASTING = _("NumPy Developers, NumPy User Guide (2024), Broadcasting, on the general rules.")
DERIVATIVES = _("Maclaurin, Duvenaud & Adams, Autograd (2015), the table of derivatives in its numpy_vjps.py.")
BACK_SPREAD = _(
    "Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.5.2; "
    "Maclaurin, Duvenaud & Adams, Autograd (2015), the table of derivatives in its numpy_vjps.py."
)
JUMPS = _(
    "Bishop, Pattern Recognition and Machine Learning (2006), section 4.1.7; "
    "NumPy Developers, NumPy User Guide (2024), Broadcasting, on the general rules."
)
ELEMENTS = _("{formula}, for each element.")

ARITHMETIC: dict[str, Entry] = {
    "plus": Entry(
        _("Addition"),
        (
            SPREAD,
            _("The derivative of a sum by each of its terms is 1: backward, the gradient goes to both unchanged."),
        ),
        ELEMENTS,
        BROADCASTING,
        short=_("a sum, element by element"),
        of_numbers=_("one added to the other"),
    ),
    "minus": Entry(
        _("Subtraction"),
        (SPREAD, _("Its derivative by the first term is 1, by the second −1: backward, the second gets the opposite.")),
        ELEMENTS,
        BROADCASTING,
        short=_("a difference, element by element"),
        of_numbers=_("one less the other"),
    ),
    "times": Entry(
        _("Multiplication, element by element"),
        (SPREAD, _("Its derivative by one factor is the other: a backward pass needs both values again.")),
        ELEMENTS,
        BROADCASTING,
        short=_("a product, element by element"),
        of_numbers=_("one times the other"),
    ),
    "over": Entry(
        _("Division, element by element"),
        (
            SPREAD,
            _("Where the denominator is near 0, small changes of it change {symbol} much, and gradients are large."),
        ),
        ELEMENTS,
        BROADCASTING,
        short=_("a quotient, element by element"),
        of_numbers=_("one divided by the other"),
    ),
    "power": Entry(
        _("Power"),
        (SPREAD, _("A negative base has a real power only where the exponent is whole; elsewhere the result is NaN.")),
        ELEMENTS,
        BROADCASTING,
        short=_("a power, element by element"),
        of_numbers=_("one to the power of the other"),
    ),
    "negative": Entry(
        _("Change of sign"),
        (EACH, _("Its derivative is −1 everywhere: backward, the gradient changes its sign, too.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("every number with the opposite sign"),
    ),
    "reciprocal": Entry(
        _("Reciprocal"),
        (EACH, _("It is 1 divided by the number: near 0 it is large and steep, and so are its gradients.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("1 divided by every number"),
    ),
    "square": Entry(
        _("Square"),
        (EACH, _("Its derivative is twice the number: 0 at 0, and the larger the farther from it.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("every number times itself"),
    ),
    "maximum": Entry(
        _("The larger of two, element by element"),
        (
            SPREAD,
            _("Only the larger one counts: a small change of the other changes nothing, so no gradient goes to it."),
        ),
        ELEMENTS,
        BROADCASTING,
        short=_("the larger of the two in each place"),
    ),
    "minimum": Entry(
        _("The smaller of two, element by element"),
        (
            SPREAD,
            _("Only the smaller one counts: a small change of the other changes nothing, so no gradient goes to it."),
        ),
        ELEMENTS,
        BROADCASTING,
        short=_("the smaller of the two in each place"),
    ),
    "where": Entry(
        _("Choice, element by element"),
        (
            _("Where the first is not 0 {symbol} takes the second, elsewhere the third: where(chosen, one, other)."),
            _("Backward, only what was taken gets a gradient; what decides gets none, for it only jumps."),
            SPREAD,
        ),
        ELEMENTS,
        BROADCASTING,
        short=_("one or the other, as the first decides in each place"),
    ),
}

_COMPARISON = (
    _("{symbol} is 1 where it holds and 0 elsewhere, element by element: a yes or a no, as a number."),
    _("It is constant but for jumps, so its derivative is 0 or none: no gradient goes back through it."),
    SPREAD,
)
_HOLDS = _("{formula}: 1 where it holds, otherwise 0.")

COMPARISONS: dict[str, Entry] = {
    "less": Entry(_("Comparison: less than"), _COMPARISON, _HOLDS, JUMPS, short=_("1 where it is less, elsewhere 0")),
    "at_most": Entry(
        _("Comparison: at most"), _COMPARISON, _HOLDS, JUMPS, short=_("1 where it is less or equal, elsewhere 0")
    ),
    "greater": Entry(
        _("Comparison: greater than"), _COMPARISON, _HOLDS, JUMPS, short=_("1 where it is greater, elsewhere 0")
    ),
    "at_least": Entry(
        _("Comparison: at least"), _COMPARISON, _HOLDS, JUMPS, short=_("1 where it is greater or equal, elsewhere 0")
    ),
    "equals": Entry(_("Comparison: equal"), _COMPARISON, _HOLDS, JUMPS, short=_("1 where both are equal, elsewhere 0")),
    "differs": Entry(
        _("Comparison: not equal"), _COMPARISON, _HOLDS, JUMPS, short=_("1 where they differ, elsewhere 0")
    ),
}

FUNCTIONS: dict[str, Entry] = {
    "exp": Entry(
        _("The exponential function"),
        (EACH, _("It is its own derivative; it is always above 0, and beyond about 709 it overflows to ∞.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("e to the power of every number"),
    ),
    "log": Entry(
        _("The natural logarithm"),
        (EACH, _("It undoes exp. At 0 it is −∞ and below 0 it is NaN; near 0 it is steep, and gradients are large.")),
        _("{formula}, the natural logarithm of each element."),
        DERIVATIVES,
        short=_("the natural logarithm of every number"),
    ),
    "sqrt": Entry(
        _("Square root"),
        (EACH, _("Below 0 it is NaN; at 0 it is 0, but infinitely steep: there it has no finite derivative.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("the square root of every number"),
    ),
    "abs": Entry(
        _("Absolute value"),
        (EACH, _("Its derivative is the number's sign: 1 above 0, −1 below; at 0 it has a kink and no derivative.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("every number without its sign"),
    ),
    "sin": Entry(
        _("Sine"),
        (EACH, _("The angle is in radians; the result is between −1 and 1, and its derivative is the cosine.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("the sine of every number, in radians"),
    ),
    "cos": Entry(
        _("Cosine"),
        (EACH, _("The angle is in radians; the result is between −1 and 1, and its derivative is minus the sine.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("the cosine of every number, in radians"),
    ),
}

GRADIENTS: dict[str, Entry] = {
    "plus_gradient": Entry(
        _("Back through an addition"),
        (CHAIN, _("The derivative of a sum by one of its terms is 1, so {d} is handed on to {of}.")),
        ELEMENTS,
        BACK_SPREAD,
        short=_("a sum's derivative by a term is 1: the gradient goes on unchanged"),
    ),
    "minus_gradient": Entry(
        _("Back through a subtraction"),
        (CHAIN, _("The derivative of a difference by its first term is 1, and by its second, which is taken off, −1.")),
        ELEMENTS,
        BACK_SPREAD,
        short=_("a difference's derivative is 1 by the first term, −1 by the second"),
    ),
    "times_gradient": Entry(
        _("Back through a multiplication"),
        (CHAIN, _("The derivative of a product by one factor is the other factor, as it was in the forward pass.")),
        ELEMENTS,
        BACK_SPREAD,
        short=_("a product's derivative by one factor is the other factor"),
    ),
    "over_gradient": Entry(
        _("Back through a division"),
        (CHAIN, _("The derivative of u / v is 1 / v by the numerator u, and −u / v² by the denominator v.")),
        _("{formula}, for each element; −u / v² is −(u / v) / v, the quotient divided once more."),
        BACK_SPREAD,
        short=_("the derivative of u / v is 1 / v by u, and −u / v² by v"),
    ),
    "power_gradient": Entry(
        _("Back through a power"),
        (CHAIN, _("The derivative of u^v is v u^(v−1) by the base u, and u^v log(u) by the exponent v.")),
        ELEMENTS,
        BACK_SPREAD,
        short=_("the derivative of u^v is v u^(v−1) by u, and u^v log(u) by v"),
    ),
    "maximum_gradient": Entry(
        _("Back through the larger of two"),
        (
            CHAIN,
            _("Where {of} is the larger one that derivative is 1, where it is the smaller one 0."),
            _("Where both are equal there is a kink and no derivative: by convention each gets half of {d}."),
        ),
        _("{formula}; a bracket is 1 where it holds, otherwise 0."),
        BACK_SPREAD,
        short=_("the larger one gets the gradient, both a half where they are equal"),
    ),
    "minimum_gradient": Entry(
        _("Back through the smaller of two"),
        (
            CHAIN,
            _("Where {of} is the smaller one that derivative is 1, where it is the larger one 0."),
            _("Where both are equal there is a kink and no derivative: by convention each gets half of {d}."),
        ),
        _("{formula}; a bracket is 1 where it holds, otherwise 0."),
        BACK_SPREAD,
        short=_("the smaller one gets the gradient, both a half where they are equal"),
    ),
    "where_gradient": Entry(
        _("Back through a choice"),
        (CHAIN, _("Where {of} was taken that derivative is 1, and {d} passes unchanged; elsewhere it is 0.")),
        _("{formula}: where the first is not 0 the second, elsewhere the third."),
        BACK_SPREAD,
        short=_("the gradient goes to what was taken, 0 to the other"),
    ),
    "negative_gradient": Entry(
        _("Back through a change of sign"),
        (CHAIN, _("The derivative of −u is −1 everywhere, so {d} goes on with the opposite sign.")),
        ELEMENTS,
        DERIVATIVES,
        short=_("the derivative of −u is −1"),
    ),
    "reciprocal_gradient": Entry(
        _("Back through a reciprocal"),
        (CHAIN, _("The derivative of 1 / u is −1 / u², which is minus the square of {out}."), LOCAL),
        ELEMENTS,
        DERIVATIVES,
        short=_("the derivative of 1 / u is −1 / u²"),
    ),
    "square_gradient": Entry(
        _("Back through a square"),
        (CHAIN, _("The derivative of u² is 2 u."), LOCAL),
        ELEMENTS,
        DERIVATIVES,
        short=_("the derivative of u² is 2 u"),
    ),
    "exp_gradient": Entry(
        _("Back through the exponential function"),
        (
            CHAIN,
            _("The derivative of exp(u) is exp(u) itself: {out}, which is known, so no new exponential is needed."),
        ),
        ELEMENTS,
        DERIVATIVES,
        short=_("exp is its own derivative"),
    ),
    "log_gradient": Entry(
        _("Back through the logarithm"),
        (CHAIN, _("The derivative of log(u) is 1 / u: large where {of} is near 0, and infinite at 0."), LOCAL),
        ELEMENTS,
        DERIVATIVES,
        short=_("the derivative of log(u) is 1 / u"),
    ),
    "sqrt_gradient": Entry(
        _("Back through a square root"),
        (CHAIN, _("The derivative of √(u) is 1 / (2 √(u)): large where {out} is near 0, and infinite at 0."), LOCAL),
        ELEMENTS,
        DERIVATIVES,
        short=_("the derivative of √(u) is 1 / (2 √(u))"),
    ),
    "abs_gradient": Entry(
        _("Back through an absolute value"),
        (CHAIN, _("That derivative is the sign of {of}: 1 above 0, −1 below; at 0, where there is none, 0 is taken.")),
        _("{formula}; a bracket is 1 where it holds, otherwise 0: [u > 0] − [u < 0] is the sign of u."),
        DERIVATIVES,
        short=_("the derivative of |u| is the sign of u"),
    ),
    "sin_gradient": Entry(
        _("Back through a sine"),
        (CHAIN, _("The derivative of sin(u) is cos(u)."), LOCAL),
        ELEMENTS,
        DERIVATIVES,
        short=_("the derivative of sin is cos"),
    ),
    "cos_gradient": Entry(
        _("Back through a cosine"),
        (CHAIN, _("The derivative of cos(u) is −sin(u)."), LOCAL),
        ELEMENTS,
        DERIVATIVES,
        short=_("the derivative of cos is −sin"),
    ),
}

ELEMENTWISE: dict[str, Entry] = {**ARITHMETIC, **COMPARISONS, **FUNCTIONS, **GRADIENTS}
