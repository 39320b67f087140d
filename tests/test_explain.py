"""Claims about explanations: every line evaluates to the number, the chain multiplies up, and who uses it is right."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Timeline, load_scenario
from engine.explain import ExplainError, Link, chain, element_at, explain, reached, shortened, unrolled
from engine.expression import Element, evaluate
from tests.screen import driven
from tests.strategies import scenario_of, scenarios
from tests.walks import RUNNABLE
from tui.cli import main
from tui.screens.explain import ExplainScreen

MOST = 60  # elements of a symbol that are tried; all of them in small nets


def elements(timeline: Timeline, seed: int = 0) -> list[Element]:
    """Every element of every symbol, or some of large ones."""
    found: list[Element] = []
    for name, array in timeline.values().items():
        indices = list(np.ndindex(*array.shape)) if array.size <= MOST else []
        if not indices:
            numbers = random.Random(seed)
            indices = [tuple(numbers.randrange(size) for size in array.shape) for _ in range(2)]
        found += [Element(name, index) for index in indices]
    return found


def close(one: float, other: float, scale: float = 0.0) -> bool:
    if np.isnan(one) or np.isnan(other) or np.isinf(one) or np.isinf(other):
        return True  # an overflow in one order of adding need not be one in another
    return abs(one - other) <= 1e-12 * max(abs(one), abs(other), scale, 1e-300) or abs(one - other) < 1e-15


def check_element(timeline: Timeline, element: Element) -> None:
    values = timeline.values()
    lookup = values.__getitem__
    explanation = explain(timeline, element)
    value = float(values[element.symbol][element.index])
    assert explanation.value == value or np.isnan(value)
    if explanation.expression is None:
        assert explanation.given
        return
    scale = sum(abs(float(values[each.symbol][each.index])) for each in explanation.factors)
    for line in (explanation.expression, shortened(explanation.expression, values), unrolled(timeline, element)):
        assert line is not None
        assert close(evaluate(line, lookup), value, scale), (element, line)
    link = chain(timeline, element)
    if link is not None:
        check_link(timeline, link, scale)


def check_link(timeline: Timeline, link: Link, scale: float) -> None:
    """The terms of a link add up to it, and each is upstream times local."""
    values = timeline.values()
    if link.expression is not None or not link.terms:
        return
    assert close(sum(term.value for term in link.terms) + link.rest, link.value, scale)
    for term in link.terms:
        local = 1.0 if term.local is None else term.local.value
        assert close(term.upstream.value * local, term.value, scale)
        if term.local is not None:
            assert close(evaluate(term.local.expression, values.__getitem__), local)
        check_link(timeline, term.upstream, scale)


@pytest.mark.parametrize("name", RUNNABLE)
def test_every_line_of_every_explanation_evaluates_to_the_number(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    positions = ("1", "2", "15") if timeline.course.iterations >= 15 else ("1",)
    for position in positions if name != "two-layer-digits" else ("15",):
        timeline.goto(position)
        for element in elements(timeline):
            check_element(timeline, element)


@given(scenarios(iterations=3), st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_so_it_does_in_any_net_at_any_position(text: str, where: float) -> None:
    timeline = Timeline(scenario_of(text))
    last = timeline.course.length(1)
    timeline.goto(f"{timeline.course.iterations}:{round(where * last)}")
    for element in elements(timeline):
        check_element(timeline, element)


def test_the_factors_of_the_text_are_all_there(capsys: pytest.CaptureFixture[str]) -> None:
    shown = {
        "dw5": ("0.741365070", "0.186815602", "0.593269992", "0.138498562", "0.082167041"),
        "dw1": ("0.055399425", "-0.019049118", "0.036350306", "0.241300709", "0.000438568", "0.05"),
    }
    for name, numbers in shown.items():
        assert main(["explain", "mazur-2-2-2", name, "--unroll"]) == 0
        out = capsys.readouterr().out
        for number in numbers:
            assert number in out, (name, number)
    assert "∂E/∂w1      = ((out_o1 − target_o1) · out_o1 · (1 − out_o1) · w5 + " in out


def test_the_three_lines_stand_under_one_another(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "mazur-2-2-2", "dW2[0,0]"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "∂E/∂W2[0,0] = z1[0,0] · δ2[0,0]",
        "∂E/∂w5      = out_h1 · delta_o1",
        "            = 0.593269992 × 0.138498562 = 0.082167041",
    ]
    assert main(["explain", "mazur-2-2-2", "dw5", "--ascii", "--digits", "17"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert "0.5932699921071872" in out


def test_as_json_every_expression_says_what_it_evaluates_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "mazur-2-2-2", "dw1", "--unroll", "--json", "--at", "3"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["position"]["iteration"] == 3
    assert found["element"] == {"symbol": "dW1", "index": [0, 0], "name": "∂E/∂w1"}
    assert found["evaluates_to"] == found["value"]
    assert found["unrolled"]["evaluates_to"] == pytest.approx(found["value"], rel=1e-12)
    assert [factor["name"] for factor in found["factors"]] == ["i1", "delta_h1"]
    assert found["chain"]["terms"][0]["upstream"]["element"]["name"] == "delta_h1"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["dw9"], "did you mean"),
        (["dW2[5,0]"], "no element"),
        (["dW2[a]"], "is not an element"),
        (["dW1", "--at", "1:E"], "not computed yet"),
        (["dW1", "--at", "0"], "an iteration from 1"),
    ],
)
def test_what_cannot_be_explained_is_one_line_and_status_2(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "mazur-2-2-2", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert problem in err


# ── who uses it ──────────────────────────────────────────────────────────────────────────────────────────────


@given(scenarios(iterations=1))
@settings(max_examples=40, deadline=None)
def test_who_uses_a_number_is_whose_arithmetic_it_stands_in(text: str) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    values, program = timeline.values(), timeline.program
    stands_in: dict[Element, set[Element]] = {}
    for user in elements(timeline):
        for factor in explain(timeline, user).factors:
            stands_in.setdefault(factor, set()).add(user)
    for element in elements(timeline):
        used = set(explain(timeline, element).used_by)
        blocked = stands_in.get(element, set()) - used
        assert used <= stands_in.get(element, set()) | {u for u in used if values[u.symbol].size > MOST}
        for user in blocked:  # only where the arithmetic chooses: a closed ReLU lets nothing through
            step = program.steps[program.writers[user.symbol]]
            assert step.operation.name in ("relu_gradient", "relu", "step", "step_gradient", "seed_gradient")


def test_what_a_weight_reaches_and_a_delta_takes_part_in() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1")
    found = {name: np.argwhere(mask).tolist() for name, mask in reached(timeline, element_at(timeline, "w5")).items()}
    assert found == {"u2": [[0, 0]], "y": [[0, 0]], "E": [[]]}
    found = {name: int(m.sum()) for name, m in reached(timeline, element_at(timeline, "delta2[0,0]")).items()}
    assert found["dW2"] == 2
    assert found["dW1"] == 4
    assert "E" not in found


def test_numbers_that_are_not_finite_do_not_pass_for_marks() -> None:
    timeline = Timeline(load_scenario("sgd-regression-wide"))
    timeline.goto("20")
    found = {name: int(m.sum()) for name, m in reached(timeline, element_at(timeline, "W1[0,3]")).items()}
    assert found["u1"] == 1


def test_an_edited_number_is_said_to_be_set_by_hand() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("2:z1")
    timeline.edit("out_h1", 0.5)
    timeline.goto("2")
    explanation = explain(timeline, element_at(timeline, "out_h1"))
    assert explanation.expression is None
    assert explanation.given == "set by hand at 2:z1 (fork-1)"
    timeline.goto("2:x")
    with pytest.raises(ExplainError):
        explain(timeline, Element("y", (0, 0)))


# ── on the screen ────────────────────────────────────────────────────────────────────────────────────────────


async def test_factors_are_opened_down_to_what_is_given_and_back() -> None:
    async with driven(size=(120, 40)) as screen:
        await screen.press("x")
        assert "nothing is picked" in screen.message
        await screen.type_position("1:dW2")
        await screen.press("x")
        assert isinstance(screen.app.screen, ExplainScreen)
        assert "= 0.593269992 × 0.138498562 = 0.082167041" in screen.text
        await screen.press("down", "enter")
        assert "delta_o1" in screen.lines[1]
        assert "= 0.741365070 × 0.751365070 × (1 − 0.751365070) = 0.138498562" in screen.text
        await screen.press("u")
        assert "the chain rule, factor by factor" in screen.text
        await screen.press(*["enter"] * 9)
        assert "this is where it ends" in screen.text
        await screen.press(*["backspace"] * 9)
        assert "= 0.593269992 × 0.138498562 = 0.082167041" in screen.text
        await screen.press("slash", *"w5", "enter")
        assert "where training begins" in screen.text
        await screen.press("escape")
        assert screen.app.screen is screen.debugger
        assert screen.debugger.view.picked == ("W2", (0, 0))


async def test_any_element_is_picked_with_the_arrow_keys() -> None:
    async with driven() as screen:
        await screen.press("ctrl+right")
        assert "nothing has run yet" in screen.message
        await screen.type_position("1:dW2")
        await screen.press("ctrl+right")
        assert screen.debugger.view.picked == ("dW2", (0, 0))
        await screen.press("ctrl+right", "ctrl+down", "ctrl+down")
        assert screen.debugger.view.picked == ("dW2", (1, 1))
        await screen.press("ctrl+left", "ctrl+up", "x")
        assert "∂E/∂w5 = " in screen.text.replace("     ", "")
