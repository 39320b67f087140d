"""Claims about what a run may take: it is refused in one line before it takes more, and loading takes time in
proportion to what is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import Scenario, ScenarioError, Timeline, limits
from gradstep.engine.errors import LimitError
from gradstep.engine.program.program import CircleError, in_order
from gradstep.engine.scenario.files import Folders
from gradstep.engine.scenario.loading import parse_scenario
from tests.counting import calls

HEAD = 'format = 1\ntitle = "many"\n'
TAIL = '[loss]\nkind = "squared_error"\n[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n'
GENERATED = '[data]\ngenerate = "x0"\ninputs = {inputs}\nsamples = 10\n'
LAYER = '[[layer]]\nkind = "affine"\nunits = 1\n'


def loaded(text: str) -> Scenario:
    return parse_scenario(text.encode(), "many", "many.toml")


def refused(text: str) -> str:
    """The error of a scenario that cannot be used, without the line of the file."""
    with pytest.raises(ScenarioError) as caught:
        loaded(text)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) <= 300
    return re.sub(r" \(line \d+\)", "", line)


def drawn(*, inputs: int = 3, layers: str = LAYER, training: str = "") -> str:
    return HEAD + GENERATED.format(inputs=inputs) + layers + TAIL + "[training]\n" + training


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_run_holds_is_its_data_parameters_values_losses_and_history() -> None:
    held = loaded(drawn(training='iterations = 7\ndraw = "with_replacement"\nbatch = 5')).held
    # x: 5×3, t: 5×1; W: 3×1, b, η; u, y, dy, delta: 5×1; E; dW, db and the next W and b. Twice looked at, twice run.
    values = 15 + 5 + 3 + 1 + 1 + 4 * 5 + 1 + 2 * (3 + 1)
    assert held == limits.Held(10 * 4, 3 + 1 + 1, 4 * values, 7, limits.HISTORY // 8)
    assert held.total == 40 + 5 + 4 * values + 7 + 2**23


def test_rows_that_are_all_of_the_data_are_not_held_again_by_what_is_looked_at() -> None:
    all_rows, as_many = (loaded(drawn(training=text)).held for text in ("", 'draw = "in_order"\nbatch = 10'))
    assert as_many.values - all_rows.values == 2 * 10 * 4


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (drawn(inputs=1_000, training='draw = "with_replacement"\nbatch = 1_000_000'), "training.batch"),
        (drawn(training="iterations = 900_000_000"), "training.iterations"),
    ],
)
def test_a_run_that_would_hold_too_many_numbers_is_refused_before_it_holds_them(text: str, key: str) -> None:
    line = refused(text)
    assert f"many.toml: {key}: found " in line
    assert "numbers to hold (data 40, parameters" in line or "numbers to hold (data 10,010, parameters" in line
    assert line.endswith("expected at most 250,000,000")


def test_layers_are_drawn_only_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NUMBERS", limits.HISTORY // 8 + 30_000)
    made: list[tuple[int, ...]] = []

    def counted(kind: str, shape: tuple[int, ...], *more: object) -> object:
        made.append(shape)
        return np.zeros(shape)

    monkeypatch.setattr("gradstep.engine.scenario.starting.initialized", counted)
    line = refused(drawn(layers='[[layer]]\nkind = "affine"\nunits = 100\n' * 6))
    assert "many.toml: layer[3].units: found " in line
    assert made == [(3, 100), (100,), (100, 100), (100,), (100, 100), (100,)]


def test_the_values_of_a_graph_are_made_only_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NUMBERS", limits.HISTORY // 8 + 3_500)
    lines = "".join(f"p{place} = 'ones(1000, 1)'\n" for place in range(9))
    text = f'format = 1\ntitle = "many"\n[parameters]\n{lines}[[node]]\nname = "y"\nkind = "tanh"\ninputs = ["p0"]\n'
    assert "many.toml: parameters.p3: found " in refused(text)


def test_what_was_within_the_limit_alone_is_refused_where_it_is_not_together(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(training='draw = "with_replacement"\nbatch = 5')
    total = loaded(text).held.total
    monkeypatch.setattr(limits, "NUMBERS", total)
    loaded(text)
    monkeypatch.setattr(limits, "NUMBERS", total - 1)
    assert f"found {total:,} numbers to hold" in refused(text)


def test_a_history_that_does_not_fit_beside_the_rest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = loaded(drawn())
    monkeypatch.setattr(limits, "NUMBERS", scenario.held.total + 2**17)
    Timeline(scenario, history_bytes=limits.HISTORY + 2**20)
    with pytest.raises(LimitError, match=r"^found 66 MiB of history, expected at most 65 MiB"):
        Timeline(scenario, history_bytes=limits.HISTORY + 2 * 2**20)


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_program_of_too_many_steps_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(layers=LAYER * 2)
    length = len(loaded(text).program.steps)
    monkeypatch.setattr("gradstep.engine.program.compiler.PROGRAM", length - 1)
    assert f"found more than {length - 1} steps in an iteration" in refused(text)


def test_too_many_iterations_of_a_long_program_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(training="iterations = 1_000")
    length = len(loaded(text).program.steps)
    monkeypatch.setattr(limits, "STEPS", 1_000 * length)
    loaded(text)
    monkeypatch.setattr(limits, "STEPS", 1_000 * length - 1)
    assert f"training.iterations: found 1,000 iterations of {length} steps" in refused(text)


# ── time to load ─────────────────────────────────────────────────────────────────────────────────────────────


def chain(count: int) -> str:
    layer = '[[layer]]\nkind = "affine"\nW = [[0.5]]\nb = [0.1]\n[[layer]]\nkind = "tanh"\n'
    return HEAD + "[data]\nx = [[0.5]]\nt = [[1.0]]\n" + layer * count + TAIL


def graph(count: int, *, backwards: bool) -> str:
    """A chain of nodes, each of which adds the same parameter once more, written from its end or from its start."""
    places = range(count - 1, 0, -1) if backwards else range(1, count)
    nodes = "".join(
        f'[[node]]\nname = "n{place}"\nkind = "add"\ninputs = ["{f"n{place - 1}" if place > 1 else "a"}", "a"]\n'
        for place in places
    )
    return f'{HEAD}output = "n{count - 1}"\n[parameters]\na = 0.5\n{nodes}'


def figures(count: int) -> str:
    return chain(count) + '[[expect]]\nat = "1"\nE = 0.5\n[[break]]\nat = "W1_next"\nwhen = "E > 1"\n' * count


@pytest.mark.parametrize(
    "text",
    [chain, lambda count: graph(count, backwards=True), lambda count: graph(count, backwards=False), figures],
    ids=["layers", "nodes from the end", "nodes from the start", "figures and breakpoints"],
)
def test_twice_as_much_takes_twice_as_long_to_load(text: Callable[[int], str]) -> None:
    once, twice = (calls(lambda: loaded(text(count))) for count in (150, 300))  # noqa: B023 - called at once
    assert twice < 2.2 * once


def test_comparing_twice_as_many_figures_takes_twice_as_long() -> None:
    timelines = [Timeline(loaded(figures(count))) for count in (40, 80)]
    once, twice = (calls(lambda: each.goto("1") and each.moment()) for each in timelines)  # noqa: B023 - at once
    assert timelines[1].figures().tally.compared == 80
    assert twice < 2.4 * once


def test_values_keep_their_order_as_far_as_what_they_read_allows() -> None:
    assert in_order({"c": ["b"], "a": [], "b": ["a", "x"], "d": []}) == ["a", "b", "c", "d"]
    assert in_order({"d": [], "c": ["a", "a"], "a": [], "b": []}) == ["d", "a", "c", "b"]
    with pytest.raises(CircleError) as caught:
        in_order({"z": ["c"], "a": ["z", "b"], "b": ["c"], "c": ["a"], "y": []})
    assert caught.value.circle == ["z", "c", "a", "z"]


# ── numbers that overflow ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("init", ["normal", "uniform"])
@pytest.mark.parametrize("key", ["scale", "bias_scale"])
def test_a_scale_that_draws_infinities_is_refused(key: str, init: str) -> None:
    kind = init if key == "scale" else "normal"
    layer = f'{LAYER}init = "{kind}"\nbias_init = "{init}"\n{key} = '
    line = refused(drawn(layers=layer + "1e308\n"))
    assert line == f"many.toml: layer[0].{key}: found 1e+308, expected a number from 0 to 1e+300"
    assert loaded(drawn(layers=layer + "1e300\n")).program.start


def test_a_range_whose_width_is_infinite_is_refused() -> None:
    line = refused(drawn().replace("samples", "low = -1e308\nhigh = 1e308\nsamples"))
    assert line.startswith("many.toml: data.high: found 1e+308, whose distance from low, -1e+308, is no finite number")


def test_a_divisor_that_makes_inputs_infinite_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,t\n1e10,1\n")
    text = drawn().replace(
        GENERATED.format(inputs=3), '[data]\ncsv = "table.csv"\ntargets = ["t"]\ndivide_by = 1e-300\n'
    )
    with pytest.raises(
        ScenarioError, match=r"data.divide_by \(line 6\): found 1e-300, by which some inputs become infinite"
    ):
        parse_scenario(text.encode(), "many", "many.toml", Folders(tmp_path))
