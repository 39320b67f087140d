"""Claims about nets of formulas, against reverse mode by another program: values, gradients, arithmetic of elements.

The reference is tests.tape, which shares nothing with the engine but NumPy; where the loss is smooth central
differences say the same of it.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from numpy.testing import assert_allclose

from gradstep.engine import Timeline
from gradstep.engine.analysis.chainrule import Link, chain
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import AGREES, KINK, NOT_FINITE, WRONG
from gradstep.engine.language.formulas import parse_formula
from gradstep.engine.program.expression import Element, Number, Sum, evaluations
from gradstep.engine.program.formulas import formula_of
from gradstep.engine.program.functions import FUNCTIONS, KNOWN
from gradstep.engine.program.program import GRADIENTS, Phase, Step
from gradstep.engine.program.typing import typed
from gradstep.tui.pages.why import about, short_why
from gradstep.tui.text.notation import Notation
from tests import tape
from tests.engine.analysis.test_gradcheck import scaled
from tests.formula_nets import Net, nets
from tests.strategies import scenario_of

thorough = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MOST_LINKS = 2  # elements of a gradient whose chain is looked at


def run(text: str) -> Timeline:
    """The first iteration of a scenario, run to its end."""
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    return timeline


def steps(timeline: Timeline) -> list[tuple[Step, list[tuple[int, ...]]]]:
    """Every step that is made of others, with the indices of its elements."""
    symbols = timeline.program.symbols
    return [(step, [*np.ndindex(*symbols[step.symbol].shape)]) for step in timeline.program.steps if step.operands]


# ── values and gradients ─────────────────────────────────────────────────────────────────────────────────────


@given(nets())
@thorough
def test_every_value_and_every_gradient_is_that_of_another_program(net: Net) -> None:
    timeline = run(net.toml)
    values, gradients = net.reference()
    for name, value in values.items():
        assert timeline[name].shape == value.shape, name
        assert_allclose(timeline[name], value, rtol=1e-11, atol=1e-11, err_msg=name)
    for name, gradient in gradients.items():
        size = max(1.0, float(np.abs(gradient).max()))
        assert_allclose(timeline[f"d{name}"], gradient, rtol=1e-9, atol=1e-9 * size, err_msg=name)


@given(nets())
@thorough
def test_the_arithmetic_of_every_element_comes_to_its_value(net: Net) -> None:
    timeline = run(net.toml)
    value = evaluations(lambda name: timeline[name])
    for step, indices in steps(timeline):
        for index in indices:
            element = timeline.program.element(step.symbol, index)
            assert element is not None
            terms = element.terms if isinstance(element, Sum) else (element,)
            size = 1.0 + sum(abs(value(term)) for term in terms)
            apart = abs(value(element) - float(timeline[step.symbol][index]))
            assert apart <= 1e-11 * size, (step.symbol, step.operation.name, index)


@given(nets(ties=False))
@settings(thorough, max_examples=15)
def test_the_reference_is_the_slope_of_the_loss(net: Net) -> None:
    """Where nothing is equal: central differences of the tape's own forward pass."""
    _, gradients = net.reference()
    for name, array in net.parameters.items():
        for index in islice(np.ndindex(*array.shape), 2):
            slope, rough = (_slope(net, name, index, h) for h in (1e-5, 4e-5))
            if abs(slope - rough) > 1e-4 * max(1.0, abs(slope)):
                continue  # a kink is near, or the loss bends sharply
            assert_allclose(gradients[name][index], slope, rtol=1e-4, atol=1e-4, err_msg=name)


def _slope(net: Net, name: str, index: tuple[int, ...], h: float) -> float:
    sides = []
    for shift in (h, -h):
        array = net.parameters[name].copy()
        array[index] += shift
        with np.errstate(all="ignore"):
            sides.append(float(tape.run([*net.lines, net.loss], net.parameters | {name: array})["E"].array))
    return (sides[0] - sides[1]) / (2 * h)


def test_the_reference_knows_every_function() -> None:
    other_names = {"absolute", "fabs", "amax", "amin", "power", "add", "subtract", "multiply", "divide", "true_divide"}
    assert FUNCTIONS.keys() - tape.FUNCTIONS.keys() == other_names | {"negative", "matmul", "dropout"}


# ── the chain rule, and words ────────────────────────────────────────────────────────────────────────────────


@given(nets())
@settings(thorough, max_examples=30)
def test_every_gradient_comes_from_upstream_gradients_times_local_derivatives(net: Net) -> None:
    timeline = run(net.toml)
    program, moment = timeline.program, timeline.moment()
    for step, indices in steps(timeline):
        if program.symbols[step.symbol].role not in GRADIENTS or step.symbol == "dE":
            continue
        for index in indices[:MOST_LINKS]:
            link = chain(moment.provenance, moment.scenario.course, Element(step.symbol, index))
            assert link is not None
            if link.expression is not None:
                assert isinstance(link.expression, Number), (step.symbol, step.operation.name, link.expression)
                assert link.value == link.expression.value == 0.0
            else:
                _adds_up(link)


def _adds_up(link: Link) -> None:
    size = abs(link.rest) + sum(abs(term.value) for term in link.terms)
    assert_allclose(link.rest + sum(term.value for term in link.terms), link.value, atol=1e-11 * size, rtol=1e-11)
    for term in link.terms:
        local = 1.0 if term.local is None else term.local.value
        assert_allclose(term.upstream.value * local, term.value, rtol=1e-10, atol=1e-13 * (1.0 + size))


@given(nets())
@settings(thorough, max_examples=30)
def test_every_step_has_words(net: Net) -> None:
    scenario = scenario_of(net.toml)
    for step in scenario.program.steps:
        assert all(about(scenario, step, Notation(scenario.names)))
        assert short_why(scenario, step, Notation(scenario.names))


@given(nets())
@settings(thorough, max_examples=30)
def test_what_stands_ready_to_be_changed_computes_what_the_step_does(net: Net) -> None:
    timeline = run(net.toml)
    names = timeline.scenario.names
    for step, _ in steps(timeline):
        text = typed(names, step).partition("= ")[2]
        if not text:
            assert step.phase is Phase.BACKWARD, step.operation.name
            continue
        formula = formula_of(parse_formula(text, KNOWN), names.references)
        found = np.empty(timeline[step.symbol].shape)
        formula.operation.fill(found, *(timeline[name] for name in formula.operands))
        assert_allclose(found, timeline[step.symbol], rtol=1e-11, atol=1e-11, err_msg=text)


# ── the gradient check ───────────────────────────────────────────────────────────────────────────────────────


@given(nets())
@settings(thorough, max_examples=20)
def test_the_gradient_check_accuses_no_right_gradient(net: Net) -> None:
    for matrix in check(run(net.toml)).matrices:
        for element in matrix.elements:
            assert element.verdict not in (WRONG, NOT_FINITE), (matrix.symbol, element)


KINKED = [
    "abs(p)",
    "relu(p)",
    "leaky_relu(p, slope=0.2)",
    "elu(p, alpha=0.5)",
    "maximum(p, q)",
    "maximum(q, p)",
    "minimum(p, q)",
    "maximum(p, 0.00001)",
    "minimum(0.00001, p)",
    "max(stack([p, q]), axis=0)",
    "min(stack([p, q]), axis=0)",
    "max(concatenate([p, q]))",
    "max_pool(reshape(stack([p, q]), (1, 1, 2, 2)))",
    "(p > q) * p",
    "where(p >= q, 2 * p, 3 * p)",
    "where(p < 0.00001, p, 3 * p)",
]


def beside_a_kink(formula: str, apart: float) -> Timeline:
    """Two parameters that are so far apart, near 0."""
    return run(
        f"format = 1\ntitle = \"a kink\"\n[model]\nforward = '''h = {formula}'''\n"
        f'loss = "E = sum(h * exp(p) + sin(q))"\n[parameters]\np = [{apart}, -0.5]\nq = [0.0, -0.25]\n'
    )


@pytest.mark.parametrize("formula", KINKED)
def test_beside_a_kink_the_check_says_so_and_names_it(formula: str) -> None:
    timeline = beside_a_kink(formula, 2e-5)
    verdicts = [element for matrix in check(timeline).matrices for element in matrix.elements]
    assert {each.verdict for each in verdicts} == {AGREES, KINK}
    kinks = [each.kink for each in verdicts if each.verdict == KINK]
    assert all(kink is not None and abs(kink.value) <= 3e-5 for kink in kinks)


@pytest.mark.parametrize("formula", KINKED)
def test_at_a_kink_the_check_accuses_nothing(formula: str) -> None:
    timeline = beside_a_kink(formula, 0.0)
    assert {e.verdict for matrix in check(timeline).matrices for e in matrix.elements} <= {AGREES, KINK}


@pytest.mark.parametrize("formula", KINKED)
def test_a_wrong_gradient_is_wrong_beside_a_kink_too(formula: str) -> None:
    result = check(Timeline(scaled(beside_a_kink(formula, 2e-5).scenario, "dh", 1.001)))
    assert WRONG in {element.verdict for matrix in result.matrices for element in matrix.elements}


def test_a_formula_knows_what_only_decides() -> None:
    timeline = run(
        "format = 1\ntitle = \"t\"\n[model]\nforward = '''\nh = abs(p) * (p > q)\nk = where(p > q, r, 2)\n'''\n"
        'loss = "E = sum(h) + sum(k)"\n[parameters]\np = [1.0]\nq = [2.0]\nr = [3.0]\n'
    )
    deciding = {
        step.operation.name: {step.operands[place] for place in step.operation.compares}
        for step in timeline.program.steps
    }
    assert deciding["greater"] == {"p", "q"}
    assert deciding["abs_gradient"] == {"p"}
    assert deciding["where"] == deciding["where_gradient"] == {"k.1"}
    assert deciding["times"] == set()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("h = p - (2 - 1)", "h = p − (2 − 1)"),
        ("h = p / (1 / 4)", "h = p / (1 / 4)"),
        ("h = p * (3 - 5)", "h = p ∘ (3 − 5)"),
        ("h = p * log(2)", "h = p ∘ log(2)"),
        ("h = p * (0.5 + 0.25 * 3)", "h = p ∘ 1.25"),
        ("h = p * 0.123456789", "h = p ∘ 0.123456789"),
        ("h = p + 1e-300", "h = p + 1e−300"),
        ("h = p ** (1 - 3)", "h = p^(1 − 3)"),
    ],
)
def test_numbers_in_a_formula_are_written_as_they_hold_together_with_all_digits(line: str, shown: str) -> None:
    scenario = scenario_of(
        f"format = 1\ntitle = \"t\"\n[model]\nforward = '''{line}'''\n[parameters]\np = [1.5, 2.5]\n"
    )
    (step,) = (step for step in scenario.program.steps if step.symbol == "h")
    assert Notation(scenario.names).formula(step) == shown


def test_the_derivative_of_a_power_is_0_where_base_or_exponent_is() -> None:
    scenario = scenario_of(
        'format = 1\ntitle = "powers"\n[parameters]\na = [0.0, 0.0, 2.0]\np = [0.0, 1.0, 0.0]\nz = [0.0, 2.0, 3.0]\n'
        '[model]\nforward = "h = a ** p + z ** 3"\nloss = "E = sum(h)"'
    )
    timeline = Timeline(scenario)
    timeline.goto("1")
    assert timeline["da"].tolist() == [0.0, 1.0, 0.0]
    assert timeline["dp"].tolist() == [0.0, 0.0, pytest.approx(np.log(2.0))]
    assert timeline["dz"].tolist() == [0.0, 12.0, 27.0]
