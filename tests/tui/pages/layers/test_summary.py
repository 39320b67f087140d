"""Claims about the lines that stand for whole matrices: what they say of the numbers is true."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.layers.measures import BINS, measures_of
from gradstep.tui.pages.layers.summary import share
from tests.tui.pages.layers.panels import check_filled, panels_at, text_of

FINITE = st.floats(-1e6, 1e6)


@given(st.lists(st.lists(FINITE, min_size=3, max_size=3), min_size=1, max_size=6))
def test_norm_range_zeros_and_spread_are_those_of_plain_numpy(rows: list[list[float]]) -> None:
    array = np.array(rows)
    measured = measures_of(array)
    assert measured.norm == pytest.approx(math.sqrt(sum(value * value for row in rows for value in row)), rel=1e-12)
    assert (measured.low, measured.high) == (min(map(min, rows)), max(map(max, rows)))
    assert measured.zeros == pytest.approx(sum(value == 0 for row in rows for value in row) / array.size)
    assert len(measured.spread) == BINS
    assert sum(measured.spread) == array.size
    sizes = [max(abs(row[column]) for row in rows) for column in range(3)]
    assert [abs(value) for value in measured.columns.tolist()] == pytest.approx(sizes)
    assert abs(float(array[measured.foremost])) == pytest.approx(max(sizes))


@pytest.mark.parametrize("size", [1e300, 1e-300])
def test_a_norm_does_not_leave_the_range_of_numbers_with_its_squares(size: float) -> None:
    assert measures_of(np.array([[3 * size, 4 * size]])).norm == pytest.approx(5 * size)


def test_numbers_that_are_none_are_left_out_of_the_range_and_come_first() -> None:
    measured = measures_of(np.array([[1.0, np.nan, -2.0], [5.0, 3.0, np.inf]]))
    assert (measured.low, measured.high) == (-2.0, 5.0)
    assert math.isnan(measured.norm)
    assert sum(measured.spread) == 4
    assert measured.foremost == (0, 1)
    nothing = measures_of(np.full((2, 2), np.nan))
    assert math.isnan(nothing.low)
    assert sum(nothing.spread) == 0


def test_what_may_still_be_written_to_is_measured_anew() -> None:
    array = np.ones((2, 2))
    assert measures_of(array).high == 1.0
    array[0, 0] = 7.0
    assert measures_of(array).high == 7.0


def test_a_share_is_none_or_all_only_where_it_is_so() -> None:
    assert [share(part) for part in (0.0, 1e-9, 0.404, 0.999, 1.0)] == ["0%", "1%", "40%", "99%", "100%"]


def test_large_layers_have_a_line_a_matrix_and_a_click_leads_to_its_largest_number() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:dW1")
    panels = panels_at(timeline, 108, 48)
    text = text_of(panels)
    assert "layer 1 · 50 ReLU units" in text
    assert "layer 2 · 10 outputs" in text
    assert "accuracy_test" in text
    for name in ("x", "W1", "u1", "z1", "δ1", "∂E/∂W1", "t", "y", "x_train", "accuracy_train"):
        assert any(line.strip("│▌ ").startswith(f"{name} ") for line in text.splitlines()), name
    values = timeline["dW1"]
    (line,) = [line for line in text.splitlines() if "∂E/∂W1" in line]
    _, shape, norm, low, high, *_ = line.strip("│▌ ").split()
    assert shape == "64×50"
    assert float(norm) == pytest.approx(float(np.linalg.norm(values)), abs=1e-5)
    assert (float(low), float(high)) == pytest.approx((values.min(), values.max()), abs=1e-5)
    (hit,) = [hit for hit in panels[0].inside.hits if isinstance(hit.target, Element) and hit.target.symbol == "dW1"]
    assert isinstance(hit.target, Element)
    assert abs(values[hit.target.index]) == np.abs(values).max()


def test_numbers_of_a_column_have_their_points_under_one_another() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:dW1")
    _, heading, *lines = panels_at(timeline, 108, 24)[0].inside.text.splitlines()
    at = heading.index(".", heading.index("100×"))
    assert at > 0
    assert {line[at] for line in lines if "·" not in line} == {"."}, "norms of 38 and of 0.05"


def test_a_strip_says_how_many_columns_a_cell_stands_for_and_equal_columns_are_said_in_words() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:dW1")
    first, second = panels_at(timeline, 80, 24)
    assert first.inside.text.splitlines()[0].endswith("largest of 6"), "64 columns of x in 12 cells"
    assert panels_at(timeline, 78, 24)[0].inside.text.splitlines()[0].endswith("max of 7"), "in 10 cells"
    assert second.inside.text.splitlines()[0].rstrip().endswith("largest each"), "10 columns in 12 cells"
    (line,) = [line for line in second.inside.text.splitlines() if line.startswith(" t ")]
    assert line.endswith("all 1"), "every class is there among a hundred digits"
    wide = panels_at(timeline, 240, 24)[0].inside.text.splitlines()[0]
    assert wide.endswith("largest of each column")


@pytest.mark.parametrize("width", [78, 80, 96, 108, 130, 160, 240])
def test_a_column_stands_at_the_same_place_in_all_strips_of_a_box(width: int) -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:db1")
    for panel in panels_at(timeline, width, 30):
        cells: dict[int, set[int]] = {}
        for line in panel.inside.text.splitlines():
            columns = re.search(r" (?:\d+×)?(\d+) ", line)
            strip = re.search(r"▆+", line.rpartition("%")[2])
            if columns and strip:
                cells.setdefault(int(columns[1]), set()).add(len(strip[0]))
        assert all(len(found) == 1 for found in cells.values())
        per = {(-(-columns * 1000 // found.copy().pop())) for columns, found in cells.items()}
        assert max(per) - min(per) <= 600, "columns a cell, but for the last cell"


def test_where_lines_are_those_of_a_phase_how_many_there_are_is_said() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:dW1")
    (said,) = ["".join(text for text, _ in panels_at(timeline, 80, 21)[0].aside)]
    assert said == "7 of 11 symbols: those of this phase"
    assert not any(panel.aside for panel in panels_at(timeline, 80, 90))


def test_cells_are_coloured_by_value_and_are_characters_where_there_are_no_colours() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:dW1")
    keys = {key for panel in panels_at(timeline, 108, 24) for line in panel.inside.lines for _, key in line}
    assert {"heat 16 on written backward", "heat -16 on written backward"} & keys
    plain = panels_at(timeline, 108, 24, plain=True)
    assert not any("heat" in key for panel in plain for line in panel.inside.lines for _, key in line)
    assert any(sign in text_of(plain) for sign in "░▒▓")


def test_where_there_is_little_room_whole_columns_are_left_out_and_counted() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("1:dW1")
    for width in range(36, 120):
        panels = panels_at(timeline, width, 12)
        check_filled(panels, width, 12)
        head = panels[0].inside.text.splitlines()[0]
        said = "".join(text for text, _ in panels[0].aside)
        shown = {"norm", "shape", "from", "to", "spread", "zero"} & {*head.split()}
        assert len(shown) == 6 or "not shown" in said or "more" in said
