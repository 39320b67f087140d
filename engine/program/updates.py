"""Updates that are written as formulas, from a text to the assignments of an optimizer.

    v = momentum * v - learning_rate * g
    p = p + v

`p` is each parameter in turn and `g` its gradient; `p = …` is its next value. A name that is read before it is written
is state, 0 at the start; one that is written first is an intermediate value. Both bear the parameter's name: `v` of W
is v_W, next v_W_next, and `m_hat` is m_hat_W. Further names are the optimizer's settings, the counters `iteration` and
`epoch`, and N, the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gradstep.engine.errors import closest, quoted
from gradstep.engine.language.formulas import ROWS, Line, parse_formula, parse_line
from gradstep.engine.language.syntax import ExpressionError, nodes
from gradstep.engine.program.formulas import formula_of
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.names import Reference
from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.operations.counters import COUNTERS
from gradstep.engine.program.optimizers import Hyperparameter, Optimizer
from gradstep.engine.program.trees import Constant
from gradstep.engine.words import updates as words

PARAMETER, GRADIENT = "p", "g"
GIVEN = (PARAMETER, GRADIENT, ROWS, *COUNTERS)  # what no setting can be called

# The names of the operations that somebody's own lines are.
NEXT, STATE, INTERMEDIATE = "own_update", "own_state", "own_intermediate"
SCHEDULE = "schedule"


def optimizer_of(
    name: str,
    text: str,
    hyperparameters: Sequence[Hyperparameter],
    constants: Mapping[str, float],
    meanings: Mapping[str, str] | None = None,
) -> Optimizer:
    """The optimizer that updates by the lines of a text.

    constants: N, where there are rows. meanings: what a line writes → the name of the operation that it is, such as
    "velocity". Raises ExpressionError for a line that cannot be read or does not fit the others.
    """
    lines = list(_lines(text))
    settings = {each.name for each in hyperparameters}
    _check_written(lines, settings, text)
    state = _state(lines, {PARAMETER, GRADIENT, *settings, *COUNTERS, *constants})
    scope = _names([*settings, *COUNTERS]) | {PARAMETER: Reference("{p}"), GRADIENT: Reference("d:{p}")}
    scope |= {each: Reference(f"{each}_{{p}}") for each in state}
    own = {PARAMETER: NEXT, **dict.fromkeys(state, STATE)} | dict(meanings or {})
    update: list[Assignment] = []
    for line in lines:
        made = _assignment(line, scope, constants, own.get(line.name, INTERMEDIATE))
        symbol = "{p}" if line.name == PARAMETER else f"{line.name}_{{p}}"
        symbol += "_next" if line.name in (PARAMETER, *state) else ""
        update.append(replace(made, symbol=symbol))
        scope[line.name] = Reference(symbol)
    return Optimizer(name, tuple(hyperparameters), tuple(update), state, counters=_counters(update))


def scheduled(optimizer: Optimizer, setting: str, text: str, others: Sequence[str]) -> Optimizer:
    """The same with a setting that is computed anew in each iteration, from its number, its epoch and other settings.

    Raises ExpressionError.
    """
    tree = parse_formula(text, KNOWN)
    if not COUNTERS.keys() & {str(node.value) for node in nodes(tree) if node.rule == "name"}:
        raise tree.error(words.CONSTANT_SCHEDULE)
    made = _assignment(Line(setting, tree), _names([*others, *COUNTERS]), {}, SCHEDULE)
    schedule = (*optimizer.schedule, made)
    return replace(optimizer, schedule=schedule, counters=_counters([*schedule, *optimizer.update]))


def _lines(text: str) -> Iterator[Line]:
    """The lines of a text that are not empty; what follows a # is said to people."""
    for line in text.splitlines():
        statement = line.partition("#")[0].strip()
        if statement:
            yield parse_line(statement, KNOWN)


def _check_written(lines: Sequence[Line], settings: set[str], text: str) -> None:
    """Each name once, the parameter among them, and none that is given."""
    written: set[str] = set()
    for line in lines:
        name, whole = quoted(line.name), line.formula.text
        if line.name in settings or line.name in (GRADIENT, ROWS, *COUNTERS):
            raise ExpressionError(whole, 0, words.NOT_WRITTEN.format(name=name))
        if line.name in written:
            raise ExpressionError(whole, 0, words.WRITTEN_TWICE.format(name=name))
        written.add(line.name)
    if PARAMETER not in written:
        raise ExpressionError(text.strip(), 0, words.NO_NEXT_VALUE)


def _state(lines: Sequence[Line], given: set[str]) -> tuple[str, ...]:
    """The names that are read before they are written, in the order in which they are written."""
    written = {line.name for line in lines}
    before, state = set(given), set[str]()
    for line in lines:
        read = {str(node.value) for node in nodes(line.formula) if node.rule == "name"}
        state |= (read & written) - before
        before.add(line.name)
    return tuple(line.name for line in lines if line.name in state)


def _names(names: Sequence[str]) -> dict[str, Reference]:
    return {name: Reference(name) for name in names}


def _assignment(line: Line, scope: Mapping[str, Reference], constants: Mapping[str, float], meaning: str) -> Assignment:
    for node in nodes(line.formula):
        if node.rule == "name" and node.value not in {*scope, *constants}:
            name = str(node.value)
            raise node.error(words.NO_NAME.format(name=quoted(name), hint=closest(name, (*scope, *constants))))
    numbers = {name: Constant(value, name) for name, value in constants.items()}
    formula = formula_of(line.formula, scope, numbers)
    operation = replace(formula.operation, name=meaning)
    operands = formula.operands or ("{p}",)  # a step without any is one that draws
    return Assignment(line.name, operation, operands, line.formula.text)


def _counters(lines: Sequence[Assignment]) -> tuple[str, ...]:
    return tuple(name for name in COUNTERS if any(name in line.operands for line in lines))
