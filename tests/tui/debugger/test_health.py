"""Claims about the drawer of the run's health: a table of what is wrong, nothing said twice, and what is not wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradstep.engine import load_scenario
from tests.screen import Still
from tests.strategies import scenario_of

DIES = Path(__file__).parents[2] / "data" / "cases" / "units-die.toml"
SATURATES = """
format = 1
title = "two of three sigmoid units have |u| = 30 for both rows"
[data]
x = [[1.0, 0.0], [0.0, 1.0]]
t = [[1.0], [0.0]]
[[layer]]
kind = "affine"
W = [[30.0, -30.0, 0.5], [30.0, -30.0, 0.2]]
b = [0.0, 0.0, 0.0]
[[layer]]
kind = "sigmoid"
[[layer]]
kind = "affine"
W = [[0.2], [0.4], [0.3]]
b = [0.1]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.5
[training]
iterations = 5
"""


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_what_is_wrong_is_a_table_and_each_thing_is_said_once(size: tuple[int, int]) -> None:
    still = Still(load_scenario(str(DIES)), size).press("c", "c", "c", "H")
    heads, found, *below = still.drawer.split("\n")
    assert heads.split() == ["what", "where", "since", "how", "bad"]
    for head, cell in (("where", "u1, layer 1"), ("since", "2"), ("how bad", "6 of 6 units")):
        at = heads.index(head)
        assert found[at - 1 :].startswith(f" {cell}")
    told = " ".join(" ".join(below).split())
    # when max(x·W1 + b1) over all rows has become ≤ 0, found with NumPy
    assert "units 1, 3 since 2; units 2, 4, 5 since 3; unit 0 since 25." in told
    whole = " ".join(still.drawer.split())
    assert [whole.count(part) for part in ("dead ReLUs", "layer 1", "6 of 6", "500 rows", "33%")] == [1] * 5


def test_what_is_not_wrong_is_said_of_what_the_net_has() -> None:
    told = " ".join(Still(load_scenario(str(DIES))).press("c", "c", "c", "H").drawer.split())
    assert "ok every number is finite, no gradient explodes" in told
    assert "no ReLU is dead" not in told
    assert "saturated" not in told, "it has no such units"
    told = " ".join(Still().goto("1").press("H").drawer.split())
    assert told.startswith("ok every number is finite")
    assert "no unit is saturated for every row" in told
    assert "ReLU" not in told


def test_of_units_that_are_saturated_it_is_said_which() -> None:
    still = Still(scenario_of(SATURATES)).goto("3").press("H")
    told = " ".join(still.drawer.split())
    assert "saturated units u1, layer 1 3 or earlier 2 of 3 units Units 0, 1." in told
    assert "below 1% of its maximum" in told


def test_enter_goes_to_where_it_began_and_says_so_in_short() -> None:
    still = Still(load_scenario(str(DIES))).press("c", "c", "c", "H", "enter")
    assert still.position == "2:u1"
    assert still.message == "dead ReLUs in u1, layer 1, since iteration 2: 2 of 6 units"


def test_what_a_net_cannot_have_is_not_said_to_be_in_order() -> None:
    told = Still("apples").press("s", "s", "H").drawer
    assert told.split("  ")[0] == "ok"
    assert " ".join(told.split()) == "ok every number is finite"


@pytest.mark.parametrize("run", [str(DIES), "two-layer-digits", "mazur-2-2-2"])
def test_the_numbers_stay_in_view_below_it_and_both_keep_their_places(run: str) -> None:
    still = Still(load_scenario(run), (120, 40)).press("i", "H")
    places = {still.stage.areas["drawer"], still.stage.areas["tables"]}
    for _ in still.bench.moment.program.steps:
        still.press("s")
        assert {still.stage.areas["drawer"], still.stage.areas["tables"]} == places
        is_loss = still.position.endswith(":E")  # which stands above all panels
        assert "▌" in (still.lines[0] if is_loss else still.panel("tables")), still.position


def test_of_dead_units_it_is_said_what_made_them_so_where_that_is_known() -> None:
    one = load_scenario(str(DIES.parent / "relu-dies.toml"))
    still = Still(one).press("c", "H")
    told = " ".join(still.drawer.split())
    since = int(re.search(r"layer 1 (\d+) \d+ of", told)[1])
    expected = "So from the start." if since == 1 else f"The update of iteration {since - 1} made it so."
    assert expected in told
    still = Still(one).goto("1:x").put("e", "b1[0] = -1000").goto("1:u1").press("H")
    told = " ".join(still.drawer.split())
    assert "made it so" not in told
    assert "from the start" not in told
