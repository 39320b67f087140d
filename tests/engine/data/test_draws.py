"""Draws: which rows an iteration sees is a function of the seed and the iteration, and of nothing else."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.data import datasets
from gradstep.engine.data.datasets import DRAWS_BY_KIND, Draw, one_hot
from gradstep.engine.scenario.scenario import Scenario
from tests.strategies import scenario_of

RANDOM = ("with_replacement", "without_replacement")


@st.composite
def draws(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(DRAWS_BY_KIND)) -> Draw:
    kind, samples = draw(st.sampled_from(kinds)), draw(st.integers(1, 40))
    batch = samples if kind == "all" else draw(st.integers(1, samples))
    return Draw(kind, batch, samples, draw(st.integers(0, 2**63 - 1)))


def drawn(draw: Draw, iteration: int) -> list[int]:
    rows = draw.rows(iteration)
    return list(range(draw.samples)) if rows is None else rows.tolist()


def forget() -> None:
    """What was drawn before, so that the next draw is made alone."""
    datasets._drawn_block.cache_clear()
    datasets._shuffled.cache_clear()


@given(draws(), st.integers(1, 5000), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_an_iteration_alone_sees_the_rows_it_sees_in_sequence(draw: Draw, far: int, order: random.Random) -> None:
    iterations = [*range(max(1, far - 10), far + 10)]
    in_sequence = {iteration: drawn(draw, iteration) for iteration in iterations}
    order.shuffle(iterations)
    for iteration in iterations:
        forget()
        assert drawn(draw, iteration) == in_sequence[iteration]


@given(draws())
@settings(max_examples=100, deadline=None)
def test_every_iteration_sees_a_full_batch_of_rows_that_there_are(draw: Draw) -> None:
    for iteration in (*range(1, 60), 1024, 1025, 2048, 10**9):
        rows = drawn(draw, iteration)
        assert len(rows) == draw.batch
        assert all(0 <= row < draw.samples for row in rows)


@pytest.mark.parametrize("kind", RANDOM)
def test_another_seed_gives_other_rows_and_the_same_seed_the_same(kind: str) -> None:
    def run(seed: int) -> list[list[int]]:
        forget()
        return [drawn(Draw(kind, 4, 50, seed), iteration) for iteration in range(1, 13)]

    runs = [run(seed) for seed in range(20)]
    assert all(run(seed) == runs[seed] for seed in range(20))
    assert len({str(each) for each in runs}) == 20


@pytest.mark.parametrize("kind", RANDOM)
def test_no_two_iterations_and_no_two_epochs_repeat_each_other(kind: str) -> None:
    draw = Draw(kind, 10, 1000, 3)
    iterations = [*range(1, 250), *range(1020, 1030), *range(2045, 2055)]
    assert len({str(drawn(draw, iteration)) for iteration in iterations}) == len(iterations)


@given(draws(("without_replacement",)), st.integers(0, 50))
@settings(max_examples=100, deadline=None)
def test_without_replacement_no_row_comes_twice_in_an_epoch(draw: Draw, epoch: int) -> None:
    length = draw.iterations_per_epoch
    rows = [row for place in range(length) for row in drawn(draw, epoch * length + place + 1)]
    assert len(rows) == len(set(rows)) == draw.samples - draw.samples % draw.batch


def test_without_replacement_each_epoch_is_shuffled_anew() -> None:
    draw = Draw("without_replacement", 5, 20, 0)
    epochs = [[row for place in range(1, 5) for row in drawn(draw, epoch * 4 + place)] for epoch in range(30)]
    assert len({str(epoch) for epoch in epochs}) == 30
    assert all(sorted(epoch) == list(range(20)) for epoch in epochs)


@pytest.mark.parametrize("kind", RANDOM)
def test_every_row_is_about_as_likely_as_every_other(kind: str) -> None:
    draw, iterations = Draw(kind, 3, 10, 7), 4000
    rows = [row for iteration in range(1, iterations + 1) for row in drawn(draw, iteration)]
    counts = np.bincount(rows, minlength=10)
    expected = iterations * 3 / 10
    assert (np.abs(counts - expected) < 7 * np.sqrt(expected)).all(), counts


def test_with_replacement_a_row_may_come_twice_in_a_batch() -> None:
    draw = Draw("with_replacement", 10, 10, 0)
    assert any(len(set(drawn(draw, iteration))) < 10 for iteration in range(1, 5))


@given(draws(("in_order",)))
@settings(max_examples=50, deadline=None)
def test_in_order_the_first_row_follows_the_last(draw: Draw) -> None:
    rows = [row for iteration in range(1, 30) for row in drawn(draw, iteration)]
    assert rows == [place % draw.samples for place in range(len(rows))]


def test_all_is_every_row_in_the_order_of_the_file() -> None:
    timeline = Timeline(_numbered("all", ""))
    for iteration in (1, 2, 6):
        timeline.goto(f"{iteration}:t")
        assert timeline["x"].ravel().tolist() == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("kind", "batch", "iterations"),
    [
        ("all", 7, 1),
        ("in_order", 3, 3),
        ("with_replacement", 2, 4),
        ("without_replacement", 3, 2),  # what is left of an epoch is not used
        ("without_replacement", 7, 1),
        ("in_order", 1, 7),
    ],
)
def test_an_epoch_sees_as_many_samples_as_there_are(kind: str, batch: int, iterations: int) -> None:
    assert Draw(kind, batch, 7, 0).iterations_per_epoch == iterations


@pytest.mark.parametrize(
    ("name", "at", "epoch"),
    [("and-perceptron", "7:E", 7), ("sgd-regression", "1000:E", 1), ("apples", "1", 1), ("and-perceptron", "start", 1)],
)
def test_an_epoch_is_counted_in_samples(name: str, at: str, epoch: int) -> None:
    timeline = Timeline(load_scenario(name))
    timeline.goto(at)
    assert timeline.moment().epoch == epoch


def test_an_epoch_begins_when_all_rows_have_been_seen() -> None:
    text = """
    format = 1
    title = "five rows by twos"
    [data]
    x = [[1.0], [2.0], [3.0], [4.0], [5.0]]
    t = [[1.0], [2.0], [3.0], [4.0], [5.0]]
    [[layer]]
    kind = "affine"
    units = 1
    [loss]
    kind = "squared_error"
    [training]
    iterations = 9
    batch = 2
    """
    epochs = {"without_replacement": [1, 1, 2, 2, 3, 3, 4, 4, 5], "in_order": [1, 1, 1, 2, 2, 2, 3, 3, 3]}
    for draw, expected in epochs.items():
        timeline = Timeline(scenario_of(f'{text}\n    draw = "{draw}"'))
        seen = []
        while timeline.move("iteration", +1):
            seen.append(timeline.moment().epoch)
        assert seen == expected


def _numbered(kind: str, batch: str) -> Scenario:
    """Seven rows whose numbers say which they are; t is x squared."""
    return scenario_of(
        f"""
format = 1
title = "rows by number"
[data]
x = {[[float(row)] for row in range(7)]}
t = {[[float(row * row)] for row in range(7)]}
[[layer]]
kind = "affine"
W = [[1.0]]
b = [0.0]
[loss]
kind = "squared_error"
[training]
iterations = 6
draw = "{kind}"
{batch}
seed = 11
"""
    )


@pytest.mark.parametrize("kind", [*RANDOM, "in_order"])
def test_x_and_t_of_an_iteration_are_the_rows_it_draws(kind: str) -> None:
    scenario = _numbered(kind, "batch = 3")
    timeline = Timeline(scenario)
    for iteration in (1, 2, 6, 4):
        timeline.goto(f"{iteration}:t")
        rows = drawn(Draw(kind, 3, 7, 11), iteration)
        assert timeline["x"].ravel().tolist() == rows
        assert timeline["t"].ravel().tolist() == [row * row for row in rows]


def test_the_rows_of_one_iteration_cannot_be_changed_for_the_next_who_asks() -> None:
    for kind in RANDOM:
        rows = Draw(kind, 3, 7, 11).rows(1)
        assert rows is not None
        with pytest.raises(ValueError, match="read-only"):
            rows[0] = 0


def test_of_a_large_batch_few_iterations_are_drawn_at_once() -> None:
    draw = Draw("with_replacement", 600_000, 10, 0)
    rows = draw.rows(3)
    assert rows is not None
    assert rows.shape == (600_000,)
    assert rows.base is None or rows.base.nbytes <= 2**23
    assert not np.array_equal(rows, draw.rows(4))
    forget()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=9))
@settings(deadline=None)
def test_one_hot_rows_have_their_one_at_the_label(labels: list[int]) -> None:
    rows = one_hot(labels, 7)
    assert rows.shape == (len(labels), 7)
    assert rows.argmax(axis=1).tolist() == labels
    assert rows.sum() == len(labels) == (rows == 1.0).sum()


def test_one_hot_rows_of_very_many_classes_take_no_more_than_themselves() -> None:
    assert one_hot([0, 99_999], 100_000).sum() == 2.0
