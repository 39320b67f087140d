"""Symptoms of a training run that goes wrong: gradients that vanish or explode, units that no longer learn.

A `Symptom` is a statement about one moment, made of nothing but the values that there are then (and, for what grows,
those of one iteration earlier). How norms and symptoms go over a range of iterations is in trends.py.

Norms are Frobenius norms, √Σ a², and an RMS is √(Σ a² / n), both in the units of the array itself: those of the loss
per those of the parameter for a gradient, those of the parameter for a weight or an update.

Sources. Vanishing and exploding gradients: Bengio, Simard and Frasconi, "Learning Long-Term Dependencies with
Gradient Descent is Difficult", 1994; Pascanu, Mikolov and Bengio, "On the Difficulty of Training Recurrent Neural
Networks", 2013. Saturated units: Glorot and Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural
Networks", 2010. Dead ReLUs and the ratio of updates to weights: Karpathy, notes of Stanford CS231n. The thresholds are
conventions of this program, each with its reason beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.program.network import LAYERS, Network, Node
from gradstep.engine.program.program import Phase, Program, Role
from gradstep.engine.timeline.moment import Moment
from gradstep.engine.words import health as words
from gradstep.engine.words import phrases

NOT_FINITE, EXPLODING, VANISHING = "not finite", "exploding gradient", "vanishing gradient"
DEAD, CLOSED = "dead ReLU", "closed ReLU"
SATURATED = {name: " ".join(("saturated", name)) for name, operation in LAYERS.items() if operation.slope is not None}
SYMPTOMS = (NOT_FINITE, EXPLODING, VANISHING, DEAD, *SATURATED.values(), CLOSED)  # what is most worth knowing first

# φ′ below a hundredth of its maximum: |u| > 6.0 for a sigmoid, > 3.0 for tanh. A healthy unit is there now and then,
# for some row; one that is there for every row learns a hundred times slower than it could, from whatever comes back.
SATURATED_BELOW = 0.01
# φ′ of a sigmoid is at most ¼, so five layers of them alone come to 4⁻⁵ ≈ 1e-3. Layers that differ by less than that
# are usual; at that and more, while the last layer learns, the first one stands still.
VANISHING_BELOW = 1e-3
# One step with such a gradient and a learning rate of a thousandth replaces the weights instead of adjusting them.
EXPLODING_ABOVE = 1e3
# From one iteration to the next. Rows differ, and so do the gradients of small batches, but seldom by that much …
GROWN_ABOVE = 10.0
# … except where the one before was near 0 by chance, as with batches of one row it often is. So one that has grown
# explodes only if it is larger than the weights, too, …
GROWN_LEAST = 1.0
# … and any one only if the RMS of its elements is above 10, which is 1e3 times that of weights of 0.01, about the
# smallest that nets are started with: next to weights that started at 0 every gradient is large.
EXPLODING_LEAST = 10.0

# Squares of numbers within these stay normal double-precision numbers, up to sums of 1e8 of them.
SMALLEST_NORM, LARGEST_NORM = 1e-140, 1e150

Values = Mapping[str, Array]
Naming = Callable[[str], str]  # symbol → its name in a sentence; `str`: as it is


@dataclass(frozen=True)
class Symptom:
    """One finding at one moment.

    kind: one of `SYMPTOMS`; "closed ReLU" is what one row can say of a unit that several rows would call dead.
    symbol: whose array shows it: u1 for units, dW1 for gradients, whichever is not finite; layer: its heading.
    count, of: units, or elements of an array; a gradient vanishes or explodes as a whole. units: which, from 0.
    detail: the numbers that the text is made of, by name. text: one sentence.
    """

    kind: str
    symbol: str
    count: int
    of: int
    iteration: int
    text: str
    layer: str = ""
    units: tuple[int, ...] = ()
    detail: Mapping[str, float] = field(default_factory=dict, hash=False)


def norm(array: Array) -> float:
    """√Σ a² over all elements, also where squares are beyond double precision; infinite or NaN where an element is."""
    with np.errstate(all="ignore"):
        plain = _plain_norm(array)
        if SMALLEST_NORM < plain < LARGEST_NORM or not array.size:
            return plain
        largest = float(np.max(np.abs(array)))
        if largest == 0 or not np.isfinite(largest):
            return largest
        return largest * _plain_norm(array / largest)


def _plain_norm(array: Array) -> float:
    flat = array.reshape(-1)
    return math.sqrt(arrays.dot(flat, flat))


def _rms(array: Array) -> float:
    return norm(array) / math.sqrt(max(1, array.size))


def activations_of(network: Network) -> tuple[Node, ...]:
    """The nodes of a network that are activations, in its order: which u belongs to which kind."""
    return tuple(node for node in network.nodes if node.operation.derivative is not None)


@dataclass(frozen=True)
class _Gradient:
    """A parameter's gradient. weights: the parameters that work together with it (W and b of one affine layer)."""

    symbol: str
    parameter: str
    layer: str
    weights: tuple[str, ...]
    deep: bool  # the weights of an affine layer: comparable with those of another


class Anatomy:
    """The gradients, weights and activations of a program, put together once, and the names of its symbols."""

    def __init__(self, program: Program, network: Network, naming: Naming = str) -> None:
        self.program = program
        self.naming = naming
        self.layered = network.layered
        self.activations = tuple({(a.inputs, a.operation.name): a for a in activations_of(network)}.values())
        gradient_of = {s.of: s.name for s in program.symbols.values() if s.role is Role.GRADIENT}
        parameters = {name for name, symbol in program.symbols.items() if symbol.role is Role.PARAMETER}
        weights: dict[str, tuple[str, ...]] = {}
        deep: dict[str, None] = {}
        for node in network.nodes:
            own = tuple(dict.fromkeys(name for name in node.inputs if name in parameters))
            place = node.operation.weights
            if place is not None:
                weights |= {name: own for name in own if name not in weights}
                if node.inputs[place] in parameters and node.inputs[place] in gradient_of:
                    deep[node.inputs[place]] = None
        self.gradients = tuple(
            _Gradient(gradient_of[name], name, network.layer_of(name), weights.get(name, (name,)), name in deep)
            for name in program.symbols
            if name in parameters and name in gradient_of
        )
        last = next(reversed(deep), None)
        self.last = next((gradient for gradient in self.gradients if gradient.parameter == last), None)
        self.trained = {
            gradient.parameter: (gradient.symbol, program.carried[gradient.parameter])
            for gradient in self.gradients
            if program.carried.get(gradient.parameter, gradient.parameter) not in (gradient.parameter, *program.kept)
        }

    def called(self, symbol: str, layer: str) -> str:
        """A symbol with its layer, where layers have names of their own."""
        name = self.naming(symbol)
        return f"{name} ({layer})" if self.layered and layer else name

    def norms(self, values: Values) -> dict[str, float]:
        """Gradient → its norm, of those that have a value."""
        return {each.symbol: norm(values[each.symbol]) for each in self.gradients if each.symbol in values}

    def symptoms(self, values: Values, iteration: int, before: Mapping[str, float]) -> tuple[Symptom, ...]:
        """Everything that shows in these values. before: gradient → its norm one iteration earlier, as far as known."""
        with np.errstate(all="ignore"):
            found = [
                *self._not_finite(values, iteration),
                *self._exploding(values, iteration, before),
                *self._vanishing(values, iteration),
                *self._units(values, iteration),
            ]
        return tuple(sorted(found, key=lambda symptom: SYMPTOMS.index(symptom.kind)))

    def _not_finite(self, values: Values, iteration: int) -> Iterator[Symptom]:
        """Where it begins at this moment, not where it spreads to; measuring changes nothing and is left out."""
        finite = {name: bool(np.isfinite(array).all()) for name, array in values.items()}
        if all(finite.values()):
            return
        program = self.program
        for name in program.symbols:
            place = program.writers.get(name)
            step = None if place is None else program.steps[place]
            if finite.get(name, True) or (step and step.phase is Phase.MEASURE):
                continue
            if step and not all(finite.get(operand, True) for operand in step.operands):
                continue
            array = values[name]
            nans, infinite = int(np.isnan(array).sum()), int(np.isinf(array).sum())
            count, layer = nans + infinite, step.layer if step else ""
            called = self.called(name, layer)
            what = words.ELEMENTS(array.size, part=count, symbol=called) if array.shape else called
            if step is None:
                text = words.NOT_FINITE_AT_START(count, what=what, nans=nans, infinite=infinite)
            elif step.operands:
                text = words.NOT_FINITE_AS_COMPUTED(count, what=what, nans=nans, infinite=infinite)
            else:
                text = words.NOT_FINITE_AS_DRAWN(count, what=what, nans=nans, infinite=infinite)
            detail = {"NaN": nans, "infinite": infinite}
            yield Symptom(NOT_FINITE, name, count, array.size, iteration, text, layer, detail=detail)

    def _exploding(self, values: Values, iteration: int, before: Mapping[str, float]) -> Iterator[Symptom]:
        for each in self.gradients:
            gradient = values.get(each.symbol)
            if gradient is None or not np.isfinite(gradient).all() or not _rms(gradient) > EXPLODING_LEAST:
                continue
            size, earlier = norm(gradient), before.get(each.symbol, 0.0)
            weights = norm(np.array([norm(values[name]) for name in each.weights]))
            large = weights > 0 and size / weights > EXPLODING_ABOVE
            grown = earlier > 0 and size / earlier > GROWN_ABOVE and size > GROWN_LEAST * weights
            if not large and not grown:
                continue
            detail = {"gradient": size, "weights": weights} | ({"before": earlier} if earlier > 0 else {})
            text = self._explosion(each, size, weights, earlier if grown else None)
            count = gradient.size
            yield Symptom(EXPLODING, each.symbol, count, count, iteration, text, each.layer, detail=detail)

    def _explosion(self, each: _Gradient, size: float, weights: float, earlier: float | None) -> str:
        """The sentence. size, weights: norms, that of the weights perhaps 0; earlier: where it has grown, from what."""
        called, others = self.called(each.parameter, each.layer), phrases.AND.join(map(self.naming, each.weights))
        if earlier is None:
            return words.EXPLODING.format(
                parameter=called, norm=size, ratio=size / weights, weights=others, size=weights
            )
        growth = size / earlier
        if not weights > 0:
            return words.GROWN.format(parameter=called, norm=size, growth=growth)
        return words.EXPLODING_AND_GROWN.format(
            parameter=called, norm=size, ratio=size / weights, weights=others, size=weights, growth=growth
        )

    def _vanishing(self, values: Values, iteration: int) -> Iterator[Symptom]:
        last = self.last
        reference = _rms(values[last.symbol]) if last and last.symbol in values else 0.0
        if last is None or not 0 < reference < np.inf:
            return
        for each in self.gradients:
            if not each.deep or each is last or each.symbol not in values:
                continue
            size, weights = _rms(values[each.symbol]), _rms(values[each.parameter])
            if not size / reference < VANISHING_BELOW or not (size == 0 or size < VANISHING_BELOW * weights):
                continue
            called, other = (self.called(one.parameter, one.layer) for one in (each, last))
            if size == 0:
                text = words.VANISHED.format(parameter=called, last=other)
            else:
                share, ratio = size / reference, size / weights
                text = words.VANISHING.format(
                    parameter=called, rms=size, share=share, last=other, ratio=ratio, itself=self.naming(each.parameter)
                )
            detail = {"gradient": size, "last": reference, "weights": weights}
            count = values[each.symbol].size
            yield Symptom(VANISHING, each.symbol, count, count, iteration, text, each.layer, detail=detail)

    def _units(self, values: Values, iteration: int) -> Iterator[Symptom]:
        """A unit is a column of a rows × units array, and an element of any other."""
        for each in self.activations:
            name, slope, closes = each.inputs[0], each.operation.slope, each.operation.closes
            u = values.get(name)
            if u is None or not (closes or slope):
                continue
            table = u if u.ndim == 2 else u.reshape(1, -1)
            numbers = table if slope is None else slope(table)
            still = (numbers <= 0 if slope is None else numbers < SATURATED_BELOW).all(axis=0)
            units = tuple(int(unit) for unit in np.flatnonzero(still))
            (rows, of), count = table.shape, len(units)
            if not units or not rows:
                continue
            kind = "ReLU" if closes else each.operation.name
            who = words.UNITS(of, part=count, kind=kind, symbol=self.called(name, each.layer))
            symbol, largest = self.naming(name), float(np.max(numbers[:, still]))
            where = words.IN_EACH_ROW(rows) if rows > 1 else words.FOR_THIS_ROW if u.ndim == 2 else words.AT_THIS_VALUE
            if not closes:
                kind, text = SATURATED[each.operation.name], _saturated(each, who, count, where, largest)
            elif rows > 1:
                kind, text = DEAD, _dead(each, symbol, who, count, rows)
            else:
                kind, text = CLOSED, _closed(each, symbol, who, count, where)
            detail = {"rows": float(rows), "largest" if closes else "slope": largest}
            yield Symptom(kind, name, count, of, iteration, text, each.layer, units, detail)


def _dead(each: Node, symbol: str, who: str, count: int, rows: int) -> str:
    if each.operation.note:
        return words.DEAD_FORWARD(count, units=who, symbol=symbol, rows=rows)
    return words.DEAD(count, units=who, symbol=symbol, rows=rows)


def _closed(each: Node, symbol: str, who: str, count: int, where: str) -> str:
    if each.operation.note:
        return words.CLOSED_FORWARD(count, units=who, symbol=symbol, where=where)
    return words.CLOSED(count, units=who, symbol=symbol, where=where)


def _saturated(each: Node, who: str, count: int, where: str, largest: float) -> str:
    if each.operation.note:
        return words.SATURATED_FORWARD(count, units=who, below=SATURATED_BELOW, where=where, most=largest)
    return words.SATURATED(count, units=who, below=SATURATED_BELOW, where=where, most=largest)


def symptoms_of(moment: Moment, naming: Naming = str) -> tuple[Symptom, ...]:
    """The symptoms at a moment, in the order of `SYMPTOMS`. naming: what symbols are called in the sentences."""
    anatomy = Anatomy(moment.program, moment.scenario.network, naming)
    return anatomy.symptoms(moment.values, moment.position.iteration, anatomy.norms(moment.previous))
