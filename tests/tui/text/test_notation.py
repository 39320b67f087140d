"""What is shown in mathematical signs can be typed so, and stands for the same."""

from __future__ import annotations

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.tui.text.notation import Notation, as_typed, by_number
from tests.strategies import scenario_of
from tests.tui.debugger.test_screen import LONG
from tests.walks import RUNNABLE

GREEK_NAMES = LONG + b'[names]\nW1 = "\xce\xb7"\n'


@pytest.mark.parametrize("name", RUNNABLE)
@pytest.mark.parametrize("own", [False, True])
def test_every_symbol_and_label_can_be_typed_as_it_is_shown(name: str, own: bool) -> None:
    names = load_scenario(name).names
    notation = Notation(names, own=own)
    shown = {symbol: notation.symbol(symbol) for symbol, known in names.program.symbols.items()}
    for symbol, text in shown.items():
        assert str(names.resolve(as_typed(text, names))) == symbol
    for symbol in shown:
        for index in names.labels.get(symbol, {}):
            assert names.resolve(as_typed(names.label(symbol, index), names)).index == index


PARTS = """
format = 1
title = "a value used twice, names in Greek"
[inputs]
p = [2.0]
q = [3.0]
[[node]]
name = "r"
kind = "multiply"
inputs = ["p", "q"]
[[node]]
name = "s"
kind = "add"
inputs = ["r", "p"]
[names]
p = "α"
s = "σ"
"""


def test_a_part_of_a_gradient_is_called_by_the_own_names_of_value_and_node() -> None:
    names = scenario_of(PARTS).names
    parts = [name for name, symbol in names.program.symbols.items() if symbol.role == "contribution"]
    assert sorted(Notation(names, own=True).symbol(name) for name in parts) == ["dα (via r)", "dα (via σ)"]
    assert as_typed("dp (via s)[0] + dα (via r)[0] > 0", names) == "dp_from_s[0] + dp_from_r[0] > 0"
    assert sorted(Notation(names, own=False).symbol(name) for name in parts) == ["dp (via r)", "dp (via s)"]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("norm(∂E/∂W1) > 2*η", "norm(dW1) > 2*learning_rate"),
        ("δ2[0,1] - prev(δ2[0,1])", "delta2[0,1] - prev(delta2[0,1])"),
        ("W1⁺[0,0]", "W1_next[0,0]"),
        ("12:δ1", "12:delta1"),
        ("∂E/∂w5 + w5⁺", "dw5 + w5_next"),
        ("δ22 + ηx", "δ22 + ηx"),
        ("E < 0.1", "E < 0.1"),
    ],
)
def test_the_dress_is_taken_off_in_an_expression(typed: str, plain: str) -> None:
    assert as_typed(typed, load_scenario("mazur-2-2-2").names) == plain


def test_a_name_of_the_scenario_is_what_the_scenario_says() -> None:
    scenario = parse_scenario(GREEK_NAMES, "greek", "greek.toml")
    assert as_typed("η", scenario.names) == "η"
    assert Timeline(scenario)["η"].shape == (1, 1)


@pytest.mark.parametrize(
    ("labels", "order"),
    [
        (["w5", "w7", "w6", "w8"], [0, 2, 1, 3]),
        (["∂E/∂w10⁺", "∂E/∂w9⁺"], [1, 0]),
        (["W[0,1]", "W[0,0]", "W[1,0]"], [0, 1, 2]),
        (["w2", "v1"], [0, 1]),
        (["w2", "bias"], [0, 1]),
        ([], []),
    ],
)
def test_labels_that_differ_in_a_number_alone_are_ordered_by_it(labels: list[str], order: list[int]) -> None:
    assert list(by_number(labels)) == order
