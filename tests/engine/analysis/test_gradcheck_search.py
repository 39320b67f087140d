"""A search for what fools the gradient check: wrong gradients that pass, and right ones that raise an alarm.

Nets are drawn of every size of numbers, from ordinary to saturated, steep and huge; in one half of the search nothing
is wrong with them, in the other one step of the backward pass is. What is right then is what the program computed
before the error was planted.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gradstep.engine import Scenario, Timeline
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.arrays import Array
from gradstep.engine.program.operation import Calls, Operation
from gradstep.engine.program.operations import activations
from gradstep.engine.program.program import Phase, ProgramError, Step
from tests.engine.analysis.test_gradcheck import mutated, scaled
from tests.strategies import array, scenario_of

HARD = (1e-6, 1e-3, 1.0, 1.0, 30.0, 1e3, 1e6)  # sizes of numbers
EASY = (0.3, 1.0)
NOTHING = 1e-15
PLAINLY = 1e-3  # of the largest of its matrix: a gradient that is off by more is plainly wrong


def net(numbers: random.Random, sizes: tuple[float, ...]) -> str:
    """Two to four layers of any activations, on inputs, weights and targets of any of these sizes."""
    widths = [numbers.randint(1, 3) for _ in range(numbers.randint(2, 4))]
    rows, softmax = numbers.randint(1, 3), numbers.random() < 0.3
    layers = []
    for inputs, units in pairwise(widths):
        W = array(numbers, (inputs, units), 1.0)
        scale = numbers.choice(sizes)
        W = [[each * scale for each in row] for row in W]
        b = [each * numbers.choice(sizes) for each in array(numbers, (units,), 1.0)]
        layers += ["[[layer]]", 'kind = "affine"', f"W = {W}", f"b = {b}"]
        kind = numbers.choice(("sigmoid", "tanh", "relu", "identity", "step"))
        layers += ["[[layer]]", f'kind = "{kind}"'] if numbers.random() < 0.8 else []
    size = numbers.choice(sizes)
    x = [[each * size for each in row] for row in array(numbers, (rows, widths[0]), 2.0)]
    size = numbers.choice(sizes)
    t = [[each * size for each in row] for row in array(numbers, (rows, widths[-1]), 2.0)]
    if softmax:
        t = [[float(column == numbers.randrange(1, 2)) for column in range(widths[-1])] for _ in range(rows)]
        t = [row if sum(row) == 1 else [1.0, *row[1:]] for row in t]
    loss = "softmax_cross_entropy" if softmax else "squared_error"
    mean = "" if softmax else f'\nreduction = "{numbers.choice(["sum", "mean"])}"'
    head = f'format = 1\ntitle = "searched"\n[data]\nx = {x}\nt = {t}'
    return "\n".join([head, *layers, f'[loss]\nkind = "{loss}"{mean}'])


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────


def _after(change: Callable[[Array], None]) -> Callable[[Step], Step]:
    """A step whose result is changed after it was made."""

    def changed(step: Step) -> Step:
        own = step.operation

        def kernel(out: Array, *operands: Array) -> Calls:
            return (*own.kernel(out, *operands), lambda: change(out))

        return replace(step, operation=Operation(own.name, kernel, own.shape, own.formula, own.element))

    return changed


def _first_doubled(out: Array) -> None:
    out.reshape(-1)[0] *= 2.0


def _turned(out: Array) -> None:
    out[...] = out[..., ::-1].copy()


def _averaged(out: Array) -> None:
    out[...] = out.mean()


def planted(scenario: Scenario, numbers: random.Random) -> Scenario | None:
    """The scenario with one step of its backward pass wrong in one of many ways; None where it cannot be so."""
    program = scenario.program
    steps = [step for step in program.steps if step.phase is Phase.BACKWARD]
    step = numbers.choice(steps)
    kind = numbers.randrange(9)
    if kind == 0:
        return scaled(scenario, step.symbol, numbers.choice((0.0, -1.0, 2.0, 0.5, 1.01, 0.99, 1e6, 1e-6)))
    if kind <= 3:
        return mutated(scenario, step.symbol, _after((_first_doubled, _turned, _averaged)[kind - 1]))
    if kind == 4:  # another derivative
        slopes = (activations.sigmoid_gradient, activations.tanh_gradient, activations.relu_gradient)
        if len(step.operands) != 2 or step.operation not in slopes:
            return None
        return mutated(scenario, step.symbol, lambda each: replace(each, operation=numbers.choice(slopes)))
    # another operand of the same shape
    place = numbers.randrange(len(step.operands))
    shape = program.symbols[step.operands[place]].shape
    others = [name for name, symbol in program.symbols.items() if symbol.shape == shape and name != step.symbol]
    other = numbers.choice(others)
    operands = (*step.operands[:place], other, *step.operands[place + 1 :])
    try:
        return mutated(scenario, step.symbol, lambda each: replace(each, operands=operands))
    except ProgramError:
        return None


def gradients(scenario: Scenario) -> dict[str, Array]:
    timeline = Timeline(scenario)
    timeline.goto("1")
    names = (timeline.program.gradient_of(name) for name in timeline.program.carried)
    return {name: timeline[name] for name in names if name is not None}


def off(scenario: Scenario, wrong: Scenario) -> float:
    """By how much of the largest of its matrix a gradient is off, the worst of all; inf beside one that is all 0.

    What is off by less than rounding leaves beside the largest of all gradients, or of outputs and targets, is not.
    """
    timeline = Timeline(scenario)
    timeline.goto("1")
    rights = gradients(scenario)
    everything = [*rights.values(), timeline["y"], timeline["t"]]
    nothing = NOTHING * max(float(np.abs(each).max()) for each in everything)
    worst = 0.0
    for right, found in zip(rights.values(), gradients(wrong).values(), strict=True):
        with np.errstate(all="ignore"):
            apart, largest = float(np.abs(found - right).max()), float(np.abs(right).max())
        if not apart <= nothing:
            worst = max(worst, apart / largest if largest else np.inf)
    return worst


# ── the search ───────────────────────────────────────────────────────────────────────────────────────────────


def outcome(scenario: Scenario) -> str:
    timeline = Timeline(scenario)
    timeline.goto("1")
    result = check(timeline)
    return "passes" if result.passed else "alarm" if "wrong" in result.counts else "untold"


def searched_right(first: int, count: int, sizes: tuple[float, ...]) -> tuple[Counter[str], list[int]]:
    """How checks of nets with nothing wrong end, and which of them raise an alarm."""
    ends: Counter[str] = Counter()
    alarms = []
    for seed in range(first, first + count):
        end = outcome(scenario_of(net(random.Random(seed), sizes)))
        ends[end] += 1
        alarms += [seed] if end == "alarm" else []
    return ends, alarms


def searched_wrong(first: int, count: int, sizes: tuple[float, ...]) -> tuple[Counter[str], list[int]]:
    """How checks of nets with a gradient that is plainly wrong end, and which of them pass."""
    ends: Counter[str] = Counter()
    passes = []
    for seed in range(first, first + count):
        numbers = random.Random(seed)
        scenario = scenario_of(net(numbers, sizes))
        wrong = planted(scenario, numbers)
        if wrong is None or not off(scenario, wrong) > PLAINLY:
            continue
        end = outcome(wrong)
        ends[end] += 1
        passes += [seed] if end == "passes" else []
    return ends, passes


def test_nothing_right_raises_an_alarm_whatever_the_size_of_its_numbers() -> None:
    ends, alarms = searched_right(0, 150, HARD)
    assert alarms == []
    assert ends["passes"] >= 75


def test_ordinary_nets_pass() -> None:
    ends, alarms = searched_right(10_000, 60, EASY)
    assert (ends["passes"], alarms) == (60, [])


@pytest.mark.parametrize(("first", "sizes", "found"), [(20_000, HARD, 0.7), (30_000, EASY, 0.99)])
def test_nothing_wrong_passes(first: int, sizes: tuple[float, ...], found: float) -> None:
    ends, passes = searched_wrong(first, 150, sizes)
    assert passes == []
    assert ends.total() >= 50
    assert ends["alarm"] >= found * ends.total()


@pytest.mark.parametrize("seed", [103, 50245])
def test_what_longer_searches_have_found_does_not_pass(seed: int) -> None:
    """A gradient within the noise of a huge loss behind saturated units; one whose digits all but cancel."""
    ends, passes = searched_wrong(seed, 1, HARD)
    assert (ends.total(), passes) == (1, [])


def test_what_longer_searches_have_found_raises_no_alarm() -> None:
    """Logits that a weight moves by thousands."""
    assert searched_right(93, 1, HARD)[1] == []
