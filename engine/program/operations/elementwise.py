"""Functions of one number, applied to every element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from gradstep.engine.program.expression import Expression, call
from gradstep.engine.program.operation import Operation, first


def _function(
    name: str,
    ufunc: np.ufunc,
    formula: str,
    element: Callable[[Expression], Expression],
    backward: str,
    *,
    exact: bool = False,
) -> Operation:
    """A function that is one call of NumPy's. exact: rounded correctly, so with the same bits in any buffer."""
    return Operation(
        name,
        lambda out, u: (partial(ufunc, u, out),),
        first,
        formula,
        lambda index, u: element(u[index]),
        in_place=exact,
        backward=(backward,),
    )


negative = _function("negative", np.negative, "−{0}", lambda u: -u, "-d", exact=True)
reciprocal = _function("reciprocal", np.reciprocal, "1 / {0}", lambda u: 1.0 / u, "-d * out ** 2", exact=True)
square = _function("square", np.square, "{0}²", lambda u: call("square", u), "d * (2 * a)", exact=True)
exp = _function("exp", np.exp, "exp({0})", lambda u: call("exp", u), "d * out")
log = _function("log", np.log, "log({0})", lambda u: call("log", u), "d / a")
sqrt = _function("sqrt", np.sqrt, "√({0})", lambda u: call("sqrt", u), "d / (2 * out)", exact=True)
absolute = replace(
    _function("abs", np.absolute, "|{0}|", lambda u: call("abs", u), "d * ((a > 0) - (a < 0))", exact=True),
    held=lambda out, u: (partial(np.multiply, u, np.sign(u), out),),
    kink=lambda u: u,
)
sin = _function("sin", np.sin, "sin({0})", lambda u: call("sin", u), "d * cos(a)")
cos = _function("cos", np.cos, "cos({0})", lambda u: call("cos", u), "-d * sin(a)")
