"""The functions and signs of formulas, each an operation or what makes one of a call's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from gradstep.engine.language.formulas import ROWS, Signature
from gradstep.engine.language.syntax import Setting
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.operations.activations import relu, sigmoid, tanh
from gradstep.engine.program.operations.convolution import convolution
from gradstep.engine.program.operations.curves import (
    elu_of,
    erf,
    gelu,
    gelu_tanh,
    leaky_relu_of,
    silu,
    softplus,
    softsign,
)
from gradstep.engine.program.operations.dropout import dropout_of
from gradstep.engine.program.operations.elementwise import (
    absolute,
    cos,
    exp,
    log,
    negative,
    reciprocal,
    sin,
    sqrt,
    square,
)
from gradstep.engine.program.operations.matrices import dot, matmul
from gradstep.engine.program.operations.pooling import average_pooling, max_pooling
from gradstep.engine.program.operations.reducing import (
    log_softmax_of,
    max_of,
    mean_of,
    min_of,
    softmax_of,
    sum_of,
)
from gradstep.engine.program.operations.shaping import flattened, joined, reshaped, transposed
from gradstep.engine.program.operations.spreading import (
    COMPARISONS,
    maximum,
    minimum,
    minus,
    over,
    plus,
    power,
    times,
    where,
)


class Function(NamedTuple):
    """What makes an operation of a call's settings, and what the call may have."""

    make: Callable[..., Operation]
    signature: Signature = Signature()
    needed: tuple[str, ...] = ()  # settings without which there is no operation


def _of(operation: Operation, operands: int = 1) -> Function:
    return Function(lambda: operation, Signature((operands,)))


def _along(make: Callable[..., Operation]) -> Function:
    return Function(make, Signature(settings=("axis", "keepdims")))


def _reshaped(shape: int | tuple[int, ...]) -> Operation:
    return reshaped(shape if isinstance(shape, tuple) else (shape,))


_POOL = Signature(settings=("size", "stride"))
_BESIDE = Signature(None, ("axis",))
_SHAPE, _AXES = Signature(settings=("shape",), rest=True, counts=("shape",)), Signature(settings=("axes",), rest=True)

FUNCTIONS: Mapping[str, Function] = {
    **{name: _of(each) for name, each in (("exp", exp), ("log", log), ("sqrt", sqrt), ("square", square))},
    **{name: _of(each) for name, each in (("sin", sin), ("cos", cos), ("negative", negative))},
    **dict.fromkeys(("abs", "absolute", "fabs"), _of(absolute)),
    **{name: _of(each) for name, each in (("tanh", tanh), ("sigmoid", sigmoid), ("relu", relu))},
    **{each.name: _of(each) for each in (softplus, silu, softsign, gelu, gelu_tanh, erf)},
    "leaky_relu": Function(leaky_relu_of, Signature(settings=("slope",), reals=("slope",))),
    "elu": Function(elu_of, Signature(settings=("alpha",), reals=("alpha",))),
    "softmax": Function(softmax_of, Signature(settings=("axis",))),
    "log_softmax": Function(log_softmax_of, Signature(settings=("axis",))),
    **{name: _along(make) for name, make in (("sum", sum_of), ("mean", mean_of))},
    **dict.fromkeys(("max", "amax"), _along(max_of)),
    **dict.fromkeys(("min", "amin"), _along(min_of)),
    **{name: _of(each, 2) for name, each in (("maximum", maximum), ("minimum", minimum), ("power", power))},
    **{name: _of(each, 2) for name, each in (("add", plus), ("subtract", minus), ("multiply", times))},
    **{name: _of(over, 2) for name in ("divide", "true_divide")},
    "matmul": _of(matmul, 2),
    "dot": _of(dot, 2),
    "where": _of(where, 3),
    "transpose": Function(lambda axes=None: transposed(axes), _AXES),
    "reshape": Function(_reshaped, _SHAPE, ("shape",)),
    "ravel": Function(lambda: reshaped((-1,))),
    "flatten": Function(flattened),
    "conv2d": Function(convolution, Signature((2, 3), ("stride", "padding"))),
    "max_pool": Function(max_pooling, _POOL),
    "average_pool": Function(average_pooling, _POOL),
    "dropout": Function(dropout_of, Signature(settings=("rate",), reals=("rate",)), ("rate",)),
    "concatenate": Function(joined, _BESIDE),
    "stack": Function(partial(joined, fresh=True), _BESIDE),
}
KNOWN: Mapping[str, Signature] = {name: function.signature for name, function in FUNCTIONS.items()}
SIGNS: Mapping[str, Operation] = {"+": plus, "-": minus, "*": times, "/": over, "@": matmul, "**": power, **COMPARISONS}
# NumPy computes these powers otherwise, and so by other bits.
POWERS: Mapping[float, Operation] = {2.0: square, 0.5: sqrt, -1.0: reciprocal}


def is_fit(function: str, setting: str, value: Setting) -> bool:
    """Whether a setting may have a value."""
    several = isinstance(value, tuple)
    match setting:
        case "slope" | "alpha":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "rate":
            return isinstance(value, int | float) and 0.0 <= value < 1.0
        case "keepdims":
            return isinstance(value, bool)
        case "axis" if function in ALONG:
            return value is None or several or _is_whole(value)
        case "axes":
            return value is None or several
        case "stride" | "size":
            return _is_whole(value, least=1) or (setting == "stride" and value is None and function != "conv2d")
        case "padding":
            return _is_whole(value, least=0)
        case "shape":
            return several or _is_whole(value) or value == ROWS
    return _is_whole(value)


def _is_whole(value: Setting, least: int | None = None) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and (least is None or (isinstance(value, int) and value >= least))


ALONG = ("sum", "mean", "max", "amax", "min", "amin")  # whose axis may be several, or all
