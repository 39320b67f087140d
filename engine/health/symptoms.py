"""Symptoms of a training run that goes wrong: what each is called, from where on it is called so, and how it is said.

A `Symptom` is a value: the kind, whose array shows it, the numbers that it was seen by. What is said of it is made of
these, with the names that the reader uses. How it is found stands in `gradients`, `units`, `symmetry` and `plateau`,
and what a run shows from iteration to iteration in `monitor`.

Norms are Frobenius norms, √Σ a², and an RMS is √(Σ a² / n), both in the units of the array itself: those of the loss
per those of the parameter for a gradient, those of the parameter for a weight or an update.

Sources. Vanishing and exploding gradients: Bengio, Simard and Frasconi, "Learning Long-Term Dependencies with
Gradient Descent is Difficult", 1994; Goodfellow, Bengio and Courville, "Deep Learning", 2016, 8.2.4 and 8.2.5.
Saturated units: Glorot and Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural Networks", 2010.
Dead ReLUs and the ratio of updates to weights: Karpathy, notes of Stanford CS231n. Units that stay equal: "Deep
Learning", 8.4. The thresholds are conventions of this program, each with its reason beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.program.network import LAYERS
from gradstep.engine.words import health as words
from gradstep.engine.words import phrases

NOT_FINITE, EXPLODING, VANISHING = "not finite", "exploding gradient", "vanishing gradient"
DEAD, IDENTICAL, PLATEAU = "dead ReLU", "identical units", "plateau"
SATURATED = {name: " ".join(("saturated", name)) for name, operation in LAYERS.items() if operation.slope is not None}
SYMPTOMS = (NOT_FINITE, EXPLODING, VANISHING, DEAD, *SATURATED.values(), IDENTICAL, PLATEAU)  # the gravest first

# φ′ at a hundredth of its maximum: |u| of 6.0 for a sigmoid, 3.0 for tanh. A healthy unit is there now and then, for
# some row; one that is there for every row learns a hundred times slower than it could, from whatever comes back.
SATURATED_BELOW = 0.01
# A unit that is closed or saturated for every row does nothing; some of them a net can do without, and nets that
# learn well often have some from the start. From this share of a layer's units on, it is a symptom.
SHARE = 1 / 3
# Units of the output may be saturated because they are right. They are counted where |y − t| is above this on average.
WRONG_ABOVE = 0.1
# φ′ of a sigmoid is at most ¼, so five layers of them alone come to 4⁻⁵ ≈ 1e-3. Layers that differ by less than that
# are usual; at that and more, while the last layer learns, the first one stands still.
VANISHING_BELOW = 1e-3
# Where iterations see different rows, a gradient may be small for those of one; it vanishes if it is for so many in
# turn.
IN_TURN = 10
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
Named = tuple[str, str]  # a symbol, and the heading of its layer: "" where layers have none
MOST_UNITS = 12  # that a sentence names
AT_START, AS_DRAWN, AS_COMPUTED = range(3)  # how numbers that are not finite come about


def is_many(still: int, of: int) -> bool:
    """Whether so many of a layer's units that stand still are a symptom."""
    return still >= SHARE * of


@dataclass(frozen=True)
class Symptom:
    """One finding at one moment.

    kind: one of `SYMPTOMS`. symbol: whose array shows it: u1 for units that are dead, dW1 for gradients, E for a
    plateau, whichever is not finite. layer: its heading. count, of: units, or elements of an array; a gradient
    vanishes or explodes as a whole. units: which, from 0; new: those of them that were not so just before, as far as
    that is known. named: the other symbols that are spoken of. detail: the numbers that the text is made of, by name.
    alarm: whether it is one that somebody should see to; a few dead units are none.
    """

    kind: str
    symbol: str
    count: int
    of: int
    iteration: int
    layer: str = ""
    units: tuple[int, ...] = ()
    new: tuple[int, ...] = ()
    named: tuple[Named, ...] = ()
    detail: Mapping[str, float] = field(default_factory=dict, hash=False)
    alarm: bool = True

    @property
    def text(self) -> str:
        """What it says, by plain symbols."""
        return said(self)


def said(symptom: Symptom, naming: Naming = str) -> str:
    """A symptom in one or two sentences. naming: what symbols are called in them."""
    return TEXTS[symptom.kind](symptom, naming)


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


def rms(array: Array) -> float:
    """√(Σ a² / n) of an array; 0 of one without elements."""
    return norm(array) / math.sqrt(max(1, array.size))


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────────


def called(named: Named, naming: Naming) -> str:
    """A symbol with its layer, where layers have names of their own."""
    symbol, layer = named
    return f"{naming(symbol)} ({layer})" if layer else naming(symbol)


def unit_list(units: tuple[int, ...]) -> str:
    """Units by their numbers, from 0, those of a long list counted."""
    shown = ", ".join(map(str, units[:MOST_UNITS]))
    return words.AND_MORE(len(units) - MOST_UNITS, units=shown) if len(units) > MOST_UNITS else shown


def _not_finite(symptom: Symptom, naming: Naming) -> str:
    name, detail, count = called((symptom.symbol, symptom.layer), naming), symptom.detail, symptom.count
    what = words.ELEMENTS(symptom.of, part=count, symbol=name) if detail["array"] else name
    nans, infinite = int(detail["NaN"]), int(detail["infinite"])
    if detail["by"] == AT_START:
        return words.NOT_FINITE_AT_START(count, what=what, nans=nans, infinite=infinite)
    if detail["by"] == AS_DRAWN:
        return words.NOT_FINITE_AS_DRAWN(count, what=what, nans=nans, infinite=infinite)
    return words.NOT_FINITE_AS_COMPUTED(count, what=what, nans=nans, infinite=infinite)


def _exploding(symptom: Symptom, naming: Naming) -> str:
    (parameter, *weights), detail = symptom.named, symptom.detail
    name, others = called(parameter, naming), phrases.AND.join(naming(symbol) for symbol, _ in weights)
    size, weight, growth = detail["gradient"], detail["weights"], detail.get("growth", 0.0)
    if not growth:
        return words.EXPLODING.format(
            parameter=name, norm=size, ratio=size / weight, weights=others, size=weight, above=EXPLODING_ABOVE
        )
    if not weight > 0:
        return words.GROWN.format(parameter=name, norm=size, growth=growth, above=GROWN_ABOVE)
    return words.EXPLODING_AND_GROWN.format(
        parameter=name, norm=size, ratio=size / weight, weights=others, size=weight, growth=growth, above=GROWN_ABOVE
    )


def _vanishing(symptom: Symptom, naming: Naming) -> str:
    parameter, delta, last = symptom.named
    name, detail, other = called(parameter, naming), symptom.detail, naming(last[0])
    if detail["gradient"] == 0:
        return words.VANISHED.format(parameter=name, delta=naming(delta[0]), last=other)
    size, share, ratio = detail["delta"], detail["delta"] / detail["last"], detail["gradient"] / detail["weights"]
    return words.VANISHING.format(
        parameter=name,
        delta=naming(delta[0]),
        rms=size,
        share=share,
        last=other,
        ratio=ratio,
        itself=naming(parameter[0]),
        below=VANISHING_BELOW,
    )


def in_which_rows(detail: Mapping[str, float]) -> str:
    """For which rows: all that there are, all that can be drawn, or some of them."""
    rows, total = int(detail["rows"]), int(detail["total"])
    return words.IN_EACH_ROW(rows) if rows == total else words.IN_ROWS_LOOKED_AT(rows, total=total)


def _units(symptom: Symptom, naming: Naming, kind: str) -> str:
    name = called((symptom.symbol, symptom.layer), naming)
    return words.UNITS(symptom.of, part=symptom.count, kind=kind, symbol=name)


def _new(symptom: Symptom, text: str) -> str:
    """With from where on it is one, and those that have come to it, where others were so before."""
    text = words.FROM_SHARE.format(text=text, share=SHARE)
    if not symptom.new or symptom.new == symptom.units:
        return text
    return words.NEW.format(text=text, iteration=symptom.iteration, which=unit_list(symptom.new))


def _dead(symptom: Symptom, naming: Naming) -> str:
    who, where, which = _units(symptom, naming, words.RELU), in_which_rows(symptom.detail), unit_list(symptom.units)
    count, symbol = symptom.count, naming(symptom.symbol)
    if symptom.detail["foreign"]:
        return _new(symptom, words.DEAD_FORWARD(count, units=who, which=which, symbol=symbol, where=where))
    return _new(symptom, words.DEAD(count, units=who, which=which, symbol=symbol, where=where))


def _saturated(symptom: Symptom, naming: Naming) -> str:
    kind = next(name for name, kind in SATURATED.items() if kind == symptom.kind)
    who, where, which = _units(symptom, naming, kind), in_which_rows(symptom.detail), unit_list(symptom.units)
    below = SATURATED_BELOW
    if symptom.detail["foreign"]:
        return _new(symptom, words.SATURATED_FORWARD(symptom.count, units=who, which=which, below=below, where=where))
    return _new(symptom, words.SATURATED(symptom.count, units=who, which=which, below=below, where=where))


def _identical(symptom: Symptom, naming: Naming) -> str:
    names = [naming(symbol) for symbol, _ in symptom.named]
    who = words.OF_LAYER(symptom.of, part=symptom.count, symbol=called((symptom.symbol, symptom.layer), naming))
    weights = ", ".join(names[:-1]) + phrases.AND + names[-1]
    return words.IDENTICAL.format(units=who, which=unit_list(symptom.units), weights=weights)


def _plateau(symptom: Symptom, naming: Naming) -> str:
    detail = symptom.detail
    text = words.PLATEAU.format(
        loss=naming(symptom.symbol),
        since=int(detail["since"]),
        iteration=symptom.iteration,
        mean=detail["mean"],
        flat=detail["flat"],
        span=int(detail["span"]),
    )
    share, scale, above = detail["mean"] / detail["scale"], detail["scale"], detail["above"]
    if detail["constant"]:
        return words.PLATEAU_OF_CONSTANT.format(text=text, share=share, scale=scale, above=above)
    return words.PLATEAU_OF_FIRST.format(text=text, share=share, scale=scale, above=above)


TEXTS: Mapping[str, Callable[[Symptom, Naming], str]] = {
    NOT_FINITE: _not_finite,
    EXPLODING: _exploding,
    VANISHING: _vanishing,
    DEAD: _dead,
    **dict.fromkeys(SATURATED.values(), _saturated),
    IDENTICAL: _identical,
    PLATEAU: _plateau,
}
