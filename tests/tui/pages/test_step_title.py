"""Claims about the title of a step: what a part of somebody's line is, and where in the line it stands."""

from __future__ import annotations

import pytest

from tests.tui.pages.test_step_panel import panel_at

RNN = "h2 = tanh(x[1]·Wxh + h1·Whh + bh)"


@pytest.mark.parametrize(
    ("name", "symbol", "line", "lit"),
    [
        ("rnn-hello", "h2.1", RNN, "x[1]"),
        ("rnn-hello", "h2.3", RNN, "h1·Whh"),
        ("rnn-hello", "h2.4", RNN, "x[1]·Wxh + h1·Whh"),
        ("rnn-hello", "h2", RNN, "tanh(x[1]·Wxh + h1·Whh + bh)"),
        ("attention", "E.1", "E = 0.5 · sum((outputs − t)²)", "(outputs − t)"),
        ("attention", "scores.1", "scores = queries·keysᵀ", "keysᵀ"),
    ],
)
def test_a_part_of_a_line_is_shown_in_it(name: str, symbol: str, line: str, lit: str) -> None:
    (formula, key), (within, _), *shown = panel_at(name, symbol, 82, 9).title
    assert formula.startswith(f"{symbol} = ")
    assert within.strip() == "in"
    assert "".join(text for text, _ in shown) == line
    assert [text for text, style in shown if style == key] == [lit]


def test_a_whole_line_and_one_without_room_are_the_formula_alone() -> None:
    assert [text for text, _ in panel_at("rnn-hello", "p", 82, 9).title] == ["p = softmax(y)"]
    assert [text for text, _ in panel_at("rnn-hello", "h2.3", 40, 9).title] == ["h2.3 = h1·Whh"]
