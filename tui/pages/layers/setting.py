"""What the places in the tables follow from, and nothing else: a scenario, how it is written, how wide they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Edit
from gradstep.engine.program.names import Names
from gradstep.engine.program.program import Program
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.units import unit_names
from gradstep.tui.pages.view import View
from gradstep.tui.text.notation import Notation

MOST_READ = 4096  # numbers of the data that are looked through
LONG = 1000  # from which on a whole number is not short


class Setting(NamedTuple):
    """names, own, ascii: the notation; digits: those asked for, 0 for what fits; width: cells inside the frames.

    edited: whether one of the data was set by hand to what is no short whole number.
    """

    scenario: Scenario
    names: Names
    own: bool
    ascii: bool
    digits: int
    width: int
    edited: bool = False

    @property
    def program(self) -> Program:
        """The program that is stepped through."""
        return self.scenario.program

    @property
    def notation(self) -> Notation:
        """How symbols are written."""
        return Notation(self.names, own=self.own, ascii=self.ascii)

    def units(self, value: str) -> tuple[str, ...]:
        """The names of the units in the columns of a symbol."""
        return _units(self.scenario, self.names, self.own, self.ascii, value)

    def data_cells(self, symbol: str) -> int:
        """Cells of the numbers of a symbol that are the data's, where all of these are short whole ones; else 0."""
        data = self.program.symbols[symbol].data
        return 0 if self.edited or not data else _data_cells(self.scenario, data)


def setting_of(scenario: Scenario, view: View, width: int, edits: Sequence[Edit] = ()) -> Setting:
    """That of a view, in a fork by these edits."""
    notation, symbols = view.notation, scenario.program.symbols
    edited = any(symbols[edit.symbol].data and not _are_short(np.array(edit.value)) for edit in edits)
    return Setting(scenario, notation.names, notation.own, notation.ascii, view.digits, width, edited)


@lru_cache(maxsize=64)
def _data_cells(scenario: Scenario, data: str) -> int:
    dataset = scenario.dataset
    array = None if dataset is None else dataset.x if data == "x" else dataset.t
    if array is None or not 0 < array.size <= MOST_READ or not _are_short(array):
        return 0
    return 1 + len(f"{np.abs(array).max():.0f}")


def _are_short(array: Array) -> bool:
    """Whether all are whole numbers of few digits."""
    return bool(np.all(np.abs(array) < LONG) and np.all(array == np.rint(array)))


@lru_cache(maxsize=256)
def _units(scenario: Scenario, names: Names, own: bool, ascii: bool, value: str) -> tuple[str, ...]:
    return unit_names(scenario, Notation(names, own=own, ascii=ascii), value)
