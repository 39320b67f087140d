"""Claims about the list of symbols: each is there, in the names that are shown, with its shape."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gradstep.engine import load_scenario
from gradstep.engine.arrays import written
from gradstep.engine.program.program import Role
from gradstep.tui.pages.symbols import HEADS, MEANINGS, symbol_rows
from tests.screen import Still


def cells(row: object) -> list[str]:
    return ["".join(text for text, _ in pieces) for pieces in row.cells]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["mazur-2-2-2", "and-perceptron", "apples", "two-layer-digits", "relu-softmax-2-3-2"])
def test_each_symbol_has_a_row_with_its_shape_and_what_it_is(name: str) -> None:
    still = Still(name)
    program, notation = still.bench.moment.program, still.bench.view.notation
    rows = symbol_rows(program, notation)
    assert [*rows] == [*program.symbols]
    for symbol, row in rows.items():
        shown, shape, meaning = cells(row)
        assert len(cells(row)) == len(HEADS)
        assert shown == notation.symbol(symbol)
        assert shape == (written(program.symbols[symbol].shape) if program.symbols[symbol].shape else "")
        assert meaning
        assert "{" not in meaning


def test_every_part_that_a_symbol_can_have_has_words() -> None:
    assert {*MEANINGS} == {*Role}


def test_what_belongs_to_another_says_to_which_in_the_names_that_are_shown() -> None:
    still = Still(load_scenario("mazur-2-2-2"))
    program, notation = still.bench.moment.program, still.bench.view.notation
    assert cells(symbol_rows(program, notation)["delta1"])[2] == "gradient by net_h"
    assert cells(symbol_rows(program, replace(notation, own=False))["delta1"])[2] == "gradient by u1"
    assert cells(symbol_rows(program, notation)["W2_next"])[2] == "next W2"
    assert cells(symbol_rows(program, notation)["u1"])[2] == "layer 1, forward"
