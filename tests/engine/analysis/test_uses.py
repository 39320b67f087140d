"""Claims about who uses a number: in one step, in any number of steps, and why nobody does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.explain import element_at, explain, reached
from gradstep.engine.program.expression import Element
from tests.engine.analysis.test_explain import MOST, SQUARE, elements, explained
from tests.strategies import scenario_of, scenarios


def uses(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines on who uses an element."""
    lines = explained(capsys, *words)
    return lines[lines.index("who uses it, in one step") + 1 :]


def test_who_uses_a_number_is_said_by_phase_and_what_it_reaches_under_its_own_heading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    forward = "what it has reached in the forward pass and the loss, in any number of steps"
    backward = "the gradients and updates it has taken part in, in any number of steps"
    assert uses(capsys, "mazur-2-2-2", "w5") == [
        *("forward: net_o1", "backward: ∂E/∂out_h1", "update: w5⁺", ""),
        *(forward, "net_o1; out_o1; E_total"),
    ]
    assert uses(capsys, "mazur-2-2-2", "y") == [
        *("loss: E_total", "backward: ∂E/∂out_o1, delta_o1", ""),
        *(forward, "E_total"),
    ]
    assert uses(capsys, "mazur-2-2-2", "dw5") == ["update: w5⁺", "", backward, "w5⁺"]
    assert uses(capsys, "mazur-2-2-2", "learning_rate")[2] == "the updates it has taken part in"


def test_what_only_decides_is_used_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert uses(capsys, "two-layer-digits", "u2_train[0,0]", "--at", "30") == ["measure: accuracy_train"]
    assert uses(capsys, "sgd-regression", "u1[0,0]")[:2] == ["forward: z1[0,0]", "backward: δ1[0,0]"]


@pytest.mark.parametrize(("iteration", "measured"), [(29, False), (30, True), (1499, False), (1500, True)])
def test_an_updated_parameter_is_used_by_what_is_measured_where_that_is(
    iteration: int, measured: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    said = uses(capsys, "two-layer-digits", "b2_next[0]", "--at", str(iteration))
    assert [line[:32] for line in said if line.startswith("measure")] == ["measure: u2_train[0,0], u2_train"] * measured
    assert ("it is b2[0] of the next iteration" in said) == (iteration < 1500)
    assert bool([line for line in said if line.startswith("nobody")]) == (not measured and iteration == 1500)


@pytest.mark.parametrize(
    ("scenario", "element", "position", "said"),
    [
        (
            "mazur-2-2-2",
            "E",
            "1:E",
            "nobody takes this number; the backward pass begins with its derivative, ∂E/∂out_o",
        ),
        ("two-layer-digits", "E", "1", "nobody takes this number; the backward pass begins with its derivative, δ2"),
        ("mazur-2-2-2", "z1", "1:z1", "not computed yet: net_o, ∂E/∂W2, delta_h"),
        ("mazur-2-2-2", "w5_next", "1", "it is w5 of the next iteration"),
        ("mazur-2-2-2", "w5_next", "10001", "nobody: the run ends with this iteration"),
        ("sgd-regression", "dz1[0,0]", "1", "nobody: δ1 comes out the same whatever this number is"),
    ],
)
def test_where_nobody_uses_a_number_it_is_said_why(
    scenario: str, element: str, position: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert uses(capsys, scenario, element, "--at", position) == [said]


def test_the_output_of_a_graph_without_a_loss_is_where_its_backward_pass_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "square.toml"
    file.write_text(SQUARE.format(kind="multiply", other="a") + '[[node]]\nname="r"\nkind="relu"\ninputs=["q"]\n')
    begins = "nobody takes this number; the backward pass begins with its derivative, dr"
    assert uses(capsys, str(file), "r[0]") == [begins]
    file.write_text('output = "q"\n' + file.read_text())
    assert uses(capsys, str(file), "q[0]")[:2] == ["forward: r[0]", begins.partition("; ")[2].replace("dr", "dq")]


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
            assert step.operation.name in ("relu_gradient", "step_gradient", "seed_gradient")
            decides = {step.operands[place] for place in step.operation.compares}
            assert element.symbol not in decides


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
