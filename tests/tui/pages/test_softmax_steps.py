"""Claims about steps whose elements are made of their rows: softmax and the way back through it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from gradstep.engine.program.expression import Operand, evaluate
from gradstep.engine.program.operations.reducing import log_softmax_of
from tests.tui.pages.test_step_panel import NUMBER, at, lines_at


def rows_of(lines: list[str]) -> dict[str, list[float]]:
    """The numbers of lines that begin with an element's place."""
    found = (re.match(r" *(\[\d+,\d+\]) (.*)", line) for line in lines)
    return {match[1]: [float(each) for each in NUMBER.findall(match[2])] for match in found if match}


def test_back_through_softmax_is_a_share_times_its_gradient_less_their_mean() -> None:
    lines = lines_at("attention", "dscores", 78, 9)
    values = at("attention", "dscores").values
    d, y = values["dweights"], values["weights"]
    mean = float((d[0] * y[0]).sum())
    assert rows_of(lines)["[0,1]"] == pytest.approx([d[0, 1], y[0, 1], d[0, 1] - mean, y[0, 1] * (d[0, 1] - mean)])
    (legend,) = (line for line in lines if line.strip().startswith("Σ"))
    assert NUMBER.findall(legend)[0] == f"{mean:.9f}"
    assert "row 0 of 3" in legend


@pytest.mark.parametrize(("symbol", "letters"), [("weights", 2), ("dscores", 1)])
def test_where_there_is_room_all_rows_are_shown_with_the_letters_of_each(symbol: str, letters: int) -> None:
    lines = lines_at("attention", symbol, 100, 16)
    rows, written = rows_of(lines), at("attention", symbol).values[symbol]
    assert [numbers[-1] for numbers in rows.values()] == pytest.approx(written.ravel().tolist(), abs=1e-8)
    legend = next(line for line in lines if "Σ " in line and "=" in line and "▌" not in line)
    assert legend.count(", ") == 2 * letters
    assert "of 3" not in legend


def test_back_through_log_softmax_takes_a_share_of_the_sum() -> None:
    operation = log_softmax_of().gradients[0].operation
    random = np.random.default_rng(0)
    d, v = random.normal(size=(2, 3)), np.log(random.dirichlet([1.0, 1.0, 1.0], size=2))
    operands = Operand("d", d.shape), Operand("v", v.shape)
    assert operation.by_hand is not None
    for index in np.ndindex(*d.shape):
        trees = operation.by_hand(index, *operands), operation.element(index, *operands)
        one, other = (evaluate(tree, {"d": d, "v": v}.__getitem__) for tree in trees)
        assert one == pytest.approx(other)
