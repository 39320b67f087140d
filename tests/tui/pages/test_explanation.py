"""Claims about explanations of any operation: every number of random graphs is told, and products of many factors."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.program.compiler import compile_program
from gradstep.engine.program.expression import Element, Expression, Operand
from gradstep.engine.program.network import Network, Node
from gradstep.engine.program.operation import Calls, Gradient, Operation, first
from gradstep.tui.pages.explanation import as_json, tell
from gradstep.tui.text.notation import Notation
from tests.strategies import graphs, scenario_of

ANY = 'format = 1\ntitle = "a graph"\n[inputs]\na = 2.0\n[[node]]\nname = "y"\nkind = "add"\ninputs = ["a", "a"]\n'


def _product_kernel(out: Array, one: Array, *others: Array) -> Calls:
    return (partial(np.copyto, out, one), *(partial(np.multiply, out, other, out) for other in others))


def _product_element(index: tuple[int, ...], one: Operand, *others: Operand) -> Expression:
    tree: Expression = one.at(index)
    for other in others:
        tree = tree * other.at(index)
    return tree


def product(operands: int) -> Operation:
    """The product of so many operands."""
    formula = " ∘ ".join(f"{{{place}}}" for place in range(operands))
    back = Operation("product_gradient", _product_kernel, first, formula, _product_element)
    others = [tuple(str(other) for other in range(operands) if other != place) for place in range(operands)]
    gradients = tuple(Gradient(place, back, ("d", *rest)) for place, rest in enumerate(others))
    return Operation("product", _product_kernel, first, formula, _product_element, gradients)


def product_of(names: tuple[str, ...]) -> Timeline:
    """A graph of one product, after its iteration; the inputs are 2, 3, 4 …"""
    inputs = {name: np.asarray(2.0 + place) for place, name in enumerate(sorted({*names}))}
    network = Network((Node("y", product(len(names)), names, "y", "node[0]"),), {}, inputs, "y", layered=False)
    timeline = Timeline(scenario_of(ANY).with_program(compile_program(network, None, None, {})))
    timeline.goto("1")
    return timeline


def told(timeline: Timeline, element: Element) -> str:
    lines = tell(timeline, element, Notation(timeline.names), 120, digits=9, unroll=True).lines
    return "\n".join("".join(text for text, _ in line.pieces).rstrip() for line in lines)


@pytest.mark.parametrize("names", [("a", "b", "c"), ("a", "b", "a"), ("a", "a", "a", "b"), ("a",) * 5], ids="".join)
def test_a_product_of_many_factors_is_told_with_its_chain(names: tuple[str, ...]) -> None:
    timeline = product_of(names)
    text = told(timeline, Element("da", ()))
    assert "the chain rule, factor by factor" in text
    count = names.count("a")
    assert text.count("× ∂y/∂") == count
    if count > 1:
        which = ("first operand", "second operand", "third operand", "operand 4", "operand 5")
        assert [each in text for each in which] == [
            place < len(names) and names[place] == "a" for place in range(len(which))
        ]
    rest = np.prod([float(timeline[name]) for name in names]) / 2.0
    assert float(timeline["da"]) == count * rest


@given(graphs(iterations=2))
@settings(max_examples=15, deadline=None)
def test_every_number_of_random_graphs_is_told(text: str) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    for step in timeline.program.steps:
        for index in np.ndindex(timeline[step.symbol].shape):
            element = Element(step.symbol, index)
            assert told(timeline, element)
            assert as_json(timeline, element, unroll=True)["value"] == float(timeline[step.symbol][index])


def test_what_is_long_unrolled_is_counted_below_the_chain_rule_unless_it_is_asked_for() -> None:
    timeline = Timeline(load_scenario("attention"))
    timeline.goto("1:dscores")
    notation, element = Notation(timeline.names), Element("dscores", (0, 0))

    def told(most: int | None) -> str:
        lines = tell(timeline, element, notation, 60, digits=9, unroll=True, most=most).lines
        return "\n".join("".join(text for text, _ in line.pieces) for line in lines)

    short, whole = told(8), told(None)
    assert short.index("the chain rule, factor by factor") < short.index("unrolled, ")
    assert "\nunrolled\n" not in short
    assert whole.index("\nunrolled\n") < whole.index("the chain rule, factor by factor")
    assert len(short) < len(whole)
