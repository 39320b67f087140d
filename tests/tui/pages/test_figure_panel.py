"""Claims about the panel of figures: all are listed, each keeps its lines, and it says how each stands."""

from __future__ import annotations

import re

import pytest

from gradstep.tui.pages.figure_panel import figure_count, figure_panel
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.printed import as_printed
from tests.screen import Still

WIDTH = 40


def panel(still: Still, height: int = 200, width: int = WIDTH) -> Panel:
    return figure_panel(still.bench.moment, still.bench.view, width, height)


def lines(still: Still, height: int = 200, width: int = WIDTH) -> list[str]:
    return [line for line in panel(still, height, width).inside.text.split("\n") if line.strip()]


@pytest.mark.parametrize("name", ["mazur-2-2-2", "and-perceptron", "apples", "relu-softmax-2-3-2", "two-layer-digits"])
def test_every_figure_has_as_many_lines_before_as_after_it_is_compared(name: str) -> None:
    still = Still(name)
    count = figure_count(still.bench.moment.figures.all, still.bench.view.notation)
    before = lines(still)
    assert len(before) == count
    still.goto("1:" + still.bench.moment.program.steps[still.bench.moment.length - 1].symbol)
    after = lines(still)
    assert len(after) == count
    assert [line.split()[0].lstrip("▌") for line in after] == [line.split()[0] for line in before]


def test_what_is_printed_stands_there_with_the_sign_of_what_came_out() -> None:
    still = Still().goto("1:delta1")
    for figure in still.bench.moment.figures.all:
        if isinstance(figure.expectation.printed, str):
            assert as_printed(figure.expectation.printed) in "\n".join(lines(still))
    assert any(re.fullmatch(r"▌∂out_h1/∂net_h1 +0\.241300709 +✓ *", line) for line in lines(still))
    assert any(re.fullmatch(r" ∂E/∂w1 +0\.000438568 +· *", line) for line in lines(still)), "not compared yet"
    assert any(re.fullmatch(r" E_total in 2 +0\.291027924 +· *", line) for line in lines(still))
    assert any(re.fullmatch(r" ∂E_o2/∂out_h1 +-0\.019049119 +≈ *", line) for line in lines(still))


def test_what_differs_has_the_computed_number_behind_it_where_that_has_room() -> None:
    still = Still().goto("2:E")
    assert any(
        re.fullmatch(r".E_total in 2 +0\.291027924 +≠ 0\.29102777369 *", line) for line in lines(still, width=60)
    )
    assert any(re.fullmatch(r".E_total in 2 +0\.291027924 +≠ *", line) for line in lines(still))


def test_a_low_panel_shows_the_page_of_the_step_and_counts_the_rest() -> None:
    still = Still()
    for symbol in ("u1", "delta2", "delta1", "W1_next"):
        still.goto(f"1:{symbol}")
        here = {figure.number for figure in still.bench.moment.figures.at(still.bench.moment.position)}
        assert here
        assert any(line.startswith("▌") for line in lines(still, 8)), symbol
        assert "more, L lists them" in "".join(text for text, _ in panel(still, 8).aside)


@pytest.mark.parametrize(("name", "title"), [("mazur-2-2-2", "figures"), ("and-perceptron", "expected")])
def test_the_title_says_whether_a_source_prints_them(name: str, title: str) -> None:
    assert panel(Still(name)).title[0][0] == title


def test_what_the_source_does_not_print_stands_below_what_it_prints_and_is_not_counted_among_it() -> None:
    still = Still("apples").goto("1:price")
    found = lines(still)
    (at,) = [place for place, line in enumerate(found) if line.strip() == "expected, not printed"]
    assert at == len(still.bench.moment.figures.of_source)
    assert sum("✓" in line for line in found[:at]) == still.bench.moment.figures.tally.holds == 1
    assert "expected, not printed" not in "\n".join(lines(Still("and-perceptron"))), "where nothing is printed"


def test_what_is_left_out_is_counted_in_figures_as_in_the_header() -> None:
    for name, shown in (("apples", 3), ("and-perceptron", 1)):  # whose first ones have one number and four
        still = Still(name)
        said = "".join(text for text, _ in panel(still, 3 if shown == 3 else 5).aside)
        assert said.startswith(f"{len(still.bench.moment.figures.all) - shown} more"), name


def test_a_figure_of_another_iteration_than_the_first_says_of_which_at_any_width() -> None:
    for width in (36, 40, 60):
        found = lines(Still("and-perceptron").goto("3:u1"), width=width)
        assert any(line.startswith(" z_1 in 1,000 ") for line in found), width


def test_in_ascii_it_has_ascii_signs_only() -> None:
    still = Still(ascii_only=True).goto("2:E")
    assert "\n".join(lines(still)).isascii()
