"""The list of the symbols of a program: how each is written, its shape, what it is."""

from __future__ import annotations

from collections.abc import Mapping

from gradstep.engine.arrays import written
from gradstep.engine.program.program import Phase, Program, Role, Step, Symbol
from gradstep.tui.text.columns import Row, row
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import symbols as words

HEADS = words.NAME, words.SHAPE, words.MEANING
FOLDING = (2,)  # the column of words
MEANINGS: Mapping[Role, str] = {
    Role.INPUT: words.INPUT,
    Role.TARGET: words.TARGET,
    Role.PARAMETER: words.PARAMETER,
    Role.HYPERPARAMETER: words.HYPERPARAMETER,
    Role.CARRIED: words.CARRIED,
    Role.STATE: words.STATE,
    Role.COUNTER: words.COUNTER,
    Role.MASK: words.MASK,
    Role.VALUE: words.VALUE,
    Role.OUTPUT: words.OUTPUT,
    Role.LOSS: words.LOSS,
    Role.GRADIENT: words.GRADIENT,
    Role.CONTRIBUTION: words.CONTRIBUTION,
    Role.TRUTH: words.TRUTH,
    Role.CLAIM: words.CLAIM,
    Role.INTERMEDIATE: words.INTERMEDIATE,
    Role.NEXT: words.NEXT,
    Role.MEASURE: words.MEASURE,
}


def symbol_rows(program: Program, notation: Notation) -> dict[str, Row]:
    """A row a symbol, by its name, in the order of the program."""
    return {
        name: row(
            ((notation.symbol(name), "label"),),
            notation.sign(written(symbol.shape)) if symbol.shape else "",
            notation.sign(_meaning(program, symbol, notation)),
            key="quiet",
        )
        for name, symbol in program.symbols.items()
    }


def _meaning(program: Program, symbol: Symbol, notation: Notation) -> str:
    """What a symbol is, in a few words."""
    place = program.writers.get(symbol.name)
    if symbol.role is Role.VALUE and place is None:
        return words.GIVEN
    return MEANINGS[symbol.role].format(
        of=notation.symbol(symbol.of) if symbol.of else "",
        layer=program.steps[place].layer if place is not None else "",
    )


def layer_written(program: Program, step: Step) -> str:
    """The layer whose table has what a step writes: of a gradient that of its value, where a step of the forward pass
    makes that."""
    place = program.writers.get(program.symbols[step.symbol].of)
    made = step if place is None else program.steps[place]
    return made.layer if made.phase is Phase.FORWARD else step.layer
