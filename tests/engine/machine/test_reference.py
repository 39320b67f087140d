"""The engine's numbers beside those of an independent automatic differentiation, and beside what the sources print."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.replay import replay as replayed
from gradstep.engine.scenario.expectations import Verdict
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

DATA = Path(__file__).parents[2] / "data"


def reference(name: str) -> list[dict[str, Any]]:
    """The iterations of a reference file: each with its number, and every symbol's value."""
    iterations: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text())["iterations"]
    return iterations


def regression() -> Scenario:
    """The five given draws of the reference, in order, from its starting weights."""
    iterations = reference("sgd-regression-2-10-1")
    first = iterations[0]["values"]
    rows = {name: [each["values"][name][0] for each in iterations] for name in ("x", "t")}
    return scenario_of(
        f"""
format = 1
title = "f(x) = 3x₀ + 2x₁ from five given draws"
[data]
x = {rows["x"]}
t = {rows["t"]}
[[layer]]
kind = "affine"
W = {first["W1"]}
b = {first["b1"]}
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = {first["W2"]}
b = {first["b2"]}
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.07
[training]
iterations = 5
draw = "in_order"
batch = 1
"""
    )


def scenario_for(name: str) -> Scenario:
    return regression() if name == "sgd-regression-2-10-1" else load_scenario(name)


CASES = [
    (name, place)
    for name in ("mazur-2-2-2", "relu-softmax-2-3-2", "and-perceptron", "sgd-regression-2-10-1")
    for place in range(len(reference(name)))
]


def far(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Where two arrays differ by more than 1e-12, relative to the larger number; a zero agrees with a zero only."""
    return np.abs(found - expected) > 1e-12 * np.maximum(np.abs(found), np.abs(expected))


@pytest.mark.parametrize(("name", "place"), CASES)
def test_every_symbol_is_that_of_an_independent_differentiation(name: str, place: int) -> None:
    entry = reference(name)[place]
    timeline = Timeline(scenario_for(name))
    timeline.goto(str(entry["iteration"]))
    wrong = {}
    for symbol, value in entry["values"].items():
        found, expected = timeline[symbol], np.array(value)
        assert found.shape == expected.shape, symbol
        if far(found, expected).any():
            wrong[symbol] = (found.tolist(), value)
    assert wrong == {}


def test_the_references_leave_out_no_value_of_the_program() -> None:
    for name, place in CASES:
        missing = scenario_for(name).program.symbols.keys() - reference(name)[place]["values"].keys()
        assert missing == {"learning_rate"}, name


def test_the_loss_that_the_text_prints_comes_of_a_hidden_delta_from_updated_weights() -> None:
    """The reason that the scenario gives: a program with that mistake in it computes the printed figure."""
    scenario = load_scenario("mazur-2-2-2")
    program = scenario.program
    mistaken = program.with_step(replace(program.steps[program.writers["dz1"]], operands=("delta2", "W2_next")))
    timeline = Timeline(scenario.with_program(mistaken))
    timeline.goto("2")
    assert float(timeline["E"]) == pytest.approx(0.29102792390544197, rel=1e-12)


# ── what the sources print ───────────────────────────────────────────────────────────────────────────────────

FIGURES: list[dict[str, Any]] = json.loads((DATA / "figures.json").read_text())
SOURCES = {"003": ("mazur-2-2-2",), "000": ("relu-softmax-2-3-2",), "001": ("apples", "apples-and-oranges")}


@lru_cache(maxsize=1)
def verdicts() -> dict[str, tuple[Verdict, ...]]:
    """Every expectation of the scenarios that have printed figures, checked."""
    return {name: replayed(load_scenario(name)).verdicts for names in SOURCES.values() for name in names}


def as_text(printed: Any) -> Any:
    return [as_text(each) for each in printed] if isinstance(printed, list) else str(printed)


def elements(verdict: Verdict) -> list[tuple[str, str, Any, Any]]:
    """Symbol or element or expression, printed, computed and whether they agree: of the whole, and of each element."""
    rows = [(verdict.expectation.symbol, verdict.expectation.printed, verdict.value, verdict.matches)]
    if isinstance(verdict.expectation.printed, list):
        printed = np.array(as_text(verdict.expectation.printed))
        for index in np.ndindex(printed.shape):
            value, matches = (np.array(each)[index] for each in (verdict.value, verdict.matches))
            rows.append((f"{verdict.expectation.symbol}[{','.join(map(str, index))}]", printed[index], value, matches))
    return [(symbol, as_text(shown), value, matches) for symbol, shown, value, matches in rows]


def iteration_of(at: str) -> str:
    return "1" if at == "forward" else at.partition(":")[0]


@pytest.mark.parametrize("figure", FIGURES, ids=[f"{figure['text'][:3]} {figure['what'][:30]}" for figure in FIGURES])
def test_every_printed_figure_is_among_the_expectations_with_its_verdict(figure: dict[str, Any]) -> None:
    symbol = "price" if figure["symbol"] == "graph" else figure["symbol"]
    if "index" in figure:
        symbol += f"[{','.join(map(str, figure['index']))}]"
    found = [
        (verdict, matches)
        for name in SOURCES[figure["text"][:3]]
        for verdict in verdicts()[name]
        for spelled, printed, _, matches in elements(verdict)
        if spelled == symbol
        and iteration_of(verdict.expectation.at) == iteration_of(figure["at"])
        and printed == as_text(figure["printed"])
    ]
    assert found, "no expectation of this figure"
    for verdict, matches in found:
        assert verdict.passed
        assert bool(np.all(matches)) == figure["agrees"] == (not verdict.expectation.disagrees)


@pytest.mark.parametrize(
    ("name", "symbol", "printed"),
    [
        ("apples", "dapple", "2.2"),
        ("apples", "dapple_num", "110"),
        ("apples", "dtax", "200"),
        ("apples-and-oranges", "dapple", "2.2"),
        ("apples-and-oranges", "dapple_num", "110"),
        ("apples-and-oranges", "dorange", "3.3"),
        ("apples-and-oranges", "dorange_num", "165"),
        ("apples-and-oranges", "dtax", "650"),
    ],
)
def test_the_gradients_of_the_fruit_graphs_are_among_the_expectations(name: str, symbol: str, printed: str) -> None:
    (verdict,) = [each for each in verdicts()[name] if each.expectation.symbol == symbol]
    assert verdict.expectation.printed == printed
    assert verdict.passed
    assert verdict.value == pytest.approx(float(printed), rel=1e-12)


@pytest.mark.parametrize("name", RUNNABLE)
def test_every_expectation_of_a_bundled_scenario_holds(name: str) -> None:
    result = replayed(load_scenario(name))
    assert result.verdicts
    assert [verdict.expectation.key for verdict in result.verdicts if not verdict.passed] == []
