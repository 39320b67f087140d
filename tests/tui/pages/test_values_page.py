"""Claims about the table of a graph of single numbers: a cell for each number, nothing beside them."""

from __future__ import annotations

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.tui.pages.values import Beside, symbol_rows, values_page
from gradstep.tui.pages.view import View
from gradstep.tui.text.grid import Grid
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Band, Line, Page
from tests.engine.program.test_optimizers import trained
from tests.strategies import scenario_of

SHARED = """
format = 1
title = "values with one, two and three uses"
output = "w"
[inputs]
a = 2.0
[parameters]
p = 0.5
[[node]]
name = "m"
kind = "multiply"
inputs = ["a", "p"]
[[node]]
name = "v"
kind = "multiply"
inputs = ["m", "m"]
[[node]]
name = "w"
kind = "add"
inputs = ["v", "m"]
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 2
"""


def written(page: Page) -> list[str]:
    """The lines of a page of one band."""
    (band,) = page
    assert isinstance(band, Band)
    grids = [grid for grid in band.items if isinstance(grid, Grid)]
    return [
        "  ".join("".join(text for text, _ in grid.line(row, 0, grid.width + 1)) for grid in grids)
        for row in range(grids[0].height)
    ]


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("where", ["start", "1:v", "1", "2"])
def test_nothing_stands_where_there_is_no_number_and_nothing_is_picked(where: str, ascii: bool) -> None:
    timeline = Timeline(scenario_of(SHARED))
    timeline.goto(where)
    moment, notation = timeline.moment(), Notation(timeline.names, ascii=ascii)
    lines = written(values_page(moment, View(notation), 200))
    assert not any("[" in line for line in lines)
    rows = {line.split()[0].lstrip("▸>"): line for line in lines[1:]}
    dot = "." if ascii else "·"
    counts = {name: sum(word == dot or word[0] in "+-" for word in line.split()) for name, line in rows.items()}
    by_name = {notation.symbol(name): name for name in timeline.program.symbols}
    uses = {"a": 2, "p": 3, "m": 5, "v": 2, "w": 2, notation.symbol("learning_rate"): 1}
    assert {name: count for name, count in counts.items() if name in by_name} == uses


def test_what_is_picked_alone_has_brackets() -> None:
    timeline = Timeline(scenario_of(SHARED))
    timeline.goto("1")
    lines = written(values_page(timeline.moment(), View(Notation(timeline.names), picked=("v", ())), 200))
    assert [line.split()[0] for line in lines if "[" in line] == ["v"]


def test_whatever_other_values_there_are_lie_beside_under_their_title() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:u2")
    theirs = {"z1": timeline["z1"].copy(), "u1": timeline["u1"].copy()}
    theirs["z1"][0, 1] = 0.5
    page = values_page(timeline.moment(), View(Notation(timeline.names, own=False)), 200, Beside("my run", theirs))
    bands = [band for band in page if isinstance(band, Band)]
    (mine, _, other) = bands[0].items
    assert isinstance(mine, Grid)
    assert isinstance(other, Grid)
    assert other.title == f"{mine.title} in my run"
    assert other.values is theirs["z1"]
    assert np.array_equal(mine.marks, [[False, True]])
    said = ["".join(text for text, _ in line.pieces) for line in page if isinstance(line, Line)]
    assert said == ["the same in both: u1"]


def test_what_belongs_to_a_parameter_stands_in_its_row_and_rows_of_the_data_in_their_own() -> None:
    rows = symbol_rows(Timeline(trained()).moment())
    assert ["W1", "v_W1", "dW1", "kept_W1", "v_W1_next", "W1_next"] in rows
    scenario = load_scenario("two-layer-digits")
    rows = symbol_rows(Timeline(scenario).moment())
    assert [row for row in rows if row[0] in ("x", "x_train", "t_test")] == [["x"], ["x_train"], ["t_test"]]
    assert sorted(name for row in rows for name in row) == sorted(scenario.program.symbols)
