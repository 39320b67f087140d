"""Gradients that explode or vanish, and where numbers that are not finite begin: what one iteration's values say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.health.anatomy import Anatomy, Depth, Gradient
from gradstep.engine.health.symptoms import (
    AS_COMPUTED,
    AS_DRAWN,
    AT_START,
    EXPLODING,
    EXPLODING_ABOVE,
    EXPLODING_LEAST,
    GROWN_ABOVE,
    GROWN_LEAST,
    NOT_FINITE,
    VANISHING,
    VANISHING_BELOW,
    Symptom,
    Values,
    norm,
    rms,
)
from gradstep.engine.program.program import Phase, Program


def not_finite(anatomy: Anatomy, values: Values, iteration: int) -> Iterator[Symptom]:
    """Where it begins at this moment, not where it spreads to; measuring changes nothing and is left out."""
    finite = {name: bool(np.isfinite(array).all()) for name, array in values.items()}
    if all(finite.values()):
        return
    program = anatomy.program
    for name in program.symbols:
        place = program.writers.get(name)
        step = None if place is None else program.steps[place]
        if finite.get(name, True) or (step and step.phase is Phase.MEASURE):
            continue
        if step is None or all(finite.get(operand, True) for operand in step.operands):
            yield not_finite_there(program, name, values[name], iteration)


def not_finite_there(program: Program, name: str, array: Array, iteration: int) -> Symptom:
    """That a symbol has numbers that are not finite: from the start, as it was drawn, or as it was computed."""
    place = program.writers.get(name)
    step = None if place is None else program.steps[place]
    nans, infinite = int(np.isnan(array).sum()), int(np.isinf(array).sum())
    _, layer = Anatomy(program).named(name, step.layer if step else "")
    by = AT_START if step is None else AS_COMPUTED if step.operands else AS_DRAWN
    detail = {"NaN": nans, "infinite": infinite, "by": by, "array": len(array.shape)}
    return Symptom(NOT_FINITE, name, nans + infinite, array.size, iteration, layer, detail=detail)


def exploding(each: Gradient, values: Values, iteration: int, before: Mapping[str, float]) -> Symptom | None:
    """That a gradient explodes. before: gradient → its norm one iteration earlier, as far as that is known."""
    gradient = values.get(each.symbol)
    if gradient is None or not np.isfinite(gradient).all() or not rms(gradient) > EXPLODING_LEAST:
        return None
    size, earlier = norm(gradient), before.get(each.symbol, 0.0)
    weights = norm(np.array([norm(values[name]) for name in each.weights]))
    large = weights > 0 and size / weights > EXPLODING_ABOVE
    grown = earlier > 0 and size / earlier > GROWN_ABOVE and size > GROWN_LEAST * weights
    if not large and not grown:
        return None
    detail = {"gradient": size, "weights": weights} | ({"before": earlier} if earlier > 0 else {})
    if grown:
        detail["growth"] = size / earlier
    named = ((each.parameter, each.layer), *((name, "") for name in each.weights))
    count = gradient.size
    return Symptom(EXPLODING, each.symbol, count, count, iteration, each.layer, named=named, detail=detail)


def _rms_of_others(array: Array) -> float:
    """The RMS of the elements that are not 0. A ReLU that is closed for a row makes one 0, whatever comes back."""
    return rms(array[array != 0])


def vanishing(each: Depth, last: Depth, values: Values, iteration: int) -> Symptom | None:
    """That what comes back to a layer is next to nothing, beside what comes back to the last, and so is its gradient.

    What is compared are the deltas: a row of zeros makes the gradient of W zero whatever delta is. Where nothing at all
    comes back because ReLUs are closed, that is for `units` to say.
    """
    own = each.weights
    if each is last or not {each.delta, last.delta, own.symbol} <= values.keys():
        return None
    reference, size = _rms_of_others(values[last.delta]), _rms_of_others(values[each.delta])
    gradient, weights = rms(values[own.symbol]), rms(values[own.parameter])
    if not 0 < reference < np.inf or (size == 0 and each.closes):
        return None
    if not size / reference < VANISHING_BELOW or not (gradient == 0 or gradient < VANISHING_BELOW * weights):
        return None
    if gradient == 0 and size > 0:
        return None  # a row of zeros, or what cannot be told
    named = (own.parameter, own.layer), (each.delta, ""), (last.delta, "")
    detail = {"gradient": gradient, "delta": size, "last": reference, "weights": weights}
    count = values[own.symbol].size
    return Symptom(VANISHING, own.symbol, count, count, iteration, own.layer, named=named, detail=detail)
