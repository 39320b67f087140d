"""From the [[layer]] or [[node]] tables of a checked document to a network.

Shapes are checked where a person wrote them, so that an error names the key to change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from gradstep.engine.arrays import written
from gradstep.engine.data.datasets import PARAMETERS, Draw
from gradstep.engine.errors import closest
from gradstep.engine.limits import Held
from gradstep.engine.program.flows import bound
from gradstep.engine.program.network import CURVES, LAYERS, Layer, Network, Node, layered, with_derivative
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.program import CircleError, in_order
from gradstep.engine.scenario.document import Document, Section
from gradstep.engine.scenario.lists import biases, weights
from gradstep.engine.scenario.losses import AnyLoss
from gradstep.engine.scenario.models import build_model
from gradstep.engine.scenario.naming import check_name
from gradstep.engine.scenario.room import check_held, check_size
from gradstep.engine.scenario.sources import Samples, may_be_labels
from gradstep.engine.scenario.starting import Starter
from gradstep.engine.words import networks as words


def build_network(
    document: Document, samples: Samples | None, draw: Draw | None, loss: AnyLoss | None, starter: Starter
) -> Network:
    """The network of the tables, for these samples, if there are any."""
    inputs = None if samples is None else samples.x.shape[1]
    layers, nodes = document.many["layer"], document.many["node"]
    if layers and nodes:
        raise document.error("node", words.NODES_BESIDE_LAYERS)
    if document.one["model"] is not None:
        return _model(document, samples, draw, loss, starter)
    if not layers and not nodes:
        raise document.error("layer", words.NO_NETWORK)
    if nodes:
        network = _graph(document, () if inputs is None else ("x", "t"), starter)
        if loss is not None and inputs is None:
            raise document.error("data", words.NO_DATA_FOR_THE_LOSS)
        return network
    for table in ("inputs", "parameters"):
        if document.one[table] is not None:
            raise document.error(table, words.OF_A_GRAPH)
    if inputs is None or draw is None:
        raise document.error("data", words.NO_DATA_FOR_LAYERS)
    if loss is None:
        raise document.error("loss", words.NO_LOSS)
    return _layers(document, inputs, draw.batch, loss, starter)


def _model(
    document: Document, samples: Samples | None, draw: Draw | None, loss: AnyLoss | None, starter: Starter
) -> Network:
    """The network of formulas."""
    for table in ("layer", "node"):
        if document.many[table]:
            raise document.error(table, words.BESIDE_FORMULAS)
    if (document.one["model"] or {}).get("loss") is not None and loss is not None:
        raise document.error("loss", words.TWO_LOSSES)
    if samples is None or draw is None:
        if loss is not None:
            raise document.error("data", words.NO_DATA_FOR_THE_LOSS)
        network = build_model(document, starter, None, None)
    else:
        is_array = isinstance(samples.t, np.ndarray) and not may_be_labels(document, samples.t)
        t = (draw.batch, *samples.t.shape[1:]) if is_array and isinstance(samples.t, np.ndarray) else None
        network = build_model(document, starter, (draw.batch, *samples.x.shape[1:]), t)
    if document.one["optimizer"] is not None and loss is None and not network.loss:
        raise document.error("model.loss", words.NO_LOSS_TO_LEARN)
    return network


def _operation_of(section: Section) -> Operation:
    if section["kind"] in CURVES:
        return bound(
            CURVES[section["kind"]](**{name: section[name] for name in ("slope", "alpha") if name in section}), [None]
        )
    derivative = section.get("derivative")
    if derivative is None:
        return LAYERS[section["kind"]]
    return with_derivative(section["kind"], derivative, section["derivative_at"])


def _layers(document: Document, inputs: int, rows: int, loss: AnyLoss, starter: Starter) -> Network:
    """The network of the [[layer]] tables; `inputs` columns and `rows` rows of x go in."""
    layers: list[Layer] = []
    width, used = inputs, Held()
    for place, section in enumerate(document.many["layer"]):
        key = f"layer[{place}]"
        if section["kind"] == "affine":
            units = section["units"]
            if units is not None:
                used = _held_with(document, f"{key}.units", used, (rows, width, units))
            layers.append(_affine(document, key, section, width, len(layers) + 1, starter))
            if units is None:
                used = _held_with(document, f"{key}.W", used, (rows, width, layers[-1].W.shape[1]))
            width = layers[-1].W.shape[1]
        elif not layers or layers[-1].activation:
            raise document.error(f"{key}.kind", words.NO_AFFINE_BEFORE.format(kind=section["kind"]))
        else:
            if section.get("derivative") is None and section.get("derivative_at", "input") != "input":
                raise document.error(f"{key}.derivative_at", words.NO_DERIVATIVE)
            layers[-1] = replace(layers[-1], activation=_operation_of(section), activation_key=key)
    return layered(layers, loss_makes_output=loss.makes_output)


def _held_with(document: Document, key: str, used: Held, sizes: tuple[int, int, int]) -> Held:
    """What a run holds with one more layer, of so many rows, inputs and units. Raises ScenarioError for too much."""
    rows, inputs, units = sizes
    check_size(document, key, rows, units)
    used = replace(used, parameters=used.parameters + (inputs + 1) * units, values=used.values + rows * units)
    check_held(document, key, used)
    return used


def _affine(document: Document, key: str, section: Section, inputs: int, number: int, starter: Starter) -> Layer:
    """The parameters of an affine layer. What is given is made in the order of the file, the rest behind."""
    units, bias = section["units"], section["bias"]
    if not bias and section["b"] is not None:
        raise document.error(f"{key}.b", words.BIASES_OF_NONE)
    for name in ("W", "b") if bias else ("W",):
        if section[name] is None and units is None:
            raise document.error(f"{key}.{name}", words.NO_PARAMETERS)
    streams = {"W": (PARAMETERS, number, 0), "b": (PARAMETERS, number, 1)}
    order = [name for name in section if name in streams and section[name] is not None]
    made = {name: starter.value(f"{key}.{name}", section[name], streams[name]) for name in order}
    if units is not None and "W" not in made:
        check_size(document, f"{key}.units", inputs, units)
        made["W"] = starter.ruled(section, "", (inputs, units), key, streams["W"])
    W = weights(document, f"{key}.W", made["W"], inputs, units)
    if not bias:
        return Layer(W, None, key)
    if "b" not in made:
        made["b"] = starter.ruled(section, "bias_", (W.shape[1],), key, streams["b"])
    return Layer(W, biases(document, f"{key}.b", made["b"], W), key)


def _graph(document: Document, drawn: Iterable[str], starter: Starter) -> Network:
    """The network of the [[node]] tables."""
    made = starter.values()
    inputs, parameters = made["inputs"], made["parameters"]
    given = [(table, name) for table, values in made.items() for name in values]
    for table, name in given:
        if made[table][name].ndim > 2:
            raise document.error(f"{table}.{name}", words.MANY_AXES.format(shape=written(made[table][name].shape)))
    nodes: list[Node] = []
    for place, section in enumerate(document.many["node"]):
        key, operation = f"node[{place}]", _operation_of(section)
        check_name(document, f"{key}.name", section["name"])
        if len(section["inputs"]) != operation.arity:
            found, arity = len(section["inputs"]), operation.arity
            problem = words.OTHER_NUMBER_OF_INPUTS(found, kind=operation.name, operands=arity)
            raise document.error(f"{key}.inputs", problem)
        nodes.append(Node(section["name"], operation, section["inputs"], section["name"], key))
    known = {*inputs, *parameters, *drawn}
    for node in nodes:
        if node.name in known:
            raise document.error(f"{node.key}.name", words.NAME_OF_TWO.format(name=node.name))
        known.add(node.name)
    for node in nodes:
        for name in node.inputs:
            if name not in known:
                problem = words.NOT_A_NODE_OR_INPUT.format(name=name, hint=closest(name, known))
                raise document.error(f"{node.key}.inputs", problem)
    by_name = {node.name: node for node in nodes}
    try:
        ordered = tuple(by_name[name] for name in in_order({node.name: node.inputs for node in nodes}))
    except CircleError as error:
        raise document.error("node", words.CYCLE.format(cycle=" → ".join(error.circle[::-1]))) from None
    network = Network(ordered, parameters, inputs, _output(document, ordered), layered=False)
    for table, name in given:
        if name not in network.reaching:
            raise document.error(f"{table}.{name}", words.UNUSED.format(output=network.output))
    return network


def _output(document: Document, nodes: Sequence[Node]) -> str:
    """The declared output, or the only node that no other uses."""
    names = [node.name for node in nodes]
    declared = document.top["output"]
    if declared is not None:
        if declared not in names:
            raise document.error("output", words.NOT_A_NODE.format(name=declared, hint=closest(declared, names)))
        return str(declared)
    used = {name for node in nodes for name in node.inputs}
    last = [name for name in names if name not in used]
    if len(last) != 1:
        raise document.error("output", words.SEVERAL_OUTPUTS.format(names=", ".join(last)))
    return last[0]
