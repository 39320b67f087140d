"""A network of formulas: the lines of [model], with the values of [parameters] and [inputs] that they start from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gradstep.engine import limits
from gradstep.engine.arrays import Array, Shape, written
from gradstep.engine.language.formulas import Line, parse_line
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.formulas import formula_of
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.lowering import Lowering, TooLarge
from gradstep.engine.program.names import Reference
from gradstep.engine.program.network import Network, OwnLine
from gradstep.engine.program.program import Phase
from gradstep.engine.program.trees import Constant
from gradstep.engine.scenario.document import Document
from gradstep.engine.scenario.naming import check_name
from gradstep.engine.scenario.starting import Starter
from gradstep.engine.words import networks as words

FORWARD, LOSS, BACKWARD = "model.forward", "model.loss", "model.backward"
OWN = "own_gradient"  # the name of the operation that a line of somebody's own backward pass is
ROWS = "N"


def build_model(document: Document, starter: Starter, x: Shape | None, t: Shape | None) -> Network:
    """The network of the [model] table. x: the shape of the drawn rows, None without data; t: None for class labels,
    which become rows as wide as the output.

    Raises ScenarioError.
    """
    model = document.one["model"] or {}
    made = starter.values()
    shapes = _shapes(document, made, {} if x is None else {"x": x} | ({} if t is None else {"t": t}))
    lowering = Lowering(shapes, {} if x is None else {ROWS: Constant(float(x[0]), ROWS)})
    lines = _lowered(document, lowering, FORWARD, model["forward"], Phase.FORWARD)
    output = _output(document, lines)
    if x is not None and t is None:
        shapes["t"] = shapes[output]
    loss = ""
    if model["loss"] is not None:
        loss = _lowered(document, lowering, LOSS, model["loss"], Phase.LOSS)[-1]
        if shapes[loss]:
            raise document.error(LOSS, words.LOSS_OF_MANY.format(name=loss, shape=written(shapes[loss])))
    network = Network(tuple(lowering.nodes), made["parameters"], made["inputs"], output, layered=False, loss=loss)
    if model["backward"] is not None:
        network = replace(network, own=_own(document, lowering, network, model["backward"]))
    for table, given in made.items():
        for name in given:
            if name not in network.reaching:
                raise document.error(f"{table}.{name}", words.UNUSED_IN_FORMULAS.format(output=network.goal))
    return network


def _own(document: Document, lowering: Lowering, network: Network, text: str) -> tuple[OwnLine, ...]:
    """The lines of somebody's own backward pass: over all values, the gradients that are derived, and lines before."""
    lines = [*_lines(document, BACKWARD, text)]
    if not lines:
        raise document.error(BACKWARD, words.NO_LINES)
    values = {network.gradient_name(name): name for name in network.differentiable}
    written = {line.name for line in lines}
    references = {name: Reference(name) for name in (*lowering.shapes, *(values.keys() - written))}
    found: list[OwnLine] = []
    for line in lines:
        if line.name in references or line.name in lowering.constants:
            raise document.error(BACKWARD, words.ASSIGNED_TWICE.format(name=line.name))
        try:
            formula = formula_of(line.formula, references, lowering.constants)
        except ExpressionError as error:
            raise document.error(BACKWARD, str(error)) from None
        operation = replace(formula.operation, name=OWN)
        operands = formula.operands or (next(iter(lowering.shapes)),)  # what reads none is no data
        found.append(OwnLine(line.name, operation, operands, values.get(line.name, ""), BACKWARD))
        references[line.name] = Reference(line.name)
    return tuple(found)


def _shapes(
    document: Document, made: Mapping[str, Mapping[str, Array]], drawn: Mapping[str, Shape]
) -> dict[str, Shape]:
    """The shape of everything that is given, each name once."""
    known = dict(drawn)
    for table, values in made.items():
        for name, array in values.items():
            if name in known:
                problem = words.NAME_OF_DATA if name in drawn else words.NAME_OF_TWO.format(name=name)
                raise document.error(f"{table}.{name}", problem)
            known[name] = array.shape
    return known


def _lowered(document: Document, lowering: Lowering, key: str, text: str, phase: Phase) -> list[str]:
    """The names of the lines of a text, of which there is one at least, in their order."""
    names = []
    for line in _lines(document, key, text):
        _lower(document, lowering, line, key, phase)
        names.append(line.name)
    if not names:
        raise document.error(key, words.NO_LINES)
    return names


def _lines(document: Document, key: str, text: str) -> Iterator[Line]:
    """The lines of a text, without empty ones and comments."""
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition("#")[0]
        if content.strip():
            try:
                found = parse_line(content.rstrip(), KNOWN)
            except ExpressionError as error:
                raise document.error(key, words.IN_LINE.format(line=number, problem=error)) from None
            check_name(document, key, found.name)
            yield found


def _lower(document: Document, lowering: Lowering, line: Line, key: str, phase: Phase) -> None:
    if line.name in lowering.shapes or line.name in lowering.constants:
        raise document.error(key, words.ASSIGNED_TWICE.format(name=line.name))
    try:
        lowering.line(line, key, phase)
    except ExpressionError as error:
        raise document.error(key, str(error)) from None
    except TooLarge as error:
        raise document.error(key, words.TOO_LARGE.format(name=error.name, most=limits.ARRAY)) from None


def _output(document: Document, names: list[str]) -> str:
    """The declared output, or the last line."""
    declared = document.top["output"]
    if declared is not None and declared not in names:
        raise document.error("output", words.NOT_A_LINE.format(name=declared, known=", ".join(names[:10])))
    return names[-1] if declared is None else str(declared)
