"""Starting values that are drawn: by a named rule, or by a formula such as `0.01 * randn(2, 3)`.

A formula is NumPy's notation over the functions of `DRAWN`, which take no operands but sizes, and the functions of all
formulas. Where a scenario has a legacy seed, everything is drawn from one `numpy.random.RandomState`, in the order of
the file, as a script draws after `np.random.seed`; otherwise each array has a stream of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import numpy as np

from gradstep.engine.arrays import Array, Shape
from gradstep.engine.data.datasets import NAMED, generator
from gradstep.engine.language.formulas import Signature, parse_formula
from gradstep.engine.language.syntax import ExpressionError, SyntaxNode
from gradstep.engine.limits import ARRAY
from gradstep.engine.program.formulas import Formula, formula_of
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.names import Reference
from gradstep.engine.program.operation import ShapeError
from gradstep.engine.words import starting as words

Random: TypeAlias = np.random.Generator | np.random.RandomState


@dataclass(frozen=True, eq=False)
class Seeds:
    """Where random numbers come from. legacy: one generator for everything, if there is one."""

    seed: int
    legacy: np.random.RandomState | None = None

    def of(self, *stream: int) -> Random:
        """The random numbers of one array."""
        return generator(self.seed, *stream) if self.legacy is None else self.legacy


def named_stream(name: str) -> tuple[int, ...]:
    """The stream of a value that is known by its name."""
    return (NAMED, *name.encode())


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Spread:
    """What a rule is set to. scale: the standard deviation, the half-width, or a factor. low, high: both or none."""

    scale: float = 1.0
    mean: float = 0.0
    low: float | None = None
    high: float | None = None


def _normal(random: Random, shape: Shape, spread: Spread) -> Array:
    drawn: Array = spread.scale * random.standard_normal(shape)
    return drawn + spread.mean if spread.mean else drawn


def _uniform(random: Random, shape: Shape, spread: Spread) -> Array:
    if spread.low is None or spread.high is None:
        return random.uniform(-spread.scale, spread.scale, shape)
    return random.uniform(spread.low, spread.high, shape)


def _scaled(uniform: bool, variance: Callable[[Shape], float]) -> Callable[[Random, Shape, Spread], Array]:
    """A distribution of this variance, times `scale`; the uniform one is as wide as that asks for, √(3 · variance)."""

    def draw(random: Random, shape: Shape, spread: Spread) -> Array:
        deviation = math.sqrt(variance(shape))
        if uniform:
            return _uniform(random, shape, Spread(spread.scale * math.sqrt(3.0) * deviation))
        return _normal(random, shape, Spread(spread.scale * deviation))

    return draw


def _glorot(shape: Shape) -> float:
    """2 / (inputs + outputs): Glorot & Bengio, Understanding the difficulty of training … (2010), equation 16."""
    return 2.0 / (shape[0] + shape[1])


def _he(shape: Shape) -> float:
    """2 / inputs: He et al., Delving deep into rectifiers (2015), equation 10."""
    return 2.0 / shape[0]


RULES: Mapping[str, Callable[[Random, Shape, Spread], Array]] = {
    "normal": _normal,
    "uniform": _uniform,
    "zeros": lambda random, shape, spread: np.zeros(shape),
    "ones": lambda random, shape, spread: np.ones(shape),
    "xavier_normal": _scaled(False, _glorot),
    "xavier_uniform": _scaled(True, _glorot),
    "he_normal": _scaled(False, _he),
    "he_uniform": _scaled(True, _he),
}
BIAS_RULES = ("normal", "uniform", "zeros", "ones")  # the others need inputs and outputs
WITHOUT_SCALE = ("zeros", "ones")


def initialized(rule: str, shape: Shape, spread: Spread, random: Random) -> Array:
    """An array that one of `RULES` draws."""
    return RULES[rule](random, shape, spread)


# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────────────


class Draw(NamedTuple):
    """A function of formulas that takes sizes. make: from random numbers, a shape, and the numbers before it."""

    make: Callable[..., Array]
    signature: Signature
    axes: tuple[int, ...] = (1, 2, 3, 4)  # how many sizes it may have


def _sized(make: Callable[..., Array], size: str, axes: tuple[int, ...] = (1, 2, 3, 4)) -> Draw:
    return Draw(make, Signature((0,), (size,), rest=True), axes)


def _ruled(rule: str) -> Draw:
    return _sized(lambda random, shape: initialized(rule, shape, Spread(), random), "size", (2,))


def _between(first: str, second: str, usual: tuple[float, float], method: str) -> Draw:
    named = ((first, usual[0]), (second, usual[1]))
    return Draw(
        lambda random, shape, *numbers: getattr(random, method)(*numbers, shape),
        Signature((2,), ("size",), named=named),
    )


DRAWN: Mapping[str, Draw] = {
    **dict.fromkeys(("randn", "standard_normal"), _sized(lambda random, shape: random.standard_normal(shape), "size")),
    **dict.fromkeys(("rand", "random", "random_sample"), _sized(lambda random, shape: random.random(shape), "size")),
    "normal": _between("loc", "scale", (0.0, 1.0), "normal"),
    "uniform": _between("low", "high", (0.0, 1.0), "uniform"),
    "zeros": _sized(lambda random, shape: np.zeros(shape), "shape"),
    "ones": _sized(lambda random, shape: np.ones(shape), "shape"),
    "eye": _sized(lambda random, shape: np.eye(*shape), "N", (1, 2)),
    "xavier": _ruled("xavier_normal"),
    "xavier_uniform": _ruled("xavier_uniform"),
    "he": _ruled("he_normal"),
    "he_uniform": _ruled("he_uniform"),
}
_SIGNATURES: Mapping[str, Signature] = {**KNOWN, **{name: draw.signature for name, draw in DRAWN.items()}}


def drawn(text: str, random: Random) -> Array:
    """The array of a formula, its functions drawing in the order in which they stand there.

    Raises ExpressionError for what cannot be read, has no sizes, does not fit together, or is too large.
    """
    return _Drawing(random).value(parse_formula(text, _SIGNATURES))


class _Drawing:
    """Draws what a formula draws, left to right, and computes the rest as formulas are computed."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.known: dict[str, Array] = {}

    def value(self, tree: SyntaxNode) -> Array:
        formula = self.formula(self.drawn(tree))
        operands = [self.known[name] for name in formula.operands]
        shapes = [operand.shape for operand in operands]
        try:
            shape = formula.operation.shape(*shapes)
        except (ShapeError, ValueError) as error:  # which names its place already
            raise ExpressionError("", 0, str(error)) from None
        self.check_count(tree, formula.numbers(*shapes))
        out = np.empty(shape)
        with np.errstate(all="ignore"):
            formula.operation.fill(out, *operands)
        return out

    def formula(self, tree: SyntaxNode) -> Formula:
        """Over what has been drawn, as if that were symbols."""
        return formula_of(tree, {name: Reference(name) for name in self.known})

    def drawn(self, node: SyntaxNode) -> SyntaxNode:
        """The same with the name of an array in the place of each call that draws."""
        if node.rule == "name":
            raise node.error(words.NO_NAMES.format(name=node.value))
        if node.rule not in DRAWN:
            return replace(node, operands=tuple(self.drawn(operand) for operand in node.operands))
        draw, numbers = DRAWN[node.rule], [self.number(operand) for operand in node.operands]
        shape = self.shape(node, dict(node.settings))
        self.check_count(node, math.prod(shape))
        try:
            array = draw.make(self.random, shape, *numbers)
        except (ValueError, OverflowError):
            raise node.error(words.CANNOT_BE_DRAWN.format(function=node.rule)) from None
        name = f"{node.rule}[{len(self.known)}]"  # nobody can type it
        self.known[name] = np.asarray(array, np.float64)
        return SyntaxNode(node.text, node.offset, "name", value=name)

    def number(self, operand: SyntaxNode) -> float:
        """What a draw takes before its sizes: one number, itself perhaps a formula."""
        value = _Drawing(self.random).value(operand)
        if value.shape:
            raise operand.error(words.ONE_NUMBER)
        return float(value)

    def shape(self, node: SyntaxNode, settings: Mapping[str, object]) -> Shape:
        """The sizes of a call. eye(3) is eye(3, 3)."""
        given = next(iter(settings.values()), None)
        sizes = given if isinstance(given, tuple) else (given,)
        wanted = DRAWN[node.rule].axes
        whole = all(isinstance(size, int) and not isinstance(size, bool) and size > 0 for size in sizes)
        if not whole or len(sizes) not in wanted:
            raise node.error(words.NO_SIZES.format(function=node.rule, example=_example(node.rule)))
        return (*sizes, *sizes) if wanted == (1, 2) and len(sizes) == 1 else tuple(sizes)

    def check_count(self, node: SyntaxNode, numbers: int) -> None:
        """ExpressionError where a formula would hold more numbers than an array may have, all its parts together."""
        total = numbers + sum(array.size for array in self.known.values())
        if total > ARRAY:
            raise node.error(words.TOO_MANY.format(most=ARRAY))


def _example(function: str) -> str:
    """A call of a function as it would be right."""
    match DRAWN[function].signature.named:
        case ((_, first), (_, second)):
            return f"{function}({first:g}, {second:g}, (2, 3))"
    return f"{function}(2, 3)"
