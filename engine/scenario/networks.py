"""From the [[layer]] or [[node]] tables of a checked document to a network.

Shapes are checked where a person wrote them, so that an error names the key to change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from gradstep.engine.arrays import written
from gradstep.engine.data.datasets import Draw, initialized
from gradstep.engine.errors import closest
from gradstep.engine.limits import Held
from gradstep.engine.program.losses import Loss
from gradstep.engine.program.network import LAYERS, Layer, Network, Node, layered, with_derivative
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.program import CircleError, in_order
from gradstep.engine.scenario.document import Document, Section
from gradstep.engine.scenario.models import build_model
from gradstep.engine.scenario.naming import check_name
from gradstep.engine.scenario.sources import Samples, check_held, check_size
from gradstep.engine.words import networks as words


def build_network(document: Document, samples: Samples | None, draw: Draw | None, loss: Loss | None) -> Network:
    """The network of the tables, for these samples, if there are any."""
    inputs = None if samples is None else samples.x.shape[1]
    layers, nodes = document.many["layer"], document.many["node"]
    if layers and nodes:
        raise document.error("node", words.NODES_BESIDE_LAYERS)
    if document.one["model"] is not None:
        return _model(document, samples, draw, loss)
    if not layers and not nodes:
        raise document.error("layer", words.NO_NETWORK)
    if nodes:
        network = _graph(document, () if inputs is None else ("x", "t"))
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
    return _layers(document, inputs, draw.batch, loss)


def _model(document: Document, samples: Samples | None, draw: Draw | None, loss: Loss | None) -> Network:
    """The network of formulas."""
    for table in ("layer", "node"):
        if document.many[table]:
            raise document.error(table, words.BESIDE_FORMULAS)
    if (document.one["model"] or {}).get("loss") is not None and loss is not None:
        raise document.error("loss", words.TWO_LOSSES)
    if samples is None or draw is None:
        if loss is not None:
            raise document.error("data", words.NO_DATA_FOR_THE_LOSS)
        network = build_model(document, None, None)
    else:
        columns = samples.t.shape[1:] if isinstance(samples.t, np.ndarray) else None
        t = None if columns is None else (draw.batch, *columns)
        network = build_model(document, (draw.batch, *samples.x.shape[1:]), t)
    if document.one["optimizer"] is not None and loss is None and not network.loss:
        raise document.error("model.loss", words.NO_LOSS_TO_LEARN)
    return network


def _operation_of(section: Section) -> Operation:
    derivative = section.get("derivative")
    if derivative is None:
        return LAYERS[section["kind"]]
    return with_derivative(section["kind"], derivative, section["derivative_at"])


def _layers(document: Document, inputs: int, rows: int, loss: Loss) -> Network:
    """The network of the [[layer]] tables; `inputs` columns and `rows` rows of x go in."""
    layers: list[Layer] = []
    width, used = inputs, Held()
    for place, section in enumerate(document.many["layer"]):
        key = f"layer[{place}]"
        if section["kind"] == "affine":
            units = section["units"] or (0 if section["b"] is None else len(section["b"]))
            check_size(document, f"{key}.units", rows, units)
            used = replace(used, parameters=used.parameters + (width + 1) * units, values=used.values + rows * units)
            check_held(document, f"{key}.units", used)
            layers.append(_affine(document, key, section, width, len(layers) + 1))
            width = len(layers[-1].b)
        elif not layers or layers[-1].activation:
            raise document.error(f"{key}.kind", words.NO_AFFINE_BEFORE.format(kind=section["kind"]))
        else:
            if section["derivative"] is None and section["derivative_at"] != "input":
                raise document.error(f"{key}.derivative_at", words.NO_DERIVATIVE)
            layers[-1] = replace(layers[-1], activation=_operation_of(section), activation_key=key)
    return layered(layers, loss_makes_output=loss.makes_output)


def _affine(document: Document, key: str, section: Section, inputs: int, number: int) -> Layer:
    W, b, units = section["W"], section["b"], section["units"]
    for name, given in (("W", W), ("b", b)):
        if (given is None) == (units is None):
            raise document.error(f"{key}.{name}", words.NO_PARAMETERS if units is None else words.BESIDE_UNITS)
    if units is not None:
        check_size(document, f"{key}.units", inputs, units)
        seed = document.training["seed"]
        W = initialized(section["init"], (inputs, units), section["scale"], seed, number, 0)
        b = initialized(section["bias_init"], (units,), section["bias_scale"], seed, number, 1)
        return Layer(W, b, key)
    if len(W) != inputs:
        raise document.error(f"{key}.W", words.WEIGHTS_DO_NOT_FIT(inputs, shape=written(W.shape)))
    if len(b) != W.shape[1]:
        raise document.error(f"{key}.b", words.BIASES_DO_NOT_FIT(len(b), shape=written(W.shape), expected=W.shape[1]))
    return Layer(W, b, key)


def _graph(document: Document, drawn: Iterable[str]) -> Network:
    """The network of the [[node]] tables."""
    inputs, parameters = document.one["inputs"] or {}, document.one["parameters"] or {}
    given = [*(("inputs", name) for name in inputs), *(("parameters", name) for name in parameters)]
    for table, name in given:
        check_name(document, f"{table}.{name}", name)
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
