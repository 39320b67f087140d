"""The values that a source prints, compared with the engine's.

A value printed as text is compared to as many digits as are written: it must round to that text, unless the scenario
says that the source's last digit may be off by more. A number is compared to a relative tolerance, a truth to itself. A
`disagrees` expectation holds where the printed value differs from the computed one, because the source is known to be
wrong there, and where the computed one is what the scenario says is right instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from gradstep.engine.arrays import LAST_BITS, Array, Index, subscript, written
from gradstep.engine.errors import Problem, quoted
from gradstep.engine.language import conditions
from gradstep.engine.language.syntax import ExpressionError, SyntaxNode
from gradstep.engine.program.names import Names
from gradstep.engine.program.positions import Course, Position
from gradstep.engine.scenario.types import found
from gradstep.engine.words import expectations as words

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
SPECIAL = {"nan": np.nan, "inf": np.inf, "+inf": np.inf, "-inf": -np.inf}


class ExpectationError(Problem):
    """An expectation that cannot be checked: its position, symbol, shape or printed value is wrong."""


@dataclass(frozen=True, eq=False)
class Expectation:
    """symbol is the canonical spelling, `spelling` how the scenario writes it; printed is text, number or truth,
    or nested lists of them. name: what the source calls the value; from_source: whether it is the source that gives it.
    instead: where it disagrees, what is right, written like the printed value; None where that is not said.
    """

    at: str
    position: Position
    spelling: str
    symbol: str
    tree: SyntaxNode
    printed: Any
    tolerance: float
    off_by: float
    note: str
    disagrees: str
    key: str
    name: str = ""
    from_source: bool = True
    instead: Any = None

    def check(self, values: Mapping[str, Array], names: Names) -> Verdict:
        """Compare with the values at the expectation's position."""
        value = conditions.evaluate(self.tree, lambda name: names.resolve(name).of(values))
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        matches = _matches(self.printed, plain, self)
        passed = all(_leaves(matches)) != bool(self.disagrees)
        if self.instead is not None:
            passed = passed and all(_leaves(_matches(self.instead, plain, self)))
        return Verdict(self, plain, matches, passed)

    def moved(self, course: Course) -> Expectation:
        """The same for another program of the same symbols: at its position there, or as soon as all is computed."""
        here, writers = course.parse(self.at), course.program.writers
        symbols = (course.names.resolve(name).symbol for name in conditions.names(self.tree))
        step = max(here.step, *(writers.get(symbol, -1) + 1 for symbol in symbols))
        return replace(self, position=course.at(here.iteration, step))


@dataclass(frozen=True, eq=False)
class Verdict:
    """An expectation's outcome. value and matches are nested like the printed value."""

    expectation: Expectation
    value: Any
    matches: Any
    passed: bool

    @property
    def printed_holds(self) -> bool:
        """Whether all of it is as printed."""
        return all(_leaves(self.matches))

    @property
    def would_hold_as_text(self) -> bool:
        """Whether numbers that do not match would, if they were compared to as many digits as are written."""
        return not self.passed and not self.expectation.disagrees and _as_text(self.expectation.printed, self.value)

    def elements(self) -> Iterator[tuple[Index, Any, Any, bool]]:
        """Each element's index, as printed and as computed, and whether they match; of a single value one, with ()."""
        return _elements(self.expectation.printed, self.value, self.matches, ())


def expectation(course: Course, key: str, at: str, spelling: str, printed: Any, **more: Any) -> Expectation:
    """An expectation whose position, symbols and shape exist; raises PositionError or ExpectationError."""
    position, names, program = course.parse(at), course.names, course.program
    try:
        tree = conditions.parse(spelling)
        blank: dict[str, Array] = {}
        for name in sorted(conditions.names(tree)):
            symbol = names.resolve(name).symbol
            if program.writers.get(symbol, -1) >= position.step:
                raise ExpectationError(words.NO_VALUE_YET.format(symbol=names.dressed_own(symbol), at=at))
            blank[symbol] = np.zeros(program.symbols[symbol].shape)
        sample = conditions.evaluate(tree, lambda name: names.resolve(name).of(blank))
    except ExpressionError as error:
        raise ExpectationError(str(error)) from None
    except KeyError as error:
        raise ExpectationError(_no_such_name(str(error.args[0]), names)) from None
    _check_printed(spelling, printed, sample)
    if more.get("instead") is not None:
        _check_printed("instead", more["instead"], sample)
    symbol = str(names.resolve(spelling)) if spelling in names.references else spelling
    return Expectation(at, position, spelling, symbol, tree, printed, key=key, **more)


def _no_such_name(problem: str, names: Names) -> str:
    """What is wrong with a name, and where no other is near, what would be right."""
    example = names.typed(names.program.loss)
    return problem if problem.endswith(")") else words.NAME_SUCH_AS.format(problem=problem, name=example)


def _check_printed(spelling: str, printed: Any, sample: Any) -> None:
    """The printed value must have the computed one's shape, and be readable."""
    shape = np.shape(sample)
    if _shape(printed) != shape:
        problem = words.OTHER_SHAPE.format(found=_named(_shape(printed)), expected=_named(shape))
        if shape and 0 not in shape and not isinstance(printed, list) and spelling.isidentifier():
            element = spelling + subscript((0,) * len(shape))
            problem = words.OR_ONE_ELEMENT.format(problem=problem, element=element, printed=_in_toml(printed))
        raise ExpectationError(problem)
    if isinstance(sample, str):
        raise ExpectationError(words.TEXT_AS_VALUE)
    for leaf in _leaves(printed):
        truth = np.asarray(sample).dtype == np.bool_
        if truth and not isinstance(leaf, bool):
            raise ExpectationError(words.NO_TRUTH.format(found=found(leaf)))
        if isinstance(leaf, bool) and not truth:
            raise ExpectationError(words.NO_NUMBER.format(found=found(leaf)))
        if isinstance(leaf, str) and leaf and leaf not in SPECIAL and not NUMBER.fullmatch(leaf.replace("−", "-")):
            raise ExpectationError(words.NO_PRINTED_NUMBER.format(text=leaf[:40]))


def _in_toml(printed: Any) -> str:
    return quoted(printed) if isinstance(printed, str) else str(printed).lower()


def _as_text(printed: Any, value: Any) -> bool:
    if isinstance(printed, list):
        return all(_as_text(one, other) for one, other in zip(printed, value, strict=True))
    return isinstance(printed, float) and np.isfinite(printed) and agrees_to_its_digits(repr(printed), value)


def _named(shape: tuple[int, ...] | None) -> str:
    if shape is None:
        return words.RAGGED
    return words.OF_SHAPE.format(shape=written(shape)) if shape else words.SINGLE_VALUE


def _shape(nested: Any) -> tuple[int, ...] | None:
    if not isinstance(nested, list):
        return ()
    inner = {_shape(item) for item in nested}
    if len(inner) != 1 or None in inner:
        return None if nested else (0,)
    return (len(nested), *(inner.pop() or ()))


def _leaves(nested: Any) -> list[Any]:
    return [leaf for item in nested for leaf in _leaves(item)] if isinstance(nested, list) else [nested]


def _elements(printed: Any, value: Any, matches: Any, index: Index) -> Iterator[tuple[Index, Any, Any, bool]]:
    if not isinstance(printed, list):
        yield index, printed, value, matches
        return
    for place, each in enumerate(zip(printed, value, matches, strict=True)):
        yield from _elements(*each, (*index, place))


def _matches(printed: Any, value: Any, how: Expectation) -> Any:
    if isinstance(printed, list):
        return [_matches(one, other, how) for one, other in zip(printed, value, strict=True)]
    if isinstance(printed, bool):
        return printed is bool(value)
    if isinstance(printed, str):
        return agrees_to_its_digits(printed, value, how.off_by)
    printed = float(printed)
    if not (np.isfinite(printed) and np.isfinite(value)):
        return bool(np.array_equal(printed, value, equal_nan=True))
    return abs(printed - value) <= how.tolerance * max(abs(printed), abs(value))


def agrees_to_its_digits(printed: str, value: float, off_by: float = 0.5) -> bool:
    """Whether a number rounds to the printed text: "0.3775" allows 0.37745 to 0.37755. "" agrees with anything.

    off_by: how many units of the last written digit the number may be away. At the very end of what is allowed the last
    bits, which are the machine's own, decide nothing, as long as they are small beside that digit.
    """
    if not printed:
        return True
    if printed in SPECIAL:
        return bool(np.array_equal(SPECIAL[printed], value, equal_nan=True))
    if not np.isfinite(value):
        return False
    number = Decimal(printed.replace("−", "-"))
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "a number, as NUMBER has checked"
    unit = Decimal((0, (1,), exponent))
    last_bits = min(Decimal(LAST_BITS) * abs(Decimal(value)), unit / 1000)
    return abs(Decimal(value) - number) <= Decimal(off_by) * unit + last_bits
