"""What the places in the tables follow from, and nothing else: a scenario, how it is written, how wide they are."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from gradstep.engine.program.names import Names
from gradstep.engine.program.program import Program
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.units import unit_names
from gradstep.tui.pages.view import View
from gradstep.tui.text.notation import Notation


class Setting(NamedTuple):
    """names, own, ascii: the notation; digits: those asked for, 0 for what fits; width: cells inside the frames."""

    scenario: Scenario
    names: Names
    own: bool
    ascii: bool
    digits: int
    width: int

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


def setting_of(scenario: Scenario, view: View, width: int) -> Setting:
    """That of a view."""
    notation = view.notation
    return Setting(scenario, notation.names, notation.own, notation.ascii, view.digits, width)


@lru_cache(maxsize=256)
def _units(scenario: Scenario, names: Names, own: bool, ascii: bool, value: str) -> tuple[str, ...]:
    return unit_names(scenario, Notation(names, own=own, ascii=ascii), value)
