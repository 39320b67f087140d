"""Claims about going from figure to figure: in the source's order, each with its verdict, in any direction in time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradstep.engine import load_scenario
from tests.screen import Still, driven
from tests.strategies import scenario_of


def line_with(text: str, part: str) -> str:
    return next(line for line in text.split("\n") if part in line)


# What the article prints, in its order; the last two are its misprints, computed anew with an automatic
# differentiation in float64. None: a value that is not the article's.
ARTICLE: list[tuple[str, tuple[str, ...] | None]] = [
    ("1:u1", ("net_h1 = 0.3775 ✓",)),
    ("1:z1", ("out_h1 = 0.593269992 ✓", "out_h2 = 0.596884378 ✓")),
    ("1:u2", ("net_o1 = 1.105905967 ✓",)),
    ("1:y", ("out_o1 = 0.75136507 ✓", "out_o2 = 0.772928465 ✓")),
    ("1:E", ("E_o1 = 0.274811083 ✓",)),
    ("1:E", ("E_o2 = 0.023560026 ✓",)),
    ("1:E", ("E_total = 0.298371109 ✓",)),
    ("1:dy", ("∂E/∂out_o1 = 0.74136507 ✓",)),
    ("1:delta2", ("∂out_o1/∂net_o1 = 0.186815602 ✓",)),
    ("1:delta2", ("delta_o1 = 0.138498562 ✓",)),
    ("1:dW2", ("∂E/∂w5 = 0.082167041 ✓",)),
    ("1:W2_next", ("w5⁺ = 0.35891648 ✓", "w6⁺ = 0.408666186 ✓", "w7⁺ = 0.511301270 ✓", "w8⁺ = 0.561370121 ✓")),
    ("1:dz1", ("∂E_o1/∂out_h1 = 0.055399425 ✓",)),
    ("1:dz1", ("∂E_o2/∂out_h1 = -0.019049119 ≈ -0.0190491182", "its last digit suffers")),
    ("1:dz1", ("∂E/∂out_h1 = 0.036350306 ✓",)),
    ("1:delta1", ("∂out_h1/∂net_h1 = 0.241300709 ✓",)),
    ("1:dW1", ("∂E/∂w1 = 0.000438568 ✓",)),
    ("1:W1_next", ("w1⁺ = 0.149780716 ✓", "w2⁺ = 0.19956143 ✓", "w3⁺ = 0.24975114 ✓", "w4⁺ = 0.29950229 ✓")),
    ("2:E", ("E_total = 0.291027924 ≠ 0.291027773", "already updated W2")),
    ("2:E", None),
    ("10000:E", None),
    ("10001:E", ("E_total = 0.0000351085 ≠ 3.510187", "10,000th forward pass")),
    ("10001:E", None),
]


def test_the_article_can_be_followed_from_its_first_figure_to_its_last_and_back() -> None:
    still = Still()
    on: list[str] = []
    printed = 0
    for position, parts in ARTICLE:
        on.append(still.do("figure_on").message)
        printed += parts is not None
        kind = f"figure {printed} of 20: " if parts else "expected, not printed by the source, "
        assert on[-1].startswith(kind)
        assert still.position == position
        assert all(part in on[-1] for part in parts or ("✓",)), on[-1]
    assert still.do("figure_on").message == "this is the last figure; [ goes back to the one before"
    assert [still.do("figure_back").message for _ in ARTICLE[1:]] == on[-2::-1]
    assert still.do("figure_back").message == "this is the first figure; ] goes on to the next"
    assert still.position == "1:u1"


def test_from_a_place_of_one_s_own_it_goes_to_the_first_figure_from_there_on() -> None:
    still = Still()
    still.do("figure_on")
    still.goto("1:db2")
    assert still.bench.figure is None
    assert "figure 12 of 20" in still.do("figure_on").message
    still.goto("1:db2")
    assert "figure 11 of 20" in still.do("figure_back").message


def test_the_figures_of_the_step_that_has_just_run_are_seen_so_the_next_one_is_gone_to() -> None:
    still = Still()
    still.goto("1:delta2")
    assert "∂out_o1/∂net_o1 = 0.186815602 ✓" in still.panel("step")
    assert "figure 11 of 20" in still.do("figure_on").message
    assert "figure 10 of 20" in still.do("figure_back").message


def test_the_current_figure_is_dropped_when_the_cursor_moves_otherwise() -> None:
    still = Still()
    still.do("figure_on")
    assert still.bench.figure == 1
    still.do("precision")
    assert still.bench.figure == 1
    still.do("step")
    still.do("back")
    assert still.bench.figure is None


def test_where_no_figure_lies_ahead_it_says_so() -> None:
    still = Still()
    still.goto("end")
    assert still.do("figure_on").message == "no figure lies here or after this; [ goes back to one"
    assert "expected, not printed by the source, 3 of 3" in still.do("figure_back").message


@pytest.mark.parametrize("command", ["figure_on", "figure_back", "figures"])
def test_without_figures_each_key_says_why_not(command: str) -> None:
    text = """
format = 1
title = "nothing printed"
inputs = {a = 2.0}
parameters = {b = 3.0}
output = "c"
[[node]]
name = "c"
kind = "multiply"
inputs = ["a", "b"]
"""
    still = Still(scenario_of(text))
    assert still.do(command).message.startswith("this scenario has no figures")


def test_in_a_fork_a_figure_is_said_to_be_of_it() -> None:
    still = Still()
    still.bench.timeline.goto("1:x")
    still.bench.timeline.edit("w5", 0.9)
    still.bench.show()
    assert "net_h1 = 0.3775 ✓" in still.do("figure_on").message
    still.do("figure_on")
    # net_o1 = 0.9 · 0.593269992 + 0.45 · 0.596884378 + 0.6
    assert "net_o1 = 1.105905967 in this fork 1.4025409" in still.do("figure_on").message
    assert still.bench.moment.figures.tally.fails == 0


def test_c_stops_at_a_figure_that_fails_and_names_it_with_both_numbers() -> None:
    text = load_scenario("mazur-2-2-2").content.decode().replace('"1.105905967"', '"1.105905976"')
    still = Still(scenario_of(text))
    said = still.do("continue_on").message
    assert said.startswith("stopped at 1:net_o: figure 3 of 20: net_o1 = 1.105905976 ✗ 1.1059059")
    assert still.bench.figure == 3
    assert still.bench.moment.figures.tally.fails == 1
    assert "figure 4 of 20" in still.do("figure_on").message


def test_in_ascii_every_message_is() -> None:
    still = Still(ascii_only=True)
    said = [still.do("figure_on").message for _ in ARTICLE]
    assert "".join(said).isascii()
    assert "0.3775 ok" in said[0]
    assert "0.291027924 != 0.291027773" in said[18]


def test_a_list_of_all_leads_to_each_and_tells_what_has_not_been_reached() -> None:
    still = Still(size=(160, 48)).do("figure_on", "figure_on", "figures")
    assert line_with(still.drawer, " net_h1 ").split() == ["1", "1:net_h", "net_h1", "0.3775", "✓", "0.3775"]
    assert line_with(still.drawer, " net_o1 ").split() == ["3", "1:net_o", "net_o1", "1.105905967", "·"]
    still.press("down", "enter")
    assert (still.position, still.message) == ("1:u2", "figure 3 of 20: net_o1 = 1.105905967 ✓")
    assert "figure 2 of 20" in still.do("figure_back").message


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_the_list_is_a_table_under_its_headings(size: tuple[int, int]) -> None:
    still = Still(size=size).goto("2:E").press("L")
    seen = dict.fromkeys(still.drawer.split("\n"))
    for _ in range(8):
        seen |= dict.fromkeys(still.press("pageup").drawer.split("\n"))
    head = next(line for line in seen if "printed  " in line or line.endswith("printed"))
    printed, at = head.index("printed"), head.index("at ")
    sign = head.find("computed") - 3
    lines = [line for line in seen if re.search(r" [✓≠≈](\s|$)", line)]
    figures = [line for line in lines if "holds" not in line]
    assert len(figures) >= 20
    assert all(line[printed - 2 : printed] == "  " and line[printed] != " " for line in figures)
    assert any(line[at:].startswith("2:E_total") for line in figures), "where is seen at any width"
    if sign > 0:
        assert all(line[sign] in "✓≠≈" and line[sign + 3] != " " for line in figures)
    assert any("≠ differs, with a reason" in line for line in seen)


def test_what_the_scenario_claims_itself_is_not_counted_as_the_source_s() -> None:
    still = Still().goto("end")
    assert "20 figures: 18 ✓   2 ≠" in still.lines[0]
    still = Still("tests/data/cases/units-die.toml").goto("end")
    assert "3 expected: 3 ✓" in still.lines[0]
    assert "printed by the source" not in still.press("L").drawer


def test_a_claim_that_fails_is_seen_beside_the_source_s_figures() -> None:
    text = load_scenario("mazur-2-2-2").content.decode().replace("0.29102777369359933", "0.2910277")
    still = Still(scenario_of(text)).goto("2:E")
    assert "1 ≠  expected 1 ✗" in still.lines[0]


def test_a_long_way_is_gone_in_a_worker_which_compares_what_it_comes_past() -> None:
    still = Still().goto("end")
    assert still.bench.moment.figures.tally.compared == 20
    for _ in range(4):
        still.do("figure_back")
    assert still.position == "2:E"
    assert "expected, not printed by the source, 1 of 3" in still.message


async def test_the_keys_are_those_of_brackets() -> None:
    async with driven() as screen:
        await screen.press("right_square_bracket", "right_square_bracket")
        assert screen.position == "1:z1"
        await screen.press("left_square_bracket")
        assert screen.position == "1:u1"


def test_a_stop_at_a_wrong_figure_picks_it() -> None:
    still = Still(load_scenario(str(Path(__file__).parents[2] / "data" / "cases" / "wrong-figure.toml"))).press("c")
    assert "∂E/∂w2" in still.message
    assert still.bench.view.picked == ("dW1", (1, 0))
