"""The language of conditions: `E < 0.01 and changed(W1)`, `0.5*(t[0,0] - y[0,0])**2`, `3*x0 + 2*x1`.

Breakpoints, watches, expectations and the formulas of generated data are written in it. Nothing is executed as Python,
no attribute can be reached, and length, nesting and the shapes that combine are bounded, so that a text from somebody
else's scenario costs no more than the arrays it names.

Precedence is Python's; so are chained comparisons, taken element by element for arrays. Arithmetic is NumPy's
in float64: a division by zero is inf or NaN, a negative number to the power of a fraction NaN.

What a name stands for is left to the caller: it hands in a lookup, and checks the spelling of `names(tree)`.
"""

from __future__ import annotations

import operator as plain
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from gradstep.engine import arrays
from gradstep.engine.arrays import written
from gradstep.engine.errors import quoted
from gradstep.engine.language.syntax import (
    ACROSS_ITERATIONS,
    MAX_LENGTH,
    ExpressionError,
    MissingValueError,
    Parser,
    SyntaxNode,
    check_depth,
    nodes,
)
from gradstep.engine.words import conditions as words

Array: TypeAlias = npt.NDArray[Any]
Value: TypeAlias = float | bool | str | Array
Lookup: TypeAlias = Callable[[str], Value]  # KeyError for a name that is unknown or has no value yet
Run: TypeAlias = Callable[[Lookup, Lookup | None], Value]  # by what names are now and one iteration earlier
Rule: TypeAlias = Callable[[SyntaxNode], Run]


def parse(text: str) -> SyntaxNode:
    """The tree of an expression; ExpressionError if the text is none, is too long or is nested too deeply."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(text, MAX_LENGTH, words.TOO_LONG.format(most=MAX_LENGTH, found=len(text)))
    parser = Parser(text, {name: function.arity for name, function in FUNCTIONS.items()})
    tree = parser.expression()
    if parser.token.kind != "end":
        raise parser.expected(words.AN_OPERATOR)
    check_depth(tree)
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
        return compiled(tree)(lookup, previous)


def compiled(tree: SyntaxNode) -> Run:
    """What evaluates an expression, as `evaluate` does, when it is called, again and again.

    The tree is gone through once, here. NumPy's warnings are left to whoever calls it.
    """
    return _RULES[tree.rule](tree)


def is_true(value: Value, tree: SyntaxNode | None = None) -> bool:
    """Whether a condition with this value holds; as in Python any number but 0 is true, NaN too.

    ExpressionError for a text and for an array; it quotes `tree` if that is given.
    """
    if isinstance(value, bool | float) or (not isinstance(value, str) and np.ndim(value) == 0):
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
    if type(result) is float:
        return result
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


# ── what evaluates a node, by its rule ───────────────────────────────────────────────────────────────────────
#
# A single number is a Python float wherever it can be: + − × and comparisons of two of them give NumPy's bits.


def _constant(node: SyntaxNode) -> Run:
    value = node.value
    return lambda now, before: value


def _name(node: SyntaxNode) -> Run:
    name = str(node.value)

    def run(now: Lookup, before: Lookup | None) -> Value:
        try:
            found = now(name)
        except KeyError as missing:
            why = str(missing.args[0]) if missing.args else ""
            if why in ("", name):
                reason = words.HAS_NO_VALUE.format(name=quoted(name))
            else:
                reason = words.HAS_NO_VALUE_BECAUSE.format(name=quoted(name), reason=why)
            raise node.error(reason, MissingValueError) from missing
        if type(found) is float or isinstance(found, str):
            return found
        array = np.asarray(found)
        if array.dtype == np.float64:
            return array if array.ndim else array.item()
        if array.dtype.kind not in "biuf":
            raise node.error(words.NEITHER_NUMBERS_NOR_TEXT.format(name=quoted(name)))
        return _settled(array if array.dtype.kind == "b" else array.astype(np.float64, copy=False))

    return run


def _index(node: SyntaxNode) -> Run:
    """Indices have to lie within the shape; slices are clipped to it, as NumPy's are."""
    inside = compiled(node.operands[0])
    where = tuple(key if isinstance(key, int) else slice(*key) for key in node.keys)

    def run(now: Lookup, before: Lookup | None) -> Value:
        array = inside(now, before)
        if np.ndim(array) < len(node.keys):
            raise node.error(words.TOO_MANY_INDICES.format(value=_described(array)))
        for key, size in zip(node.keys, np.shape(array), strict=False):
            if isinstance(key, int) and not -size <= key < size:
                raise node.error(words.OUT_OF_RANGE.format(index=key, shape=written(np.shape(array))))
        return _settled(np.asarray(array)[where])

    return run


def _number(node: SyntaxNode) -> Callable[[Lookup, Lookup | None], float | Array]:
    """What evaluates an operand that must be numbers, in float64."""
    inside = compiled(node)

    def run(now: Lookup, before: Lookup | None) -> float | Array:
        value = inside(now, before)
        if type(value) is float:
            return value
        if isinstance(value, str):
            raise node.error(words.EXPECTED_NUMBERS.format(text=quoted(value)))
        return np.asarray(value, dtype=np.float64)

    return run


def _sign(node: SyntaxNode) -> Run:
    inside, function = _number(node.operands[0]), _SIGNS[node.operators[0]]

    def run(now: Lookup, before: Lookup | None) -> Value:
        return _settled(function(inside(now, before)))

    return run


def _arithmetic(node: SyntaxNode) -> Run:
    """Its operands one at a time: a long sum does not hold all its terms."""
    first = _number(node.operands[0])
    others = [
        (_ARITHMETIC[operator], _SAME_IN_PYTHON.get(operator), _number(operand), operand)
        for operator, operand in zip(node.operators, node.operands[1:], strict=True)
    ]

    def run(now: Lookup, before: Lookup | None) -> Value:
        value: Value = first(now, before)
        for function, of_floats, number, operand in others:
            right = number(now, before)
            if of_floats is not None and type(value) is float and type(right) is float:
                value = of_floats(value, right)
            else:
                value = _combined(function, value, right, operand)
        return _settled(value)

    return run


def _comparison(node: SyntaxNode) -> Run:
    """`a < b <= c`: every neighbour compared and all of it true."""
    first = compiled(node.operands[0])
    others = [
        (operator, _COMPARISONS[operator], compiled(operand), operand)
        for operator, operand in zip(node.operators, node.operands[1:], strict=True)
    ]

    def run(now: Lookup, before: Lookup | None) -> Value:
        left: Value = first(now, before)
        result: Value = True
        for operator, function, inside, operand in others:
            right = inside(now, before)
            if type(left) is float and type(right) is float:
                both = function(left, right)
            else:
                texts = isinstance(left, str) + isinstance(right, str)
                if texts == 1 or (texts == 2 and operator not in ("==", "!=")):
                    one, other = _described(left), _described(right)
                    raise operand.error(words.DOES_NOT_COMPARE.format(operator=operator, left=one, right=other))
                both = _combined(function, left, right, operand)
            left, result = right, both if result is True else _combined(np.logical_and, result, both, operand)
        return result

    return run


def _negation(node: SyntaxNode) -> Run:
    operand = node.operands[0]
    inside = compiled(operand)
    return lambda now, before: not is_true(inside(now, before), operand)


def _logic(node: SyntaxNode) -> Run:
    """`and`, `or`: no further than the answer needs; the answer is true or false."""
    decisive = node.operators[0] == "or"
    operands = [(compiled(operand), operand) for operand in node.operands]

    def run(now: Lookup, before: Lookup | None) -> Value:
        for inside, operand in operands:
            if is_true(inside(now, before), operand) is decisive:
                return decisive
        return not decisive

    return run


def _prev(node: SyntaxNode) -> Run:
    inside = compiled(node.operands[0])

    def run(now: Lookup, before: Lookup | None) -> Value:
        if before is None:
            raise node.error(words.NO_EARLIER_ITERATION.format(function=node.rule), MissingValueError)
        return inside(before, None)

    return run


def _changed(node: SyntaxNode) -> Run:
    inside, earlier = compiled(node.operands[0]), _prev(node)
    return lambda now, before: _bits(inside(now, before)) != _bits(earlier(now, before))


class Function(NamedTuple):
    """A row of FUNCTIONS: how a call gets its value, how many arguments it can take."""

    rule: Rule
    arity: tuple[int, ...] = (1,)


def _of(function: Callable[[Array], Any], pairwise: np.ufunc | None = None) -> Rule:
    def rule(node: SyntaxNode) -> Run:
        first, *second = map(_number, node.operands)

        def run(now: Lookup, before: Lookup | None) -> Value:
            array = np.asarray(first(now, before))
            if pairwise and second:
                return _combined(pairwise, array, second[0](now, before), node)
            if not array.size and node.rule in _NEED_AN_ELEMENT:
                raise node.error(words.NO_ELEMENTS.format(function=node.rule, shape=written(array.shape)))
            return _settled(function(array))

        return run

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
    "prev": Function(_prev),
    "changed": Function(_changed),
}
_NEED_AN_ELEMENT = ("min", "max", "mean")
_RULES: Mapping[str, Rule] = {
    "constant": _constant,
    "name": _name,
    "index": _index,
    "sign": _sign,
    "arithmetic": _arithmetic,
    "comparison": _comparison,
    "not": _negation,
    "logic": _logic,
    **{name: function.rule for name, function in FUNCTIONS.items()},
}
_SIGNS: Mapping[str, Callable[[Any], Any]] = {"-": plain.neg, "+": plain.pos}
_ARITHMETIC = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide, "**": np.power}
_SAME_IN_PYTHON: Mapping[str, Callable[[float, float], float]] = {
    **{"+": plain.add, "-": plain.sub, "*": plain.mul},
    "/": lambda one, other: one / other if other else float(np.true_divide(one, other)),
}
_COMPARISONS = {
    **{"==": plain.eq, "!=": plain.ne},
    **{"<": plain.lt, "<=": plain.le, ">": plain.gt, ">=": plain.ge},
}
