"""Arrays that a formula draws, such as `0.01 * randn(2, 3)`: NumPy's notation, without names.

A formula has the functions of `DRAWN`, which take sizes, those of `LISTED`, which take lists, and the functions of all
formulas. What it draws is drawn from left to right, as NumPy would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from gradstep.engine.arrays import MOST_DIMENSIONS, Array, Shape
from gradstep.engine.data.starting import Random, Spread, initialized
from gradstep.engine.language.formulas import Signature, parse_formula
from gradstep.engine.language.syntax import ExpressionError, SyntaxNode
from gradstep.engine.limits import ARRAY
from gradstep.engine.program.formulas import Formula, formula_of
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.names import Reference
from gradstep.engine.program.operation import ShapeError
from gradstep.engine.words import starting as words


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
LISTED: Mapping[str, Signature] = {"array": Signature((1,), lists=True), "full": Signature((2,), lists=True)}
_SIGNATURES: Mapping[str, Signature] = {
    **KNOWN,
    **{name: draw.signature for name, draw in DRAWN.items()},
    **LISTED,
}


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
        drawn = self.drawn(tree)
        if drawn.rule == "name":
            return self.known[str(drawn.value)]
        formula = self.formula(drawn)
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
        if node.rule in LISTED:
            return self.placed(node, self.listed(node))
        if node.rule not in DRAWN:
            return replace(node, operands=tuple(self.drawn(operand) for operand in node.operands))
        draw, numbers = DRAWN[node.rule], [self.number(operand) for operand in node.operands]
        shape = self.shape(node, dict(node.settings))
        self.check_count(node, math.prod(shape))
        try:
            array = draw.make(self.random, shape, *numbers)
        except (ValueError, OverflowError):
            raise node.error(words.CANNOT_BE_DRAWN.format(function=node.rule)) from None
        return self.placed(node, array)

    def placed(self, node: SyntaxNode, array: Array) -> SyntaxNode:
        """The name that stands for an array in the place of a call."""
        name = f"{node.rule}[{len(self.known)}]"  # nobody can type it
        self.known[name] = np.asarray(array, np.float64)
        return SyntaxNode(node.text, node.offset, "name", value=name)

    def listed(self, node: SyntaxNode) -> Array:
        """array([[1, 2], [3, 4]]), or full((2, 3), 0.5)."""
        if node.rule == "array":
            try:
                return np.array(self.nested(node.operands[0]), np.float64)
            except ValueError:
                raise node.error(words.RAGGED) from None
        sizes = self.nested(node.operands[0])
        shape = tuple(sizes if isinstance(sizes, list) else [sizes])
        if (
            not all(isinstance(size, float) and size.is_integer() and size >= 1 for size in shape)
            or len(shape) > MOST_DIMENSIONS
        ):
            raise node.error(words.NO_SIZES.format(function="full", example="full((2, 3), 0.5)"))
        self.check_count(node, int(math.prod(shape)))
        return np.full(tuple(map(int, shape)), self.number(node.operands[1]))

    def nested(self, node: SyntaxNode, depth: int = 0) -> Any:
        """Nested lists of numbers."""
        if node.rule != "tuple":
            return self.number(node)
        if depth == MOST_DIMENSIONS or not node.operands:
            raise node.error(words.RAGGED)
        return [self.nested(operand, depth + 1) for operand in node.operands]

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
