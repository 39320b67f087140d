"""Claims about two branches beside one another: both values and their difference, each at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.tui.pages.layers.compare import Beside
from gradstep.tui.pages.layers.matrix import matrix_page
from gradstep.tui.pages.layers.model import PASSES
from gradstep.tui.pages.layers.tables import layer_tables
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.grid import Grid
from gradstep.tui.text.page import Band
from tests.tui.pages.layers.panels import check_filled, view_of

SIGNS = str.maketrans("│▌*", "   ")


def compared(timeline: Timeline, theirs: Mapping[str, Array], width: int = 110, height: int = 40) -> Panel:
    panels = layer_tables(timeline.moment(), view_of(timeline), width, height, Beside("my run", theirs))
    check_filled(panels, width, height)
    (panel,) = panels
    return panel


def lines_of(panel: Panel) -> list[str]:
    return panel.inside.text.split("\n")


def at(where: str, name: str = "mazur-2-2-2") -> Timeline:
    timeline = Timeline(load_scenario(name))
    timeline.goto(where)
    return timeline


def test_rows_show_both_numbers_and_their_difference() -> None:
    timeline = at("1:u2")
    theirs = {name: array.copy() for name, array in timeline.values().items()}
    theirs["z1"][0, 1] = 0.5
    theirs["W2"][1, 0] = 0.25
    panel = compared(timeline, theirs)
    text = panel.inside.text
    assert text.split("\n")[0].replace("│", " ").split() == ["original", "my", "run", "original", "−", "my", "run"]
    (z1,) = [line for line in text.splitlines() if line.startswith(" out_h ")]
    # 0.596884378 is the article's out_h2
    assert z1.translate(SIGNS).split()[-2] == "="
    numbers = [float(word) for word in z1.translate(SIGNS).split()[1:] if word != "="]
    assert numbers == pytest.approx([0.593269992, 0.596884378, 0.593269992, 0.5, 0.096884378], abs=1e-8)
    w2 = next(line for line in text.splitlines() if " h2 " in line and "0.45" in line)
    assert w2.translate(SIGNS).split()[1:] == ["0.45", "0.55", "0.25", "0.55", "0.2", "="]
    assert "*0.2" in w2.replace(" ", "")
    assert text.count("*") == 1, "the largest difference alone is marked"
    assert "largest difference: w6, 0.2" in panel.aside[0][0]


def test_what_cannot_differ_has_no_row_and_is_named_unless_it_was_edited() -> None:
    timeline = at("1:u2")
    panel = compared(timeline, dict(timeline.values()))
    assert panel.foot is not None
    assert panel.foot.text == "the same in both: i, b1, b1⁺, b2, b2⁺, target, η"
    view, values = view_of(timeline), timeline.values()
    (edited,) = layer_tables(timeline.moment(), view, 110, 40, Beside("my run", values, {"b1", "t"}))
    assert edited.foot is not None
    assert edited.foot.text == "the same in both: i, b1⁺, b2, b2⁺, η"


def test_nothing_differs_is_said() -> None:
    timeline = at("1:u2")
    assert "nothing differs here" in compared(timeline, dict(timeline.values())).aside[0][0]


@pytest.mark.parametrize("height", [9, 18, 22, 40])
def test_what_is_said_to_differ_most_is_in_view_and_marked(height: int) -> None:
    timeline = at("1:delta1")
    theirs = {name: array + 1e-3 for name, array in timeline.values().items()}
    theirs["W2"][0, 0] += 0.25
    panel = compared(timeline, theirs, height=height)
    (largest,) = [line for line in lines_of(panel) if "*" in line]
    name, said = re.match(r"largest difference: (\S+), (\S+)", panel.aside[0][0]).groups()  # type: ignore[union-attr]
    assert said in largest
    assert (name == "w5") == (height >= 22)


def test_what_was_set_by_hand_has_a_row_where_there_is_no_room_for_all_parameters() -> None:
    timeline = at("1:delta1")
    theirs = {name: array + 1e-3 for name, array in timeline.values().items()}
    for edited, shown in (((), False), (("W2",), True)):
        (panel,) = layer_tables(timeline.moment(), view_of(timeline), 110, 17, Beside("my run", theirs, edited))
        assert any(line.startswith(" W2 ") for line in lines_of(panel)) == shown
        assert not any(line.startswith(" W1 ") for line in lines_of(panel))


def test_the_heading_says_which_of_the_two_is_taken_from_the_other() -> None:
    said = {"and-perceptron": "difference", "mazur-2-2-2": "original − my run"}
    for name, text in (said | {"relu-softmax-2-3-2": "difference: original − my run"}).items():
        timeline = at("1", name)
        assert lines_of(compared(timeline, dict(timeline.values()), width=160))[0].rstrip().endswith(f"  {text}")


@pytest.mark.parametrize(("width", "height"), [(78, 9), (82, 14), (82, 17), (96, 30)])
@pytest.mark.parametrize("name", ["mazur-2-2-2", "apples", "and-perceptron", "two-layer-digits"])
def test_rows_and_columns_stay_where_they_are_while_one_steps(name: str, width: int, height: int) -> None:
    timeline = at("1", name)
    pages: dict[tuple[int, str], list[str]] = {}
    for _ in range(2 * len(timeline.program.steps)):
        panel = compared(timeline, {key: value + 1e-3 for key, value in timeline.values().items()}, width, height)
        lines = [re.sub(r"[-+.\deE=·▌*]|NaN", " ", line) for line in lines_of(panel)]
        part = PASSES[timeline.program.steps[timeline.position.step - 1].phase]
        page = re.search(r"page \d+ of \d+|\d+/\d+", panel.aside[0][0])
        key = part, page[0] if page else ""
        known = pages.setdefault(key, [line.rstrip() for line in lines])
        assert [line[:15].rstrip() for line in lines] == [line[:15].rstrip() for line in known]
        walls = [[at for at, sign in enumerate(line) if sign == "│"] for line in lines]
        assert walls == [[at for at, sign in enumerate(line) if sign == "│"] for line in known]
        timeline.step()


def test_the_page_of_what_was_written_is_in_view_also_where_that_has_no_row() -> None:
    timeline = at("1:b2_next")
    theirs = {name: array + 1e-3 for name, array in timeline.values().items()}
    panel = compared(timeline, theirs, height=12)
    assert any(line.startswith(" layer 2") for line in lines_of(panel))
    timeline.goto("1:dW1")
    panel = compared(timeline, theirs, height=9)
    assert "▌" in next(line for line in lines_of(panel) if line.startswith(" ∂E/∂W1"))


def test_large_matrices_say_how_many_differ_and_where_most() -> None:
    timeline = at("1:dW1", "two-layer-digits")
    theirs = {name: array.copy() for name, array in timeline.values().items()}
    theirs["W1"][3, 7] += 1.0
    theirs["W1"][4, 8] -= 2.0
    theirs["dW1"][0, 0] = np.nan
    lines = lines_of(compared(timeline, theirs))
    line = next(line for line in lines if line.startswith(" W1 "))
    assert "W1[4,8]" in line
    assert " 2 " in line
    assert float(line.split()[1]) == pytest.approx(2.0)
    assert next(line for line in lines if line.startswith(" b1 ")).split()[1] == "="


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
