"""The list of the symbols of a program: how each is written, its shape, what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gradstep.engine.arrays import written
from gradstep.engine.program.program import Phase, Program, Role, Step, Symbol
from gradstep.tui.text.columns import Row, row
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import symbols as words

HEADS = words.NAME, words.SHAPE, words.MEANING
FOLDING = (2,)  # the column of words
MEANINGS: Mapping[Role, Callable[[str, str], str]] = {
    Role.INPUT: lambda of, layer: words.INPUT,
    Role.TARGET: lambda of, layer: words.TARGET,
    Role.PARAMETER: lambda of, layer: words.PARAMETER,
    Role.HYPERPARAMETER: lambda of, layer: words.HYPERPARAMETER,
    Role.CARRIED: lambda of, layer: words.CARRIED,
    Role.STATE: lambda of, layer: words.STATE.format(of=of),
    Role.COUNTER: lambda of, layer: words.COUNTER,
    Role.MASK: lambda of, layer: words.MASK,
    Role.VALUE: lambda of, layer: words.VALUE.format(layer=layer),
    Role.OUTPUT: lambda of, layer: words.OUTPUT,
    Role.LOSS: lambda of, layer: words.LOSS,
    Role.GRADIENT: lambda of, layer: words.GRADIENT.format(of=of),
    Role.CONTRIBUTION: lambda of, layer: words.CONTRIBUTION.format(of=of),
    Role.TRUTH: lambda of, layer: words.TRUTH.format(of=of),
    Role.CLAIM: lambda of, layer: words.CLAIM,
    Role.INTERMEDIATE: lambda of, layer: words.INTERMEDIATE.format(of=of),
    Role.NEXT: lambda of, layer: words.NEXT.format(of=of),
    Role.MEASURE: lambda of, layer: words.MEASURE,
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
    of, layer = symbol.of and notation.symbol(symbol.of), "" if place is None else program.steps[place].layer
    return MEANINGS[symbol.role](of, layer)


def layer_written(program: Program, step: Step) -> str:
    """The layer whose table has what a step writes: of a gradient that of its value, where a step of the forward pass
    makes that."""
    place = program.writers.get(program.symbols[step.symbol].of)
    made = step if place is None else program.steps[place]
    return made.layer if made.phase is Phase.FORWARD else step.layer
