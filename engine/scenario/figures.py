"""Figures: the numbers that a source prints, in its order, each at the one moment of the run where it is looked at.

A figure is an expectation with its place. What it comes to in a run is asked of a timeline; how it is written is left
to the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gradstep.engine.language.syntax import SyntaxNode
from gradstep.engine.program.names import Names, Reference
from gradstep.engine.program.positions import Course, Position
from gradstep.engine.scenario.expectations import Expectation
from gradstep.engine.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Figure:
    """number: its place in the source's order, from 1. position: where it is looked at.

    reference: the symbol or element that it is, None for an expression. about: the symbols and elements that it is made
    of, in the order in which they are named.
    """

    number: int
    expectation: Expectation
    position: Position
    reference: Reference | None
    about: tuple[Reference, ...]

    @property
    def name(self) -> str:
        """The name that the source has for it; "" where the scenario gives none."""
        return self.expectation.name

    @property
    def reason(self) -> str:
        """The reason why the source is wrong there; "" where it is not known to be."""
        return self.expectation.disagrees

    @cached_property
    def symbols(self) -> frozenset[str]:
        """The symbols that it is made of."""
        return frozenset(each.symbol for each in self.about)


def figures_of(scenario: Scenario) -> tuple[Figure, ...]:
    """The figures of a scenario, in the order of its file."""
    return tuple(_figure(number, each, scenario.course) for number, each in enumerate(scenario.expectations, 1))


def _figure(number: int, expectation: Expectation, course: Course) -> Figure:
    tree, names = expectation.tree, course.names
    about = tuple(dict.fromkeys(_named(tree, names)))
    return Figure(number, expectation, _position(expectation, course, about), reference_of(tree, names), about)


def _position(expectation: Expectation, course: Course, about: tuple[Reference, ...]) -> Position:
    """The step that the scenario names, or the first in the iteration after which all of it has its value.

    No value changes within an iteration, so that any moment between the two would do as well.
    """
    here = expectation.position
    if ":" in expectation.at or here == course.start:
        return here
    writers = course.program.writers
    return course.at(here.iteration, max([1, *(writers.get(each.symbol, -1) + 1 for each in about)]))


def reference_of(node: SyntaxNode, names: Names) -> Reference | None:
    """The symbol or the element that a part of an expression is; None for anything else. KeyError for no name."""
    if node.rule == "name":
        return names.resolve(str(node.value))
    if node.rule != "index" or node.operands[0].rule != "name":
        return None
    whole = names.resolve(str(node.operands[0].value))
    shape = names.program.symbols[whole.symbol].shape
    index = tuple(key % size for key, size in zip(node.keys, shape, strict=False) if isinstance(key, int))
    return Reference(whole.symbol, index) if whole.index is None and len(index) == len(shape) else None


def _named(node: SyntaxNode, names: Names) -> Iterator[Reference]:
    """The symbols and elements that are named in an expression, from left to right."""
    found = reference_of(node, names)
    if found is not None:
        yield found
        return
    for operand in node.operands:
        yield from _named(operand, names)
