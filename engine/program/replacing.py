"""A program with steps replaced by formulas: a what-if, a mistake, somebody's own way to compute it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gradstep.engine.errors import closest, quoted
from gradstep.engine.language.formulas import parse_line
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.formulas import Placed, formula_of
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.names import Names
from gradstep.engine.program.program import Program, ProgramError
from gradstep.engine.program.trees import Constant, Place
from gradstep.engine.words import formulas as words


def with_replaced(names: Names, lines: Iterable[str]) -> Program:
    """The program with each step `SYMBOL = FORMULA` in place of that symbol's.

    Raises ExpressionError for what cannot be read, ProgramError for what does not fit.
    """
    for line in lines:
        names = replace(names, program=_replaced(names, line))
    return names.program


def replaced_by(names: Names, text: str) -> str:
    """The symbol whose step a line replaces. Raises ExpressionError."""
    return _symbol(names, text, parse_line(text, KNOWN).name)


def _symbol(names: Names, text: str, name: str) -> str:
    """The symbol that a name stands for, which a step writes."""
    found, writers = names.references.get(name), names.program.writers
    if found is not None and found.index is not None and found.symbol in writers:
        reason = words.ONE_ELEMENT.format(name=quoted(name), symbol=names.own_name(found.symbol) or found.symbol)
        raise ExpressionError(text, len(text) - len(text.lstrip()), reason)
    if found is None or found.symbol not in writers:
        written = (name for name, each in names.references.items() if each.symbol in writers)
        reason = words.NO_STEP.format(name=quoted(name), hint=closest(name, written))
        raise ExpressionError(text, len(text) - len(text.lstrip()), reason)
    return found.symbol


def _replaced(names: Names, text: str) -> Program:
    program, line = names.program, parse_line(text, KNOWN)
    symbol = _symbol(names, text, line.name)
    formula = formula_of(line.formula, names.references, constants_of(program))
    before = program.steps[program.writers[symbol]]
    operands = formula.operands or (next(iter(program.start), program.steps[0].symbol),)  # what reads none is no data
    truth = program.symbols[symbol].truth
    is_derived = bool(truth) and formula.operands == (truth,) and isinstance(formula.root, Place)
    step = replace(before, operation=formula.operation, operands=operands, note="" if is_derived else words.REPLACED)
    try:
        return program.with_step(step, names.dressed_own)
    except Placed as error:
        raise ProgramError(str(error)) from None


def constants_of(program: Program) -> dict[str, Constant]:
    """N, the number of rows of the batch, where there is one."""
    drawn = [symbol.shape for symbol in program.symbols.values() if symbol.data and not symbol.rows]
    return {"N": Constant(float(drawn[0][0]), "N")} if drawn else {}
