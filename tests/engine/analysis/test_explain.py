"""Claims about explanations: every line evaluates to the number, the chain multiplies up, and who uses it is right."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.abbreviate import abbreviated
from gradstep.engine.analysis.chainrule import Factor, Link, chain
from gradstep.engine.analysis.explain import ExplainError, element_at, explain, unrolled
from gradstep.engine.program.expression import Element, Operand, evaluate
from gradstep.tui.cli import main
from tests.strategies import scenario_of, scenarios
from tests.walks import RUNNABLE

MOST = 24  # elements of a symbol of which all are tried
DEEP = ("rnn-hello", "lstm-cell", "simple-conv", "attention")  # unrolled, these fill pages: a third of their elements


def elements(timeline: Timeline) -> list[Element]:
    """Every element of every symbol; of large ones the first and last, the largest and smallest, and one drawn."""
    numbers, found = random.Random(0), []
    for name, array in timeline.values().items():
        places = range(array.size)
        if array.size > MOST:
            sizes = np.abs(array)
            places = {0, array.size - 1, int(sizes.argmax()), int(sizes.argmin()), numbers.choice(places)}
        indices = (np.unravel_index(place, array.shape) for place in sorted(places))
        found += [Element(name, tuple(map(int, index))) for index in indices]
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
        assert explanation.origin
        return
    scale = sum(abs(float(values[each.symbol][each.index])) for each in explanation.factors)
    for line in (explanation.expression, abbreviated(explanation.expression, values), unrolled(timeline, element)):
        assert line is not None
        assert close(evaluate(line, lookup), value, scale), (element, line)
    link = chain(timeline.provenance(), timeline.course, element)
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
    once = name == "two-layer-digits" or name in DEEP
    positions = ("1", "2", "15") if timeline.course.iterations >= 15 else ("1",)
    for position in positions[-1:] if once else positions:
        timeline.goto(position)
        for element in elements(timeline)[:: 3 if name in DEEP else 1]:
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


def test_an_element_may_be_typed_as_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for typed, plain in (
        ("∂E/∂W2[0,0]", "dW2[0,0]"),
        ("∂E/∂w5", "dw5"),
        ("δ2[0,0]", "delta2[0,0]"),
        ("η", "learning_rate"),
    ):
        assert main(["explain", "mazur-2-2-2", typed]) == main(["explain", "mazur-2-2-2", plain]) == 0
        shown = capsys.readouterr().out
        assert shown[: len(shown) // 2] == shown[len(shown) // 2 :]


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


# ── what is no derivative ────────────────────────────────────────────────────────────────────────────────────

AS_PRINTED = "sgd-regression-as-printed"
FOREIGN = "not the derivative of the forward pass: relu forward, σ′ at its output backward"
MADE_OF = "made of δ1, which is not the derivative of the forward pass"

FOREIGN_TANH = """
format = 1
title = "tanh, with another derivative"
[data]
x = [[0.5, -1.0]]
t = [[1.0]]
[[layer]]
kind = "affine"
W = [[0.2], [0.4]]
b = [0.1]
[[layer]]
kind = "tanh"
derivative = "{derivative}"
[loss]
kind = "squared_error"
"""


def explained(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The output of `gradstep explain`."""
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_factor_that_is_not_the_derivative_is_not_stated_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(capsys, AS_PRINTED, "dW1[0,0]", "--unroll")
    assert not any("∂z1[0,0]/∂u1[0,0] =" in line for line in lines)
    place = next(place for place, line in enumerate(lines) if "× in place of ∂z1[0,0]/∂u1[0,0]: 1 / (1 + " in line)
    assert lines[place + 1].strip() == f"⚠ {FOREIGN}"
    assert [line for line in lines if "∂u2[0,0]/∂z1[0,0] = W2[0,0]" in line]

    (found,) = explained(capsys, AS_PRINTED, "dW1[0,0]", "--unroll", "--json")
    delta = json.loads(found)["chain"]["terms"][0]["upstream"]
    assert delta["note"] == delta["terms"][0]["local"]["note"] == FOREIGN
    assert "=" not in delta["terms"][0]["local"]["derivative"]


@pytest.mark.parametrize(
    ("derivative", "row"),
    [("sigmoid", "× in place of ∂y[0,0]/∂u1[0,0]: "), ("identity", ": 1 "), ("step", "δ1[0,0] = 0 ")],
)
def test_every_foreign_derivative_is_marked_in_the_chain(
    derivative: str, row: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "foreign.toml"
    file.write_text(FOREIGN_TANH.format(derivative=derivative))
    lines = explained(capsys, str(file), "dW1[0,0]", "--unroll")
    (place,) = (place for place, line in enumerate(lines) if line.strip().startswith("⚠ not the derivative"))
    assert row in lines[place - 1]


def test_what_is_made_of_it_says_so_wherever_it_is_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    for element in ("dW1[1,3]", "db1[2]", "W1_next[0,0]"):
        assert f"⚠ {MADE_OF}" in explained(capsys, AS_PRINTED, element), element
        (found,) = explained(capsys, AS_PRINTED, element, "--json")
        assert json.loads(found)["not_derivatives"] == [{"symbol": "delta1", "note": FOREIGN}]
    assert f"⚠ {FOREIGN}" in explained(capsys, AS_PRINTED, "delta1[0,0]")
    for element in ("dW2[0,0]", "dz1[0,0]", "z1[0,0]", "W2_next[0,0]"):
        assert not [line for line in explained(capsys, AS_PRINTED, element) if "⚠" in line], element


# ── one value twice in a step ────────────────────────────────────────────────────────────────────────────────

SQUARE = """
format = 1
title = "A value times itself"
[parameters]
w = [1.5, 2.0]
[inputs]
a = [3.0, 0.5]
[[node]]
name = "p"
kind = "multiply"
inputs = ["w", "a"]
[[node]]
name = "q"
kind = "{kind}"
inputs = ["p", "{other}"]
[optimizer]
kind = "sgd"
learning_rate = 0.1
"""


def test_of_a_value_that_a_step_takes_twice_each_factor_names_its_operand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "square.toml"
    file.write_text(SQUARE.format(kind="multiply", other="p"))
    lines = explained(capsys, str(file), "dw[1]", "--unroll")
    factors = [line.rpartition(" ")[0].strip() for line in lines if "∂q[1]" in line]
    assert factors == ["× ∂q[1]/∂(p[1] as first operand) = p[1]", "× ∂q[1]/∂(p[1] as second operand) = p[1]"]
    file.write_text(SQUARE.format(kind="multiply", other="a"))
    assert any("× ∂q[1]/∂p[1] = a[1]" in line for line in explained(capsys, str(file), "dp[1]", "--unroll"))


def factors(link: Link) -> Iterator[Factor]:
    """The factors of a chain that are stated as derivatives."""
    for term in link.terms:
        if term.local is not None and not link.note:
            yield term.local
        yield from factors(term.upstream)


def slope(timeline: Timeline, factor: Factor, h: float = 1e-6) -> float:
    """The derivative that a factor is stated to be, by central differences of the step that makes its `of`."""
    program, values = timeline.program, dict(timeline.values())
    step = program.steps[program.writers[factor.of.symbol]]
    taken = [
        Operand("varied", each.shape) if each.symbol == factor.by.symbol and factor.use in (None, place) else each
        for place, each in enumerate(program.operands(step))
    ]
    made = step.operation.element(factor.of.index, *taken)
    before = values[factor.by.symbol]
    ends = []
    for change in (h, -h):
        values["varied"] = before.copy()
        values["varied"][factor.by.index] += change
        ends.append(evaluate(made, values.__getitem__))
    return (ends[0] - ends[1]) / (2 * h)


@pytest.mark.parametrize("name", [*RUNNABLE, "square"])
def test_every_factor_that_is_stated_as_a_derivative_is_one(name: str) -> None:
    square = SQUARE.format(kind="multiply", other="p")
    timeline = Timeline(scenario_of(square) if name == "square" else load_scenario(name))
    timeline.goto("1")
    chains = [
        found for element in elements(timeline) if (found := chain(timeline.provenance(), timeline.course, element))
    ]
    stated = [factor for found in chains for factor in factors(found)]
    assert stated
    for factor in stated[:200]:
        assert slope(timeline, factor) == pytest.approx(factor.value, rel=1e-5, abs=1e-7), factor


# ── what is given ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_edited_number_is_said_to_be_set_by_hand() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("2:z1")
    timeline.edit("out_h1", 0.5)
    timeline.goto("2")
    explanation = explain(timeline, element_at(timeline, "out_h1"))
    assert explanation.expression is None
    assert explanation.origin == "set by hand at 2:z1 (fork-1)"
    timeline.goto("2:x")
    with pytest.raises(ExplainError):
        explain(timeline, Element("y", (0, 0)))


def test_what_is_measured_now_and_then_is_said_to_be_so_in_between(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "two-layer-digits", "accuracy_train", "--at", "2"]) == 2
    assert "accuracy_train is not measured in iteration 2, only in 15, 30 and so on" in capsys.readouterr().err
    assert main(["explain", "two-layer-digits", "accuracy_train", "--at", "15:y"]) == 2
    assert "accuracy_train is not computed yet at 15:y" in capsys.readouterr().err
    assert main(["explain", "mazur-2-2-2", "E[0]"]) == 2
    assert "E is a single number; it has no element [0]" in capsys.readouterr().err


# ── what is long ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["E", "y[0,0]"])
@pytest.mark.parametrize("more", [(), ("--unroll",)])
def test_what_all_classes_are_in_is_written_in_their_number_and_not_its_square(
    name: str, more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = []
    for classes in (150, 600):
        path, numbers = tmp_path / "classes.toml", np.random.default_rng(classes).normal(size=(2, classes)).tolist()
        path.write_text(
            f"""format = 1
            title = "Many classes"
            data = {{ x = [[0.5, 1.0]], t = [{np.eye(classes)[1].tolist()}] }}
            loss.kind = "softmax_cross_entropy"
            [[layer]]
            kind = "affine"
            W = {numbers}
            b = {[0.0] * classes}
            """,
            encoding="utf-8",
        )
        assert main(["explain", str(path), name, "--json", *more]) == 0
        written = capsys.readouterr().out
        found = json.loads(written)
        for each in (found, found.get("unrolled") or found):
            assert each["shortened"]
            assert each["evaluates_to"] == pytest.approx(found["value"], rel=1e-12)
            assert "(the other 14" in "".join(part["symbols"] for part in (each, *each["parts"])) or classes > 150
        sizes.append(len(written))
    assert sizes[1] < 5 * sizes[0]
