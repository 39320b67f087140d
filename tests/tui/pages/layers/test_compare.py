"""Claims about two branches beside one another: what differs is shown in full, all else is only named."""

from __future__ import annotations

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.tui.pages.layers.compare import Beside
from gradstep.tui.pages.layers.matrix import matrix_page
from gradstep.tui.pages.layers.tables import layer_tables
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.grid import Grid
from gradstep.tui.text.page import Band
from tests.tui.pages.layers.panels import check_filled, text_of, view_of

SIGNS = str.maketrans("│▌*", "   ")


def compared(timeline: Timeline, theirs: dict[str, Array], width: int = 110, height: int = 40) -> tuple[Panel, ...]:
    panels = layer_tables(timeline.moment(), view_of(timeline), width, height, Beside("my run", theirs))
    check_filled(panels, width, height)
    return panels


def at(where: str, name: str = "mazur-2-2-2") -> Timeline:
    timeline = Timeline(load_scenario(name))
    timeline.goto(where)
    return timeline


def test_rows_that_differ_show_both_numbers_and_their_difference() -> None:
    timeline = at("1:u2")
    theirs = {name: array.copy() for name, array in timeline.values().items()}
    theirs["z1"][0, 1] = 0.5
    theirs["W2"][1, 0] = 0.25
    text = text_of(compared(timeline, theirs))
    assert "my run" in text
    assert "difference" in text
    (z1,) = [line for line in text.splitlines() if "out_h" in line and "same" not in line]
    numbers = [float(word) for word in z1.translate(SIGNS).split()[1:]]
    # 0.596884378 is the article's out_h2
    assert numbers == pytest.approx([0.593269992, 0.596884378, 0.593269992, 0.5, 0.0, 0.096884378], abs=1e-8)
    (w2,) = [line for line in text.splitlines() if "W2" in line and "same" not in line]
    assert [float(word) for word in w2.translate(SIGNS).split()[2:]] == [0.45, 0.55, 0.25, 0.55, 0.2, 0.0]
    assert "*0.2" in w2.replace(" ", "")
    assert text.count("*") == 1, "the largest difference alone is marked"
    assert "the same in both: i, W1, b1, net_h" in text


def test_nothing_differs_is_said() -> None:
    timeline = at("1:u2")
    assert "nothing differs between original and my run here" in text_of(compared(timeline, dict(timeline.values())))


def test_the_box_of_what_was_written_is_in_view_also_where_that_is_the_same_in_both() -> None:
    timeline = at("1:b2_next")
    theirs = {name: array.copy() for name, array in timeline.values().items()}
    for name in ("W1", "dW1", "dz1", "z1", "W2"):
        theirs[name] = theirs[name] + 1e-3
    text = text_of(compared(timeline, theirs, height=12))
    assert "layer 2" in text
    assert "b2⁺" in text


def test_lines_that_are_left_hold_a_part_of_the_next_box() -> None:
    timeline = at("1:dW1")
    theirs = {name: array + 1e-3 for name, array in timeline.values().items()}
    first, second = compared(timeline, theirs, height=19)
    assert first.inside.height + second.inside.height + 4 == 19
    assert "rows 1-" in "".join(text for text, _ in second.aside)


def test_large_matrices_say_how_many_differ_and_where_most() -> None:
    timeline = at("1:dW1", "two-layer-digits")
    theirs = {name: array.copy() for name, array in timeline.values().items()}
    theirs["W1"][3, 7] += 1.0
    theirs["W1"][4, 8] -= 2.0
    theirs["dW1"][0, 0] = np.nan
    text = text_of(compared(timeline, theirs))
    (line,) = [line for line in text.splitlines() if line.strip("│ ").startswith("W1")]
    assert "W1[4,8]" in line
    assert " 2 " in line
    assert float(line.strip("│ ").split()[1]) == pytest.approx(2.0)


@pytest.mark.parametrize("width", [36, 50, 78, 120, 200])
def test_at_any_width_lines_are_whole(width: int) -> None:
    for name in ("mazur-2-2-2", "two-layer-digits", "apples", "and-perceptron"):
        timeline = at("1", name)
        theirs = {symbol: array + 1e-3 for symbol, array in timeline.values().items()}
        for height in (4, 9, 40):
            compared(timeline, theirs, width, height)


def test_a_whole_matrix_can_be_read_alone_or_beside_the_other() -> None:
    timeline = at("1:dW1", "two-layer-digits")
    (band,) = matrix_page(timeline.moment(), view_of(timeline), "dW1", 100)
    assert isinstance(band, Band)
    (grid,) = band.items
    assert isinstance(grid, Grid)
    assert grid.shape == (64, 50)
    assert grid.values is not None
    theirs = {"dW1": timeline["dW1"] * 2}
    (band,) = matrix_page(timeline.moment(), view_of(timeline), "dW1", 100, Beside("my run", theirs))
    assert isinstance(band, Band)
    mine, sign, other = band.items
    assert sign == "≠"
    assert isinstance(mine, Grid)
    assert isinstance(other, Grid)
    assert other.title == "∂E/∂W1 in my run"
    assert mine.marks is not None
    assert np.array_equal(mine.marks, timeline["dW1"] != 0)
