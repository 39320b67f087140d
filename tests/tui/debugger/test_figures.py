"""Claims about going from figure to figure: in the source's order, each with its verdict, in any direction in time."""

from __future__ import annotations

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.debugger.registry import BY_NAME
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.dialogs.choices import ChoicesScreen
from tests.screen import driven
from tests.strategies import scenario_of
from tests.tui.debugger.test_workbench import Remembering

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
    ("1:dz1", ("∂E_o2/∂out_h1 = -0.019049119 ✓ ≈ -0.0190491182", "its last digit suffers")),
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


def workbench(scenario: str | Scenario = "mazur-2-2-2", *, ascii_only: bool = False) -> tuple[Workbench, Remembering]:
    window = Remembering()
    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    return Workbench(window, BY_NAME, Timeline(loaded), ascii_only=ascii_only), window


def go(bench: Workbench, window: Remembering, command: str) -> str:
    """Do a command, to its end; the last message."""
    bench.do(command)
    if window.busy:
        window.finish()
    return window.said[-1]


def test_the_article_can_be_followed_from_its_first_figure_to_its_last_and_back() -> None:
    bench, window = workbench()
    on: list[str] = []
    for number, (position, parts) in enumerate(ARTICLE, 1):
        on.append(go(bench, window, "figure_on"))
        assert on[-1].startswith(f"figure {number} of {len(ARTICLE)}: ")
        assert str(bench.timeline.position) == position
        assert all(part in on[-1] for part in parts or ("✓",)), on[-1]
    assert go(bench, window, "figure_on") == "this is the last of 23 figures; [ goes back to the one before"
    assert [go(bench, window, "figure_back") for _ in ARTICLE[1:]] == on[-2::-1]
    assert go(bench, window, "figure_back") == "this is the first of 23 figures; ] goes on to the next"
    assert str(bench.timeline.position) == "1:u1"


def test_from_a_place_of_one_s_own_it_goes_to_the_first_figure_from_there_on() -> None:
    bench, window = workbench()
    go(bench, window, "figure_on")
    bench.timeline.goto("1:db2")
    bench.show()
    assert bench.figure is None
    assert "figure 12 of 23" in go(bench, window, "figure_on")
    bench.timeline.goto("1:db2")
    bench.show()
    assert "figure 11 of 23" in go(bench, window, "figure_back")


def test_a_figure_of_the_step_that_has_just_run_is_the_first_one_gone_to() -> None:
    bench, window = workbench()
    bench.timeline.goto("1:delta2")
    bench.show()
    assert "figure 9 of 23" in go(bench, window, "figure_on")
    assert "figure 10 of 23" in go(bench, window, "figure_on")


def test_the_current_figure_is_dropped_when_the_cursor_moves_otherwise() -> None:
    bench, window = workbench()
    go(bench, window, "figure_on")
    assert bench.figure == 1
    go(bench, window, "precision")
    assert bench.figure == 1
    go(bench, window, "step")
    go(bench, window, "back")
    assert bench.figure is None


def test_where_no_figure_lies_ahead_it_says_so() -> None:
    bench, window = workbench()
    bench.timeline.goto("end")
    bench.show()
    assert go(bench, window, "figure_on") == "no figure lies here or after this; [ goes back to one"
    assert "figure 23 of 23" in go(bench, window, "figure_back")


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
    bench, window = workbench(scenario_of(text))
    assert go(bench, window, command).startswith("this scenario has no figures")


def test_in_a_fork_a_figure_is_said_to_be_of_it() -> None:
    bench, window = workbench()
    bench.timeline.goto("1:x")
    bench.timeline.edit("w5", 0.9)
    bench.show()
    assert "net_h1 = 0.3775 ✓" in go(bench, window, "figure_on")
    go(bench, window, "figure_on")
    # net_o1 = 0.9 · 0.593269992 + 0.45 · 0.596884378 + 0.6
    assert "net_o1 = 1.105905967 of a fork: 1.4025409" in go(bench, window, "figure_on")
    assert bench.moment.figures.tally.fails == 0


def test_c_stops_at_a_figure_that_fails_and_names_it_with_both_numbers() -> None:
    text = load_scenario("mazur-2-2-2").content.decode().replace('"1.105905967"', '"1.105905976"')
    bench, window = workbench(scenario_of(text))
    said = go(bench, window, "continue_on")
    assert said.startswith("stopped at 1:u2: figure 3 of 23: net_o1 = 1.105905976 ✗ 1.1059059")
    assert bench.figure == 3
    assert bench.moment.figures.tally.fails == 1
    assert "figure 4 of 23" in go(bench, window, "figure_on")


def test_in_ascii_every_message_is() -> None:
    bench, window = workbench(ascii_only=True)
    said = [go(bench, window, "figure_on") for _ in ARTICLE]
    assert "".join(said).isascii()
    assert "0.3775 ok" in said[0]
    assert "0.291027924 != 0.291027773" in said[18]


async def test_a_list_of_all_leads_to_each() -> None:
    async with driven() as screen:
        await screen.press("right_square_bracket", "right_square_bracket", "L")
        assert isinstance(screen.app.screen, ChoicesScreen)
        assert "net_h1 = 0.3775 ✓" in screen.text
        assert "net_o1 = 1.105905967  not reached yet" in screen.text
        await screen.press("down", "down", "enter")
        assert not isinstance(screen.app.screen, ChoicesScreen)
        assert screen.position == "1:u2"
        assert screen.message == "figure 3 of 23: net_o1 = 1.105905967 ✓"
        await screen.press("left_square_bracket")
        assert "figure 2 of 23" in screen.message


async def test_a_long_way_is_gone_in_the_worker() -> None:
    async with driven() as screen:
        await screen.type_position("end")
        await screen.press("left_square_bracket", "left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert screen.position == "2:E"
        assert "figure 20 of 23" in screen.message
        assert screen.bench.moment.figures.tally.compared == 23
