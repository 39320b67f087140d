"""Claims about what the units of a net are called."""

from __future__ import annotations

import pytest

from gradstep.engine import load_scenario
from gradstep.tui.pages.units import unit_names
from gradstep.tui.text.notation import Notation
from tests.strategies import scenario_of

NET = 'format = 1\ntitle = "net"\ndata = {x = [[0.5, 0.1]], t = [[1.0]]}\nloss = {kind = "squared_error"}\n'
NET += 'optimizer = {kind = "sgd", learning_rate = 0.1}\ntraining = {iterations = 1}\n'
NET += '[[layer]]\nkind = "affine"\nW = [[1.0, 2.0], [3.0, 4.0]]\nb = [0.0, 0.0]\n[[layer]]\nkind = "sigmoid"\n'
NET += '[[layer]]\nkind = "affine"\nW = [[1.0], [2.0]]\nb = [0.0]\n'


def named(labels: str, value: str) -> tuple[str, ...]:
    scenario = scenario_of(f"{NET}[labels]\n{labels}")
    return unit_names(scenario, Notation(scenario.names), value)


@pytest.mark.parametrize(("value", "names"), [("x", ("i1", "i2")), ("u1", ("h1", "h2")), ("z1", ("h1", "h2"))])
def test_a_unit_has_what_the_labels_of_its_values_end_in(value: str, names: tuple[str, ...]) -> None:
    scenario = load_scenario("mazur-2-2-2")
    assert unit_names(scenario, Notation(scenario.names), value) == names
    assert unit_names(scenario, Notation(scenario.names, own=False), value) == ("0", "1"), "where no names are wanted"


def test_without_labels_it_has_its_place() -> None:
    scenario = scenario_of(NET)
    assert unit_names(scenario, Notation(scenario.names), "u1") == ("0", "1")
    digits = load_scenario("two-layer-digits")
    assert unit_names(digits, Notation(digits.names), "x") == tuple(map(str, range(64)))


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ('u1 = [["net_h1", "net_h2"]]\nz1 = [["out_h1", "out_h2"]]', ("h1", "h2")),
        ('z1 = [["first", "second"]]', ("first", "second")),
        ('u1 = [["left", "right"]]\nz1 = [["up", "down"]]', ("0", "1")),
        ('u1 = [["net_1", "net_2"]]\nz1 = [["out_1", "out_2"]]', ("0", "1")),
    ],
)
def test_only_a_whole_word_with_a_letter_that_tells_the_units_apart_is_a_name(
    labels: str, names: tuple[str, ...]
) -> None:
    assert named(labels, "u1") == names
    assert named(labels, "z1") == names


def test_names_of_two_scenarios_are_kept_apart() -> None:
    one, other = load_scenario("mazur-2-2-2"), scenario_of(NET)
    assert unit_names(one, Notation(one.names), "u1") != unit_names(other, Notation(other.names), "u1")
