"""Every step of an iteration of every bundled scenario, on the whole screen: what was written is where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest

from gradstep.engine import load_scenario
from gradstep.engine.program.expression import Element
from gradstep.engine.program.names import Names
from gradstep.engine.program.program import Phase, Role
from gradstep.engine.program.replacing import with_replaced
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.debugger.stage import Stage
from gradstep.tui.pages import arrangement as places
from gradstep.tui.pages.layers.model import PASSES
from gradstep.tui.text.cells import NARROWEST
from gradstep.tui.text.drawing import Area, Drawing, Hit, Pieces
from gradstep.tui.text.grid import crop
from tests.screen import Still

SCENARIOS = (
    *("mazur-2-2-2", "relu-softmax-2-3-2", "and-perceptron", "sgd-regression", "sgd-regression-sigmoid"),
    *("sgd-regression-wide", "sgd-regression-as-printed", "apples", "apples-and-oranges", "two-layer-digits"),
    "tests/data/cases/asked-for.toml",
    "tests/data/cases/huber-and-penalty.toml",
    "tests/data/cases/xor-without-biases.toml",
    "tests/data/cases/softmax-and-cross-entropy-apart.toml",
)
SIZES = ((80, 24), (120, 40), (200, 60))
NUMBER = re.compile(r"(?<![\w.])[-−]?(?:\d[\d,]*\.?\d*(?:e[+-]?\d+)?|inf|NaN)(?![\w\]])")
PARTS = (places.STEP, places.TABLES)


def walk(still: Still) -> Iterator[Stage]:
    """The screen after each step of the first iteration."""
    for _ in range(still.bench.moment.length):
        still.do("step")
        yield still.stage


def cut(drawing: Drawing, area: Area) -> list[Pieces]:
    """The pieces in an area, a tuple a line."""
    lines = drawing.lines[area.y : area.y + area.height]
    return [tuple(crop(line, area.x, area.x + area.width)) for line in lines]


def overlap(one: Area, other: Area) -> bool:
    return one.holds(other.x, other.y)


@lru_cache(maxsize=1)
def stages(name: str, size: tuple[int, int]) -> list[tuple[Moment, Stage]]:
    """The moments of the first iteration and their screens."""
    still = Still(name, size)
    return [(still.bench.moment, stage) for stage in walk(still)]


@pytest.fixture(params=[(name, size) for name in SCENARIOS for size in SIZES], ids=str, scope="module")
def walked(request: pytest.FixtureRequest) -> list[tuple[Moment, Stage]]:
    return stages(*request.param)


def hits_of(stage: Stage, symbol: str, part: str) -> list[Hit]:
    """The elements of a symbol that can be clicked in a panel."""
    area = stage.areas[part]
    return [
        hit
        for hit in stage.drawing.hits
        if isinstance(hit.target, Element) and hit.target.symbol == symbol and overlap(area, hit.area)
    ]


def test_what_was_written_is_in_view_and_marked_in_the_step_and_in_its_table(
    walked: list[tuple[Moment, Stage]],
) -> None:
    for moment, stage in walked:
        step = moment.step
        assert step is not None
        ground = f"on written {step.phase}"
        above = step.symbol == moment.program.loss and moment.scenario.network.layered
        for part in (places.STEP, places.HEADER if above else places.TABLES):
            styles = {key for line in cut(stage.drawing, stage.areas[part]) for _, key in line}
            assert any(ground in key or f"on chosen {step.phase}" in key for key in styles), (step.symbol, part)
            found = hits_of(stage, step.symbol, part)
            assert found, (step.symbol, part)
            marked = {key for hit in found for line in cut(stage.drawing, hit.area) for _, key in line}
            assert any(ground in key or f"chosen {step.phase}" in key for key in marked), (step.symbol, part)


def test_every_number_that_can_be_clicked_is_the_element_to_all_digits_that_are_shown(
    walked: list[tuple[Moment, Stage]],
) -> None:
    for moment, stage in walked:
        values = moment.values
        for hit in stage.drawing.hits:
            if not isinstance(hit.target, Element) or hit.target.symbol not in values or hit.area.width < NARROWEST:
                continue  # what is not there yet, and headings
            if not any(overlap(stage.areas[part], hit.area) for part in PARTS):
                continue
            text = "".join(text for line in cut(stage.drawing, hit.area) for text, _ in line)
            shown = NUMBER.findall(text.split("=")[-1])
            if len(shown) != 1:
                continue  # a line of a large matrix, or a picture
            value = float(values[hit.target.symbol][hit.target.index])
            assert agrees(shown[0].replace(",", ""), value), (hit, text, value)


def agrees(text: str, value: float) -> bool:
    """Whether a number rounds to what is written: half a unit of the last digit away at most, and a little."""
    number = float(text.replace("−", "-"))
    if not np.isfinite(value):
        return bool(np.isnan(value) == np.isnan(number))
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - decimals)
    exact = abs(number - value) <= 1e-14 * abs(value)
    return exact or abs(number - value) <= 0.5001 * unit


@pytest.mark.parametrize("name", ["mazur-2-2-2", "sgd-regression", "two-layer-digits"])
def test_in_the_upper_edge_of_a_panel_no_text_runs_into_the_next(name: str) -> None:
    still = Still(name).goto("1:3")
    for width in range(60, 130):
        still.resize(width, 24 if width % 2 else 40)
        for line in still.lines:
            for edge in re.findall(r"╭[^│╭╮]*╮", line):
                assert not re.search(r"\S  +\S", edge), (width, edge)


def labels(stage: Stage, part: str) -> dict[str, set[tuple[int, int]]]:
    """Texts that are no numbers, and where they stand."""
    found: dict[str, set[tuple[int, int]]] = {}
    for y, line in enumerate(cut(stage.drawing, stage.areas[part])):
        x = 0
        for text, _ in line:
            for match in re.finditer(r"\S+", text):
                word = match[0].strip("│╭╮╰╯─▌‹▏┐┌")
                if word and not NUMBER.search(word) and word not in "·":
                    found.setdefault(word, set()).add((x + match.start(), y))
            x += len(text)
    return found


def page(moment: Moment, stage: Stage) -> object:
    """What the tables may depend on: which of them and of their rows are seen, and, of large matrices, the part of the
    iteration.
    """
    assert moment.step is not None
    area = stage.areas[places.TABLES]
    lines = stage.drawing.text.split("\n")[area.y : area.y + area.height]
    edges = [lines[0], *(line for line in lines if re.search(r"[├╭]─.*─[┤╮]", line))]
    return edges, PASSES[moment.step.phase] if "spread" in labels(stage, places.TABLES) else 0


def test_nothing_moves_while_one_steps(walked: list[tuple[Moment, Stage]]) -> None:
    for (before, old), (moment, new) in pairwise(walked):
        assert old.areas == new.areas
        if page(before, old) == page(moment, new):
            one, other = labels(old, places.TABLES), labels(new, places.TABLES)
            alike = (word for word in one.keys() & other.keys() if len(one[word]) == len(other[word]))
            moved = {word for word in alike if one[word] != other[word]}
            assert not moved, (moment.position, moved)


def labelled(names: Names, symbol: str) -> set[str]:
    """The labels of a symbol's elements."""
    shape = names.program.symbols[symbol].shape
    return {label for index in np.ndindex(shape) if (label := names.label(symbol, index))} if shape else set()


def test_the_scenarios_names_are_used_and_no_others(walked: list[tuple[Moment, Stage]]) -> None:
    names = walked[0][0].scenario.names
    plain = {symbol for symbol, own in names.own.items() if symbol not in names.own.values()}
    gradients = [symbol for symbol in names.own if names.program.symbols[symbol].role is Role.GRADIENT]
    of = [names.program.symbols[symbol].of for symbol in gradients]
    others = {names.gradient(name) for each in of for name in (names.dressed_own(each), *labelled(names, each))}
    deltas = [names.dressed_own(name) for name, each in names.program.symbols.items() if each.sign.startswith("δ")]
    no_delta = not any(name.startswith(("δ", "delta")) for name in deltas)
    for moment, stage in walked:
        seen = [cut(stage.drawing, area) for name, area in stage.areas.items() if name != places.FOOTER]
        text = "\n".join("".join(text for text, _ in line) for part in seen for line in part)
        words = set(re.findall(r"[^\W\d_]\w*", text.replace("∂E/∂", "")))
        assert not plain & words, (moment.position, plain & words)
        assert not {each for each in others if re.search(rf"{each}(?!\w)", text)}, moment.position
        assert not (no_delta and "δ" in text), moment.position


def test_every_phase_is_walked_somewhere() -> None:
    phases = {step.phase for name in SCENARIOS for step in Still(name).bench.moment.program.steps}
    assert phases == set(Phase)


REPLACED = (
    "delta1 = (delta2 @ W2_next.T) * z1 * (1 - z1)",
    "E = 0.5 * np.sum((t - y) ** 2)",
    "z2 = 1 / (1 + np.exp(-u2))",
    "dW2 = z1.T.dot(delta2)",
    "db1 = np.sum(delta1, axis=0)",
    "W1_next = W1 - learning_rate * dW1",
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_steps_that_formulas_stand_in_the_place_of_are_shown_and_explained_like_any_other(
    size: tuple[int, int],
) -> None:
    scenario = load_scenario("mazur-2-2-2")
    lines = [line.replace("z2", "y") for line in REPLACED]
    still = Still(scenario.with_program(with_replaced(scenario.names, lines)), size)
    for _ in range(len(still.bench.moment.program.steps)):
        still.press("s")
        for key in ("x", "h"):
            still.press(key)
            assert still.drawer
            still.press("escape")
        step = still.bench.moment.program.steps[still.bench.moment.position.step - 1]
        assert still.bench.view.notation.symbol(step.symbol) in still.panel("step")
