"""A network of formulas: the lines of [model], with the values of [parameters] and [inputs] that they start from."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from gradstep.engine import limits
from gradstep.engine.arrays import Array, Shape, written
from gradstep.engine.errors import Problem, ScenarioError, closest
from gradstep.engine.language.formulas import ROWS, Line, parse_line
from gradstep.engine.language.syntax import ExpressionError, nodes
from gradstep.engine.program.formulas import formula_of
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.lowering import Lowering, TooLarge
from gradstep.engine.program.names import Reference
from gradstep.engine.program.network import Measured, Network, OwnLine
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.program import Phase
from gradstep.engine.program.trees import Constant
from gradstep.engine.scenario.document import Document
from gradstep.engine.scenario.naming import check_name
from gradstep.engine.scenario.starting import Starter
from gradstep.engine.words import networks as words

FORWARD, LOSS, BACKWARD = "model.forward", "model.loss", "model.backward"
CARRY, MEASURE = "model.carry", "model.measure"
# The names of the operations that lines are: of somebody's own backward pass, of what is carried on, of a measurement.
OWN, CARRIED, MEASURED = "own_gradient", "carried", "measured"


def build_model(document: Document, starter: Starter, x: Shape | None, t: Shape | None) -> Network:
    """The network of the [model] table. x: the shape of the drawn rows, None without data; t: None for class labels,
    which become rows as wide as the output, where that has several columns.

    Raises ScenarioError.
    """
    model = document.one["model"] or {}
    made = starter.values()
    shapes = _shapes(document, made, {} if x is None else {"x": x} | ({} if t is None else {"t": t}))
    constants = {} if x is None else {ROWS: Constant(float(x[0]), ROWS)}
    lowering = Lowering(shapes, constants, seed=document.training["seed"])
    lines = _lowered(document, lowering, FORWARD, model["forward"], Phase.FORWARD)
    output = _output(document, lines)
    if x is not None and t is None:
        wide = len(shapes[output]) == 2 and shapes[output][1] > 1
        shapes["t"] = shapes[output] if wide else (x[0], 1)
    loss = ""
    if model["loss"] is not None:
        loss = _lowered(document, lowering, LOSS, model["loss"], Phase.LOSS)[-1]
        if shapes[loss]:
            raise document.error(LOSS, words.LOSS_OF_MANY.format(name=loss, shape=written(shapes[loss])))
    network = Network(tuple(lowering.nodes), made["parameters"], made["inputs"], output, layered=False, loss=loss)
    network = replace(network, masks=lowering.masks)
    if model["carry"] is not None:
        network = _carried(document, lowering, network, model["carry"])
    if model["measure"] is not None:
        network = _measured(document, lowering, network, model["measure"])
    if model["backward"] is not None:
        network = replace(network, own=_own(document, lowering, network, model["backward"]))
    used = network.reaching | _beside(network)
    for table, given in made.items():
        for name in given:
            if name not in used:
                raise document.error(f"{table}.{name}", words.UNUSED_IN_FORMULAS.format(output=network.goal))
    return network


def _carried(document: Document, lowering: Lowering, network: Network, text: str) -> Network:
    """The network with inputs that lines give their values for the next iteration."""
    found: dict[str, OwnLine] = {}
    for number, line in _lines(document, CARRY, text):
        if line.name not in network.inputs:
            hint = closest(line.name, network.inputs)
            raise _refused(document, CARRY, number, words.NOT_AN_INPUT.format(name=line.name, hint=hint))
        if line.name in found:
            raise _refused(document, CARRY, number, words.ASSIGNED_TWICE.format(name=line.name))
        operation, operands = _operation(document, lowering, CARRY, (number, line), lowering.constants)
        found[line.name] = OwnLine(line.name, replace(operation, name=CARRIED), operands, "", CARRY)
    carried = {name: value for name, value in network.inputs.items() if name in found}
    inputs = {name: value for name, value in network.inputs.items() if name not in found}
    return replace(network, inputs=inputs, carried=carried, carrying=tuple(found.values()))


def _measured(document: Document, lowering: Lowering, network: Network, text: str) -> Network:
    """The network with lines that take the place of its own where it is measured."""
    nodes = {node.name: node for node in network.nodes}
    lines = {node.name: None for node in network.nodes if node.name == node.layer}
    places = {node.name: place for place, node in enumerate(network.everything)}
    for number, line in _lines(document, MEASURE, text):
        if line.name not in lines:
            known = words.NOT_A_LINE.format(name=line.name, known=", ".join([*lines][:10]))
            raise _refused(document, MEASURE, number, known)
        operation, operands = _operation(document, lowering, MEASURE, (number, line), {})
        wrong = next((name for name in operands if places.get(name, -1) >= places[line.name]), None)
        if wrong is not None:
            raise _refused(document, MEASURE, number, words.READS_WHAT_FOLLOWS.format(name=line.name, operand=wrong))
        measured = Measured(replace(operation, name=MEASURED), operands)
        nodes[line.name] = replace(nodes[line.name], measured=measured)
    return replace(network, nodes=tuple(nodes.values()))


def _operation(
    document: Document, lowering: Lowering, key: str, numbered: tuple[int, Line], constants: Mapping[str, Constant]
) -> tuple[Operation, tuple[str, ...]]:
    """A line as one operation of values that there are, with its operands."""
    number, line = numbered
    try:
        formula = formula_of(line.formula, lowering.references, constants)
    except ExpressionError as error:
        raise _refused(document, key, number, error) from None
    if not formula.operands:
        raise _refused(document, key, number, words.READS_NOTHING.format(name=line.name))
    return formula.operation, formula.operands


def _beside(network: Network) -> set[str]:
    """What is read beside the way to what is differentiated: by what is carried on, and by measurements."""
    measured = [node.measured.inputs for node in network.nodes if node.measured is not None]
    return {name for names in (*measured, *(line.operands for line in network.carrying)) for name in names}


def _own(document: Document, lowering: Lowering, network: Network, text: str) -> tuple[OwnLine, ...]:
    """The lines of somebody's own backward pass: over all values, the gradients that are derived, and lines before."""
    lines = _lines(document, BACKWARD, text)
    values = {network.gradient_name(name): name for name in network.differentiable}
    written = {line.name for _, line in lines}
    references = {name: Reference(name) for name in (*lowering.shapes, *(values.keys() - written))}
    found: list[OwnLine] = []
    for number, line in lines:
        if line.name in references or line.name in lowering.constants:
            raise _refused(document, BACKWARD, number, _taken(lowering, line.name))
        try:
            formula = formula_of(line.formula, references, lowering.constants)
        except ExpressionError as error:
            raise _refused(document, BACKWARD, number, error) from None
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
    """The names of the lines of a text, in their order."""
    lines = _lines(document, key, text)
    names = {line.name for _, line in lines}
    for number, line in lines:
        try:
            _check_order(lowering, line, names)
            _lower(lowering, line, key, phase)
        except Problem as error:
            raise _refused(document, key, number, error) from None
    return [line.name for _, line in lines]


def _lines(document: Document, key: str, text: str) -> list[tuple[int, Line]]:
    """The lines of a text, one at least, without empty ones and comments, each with its number, from 1."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition("#")[0].rstrip()
        if content:
            try:
                found.append((number, parse_line(content, KNOWN)))
            except ExpressionError as error:
                raise _refused(document, key, number, error) from None
            check_name(document, key, found[-1][1].name)
    if not found:
        raise document.error(key, words.NO_LINES)
    return found


def _refused(document: Document, key: str, number: int, problem: Problem | str) -> ScenarioError:
    """The error of a line of a text."""
    return document.error(key, str(problem), number)


def _check_order(lowering: Lowering, line: Line, written: Set[str]) -> None:
    """A line reads what is written before it. written: the names that the text's lines write."""
    names = sorted((node for node in nodes(line.formula) if node.rule == "name"), key=lambda node: node.offset)
    for node in names:
        name = str(node.value)
        if name not in written or name in lowering.shapes:
            continue
        if name == line.name:
            raise node.error(words.READS_ITSELF.format(name=name))
        raise node.error(words.WRITTEN_LATER.format(name=name))


def _lower(lowering: Lowering, line: Line, key: str, phase: Phase) -> None:
    """Raises a Problem that names the line, but not where it stands."""
    if line.name in lowering.shapes or line.name in lowering.constants:
        raise Problem(_taken(lowering, line.name))
    try:
        lowering.line(line, key, phase)
    except TooLarge as error:
        raise Problem(words.TOO_LARGE.format(name=error.name, most=limits.ARRAY)) from None


def _taken(lowering: Lowering, name: str) -> str:
    """Why a line cannot have a name that there is."""
    if name in lowering.constants:
        return words.NUMBER_OF_ROWS.format(name=name)
    return words.ASSIGNED_TWICE.format(name=name)


def _output(document: Document, names: list[str]) -> str:
    """The declared output, or the last line."""
    declared = document.top["output"]
    if declared is not None and declared not in names:
        raise document.error("output", words.NOT_A_LINE.format(name=declared, known=", ".join(names[:10])))
    return names[-1] if declared is None else str(declared)
