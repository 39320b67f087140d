"""Claims of the words on steps that can be computed: what they say is so in runs that are made for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from gradstep.engine import Timeline
from gradstep.engine.arrays import Array
from gradstep.engine.replay import Milestone, replay
from gradstep.tui.report import milestone
from tests.strategies import scenario_of
from tests.tui.words.test_words import text_of

Rows = Sequence[Sequence[float]]

NET = """
format = 1
title = "a net of one layer"
[data]
x = {x}
t = {t}
[[layer]]
kind = "affine"
W = {W}
b = {b}
{more}
"""
SUM, MEAN = (f'[loss]\nkind = "squared_error"\nreduction = "{how}"\n' for how in ("sum", "mean"))
SOFTMAX = '[loss]\nkind = "softmax_cross_entropy"\nepsilon = {epsilon}\n'
ROWS = [[1.0], [2.0], [4.0], [-3.0], [0.5], [7.0]]


def run(more: str, x: Rows, t: Rows, W: Rows = ((1.0,),), b: Sequence[float] = (0.0,)) -> Timeline:
    x, t, W = ([[*row] for row in rows] for rows in (x, t, W))
    return Timeline(scenario_of(NET.format(x=x, t=t, W=W, b=[*b], more=more)))


def at(timeline: Timeline, position: str, symbol: str) -> Array:
    timeline.goto(position)
    return np.array(timeline[symbol])


# ── which rows ───────────────────────────────────────────────────────────────────────────────────────────────


def test_batches_in_order_wrap_so_that_epochs_differ_where_a_batch_does_not_divide_the_rows() -> None:
    drawn = '\n[training]\ndraw = "in_order"\nbatch = {}\niterations = 4\n'
    batches = {}
    for batch, count in ((2, 3), (4, 4)):
        timeline = run(MEAN + drawn.format(batch), ROWS[:count], [[0.0]] * count)
        batches[batch] = [at(timeline, f"{iteration}:x", "x")[:, 0].tolist() for iteration in range(1, 5)]
    assert batches[4] == [[1.0, 2.0, 4.0, -3.0]] * 4
    assert batches[2] == [[1.0, 2.0], [4.0, 1.0], [2.0, 4.0], [1.0, 2.0]]
    assert batches[2][:2] != batches[2][2:], "two epochs, of two iterations each"
    assert "wraps" in text_of("draw:in_order")


@pytest.mark.parametrize(("loss", "times"), [(MEAN, 1), (SUM, 2)])
def test_over_an_epoch_at_fixed_parameters_the_gradients_of_batches_are_on_average_that_of_all_rows(
    loss: str, times: int
) -> None:
    targets = [[3.0], [0.0], [1.0], [1.0], [-2.0], [5.0]]
    drawn = '[training]\ndraw = "without_replacement"\nbatch = 2\niterations = 3\n'
    learning = '[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n'
    x, t = np.array(ROWS), np.array(targets)
    whole = (x * (x - t)).mean()  # of the mean of ½ (x W − t)² at W = 1, b = 0
    found = {}
    for optimizer in ("", learning):
        timeline = run(loss + optimizer + drawn, ROWS, targets)
        found[optimizer] = np.mean([at(timeline, f"{iteration}:dW1", "dW1") for iteration in (1, 2, 3)])
    assert found[""] == pytest.approx(times * whole)
    assert found[learning] != pytest.approx(times * whole, rel=0.01), "the parameters move"
    assert "fixed parameters" in text_of("draw:without_replacement")


def test_on_the_way_the_mean_of_the_losses_is_told_and_of_sums_that_is_no_mean_over_rows() -> None:
    marks: list[Milestone] = []
    drawn = '\n[training]\ndraw = "in_order"\nbatch = 2\niterations = 100\n'
    replay(run(SUM + drawn, ROWS[:4], [[0.0]] * 4).scenario, "end", tell=marks.append)
    losses = [(1 + 4) / 2, (16 + 9) / 2]  # ½ Σ y² over the two rows of a batch, where y = x
    assert marks
    for mark in marks:
        assert mark.loss == pytest.approx(np.mean(losses))
        assert "mean of the losses 7.5" in milestone(mark, per_iteration=False)


# ── the loss with ε ──────────────────────────────────────────────────────────────────────────────────────────


def test_with_epsilon_the_loss_can_be_below_0() -> None:
    timeline = run(SOFTMAX.format(epsilon=1e-7), [[1.0]], [[1, 0]], W=((40.0, 0.0),), b=(0.0, 0.0))
    assert at(timeline, "1:E", "E") == pytest.approx(-1e-7, rel=1e-6)
    assert "below 0" in text_of("cross_entropy")


def test_the_gradient_beside_a_loss_with_epsilon_is_that_of_the_exact_loss() -> None:
    epsilon, h = 0.25, 1e-6

    def loss(shift: float, epsilon: float) -> float:
        timeline = run(
            SOFTMAX.format(epsilon=epsilon), [[1.0]], [[0, 1, 0]], W=((0.5, -1.0, 0.2),), b=(shift, 0.0, 0.0)
        )
        return float(at(timeline, "1:E", "E"))

    timeline = run(SOFTMAX.format(epsilon=epsilon), [[1.0]], [[0, 1, 0]], W=((0.5, -1.0, 0.2),), b=(0.0, 0.0, 0.0))
    delta, p = at(timeline, "1:delta1", "delta1")[0, 0], at(timeline, "1:y", "y")[0, 1]
    exact, shown = ((loss(h, each) - loss(-h, each)) / (2 * h) for each in (0.0, epsilon))
    assert delta == pytest.approx(exact, rel=1e-6)
    assert shown == pytest.approx(p / (p + epsilon) * delta, rel=1e-6)
    assert shown != pytest.approx(exact, rel=0.1)
    assert "p / (p + ε)" in text_of("remark:epsilon")


# ── values and derivatives ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "kind", "u", "rounded"),
    [("softmax", "", -1000.0, 0.0), ("sigmoid", "sigmoid", 40.0, 1.0), ("tanh", "tanh", 20.0, 1.0)],
)
def test_far_out_a_value_is_rounded_to_what_it_never_is(key: str, kind: str, u: float, rounded: float) -> None:
    if kind:
        timeline = run(f'[[layer]]\nkind = "{kind}"\n{SUM}', [[1.0]], [[0.0]], b=(u - 1.0,))
    else:
        timeline = run(SOFTMAX.format(epsilon=0), [[1.0]], [[1, 0]], W=((0.0, 0.0),), b=(0.0, u))
    assert at(timeline, "1:y", "y")[0, -1] == rounded
    assert "round" in text_of(key)


def test_a_foreign_derivative_may_come_out_right() -> None:
    """Of an open ReLU that of the identity is right: what is called no derivative need not be wrong."""
    found = []
    for foreign in ("", 'derivative = "identity"\n'):
        timeline = run(f'[[layer]]\nkind = "relu"\n{foreign}{SUM}', [[1.0]], [[5.0]])
        found.append(at(timeline, "1:delta1", "delta1").tolist())
    assert found[0] == found[1] == [[-4.0]]
    assert "need not be gradients" in text_of("remark:foreign")
