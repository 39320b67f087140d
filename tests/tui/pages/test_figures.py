"""Claims about figures under a step, in a list and in a badge: names, verdicts, reasons, at any width."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.timeline.figures import Tally
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.figure_list import FigureRow, figure_list
from gradstep.tui.pages.figures import badge, figure_lines
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from gradstep.tui.text.printed import figure_name
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

MATRIX = """
format = 1
title = "a matrix with a misprint"
data = {x = [[1.0, 2.0]], t = [[0.0, 0.0, 0.0]]}
layer = [{kind = "affine", W = [[0.5, 1.5, 2.5], [1.0, 2.0, 3.0]], b = [0.0, 0.0, 0.0]}]
loss = {kind = "squared_error"}
"""


def moment_at(scenario: str, where: str) -> tuple[Moment, Notation]:
    loaded = load_scenario(scenario) if "\n" not in scenario else scenario_of(scenario)
    timeline = Timeline(loaded)
    timeline.goto(where)
    return timeline.moment(), Notation(timeline.names)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(text for text, _ in line.pieces) for line in lines]


def cells_of(of: FigureRow) -> list[list[str]]:
    """The texts of its lines, the sign before what is computed."""
    lines = (of.row.cells, *of.row.more)
    texts = [["".join(text for text, _ in cell).strip() for cell in cells] for cells in lines]
    return [[*cells[:-2], " ".join(cells[-2:]).strip()] for cells in texts]


def test_the_figures_of_the_step_that_has_just_run_stand_side_by_side_where_they_fit() -> None:
    moment, notation = moment_at("mazur-2-2-2", "1:z1")
    one_line = ["source  out_h1 = 0.593269992 ✓   out_h2 = 0.596884378 ✓"]
    assert texts(figure_lines(moment, notation, 60)) == one_line
    two = ["source  out_h1 = 0.593269992 ✓", "        out_h2 = 0.596884378 ✓"]
    assert texts(figure_lines(moment, notation, 40)) == two


def test_a_step_of_which_nothing_is_printed_has_no_lines() -> None:
    moment, notation = moment_at("mazur-2-2-2", "1:db2")
    assert figure_lines(moment, notation, 60) == ()


def test_a_misprint_has_the_computed_number_and_the_reason_below_and_other_values_are_not_the_source_s() -> None:
    moment, notation = moment_at("mazur-2-2-2", "2:E")
    lines = texts(figure_lines(moment, notation, 80, most=20))
    assert lines[0].startswith("source  E_total = 0.291027924 ≠ 0.291027773")
    assert lines[1].startswith("        the printed loss comes out when")
    assert any(line.startswith("expected  E_total = 0.29102777369359933 ✓") for line in lines)


def test_signs_have_styles_of_their_own() -> None:
    moment, notation = moment_at("mazur-2-2-2", "2:E")
    styles = {
        text.split()[0]: key
        for line in figure_lines(moment, notation, 80, 20)
        for text, key in line.pieces
        if text.strip()
    }
    assert (styles["✓"], styles["≠"], styles["source"]) == ("holds", "loss", "quiet")


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_no_more_lines_than_there_is_room_for_and_the_rest_is_counted(most: int) -> None:
    moment, notation = moment_at("and-perceptron", "1000:y")
    lines = texts(figure_lines(moment, notation, 45, most))
    assert len(lines) == most
    assert lines[-1] == {1: "… 5 more, L lists them", 2: "… 5 more, L lists them"}.get(most, lines[-1])
    assert "L lists" in lines[-1]


def test_of_many_numbers_it_is_said_how_many_differ_and_the_first_that_does() -> None:
    right = '[[expect]]\nat = "1"\nW1 = [["0.5", "1.5", "2.5"], ["1.0", "2.0", "3.0"]]\n'
    wrong = '[[expect]]\nat = "1"\nW1 = [["0.5", "1.5", "2.5"], ["1.0", "2.2", "3.3"]]\n'
    moment, notation = moment_at(MATRIX + right + wrong + wrong + 'disagrees = "a slip"\n', "1")
    found = [cells_of(row) for row in figure_list(moment.figures, notation)]
    assert found == [
        [["1", "1:x", "W1", "6 numbers", "✓"]],
        [["2", "1:x", "W1", "6 numbers", "✗ 2 differ"], ["", "", "W1[1,1]", "2.2", "✗ 2"]],
        [["3", "1:x", "W1", "6 numbers", "≠ 2 differ"], ["", "", "W1[1,1]", "2.2", "≠ 2"]],
    ]


@pytest.mark.parametrize("name", RUNNABLE)
@pytest.mark.parametrize("own", [True, False])
def test_every_figure_has_a_name_that_nothing_typed_is_left_in(name: str, own: bool) -> None:
    scenario = load_scenario(name)
    timeline = Timeline(scenario)
    for figure in timeline.figures().all:
        shown = figure_name(figure, Notation(scenario.names, own=own))
        assert not any(typed in shown for typed in ("*", "delta1", "delta2", "_next", "dW", "dz1"))
        assert figure_name(figure, Notation(scenario.names, own=False, ascii=True)).isascii()


@pytest.mark.parametrize("width", [1, 7, 20, 33, 200])
@pytest.mark.parametrize("where", ["1:u1", "1:b1_next", "1:dW2"])
def test_wide_characters_fit_into_any_width(width: int, where: str) -> None:
    moment, notation = moment_at("relu-softmax-2-3-2", where)
    assert all(line.width <= max(2, width) for line in figure_lines(moment, notation, width))


def test_a_list_knows_the_current_one_and_what_has_not_been_come_to() -> None:
    moment, notation = moment_at("mazur-2-2-2", "1:u2")
    rows = figure_list(moment.figures, notation, current=3)
    assert [row.number for row in rows if row.current] == ["3"]
    assert (rows[2].name, rows[2].position, rows[2].sign, rows[2].style) == ("net_o1", "1:net_o", "✓", "holds")
    assert rows[3].sign == ""
    assert cells_of(rows[3]) == [
        ["4", "1:out_o", "out_o1", "0.75136507", "·"],
        ["", "", "out_o2", "0.772928465", "·"],
    ]
    assert "already updated W2" in rows[18].remark
    own = [row for row in rows if not row.number]
    assert len(own) == 3
    assert all(row.row.below[0][0].startswith("not printed by the source: ") for row in own)


def test_the_badge_counts_in_places_that_stay_where_they_are() -> None:
    notation = moment_at("mazur-2-2-2", "start")[1]

    def said(*tally: int, long: bool = True) -> str:
        return "".join(text for text, _ in badge(Tally(*tally), notation, long=long))

    assert said(0, 0, 0, 0, 0, 0) == ""
    assert said(23, 7, 7, 0, 0, 0) == "23 figures:  7 ✓"
    assert said(23, 23, 21, 2, 0, 0) == "23 figures: 21 ✓   2 ≠"
    assert said(23, 23, 20, 2, 1, 0, long=False) == "20 ✓   2 ≠   1 ✗ of 23"


def test_a_count_is_not_taken_for_the_number_of_the_figure_that_the_cursor_is_at() -> None:
    for where in ("1:u1", "1:W1_next", "2:E"):
        moment, notation = moment_at("mazur-2-2-2", where)
        said = "".join(text for text, _ in badge(moment.figures.tally, notation))
        assert said.startswith("20 figures: "), "the total comes first, and a number behind it is followed by its sign"
        assert all(text.strip()[-1] in "✓≠" for text in said.partition(":")[2].split("   "))
    moment, notation = moment_at("and-perceptron", "1:y")
    expected = "".join(text for text, _ in badge(moment.figures.tally, notation, expected=moment.figures.expected))
    assert expected == "31 expected:  2 ✓"


def test_the_numbers_of_a_figure_are_listed_in_the_order_of_their_labels_as_the_source_lists_them() -> None:
    moment, notation = moment_at("mazur-2-2-2", "1:W2_next")
    names = re.findall(r"w\d", " ".join(texts(figure_lines(moment, notation, 80))))
    assert names == ["w5", "w6", "w7", "w8"]
    for where in ("start", "1:W2_next"):
        moment, notation = moment_at("mazur-2-2-2", where)
        [row] = [row for row in figure_list(moment.figures, notation) if row.name == "W2⁺"]
        assert [cells[2] for cells in cells_of(row)] == ["w5⁺", "w6⁺", "w7⁺", "w8⁺"]
        assert [cells[3] for cells in cells_of(row)] == ["0.35891648", "0.408666186", "0.511301270", "0.561370121"]


def test_what_is_said_alike_of_figures_in_a_row_is_said_once() -> None:
    moment, notation = moment_at("and-perceptron", "start")
    told = [row.remark for row in figure_list(moment.figures, notation)]
    assert all(before != after for before, after in pairwise(told) if after)
    assert "from an independent automatic differentiation in float64" in told


def test_where_a_reason_has_no_room_the_key_that_shows_it_is_named_and_every_figure_stands() -> None:
    moment, notation = moment_at("mazur-2-2-2", "2:E")
    three = texts(figure_lines(moment, notation, 80, 3))
    assert [line.split()[0] for line in three] == ["source", "the", "expected"]
    assert three[1].endswith("…  L: the reason")
    two = texts(figure_lines(moment, notation, 80, 2))
    assert [line.split()[0] for line in two] == ["source", "expected"]
    assert two[1].endswith("L: the reason")


def test_a_last_digit_off_has_one_sign_and_the_computed_number_only_where_there_is_room() -> None:
    moment, notation = moment_at("mazur-2-2-2", "1:dz1")
    assert "∂E_o2/∂out_h1 = -0.019049119 ≈ -0.019049118" in " ".join(texts(figure_lines(moment, notation, 80, 9)))
    two = texts(figure_lines(moment, notation, 80, 2))
    assert two[0].endswith("∂E_o2/∂out_h1 = -0.019049119 ≈")
    assert not any("✓ ≈" in line for line in two)
