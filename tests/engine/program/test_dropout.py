"""Claims about dropout: what masks leave out, and that nothing is left out where the net is measured."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gradstep.engine import ScenarioError, Timeline
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import AGREES
from gradstep.engine.program.expression import evaluations
from gradstep.engine.program.program import Phase, Role
from tests.strategies import scenario_of
from tests.walks import Straight

NET = """
format = 1
title = "dropout"
[data]
x = [[0.1, 0.2, 0.3], [0.4, -0.3, 0.9]]
t = [[1.0], [0.0]]
[measure]
loss = ["train", "batch"]
[parameters]
W = "randn(3, 40)"
V = "randn(40, 1)"
[model]
forward = '''
h = dropout(tanh(x @ W), {rate})
y = dropout(h + 1, rate=0.25) @ V
'''
loss = "E = mean((y - t) ** 2)"
[optimizer]
kind = "sgd"
learning_rate = 0.01
[training]
iterations = 30
seed = {seed}
"""


def run(rate: float = 0.5, seed: int = 1, at: str = "1") -> Timeline:
    timeline = Timeline(scenario_of(NET.format(rate=rate, seed=seed)))
    timeline.goto(at)
    return timeline


def masks(rate: float = 0.5, seed: int = 1, symbol: str = "h_mask") -> list[np.ndarray]:
    timeline = run(rate, seed)
    found = []
    for iteration in range(1, 31):
        timeline.goto(f"{iteration}:{symbol}")
        found.append(timeline[symbol])
    return found


def test_a_mask_is_a_step_of_its_own_in_the_phase_that_draws() -> None:
    program = run().program
    drawn = [step.symbol for step in program.steps if step.phase is Phase.DRAW]
    assert drawn == ["x", "t", "h_mask", "y.2_mask"]
    assert program.symbols["h_mask"].role is Role.MASK
    assert program.symbols["h_mask"].shape == (2, 40)


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.5, 0.9])
def test_a_mask_leaves_out_as_much_as_it_should_and_keeps_the_mean(rate: float) -> None:
    found = np.array(masks(rate))
    assert {*np.unique(found)} <= {0.0, 1.0 / (1.0 - rate)}
    assert abs((found == 0).mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / found.size) + 1e-12


def test_iterations_and_seeds_and_places_draw_masks_of_their_own() -> None:
    first, other_seed = masks(), masks(seed=2)
    other_place = masks(symbol="y.2_mask")
    assert all((one != two).any() for one, two in pairwise(first))
    assert all((one != two).any() for one, two in zip(first, other_seed, strict=True))
    assert all(((one == 0) != (two == 0)).any() for one, two in zip(first, other_place, strict=True))


def test_going_back_finds_the_same_masks_again_and_every_run_comes_to_the_same_bits() -> None:
    timeline = run(at="end")
    straight = Straight(timeline.scenario)
    for iteration in (30, 3, 17, 1):
        timeline.goto(str(iteration))
        for name, value in straight.values(timeline.position).items():
            assert timeline[name].tobytes() == value.tobytes(), name


def test_the_arithmetic_of_every_element_and_the_gradients_are_right() -> None:
    timeline = run()
    value = evaluations(lambda name: timeline[name])
    for symbol in ("h", "dh.1", "y.2", "dh"):
        for index in np.ndindex(2, 40):
            element = timeline.program.element(symbol, index)
            assert element is not None
            assert value(element) == pytest.approx(float(timeline[symbol][index]), rel=1e-12)
    verdicts = {element.verdict for matrix in check(timeline).matrices for element in matrix.elements}
    assert verdicts == {AGREES}


def test_where_the_net_is_measured_nothing_is_left_out() -> None:
    timeline = run()
    h = np.tanh(timeline["x"] @ timeline["W_next"])
    loss = np.mean(((h + 1) @ timeline["V_next"] - timeline["t"]) ** 2)
    for rows in ("train", "batch"):
        assert_array_equal(timeline[f"h_{rows}"], timeline[f"h.2_{rows}"])
        assert timeline[f"E_{rows}"] == pytest.approx(loss, rel=1e-12)


def test_a_number_of_a_mask_can_be_set() -> None:
    timeline = run(at="1:y.2_mask")
    before = timeline["h_mask"].copy()
    column = int(np.flatnonzero(before[0])[0])
    timeline.edit(f"h_mask[0,{column}]", 0.0)
    timeline.goto("1")
    assert timeline["h"][0, column] == 0.0
    assert timeline["dh.1"][0, column] == 0.0
    timeline.goto("2:h_mask")
    assert_array_equal(timeline["h_mask"], masks()[1])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("dropout(tanh(x @ W), 0.5)", "dropout(tanh(x @ W))", "dropout needs rate"),
        ("dropout(tanh(x @ W), 0.5)", "dropout(tanh(x @ W), 1)", "the settings of dropout do not fit"),
        ("dropout(tanh(x @ W), 0.5)", "dropout(tanh(x @ W), -0.5)", "the settings of dropout do not fit"),
        ("dropout(tanh(x @ W), 0.5)", "dropout(2, 0.5) * (x @ W)", "dropout of a number alone"),
        ("y = dropout", "h_mask = x\ny = dropout", "h_mask"),
        ("h = dropout", "h_mask = x @ W\nh = dropout", "h_mask"),
        ("[optimizer]", '[[replace]]\nstep = "h = dropout(h.1, 0.5)"\n[optimizer]', "in the lines of [model] alone"),
    ],
)
def test_what_cannot_be_is_said(old: str, new: str, reason: str) -> None:
    text = NET.format(rate=0.5, seed=1)
    assert old in text
    with pytest.raises(ScenarioError, match="") as refusal:
        scenario_of(text.replace(old, new, 1))
    assert reason in str(refusal.value)


# ── the number of rows in a setting ──────────────────────────────────────────────────────────────────────────

ROWS = """
format = 1
title = "rows"
[data]
x = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [0.0, 1.0, 0.0, 1.0]]
t = [[1.0], [0.0], [1.0]]
test = 1
[measure]
loss = ["train", "test"]
[parameters]
W = [[1.0], [2.0]]
[model]
forward = '''
pairs = x.reshape({shape})
y = sum(pairs @ W, axis=1)
'''
loss = "E = mean((y - t) ** 2)"
[optimizer]
kind = "sgd"
learning_rate = 0.01
[training]
batch = 2
draw = "in_order"
"""


@pytest.mark.parametrize("shape", ["N, 2, 2", "(N, 2, 2)", "N, -1, 2", "-1, 2, 2"])
def test_a_reshape_may_name_the_rows_also_of_another_set(shape: str) -> None:
    timeline = Timeline(scenario_of(ROWS.format(shape=shape)))
    timeline.goto("1")
    assert timeline["pairs"].shape == timeline["pairs_train"].shape == (2, 2, 2)
    assert timeline["pairs_test"].shape == (1, 2, 2)
    assert_array_equal(timeline["pairs"].reshape(2, 4), timeline["x"])
    assert_array_equal(timeline["pairs_test"].reshape(1, 4), [[0.0, 1.0, 0.0, 1.0]])


@pytest.mark.parametrize(
    ("shape", "reason"),
    [("N, 3", "2×4 cannot be reshaped to 2×3"), ("M, 4", "expected a whole number"), ("N + 1, 2", "a whole number")],
)
def test_a_shape_that_does_not_fit_is_refused(shape: str, reason: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        scenario_of(ROWS.format(shape=shape))
    assert reason in str(refusal.value)


def test_without_rows_there_is_no_number_of_them() -> None:
    text = 'format = 1\ntitle = "t"\n[inputs]\nx = [1.0, 2.0]\n[model]\nforward = "y = x.reshape(N, 1)"\n'
    with pytest.raises(ScenarioError) as refusal:
        scenario_of(text)
    assert '"N" is no name of this scenario' in str(refusal.value)
