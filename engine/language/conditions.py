"""The language of conditions: `E < 0.01 and changed(W1)`, `0.5*(t[0,0] - y[0,0])**2`, `3*x0 + 2*x1`.

Breakpoints, watches, expectations and the formulas of generated data are written in it. Nothing is executed as Python,
no attribute can be reached, and length, nesting and the shapes that combine are bounded, so that a text from somebody
else's scenario costs no more than the arrays it names.

Precedence is Python's; so are chained comparisons, taken element by element for arrays. Arithmetic is NumPy's
in float64: a division by zero is inf or NaN, a negative number to the power of a fraction NaN.

What a name stands for is left to the caller: it hands in a lookup, and checks the spelling of `names(tree)`.
"""

from __future__ import annotations

import operator as comparing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from gradstep.engine import arrays
from gradstep.engine.arrays import written
from gradstep.engine.errors import quoted
from gradstep.engine.language.syntax import (
    ACROSS_ITERATIONS,
    MAX_DEPTH,
    MAX_LENGTH,
    ExpressionError,
    MissingValueError,
    Parser,
    SyntaxNode,
    nodes,
)
from gradstep.engine.words import conditions as words

Array: TypeAlias = npt.NDArray[Any]
Value: TypeAlias = float | bool | str | Array
Lookup: TypeAlias = Callable[[str], Value]  # KeyError for a name that is unknown or has no value yet


def parse(text: str) -> SyntaxNode:
    """The tree of an expression; ExpressionError if the text is none, is too long or is nested too deeply."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(text, MAX_LENGTH, words.TOO_LONG.format(most=MAX_LENGTH, found=len(text)))
    parser = Parser(text, {name: function.arity for name, function in FUNCTIONS.items()})
    tree = parser.expression()
    if parser.token.kind != "end":
        raise parser.expected(words.AN_OPERATOR)
    level: tuple[SyntaxNode, ...] = (tree,)
    for _ in range(MAX_DEPTH + 1):
        level = tuple(operand for node in level for operand in node.operands)
    if level:
        raise level[0].error(words.TOO_DEEP.format(most=MAX_DEPTH))
    return tree


def names(tree: SyntaxNode, *, outside: str = "") -> frozenset[str]:
    """The names whose values an expression needs, but for those inside a call of the function `outside`."""
    return frozenset(str(node.value) for node in nodes(tree, outside=outside) if node.rule == "name")


def names_now(tree: SyntaxNode) -> frozenset[str]:
    """Those whose values in the same iteration it needs."""
    return names(tree, outside="prev")


def names_before(tree: SyntaxNode) -> frozenset[str]:
    """Those whose values one iteration earlier it needs."""
    return frozenset().union(*(names(node) for node in _looking_back(tree)))


def looks_back(tree: SyntaxNode) -> bool:
    """Whether it asks for anything one iteration earlier."""
    return any(_looking_back(tree))


def _looking_back(tree: SyntaxNode) -> Iterator[SyntaxNode]:
    return (node for node in nodes(tree) if node.rule in ACROSS_ITERATIONS)


def evaluate(tree: SyntaxNode, lookup: Lookup, previous: Lookup | None = None) -> Value:
    """The value of an expression; an array may be a view of one that was looked up.

    `previous` looks names up one iteration earlier, for `prev(…)` and `changed(…)`. MissingValueError if a
    name has no value or there is no `previous`; ExpressionError for texts, shapes, indices that do not fit.
    """
    with np.errstate(all="ignore"):
        return _Evaluation(lookup, previous).value(tree)


def is_true(value: Value, tree: SyntaxNode | None = None) -> bool:
    """Whether a condition with this value holds; as in Python any number but 0 is true, NaN too.

    ExpressionError for a text and for an array; it quotes `tree` if that is given.
    """
    if not isinstance(value, str) and np.ndim(value) == 0:
        return bool(value)
    if isinstance(value, str):
        reason = words.TEXT_IS_NO_CONDITION.format(text=quoted(value))
    else:
        reason = words.ARRAY_IS_NO_CONDITION.format(shape=written(np.shape(value)))
    raise tree.error(reason) if tree else ExpressionError("", 0, reason)


def _described(value: Value) -> str:
    if isinstance(value, str):
        return words.A_TEXT.format(text=quoted(value))
    return words.AN_ARRAY.format(shape=written(np.shape(value))) if np.ndim(value) else words.A_SCALAR


def _settled(result: Any) -> Value:
    """NumPy's answer as a Value: an array without axes is a float or a bool."""
    array = np.asarray(result)
    return array if array.ndim else array.item()


def _combined(function: Callable[[Any, Any], Any], left: Value, right: Value, node: SyntaxNode) -> Value:
    """Two values, element by element, where the result is as large as the larger of the two and no larger."""
    a, b = np.shape(left), np.shape(right)
    smaller, larger = sorted((a, b), key=len)
    if smaller not in ((), larger, larger[-1:]):
        raise node.error(words.SHAPES_DO_NOT_COMBINE.format(left=written(a), right=written(b)))
    return _settled(function(left, right))


def _bits(value: Value) -> object:
    """Equal for values whose bits are; every NaN counts as the same."""
    if isinstance(value, str):
        return value
    return np.shape(value), np.where(np.isnan(value), np.nan, value).tobytes()


@dataclass(frozen=True)
class _Evaluation:
    """The rules of the tree, one method each, and the values of names now and one iteration earlier."""

    lookup: Lookup
    previous: Lookup | None

    def value(self, node: SyntaxNode) -> Value:
        return _RULES[node.rule](self, node)

    def numbers(self, node: SyntaxNode) -> Iterator[Array]:
        """The operands' values in float64, one at a time: a long sum does not hold all its terms."""
        for operand in node.operands:
            value = self.value(operand)
            if isinstance(value, str):
                raise operand.error(words.EXPECTED_NUMBERS.format(text=quoted(value)))
            yield np.asarray(value, dtype=np.float64)

    def name(self, node: SyntaxNode) -> Value:
        name = str(node.value)
        try:
            found = self.lookup(name)
        except KeyError as missing:
            why = str(missing.args[0]) if missing.args else ""
            if why in ("", name):
                reason = words.HAS_NO_VALUE.format(name=quoted(name))
            else:
                reason = words.HAS_NO_VALUE_BECAUSE.format(name=quoted(name), reason=why)
            raise node.error(reason, MissingValueError) from missing
        if isinstance(found, str):
            return found
        array = np.asarray(found)
        if array.dtype.kind not in "biuf":
            raise node.error(words.NEITHER_NUMBERS_NOR_TEXT.format(name=quoted(name)))
        return _settled(array if array.dtype.kind == "b" else array.astype(np.float64, copy=False))

    def index(self, node: SyntaxNode) -> Value:
        """Indices have to lie within the shape; slices are clipped to it, as NumPy's are."""
        array = self.value(node.operands[0])
        if np.ndim(array) < len(node.keys):
            raise node.error(words.TOO_MANY_INDICES.format(value=_described(array)))
        for key, size in zip(node.keys, np.shape(array), strict=False):
            if isinstance(key, int) and not -size <= key < size:
                raise node.error(words.OUT_OF_RANGE.format(index=key, shape=written(np.shape(array))))
        where = tuple(key if isinstance(key, int) else slice(*key) for key in node.keys)
        return _settled(np.asarray(array)[where])

    def sign(self, node: SyntaxNode) -> Value:
        return _settled(_SIGNS[node.operators[0]](*self.numbers(node)))

    def arithmetic(self, node: SyntaxNode) -> Value:
        numbers = self.numbers(node)
        value: Value = next(numbers)
        for operator, operand, number in zip(node.operators, node.operands[1:], numbers, strict=True):
            value = _combined(_ARITHMETIC[operator], value, number, operand)
        return value

    def comparison(self, node: SyntaxNode) -> Value:
        """`a < b <= c`: every neighbour compared and all of it true."""
        left, result = self.value(node.operands[0]), _settled(True)
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            right = self.value(operand)
            texts = isinstance(left, str) + isinstance(right, str)
            if texts == 1 or (texts == 2 and operator not in ("==", "!=")):
                one, other = _described(left), _described(right)
                raise operand.error(words.DOES_NOT_COMPARE.format(operator=operator, left=one, right=other))
            both = _combined(_COMPARISONS[operator], left, right, operand)
            left, result = right, _combined(np.logical_and, result, both, operand)
        return result

    def negation(self, node: SyntaxNode) -> Value:
        return not is_true(self.value(node.operands[0]), node.operands[0])

    def logic(self, node: SyntaxNode) -> Value:
        """`and`, `or`: no further than the answer needs; the answer is true or false."""
        decisive = node.operators[0] == "or"
        for operand in node.operands:
            if is_true(self.value(operand), operand) is decisive:
                return decisive
        return not decisive

    def prev(self, node: SyntaxNode) -> Value:
        if self.previous is None:
            raise node.error(words.NO_EARLIER_ITERATION.format(function=node.rule), MissingValueError)
        return _Evaluation(self.previous, None).value(node.operands[0])

    def changed(self, node: SyntaxNode) -> Value:
        return _bits(self.value(node.operands[0])) != _bits(self.prev(node))


Rule: TypeAlias = Callable[[_Evaluation, SyntaxNode], Value]


class Function(NamedTuple):
    """A row of FUNCTIONS: how a call gets its value, how many arguments it can take."""

    rule: Rule
    arity: tuple[int, ...] = (1,)


def _of(function: Callable[[Array], Any], pairwise: np.ufunc | None = None) -> Rule:
    def rule(evaluation: _Evaluation, node: SyntaxNode) -> Value:
        first, *second = evaluation.numbers(node)
        if pairwise and second:
            return _combined(pairwise, first, second[0], node)
        if not first.size and node.rule in _NEED_AN_ELEMENT:
            raise node.error(words.NO_ELEMENTS.format(function=node.rule, shape=written(first.shape)))
        return _settled(function(first))

    return rule


FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(_of(np.absolute)),
    **{each.__name__: Function(_of(each)) for each in (np.exp, np.log, np.sqrt, np.sin, np.cos, np.tanh)},
    **{each.__name__: Function(_of(each)) for each in (np.isnan, np.isinf, np.any, np.all)},
    "min": Function(_of(np.min, np.minimum), (1, 2)),
    "max": Function(_of(np.max, np.maximum), (1, 2)),
    "mean": Function(_of(lambda x: arrays.add_reduce(x, None) / x.size)),
    "sum": Function(_of(lambda x: arrays.add_reduce(x, None))),
    "norm": Function(_of(lambda x: np.sqrt(arrays.add_reduce(np.square(x), None)))),
    "prev": Function(_Evaluation.prev),
    "changed": Function(_Evaluation.changed),
}
_NEED_AN_ELEMENT = ("min", "max", "mean")
_RULES: Mapping[str, Rule] = {
    "constant": lambda _, node: node.value,
    "name": _Evaluation.name,
    "index": _Evaluation.index,
    "sign": _Evaluation.sign,
    "arithmetic": _Evaluation.arithmetic,
    "comparison": _Evaluation.comparison,
    "not": _Evaluation.negation,
    "logic": _Evaluation.logic,
    **{name: function.rule for name, function in FUNCTIONS.items()},
}
_SIGNS = {"-": np.negative, "+": np.positive}
_ARITHMETIC = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide, "**": np.power}
_COMPARISONS = {
    **{"==": comparing.eq, "!=": comparing.ne},
    **{"<": comparing.lt, "<=": comparing.le, ">": comparing.gt, ">=": comparing.ge},
}
